#!/usr/bin/env bash
# Installs what city3d is built with and runs on: packages of Debian 12, nothing else. Does nothing
# if all is there. Needs root or sudo only when something is missing.
set -euo pipefail

packages=(
    # build
    g++ cmake ninja-build ccache pkg-config
    # libraries, each behind one door: see the table in README.md
    libopenscenegraph-dev libgdal-dev libproj-dev proj-data libtinygltf-dev libdraco-dev
    libmeshoptimizer-dev libassimp-dev libstb-dev libturbojpeg0-dev libjpeg62-turbo-dev libpng-dev libwebp-dev libsqlite3-dev libgeos-dev libexpat1-dev
    zlib1g-dev libzstd-dev libcurl4-openssl-dev
    libcli11-dev libspdlog-dev libfmt-dev nlohmann-json3-dev libglm-dev
    # the viewer: OpenGL with a software driver, so that it also draws without a graphics card
    libfontconfig-dev libfreetype-dev libegl-dev libgl-dev libgl1-mesa-dri libegl-mesa0 libx11-dev
    # its window, with its translations, Chinese letters
    qt6-base-dev qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools fonts-dejavu-core
    fonts-wqy-microhei
)
if [ "${1:-}" = "--tests" ]; then
    packages+=(libgtest-dev libbenchmark-dev clang-format clang-tidy proj-bin gdal-bin sqlite3 ffmpeg xvfb libxtst-dev
        nodejs npm postgresql postgresql-15-postgis-3)
fi

missing=()
for package in "${packages[@]}"; do
    # A command that is there by other means (node, say) counts as well.
    case $package in
        nodejs) command -v node >/dev/null && continue ;;
        npm) command -v npm >/dev/null && continue ;;
    esac
    dpkg-query -W -f '${db:Status-Abbrev}' "$package" 2>/dev/null | grep -q '^ii' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || {
        echo "Missing: ${missing[*]}. Install them as root, or install sudo." >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Installing ${missing[*]}" >&2
export DEBIAN_FRONTEND=noninteractive
"${as_root[@]}" apt-get update -qq
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
