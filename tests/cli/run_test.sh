# Runs: exit codes, the run folder, what is rendered again and why.
# Label: media

TINY=$FILES/tiny

# A pipeline of one quick still.
still_pipeline() {
    pipeline <<'Y'
vars: {edge: 320, look: look.cube}
jobs:
  stills:
    inputs: {include: ["**/*.png"]}
    outputs:
      small:
        steps: [resize: {width: "${edge}"}]
        encode: {image: {format: jpeg}}
        to: ${stem}.jpg
Y
}

# One still in in/, rendered into out/.
still_run() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes run p.yaml in -o out
}

# expect_plan ACTION STALE: of the one output of the still pipeline
expect_plan() {
    local action=$1 stale=$2
    shift 2
    expect_exit 0 rushes plan p.yaml in -o out --json "$@"
    expect_json "$said/out" '[.outputs[] | .action == "'"$action"'" and .stale == "'"$stale"'"] == [true]'
}

test_preset_alone_renders_a_folder() {
    expect_exit 0 rushes run jpeg-web "$TINY" -o out
    expect_file out/still.jpg
}

test_default_output_folder_is_out() {
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run jpeg-web in
    expect_file out/still.jpg
}

test_one_name_from_two_sources_is_an_error() {
    mkdir in
    cp "$TINY/still.png" "$TINY/photo.jpg" in
    mv in/photo.jpg in/still.jpg
    expect_exit 2 rushes run jpeg-web in -o out
    expect_said err "still.jpg"
    expect_no_file out/still.jpg
}

test_folder_without_anything_to_make_exits_4() {
    mkdir in
    cp "$TINY/tone.wav" in
    expect_exit 4 rushes run jpeg-web in -o out
    expect_said err "passed over"
}

test_run_folder_is_complete() {
    still_run
    local run=out/.rushes/last name
    [ -L "$run" ] || fail "last is no symlink"
    for name in plan.json events.jsonl report.json report.html junit.xml tasks/0/task.json tasks/0/result.json tasks/0/log; do
        expect_file "$run/$name"
    done
    expect_file out/.rushes/ledger.sqlite
    jq -e . "$run/events.jsonl" >/dev/null || fail "events.jsonl is not JSON"
    xmllint --nonet --noout --schema "$SOURCE/tests/report/junit.xsd" "$run/junit.xml" || fail "junit.xml is not as Jenkins reads it"
    expect_json "$run/plan.json" '.outputs | length == 1'
}

test_report_has_the_keys_of_the_contract() {
    still_run
    local report=out/.rushes/last/report.json
    expect_json "$report" '(["rushes","run","status","exit","totals","outputs"] - keys) == []'
    expect_json "$report" '.totals == {done: 1, up_to_date: 0, failed: 0, out_of_spec: 0, cancelled: 0}'
    expect_json "$report" '(["job","output","input","source","path","status","facts","checks","steps","seconds","task"] - (.outputs[0] | keys)) == []'
    expect_json "$report" '.outputs[0] | .input == "a.png" and .path == "a.jpg" and .status == "done" and .facts.width == 320'
    expect_json "$report" '.status == "done" and .exit == 0'
}

test_json_on_stdout_is_the_report() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes run p.yaml in -o out --json
    jq -S . "$said/out" >a
    jq -S . out/.rushes/last/report.json >b
    cmp a b || fail "they differ"
}

test_report_prints_the_last_run_in_every_format() {
    still_run
    expect_exit 0 rushes report out
    expect_said out "1 done"
    expect_exit 0 rushes report out --format json
    expect_json "$said/out" '.totals.done == 1'
    expect_exit 0 rushes report out --format junit
    xmllint --noout "$said/out" || fail "not XML"
    expect_exit 0 rushes report out --format html
    expect_said out "<html"
    expect_exit 0 rushes report out --format csv
    [ "$(wc -l <"$said/out")" = 2 ] || fail "not a head and one row"
    expect_exit 2 rushes report out --format pdf
}

test_report_page_shows_what_was_made_also_when_it_is_up_to_date() {
    still_run
    local page=out/.rushes/last/report.html
    for what in 'class="before" src="data:image/jpeg' 'class="after" src="data:image/jpeg' '<rect class="verify"' '(p.yaml:'; do
        grep -qF -- "$what" "$page" || fail "$page has no $what"
    done
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes report out --format html
    expect_said out 'class="after" src="data:image/jpeg'
    jq -e 'has("glance")' out/.rushes/last/report.json >/dev/null && fail "report.json has pictures"
    return 0
}

