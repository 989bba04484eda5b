# Numbered pictures: outputs that are folders.
# Label: media

TINY=$FILES/tiny

ff() { ffmpeg -nostdin -v error -y "$@"; }

sequences() {
    mkdir -p in
    [ -e in/clip.mov ] || cp "$TINY/clip.mov" in
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
steps: [trim: {length: 5f}]
outputs:
  frames: {to: "frames/${stem}/${stem}.####.png"}
Y
}

test_every_frame_is_a_file_numbered_from_1001() {
    sequences
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ls out/frames/clip | tr '\n' ' ')" = "clip.1001.png clip.1002.png clip.1003.png clip.1004.png clip.1005.png " ] ||
        fail "other files: $(ls out/frames/clip)"
    expect_status out frames/clip done
    expect_nothing_left_over out
}

test_numbers_grow_beyond_their_digits_and_that_is_noted() {
    sequences
    cat >>p.yaml <<'Y'
  short: {to: "short/a.##.png", encode: {first_frame: 98}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ls out/short | xargs)" = "a.100.png a.101.png a.102.png a.98.png a.99.png" ] || fail "other files: $(ls out/short)"
    expect_json out/.rushes/last/report.json '[.outputs[] | .steps[] | select(contains("numbered up to"))] ==
        ["pictures are numbered up to 102, in more digits than the 2 of \"a.##.png\""]'
}

test_pictures_are_those_of_the_clip() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.2 -pix_fmt gbrp -c:v ffv1 in/clip.mkv
    pipeline <<'Y'
outputs:
  png: {to: "png/${stem}/${stem}.##.png"}
  tif: {to: "tif/${stem}/${stem}.##.tif"}
  dpx: {to: "dpx/${stem}/${stem}.##.dpx", encode: {first_frame: 7}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    hash_of() { ffmpeg -nostdin -v error "$@" -pix_fmt rgb24 -f md5 -; }
    [ "$(hash_of -i in/clip.mkv)" = "$(hash_of -start_number 1001 -i out/png/clip/clip.%02d.png)" ] || fail "PNG differs"
    [ "$(hash_of -i in/clip.mkv)" = "$(hash_of -start_number 1001 -i out/tif/clip/clip.%02d.tif)" ] || fail "TIFF differs"
    expect_file out/dpx/clip/clip.11.dpx
}

# SMPTE ST 268-1: the headers of the film and of television end at byte 2048, and no pixel is before.
test_the_header_of_a_dpx_stands_before_its_pixels() {
    local bits
    deep() { ffmpeg -nostdin -v error "$@" -pix_fmt gbrp16le -f md5 -; }
    mkdir in
    ff -i "$TINY/clip.mov" -c copy -an -timecode 10:00:00:23 in/clip.mov
    for bits in 10 12; do
        pipeline <<Y
outputs:
  dpx: {to: "\${stem}/a.####.dpx", encode: {video: {pix_fmt: gbrp${bits}be}}}
  same: {to: "\${stem}.mkv", encode: {video: {codec: ffv1, pix_fmt: gbrp${bits}le}}}
Y
        expect_exit 0 rushes run p.yaml in -o "out$bits"
        [ "$(od -An -tx1 -j4 -N4 "out$bits/clip/a.1001.dpx")" = " 00 00 08 00" ] || fail "the pixels begin elsewhere"
        [ "$(deep -i "out$bits/clip.mkv")" = "$(deep -start_number 1001 -i "out$bits/clip/a.%04d.dpx")" ] || fail "$bits bits: other pixels"
    done
}

