# What FLAC files hold beside their sound: comments of any name, chapters, a cue sheet. ffmpeg and ffprobe judge.
# Label: media

REPORT=out/.rushes/last/report.json

ff() { ffmpeg -nostdin -v error -y "$@"; }

expect() { [ "$1" = "$2" ] || fail "$3: $1 instead of $2"; }

# sheet add FILE SAMPLE… LAST, sheet show FILE
sheet() { python3 "$SOURCE/tests/cli/flac.py" "$@"; }

# chapters FILE: their starts in seconds, and their names
chapters() {
    ffprobe -v error -show_chapters -of json "$1" | jq -c '[.chapters[] | [(.start_time | tonumber), .tags.title]]'
}

# tag FILE NAME
tag() { ffprobe -v error -show_entries "format_tags=$2" -of default=nk=1:nw=1 "$1"; }

# rendered FILE [STEP]: into what, with the step
rendered() {
    { echo 'inputs: {include: ["*"]}' && echo outputs: && echo "  o: {to: \"$1\", steps: [${2:-}]}"; } | pipeline
    expect_exit 0 rushes run p.yaml in -o out
}

test_tags_of_any_name_are_kept_in_flac() {
    mkdir in
    local file
    for file in a.flac b.mp3; do
        ff -f lavfi -i anoisesrc=d=1 -metadata title=t -metadata lyrics=la -metadata composer=c -metadata track=3 \
            -metadata comment=words "in/$file"
    done
    rendered '${name}.flac'
    expect_json "$REPORT" '[.outputs[].lost[]?] == []'
    for file in a.flac b.mp3; do
        expect "$(for name in title LYRICS composer track comment; do tag "out/$file.flac" $name; done | tr '\n' ' ')" \
            't la c 3 words ' "$file"
    done
    expect "$(ff -i out/a.flac.flac -f md5 -)" "$(ff -i in/a.flac -f md5 -)" samples
}

test_a_whole_flac_keeps_its_cue_sheet() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=4:r=48000 in/a.flac
    sheet add in/a.flac 0 96001 192000
    rendered '${stem}.flac'
    expect "$(sheet show out/a.flac)" '0 96001 192000' places
    expect "$(ff -i out/a.flac -f md5 -)" "$(ff -i in/a.flac -f md5 -)" samples
    expect_json "$REPORT" '.outputs[0].carried | any(.what == "chapters" and .fate == "kept" and .after == "2")'
}

test_the_tracks_of_a_cue_sheet_are_chapters_of_a_part() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=4:r=48000 in/a.flac
    sheet add in/a.flac 0 96000 192000
    rendered '${stem}.flac' 'trim: {from: 1.25s, to: 3.5s}'
    expect "$(sheet show out/a.flac)" '' 'cue sheet'
    expect "$(chapters out/a.flac)" '[[0.75,null]]' chapters
    expect_json "$REPORT" '.outputs[0].carried | any(.what == "chapters" and .fate == "changed")'
}

test_a_cue_sheet_that_has_no_place_is_told() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=4:r=48000 in/a.flac
    sheet add in/a.flac 0 96000 192000
    rendered '${stem}.mp3'
    expect_json "$REPORT" '.outputs[0].carried | any(.what == "chapters" and .fate == "dropped" and .before == "2")'
    expect_json "$REPORT" '.outputs[0].lost == ["2 cue points"]'
}

test_chapters_and_cue_points_are_chapters_of_flac_and_come_back() {
    mkdir in
    printf ';FFMETADATA1\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=1500\ntitle=one\n[CHAPTER]\nTIMEBASE=1/1000\nSTART=1500\nEND=4000\ntitle=Zwö\n' >words
    ff -f lavfi -i anoisesrc=d=4:r=48000 -i words -map_metadata 1 in/a.m4a
    rendered '${stem}.flac'
    expect "$(chapters out/a.flac)" '[[0,"one"],[1.5,"Zwö"]]' 'of M4A'
    rm in/* && mv out/a.flac in/
    rendered '${stem}.aiff'
    rm in/* && mv out/a.aiff in/
    rendered '${stem}.flac' 'trim: {from: 1s}'
    expect "$(chapters out/a.flac)" '[[0.5,"Zwö"]]' 'of AIFF'
}

# comments say FILE NAME=VALUE…, comments said FILE NAME
comments() { python3 "$SOURCE/tests/cli/flac.py" "$@"; }

test_comments_of_one_name_stay_as_many_in_flac() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=1 in/a.flac
    comments say in/a.flac ARTIST=Ada 'TITLE=One; Two' ARTIST=Grace COMMENT=a COMMENT=b
    rendered '${stem}.flac' 'metadata: {comment: c}'
    expect "$(comments said out/a.flac ARTIST | tr '\n' '|')" 'Ada|Grace|' artists
    expect "$(comments said out/a.flac TITLE)" 'One; Two' title
    expect "$(comments said out/a.flac COMMENT)$(comments said out/a.flac DESCRIPTION)" c comment
    expect_json "$REPORT" '[.outputs[0].carried[] | select(.keep == "tags") | .what] | index("tags given again") == null'
}

test_comments_of_one_name_that_become_one_elsewhere_are_told() {
    mkdir in
    ff -f lavfi -i anoisesrc=d=1 in/a.flac
    comments say in/a.flac ARTIST=Ada TITLE=One ARTIST=Grace
    rendered '${stem}.wav'
    expect "$(tag out/a.wav artist)" 'Ada;Grace' artists
    expect_json "$REPORT" '[.outputs[0].carried[] | select(.what == "tags given again") | [.before, .fate]] == [["artist", "changed"]]'
    rendered '${stem}.ogg'
    expect_json "$REPORT" '[.outputs[0].carried[] | select(.what == "tags given again") | [.before, .fate]] == [["artist", "changed"]]'
}

test_chapters_that_flac_has_no_numbers_for_are_a_loss() {
    mkdir in
    {
        echo ';FFMETADATA1'
        for i in {0..1009}; do printf '[CHAPTER]\nTIMEBASE=1/1000\nSTART=%d\nEND=%d\n' $i $((i + 1)); done
    } >words
    ff -f lavfi -i anoisesrc=d=2 -i words -map_chapters 1 -c:a flac in/a.mka
    { echo 'inputs: {include: ["*"]}' && echo 'outputs: {o: {to: a.flac, keep: chapters}}'; } | pipeline
    expect_exit 3 rushes run p.yaml in -o out
    expect_json "$REPORT" '[.outputs[0].carried[] | select(.what == "chapters") | [.before, .after, .fate, .why]] == [["1010", "999", "dropped", "a flac file holds 999"]]'
}
