# `each: job`: several inputs become one output.
# Label: media

# tone FILE SECONDS FREQUENCY [OPTION…]: a sine at -20 dBFS
tone() {
    ffmpeg -nostdin -v error -y -f lavfi -i "aevalsrc=0.1*sin(2*PI*$3*t)|0.1*sin(2*PI*$3*t):s=48000:d=$2" "${@:4}" "$1"
}

joined() {
    mkdir in
    tone in/part1.wav 1 440
    tone in/part2.wav 2 880
    tone in/part10.wav 0.5 220
    pipeline <<'Y'
jobs:
  episode:
    inputs: {include: ["*.{wav,mov,mp4,mp3,png}"]}
    outputs:
      whole: {each: job, encode: {container: wav}}
Y
}

# samples FILE: of its first channel, as whole numbers
samples() { ffmpeg -nostdin -v error -i "$1" -map 0:a -f s16le -ac 2 -ar 48000 -; }

expect_whole() {
    samples out/episode.wav | cmp - <(for part in "$@"; do samples "in/$part"; done) ||
        fail "episode.wav is not $*, one after another"
}

test_parts_are_joined_in_the_order_of_their_numbers() {
    joined
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "from part1.wav and 2 more"
    expect_said out "2. part2.wav"
    expect_said out "3. part10.wav"
    expect_exit 0 rushes plan p.yaml in -o out --json
    expect_json "$said/out" '.outputs[0].parts == ["part1.wav", "part2.wav", "part10.wav"]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part1.wav part2.wav part10.wav
    expect_json out/.rushes/last/report.json '.outputs | length == 1 and (.[0].facts.duration == 3.5)'
    expect_nothing_left_over out
}

test_a_second_run_is_up_to_date_and_a_changed_part_makes_it_again() {
    joined
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out episode.wav up_to_date
    tone in/part10.wav 0.5 330
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out episode.wav done
    expect_json out/.rushes/last/report.json '.outputs[0].reason | startswith("the source changed")'
    tone in/part3.wav 0.5 330
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part1.wav part2.wav part3.wav part10.wav
    mv in/part1.wav in/part4.wav
    expect_exit 0 rushes run p.yaml in -o out
    expect_whole part2.wav part3.wav part4.wav part10.wav
}

test_a_part_that_is_cut_short_fails_the_whole_by_name() {
    joined
    truncate -s 100000 in/part2.wav
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "input_damaged" and (.message | startswith("part2.wav: "))'
    expect_no_file out/episode.wav
    expect_nothing_left_over out
    sed -i 's/^    outputs/    damaged: allow\n    outputs/' p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].steps | any(startswith("damaged source, read as far as it goes: part2.wav: "))'
}

test_a_part_that_is_no_media_file_fails_the_whole_by_name() {
    joined
    echo "no sound" > in/part2.wav
    expect_exit 1 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json \
        '.outputs[0].error | .class == "unsupported" and (.message | startswith("part2.wav: "))'
}

