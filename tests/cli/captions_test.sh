# Captions in a track of their own (QuickTime's c608): copied, made text of, and told where they are
# lost. What is made is read by ffprobe and ffmpeg alone.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }
expect() { [ "$1" = "$2" ] || fail "$3: $1, expected $2"; }
codec_of() { ffprobe -v error -select_streams s -show_entries stream=codec_name -of csv=p=0 "$1"; }
words_of() { ff -i "$1" -map 0:s:0 -f srt - | sed 's/<[^>]*>//g; s/{[^}]*}//g; s/ *$//; /^[0-9]*$/d' | paste -sd '|'; }
packets_of() { ff -i "$1" -map 0:s:0 -c copy -f framemd5 - | grep -v '^#'; }

# captioned FILE [MORE]: a pair of letters in each frame of 25 a second, as CTA-608 has them: one
# cue that is shown and taken off, and one that isn't. libavformat's SCC has 33 ms a frame. MORE: of
# each sample, behind its pair.
captioned() {
    {
        printf 'Scenarist_SCC V1.0\n\n'
        local pairs=() n at
        for n in $(seq 0 79); do pairs[n]=8080; done
        load() {
            at=$1
            for n in "${@:2}"; do pairs[at++]=$n; done
        }
        load 6 9420 94ae 9470 4fce 4580 942f
        load 37 942c
        load 44 9420 94ae 9470 5457 4f80 942f
        for n in $(seq 0 79); do
            printf '00:00:%02d:%02d\t%s%s\n\n' $((n / 25)) $((n % 25)) "${pairs[n]}" "${2:-}"
        done
    } >words.scc
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=3.2 -i words.scc -c:v libx264 -preset ultrafast \
        -c:s copy "$1"
}

test_a_track_of_captions_is_copied_or_becomes_text() {
    mkdir in
    captioned in/a.mov
    expect "$(rushes probe --json in/a.mov | jq -r '.[0].captions')" 'cea-608 track' probe
    pipeline <<'Y'
outputs:
  copy: {encode: {container: mov, video: {codec: copy}}, keep: [captions], to: "copy.mov"}
  mp4: {encode: {container: mp4, video: {codec: h264, preset: ultrafast}}, keep: [captions], to: "text.mp4"}
  mkv: {encode: {container: mkv, video: {codec: copy}}, keep: [captions], to: "text.mkv"}
  fast: {steps: [speed: 2], encode: {container: mov, video: {codec: h264, preset: ultrafast}}, keep: [captions], to: "fast.mov"}
  srt: {to: "text.srt"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(codec_of out/copy.mov)" eia_608 copy.mov
    expect "$(packets_of out/copy.mov)" "$(packets_of in/a.mov)" "what is copied"
    local file
    for file in text.mp4 text.mkv text.srt; do
        expect "$(words_of out/$file)" '00:00:00,363 --> 00:00:01,396|ONE|00:00:01,792 --> 00:00:03,200|TWO' $file
    done
    expect "$(codec_of out/fast.mov)" mov_text fast.mov
    expect_json $REPORT '[.outputs[].carried[] | select(.keep == "captions") | .fate] | sort == ["converted", "converted", "converted", "converted", "copied"]'
}

test_captions_without_a_place_are_a_loss_to_keep() {
    mkdir in
    captioned in/a.mov
    pipeline <<'Y'
outputs:
  o: {encode: {container: mxf, video: {codec: mpeg2video, bitrate: 5M}}, keep: [captions], to: "o.mxf"}
Y
    expect_exit 3 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].checks | any(.name == "keep captions" and (.pass | not))'
}

