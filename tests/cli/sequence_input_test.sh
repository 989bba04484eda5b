# Numbered pictures as inputs: one film each.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }
hash_of() { ffmpeg -nostdin -v error "$@" -pix_fmt rgb24 -f md5 -; }

# 12 pictures from a number in a format: pictures 1001 exr
pictures() {
    mkdir -p in/a
    ff -f lavfi -i "nullsrc=size=64x48:rate=24:duration=0.5,geq=lum=40+N*12:cb=128:cr=128,format=rgb24" -start_number "$1" "in/a/shot.%04d.$2"
}

film() {
    pipeline <<Y
inputs: {include: ["**/shot.####.$1"], fps: 24, on_gap: ${2:-fail}}
outputs:
  film: {to: "\${stem}.mkv", encode: {video: ffv1}}
Y
}

test_pictures_are_one_film_of_their_rate_and_length() {
    pictures 17 png
    film png
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(hash_of -start_number 17 -i in/a/shot.%04d.png)" = "$(hash_of -i out/shot.mkv)" ] || fail "other pictures"
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .frames == 12 and .fps == 24 and .duration == 0.5'
    expect_nothing_left_over out
}

# libavcodec leaves black what isn't there, and says nothing.
test_half_of_an_openexr_among_others_is_named() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x64:rate=24:duration=0.125 -pix_fmt gbrpf32le -start_number 17 in/shot.%04d.exr
    truncate -s $(($(stat -c %s in/shot.0018.exr) / 2)) in/shot.0018.exr
    film exr
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "input_damaged"
        and (.message | test("shot.0018.exr is damaged or cut off: [0-9]+ of its 64 blocks"))'
    echo 'damaged: allow' >> p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | .facts.frames == 3
        and (.steps | any(contains("shot.0018.exr")))'
}

