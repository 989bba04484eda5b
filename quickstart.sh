#!/usr/bin/env bash
# From a fresh Debian 12 and a clean clone to a folder of checked deliverables.
set -euo pipefail
cd "$(dirname "$0")"
. tests/install.sh
install_packages packages.txt

echo "== building"
cmake -S . -B build/release -G Ninja -DCMAKE_BUILD_TYPE=Release -DBUILD_TESTING=OFF >/dev/null
cmake --build build/release
bin=$PWD/build/release/bin

echo "== making the samples"
"$bin/make-samples" samples

echo "== rendering pipelines/overnight.yaml over samples/ into out/"
"$bin/rushes" run pipelines/overnight.yaml samples/ -o out/

cat <<TEXT

Done. Look at
  out/                              the deliverables
  out/.rushes/last/report.html      what was made of what, with every check
Run it again: everything is up to date. Then try
  $bin/rushes plan pipelines/review.yaml samples/ -o review/
  $bin/rushes run h264-web-720p YOUR/FOOTAGE -o web/
  $bin/rushes --help
TEXT
