# The command line itself: help, mistakes, and files that are only read.
# Label: fast

test_help_of_every_command_exits_0() {
    expect_exit 0 rushes --help
    local command
    for command in $(sed -n 's/^  \([a-z]*\) .*/\1/p' "$said/out"); do
        expect_exit 0 rushes "$command" --help
        expect_said out "usage: rushes $command"
    done
}

test_version_names_the_libraries() {
    expect_exit 0 rushes --version
    expect_said out "rushes 1."
    expect_said out "FFmpeg 5."
}

test_no_command_exits_2() { expect_exit 2 rushes; }

test_unknown_command_suggests_the_nearest() {
    expect_exit 2 rushes rnu x y
    expect_said err 'did you mean "run"'
}

test_unknown_option_suggests_the_nearest() {
    expect_exit 2 rushes run h264-web-720p . --on-exist skip
    expect_said err "did you mean --on-exists?"
}

test_option_of_another_command_is_unknown() { expect_exit 2 rushes lint --measure x.yaml; }

test_value_outside_the_choices_lists_them() {
    expect_exit 2 rushes run h264-web-720p . --on-exists ask
    expect_said err "overwrite"
}

test_option_without_its_value_exits_2() {
    expect_exit 2 rushes run h264-web-720p . -j
    expect_said err "needs a value"
}

test_number_that_is_none_exits_2() { expect_exit 2 rushes run h264-web-720p . -j many; }

test_too_few_words_print_the_usage() {
    expect_exit 2 rushes run h264-web-720p
    expect_said err "usage: rushes run"
}

test_unknown_preset_suggests_the_nearest() {
    expect_exit 2 rushes run h264-web-720 .
    expect_said err "h264-web-720p"
}

test_unknown_step_is_underlined_with_its_place() {
    pipeline <<'Y'
steps:
  - resise: {width: 10}
outputs:
  o: {encode: {image: {format: jpg}}}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "p.yaml:3:5"
    expect_said err "resize"
}

test_all_mistakes_of_a_pipeline_are_said_at_once() {
    pipeline <<'Y'
steps:
  - resise: {width: 10}
  - trim: {from: 3 bananas}
outputs:
  o: {preset: jpeg-wb}
Y
    expect_exit 2 rushes lint p.yaml
    expect_said err "resise"
    expect_said err "bananas"
    expect_said err "jpeg-wb"
}

test_wrong_pipeline_writes_nothing() {
    echo "rushes: 1" >p.yaml
    touch a.mov
    expect_exit 2 rushes run p.yaml a.mov -o out
    expect_no_file out
}

test_pipeline_that_is_missing_exits_2() { expect_exit 2 rushes run nothing.yaml . -o out; }

test_pipeline_that_is_a_folder_exits_2() {
    mkdir folder.yaml
    touch a.mov
    expect_exit 2 rushes run folder.yaml a.mov -o out
}

test_unknown_variable_of_set_exits_2() {
    touch a.mov
    expect_exit 2 rushes run "$SOURCE/pipelines/podcast.yaml" a.mov -o out --set shwo=x
    expect_said err "show"
}

test_variable_of_set_keeps_its_type() {
    touch a.mov
    expect_exit 2 rushes run "$SOURCE/pipelines/social.yaml" a.mov -o out --set length=purple
    expect_said err "purple"
}

test_empty_folder_exits_4() {
    mkdir in
    expect_exit 4 rushes run h264-web-720p in -o out
    expect_no_file out
}

test_folder_without_a_matching_file_exits_4() {
    mkdir in
    touch in/notes.txt
    expect_exit 4 rushes run h264-web-720p in -o out
}

test_media_that_no_job_takes_is_named_but_what_is_excluded() {
    mkdir -p in/_trash
    touch in/A001.mts in/notes.txt in/_trash/A000.mts
    pipeline <<'Y'
inputs: {include: ["**/*.mov"], exclude: ["_trash/**"]}
outputs:
  o: {preset: h264-web-720p}
Y
    expect_exit 4 rushes run p.yaml in -o out
    expect_said err "takes 1 of the media files: A001.mts"
}

test_input_that_is_missing_exits_4_with_its_name() {
    expect_exit 4 rushes run h264-web-720p nowhere -o out
    expect_said err "nowhere"
}

