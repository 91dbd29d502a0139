#!/usr/bin/env bash
# Every source file is as .clang-format has it: format.sh ROOT
# Exit code 77: there is no clang-format here. To repair: clang-format -i FILE
set -euo pipefail
cd "$1"
if ! command -v clang-format >/dev/null; then
    echo "clang-format is not installed, so nothing was checked"
    exit 77
fi
find tiles3d pipeline viewer tests \( -name node_modules -prune \) -o \
    \( -name '*.h' -o -name '*.cpp' \) -print0 |
    xargs -0 -P 2 -n 20 clang-format --dry-run -Werror
