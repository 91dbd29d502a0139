#!/usr/bin/env bash
# Builds the benchmarks and prints their tables; minutes, and the machine should be idle.
#   bash tests/bench/run.sh [DELIVERY] [--copies N] [--height-datum D]
# Without a delivery: the real one beside the project if it is there, else a sample city.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bash "$root/assets/install.sh" --tests
bash "$root/assets/build.sh" -DCITY3D_TESTS=ON
real=$root/../shared/data/oblique_zhongshan
if [ $# -eq 0 ] && [ ! -d "$real" ]; then
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch"' EXIT
    "$root/build/bin/city3d" sample "$scratch"
    "$root/build/bin/bench_build" "$scratch/oblique" --height-datum egm96
    exit
fi
"$root/build/bin/bench_build" "$@"
