# The watch folder: what arrives is rendered once, whole, and remembered.
# Label: media

TINY=$FILES/tiny

watched() {
    mkdir in
    pipeline <<'Y'
inputs: {include: ["**/*.{mov,MP4,png}"]}
outputs:
  o: {encode: {container: mp4, video: {codec: h264, options: {preset: ultrafast}}, audio: {codec: aac}}, to: "${dir}/${stem}.mp4"}
  s: {encode: {image: {format: jpeg}}, to: "${dir}/${stem}.jpg"}
Y
}

# Starts watching in the background; its id in $watch. It is ended with the test, whatever becomes of that.
start() {
    "$RUSHES" watch p.yaml in -o out --poll 1s --settle 1s "$@" >>"$said/out" 2>>"$said/err" </dev/null &
    watch=$!
    trap 'kill -KILL $watch 2>/dev/null || true' EXIT
}

# finish SIGNAL CODE
finish() {
    local code=0
    kill "-$1" "$watch"
    wait "$watch" 2>/dev/null || code=$?
    [ "$code" = "$2" ] || fail "the watch ended with $code, expected $2"
}

# await CONDITION-COMMAND…: up to 60 s
await() {
    local i
    for i in $(seq 1200); do
        "$@" && return
        sleep 0.05
    done
    fail "never came: $*"
}

# A name that is somebody else's until the file is whole.
put() { cp "$1" "in/.$(basename "$2").new" && mv "in/.$(basename "$2").new" "in/$2"; }

ended_runs() { find out/.rushes/runs -name report.json 2>/dev/null | wc -l; }
runs_ended() { [ "$(ended_runs)" -ge "$1" ]; }
renders() { cat out/.rushes/runs/*/events.jsonl | jq -s '[.[] | select(.event == "task_started" and .kind == "render")] | length'; }
# The outputs of one run that were rendered, of the run that has this one
outputs_with() {
    local report
    for report in out/.rushes/runs/*/report.json; do
        jq -e --arg path "$1" '.outputs | any(.path == $path)' "$report" >/dev/null &&
            jq -r '[.outputs[].path] | sort | join(" ")' "$report"
    done
}

test_what_is_there_and_what_arrives_is_rendered() {
    watched
    cp "$TINY/clip.mov" in/a.mov
    start
    await test -f out/a.mp4
    mkdir in/day2
    cp "$TINY/still.png" in/day2/b.png
    await test -f out/day2/b.jpg
    finish INT 130
    expect_nothing_left_over out
    [ "$(find in -type f | sort | xargs)" = "in/a.mov in/day2/b.png" ] || fail "sources were touched"
}

test_sigterm_ends_with_143_and_sighup_does_nothing() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await test -f out/a.jpg
    kill -HUP "$watch"
    cp "$TINY/photo.jpg" in/b.png
    await test -f out/b.jpg
    finish TERM 143
}

test_a_resumed_watch_watches_on() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await runs_ended 1
    finish INT 130
    "$RUSHES" resume out >>"$said/out" 2>>"$said/err" </dev/null &
    watch=$!
    await runs_ended 2
    cp "$TINY/photo.jpg" in/b.png
    await test -f out/b.jpg
    finish INT 130
}

no_run_is_under_way() { rushes status out --json 2>/dev/null | jq -e '.status == "done"' >/dev/null; }
is_paused() { rushes status out | grep -q '^paused'; }

test_a_pause_between_two_batches_holds_the_next() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await no_run_is_under_way
    rushes pause out || fail "refused"
    put "$TINY/photo.jpg" b.png
    await is_paused
    expect_no_file out/b.jpg
    rushes continue out
    await test -f out/b.jpg
    finish INT 130
    ! rushes pause out 2>/dev/null || fail "nobody is there to pause"
}

test_a_file_renamed_into_place_is_taken() {
    watched
    start
    put "$TINY/clip.mov" a.mov
    await test -f out/a.mp4
    finish INT 130
}

