# Colours that are followed from step to step, by the planner and into the file.
# Label: media

# grey FILE [OPTION…]: of the code 450 in 10 bits, with these tags
grey() {
    local file=$1
    shift
    ffmpeg -nostdin -v error -y -f lavfi -i color=size=64x64:rate=25:duration=0.2,format=yuv444p10le,lutyuv=y=450:u=512:v=512 \
        -c:v ffv1 "$@" "$file"
}

# tags_of FILE: primaries and transfer
tags_of() {
    ffprobe -v error -select_streams v:0 -show_entries stream=color_transfer,color_primaries -of csv=p=0 "$1"
}

# luma_of FILE: of its first sample, in 10 bits
luma_of() {
    ffmpeg -nostdin -v error -i "$1" -frames:v 1 -f rawvideo -pix_fmt yuv444p10le - | od -An -tu2 -N2 | tr -d ' '
}

# A grey stays grey under saturation, and to ACEScct and back it is what it was: 450, within one
# code.
test_what_has_no_tags_is_known_to_the_next_step() {
    mkdir in
    grey in/a.mkv -color_primaries bt709 -color_trc bt709 -colorspace bt709
    pipeline <<'Y'
inputs: {include: ["*"]}
steps:
  - color: {to: acescct}
  - grade: {saturation: 1.5, space: acescct}
outputs:
  same:
    to: same.mkv
    steps: [color: {from: tagged, to: rec709, tone_map: clip}]
    encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}
  work: {to: work.mkv, encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}}
  again:
    to: again.mkv
    from: work
    steps: [color: {to: rec709, tone_map: clip}]
    encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local file
    for file in same again; do
        [ "$(tags_of out/$file.mkv)" = bt709,bt709 ] || fail "$file: $(tags_of out/$file.mkv)"
        case $(luma_of out/$file.mkv) in 449 | 450 | 451) ;; *) fail "$file: $(luma_of out/$file.mkv)" ;; esac
    done
    # AMPAS S-2016-001: ((450 - 64) / 876)^2.4 of light is 0.393, which is 408 of limited range.
    [ "$(luma_of out/work.mkv)" = 408 ] || fail "ACEScct: $(luma_of out/work.mkv)"
    expect_exit 0 rushes plan p.yaml in -o out --explain same.mkv
    expect_said out "color: acescct (by \`color\` on line 4), limited range, float"
    expect_said out "written: rec709 (by \`color\` on line 9), limited range, 10 bits"
}

# A codec is given the source's depth, or its nearest, also by steps that reckon in floats.
test_plan_names_the_depth_that_is_written_after_a_grade() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i color=size=64x64:rate=25:duration=0.08,format=yuv420p -c:v ffv1 \
        -color_primaries bt709 -color_trc bt709 -colorspace bt709 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [color: {to: pq}]
