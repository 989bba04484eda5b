# The sandbox on the command line: what is said when it isn't whole.
# Label: media

one() {
    mkdir in
    cp "$FILES/tiny/still.png" in
}

test_whole_sandbox_is_in_the_report_and_not_spoken_of() {
    one
    expect_exit 0 rushes run jpeg-web in -o out --require-sandbox
    expect_json out/.rushes/last/report.json '.sandbox == ["no-new-privs", "rlimits", "landlock", "seccomp"]'
    if grep -q sandbox "$said/err" "$said/out"; then fail "it spoke of the sandbox"; fi
}

test_missing_layer_is_one_warning_and_in_the_report() {
    one
    RUSHES_SANDBOX=no-new-privs,rlimits,seccomp expect_exit 0 rushes run jpeg-web in -o out
    [ "$(grep -c 'warning: the sandbox lacks landlock' "$said/err")" = 1 ] || fail "not one warning"
    expect_json out/.rushes/last/report.json '.sandbox == ["no-new-privs", "rlimits", "seccomp"]'
    expect_json out/.rushes/last/report.json '.notes | any(startswith("the sandbox lacks landlock"))'
    grep -q 'sandbox: no-new-privs, rlimits, seccomp' out/.rushes/last/report.html || fail "report.html does not say it"
}

test_missing_layer_is_an_error_where_the_sandbox_is_required() {
    one
    RUSHES_SANDBOX=off expect_exit 2 rushes run jpeg-web in -o out --require-sandbox
    expect_said err "lacks no-new-privs, rlimits, landlock, seccomp"
    expect_no_file out
    RUSHES_SANDBOX=off expect_exit 2 rushes probe in --require-sandbox
    RUSHES_SANDBOX=off expect_exit 2 rushes check in --preset jpeg-web --require-sandbox
    [ ! -s "$said/out" ] || fail "it checked"
}

test_run_that_renders_nothing_needs_no_sandbox() {
    one
    sleep 2.1 # what changed within the last two seconds is looked at again
    expect_exit 0 rushes run jpeg-web in -o out
    RUSHES_SANDBOX=off expect_exit 0 rushes run jpeg-web in -o out
    if grep -q sandbox "$said/err"; then fail "it spoke of the sandbox"; fi
    expect_json out/.rushes/last/report.json '.sandbox == null'
}

test_unknown_layer_turns_nothing_off() {
    one
    RUSHES_SANDBOX=landlok expect_exit 0 rushes run jpeg-web in -o out --require-sandbox
    expect_said err "RUSHES_SANDBOX=landlok"
}

test_task_by_hand_runs_in_the_same_sandbox() {
    one
    expect_exit 0 rushes run jpeg-web in -o out
    local task=out/.rushes/last/tasks/0/task.json
    expect_exit 0 strace -f -o trace "$WORKER" "$task"
    grep -q 'landlock_restrict_self(.*= 0' trace || fail "no Landlock"
    grep -q 'SECCOMP_SET_MODE_FILTER\|seccomp(0x1' trace || fail "no seccomp"
    RUSHES_SANDBOX=off expect_exit 0 "$WORKER" "$task"
    expect_said err "the sandbox lacks"
}

test_version_of_the_worker_names_the_layers() {
    expect_exit 0 "$WORKER" --version
    expect_said out "sandbox: no-new-privs, rlimits, landlock, seccomp"
}