test_captions_lost_to_a_file_of_sound_are_told_once() {
    mkdir in
    captioned a.mov
    ff -i a.mov -f lavfi -i sine=duration=3.2 -map 0 -map 1 -c copy -c:a pcm_s16le in/a.mov
    pipeline <<'Y'
outputs:
  o: {to: "o.wav"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '[.outputs[0].carried[] | select(.keep == "captions") | .before] == ["eia_608"]'
}

# What libavformat hands over of a sample with "cdt2", its head among the pairs.
test_captions_of_the_second_field_are_told() {
    mkdir in
    captioned in/a.mov ' 0000 000a 6364 7432 c1c2'
    pipeline <<'Y'
outputs:
  mov: {encode: {container: mov, video: {codec: copy}}, to: "o.mov"}
  srt: {to: "o.srt"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(words_of out/o.mov | tr -dc 'A-Z')" ONETWO o.mov
    expect "$(words_of out/o.srt | tr -dc 'A-Z')" ONETWO o.srt
    expect_json $REPORT '.outputs | all(.carried | any(.keep == "captions" and .fate == "dropped" and (.what | startswith("captions beside those of the first field"))))'
}

# From 16 s on, with key pictures between: of text, and of captions that are loaded before they are shown.
test_a_cue_that_is_seen_where_a_late_trim_begins_is_kept() {
    mkdir in
    printf 'Scenarist_SCC V1.0\n\n00:00:14:00\t9420 94ae 9470 4fce 4580 942f\n\n00:00:18:00\t942c 942c\n\n00:00:19:00\t8080\n\n00:00:19:12\t8080\n\n' >words.scc
    printf '1\n00:00:14,000 --> 00:00:18,000\nONE\n' >words.srt
    local picture=(-f lavfi -i testsrc2=size=160x90:rate=25:duration=20)
    ff "${picture[@]}" -i words.scc -c:v libx264 -preset ultrafast -g 12 -c:s copy in/a.mov
    ff "${picture[@]}" -i words.srt -c:v libx264 -preset ultrafast -g 12 -c:s copy in/b.mkv
    pipeline <<'Y'
steps: [trim: {from: 16s}]
outputs:
  o: {encode: {container: mkv, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(words_of out/a.mkv)" '00:00:00,000 --> 00:00:02,000|ONE' captions
    expect "$(words_of out/b.mkv)" '00:00:00,000 --> 00:00:02,000|ONE' text
}

test_a_cue_that_began_half_a_minute_before_a_late_trim_is_kept_and_once() {
    mkdir in
    printf '1\n00:00:05,000 --> 00:00:42,000\nONE\n' >one.srt
    { cat one.srt; printf '\n2\n00:00:39,600 --> 00:00:41,000\nTWO\n\n3\n00:00:41,500 --> 00:00:42,000\nTHREE\n'; } >three.srt
    local picture=(-f lavfi -i testsrc2=size=160x90:rate=25:duration=45)
    ff "${picture[@]}" -i three.srt -c:v libx264 -preset ultrafast -g 12 -c:s copy in/a.mkv
    ff "${picture[@]}" -i one.srt -c:v libx264 -preset ultrafast -g 12 -c:s mov_text in/b.mp4
    pipeline <<'Y'
steps: [trim: {from: 40s}]
outputs:
  o: {encode: {container: mkv, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(words_of out/a.mkv | tr -dc 'A-Z|' | tr -s '|')" '|ONE|TWO|THREE' "text that overlaps"
    expect "$(words_of out/b.mkv)" '00:00:00,000 --> 00:00:02,000|ONE' "timed text"
}

# Whose block is stored two seconds behind the pictures of its time, where the trim is in between: its time, of 16 bits, is
# before its flags and its text.
test_a_cue_that_comes_late_in_the_file_is_kept() {
    mkdir in
    printf '1\n00:00:41,500 --> 00:00:44,000\nONE\n' >one.srt
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=45 -i one.srt -c:v libx264 -preset ultrafast -g 12 -c:s copy whole.mkv
    python3 - <<'P'
data = bytearray(open("whole.mkv", "rb").read())
at = data.index(b"ONE") - 3
time = int.from_bytes(data[at : at + 2], "big", signed=True) - 2000
data[at : at + 2] = time.to_bytes(2, "big", signed=True)
open("in/a.mkv", "wb").write(data)
P
    pipeline <<'Y'
steps: [trim: {from: 40s}]
outputs:
  o: {encode: {container: mkv, video: {codec: h264, preset: ultrafast}}, to: "${stem}.mkv"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect "$(words_of out/a.mkv)" '00:00:00,000 --> 00:00:02,000|ONE' "a late cue"
}

test_captions_that_are_copied_without_what_loads_them_are_changed() {
    mkdir in
    captioned in/a.mov
    pipeline <<'Y'
steps: [trim: {from: 0.4s}]
outputs:
  o: {encode: {container: mov, video: {codec: h264, preset: ultrafast}}, to: "o.mov"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '[.outputs[0].carried[] | select(.keep == "captions") | .fate, .why] == ["changed", "what of its captions is loaded before the programme begins is left out"]'
}

# Which part of a picture is of interest: ETSI TS 101 154, annex B.
test_an_active_format_is_kept_by_copies_and_told_as_lost_by_encodes() {
    mkdir in
    local codec coder quiet
    for codec in h264 hevc; do
        coder=libx264 quiet=
        [ $codec = h264 ] || coder=libx265 quiet="-x265-params log-level=none"
        ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=128x64:rate=25:duration=0.4 -c:v $coder -bf 0 $quiet -f $codec - |
            python3 "$SOURCE/tests/cli/sei.py" $codec afd 10 | ffmpeg -v error -framerate 25 -f $codec -i - -c copy in/$codec.mp4
    done
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=128x64:rate=25:duration=0.4 -c:v mpeg2video -f mpeg2video - |
        python3 -c 'import re, sys
pictures = re.sub(rb"(\x00\x00\x01\xb5[\x80-\x8f].+?)(?=\x00\x00\x01)", lambda found: found[1] + b"\0\0\1\xb2DTG1\x41\xfa", sys.stdin.buffer.read(), flags=re.S)
sys.stdout.buffer.write(pictures)' | ffmpeg -v error -fflags +genpts -f mpegvideo -i - -c copy in/mpeg2.ts
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  copy: {to: "copy/${stem}.mkv", keep: tags, encode: {video: {codec: copy}}}
  made: {to: "made/${stem}.mkv", encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for codec in h264 hevc mpeg2; do
        grep -qa DTG1 out/copy/$codec.mkv || fail "the copy of $codec has none"
        expect_json out/.rushes/last/report.json "[.outputs[] | select(.path == \"made/$codec.mkv\") | .lost[]
            | select(startswith(\"active format description (10)\"))] | length == 1"
    done
}
