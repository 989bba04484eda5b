# Stills as films.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }

film() {
    pipeline <<'Y'
inputs: {include: ["*.{png,jpg}"], fps: 24000/1001, duration: 1s}
outputs: {film: {to: "${stem}.mkv", encode: {video: ffv1}}}
Y
}

test_a_still_is_shown_so_long_at_that_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/card.png
    film
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .frames == 24 and .fps_ratio == "24000/1001"'
    ff -i out/card.mkv -pix_fmt rgb24 -f framemd5 frames
    [ "$(awk '/^0/ {print $NF}' frames | uniq)" = "$(ffmpeg -v error -i in/card.png -pix_fmt rgb24 -f framemd5 - | awk '/^0/ {print $NF}')" ] ||
        fail "another picture"
}

# IEC 61966-2-1: sRGB's 128 is 0.2158 of light; ITU-R BT.1886: 16 + 219 * 0.2158^(1/2.4) = 131.5.
test_its_srgb_becomes_video_where_asked() {
    mkdir in
    ff -f lavfi -i color=0x808080:size=64x48,format=rgb24 -frames:v 1 in/grey.png
    film
    sed -i '2a steps: [color: {to: rec709}]' p.yaml
    sed -i 's/video: ffv1/video: {codec: ffv1, pix_fmt: yuv444p}/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts | .color_transfer == "bt709" and .color_primaries == "bt709"'
    y=$(ffmpeg -nostdin -v error -i out/grey.mkv -frames:v 1 -f rawvideo -pix_fmt yuv444p - | od -An -tu1 -N1)
    [ "$y" -ge 131 ] && [ "$y" -le 132 ] || fail "grey is $y"
}

test_what_it_says_of_itself_is_told_as_dropped() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/card.jpg
    exiftool -q -overwrite_original -n -GPSLatitude=52.5 -GPSLatitudeRef=N in/card.jpg
    film
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0] | any(.carried[]; .what == "GPS" and .fate == "dropped")'
}

test_another_length_makes_it_again_and_films_beside_it_are_as_they_were() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/card.png
    ff -f lavfi -i testsrc2=size=64x48:rate=25:duration=0.2 in/clip.mov
    film
    sed -i 's/{png,jpg}/{png,mov}/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    sed -i 's/1s/2s/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.path == "card.mkv")][0] | .status == "done" and .facts.frames == 48'
    expect_status out clip.mkv up_to_date
}

test_a_damaged_still_is_damage() {
    mkdir in
    ff -f lavfi -i testsrc2=size=64x48 -frames:v 1 in/card.png
    truncate -s 500 in/card.png
    film
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].error.class == "input_damaged"'
}

test_mistakes_are_said_in_words() {
    pipeline <<'Y'
jobs:
  a: {inputs: {include: ["*.png"], duration: 5s}, outputs: {o: {to: a.mov}}}
  b: {inputs: {include: ["*.png"], fps: 25, duration: soon}, outputs: {o: {to: b.mov}}}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "stills have no frame rate of their own"
    expect_said err '"soon" is not a duration'
}
