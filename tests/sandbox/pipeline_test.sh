# What a pipeline, a file it names, or a name in a folder may reach.
# Label: media
. "$SOURCE/tests/sandbox/hold.sh"

# still STEPS [TO]: one picture through these steps
still() {
    [ -e in/a.png ] || cp "$FILES/tiny/still.png" in/a.png
    pipeline <<Y
inputs: {include: ["*.png"]}
steps: [$1]
outputs: {o: {encode: {image: {format: png}}, to: "${2:-a.png}"}}
Y
}

# run_held EXIT ARGUMENTS…: kept, whatever comes of it
run_held() {
    expect_exit "$1" rushes run p.yaml in -o out "${@:2}"
    [ ! -d out ] || expect_kept out
}

# The words of a filter graph are words, and a file that isn't there stays unasked for.
test_text_that_is_a_filter_is_written() {
    prepare
    cp "$FILES/tiny/clip.mov" in
    local text
    for text in "x:textfile=$PWD/none.txt" "a',movie=$PWD/none.mkv[x];[x" "subtitles=$PWD/none.txt" \
        '%{metadata:../x}%{expr:1}' "x'\\\\''"; do
        cat >p.yaml <<Y
rushes: 1
steps: [text: {text: "${text//\\/\\\\}", running: time}]
outputs: {o: {encode: {container: mkv, video: {codec: h264, options: {preset: ultrafast}}}, to: "a.mkv"}}
Y
        run_held 0 --on-exists overwrite
    done
}

test_encoder_options_write_no_file() {
    prepare
    cp "$FILES/tiny/clip.mov" in
    local options
    for options in "x264-params: \"pass=1:stats=$PWD/escaped.log\"" "x264-params: \"dump-yuv=$PWD/escaped.yuv\"" \
        "x264-params: \"qpfile=$PWD/secret.txt\""; do
        cat >p.yaml <<Y
rushes: 1
outputs: {o: {encode: {container: mkv, video: {codec: h264, options: {preset: ultrafast, $options}}}, to: "a.mkv"}}
Y
        rushes run p.yaml in -o out --on-exists overwrite >"$said/out" 2>"$said/err" </dev/null || true
        expect_kept out
    done
}

test_lut_that_is_another_file_is_not_quoted() {
    prepare
    still 'grade: {lut: secret.txt}'
    run_held 2
    mkdir pipelines
    sed 's|secret.txt|../secret.txt|' p.yaml >pipelines/p.yaml
    expect_exit 2 rushes run pipelines/p.yaml in -o out
    expect_kept out
}

test_lut_that_is_xml_is_not_followed() {
    prepare
    python3 "$HERE/hostile.py" cdl_with_an_entity_and_xinclude . "$PWD/secret" "$port"
    mv a.cdl a.cube
    still 'grade: {lut: a.cube}'
    run_held 2
}

test_logo_that_is_another_file_is_not_shown() {
    prepare
    local name
    for name in secret.txt secret.wav p.yaml; do
        still "overlay: {image: $name}"
        run_held 1
    done
}

test_preset_is_a_name_and_no_path() {
    prepare
    for name in "$PWD/secret.txt" ../work/secret.txt ./secret.txt; do
        printf 'rushes: 1\noutputs: {o: {preset: %s}}\n' "$name" >p.yaml
        expect_exit 2 rushes lint p.yaml
        expect_kept in
        printf 'rushes: 1\nextends: %s\n' "$name" >p.yaml
        expect_exit 2 rushes lint p.yaml
        expect_kept in
    done
}

test_yaml_includes_nothing() {
    prepare
    local text
    for text in "!include secret.txt" "!!python/object/apply:os.system [ls]" "!file $PWD/secret.txt"; do
        printf 'rushes: 1\nname: %s\noutputs: {o: {preset: jpeg-web}}\n' "$text" >p.yaml
        expect_exit 2 rushes lint p.yaml
        expect_kept in
    done
}

test_templates_stay_in_the_output_folder() {
    prepare
    local to
    for to in '../escaped.png' '/tmp/rushes-escaped.png' '${stem}/../../escaped.png' '${dir}/../escaped.png'; do
        still 'resize: {width: 32}' "$to"
        run_held 2
    done
}

# The reel of a clip is anybody's word: it is one name in a path, or an error, and never two.
test_tags_stay_in_the_output_folder() {
    prepare
    ffmpeg -nostdin -v error -i "$FILES/tiny/clip.mov" -c copy -timecode 01:00:00:00 -metadata:s:v reel_name=../../escaped in/a.mov
    expect_exit 0 rushes probe in/a.mov --json
    expect_json "$said/out" '.[0].reel == "../../escaped"'
    cat >p.yaml <<'Y'
rushes: 1
outputs: {o: {encode: {container: mkv, audio: {codec: pcm_s16le}}, to: "${reel}/${stem}.mkv"}}
Y
    rushes run p.yaml in -o out/deep/er >"$said/out" 2>"$said/err" </dev/null || true
    expect_kept out
}

# Whoever may make links in an input folder may name what is read, but as media and only that.
test_link_to_a_secret_in_the_input_folder_is_no_media() {
    prepare
    ln -s ../secret.txt in/a.png
    ln -s /etc/passwd in/b.png
    still 'resize: {width: 32}' '${stem}.png'
    run_held 1
    if grep -rqa root: out; then fail "passwd is in out/"; fi
}

test_link_to_media_elsewhere_is_the_users_own() {
    prepare
    ln -s "$FILES/tiny/still.png" in/a.png
    still 'resize: {width: 32}'
    run_held 0
    expect_file out/a.png
}

# What is in the way of an output is replaced, never followed.
test_link_in_the_place_of_an_output_is_not_followed() {
    prepare
    local before
    before=$(sha256sum secret.txt)
    mkdir out
    ln -s ../secret.txt out/a.png
    still 'resize: {width: 32}'
    rushes run p.yaml in -o out --on-exists overwrite >"$said/out" 2>"$said/err" </dev/null || true
    [ "$before" = "$(sha256sum secret.txt)" ] || fail "what the link named was overwritten"
    expect_nothing_left_over out
}

test_link_in_the_place_of_a_part_file_is_not_followed() {
    prepare
    still 'resize: {width: 32}'
    run_held 0
    local task=out/.rushes/last/tasks/0/task.json part before
    before=$(sha256sum secret.txt)
    part=$(jq -r '.files[] | select(.write) | .path' "$task")
    ln -s "$PWD/secret.txt" "$part"
    expect_exit 0 "$WORKER" "$task"
    [ "$before" = "$(sha256sum secret.txt)" ] || fail "what the link named was overwritten"
}