# The whole lands on its target in every container; stills are passed over, a film gives its sound.
test_films_and_mp3_are_joined_on_the_target() {
    joined
    cp "$FILES/tiny/clip.mov" in/part3.mov
    cp "$FILES/tiny/still.png" in/
    tone in/part4.mp3 2 660 -ar 44100 -ac 1
    sed -i 's/^    outputs/    steps: [trim: {from: 0.25s}, loudness: -20 LUFS]\n    outputs/' p.yaml
    cat >> p.yaml <<'Y'
      feed: {each: job, encode: {container: mp3}, to: feed.mp3}
      web: {from: whole, encode: {container: m4a}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs | length == 3 and all(.status == "done")'
    expect_json out/.rushes/last/report.json \
        '[.outputs[] | select(.path != "episode_web.m4a") | .checks | any(.name == "loudness" and .pass)] == [true, true]'
    expect_json out/.rushes/last/report.json \
        '.outputs[0].lost | any(startswith("part3.mov: the picture"))'
    expect_file out/episode_web.m4a
}

# As of one film alone: of each its picture, its subtitles and its chapters, and of the second what it says otherwise.
test_what_a_sound_file_lacks_of_joined_films_is_told_and_out_of_spec_when_it_is_to_be_kept() {
    mkdir in
    cue words 0,100 0,900 Words
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n' >chapter
    # shellcheck disable=SC2046
    film in/a1.mkv $(sounds 1) -i words -map 0 -map 1 -map 2 -c:s srt -metadata:s:a language=eng -metadata title=One
    # shellcheck disable=SC2046
    film in/a2.mov $(sounds 2) -i chapter -map 0 -map 1 -map 2 -map_chapters 3 -timecode 10:00:00:00 -metadata:s:a language=fra -metadata title=Two
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  wav: {each: job, to: all.wav, keep: [subtitles, tracks]}
  m4a: {each: job, to: all.m4a, keep: [timecode, chapters, tags, languages]}
  own: {each: job, to: own.m4a}
Y
    expect_exit 3 rushes run p.yaml in -o out
    local report=out/.rushes/last/report.json
    expect_json $report '[.outputs[].checks[] | select(.name | startswith("keep ")) | .pass] == [false, false, false, false, false, false]'
    expect_json $report '[.outputs[] | select(.output == "own")][0].carried | map([.what, .before, .fate]) == [
        ["picture track 1 (h264)", "h264", "dropped"], ["sound track 1 (eng, pcm_s16le)", "pcm_s16le", "encoded"], ["subtitle track 1 (subrip)", "subrip", "dropped"],
        ["tags", "title", "kept"], ["languages", "eng", "kept"],
        ["a2.mov: picture track 1 (h264)", "h264", "dropped"], ["a2.mov: sound track 2 (fra, pcm_s16le)", "pcm_s16le", "dropped"],
        ["a2.mov: timecode", "10:00:00:00", "dropped"],
        ["a2.mov: chapters", "1", "dropped"], ["a2.mov: tags", "title", "dropped"], ["a2.mov: languages", "fra", "dropped"]]'
    [ "$(ffprobe -v error -show_entries stream_tags=language -of csv=p=0 out/own.m4a)" = eng ] || fail "the language of the sound"
}

test_what_arrives_one_by_one_is_not_joined() {
    joined
    expect_exit 2 rushes watch p.yaml in -o out
    expect_said err "a watch folder never has them all"
}

# --- films ---

ff() { ffmpeg -nostdin -v error -y "$@"; }

# film FILE OPTIONS…: a second at 25 fps, black
film() { ff -f lavfi -i color=black:size=160x90:rate=25:duration=1 "${@:2}" -c:v libx264 -preset ultrafast -c:a pcm_s16le "$1"; }

# sounds COUNT: inputs of a film
sounds() { for _ in $(seq "$1"); do printf '%s ' -f lavfi -i sine=sample_rate=48000:duration=1; done; }

# of_type FILE TYPE: how many streams
of_type() { ffprobe -v error -select_streams "$2" -show_entries stream=index -of csv=p=0 "$1" | wc -l; }

# heard FILE: its samples
heard() { ffmpeg -v error -i "$1" -map 0:a -f s16le - | md5sum | cut -d' ' -f1; }

# The first has more sound than picture, the second none, the third less. The trim begins between two frames.
test_sound_joined_of_films_is_that_of_the_film_of_them() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=24000/1001:duration=2 -f lavfi -i sine=sample_rate=48000:duration=3 -c:v mjpeg -c:a pcm_s16le in/a1.mkv
    ff -f lavfi -i testsrc2=size=160x90:rate=24000/1001:duration=1.5 -c:v mjpeg in/a2.mkv
    ff -f lavfi -i testsrc2=size=160x90:rate=24000/1001:duration=1.7 -f lavfi -i sine=sample_rate=44100:duration=0.9 -c:v mjpeg -c:a pcm_s16le in/a3.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 0.3s}]
