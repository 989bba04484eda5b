# Runs that end early: signals, kills, and resume.
# Label: media

TINY=$FILES/tiny

# Eight clips, slow enough to be interrupted.
slow_job() {
    mkdir in
    local i
    for i in 1 2 3 4 5 6 7 8; do
        cp "$TINY/clip.mov" "in/$i.mov"
    done
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
steps:
  - resize: {width: 960, height: 540, upscale: true}
outputs:
  o: {encode: {container: mp4, video: {codec: h264, options: {preset: slow}}, audio: {codec: aac}}, to: "${stem}.mp4"}
Y
}

a_task_runs() { events | grep -q '"task_started"'; }
an_output_is_published() { [ -n "$(find out -maxdepth 1 -name '*.mp4' 2>/dev/null)" ]; }

# What pictures and sound an unbroken run makes, and what is in out/.
content() {
    local file
    for file in "$1"/*.mp4; do
        echo "$(basename "$file") $(ffmpeg -v error -i "$file" -map 0 -f md5 - </dev/null)"
    done
}

expect_as_unbroken() {
    expect_exit 0 rushes run p.yaml in -o unbroken -j 2
    [ "$(content out)" = "$(content unbroken)" ] || fail "other files than an unbroken run makes"
    [ "$(published out)" = "$(published unbroken)" ] || fail "published: $(published out)"
    expect_nothing_left_over out
}

test_first_ctrl_c_ends_running_tasks_and_exits_130() {
    slow_job
    start
    await a_task_runs
    kill -INT "$run"
    finish 130
    expect_json out/.rushes/last/report.json '.totals.cancelled > 0 and .totals.failed == 0 and .exit == 130'
    expect_nothing_left_over out
}

test_outputs_that_were_not_compared_any_more_are_no_success() {
    slow_job
    rm in/[2-8].mov
    mkdir masters
    cp in/1.mov masters/1.mov
    start --verify off --against masters
    await a_task_runs
    kill -INT "$run"
    finish 130
    expect_json out/.rushes/last/report.json '.totals.done == 1 and .totals.cancelled == 0 and .exit == 130'
}

test_second_ctrl_c_stops_at_once() {
    slow_job
    start
    await a_task_runs
    kill -INT "$run"
    sleep 0.3
    kill -INT "$run"
    finish 130
    expect_json out/.rushes/last/report.json '.totals.cancelled > 0 and .exit == 130'
    expect_nothing_left_over out
}

test_ctrl_c_while_a_worker_hangs_in_its_start_ends_at_once() {
    slow_job
    cat >hangs <<EOF
#!/bin/sh
[ "\$1" = --serve ] || exec "$WORKER" "\$@"
touch started
exec sleep 50
EOF
    chmod +x hangs
    start --worker ./hangs
    await test -e started
    sleep 0.2
    SECONDS=0
    kill -INT "$run"
    finish 130
    [ "$SECONDS" -le 2 ] || fail "it took $SECONDS s"
}

test_sigterm_exits_143() {
    slow_job
    start
    await a_task_runs
    kill -TERM "$run"
    finish 143
}

test_under_nohup_a_hangup_ends_nothing() {
    slow_job
    (trap '' HUP && exec "$RUSHES" run p.yaml in -o out -j 2) >"$said/out" 2>"$said/err" </dev/null &
    run=$!
    await a_task_runs
    kill -HUP "$run"
    finish 0
    expect_json out/.rushes/last/report.json '.totals.done == 8'
}

test_who_ignores_the_end_of_children_may_start_a_run() {
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 bash -c "trap '' CHLD; exec \"\$0\" run jpeg-web in -o out" "$RUSHES"
    expect_file out/still.jpg
    expect_json out/.rushes/last/report.json '.sandbox != []'
}

test_resume_after_ctrl_c_ends_as_an_unbroken_run() {
    slow_job
    start
    await an_output_is_published
    kill -INT "$run"
    finish 130
    expect_exit 0 rushes resume out
    expect_as_unbroken
}

test_outputs_are_published_while_others_are_rendered() {
    slow_job
    start -j 1
    await an_output_is_published
    [ "$(find out -maxdepth 1 -name '*.mp4' | wc -l)" -lt 8 ] || fail "all came at once"
    finish 0
    local order
    order=$(events | jq -r 'select(.event == "task_started") | .kind' | tail -n +1 | uniq | head -n 3 | xargs)
    [ "$order" = "render verify render" ] || fail "the tasks started as $order"
}

test_status_of_a_running_run_counts_what_is_left() {
    slow_job
    start
    await a_task_runs
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.left > 0'
    kill -INT "$run"
    finish 130
}

test_second_run_into_a_folder_in_use_exits_5() {
    slow_job
    start
    await a_task_runs
    local code=0
    "$RUSHES" run p.yaml in -o out >second 2>&1 || code=$?
    kill -INT "$run"
    finish 130
    [ "$code" = 5 ] || fail "exit $code: $(cat second)"
}

# Starts a run, after one of yesterday, whose worker does nothing while there is a file "hold".
start_on_slow_sources() {
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run jpeg-web in -o out
    pipeline <<'Y'
inputs: {include: ["*.png"]}
steps: [resize: {width: 50%}]
outputs: {o: {encode: {image: {format: webp}}, to: "${stem}.webp"}}
Y
    touch in/still.png hold
    printf '#!/bin/sh\nwhile [ "$1" = --serve ] && [ -e "%s" ]; do sleep 0.05; done\nexec "%s" "$@"\n' "$PWD/hold" "$WORKER" >slow
    chmod +x slow
    start --worker ./slow
    await sources_are_looked_at
}

sources_are_looked_at() {
    "$RUSHES" status out --json 2>/dev/null | jq -e '.status == "running" and .planned == false' >/dev/null
}

# expect_resumed STATUS: the run of the day is known so, and resume makes what it would have
expect_resumed() {
    expect_exit 0 rushes status out
    expect_said out ": $1"
    expect_said out "it ended while it looked at its sources"
    expect_exit 0 rushes status out --runs
    [ "$(wc -l <"$said/out")" = 2 ] || fail "$(wc -l <"$said/out") runs are known"
    expect_exit 2 rushes report out --run "$(head -n 1 "$said/out" | cut -d ' ' -f 1)"
    expect_said err "rushes resume out gives its command again"
    rm -f hold
    expect_exit 0 rushes resume out
    expect_file out/still.webp
    expect_exit 0 rushes status out --runs
    local id
    for id in out/.rushes/runs/*; do
        grep -q "^$(basename "$id") " "$said/out" || fail "no run is called $id"
    done
}

test_killed_while_it_looked_at_its_sources_a_run_is_resumed_whole() {
    start_on_slow_sources
    kill -KILL "$run"
    finish 137
    expect_resumed killed
}

test_interrupted_while_it_looked_at_its_sources_a_run_is_resumed_whole() {
    start_on_slow_sources
    kill -INT "$run"
    rm hold
    finish 130
    expect_resumed interrupted
}

test_a_run_that_was_refused_is_not_resumed() {
    mkdir in
    cp "$TINY/still.png" in
    expect_exit 0 rushes run jpeg-web in -o out
    expect_exit 4 rushes run podcast-mp3 in -o out
    expect_exit 0 rushes status out --runs
    [ "$(wc -l <"$said/out")" = 1 ] || fail "the refused run is known"
    expect_exit 0 rushes resume out
}

# killed_after MILLISECONDS: a run killed so late goes on as if nothing had been
killed_after() {
    slow_job
    start
    sleep "$(printf '%d.%03d' $(($1 / 1000)) $(($1 % 1000)))"
    kill -KILL "$run" 2>/dev/null || true
    wait "$run" 2>/dev/null || true
    if [ -n "$(ls -d out/.rushes/runs/* 2>/dev/null)" ]; then
        expect_exit 0 rushes resume out
    else
        expect_exit 0 rushes run p.yaml in -o out
    fi
    expect_as_unbroken
}

# The moments are spread over the run by a seed: another one in RUSHES_TEST_SEED tries others.
moment() {
    RANDOM=${RUSHES_TEST_SEED:-7}
    local i value=0
    for i in $(seq "$1"); do value=$RANDOM; done
    echo $((value * 300 / 32768 + ($1 - 1) * 300))
}

test_killed_supervisor_early_is_resumed() { killed_after "$(moment 1)"; }
test_killed_supervisor_soon_is_resumed() { killed_after "$(moment 2)"; }
test_killed_supervisor_midway_is_resumed() { killed_after "$(moment 3)"; }
test_killed_supervisor_late_is_resumed() { killed_after "$(moment 6)"; }

test_killed_supervisor_takes_its_workers_along() {
    slow_job
    start
    await a_task_runs
    local workers
    workers=$(pgrep -P "$run")
    kill -KILL "$run"
    wait "$run" 2>/dev/null || true
    sleep 0.5
    local worker
    for worker in $workers; do
        grep -qs '^State:.[^ZX]' "/proc/$worker/status" && fail "worker $worker still runs"
    done
    return 0
}

test_killed_task_is_tried_again() {
    slow_job
    start
    await a_task_runs
    local worker task
    worker=$(pgrep -x -P "$run" rushes-worker)
    await pgrep -P "$worker" >/dev/null
    task=$(pgrep -P "$worker" | head -n 1)
    kill -KILL "$task"
    finish 0
    expect_json out/.rushes/last/report.json '.totals.done == 8'
    [ "$(events | jq -s '[.[] | select(.attempt > 1)] | length')" -gt 0 ] || fail "no second attempt in the journal"
    expect_nothing_left_over out
}

test_killed_worker_is_started_again() {
    slow_job
    start
    await a_task_runs
    kill -KILL "$(pgrep -x -P "$run" rushes-worker)"
    finish 0
    expect_json out/.rushes/last/report.json '.totals.done == 8'
    expect_nothing_left_over out
}

test_timeout_fails_the_task_with_its_class() {
    slow_job
    rm in/[2-8].mov
    expect_exit 1 rushes run p.yaml in -o out --timeout 0.05s --retries 0
    expect_error out 1.mov timeout
    expect_nothing_left_over out
}

test_fail_fast_stops_at_the_first_failure() {
    slow_job
    head -c 60000 "$TINY/reel.mkv" >in/0.mov
    expect_exit 1 rushes run p.yaml in -o out -j 1 --fail-fast
    expect_json out/.rushes/last/report.json '.totals.cancelled > 0'
    expect_nothing_left_over out
}
