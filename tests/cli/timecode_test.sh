# Which timecode an output has, as ffprobe alone reads it.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }
timecode() { ffprobe -v error -show_entries "$2_tags=timecode" -of csv=p=0 "$1" | sort -u | tr -d '\n'; }
run() { expect_exit "${1:-0}" rushes run p.yaml in -o out; }

# Which pictures are missing lowers the average rate, not what a timecode counts (SMPTE ST 12-1).
test_a_copy_that_lacks_pictures_counts_at_its_nominal_rate() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=30000/1001:duration=4 -c:v libx264 -preset ultrafast whole.mp4
    ff -i whole.mp4 -c copy -timecode '01:00:00;00' -bsf:v "noise=drop='between(n,50,54)'" in/drop.mp4
    ff -i whole.mp4 -c copy -timecode 10:00:00:00 -bsf:v "noise=drop='gte(n,9)*eq(mod(n,15),0)'" in/even.mp4
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mov: {to: "${stem}.mov", keep: timecode, encode: {container: mov, video: {codec: copy}}}
  mp4: {to: "${stem}.mp4", keep: timecode, encode: {container: mp4, video: {codec: copy}}}
Y
    run
    local container
    for container in mov mp4; do
        expect "$(timecode out/drop.$container stream)" '01:00:00;00' "$container with drop frames"
        expect "$(timecode out/even.$container stream)" 10:00:00:00 "$container without"
        expect "$(ffprobe -v error -select_streams d -show_entries stream=avg_frame_rate -of csv=p=0 out/even.$container)" \
            30000/1001 "the rate of the timecode in $container"
    done
}

# Avid puts tracks of OP-Atom together by their timecode.
test_sound_of_op_atom_says_what_its_picture_says() {
    mkdir in
    local name rate label
    while read -r name rate label; do
        ff -f lavfi -i "testsrc2=size=256x144:rate=$rate:duration=3" -f lavfi -i sine=sample_rate=48000:duration=3 \
            -c:v mpeg4 -c:a pcm_s24le -timecode "$label" "in/$name.mov"
    done <<'Y'
pal 25 10:00:00:00
ntsc 30000/1001 00:59:59;28
high 50 10:00:00:00
Y
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 1.01s}]
outputs:
  v: {to: "v/${stem}.mxf", keep: timecode, encode: {container: mxf_opatom, video: {codec: dnxhd, profile: dnxhr_lb}, audio: {codec: none}}, steps: [trim: {from: 0.5s}]}
  a: {to: "a/${stem}.mxf", keep: timecode, encode: {container: mxf_opatom, video: {codec: none}, audio: {codec: pcm_s24le, channels: 1}}, steps: [trim: {from: 0.5s}]}
  copy: {to: "copy/${stem}.mxf", keep: timecode, encode: {container: mxf_opatom, video: {codec: none}, audio: {codec: copy}}, steps: [trim: {from: 0.5s}]}
  mkv: {to: "mkv/${stem}.mkv", keep: timecode, encode: {container: mkv, video: {codec: none}}, steps: [trim: {from: 0.5s}]}
Y
    run
    while read -r name label; do
        expect "$(timecode out/v/$name.mxf format)" "$label" "picture of $name"
        expect "$(timecode out/a/$name.mxf format)" "$label" "sound of $name"
        expect "$(timecode out/copy/$name.mxf format)" "$label" "copied sound of $name"
        expect "$(timecode out/mkv/$name.mkv format)" "$label" "sound of $name in Matroska"
    done <<'Y'
pal 10:00:01:14
ntsc 01:00:01;14
high 10:00:01:26
Y
}

# why FILE: the timecode isn't in it
why() { jq -r --arg path "$1" '.outputs[] | select(.path == $path) | .carried[] | select(.what == "timecode") | .why' $REPORT; }

test_sound_alone_says_why_it_has_no_timecode() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2 \
        -c:v mpeg4 -c:a pcm_s24le -timecode 10:00:00:00 in/a.mov
    pipeline <<'Y'
outputs:
  mov: {to: a.mov, encode: {container: mov, video: {codec: none}}}
  mp4: {to: a.mp4, encode: {container: mp4, video: {codec: none}}}
  mkv: {to: a.mkv, encode: {container: mkv, video: {codec: none}}, steps: [silence: {trim: start}]}
Y
    run
    expect "$(why a.mov)" "mov output keeps one beside a picture alone" mov
    expect "$(why a.mp4)" "mp4 output keeps one beside a picture alone" mp4
    expect "$(why a.mkv)" "how much silence is cut off its start is known at the end alone" mkv
}

test_keep_expects_one_timecode() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=2 -f lavfi -i sine=duration=2 \
        -c:v mpeg4 -c:a pcm_s24le -timecode 10:00:00:00 in/a.mov
    pipeline <<'Y'
outputs:
  o: {to: a.mov, keep: timecode, encode: {container: mov, video: {codec: none}}}
Y
    run 3
    expect_json $REPORT '.outputs[0].checks[0] | .expected == "10:00:00:00" and .measured == "none"'
}

# A frame number of three digits (SMPTE ST 12-3 counts pairs above 60; libavformat's tmcd frames).
test_a_frame_number_above_99_is_a_timecode() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=120:duration=0.5 -c:v libx264 -preset ultrafast -timecode 01:00:00:100 in/a.mov
    pipeline <<'Y'
outputs:
  copy: {to: "copy.mov", keep: timecode, encode: {container: mov, video: {codec: copy}}}
  cut: {to: "cut.mov", keep: timecode, steps: [trim: {from: 30f}], encode: {container: mov, video: {codec: prores}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(timecode out/copy.mov stream)" 01:00:00:100 "what is copied"
    expect "$(timecode out/cut.mov stream)" 01:00:01:010 "a trim"
}

# within CODEC LABEL: a film that has it in its pictures alone
within() {
    local coder=libx264 params=log=-1:bframes=0:pic-struct=1
    [ "$1" = h264 ] || coder=libx265 params=log-level=none:bframes=0
    ff -f lavfi -i testsrc2=size=128x64:rate=25:duration=3 -c:v $coder "-${coder#lib}-params" $params -f "$1" - |
        python3 "$SOURCE/tests/cli/sei.py" "$1" timecode "$2" | ff -framerate 25 -f "$1" -i - -c copy "in/$1.mp4"
}

# Time code of HEVC's SEI, picture timing of H.264's.
test_the_timecode_within_pictures_is_that_of_their_film() {
    local codec
    mkdir in
    for codec in h264 hevc; do within $codec 10:11:12:13; done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  copy: {to: "${stem}.mov", keep: timecode, encode: {video: {codec: copy}}}
  cut: {to: "${stem}.mxf", keep: timecode, steps: [trim: {from: 1s}], encode: {video: {codec: mpeg2video}}}
  gif: {to: "${stem}.gif", encode: {video: {codec: gif}}}
Y
    run
    for codec in h264 hevc; do
        expect "$(timecode out/$codec.mov stream)" 10:11:12:13 "copied $codec"
        expect "$(timecode out/$codec.mxf format)" 10:11:13:13 "$codec that was cut"
        expect_json $REPORT ".outputs[] | select(.path == \"$codec.gif\") | .lost | any(startswith(\"timecode 10:11:12:13\"))"
    done
}

# As encoders write it that know of no time.
test_zeros_within_pictures_are_no_timecode() {
    mkdir in
    within hevc 00:00:00:00
    rushes probe --json in/hevc.mp4 >probed
    expect_json probed '.[0].timecode == null'
}
