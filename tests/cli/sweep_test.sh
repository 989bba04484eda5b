# What sweeps over real media against other demuxers (tests/sweep) found: each case is made small here.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }
shown() { ffprobe -v error -select_streams "$2" -show_entries "$3" -of csv=p=0 "$1"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }
film() { ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 "$@"; }
tone() { film -f lavfi -i sine=sample_rate=48000:duration=1 -c:v mpeg4 "$@"; }
run() { expect_exit "${1:-0}" rushes run p.yaml in -o out; }

copies() {
    pipeline <<Y
inputs: {include: ["*"]}
outputs:
  o: {encode: {container: $1, video: {codec: copy}, audio: {codec: copy}}}
Y
}

# A row of pictures in MXF is stored in whole macroblocks; how wide it is to be shown is another number (ST 377-1, annex F.4).
test_a_width_of_no_whole_macroblocks_is_the_width_of_an_mxf() {
    mkdir in
    ff -f lavfi -i testsrc2=size=264x240:rate=25:duration=0.2 -c:v ffv1 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: a.mxf, encode: {video: {codec: dnxhd, profile: dnxhr_lb}}}
Y
    run
    expect "$(mediainfo --Output='Video;%Width% %PixelAspectRatio%' out/a.mxf)" "264 1.000" "width and shape in MediaInfo"
}

# A track of a camera's data (GoPro's, "gpmd"), made of one of subtitles: libavformat writes it into MP4 alone.
test_a_gopros_telemetry_is_copied_into_mp4_and_dropped_from_mov() {
    mkdir in
    printf '1\n00:00:00,000 --> 00:00:01,000\nGPS\n' >words.srt
    film -i words.srt -map 0 -map 1 -c:v mpeg4 -c:s mov_text a.mp4
    sed 's/tx3g/gpmd/; s/sbtl/meta/' a.mp4 >in/a.mp4
    copies mp4
    run
    expect "$(shown out/a.mp4 d stream=codec_tag_string)" gpmd "the track in MP4"
    copies mov
    run
    expect_json out/.rushes/last/report.json '.outputs[0].carried | any(.keep == "data" and .fate == "dropped")'
}

test_copied_sound_may_have_a_hole_in_its_times() {
    mkdir in
    tone -c:a aac -bsf:a 'setts=ts=TS+if(gt(N\,20)\,6000)' in/a.mp4
    for container in mp4 mkv; do
        copies $container
        run
    done
}

test_sound_before_the_picture_is_hidden_by_an_edit_list() {
    mkdir in
    ff -itsoffset 0.4 -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -f lavfi -i sine=sample_rate=48000:duration=1.4 \
        -c:v mpeg2video -c:a mp2 in/a.ts
    copies mp4
    run
}

test_mp2_in_an_mp4_is_called_mp3_there() {
    mkdir in
    tone -c:a mp2 in/a.mkv
    copies mp4
    run
}

test_a_cue_without_a_length_makes_no_file_longer() {
    mkdir in
    printf '1\n00:00:00,100 --> 00:00:00,200\nOne\n\n2\n00:00:00,900 --> 00:00:00,950\nTwo\n' >words.srt
    film -i words.srt -map 0 -map 1 -c:v mpeg4 -c:s subrip -bsf:s setts=duration=0 in/a.mkv
    copies mkv
    run
    expect "$(shown out/a.mkv v format=duration)" 1.000000 "length of the file"
}

test_a_grey_picture_is_h264_that_every_decoder_takes() {
    mkdir in
    film -pix_fmt gray -c:v ffv1 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  usual: {to: a.mp4, encode: {video: {codec: h264}}}
  asked: {to: b.mp4, encode: {video: {codec: h264, pix_fmt: gray}}}
Y
    run
    expect "$(mediainfo --Output='Video;%ChromaSubsampling%' out/a.mp4)" 4:2:0 "colour of the usual one"
    expect "$(mediainfo --Output='Video;%ColorSpace%' out/b.mp4)" Y "colour of the one that was asked for grey"
}

# RFC 7845, 5.1.1.2, has one layout for six channels.
test_surround_at_the_sides_is_surround_in_opus() {
    mkdir in
    ff -f lavfi -i 'anoisesrc=duration=0.5:amplitude=0.1' -af 'aformat=channel_layouts=5.1(side)' -c:a ac3 in/a.ac3
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  o: {to: a.opus}
Y
    run
    expect "$(shown out/a.opus a stream=channel_layout)" 5.1 "layout"
}

test_a_copy_that_a_container_refuses_is_explained() {
    mkdir in
    film -c:v libx264 -preset ultrafast in/a.mp4
    copies mxf
    run 1
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "config" and (.message | contains("name codecs"))'
}

test_samples_are_to_mediainfo_what_they_are_to_us() {
    expect_exit 0 python3 "$SOURCE/tests/sweep/sweep.py" --bin "$(dirname "$RUSHES")" --tools mediainfo --sources "$FILES/samples"
    expect_said out "0 unexplained"
}

# Between key pictures, so that libavformat keeps those from the one before, and an edit list hides them.
test_a_copy_that_would_show_what_an_edit_list_hides_is_refused() {
    mkdir in
    film -c:v libx264 -preset ultrafast -g 25 a.mp4
    ff -ss 0.5 -i a.mp4 -c copy in/a.mp4
    copies mp4
    run
    copies mkv
    run 1
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "config" and (.message | contains("edit list hides"))'
}

# An edit of 0.5 of 1 s (ISO 14496-12, 8.6.6): its length stands behind version, flags and count, in thousandths.
test_a_copy_that_shows_what_an_edit_list_hides_at_the_end_says_so() {
    mkdir in
    film -c:v libx264 -preset ultrafast -bf 0 -g 25 in/a.mp4
    python3 -c "
d = bytearray(open('in/a.mp4', 'rb').read())
at = d.index(b'elst') + 12
d[at:at + 4] = (500).to_bytes(4, 'big')
open('in/a.mp4', 'wb').write(d)"
    copies mkv
    run
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(endswith("more pictures at the end, which the source\u0027s edit list hides"))'
}