# Two pauses, each longer than the settling time: the first with the file open, the second with it
# closed. What was too early is rendered again.
test_a_slow_copy_is_delivered_whole() {
    watched
    exec 9>in/a.mov
    head -c 20000 "$TINY/clip.mov" >&9
    start 9>&-
    await grep -qF "a.mov is still open for writing" "$said/err"
    expect_no_file out/a.mp4
    [ "$(ended_runs)" = 0 ] || fail "an open file was taken"
    head -c 40000 "$TINY/clip.mov" | tail -c +20001 >&9
    exec 9>&-
    await runs_ended 1
    expect_no_file out/a.mp4
    expect_error out a.mov input_damaged
    tail -c +40001 "$TINY/clip.mov" >>in/a.mov
    await test -f out/a.mp4
    finish INT 130
    expect_exit 0 rushes run p.yaml in -o out
    expect_status out a.mp4 up_to_date
}

test_that_writers_of_other_users_files_are_unseen_is_said_once() {
    [ "$(id -u)" = 0 ] || skip "only root can have files of two users"
    watched
    cp "$TINY/still.png" in/a.png
    cp "$TINY/photo.jpg" in/b.png
    chown 1:1 in/a.png in/b.png
    printf '#!/bin/sh\nexec setpriv --bounding-set -lease --inh-caps -lease "%s" "$@"\n' "$RUSHES" >without-lease
    chmod +x without-lease
    RUSHES=$PWD/without-lease start
    await test -f out/b.jpg
    chown 1:1 in/a.png
    touch in/a.png
    await runs_ended 2
    finish INT 130
    [ "$(grep -c "is another user's" "$said/err")" = 1 ] || fail "not said once"
}

test_a_changed_file_is_rendered_again() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await runs_ended 1
    cp "$TINY/photo.jpg" in/a.png
    await runs_ended 2
    finish INT 130
    [ "$(renders)" = 2 ] || fail "$(renders) renders"
}

test_part_files_and_hidden_files_are_not_taken() {
    watched
    cp "$TINY/still.png" in/a.png
    cp "$TINY/still.png" in/.b.png
    cp "$TINY/still.png" in/c.png.part
    cp "$TINY/still.png" in/.~d.png
    start
    await test -f out/a.jpg
    sleep 3
    finish INT 130
    [ "$(published out)" = ./a.jpg ] || fail "published: $(published out)"
}

test_parts_of_a_take_go_into_one_run() {
    watched
    start
    put "$TINY/clip.mov" GH010034.MP4
    {
        head -c 20000 "$TINY/film.mp4"
        sleep 4
        tail -c +20001 "$TINY/film.mp4"
    } >in/GH020034.MP4
    await test -f out/GH020034.mp4
    await runs_ended 1
    finish INT 130
    [ "$(outputs_with GH010034.mp4)" = "GH010034.mp4 GH020034.mp4" ] || fail "$(outputs_with GH010034.mp4)"
}

test_a_hidden_part_of_a_take_holds_the_others_back() {
    watched
    cp "$TINY/film.mp4" in/.GH020034.MP4.x3Yz9Q
    cp "$TINY/clip.mov" in/GH010034.MP4
    start
    cp "$TINY/still.png" in/a.png
    await test -f out/a.jpg
    expect_no_file out/GH010034.mp4
    mv in/.GH020034.MP4.x3Yz9Q in/GH020034.MP4
    await test -f out/GH020034.mp4
    finish INT 130
    [ "$(outputs_with GH010034.mp4)" = "GH010034.mp4 GH020034.mp4" ] || fail "$(outputs_with GH010034.mp4)"
}

test_the_same_content_is_rendered_once() {
    watched
    cp "$TINY/still.png" in/z.png
    start
    await test -f out/z.jpg
    cp "$TINY/still.png" in/a.png
    await runs_ended 2
    finish INT 130
    expect_said err "a duplicate: the same content as $PWD/in/z.png, from which z.jpg was made"
    expect_no_file out/a.jpg
    start
    await runs_ended 3
    finish INT 130
    expect_no_file out/a.jpg
    [ "$(renders)" = 1 ] || fail "$(renders) renders"
}

