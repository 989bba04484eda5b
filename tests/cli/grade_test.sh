# Grades: what changes nothing changes no code, on a frame and on a still alike.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }

# made NAME PIX_FMT MATRIX RANGE [OPTIONS…]: hard edges and all colours, losslessly
made() {
    mkdir -p in
    ff -f lavfi -i "testsrc2=size=162x92:rate=25:duration=0.2,format=$2" -colorspace "$3" -color_range "$4" \
        -color_primaries bt709 -color_trc bt709 "${@:5}" -c:v ffv1 "in/$1.mkv"
}

pixels() { ff -i "$1" -map 0:v -f rawvideo - | md5sum; }

tags() {
    ffprobe -v error -select_streams v:0 -show_entries stream=pix_fmt,color_range,color_space,field_order \
        -of csv=p=0 "$1"
}

# Not neutral, so that it is computed; without effect, so that nothing may change.
idle_pipeline() {
    pipeline <<'Y'
inputs: {include: ["*.mkv"]}
steps: [grade: {slope: 1.00000001, clamp: none}]
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: none}}}
Y
}

same_pixels() {
    for clip in in/*.mkv; do
        local out=out/${clip#in/}
        [ "$(pixels "$clip")" = "$(pixels "$out")" ] || fail "$out has other pixels"
        [ "$(tags "$clip")" = "$(tags "$out")" ] || fail "$out is tagged $(tags "$out"), not $(tags "$clip")"
    done
    jq -e '[.outputs[].steps[] | select(startswith("graded"))] | length > 0' out/.rushes/last/report.json \
        >/dev/null || fail "nothing was graded"
}

test_grade_without_effect_changes_no_code() {
    made a yuv420p bt709 tv
    made b yuv422p10le bt2020nc tv
    made c yuv420p smpte170m pc
    made d yuv444p12le bt709 tv
    made e yuva444p10le bt709 tv
    made f gbrp16le rgb pc
    made g yuv420p10le bt709 tv -chroma_sample_location topleft
    idle_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    same_pixels
}

test_fields_are_graded_apart() {
    made a yuv420p bt709 tv -vf setfield=tff,fieldorder=tff -field_order tt
    idle_pipeline
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(pixels in/a.mkv)" = "$(pixels out/a.mkv)" ] || fail "other pixels"
}

test_grade_shared_by_two_outputs_changes_no_code() {
    made a yuv420p bt709 tv
    pipeline <<'Y'
inputs: {include: ["*.mkv"]}
steps: [grade: {slope: 1.00000001, clamp: none}]
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: none}}}
  p: {to: "${stem}_small.mkv", encode: {video: {codec: ffv1}, audio: {codec: none}}, steps: [resize: {width: 80}]}
Y
    expect_exit 0 rushes run p.yaml in -o out
    same_pixels
}

# I13: at most a code of 8 bits between them.
test_still_and_frame_are_graded_alike() {
    mkdir in
    ff -f lavfi -i testsrc2=size=162x92 -frames:v 1 -pix_fmt rgb24 in/a.png
    ff -i in/a.png -pix_fmt gbrp -colorspace rgb -color_primaries bt709 -color_trc bt709 -c:v ffv1 in/a.mkv
    printf 'LUT_3D_SIZE 2\n0 0 .1\n.9 0 0\n0 1 0\n1 1 0\n0 .2 1\n1 0 1\n0 1 .8\n1 1 1\n' >look.cube
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [grade: {slope: [1.1, 1, 0.9], offset: 0.02, power: [0.9, 1, 1.2], saturation: 0.8, lut: look.cube}]
outputs:
  film: {when: kind == video, to: "${stem}.mkv", encode: {video: {codec: ffv1}, audio: {codec: none}}}
  still: {when: kind == image, to: "${stem}.png"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    ff -i out/a.mkv -pix_fmt rgb24 -f rawvideo frame
    ff -i out/a.png -pix_fmt rgb24 -f rawvideo still
    [ "$(stat -c %s frame)" = "$(stat -c %s still)" ] || fail "not of one size"
    # cmp counts in octal.
    cmp -l frame still | awk 'function n(o) { return int(o / 100) * 64 + int(o % 100 / 10) * 8 + o % 10 }
        { d = n($2) - n($3); bad += d > 1 || d < -1 } END { exit bad > 0 }' ||
        fail "more than a code between still and frame"
}

one_graded_clip() {
    mkdir -p in
    cp "$FILES/tiny/clip.mov" in/
    pipeline <<Y
steps:
  - grade: {$1}
to: "\${stem}.mp4"
Y
}

# Exit 2, no output, and the places in both files.
nothing_runs() {
    expect_exit 2 rushes run p.yaml in -o out
    expect_said err "$1"
    expect_said err "p.yaml:3:$2: error: grade."
    [ -z "$(published out)" ] || fail "something was made"
    expect_no_file out/.rushes/last
}

test_broken_lut_is_an_error_before_anything_runs() {
    printf 'LUT_1D_SIZE 2\n0 0 0\n1 1,0 1\n' >look.cube
    one_graded_clip "lut: look.cube"
    nothing_runs "look.cube:3:3: error: " 18
    expect_exit 2 rushes plan p.yaml in
    expect_exit 2 rushes lint look.cube
    expect_exit 0 rushes lint p.yaml
    printf 'LUT_1D_SIZE 2\n0 0 0\n1 .9 1\n' >look.cube
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/clip.mp4
}

test_broken_cdl_is_an_error_before_anything_runs() {
    cat >show.ccc <<'X'
<ColorCorrectionCollection>
  <ColorCorrection id="clip">
    <SOPNode><Slope>1 1 1</Slope><Offset>0 0</Offset><Power>1 1 1</Power></SOPNode>
  </ColorCorrection>
</ColorCorrectionCollection>
X
    one_graded_clip "cdl: show.ccc"
    nothing_runs "show.ccc:3:42: error: " 18
    sed -i 's/>0 0</>0 0 0.1</' show.ccc
    expect_exit 0 rushes run p.yaml in -o out
    expect_file out/clip.mp4
    expect_exit 0 rushes run p.yaml in -o out
    expect_said out "up to date"
}