# SMPTE ST 268-1: timecode at byte 1920, two digits a byte; frame rate at 1724 and 1940.
test_each_dpx_has_its_timecode_and_rate() {
    mkdir in
    ff -i "$TINY/clip.mov" -c copy -an -timecode 10:00:00:23 in/clip.mov
    pipeline <<'Y'
outputs:
  dpx: {to: "dpx/${stem}/a.####.dpx", encode: {video: {pix_fmt: gbrp10be}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(od -An -tx1 -j1920 -N4 out/dpx/clip/a.1003.dpx)" = " 10 00 01 00" ] || fail "another timecode"
    [ "$(od -An -tx1 -j1940 -N4 out/dpx/clip/a.1003.dpx)" = " 41 c8 00 00" ] || fail "another rate than 25"
    expect_json out/.rushes/last/report.json '.outputs[0].facts.timecode == "10:00:00:23"'
    expect_json out/.rushes/last/report.json '.outputs[0].facts.color_transfer == "bt709" or .outputs[0].facts.color_transfer == "smpte170m"'
}

test_second_run_does_nothing_and_a_touched_picture_is_made_again_where_that_is_said() {
    sequences
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out frames/clip up_to_date
    sleep 0.01
    printf x >>out/frames/clip/clip.1003.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    expect_status out frames/clip done
    [ "$(tail -c1 out/frames/clip/clip.1003.png)" != x ] || fail "the touched picture is still there"
    expect_nothing_left_over out
}

test_copied_folder_is_up_to_date() {
    sequences
    expect_exit 0 rushes run p.yaml in -o out
    cp -r out/frames/clip other && rm -r out/frames/clip && mv other out/frames/clip
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out frames/clip up_to_date
}

test_shorter_clip_leaves_no_pictures_of_before() {
    sequences
    expect_exit 0 rushes run p.yaml in -o out
    sed -i s/5f/3f/ p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ls out/frames/clip | wc -l)" = 3 ] || fail "pictures of before are left"
}

test_folder_with_somebodys_files_is_not_replaced() {
    sequences
    expect_exit 0 rushes run p.yaml in -o out
    echo mine >out/frames/clip/notes.txt
    expect_exit 1 rushes run p.yaml in -o out --on-exists overwrite
    expect_file out/frames/clip/notes.txt
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | contains("notes.txt")'
    expect_nothing_left_over out
}

test_folder_with_inputs_is_never_an_output() {
    mkdir -p in/clip
    ff -i "$TINY/clip.mov" -c copy in/clip/clip.mov
    pipeline <<'Y'
outputs: {o: {to: "clip/${stem}.####.png"}}
Y
    expect_exit 2 rushes run p.yaml in/clip/clip.mov -o in --on-exists overwrite
    expect_said err "sources are never touched"
}

test_mistakes_are_said_in_words() {
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
outputs:
  a: {to: "####.png"}
  b: {to: "x/####.jpg"}
  c: {to: "x/a.####.png", encode: {video: {codec: dpx}}}
  d: {to: "x/${stem}.dpx"}
  e: {to: "y/##_##.dpx"}
  f: {to: "f/${stem}.####.dpx"}
  g: {from: f, to: "${stem}.mov"}
  h: {to: "h/${stem}.#.dpx"}
  i: {to: "i/${stem}.##########.dpx"}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "numbered pictures need a folder of their own"
    expect_said err 'numbered pictures ("##") are not written as ".jpg"'
    expect_said err 'pictures that end in ".png" are not dpx'
    [ "$(grep -c 'one run of 2 to 9 "#", directly before the extension' "$said/err")" = 4 ] || fail "not all names are refused"
    expect_said err "which can't be a source"
}

test_output_in_the_folder_of_another_is_refused() {
    sequences
    cat >>p.yaml <<'Y'
  poster: {to: "frames/${stem}/poster.jpg", steps: [still: 0s]}
Y
    expect_exit 2 rushes plan p.yaml in -o out
    expect_said err "would stand in the folder that is another output"
}

test_checksums_are_of_each_picture() {
    sequences
    sed -i '1achecksums: xxh128' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -c 'frames/clip/clip.100[1-5].png$' out/CHECKSUMS.xxh128)" = 5 ] || fail "other lines: $(cat out/CHECKSUMS.xxh128)"
    sed -i s/5f/3f/ p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(wc -l <out/CHECKSUMS.xxh128)" = 3 ] || fail "lines of pictures that are gone: $(cat out/CHECKSUMS.xxh128)"
}

# dpx_of RATE TIMECODE: its pictures, and the film that is made of them again
dpx_of() {
    rm -rf in out back
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate="$1":duration=0.05 -timecode "$2" in/clip.mov
    pipeline <<'Y'
outputs:
  dpx: {to: "dpx/${stem}.####.dpx"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    pipeline <<Y
inputs: {include: ["dpx/*.####.dpx"], fps: $1}
outputs: {mov: {to: "\${stem}.mov", encode: {video: prores}}}
Y
    expect_exit 0 rushes run p.yaml out -o back
}

# SMPTE ST 12-1: hours, minutes, seconds, pairs of pictures; the mark of the second is bit 59 of the code word at 50, which is
# the first of the hours, else bit 27, the first of the seconds. Bit 10 says drop-frame, the second of the frames.
test_dpx_of_more_than_30_frames_a_second_counts_pairs() {
    local rate label first second
    while read -r rate label first second; do
        dpx_of "$rate" "$label"
        [ "$(od -An -tx1 -j1920 -N4 out/dpx/clip.1001.dpx | tr -d ' ')" = "$first" ] || fail "$rate: the first picture"
        [ "$(od -An -tx1 -j1920 -N4 out/dpx/clip.1002.dpx | tr -d ' ')" = "$second" ] || fail "$rate: the second picture"
        expect_json out/.rushes/last/report.json ".outputs[0].facts.timecode == \"$label\""
        expect_json back/.rushes/last/report.json ".outputs[0].facts.timecode == \"$label\""
    done <<'E'
50 01:00:00:45 81000022 01000023
60000/1001 10:00:59;59 1000d969 10010042
E
}

test_dpx_of_more_than_60_frames_a_second_has_no_timecode() {
    dpx_of 100 01:00:00:45
    [ "$(od -An -tx1 -j1920 -N4 out/dpx/clip.1001.dpx)" = " ff ff ff ff" ] || fail "there is a timecode"
    expect_json out/.rushes/last/report.json '[.outputs[0].lost[] | select(contains("timecode"))] | length == 1'
}
