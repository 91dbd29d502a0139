#!/usr/bin/env bash
# clang-tidy over our sources, two at a time: tidy.sh BUILD [FOLDER...]
# BUILD holds compile_commands.json. FOLDERs ("tiles3d/base") are below the root; without one, all
# that are built. What was clean stays clean until it, a header, its flags or .clang-tidy changes.
# Exit code 77: there is no clang-tidy here.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "$1" && pwd)
shift
if ! command -v clang-tidy >/dev/null; then
    echo "clang-tidy is not installed, so nothing was checked"
    exit 77
fi
clean="$build/tidy-clean"
mkdir -p "$clean"
cd "$root"
common=$(find tiles3d pipeline viewer tests -name node_modules -prune -o \
    \( -name '*.h' -o -name .clang-tidy \) -print0 | sort -z | xargs -0 cat .clang-tidy | sha256sum)

checkOne() {
    local file=$1
    local flags key
    flags=$(grep -F -e " -c $root/$file\"" "$build/compile_commands.json" || true)
    key=$(printf '%s' "$common$flags" | cat - "$file" | sha256sum | cut -c1-40)
    if [ -e "$clean/$key" ]; then
        return 0
    fi
    # g++ knows a warning that clang does not; clang 14 misreads a defaulted operator<=>.
    if clang-tidy --quiet -p "$build" --extra-arg=-Wno-unknown-warning-option \
        --extra-arg=-Wno-zero-as-null-pointer-constant "$file" >"$clean/$key.$$" 2>/dev/null; then
        mv "$clean/$key.$$" "$clean/$key"
    else
        cat "$clean/$key.$$"
        rm "$clean/$key.$$"
        return 1
    fi
}
export -f checkOne
export root build clean common

grep -o '"file": "[^"]*"' "$build/compile_commands.json" | cut -d'"' -f4 | sort -u |
    sed -n "s|^$root/||p" |
    { if [ $# -gt 0 ]; then grep -E "^($(IFS='|'; echo "$*"))/"; else cat; fi; } |
    xargs -P 2 -I{} bash -c 'checkOne {}'