outputs:
  ffv1: {to: a.mkv, encode: {video: {codec: ffv1}}}
  h264: {to: a.mp4, encode: {video: {codec: h264}}}
  prores: {to: a.mov, encode: {video: {codec: prores}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local row file format bits
    for row in a.mkv:yuv420p:8 a.mp4:yuv420p:8 a.mov:yuv422p10le:10; do
        IFS=: read -r file format bits <<<"$row"
        ffprobe -v error -show_entries stream=pix_fmt -of csv=p=0 "out/$file" | grep -qx "$format" || fail "$file isn't $format"
        expect_exit 0 rushes plan p.yaml in -o out --explain "$file"
        expect_said out "written: pq (by \`color\` on line 3), limited range, $bits bits"
    done
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "main/ffv1: 8 bits are coarse for pq"
    expect_said out "main/h264: 8 bits are coarse for pq"
}

# The format is chosen by depth, chroma and alpha together, in plan and worker alike.
test_plan_and_worker_choose_one_format() {
    mkdir in
    local format row dir ext
    for format in yuv444p yuv440p12le yuva444p10le gbrp; do
        ffmpeg -nostdin -v error -f lavfi -i color=size=256x128:rate=25:duration=0.04,format=$format -c:v ffv1 in/$format.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  h264: {to: "h264/${stem}.mp4", encode: {video: {codec: h264, preset: ultrafast}}}
  vp9: {to: "vp9/${stem}.webm", encode: {video: {codec: vp9}}}
  dnxhd: {to: "dnxhd/${stem}.mov", encode: {video: {codec: dnxhd}}}
  ffv1: {to: "ffv1/${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for row in h264:mp4 vp9:webm dnxhd:mov ffv1:mkv; do
        dir=${row%:*} ext=${row#*:}
        for format in yuv444p yuv440p12le yuva444p10le gbrp; do
            ffprobe -v error -show_entries stream=pix_fmt -of csv=p=0 "out/$dir/$format.$ext" >is
            expect_exit 0 rushes plan p.yaml in -o out --explain "$dir/$format.$ext"
            grep -q "written: .* $(sed -E 's/.*p([0-9]+).*/\1/; t; s/.*/8/' is) bits" "$said/out" ||
                fail "the plan names another depth than that of $(cat is)"
        done
    done
    expect_json out/.rushes/last/report.json '.outputs[] | select(.output == "h264" and (.input | contains("yuv440p12le"))) | .steps
        | any(contains("4:4:0 to 4:2:2"))'
}

# A sample of chroma at the right and lower edge stands for one pixel.
test_a_graded_picture_of_an_odd_size_stays_whole() {
    mkdir in
    ffmpeg -nostdin -v error -f lavfi -i rgbtestsrc=size=63x35:rate=25:duration=0.04,format=rgb24,format=yuv420p -c:v ffv1 in/a.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  was: {to: was.mkv, encode: {video: {codec: ffv1}}}
  is: {to: is.mkv, steps: [grade: {slope: 1.000001, clamp: none}], encode: {video: {codec: ffv1}}}
  vp9: {to: is.webm, steps: [grade: {slope: 1.000001, clamp: none}], encode: {video: {codec: vp9}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local file
    for file in is.mkv is.webm; do
        ffprobe -v error -show_entries stream=width,height,pix_fmt -of csv=p=0 out/$file | grep -qx "63,35,yuv420p" ||
            fail "$file isn't 63x35"
    done
    ffmpeg -nostdin -v error -i out/was.mkv -i out/is.mkv -lavfi "psnr=stats_file=psnr" -f null -
    grep -q "mse_y:0.00" psnr || fail "luma isn't what it was: $(cat psnr)"
}

# Chroma that is made for other pixels isn't what it was.
test_ffv1_keeps_every_sample_of_formats_that_it_has() {
    mkdir in
    local format
    for format in yuv411p yuv440p yuv440p12le yuv420p12le yuva422p; do
        ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x64:rate=25:duration=0.04,format=$format -c:v ffv1 in/$format.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local file
    for file in in/*; do
        cmp <(ffmpeg -nostdin -v error -i "$file" -f framemd5 -) <(ffmpeg -nostdin -v error -i "out/${file#in/}" -f framemd5 -) ||
            fail "$file isn't what it was"
    done
}

# zimg takes neither.
test_rgb_of_10_and_12_bits_with_transparency_goes_into_codecs_and_through_steps() {
    mkdir in
    local depth
    for depth in 10 12; do
        ffmpeg -nostdin -v error -f lavfi -i "nullsrc=size=64x64:rate=25:duration=0.04,format=gbrap${depth}le,
            geq=r='mod(X*67+Y*13,2^$depth)':g='mod(X*13+Y*64,2^$depth)':b='mod(X*3+Y*71,2^$depth)':a='mod(X*16+Y*5,2^$depth)'" \
            -c:v ffv1 in/$depth.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  tiff: {to: "${stem}/tiff/######.tif", encode: {video: {codec: tiff, pix_fmt: rgba64le}}}
  prores: {to: "${stem}/prores.mov", encode: {video: {codec: prores, profile: "4444"}}}
  same: {to: "${stem}/same.mkv", steps: [resize: {width: 32}, resize: {width: 64}], encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json 'all(.outputs[]; .facts.alpha)'
    for depth in 10 12; do
        ffmpeg -nostdin -y -v error -i out/$depth/tiff/*.tif -pix_fmt gbrap${depth}le -f rawvideo is
        ffmpeg -nostdin -y -v error -i in/$depth.mkv -f rawvideo was
        cmp was is || fail "$depth bits aren't what they were"
    done
}

# Red of ITU-R BT.601-7 is 81, 90, 240, and of BT.709-6 63, 102, 240 (8 bits, limited range).
test_color_gives_yuv_the_matrix_of_its_space_and_leaves_what_has_it() {
    mkdir in
    local matrix y u v
    for matrix in smpte170m:81:90:240 bt709:63:102:240; do
        IFS=: read -r matrix y u v <<<"$matrix"
        ffmpeg -nostdin -v error -f lavfi -i color=size=64x64:rate=25:duration=0.08,format=yuv444p,lutyuv=y=$y:u=$u:v=$v \
            -c:v ffv1 -color_primaries bt709 -color_trc bt709 -colorspace "$matrix" "in/$matrix.mkv"
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [color: {to: rec709}]
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    # 81 is rounded, from 81.5: what it becomes is 62 or 63.
    ffmpeg -nostdin -v error -i out/smpte170m.mkv -frames:v 1 -f rawvideo out/red.yuv
    case $(od -An -v -tu1 -w4096 out/red.yuv | awk '{print $1}' | xargs) in
    "62 102 240" | "63 102 240") ;;
    *) fail "not red of BT.709" ;;
    esac
    ffprobe -v error -show_entries stream=color_space -of csv=p=0 out/smpte170m.mkv | grep -qx bt709 || fail "not tagged so"
    cmp <(ffmpeg -nostdin -v error -i in/bt709.mkv -f rawvideo -) <(ffmpeg -nostdin -v error -i out/bt709.mkv -f rawvideo -) ||
        fail "what is BT.709 was changed"
    expect_json out/.rushes/last/report.json '.outputs[] | select(.path == "bt709.mkv") | .steps | any(endswith("no pixel was touched"))'
}

# The LUT is no inversion of anything: only the tags are looked at.
test_what_a_lut_gives_is_tagged_so() {
    mkdir in
    grey in/a.mkv -color_primaries bt709 -color_trc bt709 -colorspace bt709
    printf 'LUT_1D_SIZE 2\n0.1 0.1 0.1\n0.9 0.9 0.9\n' >look.cube
    pipeline <<'Y'
inputs: {include: ["*"]}
steps:
  - grade: {lut: look.cube, space: slog3, lut_to: pq}
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}}
  kept: {to: kept.mkv, steps: [grade: {saturation: 1.1, space: pq}], encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(tags_of out/a.mkv)" = smpte2084,bt2020 ] || fail "$(tags_of out/a.mkv)"
    [ "$(tags_of out/kept.mkv)" = smpte2084,bt2020 ] || fail "$(tags_of out/kept.mkv)"
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "tagged as pq, which the LUT gives")'
    sed -i 's/, lut_to: pq//; /kept/d' p.yaml
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    [ "$(tags_of out/a.mkv)" = bt709,bt709 ] || fail "$(tags_of out/a.mkv)"
}

test_a_grade_for_another_space_refuses_that_film_alone() {
    mkdir in
    grey in/a.mkv -color_primaries bt2020 -color_trc smpte2084 -colorspace bt2020nc
    grey in/b.mkv -color_primaries bt709 -color_trc bt709 -colorspace bt709
    pipeline <<'Y'
inputs: {include: ["*"]}
steps:
  - grade: {saturation: 1.1, space: slog3}
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[] | select(.input == "a.mkv").error | .class == "config" and
        (.message | contains("p.yaml:4: grade: the CDL is meant for slog3, but pq (tagged so) flows here"))'
    expect_no_file out/a.mkv
    expect_file out/b.mkv
    rm in/b.mkv
    expect_exit 1 rushes run p.yaml in -o none
}

# Of linear light that has no tags a stop is a doubling, where the space is said.
test_a_stop_of_acescg_is_a_doubling() {
    mkdir in
    grey in/a.mkv -color_primaries bt709 -color_trc linear -colorspace bt709
    pipeline <<'Y'
inputs: {include: ["*"]}
steps:
  - color: {from: linear-rec709, to: acescg}
  - grade: {exposure: 1 stops, space: acescg}
  - color: {to: linear-rec709}
outputs:
  o: {to: "${stem}.mkv", encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    # 64 + 2 * (450 - 64)
    case $(luma_of out/a.mkv) in 835 | 836 | 837) ;; *) fail "$(luma_of out/a.mkv)" ;; esac
}

# BT.709 and SMPTE 170M have one transfer curve (H.273, table 3: 1 and 6).
test_what_is_rec709_by_another_name_is_tagged_rec709() {
    mkdir in
    grey in/a.mkv -color_primaries bt709 -color_trc smpte170m -colorspace bt709
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [color: {to: rec709}]
outputs:
  o: {to: o.mkv, encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}, expect: {color_transfer: bt709}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(tags_of out/o.mkv)" = bt709,bt709 ] || fail "tagged as $(tags_of out/o.mkv)"
    [ "$(luma_of out/o.mkv)" = 450 ] || fail "450 became $(luma_of out/o.mkv)"
}

test_plan_tells_that_tags_are_no_space_that_is_known() {
    mkdir in
    grey in/a.mkv -color_primaries bt470m -color_trc bt709 -colorspace bt709
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [color: {to: rec709}]
outputs:
  o: {to: o.mkv, encode: {video: {codec: ffv1, pix_fmt: yuv444p10le}}}
Y
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "color can't tell the space"
}

# ITU-T H.265, D.2.38, as ETSI TS 101 154 has it for HLG10: the header says 14, for receivers that
# don't know 18, and so do containers whose muxer didn't look at the pictures.
test_hlg_by_the_curve_that_pictures_prefer_is_hlg() {
    mkdir in
    local codec curve
    while read -r codec curve; do
        ffmpeg -nostdin -v error -f lavfi -i color=gray:size=64x64:rate=25:duration=0.2,format=yuv420p10le -c:v "$codec" \
            -"${codec#lib}-params" "log=-1:$curve" -color_primaries bt2020 -color_trc bt2020-10 -colorspace bt2020nc "in/$codec.mkv"
    done <<'C'
libx264 alternative-transfer=arib-std-b67
libx265 atc-sei=18
C
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mkv: {to: "${stem}/copy.mkv", encode: {video: {codec: copy}}}
  mp4: {to: "${stem}/copy.mp4", encode: {video: {codec: copy}}}
  made: {to: "${stem}/made.mp4", encode: {video: {codec: h264, pix_fmt: yuv420p10le, preset: ultrafast}}}
  sdr: {to: "${stem}/sdr.mkv", steps: [color: {to: rec709}], encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "sdr")
        | .steps | any(contains("colours converted: hlg to rec709"))] == [true, true]'
    local file
    for file in in/libx264.mkv in/libx265.mkv out/*/copy.* out/*/made.mp4; do
        rushes probe --json "$file" >probed
        expect_json probed '.[0].hdr_format == "hlg"'
    done
    for file in out/*/copy.*; do
        rushes probe --json "$file" >probed
        expect_json probed '.[0].container_colors == "9-18-9"'
    done
}
