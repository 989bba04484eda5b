# What is copied from one container to another: whole, in its place, or refused with a reason. ffmpeg and ffprobe judge.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }

expect() { [ "$1" = "$2" ] || fail "$3: $1 instead of $2"; }

# copied CONTAINER… of all that is in the folder, with the exit code $CODE or 0
copied() {
    local container
    { echo 'inputs: {include: ["*"]}' && echo outputs: && for container in "$@"; do
        echo "  $container: {to: \"\${name}.$container\", encode: {container: $container, video: {codec: copy}, audio: {codec: copy}}}"
    done; } | pipeline
    expect_exit "${CODE:-0}" rushes run p.yaml in -o out
}

# sound_of FILE: a sum of all samples
sound_of() { ff -i "$1" -map 0:a:0 -f md5 -; }

# pictures_of FILE: a line for each as decoded, when it is shown since the first, in milliseconds, and a sum of it
pictures_of() {
    ffmpeg -nostdin -i "$1" -map 0:v:0 -vf showinfo -f null - 2>&1 |
        sed -nE 's/.* pts_time: *([0-9.]+) .* checksum:([0-9A-F]+) .*/\1 \2/p' |
        awk 'NR == 1 { first = $1 } { printf "%.0f %s\n", ($1 - first) * 1000, $2 }'
}

# ends FILE: when its last packet of sound begins, in seconds
ends() { ffprobe -v error -select_streams a:0 -show_entries packet=pts_time -of csv=p=0 "$1" | tr -d , | sort -n | tail -1; }

# Where short blocks follow long ones, as in music that isn't a steady noise.
test_vorbis_of_ogg_with_short_blocks_is_copied_without_holes() {
    mkdir in
    ff -f lavfi -i "aevalsrc='if(lt(mod(t,0.3),0.004),random(0)-0.5,0.02*sin(3000*t))':d=5:s=44100" -c:a libvorbis in/a.ogg
    copied mka
    expect "$(sound_of out/a.ogg.mka)" "$(sound_of in/a.ogg)" samples
}

# Matroska, CAF and NUT don't say how long the last packet is; here NUT ends with one that is empty.
test_copied_sound_whose_packets_have_no_lengths_is_whole() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=2.7:r=48000 -c:a wavpack in/a.mka
    ff -f lavfi -i anoisesrc=d=2.7:r=48000 -c:a alac in/b.caf
    ff -f lavfi -i anoisesrc=d=2.7:r=44100 -c:a adpcm_swf in/c.mka
    ff -f lavfi -i anoisesrc=d=2.7:r=48000 -c:a flac in/d.nut
    copied mka
    local file
    for file in a.mka b.caf c.mka d.nut; do
        expect "$(sound_of out/$file.mka)" "$(sound_of in/$file)" "samples of $file"
    done
}

# A packet of TrueHD is shorter than Matroska's millisecond: several are of one.
test_sound_in_packets_below_a_millisecond_is_not_stretched() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=3 -f lavfi -i anoisesrc=d=3:r=48000 -c:v libx264 -c:a truehd -strict -2 in/a.mp4
    copied mkv
    expect "$(sound_of out/a.mp4.mkv)" "$(sound_of in/a.mp4)" samples
    expect "$(ends out/a.mp4.mkv)" 2.999000 'the last packet'
}

# Small pictures share a packet of a program stream, which has one time.
test_program_streams_are_copied_with_the_times_that_their_pictures_leave_out() {
    mkdir in
    local form codec sound
    while read -r form codec sound; do
        ff -f lavfi -i testsrc2=size=64x48:rate=25:d=3 -f lavfi -i sine=d=3 -c:v "$codec" -bf 2 -g 12 -c:a "$sound" -f "$form" "in/$form.mpg"
    done <<'X'
mpeg mpeg1video mp2
vob mpeg2video ac3
X
    grep -q 'N/A' <(ffprobe -v error -select_streams v -show_entries packet=pts -of csv=p=0 in/vob.mpg) || fail 'all have times'
    copied mkv mov
    local file
    for file in mpeg.mpg vob.mpg; do
        pictures_of in/$file >expected
        expect "$(pictures_of out/$file.mkv)" "$(cat expected)" "$file as mkv"
        expect "$(pictures_of out/$file.mov)" "$(cat expected)" "$file as mov"
    done
}

test_h264_of_a_program_stream_whose_pictures_lack_times_is_not_copied() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=3 -c:v libx264 -bf 2 -f vob in/a.vob
    CODE=1 copied mkv
    expect_json $REPORT '.outputs[0].error | .class == "unsupported" and (.message | startswith("a picture doesn'\''t say when it is shown"))'
}

# The four letters of AVI and QuickTime for 4:2:2, and those that tell the form of other codecs' pictures.
test_uncompressed_and_lossless_pictures_of_avi_are_copied_into_mov() {
    mkdir in
    local form
    for form in uyvy422 yuyv422; do
        ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v rawvideo -pix_fmt $form in/$form.avi
    done
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v utvideo -pix_fmt yuv420p in/utvideo.avi
    copied mov
    for form in uyvy422 yuyv422 utvideo; do
        expect "$(pictures_of out/$form.avi.mov)" "$(pictures_of in/$form.avi)" "$form"
    done
}

# refused FILE CONTAINER WHY
refused() {
    expect_json $REPORT ".outputs[] | select(.path == \"$1.$2\") | .error |
        .class == \"unsupported\" and (.message | contains(\"$3\") and contains(\"such as\"))"
}