test_output_folder_that_is_a_file_exits_5() {
    touch a.mov out
    expect_exit 5 rushes run h264-web-720p a.mov -o out
}

test_output_folder_below_a_file_exits_5() {
    touch a.mov file
    expect_exit 5 rushes run h264-web-720p a.mov -o file/out
}

test_unknown_engine_exits_2() {
    touch a.mov
    expect_exit 2 rushes run h264-web-720p a.mov -o out --engine clould
    expect_no_file out
}

test_unknown_job_of_only_exits_2() {
    touch a.mov
    expect_exit 2 rushes plan "$SOURCE/pipelines/review.yaml" a.mov -o out --only clps
    expect_said err "clips"
}

test_lint_of_every_shipped_file_exits_0() {
    expect_exit 0 rushes lint "$SOURCE"/pipelines/*.yaml "$SOURCE"/presets/*.yaml
}

test_lint_of_a_broken_lut_exits_2() {
    printf 'LUT_3D_SIZE 2\n0 0 0\n' >short.cube
    expect_exit 2 rushes lint short.cube
    expect_said err "short.cube"
}

test_lint_reads_files_of_cdls() {
    printf '<ColorCorrection/>\n' >day.cc
    printf '001 R1 V C 01:00:00:00 01:00:01:00 00:00:00:00 00:00:01:00\n* ASC_SAT 0.9\n' >day.edl
    expect_exit 0 rushes lint day.cc day.edl
    printf '<ColorCorrection>\n <Slope>1 1 1</Slope>\n</ColorCorrection>\n' >bad.ccc
    expect_exit 2 rushes lint bad.ccc
    expect_said err "bad.ccc:2:2"
}

test_lint_of_a_missing_file_exits_2() { expect_exit 2 rushes lint nothing.yaml; }

test_lint_json_is_an_array_of_findings() {
    pipeline <<'Y'
steps: [resise: {width: 10}]
outputs: {o: {preset: jpeg-web}}
Y
    expect_exit 2 rushes lint --json p.yaml
    expect_json "$said/out" 'type == "array" and .[0].file == "p.yaml" and .[0].line == 2'
}

test_schema_is_json() {
    expect_exit 0 rushes schema
    expect_json "$said/out" '."$schema" | test("2020-12")'
}

test_steps_prints_the_manual_of_every_step() {
    expect_exit 0 rushes steps --names
    local name
    for name in $(cat "$said/out"); do
        expect_exit 0 rushes steps "$name"
        expect_said out "$name"
    done
}

test_steps_prints_the_manual_of_the_language() {
    expect_exit 0 rushes steps encode
    expect_said out "pix_fmt"
    expect_exit 0 rushes steps facts
    expect_said out "sample_rate"
    expect_exit 0 rushes steps templates
    expect_said out "stem"
}

test_unknown_step_of_the_manual_suggests_the_nearest() {
    expect_exit 2 rushes steps loudnes
    expect_said err 'did you mean "loudness"'
}

test_presets_prints_every_preset() {
    expect_exit 0 rushes presets --names
    [ "$(wc -l <"$said/out")" -ge "$(ls "$SOURCE"/presets/*.yaml | wc -l)" ] || fail "presets are missing"
    local name
    for name in $(cat "$said/out"); do
        expect_exit 0 rushes presets "$name"
    done
}

test_preset_of_the_user_comes_before_the_installed() {
    mkdir -p "$XDG_CONFIG_HOME/rushes/presets"
    cat >"$XDG_CONFIG_HOME/rushes/presets/mine.yaml" <<'Y'
rushes: 1
name: Mine
extends: jpeg-web
Y
    expect_exit 0 rushes presets mine
    expect_said out "mine"
}

test_completion_is_shell_that_parses() {
    expect_exit 0 rushes completion bash
    bash -n "$said/out" || fail "bash can't parse it"
    expect_exit 2 rushes completion tcsh
}

test_man_page_is_roff() {
    expect_exit 0 rushes man
    expect_said out ".TH RUSHES 1"
}

test_status_resume_and_report_of_a_folder_without_a_run_exit_2() {
    mkdir out
    local command
    for command in status resume report; do
        expect_exit 2 rushes "$command" out
        expect_said err "out holds no run"
    done
}

test_usage_of_a_command_without_words_ends_with_its_name() {
    expect_exit 0 rushes man --help
    [ "$(head -n 1 "$said/out")" = "usage: rushes man" ] || fail "another usage"
}

test_list_of_steps_names_the_other_parts_of_the_manual() {
    expect_exit 0 rushes steps
    local part parts
    parts=$(sed -n 's/^The rest of the language: rushes steps //p' "$said/out" | tr -d ,)
    [ "$parts" = "encode facts templates hooks keep" ] || fail "it names $parts"
    for part in $parts; do
        expect_exit 0 rushes steps "$part"
    done
}

test_check_with_a_spec_that_is_not_there_exits_2() {
    touch a.mov
    expect_exit 2 rushes check a.mov --spec nowhere
    expect_said err "nowhere"
}

test_worker_that_is_missing_exits_2() {
    touch a.mov
    expect_exit 2 rushes run h264-web-720p a.mov -o out --worker ./no-worker
    expect_said err "no-worker"
}

test_output_on_a_full_stream_is_an_error() {
    local code=0
    "$RUSHES" schema >/dev/full 2>"$said/err" || code=$?
    [ "$code" = 5 ] || fail "exit $code, expected 5"
}

# What is kept of a picture is chosen once, and only where something is cut off.
test_choices_of_what_is_kept_that_contradict_are_said() {
    local step words
    while IFS='|' read -r step words; do
        printf 'rushes: 1\nsteps: [%s]\noutputs: {o: {to: a.jpg}}\n' "$step" > p.yaml
        expect_exit 2 rushes lint p.yaml
        expect_said err "$words"
    done <<'Y'
crop: {aspect: 4/5, place: top, focal: [0.5, 0.5]}|both a place and a focal point
crop: {aspect: 4/5, focal: [0.5, 30]}|is too high
resize: {width: 300, place: attention}|nothing is cut off
reframe: {aspect: "1:1", fill: blur, place: entropy}|all of the picture is kept
pad: {color: white}|neither a size, an aspect nor a border
flatten: transparent|is transparent itself
blur: 40%|at most 10 % of the width
contact_sheet: {cell: 9/1}|between 1:4 and 4:1
contact_sheet: {columns: 20, width: 320, gap: 500}|the gap is at most 15, or take fewer columns
contact_sheet: {columns: 1, gap: "500%"}|a gap is at most 25 % of the width
Y
}

test_help_of_a_command_is_its_help() {
    expect_exit 0 rushes help run
    expect_said out "--on-exists"
    expect_exit 2 rushes help rum
    expect_said err 'there is no command "rum"'
}

test_a_preset_of_the_house_may_have_the_name_of_the_one_it_extends() {
    mkdir presets
    cat >presets/jpeg-web.yaml <<'E'
rushes: 1
name: jpeg-web
description: ours
source: house specification
extends: jpeg-web
encode: {image: {quality: 80}}
E
    pipeline <<'E'
inputs: {include: ["*.png"]}
outputs: {o: {preset: jpeg-web, to: "${stem}.jpg"}}
E
    expect_exit 0 rushes lint p.yaml
    sed -i 's/jpeg-web/ours/' presets/jpeg-web.yaml
    mv presets/jpeg-web.yaml presets/ours.yaml
    sed -i 's/extends: .*/extends: ours/' presets/ours.yaml
    sed -i 's/jpeg-web/ours/' p.yaml
    expect_exit 2 rushes lint p.yaml
    expect_said err '"ours" extends itself: there is no other preset of this name'
}

test_sides_that_no_picture_has_are_refused() {
    pipeline <<'E'
inputs: {include: ["*.png"]}
outputs: {o: {steps: [resize: {width: 99999999999999999999999}], to: "${stem}.jpg"}}
E
    expect_exit 2 rushes lint p.yaml
    expect_said err "is too high"
    expect_said err "0 to 65535"
}

# -o "$UNSET" would write into the current folder, and an input "" is all below it.
test_empty_words_exit_2() {
    expect_exit 2 rushes run jpeg-web . -o ""
    expect_said err "is a variable of the shell not set?"
    expect_exit 2 rushes run jpeg-web "" -o out
    expect_said err "is a variable of the shell not set?"
    expect_no_file out
}

test_manual_of_speed_says_that_chapters_follow() {
    expect_exit 0 rushes steps speed
    tr -s ' \n' ' ' <"$said/out" >words
    grep -qF 'Beside a picture, chapters and text subtitles follow.' words || fail "it doesn't say so"
}
