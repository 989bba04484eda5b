#!/usr/bin/env bash
# picture.sh BIN: makes docs/picture.png and docs/report.png: what the pipeline at the top of README.md makes
# of samples/. Needs ffmpeg and chromium besides rushes.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=$(realpath "${1:-build/release/bin}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$bin/make-samples" "$work/samples"
sed -n '/^```yaml$/,/^```$/{/^```/d;p};/^```$/q' README.md >"$work/night.yaml"
(cd "$work" && "$bin/rushes" run night.yaml samples/ -o out/ --progress none)

frame() { ffmpeg -nostdin -loglevel error -ss "$2" -i "$work/$1" -frames:v 1 "$work/$3"; }
frame samples/footage/A001_C001.mov 1 source.png
frame out/masters/A001_C001.mov 1 master.png
frame out/review/A001_C001.mp4 1 review.png
frame out/web/phone.mp4 1 phone.png
wave() { ffmpeg -nostdin -loglevel error -i "$work/$1" -lavfi \
    "showwavespic=s=600x150:split_channels=0:scale=sqrt:colors=$3" -frames:v 1 "$work/$2"; }
wave samples/sound/interview.wav before.png 9aa0a6
wave out/sound/interview.wav after.png 66cf96

shot() { timeout 60 chromium --headless --no-sandbox --disable-gpu --hide-scrollbars \
    --window-size="$1" --screenshot="$work/shot.png" "file://$2" >"$work/chromium.log" 2>&1 &&
    ffmpeg -nostdin -loglevel error -y -i "$work/shot.png" -vf \
        "${4:-null},split[a][b];[a]palettegen=max_colors=255[p];[b][p]paletteuse=dither=bayer:bayer_scale=4" "$3"; }
cp docs/picture.html "$work"
shot 1200,740 "$work/picture.html" docs/picture.png
sed -e "/<bdi>masters\\/A001_C001.mov/s/<details>/<details open>/" -e "s|$work/||g" "$work/out/.rushes/last/report.html" >"$work/report.html"
shot 1240,1000 "$work/report.html" docs/report.png
ls -l docs/*.png
