#!/usr/bin/env bash
# The style that a machine can check: formatting, white space, the arrows between modules, headers
# that stand alone, scripts that name no machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
bad=0
complain() { echo "style: $*" >&2; bad=1; }

files=$(git ls-files 'src/*.[ch]' 'include/*.h' 'tests/*.[ch]' 'samples/*.[ch]' 'bench/*.[ch]')
if command -v clang-format >/dev/null; then
    unformatted=$(clang-format --dry-run $files 2>&1 | sed -n 's/^\([^:]*\):[0-9].*-Wclang-format.*/\1/p' | sort -u)
    for f in $unformatted; do
        complain "$f: run clang-format -i on it"
    done
fi
git grep -nIP '\t' -- $files && complain "tabs"
# tests/lang is written wrong on purpose.
git grep -nIP ' +$' -- $files '*.yaml' '*.sh' '*.txt' ':!tests/lang' && complain "trailing blanks"
python3 tests/lint/arrows.py || bad=1
exit $bad