test_move_sorts_sources_into_done_and_failed() {
    watched
    mkdir -p in/day1 in/done/day1
    cp "$TINY/still.png" in/day1/a.png
    echo mine >in/done/day1/a.png
    head -c 200 "$TINY/photo.jpg" >in/b.png
    local good
    good=$(sha256sum <in/day1/a.png)
    start --move
    await test -f in/failed/b.png
    await test -f in/done/day1/a-2.png
    finish INT 130
    [ "$(sha256sum <in/done/day1/a-2.png)" = "$good" ] || fail "another file"
    [ "$(cat in/done/day1/a.png)" = mine ] || fail "overwritten"
    expect_file out/day1/a.jpg
    expect_no_file out/done/day1/a.jpg
    grep -q '^b.png could not be delivered' in/failed/b.png.reason.txt || fail "$(cat in/failed/b.png.reason.txt)"
    grep -q 'b.jpg: input_damaged: ' in/failed/b.png.reason.txt || fail "$(cat in/failed/b.png.reason.txt)"
    grep -q 'it is taken again' in/failed/b.png.reason.txt || fail "$(cat in/failed/b.png.reason.txt)"
}

test_a_chain_whose_source_is_out_of_spec_is_tried_once() {
    mkdir in
    pipeline <<'Y'
outputs:
  first: {encode: {image: {format: png}}, to: "${stem}.png", expect: {width: 7}}
  next: {from: first, encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
Y
    cp "$TINY/still.png" in/a.png
    start --move
    await test -f in/failed/a.png
    finish INT 130
    [ "$(ended_runs)" = 1 ] || fail "$(ended_runs) runs"
    grep -q 'a.png: out of spec: width is' in/failed/a.png.reason.txt || fail "$(cat in/failed/a.png.reason.txt)"
}

test_a_failed_source_that_is_put_back_repaired_is_delivered() {
    watched
    head -c 200 "$TINY/still.png" >in/b.png
    start --move
    await test -f in/failed/b.png
    put "$TINY/still.png" b.png
    await test -f out/b.jpg
    await test -f in/done/b.png
    finish INT 130
}

# Two cards with one name on both. What was delivered of the first stays, and it is known when it comes again.
test_a_moved_sources_deliverable_is_not_replaced_by_its_namesakes() {
    watched
    start --move
    put "$TINY/still.png" a.png
    await test -f in/done/a.png
    local made
    made=$(fingerprint out/a.jpg)
    put "$TINY/photo.jpg" a.png
    await test -f in/failed/a.png
    grep -qF "a.jpg: config: this name is taken by what was made of $PWD/in/done/a.png: rename this file" \
        in/failed/a.png.reason.txt || fail "$(cat in/failed/a.png.reason.txt)"
    put "$TINY/still.png" a.png
    await test -f in/done/a-2.png
    finish INT 130
    start --move --on-exists rename
    put "$TINY/photo.jpg" a.png
    await test -f out/a-2.jpg
    await test -f in/done/a-3.png
    finish INT 130
    [ "$(fingerprint out/a.jpg)" = "$made" ] || fail "replaced"
}

test_of_two_files_that_want_one_name_the_first_is_delivered() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await test -f out/a.jpg
    cp "$TINY/clip.mov" in/a.MP4
    await test -f out/a.mp4
    cp "$TINY/film.mp4" in/a.mov
    await runs_ended 3
    finish INT 130
    expect_error out a.mov config
    expect_json out/.rushes/last/report.json '.outputs[0].error.message | contains("this name is taken by what was made of")'
}

# Both arrive at once: the pipeline can't be planned for both, and yet one of them is delivered.
test_two_files_that_want_one_name_at_once_keep_nobody_waiting() {
    watched
    cp "$TINY/clip.mov" in/a.MP4
    cp "$TINY/film.mp4" in/a.mov
    cp "$TINY/still.png" in/b.png
    start
    await test -f out/a.mp4
    await test -f out/b.jpg
    finish INT 130
}

