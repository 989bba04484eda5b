#!/usr/bin/env bash
# What most scripts do: common.sh CLIP LUT OUT. A command per output, each with its own decode, grade
# and loudnorm.
set -u
clip=$1 lut=$2 out=$3
name=$(basename "${clip%.*}")
mkdir -p "$out/proxy" "$out/web" "$out/posters"
grade="lut3d=file=$lut:interp=tetrahedral"
ffmpeg -nostdin -v error -y -ss 0.1 -i "$clip" -map 0:v:0 -map 0:a:0 -vf "format=gbrp16le,$grade" -pix_fmt yuv422p10le \
    -af loudnorm=I=-16:TP=-1:LRA=11 -ar 48000 -c:v prores_ks -profile:v proxy -vendor apl0 -c:a pcm_s24le "$out/proxy/$name.mov"
ffmpeg -nostdin -v error -y -ss 0.1 -i "$clip" -map 0:v:0 -map 0:a:0 \
    -vf "format=gbrp16le,$grade,scale=w=1280:h=1280:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=lanczos" -pix_fmt yuv420p \
    -af loudnorm=I=-16:TP=-1:LRA=11 -ar 48000 -c:v libx264 -profile:v high -preset medium -crf 22 -force_key_frames 'expr:gte(t,n_forced*2)' \
    -c:a aac -b:a 128k -ac 2 -movflags +faststart "$out/web/$name.mp4"
ffmpeg -nostdin -v error -y -ss 0.1 -i "$clip" -map 0:v:0 -vf "format=gbrp16le,$grade,scale=w='min(1920,iw)':h='min(1920,ih)':force_original_aspect_ratio=decrease:flags=lanczos" \
    -frames:v 1 -q:v 3 "$out/posters/$name.jpg"
