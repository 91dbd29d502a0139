#!/usr/bin/env bash
# Installs what is missing, builds everything and runs all tests. Arguments go to ctest:
#   bash tests/run.sh -R engine
# The linter takes as long as all the rest together and runs on demand: CITY3D_TIDY=1 bash tests/run.sh
# Leaks, memory errors and undefined behaviour, of a folder's tests say, in a build of their own:
#   cmake -S . -B build/asan -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCITY3D_SANITIZE=address,undefined
#   ninja -C build/asan viewer_stream_test && build/asan/tests/viewer_stream_test
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bash "$root/assets/install.sh" --tests
# The glTF validator of the format's owners; tests that use it skip without it.
if [ -f "$root/tests/package.json" ] && [ ! -d "$root/tests/node_modules" ]; then
    (cd "$root/tests" && npm install --no-package-lock --no-audit --no-fund --silent) ||
        echo "The npm packages of tests/ could not be installed; their tests will skip." >&2
fi
bash "$root/assets/build.sh" -DCITY3D_TESTS=ON
cd "$root/build"
[ -n "${CITY3D_TIDY:-}" ] || set -- -LE tidy "$@"
ctest --output-on-failure --parallel "$(nproc)" "$@"
