# Formats that are opened only where a pipeline trusts them.
# Label: media

# Half of the light there is (OpenEXR, Radiance), and half of the code values (the others).
halves() {
    mkdir -p in
    local grey="color=0x808080:size=16x8"
    ffmpeg -nostdin -v error -y -f lavfi -i "$grey" -frames:v 1 -pix_fmt gbrapf32le in/a.exr
    ffmpeg -nostdin -v error -y -f lavfi -i "$grey" -frames:v 1 -pix_fmt gbrp10be in/b.dpx
    ffmpeg -nostdin -v error -y -f lavfi -i "$grey" -frames:v 1 -pix_fmt rgb24 in/c.ppm
    vips copy in/c.ppm "in/d.jxl[lossless]"
    vips linear in/c.ppm f.v 0.00392157 0
    vips copy f.v g.v --interpretation scrgb
    vips copy g.v in/e.hdr
}

test_trusted_formats_come_out_as_they_are_meant() {
    halves
    pipeline <<'Y'
inputs: {include: ["*.*"], trust: [exr, dpx, jxl, hdr, ppm]}
outputs:
  web: {to: "${stem}.png", encode: {image: {bit_depth: 8}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    # IEC 61966-2-1: 0.502 linear is 188 of 255.
    for name in a 188 b 128 c 128 d 128 e 188; do
        case $name in
        [a-e]) file=$name ;;
        *) value=$(vips getpoint "out/$file.png" 5 5 | cut -d' ' -f1)
           [ $((value - name)) -ge -1 ] && [ $((value - name)) -le 1 ] || fail "$file is $value, not $name" ;;
        esac
    done
}

test_what_is_not_trusted_is_refused_with_the_word_to_say() {
    halves
    cp in/a.exr in/f.jpg
    pipeline <<'Y'
jobs:
  some: {inputs: {include: ["c.ppm", "d.jxl"], trust: ppm}, outputs: {web: {to: "some/${stem}.png"}}}
  rest: {outputs: {web: {to: "rest/${stem}.png"}}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    [ -e out/some/c.png ] || fail "what was trusted isn't there"
    local report=out/.rushes/last/report.json word
    for word in a.exr:exr b.dpx:dpx c.ppm:ppm d.jxl:jxl e.hdr:hdr f.jpg:exr; do
        expect_json $report "[.outputs[] | select(.job == \"rest\" and .input == \"${word%:*}\")][0].error
            | .class == \"unsupported\" and (.message | contains(\"trust: [${word#*:}]\"))"
    done
    expect_exit 1 rushes probe in/d.jxl
    expect_exit 0 rushes probe in/d.jxl --trust jxl,exr
    expect_exit 2 rushes probe in/d.jxl --trust svg
}

test_trust_of_an_unknown_format_is_pointed_at() {
    mkdir -p in
    pipeline <<'Y'
inputs: {include: ["*"], trust: [exr, magick]}
outputs:
  web: {to: "${stem}.png"}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err '"magick" is no format that `trust` opens'
}

# libavcodec leaves black what isn't there, and says nothing.
test_half_of_an_openexr_is_no_picture() {
    halves
    mkdir cut
    ffmpeg -nostdin -v error -y -f lavfi -i testsrc2=size=64x64 -frames:v 1 -pix_fmt gbrpf32le a.exr
    head -c $(($(stat -c %s a.exr) / 2)) a.exr > cut/a.exr
    head -c $(($(stat -c %s in/b.dpx) * 9 / 10)) in/b.dpx > cut/b.dpx
    head -c $(($(stat -c %s in/d.jxl) - 4)) in/d.jxl > cut/d.jxl
    pipeline <<'Y'
inputs: {include: ["*.*"], trust: [exr, dpx, jxl]}
outputs:
  web: {to: "${stem}.png"}
Y
    expect_exit 1 rushes run p.yaml cut -o out
    expect_json out/.rushes/last/report.json '[.outputs[].error.class] == ["input_damaged", "input_damaged", "input_damaged"]'
    [ -z "$(ls out)" ] || fail "there are files: $(ls out)"
}

test_what_no_job_can_trust_is_unsupported_under_any_name() {
    mkdir in
    echo '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>' > in/a.jpg
    printf '%%PDF-1.4\n\342\343\317\323\n' > in/b.jpg
    { printf 'MATLAB 5.0 MAT-file, Platform: GLNXA64'; head -c 100 /dev/zero; } > in/c.png
    printf 'push graphic-context\nviewbox 0 0 9 9\n' > in/d.jpg
    pipeline <<'Y'
inputs: {include: ["*.*"], trust: [exr, dpx, jxl, hdr, ppm]}
outputs:
  web: {to: "${stem}.png"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].error.class] | unique == ["unsupported"]'
}

