#!/usr/bin/env bash
# Builds the benchmarks and prints the table of one; minutes, and the machine should be idle.
#   bash tests/bench/run.sh [build] [DELIVERY] [--copies N] [--height-datum D]
#   bash tests/bench/run.sh overview [CITY] [--pictures FOLDER] [--nodes PREFIX] [--most-leaves N]
#   bash tests/bench/run.sh loading [CITY]
#   bash tests/bench/run.sh streaming [CITY]
#   bash tests/bench/run.sh viewer [flight | settle | lockstep | soak | drape] [CITY [OPTION VALUE ...]]
#   bash tests/bench/run.sh scale [EASTxNORTH ...] [--full] [--keep FOLDER]
#   bash tests/bench/run.sh terrain [accuracy [PROJECT.json ...] | speed [KM ...]]
#   bash tests/bench/run.sh terrain_economy [DEM ...]
#   bash tests/bench/run.sh planning [--features N] [--layers N] [--load FOLDER] [--store FILE]
# README.md beside this file says what each measures. Without a delivery, build takes the real one
# beside the project if it is there, else a sample city. Without a built city, overview builds the
# sample of 8x8 blocks, loading, streaming and viewer a lean one of 64x64. Without an elevation model, terrain_economy
# takes the real ones beside the project if they are there, else hills by formula.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
bin=$root/build/bin

scratch() {
    scratch_folder=$(mktemp -d)
    trap 'rm -rf "$scratch_folder"' EXIT
}

# A built sample city in $scratch_folder/city; arguments go to `city3d sample`.
build_sample() {
    scratch
    "$bin/city3d" sample "$scratch_folder/delivery" "$@"
    "$bin/city3d" build "$scratch_folder/delivery/city.json" --out "$scratch_folder/city"
}

bench_build() {
    if [ $# -gt 0 ] || [ -d "$root/../shared/data/oblique_zhongshan" ]; then
        "$bin/bench_build" "$@"
        return
    fi
    scratch
    "$bin/city3d" sample "$scratch_folder"
    "$bin/bench_build" "$scratch_folder/oblique" --height-datum egm96
}

# Options before the city, or none at all: there is no city.
bench_overview() {
    if [ $# -gt 0 ] && [ "${1#--}" = "$1" ]; then
        "$bin/bench_overview" "$@"
        return
    fi
    build_sample --tiles 8x8
    "$bin/bench_overview" "$scratch_folder/city" "$@"
}

# A program over a built city, or over a lean one of 64x64 blocks.
bench_lean_city() {
    local program=$1
    shift
    if [ $# -gt 0 ]; then
        "$bin/$program" "$@"
        return
    fi
    build_sample --tiles 64x64 --lean
    "$bin/$program" "$scratch_folder/city"
}

bench_loading() {
    bench_lean_city bench_loading "$@"
}

bench_streaming() {
    bench_lean_city bench_streaming "$@"
}

# The modes but soak, unless one is named.
bench_viewer() {
    local modes=(flight settle lockstep)
    if [ $# -gt 0 ]; then
        modes=("$1")
        shift
    fi
    if [ $# -eq 0 ]; then
        build_sample --tiles 64x64 --lean
        set -- "$scratch_folder/city"
    fi
    local failed=0
    for mode in "${modes[@]}"; do
        "$bin/bench_viewer" "$mode" "$@" || failed=1
    done
    return $failed
}

bench_scale() {
    "$bin/bench_scale" "$@"
}

# Both, unless one is named.
bench_terrain() {
    if [ $# -gt 0 ]; then
        "$bin/bench_terrain" "$@"
        return
    fi
    "$bin/bench_terrain" accuracy
    "$bin/bench_terrain" speed
}

bench_terrain_economy() {
    if [ $# -eq 0 ] && [ -d "$root/../shared/data/dem" ]; then
        set -- "$root/../shared/data/dem"/*.tif
    fi
    scratch
    for dem in "$@"; do
        gdal_translate -q -of ENVI -ot Float32 "$dem" "$scratch_folder/$(basename "${dem%.*}").raw"
    done
    shopt -s nullglob
    "$bin/bench_terrain_economy" "$scratch_folder"/*.raw
}

bench_planning() {
    "$bin/bench_planning" "$@"
}

bench_sampling() {
    "$bin/bench_sampling" "$@"
}

case "${1:-}" in
build | overview | loading | planning | scale | sampling | streaming | terrain | terrain_economy | viewer)
    which=$1
    shift
    ;;
*) which=build ;;
esac
bash "$root/assets/install.sh" --tests
bash "$root/assets/build.sh" -DCITY3D_TESTS=ON
"bench_$which" "$@"