# libavcodec writes the rate into OpenEXR (framesPerSecond).
test_another_rate_in_the_pictures_is_said() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=24:duration=0.125 -pix_fmt gbrpf32le -start_number 17 in/shot.%04d.exr
    film exr
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | any(.steps[]; contains("frames a second")) | not'
    sed -i 's/fps: 24/fps: 25/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | .facts.fps == 25
        and any(.steps[]; contains("says 24 frames a second, and the job'"'"'s `fps` of 25 is taken"))'
}

# What of the first picture's metadata is in no film, in the words of single stills.
test_what_the_pictures_say_of_themselves_is_told_as_dropped() {
    local format
    for format in tif png jpg; do
        rm -rf in out
        mkdir in
        ff -f lavfi -i testsrc2=size=64x48:rate=24:duration=0.125 -pix_fmt "$([ "$format" = jpg ] && echo yuvj420p || echo rgb24)" \
            -start_number 17 "in/shot.%04d.$format"
        film "$format"
        expect_exit 0 rushes run p.yaml in -o out
        expect_json out/.rushes/last/report.json '.outputs[0] | any(.carried[]; .what == "GPS") | not'
        exiftool -q -m -overwrite_original -n -GPSLatitude=52.5 -GPSLatitudeRef=N -Model=Camera \
            -DateTimeOriginal="2020:01:02 03:04:05" -XMP:Creator=X -IPTC:City=Berlin "in/shot.0017.$format"
        expect_exit 0 rushes run p.yaml in -o out
        expect_json out/.rushes/last/report.json '.outputs[0] | [.carried[] | select(.fate == "dropped") | .what]
            | contains(["GPS", "date taken", "camera", "XMP", "IPTC", "artist"])'
        expect_json out/.rushes/last/report.json '.outputs[0] | any(.lost[]; test("GPS.*: a film is made of the pictures alone"))'
    done
    sed -i 's/  film: {/  film: {keep: location, /' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
}

test_a_missing_picture_is_named() {
    pictures 17 png
    film png
    rm in/a/shot.0020.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error | .class == "input_damaged" and (.message | contains("picture 0020"))'
}

test_a_missing_picture_is_held_and_reported() {
    pictures 17 png
    film png hold
    rm in/a/shot.0020.png
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | .facts.frames == 12 and any(.steps[]; contains("held: 0020"))'
    ff -i out/shot.mkv -f framemd5 frames
    [ "$(awk '/^0/ {print $NF}' frames | sed -n '3p;4p' | uniq | wc -l)" = 1 ] || fail "another picture is shown for it"
}

test_a_damaged_picture_is_damage_of_the_film() {
    pictures 17 png
    film png
    truncate -s 60 in/a/shot.0021.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.class == "input_damaged"'
}

test_second_run_does_nothing_until_a_picture_changes() {
    pictures 17 png
    film png
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out shot.mkv up_to_date
    cp in/a/shot.0018.png in/a/shot.0019.png
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out shot.mkv done
}

# Its timecode and first_frame are other ones.
test_renumbered_pictures_are_another_film() {
    pictures 17 png
    film png
    expect_exit 0 rushes run p.yaml in -o out
    for picture in in/a/*.png; do mv "$picture" "${picture/.00/.10}"; done
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out shot.mkv done
}

test_another_rate_is_another_film() {
    pictures 17 png
    film png
    expect_exit 0 rushes run p.yaml in -o out
    sed -i 's/fps: 24/fps: 25/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | .status == "done" and .facts.fps == 25'
}

# 86400 frames of 24 a second are an hour.
test_number_is_the_timecode_and_kept_where_asked() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48:rate=24:duration=0.2 -start_number 86400 in/s.%07d.png
    pipeline <<'Y'
inputs: {include: ["*.#######.png"], fps: 24}
outputs:
  film: {to: "${stem}.mov", encode: {video: prores}}
  again: {to: "again/${stem}.#######.tif", encode: {first_frame: "${first_frame}"}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "film")][0].facts.timecode == "01:00:00:00"'
    expect_file out/again/s.0086400.tif
}

# FFmpeg's pixels begin where a longer header has the timecode: black isn't 00:00:00:00.
test_pixels_of_a_dpx_with_a_short_header_are_no_timecode() {
    mkdir in
    ff -f lavfi -i color=black:size=64x48:rate=24:duration=0.1,format=gbrp10be -start_number 86400 in/s.%07d.dpx
    pipeline <<'Y'
inputs: {include: ["*.#######.dpx"], fps: 24}
outputs: {film: {to: "${stem}.mov", encode: {video: prores}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts.timecode == "01:00:00:00"'
}

# A DPX that is written here has its timecode in the header, which says more than its number.
test_timecode_and_colours_of_a_dpx_are_those_of_its_header() {
    mkdir in
    ff -f lavfi -i color=gray:size=1280x32:rate=25:duration=0.12 -timecode 10:00:00:05 -c:v ffv1 in/s.mov
    pipeline <<'Y'
outputs: {dpx: {to: "dpx/${stem}.####.dpx", encode: {video: {pix_fmt: gbrp10be}}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    pipeline <<'Y'
inputs: {include: ["dpx/*.####.dpx"], fps: 25}
outputs: {mov: {to: "${stem}.mov", encode: {video: prores}}}
Y
    expect_exit 0 rushes run p.yaml out -o back
    expect_json back/.rushes/last/report.json '.outputs[0].facts | .timecode == "10:00:00:05" and .color_transfer == "bt709"'
}

test_attributes_of_openexr_that_nobody_reads_are_told_as_lost_once_a_film() {
    mkdir in
    ff -f lavfi -i testsrc2=size=16x16:rate=24:duration=0.084 -pix_fmt gbrpf32le in/a.%04d.exr
    for n in 1 2; do cp in/a.000$n.exr in/b.000$n.exr; done
    pipeline <<'Y'
inputs: {include: ["*.####.exr"], fps: 24}
steps: [color: {to: rec709, tone_map: clip}]
outputs:
  film: {to: "${stem}.mkv", encode: {video: ffv1}}
  both: {each: job, to: "both.mkv", encode: {video: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "film") | .lost] == [["gamma, writer: read by nobody here"], ["gamma, writer: read by nobody here"]]'
    expect_json out/.rushes/last/report.json '.outputs[] | select(.output == "both")
        | .lost == ["gamma, writer: read by nobody here", "b.####.exr: gamma, writer: read by nobody here"]
        and any(.carried[]; .what == "gamma, writer" and .fate == "dropped")'
}

# OpenEXR holds linear light: 0.18 is shown by code 16 + 219 * 0.18^(1/2.4) = 123.2 (ITU-R BT.1886, black 0).
test_exr_is_linear_light() {
    mkdir in
    ff -f lavfi -i "color=black:size=64x48:rate=24:duration=0.125,format=gbrpf32le,geq=r=0.18:g=0.18:b=0.18" -start_number 1 in/s.%04d.exr
    pipeline <<'Y'
inputs: {include: ["s.####.exr"], fps: 24}
steps: [color: {to: rec709, tone_map: clip}]
outputs:
  film: {to: "${stem}.mkv", encode: {video: {codec: ffv1, pix_fmt: yuv444p}}}
  light: {to: "light/s.####.exr", steps: [color: {to: linear-rec2020}]}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[] | select(.output == "film") | .facts.color_transfer == "bt709"'
    ff -i out/light/s.1001.exr -f rawvideo -pix_fmt gbrpf32le light.raw
    light=$(od -An -tf4 -N4 light.raw)
    awk "BEGIN {exit !($light > 0.179 && $light < 0.181)}" || fail "18 % is $light"
    y=$(ffmpeg -nostdin -v error -i out/s.mkv -frames:v 1 -f rawvideo -pix_fmt yuv444p - | od -An -tu1 -N1)
    [ "$y" -ge 122 ] && [ "$y" -le 124 ] || fail "grey is $y"
}

test_a_picture_named_by_hand_stands_for_its_sequence() {
    pictures 17 png
    film png
    expect_exit 0 rushes run p.yaml in/a/shot.0019.png -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts.frames == 12'
}

test_films_of_two_folders_are_joined() {
    pictures 17 png
    mkdir in/b && cp in/a/shot.00{17,18,19}.png in/b
    film png
    sed -i 's/to: "[^"]*"/to: all.mkv, each: job/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts.frames == 15'
}

test_mistakes_are_said_in_words() {
    pipeline <<'Y'
jobs:
  a: {inputs: {include: ["x.####.dpx"]}, outputs: {o: {to: a.mov}}}
  b: {inputs: {include: ["*.dpx"], fps: 24}, outputs: {o: {to: b.mov}}}
  c: {inputs: {include: ["x.####.dpx"], fps: film}, outputs: {o: {to: c.mov}}}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "numbered pictures have no frame rate of their own"
    expect_said err "here is neither"
    expect_said err '"film" is not a frame rate'
    film png
    mkdir in
    expect_exit 2 rushes watch p.yaml in -o out
    expect_said err "which is the last to arrive"
}
