#!/usr/bin/env python3
"""Which module may include which: the table of the house, and nothing else."""
import pathlib, re, sys

MAY = {
    "base": set(),
    "model": {"base"},
    "color": {"base"},
    "lang": {"base", "model"},
    "plan": {"base", "model", "lang", "color"},
    "engine": {"base", "model"},
    "ledger": {"base", "model", "plan"},
    "sched": {"base", "model", "plan", "engine"},
    "report": {"base", "model", "ledger"},
    "seal": {"base"},
    "watch": {"base"},
    "media": {"base", "model", "color"},
    "steps": {"base", "model", "media", "color"},
    "webhook": set(),
    "worker": {"base", "model", "media", "steps"},
}
# Whose private headers a folder of media may include, beside its own; what stands in include/media is everyone's.
INSIDE_MEDIA = {
    "bytes": set(),
    "signal": set(),
    "text": {"bytes", "source", "chain", "still"},
    "source": {"bytes", "signal", "cut", "still"},
    "probe": {"bytes", "sound", "still"},
    "chain": {"signal", "sound", "text"},
    "still": {"bytes", "signal", "chain", "text", "compare"},
    "sound": {"bytes", "source", "chain", "text"},
    "encoder": {"bytes", "signal", "chain"},
    "writer": {"bytes", "signal", "source", "chain", "text"},
    "cut": {"bytes", "chain"},
    "package": {"chain"},
    "meter": {"signal", "probe"},
    "compare": {"signal", "still"},
}
LIBRARIES = {
    "yaml.h": {"lang"},
    "libsoup/": {"webhook"},
    "sqlite3.h": {"ledger"},
    "xxhash.h": {"base"},
    "libav": {"media", "worker"},
    "libsw": {"media"},
    "sndfile.h": {"media"},
    "vips/": {"media"},
    "zimg.h": {"media"},
    "jpeglib.h": {"media"},
    "ebur128.h": {"media"},
    "libxml/": {"media"},
}

bad = 0
root = pathlib.Path(__file__).resolve().parents[2]
media = root / "src/media"


def folder_of_media(path):
    """None outside of the folders of media."""
    parts = path.relative_to(media).parts if path.is_relative_to(media) else ()
    return parts[0] if len(parts) > 1 else None


for path in sorted([*root.glob("src/**/*.[ch]"), *root.glob("include/**/*.h")]):
    name = path.relative_to(root).as_posix()
    module = name.split("/")[1]
    if module == "cli":
        continue
    for number, line in enumerate(path.read_text().splitlines(), 1):
        found = re.match(r'\s*#include ["<]([^">]+)[">]', line)
        if not found:
            continue
        target = found.group(1)
        head = target.split("/")[0]
        here, there = folder_of_media(path), folder_of_media((path.parent / target).resolve())
        if here and there and there != here and there not in INSIDE_MEDIA.get(here, set()):
            print(f"style: {name}:{number}: media/{here} may not include {target}", file=sys.stderr)
            bad = 1
        if head in MAY and head != module and head not in MAY[module]:
            print(f"style: {name}:{number}: {module} may not include {target}", file=sys.stderr)
            bad = 1
        for library, homes in LIBRARIES.items():
            if target.startswith(library) and module not in homes:
                print(f"style: {name}:{number}: {target} belongs to {', '.join(sorted(homes))}", file=sys.stderr)
                bad = 1
sys.exit(bad)
