# When tasks start: pause and continue, windows, low disk, deadlines.
# Label: media

TINY=$FILES/tiny

clips() {
    mkdir in
    local i
    for i in $(seq "$1"); do
        cp "$TINY/clip.mov" "in/$i.mov"
    done
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
outputs:
  o: {encode: {container: mp4, video: {codec: h264}, audio: none}, to: "${stem}.mp4"}
Y
}

# A size that no disk has: predicted, never written.
# An output that needs more than is free, and less than the disk has in all.
huge() {
    mkdir in
    cp "$TINY/clip.mov" in/
    pipeline <<'Y'
inputs: {include: ["*.mov"]}
steps: [speed: 0.1, speed: 0.1, speed: 0.1, speed: 0.1]
outputs:
  big: {encode: {container: mp4, video: {codec: h264, bitrate: RATEk}, audio: none}, to: "${stem}.mp4"}
Y
    local seconds rate
    seconds=$(rushes probe --json in/clip.mov | jq '.. | .duration? // empty | select(type == "number")' | head -1)
    rate=$(df -B1 --output=size,avail . | awk -v s="$seconds" 'END { printf "%.0f", ($1 + $2) / 2 * 8 / (s * 10000) / 1000 }')
    sed -i "s/RATE/$rate/" p.yaml
}

is_started() { events | grep -q '"task_started"'; }
is_held() { events | grep -q '"run_held"'; }
one_ended() { events | grep -q '"output_ended"'; }
goes_on() { events | grep -q '"run_continued"'; }
nothing_runs() { rushes status out --json | jq -e '.running == 0' >/dev/null; }
started() { events | grep -c '"task_started"'; }

test_pause_starts_nothing_and_continue_goes_on() {
    clips 12
    start -j 1
    await is_started
    expect_exit 0 rushes pause out
    await is_held
    await nothing_runs
    local before
    before=$(started)
    sleep 1
    [ "$(started)" = "$before" ] || fail "a paused run started something"
    expect_exit 0 rushes status out
    expect_said out "paused"
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.held != null and .left > 0'
    expect_exit 0 rushes continue out
    finish 0
    goes_on || fail "the journal does not say that it went on"
    expect_json out/.rushes/last/report.json '.totals.done == 12'
}

says_when_it_ends() { rushes status out --json | jq -e '.expected_end > "2026"' >/dev/null; }

test_status_says_when_a_run_should_end() {
    clips 40
    start -j 1
    await says_when_it_ends
    expect_exit 0 rushes status out
    grep -qE "^(ends about|should have ended by) 20" "$said/out" || fail "status does not say when it should end"
    finish 0
    expect_exit 0 rushes status out --json
    expect_json "$said/out" '.expected_end == null'
}

test_a_run_under_way_has_no_report_yet() {
    clips 12
    start -j 1
    await is_started
    expect_exit 0 rushes pause out
    await is_held
    local words code=0 # $said/err is the run's
    words=$(rushes report out 2>&1) || code=$?
    [ "$code: $words" = "2: rushes: no run below out has ended yet, so there is no report" ] || fail "$code: $words"
    code=0
    words=$(rushes report out --run "$(ls out/.rushes/runs)" 2>&1) || code=$?
    [[ "$code: $words" == "2: "*"is under way"* ]] || fail "$code: $words"
    kill -INT "$run"
    finish 130
    expect_exit 0 rushes report out --run "$(ls out/.rushes/runs)"
}

test_a_run_killed_while_paused_is_not_paused_when_resumed() {
    clips 12
    start -j 1
    await is_started
    expect_exit 0 rushes pause out
    await is_held
    kill -KILL "$run"
    wait "$run" 2>/dev/null || true
    expect_exit 0 rushes resume out
    expect_json out/.rushes/last/report.json '.totals.done + .totals.up_to_date == 12'
}

test_ctrl_c_ends_a_paused_run() {
    clips 12
    start -j 1
    await is_started
    expect_exit 0 rushes pause out
    await is_held
    kill -INT "$run"
    finish 130
    expect_nothing_left_over out
}