test_what_nobody_could_read_back_is_not_copied() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v rawvideo -pix_fmt yuv420p in/raw.avi
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v qtrle in/rle.mov
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -f lavfi -i sine=d=1 -c:v mjpeg -c:a wmav2 in/a.wmv
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -f lavfi -i sine=d=1 -c:v mjpeg -c:a adpcm_ms in/a.avi
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v libvpx-vp9 -pix_fmt yuv440p in/a.webm
    CODE=1 copied mkv mov mp4
    refused raw.avi mov 'no word for this format'
    refused rle.mov mkv 'how many bits a pixel'
    refused a.wmv mov 'Windows Media Audio'
    refused a.avi mov ADPCM
    refused a.webm mp4 4:4:0
    expect_json $REPORT '[.outputs[] | select(.error.class == "internal")] == []'
}

# ASF gives times to packets of Windows Media Audio whose frames go on in the next: here a third too long.
test_windows_media_audio_is_as_long_in_matroska_as_what_is_heard_of_it() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=3:r=8000 -c:a wmav2 -b:a 32k -f asf steady.wma
    ff -i steady.wma -c copy -bsf:a setts=ts=TS*1.3 in/a.wma
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=3 -f lavfi -i anoisesrc=d=3:r=48000 -c:v mpeg2video -bf 2 -c:a wmav2 in/b.wmv
    copied mka
    expect "$(sound_of out/a.wma.mka)" "$(sound_of in/a.wma)" samples
    expect "$(sound_of out/b.wmv.mka)" "$(sound_of in/b.wmv)" 'samples of sound that begins 3 ms before its picture'
}

test_b_pictures_of_asf_and_of_mxf_without_offsets_are_encoded_since_nothing_says_when_they_are_shown() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=2 -c:v mpeg4 -bf 2 in/a.wmv
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=2 -c:v libx264 -bf 2 in/a.mxf
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=2 -c:v mpeg2video -bf 2 in/b.mxf
    CODE=1 copied mkv
    expect_json $REPORT '[.outputs[] | select(.error.message // "" | contains("(B pictures)")) | .path] | sort ==
        ["a.mxf.mkv", "a.wmv.mkv"]'
    expect "$(pictures_of out/b.mxf.mkv)" "$(pictures_of in/b.mxf)" pictures
    sed -i 's/video: {codec: copy}, //' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(pictures_of out/a.wmv.mkv | wc -l)" 50 pictures
}

# Where its first frame is the tag of an encoder, readers leave out 529 samples more than that says.
test_copied_mp3_begins_with_the_samples_that_its_source_does() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=2:r=48000 -c:a libmp3lame -write_xing 0 in/bare.mp3
    ff -i in/bare.mp3 -c copy in/a.avi
    ff -f lavfi -i anoisesrc=d=2:r=48000 -c:a libmp3lame in/tagged.mp3
    copied mp3
    local file
    for file in bare.mp3 a.avi tagged.mp3; do
        expect "$(sound_of out/$file.mp3)" "$(sound_of in/$file)" "samples of $file"
    done
}

# The first pictures of an open group that are left out were decoded between the first that is kept and the next.
test_copied_part_that_begins_in_an_open_group_keeps_the_rate() {
    mkdir in
    local rate
    for rate in 25 30000/1001; do
        ff -f lavfi -i testsrc2=size=64x48:rate=$rate:d=3 -c:v mpeg2video -g 12 -bf 2 in/${rate%/*}.mxf
    done
    pipeline <<'EOF'
inputs: {include: ["*"]}
outputs: {part: {to: "${stem}.mp4", steps: [trim: {from: 1s, to: 2.5s, snap: 1s}], encode: {video: {codec: copy}}}}
EOF
    expect_exit 0 rushes run p.yaml in -o out
    for rate in 25/1 30000/1001; do
        expect "$(ffprobe -v error -select_streams v -show_entries stream=avg_frame_rate -of default=nw=1:nk=1 "out/${rate%/*}.mp4")" "$rate" "rate of ${rate%/*}.mxf"
    done
}

# ITU-T H.265, field_seq_flag: each picture is a field, of half a frame's height.
test_hevc_of_single_fields_is_copied_and_nothing_else_is_made_of_it() {
    mkdir in
    ff -f lavfi -i testsrc2=size=128x64:rate=50:duration=1 -c:v libx265 -x265-params log-level=none:interlace=bff in/a.mp4
    rushes probe --json in/a.mp4 >probed
    expect_json probed '.[0] | .interlaced and .field_order == "bb"'
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: a.mkv, encode: {video: {codec: copy}}}
  mov: {to: a.mov, encode: {video: {codec: copy}}}
  made: {to: made.mkv, encode: {video: {codec: ffv1}}}
  still: {to: still.png, steps: [still: 0s]}
Y
    expect_exit 1 rushes run p.yaml in -o out
    local made
    for made in a.mkv a.mov; do
        expect "$(pictures_of out/$made)" "$(pictures_of in/a.mp4)" "pictures of $made"
    done
    expect_json $REPORT '[.outputs[] | select(.status == "failed") | .path, .error.class] == ["made.mkv", "unsupported", "still.png", "unsupported"]'
    expect_said err "HEVC whose pictures are single fields isn't read yet"
}
