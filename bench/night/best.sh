#!/usr/bin/env bash
# The best one can write by hand: best.sh CLIP LUT OUT. A pass over the sound alone measures it;
# then one command decodes once, grades once at 16 bits, and makes all three files. What it doesn't
# do: check a file, know an interlaced source, keep timecode, see that a source is damaged.
set -u
clip=$1 lut=$2 out=$3
name=$(basename "${clip%.*}")
mkdir -p "$out/proxy" "$out/web" "$out/posters"
heard=$(ffmpeg -nostdin -hide_banner -nostats -ss 0.1 -i "$clip" -vn -af ebur128=peak=true -f null - 2>&1)
lufs=$(sed -n 's/^ *I: *\(-*[0-9.]*\) LUFS/\1/p' <<<"$heard" | tail -n 1)
peak=$(sed -n 's/^ *Peak: *\(-*[0-9.]*\) dBFS/\1/p' <<<"$heard" | tail -n 1)
gain=$(awk -v i="${lufs:--16}" -v p="${peak:--99}" 'BEGIN {g = -16 - i; h = -1 - p; print (g < h ? g : h)}')
ffmpeg -nostdin -v error -y -ss 0.1 -i "$clip" -filter_complex "
  [0:v:0]format=gbrp16le,lut3d=file=$lut:interp=tetrahedral,split=3[a][b][c];
  [a]scale=in_range=full:out_color_matrix=bt709:out_range=tv,format=yuv422p10le[proxy];
  [b]scale=w=1280:h=1280:force_original_aspect_ratio=decrease:force_divisible_by=2:flags=lanczos:out_color_matrix=bt709:out_range=tv,format=yuv420p[web];
  [c]select='eq(n,0)',scale=w='min(1920,iw)':h='min(1920,ih)':force_original_aspect_ratio=decrease:flags=lanczos[poster];
  [0:a:0]volume=${gain}dB,aresample=48000,asplit=2[s1][s2]" \
    -map '[proxy]' -map '[s1]' -c:v prores_ks -profile:v proxy -vendor apl0 -c:a pcm_s24le "$out/proxy/$name.mov" \
    -map '[web]' -map '[s2]' -c:v libx264 -profile:v high -preset medium -crf 22 -force_key_frames 'expr:gte(t,n_forced*2)' \
    -c:a aac -b:a 128k -ac 2 -movflags +faststart "$out/web/$name.mp4" \
    -map '[poster]' -frames:v 1 -q:v 3 "$out/posters/$name.jpg"
