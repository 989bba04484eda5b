# What is called when a run is over.
# Label: media

TINY=$FILES/tiny

# hooked END FAILURE: a pipeline with these hooks, and a folder with a still
hooked() {
    mkdir -p in
    cp "$TINY/still.png" in/a.png
    { echo "hooks:"; printf '  end: %s\n  failure: %s\n' "$1" "$2"
      echo 'outputs: {o: {encode: {image: {format: jpeg}}, to: "${stem}.jpg"}}'; } | pipeline
}

# A program that remembers what it was told in told.NAME.*
teller() {
    cat >tell.sh <<'S'
#!/bin/sh
cat >"told.$1.json"
env | grep '^RUSHES_' >"told.$1.env"
printf '%s\n' "$@" >"told.$1.args"
pwd >"told.$1.pwd"
S
    chmod +x tell.sh
}

serve() {
    mkdir server
    python3 "$SOURCE/tests/cli/webhook_server.py" server "$@" </dev/null >/dev/null 2>&1 &
    server=$!
    trap 'kill $server 2>/dev/null || true' EXIT
    local i
    for i in $(seq 600); do
        [ -f server/port ] && port=$(cat server/port) && return
        sleep 0.05
    done
    fail "the server didn't come up"
}

test_end_is_called_with_the_report_and_the_environment() {
    teller
    hooked '[./tell.sh, end, "two words", ""]' '[./tell.sh, failure]'
    expect_exit 0 rushes run p.yaml in -o out
    cmp told.end.json out/.rushes/last/report.json || fail "other JSON than the report"
    grep -qx 'RUSHES_STATUS=done' told.end.env || fail "$(cat told.end.env)"
    grep -qx 'RUSHES_EXIT=0' told.end.env || fail "$(cat told.end.env)"
    grep -qx "RUSHES_OUT_DIR=$PWD/out" told.end.env || fail "$(cat told.end.env)"
    grep -qx "RUSHES_RUN=$(jq -r .run told.end.json)" told.end.env || fail "$(cat told.end.env)"
    [ "$(cat told.end.args)" = "$(printf 'end\ntwo words\n\n')" ] || fail "$(cat told.end.args)"
    expect_no_file told.failure.json
}

test_failure_is_called_after_end_when_something_failed() {
    teller
    hooked '[./tell.sh, end]' '[./tell.sh, failure]'
    head -c 200 "$TINY/still.png" >in/b.png
    expect_exit 1 rushes run p.yaml in -o out
    expect_file told.end.json
    expect_json told.failure.json '.status == "failed" and .exit == 1 and .totals.failed == 1'
    grep -qx 'RUSHES_EXIT=1' told.failure.env || fail "$(cat told.failure.env)"
}

test_failure_is_called_when_nothing_could_run() {
    teller
    hooked '[./tell.sh, end]' '[./tell.sh, failure]'
    mkdir empty
    expect_exit 4 rushes run p.yaml empty -o out
    expect_json told.failure.json '.status == "failed" and .exit == 4 and .outputs == []'
}

test_a_command_runs_in_the_folder_of_its_pipeline() {
    mkdir project
    cd project
    teller
    hooked '[./tell.sh, end]' '[./tell.sh, failure]'
    cd ..
    expect_exit 0 rushes run project/p.yaml project/in -o out
    [ "$(cat project/told.end.pwd)" = "$PWD/project" ] || fail "it ran in $(cat project/told.end.pwd)"
}

test_no_shell_reads_a_command() {
    hooked '[touch, "a; touch b"]' '[touch, c]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_file "a; touch b"
    expect_no_file b
}

test_a_hook_that_fails_is_said_and_noted_and_changes_nothing() {
    hooked '[sh, -c, "exit 3"]' '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_said err 'hook "end": sh ended with exit status 3'
    expect_json out/.rushes/last/report.json '.status == "done" and (.notes | any(contains("exit status 3")))'
    expect_file out/a.jpg
    expect_no_file failed
}

test_a_hook_that_is_not_there_is_said() {
    hooked '[./nobody.sh]' '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_said err 'nobody.sh'
}

test_what_a_hook_prints_does_not_mix_with_results() {
    hooked '[echo, noise]' '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out --json
    expect_json "$said/out" '.status == "done"'
    expect_said err noise
}

test_a_hook_is_stopped_by_ctrl_c() {
    hooked '[sh, -c, "touch began; sleep 50; touch ended"]' '[touch, failed]'
    "$RUSHES" run p.yaml in -o out >"$said/out" 2>"$said/err" </dev/null &
    local run=$! code=0 i
    for i in $(seq 600); do [ -f began ] && break; sleep 0.05; done
    kill -INT "$run"
    wait "$run" || code=$?
    [ "$code" = 0 ] || fail "exit $code of a run that was done"
    expect_said err "was stopped"
    expect_no_file ended
}

test_plan_and_dry_run_call_nothing() {
    teller
    hooked '[./tell.sh, end]' '[./tell.sh, failure]'
    expect_exit 0 rushes plan p.yaml in -o out
    expect_exit 0 rushes run -n p.yaml in -o out
    expect_no_file told.end.json
}

test_a_preset_may_not_have_hooks() {
    mkdir -p in presets
    cp "$TINY/still.png" in/a.png
    printf 'rushes: 1\nhooks: {end: [touch, %s/called]}\nencode: {image: {format: jpeg}}\n' "$PWD" >presets/hooked.yaml
    expect_exit 2 rushes run hooked in -o out
    expect_said err "a preset may not have hooks"
    expect_no_file called
}

test_a_webhook_is_given_the_report() {
    serve
    hooked "http://127.0.0.1:$port/ok" '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    cmp server/1.json out/.rushes/last/report.json || fail "other JSON than the report"
    [ "$(cat server/1.type)" = application/json ] || fail "type $(cat server/1.type)"
}

test_a_webhook_in_trouble_is_tried_three_times() {
    serve
    hooked "http://127.0.0.1:$port/twice" '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_file server/3.json
    expect_said err "it answers 503"
    expect_json out/.rushes/last/report.json '[.notes[] | select(contains("hook"))] == []'
}

test_a_webhook_that_is_gone_is_called_once_and_its_secret_kept() {
    serve
    hooked "http://127.0.0.1:$port/gone?token=secret" '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_file server/1.json
    expect_no_file server/2.json
    expect_said err 'hook "end": the webhook at 127.0.0.1 ended with exit status 1'
    ! grep -rq secret "$said/err" out || fail "the secret is written down"
}

test_a_redirection_is_not_followed() {
    serve
    hooked "http://127.0.0.1:$port/moved" '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_said err "write the new address into the pipeline"
    expect_no_file server/2.json
}

test_a_server_without_a_good_certificate_gets_nothing() {
    command -v openssl >/dev/null || skip "no openssl"
    openssl req -x509 -newkey rsa:2048 -nodes -keyout key -out cert -days 2 -subj /CN=127.0.0.1 \
        -addext subjectAltName=IP:127.0.0.1 2>/dev/null
    serve cert key
    hooked "https://127.0.0.1:$port/ok" '[touch, failed]'
    expect_exit 0 rushes run p.yaml in -o out
    expect_said err "certificate"
    expect_no_file server/1.json
}