test_jpeg_xl_that_was_made_here_needs_no_word() {
    mkdir in
    cp "$FILES/tiny/photo.jpg" in/a.jpg
    pipeline <<'Y'
steps: [metadata: {copyright: Example Films}]
outputs:
  master: {to: "${stem}.jxl", encode: {image: {lossless: true}}}
  web: {from: master, to: "${stem}-web.png"}
  direct: {to: "${stem}-direct.png"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "master")][0]
        | .facts.codec == "jxl" and (.lost | any(contains("copyright")))'
    vips subtract out/a-web.png out/a-direct.png d.v
    vips abs d.v e.v
    [ "$(vips max e.v | cut -d. -f1)" = 0 ] || fail "other pixels"
}

# near FILE X Y VALUE: each component of that pixel is within 100 of 65535
near() {
    local value want
    read -r -a value < <(vips getpoint "$1" "$2" "$3")
    for want in "${@:4}"; do
        [ $((${value[0]} - want)) -ge -100 ] && [ $((${value[0]} - want)) -le 100 ] ||
            fail "$1 has $(vips getpoint "$1" "$2" "$3") at $2, $3, not ${*:4}"
        value=("${value[@]:1}")
    done
}

# IEC 61966-2-1: 0.5 linear is 48192 of 65535, 0.25 is 35199; in Adobe RGB (1998) 0.5 is 47825.
test_camera_raw_is_developed_by_its_cameras_colours() {
    pkg-config --exists libraw || exit 77
    mkdir in
    python3 "$SOURCE/tests/cli/dng.py" in/a.dng
    pipeline <<'Y'
inputs: {trust: [raw]}
outputs:
  whole: {to: "${stem}.png", encode: {image: {bit_depth: 16}}}
  half: {steps: [resize: {width: 12}], to: half.png, encode: {image: {bit_depth: 16}}}
  adobe: {to: adobe.png, encode: {image: {bit_depth: 16, profile: adobe-rgb}}}
  archive: {to: archive.jpg, encode: {image: {metadata: archive}}}
  web: {to: web.jpg}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(vipsheader -f width out/a.png)x$(vipsheader -f height out/a.png)" = 48x64 ] || fail "it isn't upright"
    near out/a.png 10 32 48192 48192 48192
    near out/a.png 40 32 35199 0 0
    near out/half.png 2 8 48192 48192 48192
    near out/half.png 10 8 35199 0 0
    near out/adobe.png 10 32 47825 47825 47825
    exiftool -a -s -n out/archive.jpg > said
    for line in 'Make *: Rushes' 'Model *: Test One' 'LensModel *: Prime 35mm F2' 'FNumber *: 5.6' 'ISO *: 400' \
        'DateTimeOriginal *: 2026:11:27 08:30:00' 'GPSLatitude *: 43.474483' 'Orientation *: 1'; do
        grep -q "^$line" said || fail "archive hasn't $line: $(cat said)"
    done
    exiftool -s out/web.jpg | grep -E "GPS|Model" && fail "web tells it"
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.output == "web")][0] | .steps[0] | startswith("developed from camera raw")'
}

test_half_of_a_camera_raw_is_no_picture() {
    pkg-config --exists libraw || exit 77
    mkdir in
    python3 "$SOURCE/tests/cli/dng.py" in/a.dng --cut 3000
    pipeline <<'Y'
inputs: {trust: raw}
outputs:
  web: {to: "${stem}.png"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.class == "input_damaged"'
}

test_camera_raw_above_the_limit_is_refused_on_its_header() {
    pkg-config --exists libraw || exit 77
    mkdir in
    python3 "$SOURCE/tests/cli/dng.py" in/a.dng --size 1200x900 --cut 2000000
    pipeline <<'Y'
inputs: {trust: raw, max_megapixels: 1}
outputs:
  web: {to: "${stem}.png"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "unsupported" and (.message | contains("the limit is 1 million"))'
    expect_exit 1 rushes probe in/a.dng
    expect_said out "trust: [raw]"
}
