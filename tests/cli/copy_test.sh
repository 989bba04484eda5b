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
    ff -f lavfi -i sine=d=1:r=48000 -c:a libvorbis in/a.ogg
    CODE=1 copied mkv mov mp4 opus
    refused raw.avi mov 'no word for this format'
    refused rle.mov mkv 'how many bits a pixel'
    refused a.wmv mov 'Windows Media Audio'
    refused a.avi mov ADPCM
    refused a.webm mp4 4:4:0
    refused a.ogg opus 'Opus alone'
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

test_tags_are_set_and_taken_away_where_all_of_it_is_copied() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=duration=1 -c:v libx264 -c:a aac -metadata title=Old \
        -metadata artist=Ada in/a.mp4
    pipeline <<'Y'
outputs:
  set: {to: set.mp4, steps: [metadata: {title: New}], encode: {video: copy, audio: copy}}
  strip: {to: strip.mp4, steps: [metadata: {strip: true}], encode: {video: copy, audio: copy}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(ffprobe -v error -show_entries format_tags=title,artist -of csv=p=0 out/set.mp4)" New,Ada set
    expect "$(ffprobe -v error -show_entries format_tags=title,artist -of csv=p=0 out/strip.mp4)" '' strip
}

# libavformat counts the bytes of AVI in blocks of a wrong size, and times FLAC of WTV by what it has read ahead.
test_sound_whose_times_are_miscounted_is_copied_and_cut_where_it_is_heard() {
    mkdir in
    local picture=(-f lavfi -i testsrc2=size=64x48:rate=25:d=3)
    ff "${picture[@]}" -f lavfi -i anoisesrc=d=3:r=48000 -c:v mjpeg -c:a dca -strict -2 in/dts.avi
    ff "${picture[@]}" -f lavfi -i anoisesrc=d=3:r=32000 -c:v mjpeg -c:a libspeex in/speex.avi
    ff "${picture[@]}" -f lavfi -i anoisesrc=d=3:r=48000 -c:v mpeg4 -c:a flac in/flac.wtv
    copied mkv
    local file
    local end
    while read -r file end; do
        expect "$(sound_of out/$file.mkv)" "$(sound_of in/$file)" "samples of $file"
        expect "$(ends out/$file.mkv)" "$end" "the last packet of $file"
    done <<'X'
dts.avi 2.997000
speex.avi 2.980000
flac.wtv 2.976000
X
    rm in/dts.avi
    pipeline <<'X'
inputs: {include: ["*"]}
outputs: {part: {to: "${name}.wav", steps: [trim: {from: 2s}], encode: {container: wav, audio: {codec: pcm_f32le}}}}
X
    expect_exit 0 rushes run p.yaml in -o out
    for file in speex.avi flac.wtv; do
        expect "$(ff -i out/$file.wav -c:a pcm_f32le -f md5 -)" "$(ff -i in/$file -map 0:a:0 -af asetpts=N,atrim=start=2 -c:a pcm_f32le -f md5 -)" "the last second of $file"
    done
}

test_sound_of_mp4_that_is_layer_2_is_copied_as_what_it_is() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -f lavfi -i anoisesrc=d=1:r=48000 -c:v mjpeg -c:a mp2 in/a.mp4
    copied mkv mp4
    expect "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 out/a.mp4.mkv)" mp2 codec
}

test_eac3_that_has_the_tag_of_ac3_is_copied_as_what_it_is() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -f lavfi -i anoisesrc=d=1:r=48000 -c:v mjpeg -c:a eac3 in/a.nut
    copied mkv mov
    expect "$(ffprobe -v error -select_streams a -show_entries stream=codec_name -of csv=p=0 out/a.nut.mkv)" eac3 codec
    expect "$(sound_of out/a.nut.mkv)" "$(sound_of in/a.nut)" samples
}

# A transport stream has the end of a sequence as a packet of its own.
test_vc2_of_a_transport_stream_is_copied_without_a_picture_of_nothing() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=1 -c:v vc2 in/a.ts
    copied mkv mp4
    expect "$(ffprobe -v error -count_packets -show_entries stream=nb_read_packets -of csv=p=0 out/a.ts.mkv)" 25 packets
    expect "$(pictures_of out/a.ts.mp4)" "$(pictures_of in/a.ts)" pictures
}

# vc1 PICTURES: a bare stream of VC-1 (SMPTE 421M, Annex L: RCV) of 16x16, its pictures (I, P, B) in the order of decoding, all of zeros behind their headers
vc1() {
    local picture at=0 zeros
    zeros=$(printf '\\0%.0s' {1..61})
    printf "\\$(printf %o ${#1})\0\0\305\4\0\0\0\x40\x01\0\x11\x10\0\0\0\x10\0\0\0\x0c\0\0\0\0\0\0\0\0\0\0\0\x19\0\0\0"
    for picture in $(fold -w1 <<<"$1"); do
        case $picture in
            I) printf '\x40\0\0\x80' ;;
            *) printf '\x40\0\0\0' ;;
        esac
        printf "\\$(printf %o $at)\0\0\0"
        case $picture in
            I) printf '\x10\x02\x80' ;;
            P) printf '\x25\0\0' ;;
            B) printf '\0\x28\0' ;;
        esac
        printf "$zeros"
        at=$((at + 20))
    done
}

test_vc1_of_asf_is_no_copy_where_it_has_b_pictures() {
    mkdir in
    local order
    for order in IPBPBPB IIIIIII; do
        vc1 $order >$order.rcv
        ff -f vc1test -i $order.rcv -c copy in/$order.wmv || true
    done
    CODE=1 copied mkv
    expect_json $REPORT '[.outputs[] | select(.error.message // "" | contains("(B pictures)")) | .path] == ["IPBPBPB.wmv.mkv"]'
}

# The last packet begins at a time that Matroska rounds.
test_uncompressed_sound_of_matroska_is_copied_into_mov_to_the_sample() {
    mkdir in
    local codec
    for codec in pcm_s16le pcm_f32le; do
        ff -f lavfi -i testsrc2=size=64x48:rate=25:d=3 -f lavfi -i anoisesrc=d=3:r=48000 -c:v mjpeg -c:a $codec in/$codec.mkv
    done
    copied mov
    for codec in pcm_s16le pcm_f32le; do
        expect "$(sound_of out/$codec.mkv.mov)" "$(sound_of in/$codec.mkv)" "samples of $codec"
    done
}

# What primes the decoder comes before the picture.
test_a_copy_without_edit_lists_is_in_its_place_and_says_that_its_sound_begins_faint() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:d=2 -f lavfi -i sine=d=2:r=48000 -c:v libx264 -bf 2 -c:a aac in/a.mp4
    pipeline <<'X'
inputs: {include: ["*"]}
outputs: {bare: {to: a.mp4, encode: {edit_lists: false, video: {codec: copy}, audio: {codec: copy}}}}
X
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].lost | any(endswith("in its first 0.021 s is faint or silent"))'
    expect "$(ends out/a.mp4)" "$(ends in/a.mp4)" 'the last packet'
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
