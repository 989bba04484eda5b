#!/usr/bin/env bash
# links.sh RUSHES: the front end links no media library; those are the worker's.
set -euo pipefail
libraries=$(ldd "$1")
if grep -E 'lib(av[a-z]+|sw[a-z]+|sndfile|vips|ebur128|soxr|zimg)[.-]' <<<"$libraries"; then
    echo "$1 links the media libraries above" >&2
    exit 1
fi
