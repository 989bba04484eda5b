#!/usr/bin/env bash
# Every whole pipeline or preset in the documents is one: yaml_blocks.sh RUSHES SOURCE. A fenced
# block of YAML that starts with "rushes: 1" is linted under the name and line of its document.
set -euo pipefail
rushes=$1
cd "$2"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
bad=0
while IFS= read -r document; do
    rm -f "$folder"/*
    awk -v folder="$folder" '
        /^```ya?ml/ { in_block = 1; file = sprintf("%s/%d.yaml", folder, NR + 1); next }
        /^```/      { in_block = 0 }
        in_block    { print > file }' "$document"
    for block in "$folder"/*.yaml; do
        { [ -e "$block" ] && grep -q '^rushes: 1' "$block"; } || continue
        if ! "$rushes" lint "$block" >/dev/null 2>"$folder/said"; then
            echo "$document, block at line $(basename "$block" .yaml):" >&2
            cat "$folder/said" >&2
            bad=1
        fi
    done
done < <(git ls-files '*.md')
exit $bad
