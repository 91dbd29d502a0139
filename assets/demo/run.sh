#!/usr/bin/env bash
# From an empty machine to a picture of a city with a planning boundary on it.
#   bash assets/demo/run.sh                    a synthetic city
#   bash assets/demo/run.sh OSGB_FOLDER [...]  your own delivery; further arguments go to
#                                              `city3d build` (--height-datum egm96, --srs ...)
# Everything lands in out/ of the folder it is called from; run again to resume.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
out=${CITY3D_OUT:-$PWD/out}

bash "$root/assets/install.sh"
bash "$root/assets/build.sh" -DCITY3D_TESTS=OFF
city3d=$root/build/bin/city3d
viewer=$root/build/bin/city3d-viewer

layers=()
view=(--fit)
if [ $# -gt 0 ]; then
    source=$1
    shift
    name=$(basename "$source")
    [ -e "$source" ] || { echo "No such folder: $source" >&2; exit 1; }
else
    source=$out/sample/city.json
    name=sample-city
    "$city3d" sample "$out/sample"
    layers=(--layers "$out/sample/layers/planning.gpkg")
    view=(--camera 118.08905,24.4441,165,35,-31 --fovy 45) # over the sea, along the shore
fi
city=$out/$name

# 3 = built, with losses that report.html lists: still a city worth looking at.
"$city3d" build "$source" --out "$city" "$@" || [ $? -eq 3 ]
"$city3d" verify "$city"
"$viewer" "$city" --render "$city.png" --size 1920x1080 "${view[@]}" ${layers[@]+"${layers[@]}"}

echo
echo "Picture:  $city.png"
echo "Tileset:  $city/tileset.json"
echo "Report:   $city/report.html"
echo "Fly:      $viewer $city ${layers[*]-}"