# What the page shows of an output is the file that has its name: not one that was refused it, nor
# one that had it before.
test_report_page_shows_no_other_files_picture() {
    local before
    still_run
    rushes report out --format html >first.html
    before=$(grep -oF 'class="after" src="data:image/jpeg' first.html | wc -l)
    [ "$before" = 1 ] || fail "no picture to begin with"
    grep -o 'class="after" src="[^"]*"' first.html >first
    cp p.yaml good.yaml
    printf '        expect: {width: 1}\n' >>p.yaml
    sed -i 's/edge: 320/edge: 50/' p.yaml
    expect_exit 3 rushes run p.yaml in -o out
    grep -o 'class="after" src="[^"]*"' out/.rushes/last/report.html >rejected
    cmp -s first rejected && fail "the page of a refused file shows the one that has its name"
    cp good.yaml p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a.jpg up_to_date
    rushes report out --format html >again.html
    grep -o 'class="after" src="[^"]*"' again.html >again
    cmp first again || fail "the page shows another file's picture"
    expect_exit 0 rushes run p.yaml in -o out --fresh --verify off
    expect_exit 0 rushes run p.yaml in -o out --verify off
    rushes report out --format html >unseen.html
    ! grep -qF 'class="after" src' unseen.html || fail "a picture of what nobody looked at"
}

# A second decoding of a large photograph would take a third of its outputs' time.
test_report_page_shows_a_large_photograph_by_what_its_camera_left() {
    mkdir in
    vips black in/plain.jpg 2400 1800
    ffmpeg -nostdin -v error -f lavfi -i color=white:s=160x120 -frames:v 1 thumb.jpg
    cp in/plain.jpg in/camera.jpg
    exiftool -q -overwrite_original -Make=Camera '-ThumbnailImage<=thumb.jpg' in/camera.jpg
    printf 'rushes: 1\noutputs: {o: {steps: [resize: {width: 64}], to: "${stem}.png"}}\n' >p.yaml
    expect_exit 0 rushes run p.yaml in -o out
    [ "$(grep -oF 'class="before" src="data:image/jpeg' out/.rushes/last/report.html | wc -l)" = 1 ] ||
        fail "not one picture from a camera"
}

test_annotations_come_with_a_job_summary() {
    still_run
    echo before >page.md
    GITHUB_STEP_SUMMARY=$PWD/page.md expect_exit 0 rushes report out --format github
    expect_said out "::notice file=p.yaml,title=rushes::1 outputs: 1 done"
    grep -q before page.md && grep -q "1 done" page.md || fail "the summary isn't added"
    GITHUB_STEP_SUMMARY=$PWD/no/page.md expect_exit 5 rushes report out --format github
}

test_status_of_a_finished_run_counts_its_outputs() {
    still_run
    expect_exit 0 rushes status out
    expect_said out "1 done"
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.done == 1 and .left == 0 and .running == 0'
}

test_junit_is_written_where_it_is_asked_for() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run p.yaml in -o out --junit here.xml
    xmllint --noout here.xml || fail "not XML"
}

