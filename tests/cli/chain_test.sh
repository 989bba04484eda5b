# Chains: outputs that are made from other outputs of their job.
# Label: media

TINY=$FILES/tiny

# master → proxy → poster.
chain_pipeline() {
    pipeline <<'Y'
vars: {flavour: proxy, edge: 80}
jobs:
  clips:
    steps:
      - trim: {from: 5f}
      - resize: {width: 320, upscale: true}
    outputs:
      poster:
        from: proxy
        steps: [still: {at: 50%}]
        to: ${stem}.jpg
      proxy:
        from: master
        steps: [resize: {width: "${edge}"}, loudness: {target: -16 LUFS, on_peak: lower}]
        to: ${stem}.mp4
        encode: {video: {codec: h264, options: {preset: ultrafast}}, audio: {codec: aac}}
        expect: {duration: source ±2f, loudness: -16 LUFS ±0.5}
      master:
        to: ${stem}-master.mov
        encode: {video: {codec: prores, profile: "${flavour}"}, audio: {codec: pcm_s24le}}
Y
    mkdir -p in
    cp "$TINY/clip.mov" in/a.mov
}

chain_run() {
    chain_pipeline
    expect_exit 0 rushes run p.yaml in -o out "$@"
}

# expect_stale PATH WHY: in the plan that was printed as JSON
expect_stale() { expect_json "$said/out" '[.outputs[] | select(.path == "'"$1"'") | .stale] == ["'"$2"'"]'; }

test_outputs_are_made_from_outputs() {
    chain_run
    local report=out/.rushes/last/report.json
    expect_json "$report" '[.outputs[] | .status] == ["done", "done", "done"]'
    expect_json "$report" '[.outputs | sort_by(.path)[] | [.path, .facts.width, .facts.height]] ==
        [["a-master.mov", 320, 180], ["a.jpg", 80, 46], ["a.mp4", 80, 46]]'
    expect_json "$report" '[.outputs[].checks[].pass] | length == 3 and all'
    expect_nothing_left_over out
}

test_only_own_steps_are_applied() {
    chain_run
    local report=out/.rushes/last/report.json
    expect_json "$report" '[.outputs[] | select(.path == "a.mp4") | .steps[] | startswith("trimmed")] | any | not'
    expect_json "$report" '[.outputs[] | select(.path == "a-master.mov") | .steps[] | startswith("trimmed")] | any'
}

test_second_run_of_a_chain_does_nothing() {
    chain_run
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 3 and .totals.done == 0'
}

test_a_changed_source_takes_its_chain_along() {
    chain_run
    expect_exit 0 rushes plan p.yaml in -o out --json --set flavour=lt
    expect_stale a-master.mov parameters
    expect_stale a.mp4 source
    expect_stale a.jpg source
    expect_exit 0 rushes plan p.yaml in -o out --set flavour=lt
    expect_said out "its source is rendered again: a-master.mov"
}

# Early cut-off: the same master again.
test_a_source_that_comes_out_as_it_was_spares_its_chain() {
    chain_run
    local before
    before=$(stat -c %y out/a.mp4 out/a.jpg)
    rm out/a-master.mov
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a-master.mov done
    expect_status out a.mp4 up_to_date
    expect_status out a.jpg up_to_date
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.path == "a.jpg") | .reason] ==
        ["up to date: its source came out as it was"]'
    [ "$(stat -c %y out/a.mp4 out/a.jpg)" = "$before" ] || fail "they were touched"
    [ "$(sqlite3 out/.rushes/ledger.sqlite "SELECT since, run FROM outputs WHERE path = 'a-master.mov'")" = "1|2" ] ||
        fail "the ledger doesn't know since when the master is what it is"
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.done == 1 and .up_to_date == 2 and .left == 0'
    expect_nothing_left_over out
}

# The same frames and samples in other bytes; the ledger learns the new identity.
test_a_rewritten_input_spares_the_chain_of_a_master_that_stays() {
    chain_run
    ffmpeg -nostdin -v error -y -i "$TINY/clip.mov" -map 0:v -map 0:a -c copy -movflags faststart -write_tmcd 0 \
        -map_metadata 0 b.mov
    mv b.mov in/a.mov
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a-master.mov done
    expect_status out a.mp4 up_to_date
    expect_status out a.jpg up_to_date
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 3'
}

test_a_changed_link_leaves_its_source() {
    chain_run
    expect_exit 0 rushes run p.yaml in -o out --set edge=160
    expect_status out a-master.mov up_to_date
    expect_status out a.mp4 done
    expect_status out a.jpg done
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.path == "a.jpg") | .facts.width] == [160]'
}

test_only_a_chained_output_needs_its_source() {
    chain_pipeline
    expect_exit 1 rushes run p.yaml in -o out --only clips/proxy
    expect_json out/.rushes/last/report.json '.outputs | length == 1 and (.[0].error.message | contains("--only leaves it out"))'
    expect_exit 0 rushes run p.yaml in -o out --only clips/master
    expect_exit 0 rushes run p.yaml in -o out --only clips/proxy
    expect_file out/a.mp4
    expect_no_file out/a.jpg
}

test_out_of_spec_source_stops_its_chain() {
    chain_pipeline
    sed -i 's/        to: .*-master.mov/&\n        expect: {width: 321}/' p.yaml
    expect_exit 1 rushes run p.yaml in -o out
    expect_status out a-master.mov out_of_spec
    expect_status out a.mp4 cancelled
    expect_status out a.jpg cancelled
    expect_json out/.rushes/last/report.json '[.outputs[] | select(.status == "cancelled") | .error] |
        all(.message == "its source output is out of spec" and (has("class") | not))'
    if grep -q "rushes resume" "$said/err" "$said/out"; then fail "resuming doesn't help here"; fi
    [ -z "$(published out)" ] || fail "published: $(published out)"
    expect_nothing_left_over out
}

test_chain_without_verification() {
    chain_run --verify off
    [ "$(published out | xargs)" = "./a-master.mov ./a.jpg ./a.mp4" ] || fail "published: $(published out)"
}

test_chained_task_reruns_by_hand() {
    chain_run
    local task
    task=$(jq -r '.outputs[] | select(.path == "a.mp4") | .task' out/.rushes/last/report.json)
    expect_exit 0 "$WORKER" "out/.rushes/last/tasks/$task/task.json"
    cmp <(jq -S .outputs[0].notes "$said/out") <(jq -S .outputs[0].notes "out/.rushes/last/tasks/$task/result.json") ||
        fail "another result than in the run"
}

test_plans_name_the_source() {
    chain_pipeline
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said out "a.mp4  from master of a.mov"
    expect_exit 0 rushes plan p.yaml in -o out --json
    expect_json "$said/out" '[.outputs[].from] == ["proxy", "master", null]'
    expect_exit 0 rushes plan p.yaml in -o out --dot
    expect_said out 'label="from master"'
    expect_exit 0 rushes plan p.yaml in -o out --explain a.mp4
    expect_said out "from = master"
}
