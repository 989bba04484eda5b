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
        if head in MAY and head != module and head not in MAY[module]:
            print(f"style: {name}:{number}: {module} may not include {target}", file=sys.stderr)
            bad = 1
        for library, homes in LIBRARIES.items():
            if target.startswith(library) and module not in homes:
                print(f"style: {name}:{number}: {target} belongs to {', '.join(sorted(homes))}", file=sys.stderr)
                bad = 1
sys.exit(bad)