test_a_copied_output_folder_is_up_to_date() {
    mkdir in
    cp "$TINY/tone.wav" in/a.wav
    pipeline <<'Y'
encode: {container: wav, audio: {codec: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    cp -r out copy
    expect_exit 0 rushes run p.yaml in -o copy
    expect_status copy a.wav up_to_date
    printf x | dd of=copy/a.wav bs=1 seek=60 conv=notrunc 2>/dev/null
    expect_exit 1 rushes run p.yaml in -o copy
    expect_error copy a.wav config
}

test_explain_tells_what_an_output_was_made_of() {
    mkdir in
    cp "$TINY/tone.wav" in/a.wav
    pipeline <<'Y'
encode: {container: wav, audio: {codec: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes explain out a.wav
    expect_said out "published by run"
    expect_said out "encode="
    expect_said out "is as it was published"
    expect_exit 2 rushes explain out b.wav
    expect_said err "no run below out made or tried b.wav"
}

test_a_run_that_could_not_be_planned_leaves_no_run_folder() {
    still_pipeline
    sed -i 's/resize: {width: "${edge}"}/grade: {lut: nothing.cube}/' p.yaml
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 2 rushes run p.yaml in -o out
    [ -z "$(ls out/.rushes/runs)" ] || fail "left: $(ls out/.rushes/runs)"
    expect_exit 2 rushes status out
    expect_said err "knows no run"
    ! grep -q -e --runs "$said/err" || fail "it names a list of nothing"
}

test_every_past_run_has_a_report() {
    mkdir in
    cp "$TINY/tone.wav" in/a.wav
    pipeline <<'Y'
encode: {container: wav, audio: {codec: pcm_s16le}}
Y
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 0 rushes status out --runs --json
    expect_json "$said/out" 'length == 2 and all(.[]; .status == "done")'
    local first
    first=$(jq -r '.[1].run' "$said/out")
    expect_exit 0 rushes report out --run "$first" --format json
    expect_json "$said/out" '.totals.done == 1'
    rm "out/.rushes/runs/$first/report.json"
    expect_exit 0 rushes report out --run "$first" --format json
    expect_json "$said/out" '.totals.done == 1 and (.notes | length) == 1'
    expect_exit 2 rushes report out --run nosuch
    expect_said err "--runs lists them"
}

test_second_run_does_nothing() {
    still_run
    local before
    before=$(stat -c '%i %Y' out/a.jpg)
    expect_exit 0 rushes run p.yaml in -o out
    [ "$before" = "$(stat -c '%i %Y' out/a.jpg)" ] || fail "the output was written again"
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 1 and .totals.done == 0'
}

test_plan_writes_nothing() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "still.jpg"
    expect_no_file out
}

test_dry_run_is_plan() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run p.yaml in -o out -n
    expect_said out "still.jpg"
    expect_no_file out
}

test_plan_of_what_was_never_rendered_says_so() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_plan render never
}

test_touching_a_source_renders_nothing() {
    still_run
    touch in/a.png
    expect_plan up_to_date fresh
}

test_changed_parameter_renders_again_and_is_named() {
    still_run
    expect_plan render parameters --set edge=200
    expect_exit 0 rushes plan p.yaml in -o out --set edge=200
    expect_said out "resize"
    expect_exit 0 rushes run p.yaml in -o out --set edge=200
    expect_json out/.rushes/last/report.json '.outputs[0].facts.width == 200'
}

test_changed_input_renders_again() {
    still_run
    cp "$FILES/samples/looks/watermark.png" in/a.png
    expect_plan render input
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a.jpg done
}

test_changed_lut_renders_again() {
    still_pipeline
    sed -i 's/resize: {width: "${edge}"}/grade: {lut: "${look}"}/' p.yaml
    mkdir in
    cp "$TINY/still.png" in/a.png
    cp "$FILES/samples/looks/day.cube" look.cube
    expect_exit 0 rushes run p.yaml in -o out
    expect_plan up_to_date fresh
    cp "$FILES/samples/looks/night.cube" look.cube
    expect_plan render parameters
}

test_output_that_was_deleted_is_rendered_again() {
    still_run
    rm out/a.jpg
    expect_plan render gone
}

test_output_that_was_changed_is_not_up_to_date() {
    still_run
    echo x >>out/a.jpg
    expect_exit 0 rushes plan p.yaml in -o out --json
    expect_json "$said/out" '.outputs[0].stale == "touched"'
}

test_fresh_renders_again() {
    still_run
    expect_plan render forced --fresh
    expect_exit 0 rushes run p.yaml in -o out --fresh
    expect_status out a.jpg done
}

foreign_file() {
    still_pipeline
    mkdir in out
    cp "$TINY/still.png" in/a.png
    echo mine >out/a.jpg
}

test_on_exists_fail_leaves_a_foreign_file() {
    foreign_file
    expect_exit 1 rushes run p.yaml in -o out
    [ "$(cat out/a.jpg)" = mine ] || fail "it was replaced"
}

test_on_exists_skip_leaves_a_foreign_file_and_exits_0() {
    foreign_file
    expect_exit 0 rushes run p.yaml in -o out --on-exists skip
    [ "$(cat out/a.jpg)" = mine ] || fail "it was replaced"
}

test_on_exists_overwrite_replaces_a_foreign_file() {
    foreign_file
    expect_exit 0 rushes run p.yaml in -o out --on-exists overwrite
    [ "$(head -c 4 out/a.jpg)" != mine ] || fail "it was not replaced"
}

test_on_exists_rename_numbers_beside_a_foreign_file() {
    foreign_file
    expect_exit 0 rushes run p.yaml in -o out --on-exists rename
    [ "$(cat out/a.jpg)" = mine ] || fail "it was replaced"
    [ "$(published out | wc -l)" = 2 ] || fail "published: $(published out)"
}

test_on_exists_rename_is_up_to_date_the_second_time() {
    foreign_file
    expect_exit 0 rushes run p.yaml in -o out --on-exists rename
    expect_exit 0 rushes run p.yaml in -o out --on-exists rename
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 1'
    [ "$(published out | wc -l)" = 2 ] || fail "published: $(published out)"
}

two_jobs() {
    pipeline <<'Y'
jobs:
  a:
    inputs: {include: ["**/*.png"]}
    outputs:
      one: {encode: {image: {format: jpeg}}, to: one.jpg}
      two: {encode: {image: {format: webp}}, to: two.webp}
  b:
    inputs: {include: ["**/*.tif"]}
    outputs:
      three: {encode: {image: {format: jpeg}}, to: three.jpg}
Y
}

test_only_a_job_renders_just_its_outputs() {
    two_jobs
    expect_exit 0 rushes run p.yaml "$TINY" -o out --only a
    [ "$(published out | xargs)" = "./one.jpg ./two.webp" ] || fail "published: $(published out)"
}

test_only_an_output_renders_just_that() {
    two_jobs
    expect_exit 0 rushes run p.yaml "$TINY" -o out --only a/two
    [ "$(published out | xargs)" = ./two.webp ] || fail "published: $(published out)"
}

test_failed_expectation_exits_3_and_is_kept_but_not_published() {
    still_pipeline
    sed -i 's/        to: .*/&\n        expect: {width: 321}/' p.yaml
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 3 rushes run p.yaml in -o out
    expect_no_file out/a.jpg
    expect_status out a.jpg out_of_spec
    expect_json out/.rushes/last/report.json '.outputs[0].checks | any(.name == "width" and .pass == false)'
    [ -n "$(find out/.rushes/runs -name a.jpg)" ] || fail "it was not kept"
    expect_nothing_left_over out
    # The same by hand: the render writes its part again, the check of that fails.
    expect_exit 0 "$WORKER" out/.rushes/last/tasks/0/task.json
    expect_exit 3 "$WORKER" out/.rushes/last/tasks/1/task.json
}

test_failed_expectation_is_rendered_again_next_time() {
    still_pipeline
    sed -i 's/        to: .*/&\n        expect: {width: 321}/' p.yaml
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 3 rushes run p.yaml in -o out
    expect_exit 3 rushes run p.yaml in -o out
}

clip_pipeline() {
    pipeline <<'Y'
inputs: {include: ["**/*.mov"]}
outputs:
  web:
    encode:
      container: mp4
      video: {codec: h264, options: {preset: ultrafast}}
      audio: {codec: aac}
Y
}

test_verify_quick_and_off_publish_as_full_does() {
    clip_pipeline
    local mode
    for mode in full quick off; do
        expect_exit 0 rushes run p.yaml "$TINY" -o "$mode" --verify "$mode"
        expect_file "$mode/clip.mp4"
    done
}

test_failure_of_one_output_leaves_the_others() {
    mkdir in
    cp "$TINY/clip.mov" in/good.mov
    head -c 1000 "$TINY/clip.mov" >in/bad.mov
    clip_pipeline
    expect_exit 1 rushes run p.yaml in -o out
    [ "$(published out)" = ./good.mp4 ] || fail "published: $(published out)"
    expect_error out bad.mov input_damaged
}

test_failed_task_tells_how_to_rerun_it() {
    mkdir in
    cp "$TINY/reel.mkv" in/a.mov
    head -c 40000 "$TINY/reel.mkv" >in/b.mov
    clip_pipeline
    expect_exit 1 rushes run p.yaml in -o "it's out"
    local task words
    task=$(jq -r '.outputs[] | select(.input == "b.mov") | .rerun // empty' "it's out/.rushes/last/report.json")
    [ -n "$task" ] || fail "no rerun command in the report"
    eval "words=($task)"
    [ ${#words[@]} = 2 ] || fail "it isn't a command and a file: $task"
    expect_file "${words[1]}"
}

test_task_reruns_by_hand() {
    clip_pipeline
    expect_exit 0 rushes run p.yaml "$TINY" -o out
    local task
    task=$(jq -r '.outputs[0].task' out/.rushes/last/report.json)
    expect_exit 0 "$WORKER" "out/.rushes/last/tasks/$task/task.json"
    expect_json "$said/out" '.outputs | length == 1'
    cmp <(jq -S .outputs[0].notes "$said/out") <(jq -S .outputs[0].notes "out/.rushes/last/tasks/$task/result.json") ||
        fail "another result than in the run"
}

test_worker_with_a_task_that_is_none_exits_2() {
    echo '{}' >task.json
    expect_exit 2 "$WORKER" task.json
    expect_exit 2 "$WORKER" nothing.json
}

test_plan_dot_is_a_graph() {
    clip_pipeline
    expect_exit 0 rushes plan p.yaml "$TINY" -o out --dot
    expect_said out "digraph"
    expect_said out "->"
}

test_plan_explain_names_the_line_of_each_value() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes plan p.yaml in -o out --explain a.jpg
    expect_said out "p.yaml:8"
    expect_exit 2 rushes plan p.yaml in -o out --explain b.jpg
}

test_probe_json_is_an_array_of_facts() {
    expect_exit 0 rushes probe --json "$TINY/clip.mov" "$TINY/still.png"
    expect_json "$said/out" 'type == "array" and length == 2 and .[0].kind == "video" and .[0].width == 160 and .[1].width == 640'
}

test_probe_measure_counts_and_measures() {
    expect_exit 0 rushes probe --json --measure "$TINY/clip.mov"
    expect_json "$said/out" '.[0] | .decoded_frames == 25 and .decode_errors == 0 and has("integrated_lufs") and has("true_peak_dbtp")'
}

test_probe_measure_of_silence_is_null() {
    ffmpeg -v error -f lavfi -i anullsrc=r=48000 -t 1 s.wav
    expect_exit 0 rushes probe --json --measure s.wav
    expect_json "$said/out" '.[0] | [.integrated_lufs, .lra_lu, .true_peak_dbtp, .max_momentary_lufs, .rms_dbfs, .noise_floor_dbfs] == [null, null, null, null, null, null] and has("rms_dbfs") and .lra_stable == false'
    expect_exit 0 rushes probe --measure s.wav
    expect_said out "integrated_lufs     unmeasurable (silence, or too short)"
}

test_probe_measure_prints_levels() {
    ffmpeg -v error -f lavfi -i sine=f=997:r=48000:d=4,volume=-3dB -c:a pcm_s24le t.wav # a peak of -21.06 dBFS, so an RMS 3.01 below
    expect_exit 0 rushes probe --measure t.wav
    expect_said out "rms_dbfs            -24.07 dBFS"
    expect_said out "noise_floor_dbfs    -24.0"
    expect_said out "lra_lu              0.00 LU"
    expect_said out "lra_stable          false"
}

test_probe_of_a_bad_file_exits_1_and_shows_the_good() {
    echo text >bad.mp4
    expect_exit 1 rushes probe --json bad.mp4 "$TINY/clip.mov"
    expect_json "$said/out" '(.[0].error.class | . == "unsupported" or . == "input_damaged") and .[1].width == 160'
}

test_check_of_a_file_in_spec_exits_0() {
    expect_exit 0 rushes run jpeg-web "$TINY" -o out
    expect_exit 0 rushes check out/still.jpg --preset jpeg-web
}

test_check_of_a_file_out_of_spec_exits_3() {
    mkdir -p here/day there/day
    cp "$TINY/tone.wav" here/day/a.wav
    cp "$TINY/tone.wav" there/day/a.wav
    expect_exit 3 rushes check here/day/a.wav there/day/a.wav --preset r128-wav --json --junit j.xml
    expect_json "$said/out" '.outputs[0].status == "out_of_spec"'
    xmllint --noout j.xml || fail "not XML"
    grep -q 'name="here/day/a.wav"' j.xml || fail "two files of one name aren't told apart"
    expect_exit 3 rushes check here --preset r128-wav --junit j.xml
    grep -q 'name="day/a.wav: loudness"' j.xml || fail "the name isn't that below what was named"
    grep -q "name=\"[^\"]*$PWD" j.xml && fail "a name is of this machine alone"
    return 0
}

test_check_holds_a_file_to_the_format_of_its_preset() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x64 -frames:v 1 a.jpg
    ffmpeg -nostdin -v error -i a.jpg a.png
    ffmpeg -nostdin -v error -f lavfi -i sine=d=1 -c:a flac a.flac
    expect_exit 0 rushes check a.jpg --preset jpeg-web
    expect_exit 3 rushes check a.png --preset jpeg-web --json
    expect_json "$said/out" '[.outputs[0].checks[] | select(.pass | not) | .name] == ["container", "codec"]'
    expect_exit 3 rushes check a.flac --preset tiff-master --json
    expect_json "$said/out" '[.outputs[0].checks[] | .name] == ["kind"]'
    expect_json "$said/out" '.outputs[0].checks[0] | .expected == "image" and .measured
        == "audio; tiff-master is for image files, so nothing else of it is checked"'
    expect_exit 3 rushes check "$TINY/still.png" --preset r128-wav
}

test_check_fails_what_is_expected_of_a_missing_stream() {
    ffmpeg -nostdin -v error -f lavfi -i testsrc=s=64x64:d=1 -c:v ffv1 mute.mkv
    echo '{rushes: 1, expect: {loudness: -23 LUFS ±0.5}}' >s.yaml
    expect_exit 3 rushes check mute.mkv --spec s.yaml
    echo '{rushes: 1, expect: {loudness: "-23 LUFS ±0.5, or absent"}}' >s.yaml
    expect_exit 0 rushes check mute.mkv --spec s.yaml
    expect_exit 0 rushes check mute.mkv
}

test_check_of_a_bad_file_exits_1() {
    head -c 1000 "$TINY/photo.jpg" >bad.jpg
    expect_exit 1 rushes check bad.jpg --preset jpeg-web
}

test_progress_none_is_silent() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run p.yaml in -o out --progress none
    [ ! -s "$said/err" ] || fail "stderr is not empty"
}

