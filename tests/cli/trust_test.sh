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