outputs:
  film: {each: job, to: film.mov, join: {conform: first}, encode: {video: mjpeg, audio: pcm_s16le}}
  wav: {each: job, to: sound.wav, encode: {audio: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(heard out/sound.wav)" = "$(heard out/film.mov)" ] || fail "another sound than the film's"
    expect_json out/.rushes/last/report.json \
        '.outputs[] | select(.output == "wav") | (.steps | any(. == "a2.mkv: silence: it has no sound") and
            any(startswith("a3.mkv: 0.810 s of silence") and endswith("up to the picture'"'"'s end"))) and (.lost | any(. == "a1.mkv: 0.998 s of sound behind the picture"))'
}

test_sound_that_begins_with_a_silent_film_has_the_form_of_the_first_that_is_heard() {
    mkdir in
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=1 -c:v mjpeg in/a1.mov
    ff -f lavfi -i testsrc2=size=160x90:rate=25:duration=1 -f lavfi -i sine=sample_rate=44100:duration=1 -ac 2 -c:v mjpeg -c:a pcm_s16le in/a2.mov
    mkdir mute
    cp in/a1.mov mute/
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs: {o: {each: job, to: all.flac, expect: {sample_rate: 44100, channels: 2, duration: 2s}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(ffmpeg -v error -i out/all.flac -t 1 -f s16le - | tr -d '\0' | wc -c)" = 0 ] || fail "no silence"
    expect_exit 4 rushes run p.yaml mute -o out2
}

# A track of its own refers to each: that of the timecode (SMPTE 12M, "tmcd") and that of the chapters.
test_silent_films_keep_timecode_and_chapters() {
    mkdir in
    film in/a1.mov -timecode 01:00:00:00
    film in/a2.mov -timecode 02:00:00:00
    local container
    for container in mov mp4; do
        rm -rf out
        pipeline <<Y
inputs: {include: ["*"]}
outputs:
  all: {each: job, to: all.$container, encode: {video: {codec: h264, preset: ultrafast}}, keep: [timecode, chapters]}
Y
        expect_exit 0 rushes run p.yaml in -o out
        [ "$(of_type out/all.$container s)" = 0 ] || fail "$container: chapters are subtitles"
        [ "$(of_type out/all.$container d)" = 2 ] || fail "$container: no track of timecode or of chapters"
        [ "$(ffprobe -v error -show_entries chapter=start_time:chapter_tags=title -of csv=p=0 out/all.$container | tr '\n' ' ')" = \
            '0.000000,a1 1.000000,a2 ' ] || fail "$container: chapters"
        [ "$(ffprobe -v error -select_streams v -show_entries stream_tags=timecode -of csv=p=0 out/all.$container)" = 01:00:00:00 ] ||
            fail "$container: timecode"
        ff -xerror -i out/all.$container -f null -
    done
}

# Each frame as in a render of its film alone.
test_burnt_in_timecode_is_that_of_each_film() {
    mkdir in
    film in/a1.mov -timecode 01:00:00:00
    film in/a2.mov -timecode 02:34:56:07
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [text: {running: timecode}]
outputs:
  all: {each: job, to: all.mkv, encode: {video: ffv1}}
  one: {to: "one_${stem}.mkv", encode: {video: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    hashes() { ff -i "$1" -map 0:v -f framehash -hash md5 - | sed '/^#/d; s/.*, *//'; }
    cat <(hashes out/one_a1.mkv) <(hashes out/one_a2.mkv) | cmp - <(hashes out/all.mkv) ||
        fail "the frames of the whole aren't those of each"
}

# of_tracks: a film with one sound, one with two and a subtitle, one with none
of_tracks() {
    mkdir in
    printf '1\n00:00:00,100 --> 00:00:00,900\nOne\n' >words.srt
    # shellcheck disable=SC2046
    film in/a1.mkv $(sounds 1)
    # shellcheck disable=SC2046
    film in/a2.mkv $(sounds 2) -i words.srt -map 0 -map 1 -map 2 -map 3 -c:s srt
    film in/a3.mkv
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {each: job, join: {conform: first}, to: all.mkv, encode: {video: ffv1}}
Y
}

test_what_later_films_lose_is_told() {
    of_tracks
    expect_exit 0 rushes run p.yaml in -o out
    local report=out/.rushes/last/report.json
    for kind in "sound track 2" "subtitle"; do
        expect_json $report "[.outputs[0].carried[] | select(.what | startswith(\"a2.mkv: $kind\")) | .fate] == [\"dropped\"]"
        expect_json $report "[.outputs[0].lost[] | select(startswith(\"a2.mkv: $kind\"))] | length == 1"
    done
    expect_json $report '.outputs[0].steps | any(startswith("a3.mkv: silence, where the first has sound track 1"))'
    expect_json $report '[.outputs[0].carried[].what] | length == (unique | length)'
}

test_what_later_films_lose_is_out_of_spec_when_it_is_to_be_kept() {
    of_tracks
    local word
    for word in subtitles tracks; do
        rm -rf out
        sed -i "s/to: all.mkv.*encode/to: all.mkv, keep: $word, encode/" p.yaml
        expect_exit 3 rushes run p.yaml in -o out
        expect_json out/.rushes/last/report.json ".outputs[0].checks | any(.name == \"keep $word\" and (.pass | not))"
    done
}

# The first two say the same, the third something else, and the fourth alone has a name, a place, a timecode.
test_what_later_films_say_of_themselves_is_told_and_out_of_spec_when_it_is_to_be_kept() {
    mkdir in
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1000\ntitle=One\n' >chapter
    # shellcheck disable=SC2046
    film in/a1.mov $(sounds 1) -map 0 -map 1 -metadata creation_time=2026-01-31T10:00:00Z -metadata:s:a language=eng
    cp in/a1.mov in/a2.mov
    # shellcheck disable=SC2046
    film in/a3.mov $(sounds 1) -map 0 -map 1 -metadata creation_time=2026-02-01T10:00:00Z -metadata:s:a language=fra
    # shellcheck disable=SC2046
    film in/a4.mov $(sounds 1) -i chapter -map 0 -map 1 -map_chapters 2 -metadata:s:a language=eng -timecode 10:00:00:00 \
        -movflags use_metadata_tags -metadata title=Four -metadata artist=Us -metadata location=+52.3693+006.6761/
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {each: job, to: all.mkv, encode: {video: ffv1}, keep: [timecode, chapters, dates, location, tags, languages]}
  named: {each: job, to: named.mkv, encode: {video: ffv1}, steps: [metadata: {title: All}]}
  moving: {each: job, to: moving.gif, encode: {container: gif, video: {codec: gif}}}
Y
    expect_exit 3 rushes run p.yaml in -o out
    told() { jq -r --arg output "$1" '.outputs[] | select(.output == $output) | .carried[] | select(.what | test("^a[0-9]")) | "\(.what) \(.before) \(.fate)"' out/.rushes/last/report.json | sort; }
    local lost="a3.mov: date 2026-02-01T10:00:00.000000Z dropped
a3.mov: languages fra dropped
a4.mov: chapters 1 changed
a4.mov: location +52.3693+006.6761/ dropped
a4.mov: tags title, artist dropped
a4.mov: timecode 10:00:00:00 dropped"
    [ "$(told all)" = "$lost" ] || fail "$(told all)"
    [ "$(told named)" = "$(sed 's/title, artist dropped/title changed/; /title/i a4.mov: tags artist dropped' <<<"$lost")" ] || fail "$(told named)"
    [ "$(told moving)" = "${lost/changed/dropped}" ] || fail "$(told moving)"
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.output == "all")][0] | ([.checks[] | select(.name | startswith("keep ")) | select(.pass) | .name] == ["keep chapters"]) and
        (.lost | any(. == "a3.mov: date: only the first file'"'"'s are kept"))'
}

# cue FILE FROM TO WORD
cue() { printf '1\n00:00:0%s --> 00:00:0%s\n%s\n' "$2" "$3" "$4" >"$1"; }

# cues_of FILE TRACK: when each is seen, and its words
cues_of() { ff -i "$1" -map "0:s:$2" -f srt - | sed '/^[0-9]*$/d; s/00:00:0//g' | tr '\n' ' '; }

# Each film is a second long, of which the first 0.2 s are cut off.
test_cues_of_all_films_go_on_in_the_tracks_of_their_language() {
    mkdir in
    cue one 0,400 5,000 One
    cue eins 0,100 0,600 Eins
    cue two 0,300 0,900 Two
    cue zwei 0,900 1,500 Zwei
    film in/a1.mkv -i one -i eins -map 0 -map 1 -map 2 -c:s srt -metadata:s:s:0 language=eng -metadata:s:s:1 language=de
    film in/a2.mkv
    film in/a3.mov -i zwei -i two -i two -map 0 -map 1 -map 2 -map 3 -c:s mov_text \
        -metadata:s:s:0 language=ger -metadata:s:s:1 language=eng -metadata:s:s:2 language=fra
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {from: 0.2s}]
outputs:
  all: {each: job, join: {conform: first}, to: all.mkv, encode: {video: ffv1}}
  late: {each: job, join: {conform: first}, steps: [trim: {from: 1.2s}], to: late.mp4, encode: {video: {codec: h264, preset: ultrafast}}}
  kept: {each: job, join: {conform: first}, to: kept.mkv, encode: {video: ffv1}, keep: subtitles}
Y
    expect_exit 3 rushes run p.yaml in -o out
    [ "$(cues_of out/all.mkv 0)" = '0,200 --> 0,800 One 1,700 --> 2,300 Two ' ] || fail "English: $(cues_of out/all.mkv 0)"
    [ "$(cues_of out/all.mkv 1)" = '0,000 --> 0,400 Eins 2,300 --> 2,400 Zwei ' ] || fail "German: $(cues_of out/all.mkv 1)"
    [ "$(cues_of out/late.mp4 0)" = '0,500 --> 1,100 Two ' ] || fail "later: $(cues_of out/late.mp4 0)"
    local report=out/.rushes/last/report.json
    expect_json $report '[.outputs[] | select(.output == "all")][0] |
        ([.carried[] | select(.keep == "subtitles" and (.what | startswith("a3.mov"))) | [.what, .why]] == [["a3.mov: subtitle track 3 (fra, mov_text)",
            "the first file has no track of text that it could go on in, by its language or its place"]]) and
        (.steps | any(. == "a2.mkv: no cues, where the first has subtitle track 1 (eng, subrip)"))'
    expect_json $report '[.outputs[] | select(.output == "kept")][0] | .checks | any(.name == "keep subtitles" and (.pass | not))'
}

# The same language goes before less of it, whatever the order of tracks. Of Matroska's codes one may have a country.
test_cues_of_joined_films_alone_are_as_late_as_their_pictures() {
    mkdir in
    printf '1\n00:00:00,500 --> 00:00:01,000\nOne\n' >one.srt
    for film in a b c; do
        ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x48:r=25:d=2 -i one.srt -c:v ffv1 -c:s srt in/$film.mkv
    done
    pipeline <<'Y'
outputs: {s: {each: job, to: s.srt}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -o '^00:00:0.,...' out/s.srt | paste -sd' ')" = "00:00:00,500 00:00:02,500 00:00:04,500" ] || fail "$(cat out/s.srt)"
}

test_cues_go_on_where_a_film_says_less_of_their_language() {
    mkdir in
    cue one 0,100 0,600 One
    cue um 0,200 0,700 Um
    cue dois 0,300 0,900 Dois
    cue zwei 0,400 0,900 Zwei
    film in/a1.mkv -i one -i um -map 0 -map 1 -map 2 -c:s srt -metadata:s:s:0 language=por -metadata:s:s:1 language=por-br
    film in/a2.mkv -i dois -i zwei -map 0 -map 1 -map 2 -c:s srt -metadata:s:s:0 language=por-br -metadata:s:s:1 language=por-pt
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {each: job, to: all.mkv, encode: {video: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(cues_of out/all.mkv 0)" = '0,100 --> 0,600 One 1,400 --> 1,900 Zwei ' ] || fail "por: $(cues_of out/all.mkv 0)"
    [ "$(cues_of out/all.mkv 1)" = '0,200 --> 0,700 Um 1,300 --> 1,900 Dois ' ] || fail "pt-BR: $(cues_of out/all.mkv 1)"
}

# segment AT-MS TYPE BYTES: of a Blu-ray's subtitles, as the file format .sup has it (PG, 90 kHz)
segment() {
    local hex=${3//[^0-9a-f]/}
    printf "$(printf '5047%08x00000000%02x%04x%s' $(($1 * 90)) 0x$2 $((${#hex} / 2)) "$hex" | sed 's/../\\x&/g')"
}

# bitmaps WIDTH GONE-MS: a white point from 0 on
bitmaps() {
    local size
    size=$(printf '%04x0030' $1)
    segment 0 16 "$size 10 0000 80 00 00 01 0000 00 00 0000 0000"
    segment 0 17 "01 00 0000 0000 0008 0008"
    segment 0 14 "00 00 01 eb 80 80 ff"
    segment 0 15 "0000 00 c0 00000d 0001 0001 01 0000 01 0000 01 0000"
    segment 0 80 ""
    segment $2 16 "$size 10 0001 00 00 00 00"
    segment $2 80 ""
}

# In the second film, which ends before it is taken off, and not of another size.
test_bitmaps_of_all_films_go_on_where_they_are_of_one_size() {
    mkdir in
    bitmaps 64 300 >a.sup
    bitmaps 64 5000 >b.sup
    bitmaps 128 300 >c.sup
    for n in a b c; do film in/$n.mkv -i $n.sup -map 0 -map 1 -c:s copy; done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {each: job, to: all.mkv, encode: {video: ffv1}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    local times
    times=$(ffprobe -v error -select_streams s -show_entries packet=pts_time -of csv=p=0 out/all.mkv | tr -d ',' | tr '\n' ' ')
    [ "$times" = '0.000000 0.300000 1.000000 2.000000 ' ] || fail "$times"
    expect_json out/.rushes/last/report.json '[.outputs[0].carried[] | select(.what | startswith("c.mkv"))] |
        length == 1 and (.[0].why | contains("its bitmaps are for 128x48, the first file'"'"'s for 64x48"))'
}

test_films_are_the_chapters_in_place_of_those_within() {
    mkdir in
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=400\ntitle=One\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=400\nEND=1000\ntitle=Two\n' >chapters
    for n in 1 2 3; do film in/a$n.mkv -i chapters -map 0 -map_chapters 1; done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  all: {each: job, to: all.mkv, encode: {video: ffv1}, keep: chapters}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[0].carried[] | select(.what == "chapters")] | length == 1 and
        (.[0] | .before == "2" and .after == "3" and .fate == "changed" and .why == "films are the chapters of a joined output")'
}

# Of 11 frames at 30 a second 9 are left at 25: 0.36 s, not 0.367 s.
test_chapters_of_films_follow_speed_and_say_when_they_cannot() {
    mkdir in
    for name in a b; do
        ff -f lavfi -i testsrc2=size=64x48:rate=25 -f lavfi -i sine -t 2 -c:v ffv1 -c:a flac in/$name.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
steps: [trim: {to: 1s}, speed: 0.5]
outputs:
  fast: {each: job, steps: [trim: {from: 1s}, speed: 2], to: fast.mkv, encode: {video: ffv1, audio: flac}}
  held: {each: job, steps: [freeze: {at: 10f, length: 10f}], to: held.mkv, encode: {video: ffv1, audio: flac}, keep: chapters}
Y
    expect_exit 3 rushes run p.yaml in -o out
    ffprobe -v error -show_chapters -of json out/fast.mkv >chapters.json
    expect_json chapters.json '[.chapters[] | [.start_time, .end_time] | map(tonumber * 1000 | round)] == [[0, 500], [500, 1500]]'
    expect_said out 'keep chapters: expected 2, measured none'
}

test_chapters_are_as_long_as_the_frames_of_their_films() {
    mkdir in
    for film in a:25:10 b:30:11 c:25:10; do
        IFS=: read -r name rate frames <<<"$film"
        ffmpeg -v error -f lavfi -i testsrc2=size=64x48:rate=$rate -frames:v $frames -c:v ffv1 in/$name.mkv
    done
    pipeline <<'Y'
inputs: {include: ["*"]}
outputs:
  mov: {each: job, join: {conform: first}, to: all.mov, encode: {video: {codec: mjpeg}}}
  mkv: {each: job, join: {conform: first}, to: all.mkv, encode: {video: {codec: ffv1}}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    for file in out/all.mov out/all.mkv; do
        ffprobe -v error -show_chapters -of json $file >chapters.json
        expect_json chapters.json '[.chapters[] | [.start_time, .end_time] | map(tonumber * 1000 | round)] == [[0, 400], [400, 760], [760, 1160]]'
    done
}

test_films_in_the_order_of_their_timecodes_pass_midnight() {
    local at
    mkdir in
    for at in 'c 00:00:01:00' 'a 23:59:59:00' 'b 00:00:00:00'; do
        ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=64x48:rate=25:duration=1 -c:v libx264 -timecode "${at#* }" "in/${at% *}.mov"
    done
    pipeline <<'Y'
outputs: {o: {each: job, join: {order: timecode}, to: o.mov}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].steps | any(. == "joined: a.mov, b.mov, c.mov")'
}
