#!/usr/bin/env bash
# unit.sh FILE RUSHES: systemd finds nothing wrong with the unit, for an instance of it whose program is there.
set -euo pipefail
command -v systemd-analyze >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
sed "s,^ExecStart=[^ ]*,ExecStart=$2," "$1" >"$folder/rushes-watch@night.service"
said=$(systemd-analyze verify --man=no "$folder/rushes-watch@night.service" 2>&1) || { echo "$said" >&2; exit 1; }
if grep -F rushes-watch <<<"$said" >&2; then exit 1; fi