test_progress_json_is_a_line_of_json_per_event() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run p.yaml in -o out --progress json
    jq -e . "$said/err" >/dev/null || fail "stderr is not JSON"
}

test_output_below_a_file_exits_5() {
    still_pipeline
    sed -i 's|to: .*|to: sub/${stem}.jpg|' p.yaml
    mkdir in out
    cp "$TINY/still.png" in/a.png
    touch out/sub
    expect_exit 5 rushes run p.yaml in -o out
}

test_an_output_that_has_no_place_fails_alone() {
    pipeline <<'Y'
inputs: {include: ["*.png"]}
outputs:
  here: {encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
  nowhere: {encode: {image: {format: webp}}, to: "sub/${stem}.webp"}
  there: {encode: {image: {format: png}}, to: "there/${stem}.png"}
Y
    mkdir in out
    cp "$TINY/still.png" in/a.png
    touch out/sub
    expect_exit 5 rushes run p.yaml in -o out
    expect_status out a.jpg done
    expect_status out there/a.png done
    expect_status out sub/a.webp failed
    expect_json out/.rushes/last/report.json '[.outputs[].error // empty | .message | test("/sub/.*can.t be created")] == [true]'
}

test_outputs_that_have_no_place_each_say_which() {
    pipeline <<'Y'
inputs: {include: ["*.png"]}
outputs:
  one: {encode: {image: {format: jpeg}}, to: "sub/${stem}.jpg"}
  two: {encode: {image: {format: webp}}, to: "other/${stem}.webp"}
Y
    mkdir in out
    cp "$TINY/still.png" in/a.png
    touch out/sub out/other
    expect_exit 5 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '[.outputs[].error.message | capture("/(?<at>sub|other)/.*can.t be created").at] == ["sub", "other"]'
}

expect_line() { grep -qxE -- "$2" "$1" || fail "$1 has no line $2: $(cat "$1")"; }

test_checksums_are_true_of_what_is_there() {
    still_pipeline
    sed -i '1achecksums: xxh128' p.yaml
    mkdir -p in out
    cp "$TINY/still.png" in/a.png
    echo "00112233445566778899aabbccddeeff  other.mov" >out/CHECKSUMS.xxh128
    expect_exit 0 rushes run p.yaml in -o out
    expect_line out/CHECKSUMS.xxh128 "[0-9a-f]{32}  a\.jpg"
    expect_line out/CHECKSUMS.xxh128 "00112233445566778899aabbccddeeff  other\.mov"
    grep a.jpg out/CHECKSUMS.xxh128 >before
    ! command -v xxh128sum >/dev/null || (cd out && xxh128sum -c ../before) >/dev/null || fail "xxh128sum: not so"

    rm out/CHECKSUMS.xxh128
    expect_exit 0 rushes run p.yaml in -o out # up to date: read again
    cmp before out/CHECKSUMS.xxh128 || fail "not the same again"

    sed -i '/checksums/d' p.yaml
    expect_exit 0 rushes run p.yaml in -o out --set edge=160 # the line is now old
    cmp -s before out/CHECKSUMS.xxh128 || fail "the file was touched"
    sed -i '1achecksums: xxh128' p.yaml
    expect_exit 0 rushes run p.yaml in -o out --set edge=160
    ! cmp -s before out/CHECKSUMS.xxh128 || fail "an old line was kept for a new file"
}

test_junit_goes_to_an_absolute_path() {
    still_pipeline
    mkdir in sub
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes run p.yaml in -o out --junit "$PWD/sub/j.xml"
    expect_file sub/j.xml
    expect_exit 5 rushes run p.yaml in -o out --junit "$PWD/nowhere/j.xml"
}

test_outputs_are_never_inputs_through_a_link() {
    still_pipeline
    sed -i 's/\*\.png/*.{png,jpg}/' p.yaml
    mkdir real
    cp "$TINY/still.png" real/a.png
    ln -s real link
    expect_exit 0 rushes run p.yaml link -o real/out
    expect_exit 0 rushes run p.yaml link -o real/out
    expect_json real/out/.rushes/last/report.json '.outputs | length == 1'
}

test_resume_continues_in_a_folder_that_was_moved() {
    still_run
    mv out moved
    expect_exit 0 rushes resume moved
    expect_no_file out
    expect_status moved a.jpg up_to_date
}

test_check_of_a_folder_checks_the_media_in_it() {
    mkdir in empty
    cp "$TINY/tone.wav" in/a.wav
    expect_exit 3 rushes check --preset r128-wav in
    expect_said out "a.wav"
    expect_exit 4 rushes check --preset jpeg-web empty
}

test_what_was_not_verified_is_made_again_to_be_verified() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes run p.yaml in -o out --verify off
    expect_exit 0 rushes run p.yaml in -o out --verify off
    expect_status out a.jpg up_to_date
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a.jpg done
    expect_exit 0 rushes run p.yaml in -o out --verify off
    expect_status out a.jpg up_to_date
}

