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
