#!/usr/bin/env bash
# links.sh RUSHES SOUND_WORKER: the front end links no media library; those are the workers'. The sound
# worker's forks are cheap for what it doesn't link.
set -euo pipefail
refuse() { # PROGRAM WHAT LIBRARIES
    if ldd "$1" | grep -E "$3"; then
        echo "$1 links the $2 above" >&2
        exit 1
    fi
}
refuse "$1" 'media libraries' 'lib(av[a-z]+|sw[a-z]+|sndfile|vips|ebur128|soxr|zimg)[.-]'
refuse "$2" 'libraries of pictures and codecs' 'lib(avformat|avcodec|avfilter|vips|raw|xml2|icudata|fontconfig)[.-]'
