# Words that are drawn, in characters that fonts have and lack.
# Label: media

ff() { ffmpeg -nostdin -v error -y "$@"; }

# The last character of private use, which no font has; an arc that is in DejaVu Sans Mono alone.
NOWHERE=$'\U10FFFD'
ELSEWHERE=$'\u2313'

REPORT=out/.rushes/last/report.json

# srt WORDS: a file of one cue
srt() { printf '1\n00:00:00,100 --> 00:00:00,900\n%s\n' "$1"; }

# ass FAMILY WORDS: a file of one line
ass() {
    printf '[Script Info]\nScriptType: v4.00+\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, PrimaryColour\n'
    printf 'Style: Default,%s,48,&H00FFFFFF\n\n[Events]\nFormat: Layer, Start, End, Style, Text\n' "$1"
    printf 'Dialogue: 0,0:00:00.10,0:00:00.90,Default,%s\n' "$2"
}

burnt() {
    pipeline <<Y
inputs: {include: ["*.mkv"]}
steps: [subtitles: {$1, size: 20%}]
outputs:
  o: {to: "\${stem}.png", steps: [still: 0.5s]}
Y
}

test_text_without_glyphs_is_an_error_of_films_and_stills() {
    mkdir in
    cp "$FILES/tiny/photo.jpg" "$FILES/tiny/film.mp4" in
    pipeline <<Y
steps: [text: "so $NOWHERE"]
outputs:
  film: {when: "kind == video", to: "\${stem}.mkv"}
  still: {when: "kind == image", to: "\${stem}.jpg"}
Y
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs | length == 2 and all(.error | .class == "config" and (.message | contains("text: no font of this machine has") and contains("U+10FFFD")))'
}

test_text_in_another_font_names_it() {
    mkdir in
    cp "$FILES/tiny/photo.jpg" in
    pipeline <<Y
steps: [text: "so $ELSEWHERE"]
outputs:
  still: {to: "\${stem}.jpg"}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(startswith("text: DejaVu Sans lacks") and contains("DejaVu Sans Mono"))'
}

test_subtitles_without_glyphs_are_an_error() {
    mkdir in
    ff -i "$FILES/tiny/film.mp4" -map 0:v -c copy in/a.mkv
    srt "so $NOWHERE" >in/a.srt
    burnt 'file: "${stem}.srt"'
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].error | .class == "config" and (.message | contains("subtitles: no font of this machine has") and contains("U+10FFFD"))'
}

test_subtitles_in_another_font_name_it() {
    mkdir in
    ff -i "$FILES/tiny/film.mp4" -map 0:v -c copy in/a.mkv
    srt "so $ELSEWHERE" >in/a.srt
    burnt 'file: "${stem}.srt"'
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(startswith("subtitles: DejaVu Sans lacks") and contains("DejaVuSansMono"))'
}

test_fonts_that_a_film_brings_are_enough() {
    mkdir in
    ass "DejaVu Sans Mono" "so $ELSEWHERE" >a.ass
    ff -i "$FILES/tiny/film.mp4" -i a.ass -map 0:v -map 1 -c copy -attach "$(find /usr/share/fonts -name DejaVuSansMono.ttf)" \
        -metadata:s:t:0 mimetype=application/x-truetype-font in/a.mkv
    burnt 'track: default'
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(contains("burnt in 1 subtitles")) and all(contains("DejaVu Sans lacks") | not)'
}

# film_beside: a film, and what is burnt into it from the file of standard input
film_beside() {
    mkdir in
    ff -i "$FILES/tiny/film.mp4" -map 0:v -c copy in/a.mkv
    cat >"in/a.$1"
    burnt "file: \"\${stem}.$1\""
}

test_webvtt_with_styles_regions_and_comments_is_burnt_in_whole() {
    film_beside vtt <<'V'
WEBVTT - words
00:00.100 --> 00:00.200
In the header

REGION
id:fred

STYLE
::cue(.y) { color: yellow }

NOTE --
a comment

NOTE is its name
00:00.300 --> 00:00.400 align:start
Named
00:00:00.500 --> 00:00:00.600
Without an empty line before it

STYLE

00:00:00.700 --> 00:00:00.800
Last
V
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(. == "burnt in 4 subtitles of a.vtt")'
}

test_webvtt_behind_an_empty_line_and_with_a_null_loses_no_cue() {
    printf '\nWEBVTT\n\n00:00.100 --> 00:00.200\nFi\0st\n\n00:00.300 --> 00:00.400\nSecond\n' | film_beside vtt
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(. == "burnt in 2 subtitles of a.vtt")'
}

test_webvtt_whose_times_cannot_be_read_names_the_line() {
    film_beside vtt <<'V'
WEBVTT

00:00.100 --> 00:00.200
First

00:00.300 -> 00:00.400
Second
V
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].error | .class == "config" and (.message | contains("line 6 of a.vtt") and contains("00:00.300 -> 00:00.400"))'
    sed -i 's/ -> / --> /; s/00.400/00.4/' in/a.vtt
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].error.message | contains("line 6 of a.vtt") and contains("00:00.300 --> 00:00.4\"")'
}

test_subrip_whose_times_cannot_be_read_names_the_line() {
    film_beside srt <<'S'
1
00:00:00,100 --> 00:00:00,200
At 12:30 - 14:00
12:30 => lunch

2
00:00:00,300 -> 00:00:00,400
Second
S
    expect_exit 1 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].error | .class == "config" and (.message | contains("line 7 of a.srt"))'
    sed -i 's/ -> / --> /' in/a.srt
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs[0].steps | any(. == "burnt in 2 subtitles of a.srt")'
}

test_boxes_on_sheets_are_noted() {
    mkdir in
    cp "$FILES/tiny/photo.jpg" "in/so $NOWHERE.jpg"
    cp "$FILES/tiny/film.mp4" "in/so $NOWHERE.mp4"
    pipeline <<'Y'
jobs:
  film:
    inputs: {include: ["*.mp4"]}
    outputs: {sheet: {steps: [contact_sheet: {columns: 2, rows: 1}], to: film.png}, before: {steps: [preview], to: before.png}}
  photos:
    inputs: {include: ["*.jpg"]}
    outputs: {sheet: {each: job, steps: [contact_sheet: {columns: 2}], to: photos.png}}
  photo:
    inputs: {include: ["*.jpg"]}
    outputs: {before: {steps: [preview], to: photo.png}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_json $REPORT '.outputs | length == 4 and all(.steps | any(contains("no font of this machine has") and contains("U+10FFFD") and contains("boxes")))'
}