test_there_is_nothing_to_pause_where_no_run_is() {
    expect_exit 2 rushes pause out
    clips 1
    expect_exit 0 rushes run p.yaml in -o out
    expect_exit 2 rushes pause out
    expect_said err "no run is under way"
    expect_exit 2 rushes continue out
}

# A window that is closed for the next two hours at least, and one that is open.
closed_window() { echo "$(date -d '+3 hours' +%H:%M)-$(date -d '+4 hours' +%H:%M)"; }

test_outside_its_window_a_run_waits() {
    clips 2
    start --window "$(closed_window)"
    await grep -q "waiting for the window" "$said/err"
    expect_exit 0 rushes status out
    expect_said out "waiting for the window"
    [ "$(started)" = 0 ] || fail "it started something"
    kill -INT "$run"
    finish 130
}

test_the_command_line_opens_the_window_of_the_pipeline() {
    clips 2
    echo "window: \"$(closed_window)\"" >>p.yaml
    expect_exit 0 rushes run p.yaml in -o out --window 00:00-24:00
}

test_a_bad_window_is_refused() {
    clips 1
    expect_exit 2 rushes run p.yaml in -o out --window 8-9
    expect_said err "20:00-08:00"
}

test_without_room_a_run_pauses_and_says_what_it_needs() {
    huge
    start
    await grep -q "paused: needs" "$said/err"
    expect_exit 0 rushes status out
    expect_said out "free some space"
    events | jq -se '.[] | select(.event == "run_held") | .hold == "disk" and (.text | contains("needs"))' >/dev/null || fail "the journal does not say why"
    kill -INT "$run"
    finish 130
    expect_nothing_left_over out
}

test_asked_to_fail_without_room_it_exits_5() {
    huge
    expect_exit 5 rushes run p.yaml in -o out --on-low-disk fail
    expect_error out clip.mov disk
    expect_json out/.rushes/last/report.json '[.outputs[].rerun // empty] == []'
}

test_a_deadline_that_cannot_be_met_is_warned_of_and_reported() {
    clips 2
    sed -i 's/^outputs:/deliver_by: "2020-01-01T08:00"\noutputs:/' p.yaml
    expect_exit 0 rushes plan p.yaml in -o out
    expect_said err "2 of 2 outputs may be late"
    expect_exit 0 rushes run p.yaml in -o out
    expect_said err "2 of 2 outputs may be late"
    expect_said out "late: 1.mp4: delivered, but wanted by 2020-01-01 08:00"
    expect_json out/.rushes/last/report.json '[.outputs[] | .late] == [true, true]'
    expect_exit 0 rushes report out
    expect_said out "late: 2.mp4"
}

test_of_a_killed_run_it_is_known_what_was_late() {
    clips 12
    sed -i 's/^outputs:/deliver_by: "2020-01-01T08:00"\noutputs:/' p.yaml
    start -j 1
    await one_ended
    kill -KILL "$run"
    wait "$run" 2>/dev/null || true
    local id
    id=$(ls out/.rushes/runs)
    expect_exit 0 rushes report out --run "$id"
    expect_said out "mp4: delivered, but wanted by 2020-01-01 08:00"
    [ "$(grep -c '^late: ' "$said/out")" -lt 12 ] || fail "what was not delivered is called late"
}

test_outputs_of_higher_priority_come_first() {
    clips 3
    cat >p.yaml <<'Y'
rushes: 1
jobs:
  last: {priority: low, inputs: {include: ["*.mov"]}, outputs: {o: {encode: {container: mp4, video: {codec: h264}, audio: none}, to: "last/${stem}.mp4"}}}
  first: {priority: 7, inputs: {include: ["*.mov"]}, outputs: {o: {encode: {container: mp4, video: {codec: h264}, audio: none}, to: "first/${stem}.mp4"}}}
Y
    expect_exit 0 rushes run p.yaml in -o out -j 1
    local order
    order=$(events | jq -r 'select(.event == "output_ended") | .output | split("/")[0]' | uniq | xargs)
    [ "$order" = "first last" ] || fail "they came as $order"
}
