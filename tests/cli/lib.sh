#!/usr/bin/env bash
# Runs one test of one file: lib.sh FILE FUNCTION, in a temporary folder of its own, which is kept
# when the test fails. RUSHES and WORKER are the programs, FILES the media (files.sh), SOURCE the
# source tree. What a command printed is in $said/out and $said/err until the next one.
set -euo pipefail

# What a CI service sets changes what rushes does: a test that is about it sets it.
unset CI GITHUB_STEP_SUMMARY SOURCE_DATE_EPOCH NO_COLOR

fail() {
    echo "FAILED: $*" >&2
    for stream in out err; do
        [ -s "$said/$stream" ] && sed "s/^/  std$stream: /" "$said/$stream" | tail -n 40 >&2
    done
    echo "  folder: $home" >&2
    exit 1
}

skip() {
    echo "skipped: $*"
    rm -rf "$home"
    exit 77
}

rushes() { "$RUSHES" "$@"; }

# expect_exit CODE COMMAND…
expect_exit() {
    local expected=$1 code=0
    shift
    "$@" >"$said/out" 2>"$said/err" </dev/null || code=$?
    [ "$code" = "$expected" ] || fail "exit $code, expected $expected: $*"
}

# expect_said out|err TEXT
expect_said() { grep -qF -- "$2" "$said/$1" || fail "std$1 does not say: $2"; }

# expect_json FILE JQ-CONDITION
# expect_json FILE JQ-CONDITION: of the one value in it
expect_json() { [ "$(jq "$2" "$1")" = true ] || fail "$1: not so: $2"; }

expect_file() { [ -f "$1" ] || fail "no file $1"; }
expect_no_file() { [ ! -e "$1" ] || fail "there is a file $1"; }

# expect_status FOLDER PATH STATUS: of one output in the last report
expect_status() {
    local status
    status=$(jq -r --arg path "$2" '.outputs[] | select(.path == $path) | .status' "$1/.rushes/last/report.json")
    [ "$status" = "$3" ] || fail "$2 is '$status' in the report, expected $3"
}

# expect_error FOLDER INPUT CLASS: every output of this input failed so
expect_error() {
    local class
    class=$(jq -r --arg input "$2" '[.outputs[] | select(.input == $input) | .error.class] | unique | join(" ")' \
        "$1/.rushes/last/report.json")
    [ "$class" = "$3" ] || fail "the error of $2 is '$class', expected $3"
}

# What is published: paths below a folder without the run folders.
published() { (cd "$1" && find . -path ./.rushes -prune -o -type f -print | sort); }

expect_nothing_left_over() {
    local parts
    parts=$(find "$1" -name '.rushes-*')
    [ -z "$parts" ] || fail "left over: $parts"
}

# Content and times of all files below a folder, to compare before and after.
fingerprint() { find -L "$1" -type f -printf '%p %s %T@ %m\n' -exec sha256sum {} + | sort; }

# A pipeline in p.yaml, from standard input, after its first line.
pipeline() { { echo "rushes: 1"; cat; } >p.yaml; }

# Starts the run in the background; its id in $run.
start() {
    "$RUSHES" run p.yaml in -o out -j 2 "$@" >"$said/out" 2>"$said/err" </dev/null &
    run=$!
}

# finish CODE: waits for the run
finish() {
    local code=0
    wait "$run" 2>/dev/null || code=$?
    [ "$code" = "$1" ] || fail "the run ended with $code, expected $1"
}

events() { cat out/.rushes/runs/*/events.jsonl 2>/dev/null; }

# await CONDITION-COMMAND…: up to 30 s
await() {
    local i
    for i in $(seq 600); do
        "$@" && return
        sleep 0.05
    done
    fail "never came: $*"
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    home=$(mktemp -d "${TMPDIR:-/tmp}/rushes-test-XXXXXX")
    said=$home/said
    mkdir "$said" "$home/work"
    export XDG_CONFIG_HOME=$home/config NO_COLOR=1 LC_ALL=C.UTF-8
    cd "$home/work"
    # shellcheck source=/dev/null
    . "$1"
    "$2"
    cd /
    rm -rf "$home"
fi