test_short_sound_is_measured_by_its_own_render() {
    mkdir in
    cp "$TINY/tone.wav" in
    expect_exit 0 rushes run r128-wav in -o out
    expect_json out/.rushes/last/report.json '.outputs[0].facts.integrated_lufs + 23 | fabs < 0.1'
    jq -r .kind out/.rushes/last/events.jsonl | grep -qx measure && fail "a measure task ran"
    expect_exit 0 rushes run r128-wav in -o out --fresh
    jq -s '[.[] | select(.kind == "render").steps[], (.outputs[].steps[])] | map(select(.name == "loudness").measured.integrated_lufs) | any(. != null)' \
        out/.rushes/last/tasks/*/task.json | grep -qx true || fail "the measurement wasn't kept in the ledger"
}

# Sixty runs of long ago, one of which has a name that no run has.
test_folders_of_forgotten_runs_go_and_nothing_else() {
    still_pipeline
    mkdir in
    cp "$TINY/still.png" in/a.png
    expect_exit 0 rushes run p.yaml in -o out
    local n
    for n in $(seq 2 61); do
        echo "INSERT INTO runs VALUES ($n, '20200101T000000Z-00$n', 0, 1, 'done', 0, x'', '/', 0, NULL, NULL);"
    done >rows
    sed -i "s/'20200101T000000Z-005'/'..\/..\/..\/in'/" rows
    sqlite3 out/.rushes/ledger.sqlite <rows
    mkdir -p out/.rushes/runs/20200101T000000Z-002/tasks out/.rushes/runs/20200101T000000Z-0061
    expect_exit 0 rushes run p.yaml in -o out
    expect_no_file out/.rushes/runs/20200101T000000Z-002
    [ -d out/.rushes/runs/20200101T000000Z-0061 ] || fail "one of the last 50 is gone"
    expect_file in/a.png
    [ "$(find out/.rushes/runs -name report.json | wc -l)" = 2 ] || fail "a young run is gone"
}