test_a_second_run_into_its_folder_is_refused() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await test -f out/a.jpg
    local code=0
    "$RUSHES" run p.yaml in -o out >second 2>&1 || code=$?
    finish INT 130
    [ "$code" = 5 ] || fail "exit $code"
    grep -q "process $watch" second || fail "$(cat second)"
}

test_a_pipeline_that_is_broken_meanwhile_is_waited_for() {
    watched
    cp "$TINY/still.png" in/a.png
    start
    await test -f out/a.jpg
    cp p.yaml good.yaml
    echo "nonsense: 1" >>p.yaml
    await grep -q "nonsense" "$said/err"
    cp good.yaml p.yaml
    cp "$TINY/photo.jpg" in/b.png
    await test -f out/b.jpg
    finish INT 130
}

test_a_folder_that_is_not_there_and_a_wrong_pipeline_are_refused() {
    watched
    expect_exit 4 rushes watch p.yaml nowhere -o out
    echo "nonsense: 1" >>p.yaml
    expect_exit 2 rushes watch p.yaml in -o out
}

# Opens at a full minute, half a minute from now or a little later; nothing but that ends the rest.
test_nothing_is_taken_until_the_window_opens() {
    watched
    cp "$TINY/still.png" in/a.png
    local opens
    opens=$(date -d '+90 seconds' +%H:%M)
    start --poll 3600 --window "$opens-$(date -d '+2 hours' +%H:%M)"
    await grep -q "what has arrived is waiting for the window .*, which opens at .* $opens" "$said/err"
    [ -z "$(ls out/.rushes/runs 2>/dev/null)" ] || fail "it took something"
    sleep 40
    await test -f out/a.jpg
    finish INT 130
    [ "$(grep -c 'waiting for the window' "$said/err")" = 1 ] || fail "said again, or held in a run"
}

test_hooks_are_called_for_each_run() {
    watched
    { echo 'hooks: {end: [sh, -c, "cat >>ends"]}'; tail -n +2 p.yaml; } >q && { echo "rushes: 1"; cat q; } >p.yaml
    cp "$TINY/still.png" in/a.png
    start
    await test -s ends
    cp "$TINY/photo.jpg" in/b.png
    await runs_ended 2
    finish INT 130
    [ "$(jq -s -r '[.[].outputs[].path] | join(" ")' ends)" = "a.jpg b.jpg" ] || fail "$(cat ends)"
}

# Killed again and again while twelve files arrive; in the end each has been delivered once. The
# moments are chosen by a seed: another one in RUSHES_TEST_SEED tries others.
test_killed_at_any_moment_everything_is_delivered_once() {
    watched
    RANDOM=${RUSHES_TEST_SEED:-5}
    local i round=0
    for i in $(seq 12); do # an empty box of its own makes each another content
        { cat "$TINY/clip.mov"; printf '\0\0\0\012free%02d' "$i"; } >"in/$i.mov"
    done
    while [ "$round" -lt 6 ]; do
        round=$((round + 1))
        start --move -j 2
        sleep "$((RANDOM % 4)).$((RANDOM % 10))"
        kill -KILL "$watch"
        wait "$watch" 2>/dev/null || true
    done
    start --move -j 2
    all_done() { [ "$(find in/done -type f 2>/dev/null | wc -l)" = 12 ]; }
    await all_done
    finish INT 130
    # Part files would be among them.
    [ "$(published out | wc -l)" = 12 ] || fail "published: $(published out)"
    [ -z "$(find in -name '*.reason.txt')" ] || fail "failed: $(find in/failed)"
    for i in $(seq 12); do expect_file "in/done/$i.mov"; done
    mv in/done/*.mov in/
    expect_exit 0 rushes run p.yaml in -o out
    expect_json out/.rushes/last/report.json '.totals.up_to_date == 12 and .totals.done == 0'
}
