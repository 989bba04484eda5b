#!/usr/bin/env bash
# man.sh SHARE: the man page has no warnings, and the shells that are here can read their completions.
set -euo pipefail
cd "$1"
if command -v man >/dev/null; then
    warnings=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z rushes.1 2>&1 >/dev/null)
    [ -z "$warnings" ] || { echo "$warnings" >&2; exit 1; }
fi
bash -n rushes
if command -v zsh >/dev/null; then zsh -n _rushes; fi
if command -v fish >/dev/null; then fish --no-execute rushes.fish; fi
