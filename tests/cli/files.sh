#!/usr/bin/env bash
# The media that the media tests use, made once a build: the samples, the pipelines beside them, and
# a second of picture and sound small enough to be rendered in a blink.
set -euo pipefail
folder=$1 make_samples=$2 source=$3
[ -e "$folder/made" ] && [ "$folder/made" -nt "$make_samples" ] && exit 0
rm -rf "$folder"
mkdir -p "$folder/tiny"
cd "$folder"
"$make_samples" samples
ln -s "$source/pipelines" "$source/presets" .

ff() { ffmpeg -nostdin -v error -y "$@"; }
ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=1 \
   -f lavfi -i sine=frequency=440:sample_rate=48000:duration=1 \
   -c:v libx264 -preset ultrafast -g 5 -pix_fmt yuv420p -c:a aac -ac 2 tiny/clip.mov
ff -i tiny/clip.mov -c copy tiny/film.mp4
ff -i tiny/clip.mov -c copy tiny/reel.mkv
ff -i tiny/clip.mov -vn -c:a pcm_s16le tiny/tone.wav
ff -i tiny/tone.wav -c:a flac tiny/tone.flac
ff -i tiny/tone.wav -c:a libvorbis -page_duration 100000 tiny/tone.ogg
ff -f lavfi -i testsrc2=size=640x360 -frames:v 1 tiny/still.png
ff -i tiny/still.png -q:v 2 tiny/photo.jpg
ff -i tiny/still.png -compression_algo raw tiny/scan.tif
# The samples with footage of a second: what takes long takes a fourth of it.
mkdir -p short/footage
ln -s ../samples/sound ../samples/stills ../samples/looks short
for clip in samples/footage/*; do
    ff -i "$clip" -t 1.2 -map 0:v -map 0:a -c copy "short/footage/$(basename "$clip")"
done
touch made
