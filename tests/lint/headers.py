#!/usr/bin/env python3
"""headers.py CC: each header compiles alone, so that none depends on what stands before it. A header that
some .c includes first was compiled alone by the build; the others are compiled here."""
import pathlib, re, subprocess, sys

PACKAGES = ("gio-2.0 gio-unix-2.0 json-glib-1.0 yaml-0.1 sqlite3 libxxhash libavformat libavcodec "
            "libavfilter libavutil libswresample sndfile libebur128 vips").split()
root = pathlib.Path(__file__).resolve().parents[2]


def first_header(source):
    found = re.search(r'^#include ["<]([^">]+)[">]', source.read_text(), re.M)
    for folder in (source.parent, root / "include", root / "src"):
        if found and (folder / found.group(1)).is_file():
            return (folder / found.group(1)).resolve()
    return None


def files(kind):
    return [path for folder in ("include", "src", "samples", "tests") for path in sorted(root.glob(f"{folder}/**/*.{kind}"))]


flags = subprocess.run(["pkg-config", "--cflags", *PACKAGES], check=True, capture_output=True, text=True).stdout.split()
checked = {first_header(source) for source in files("c")}
left = [header for header in files("h") if header not in checked]
bad = [header for header in left
       if subprocess.run([sys.argv[1], "-std=c17", "-D_GNU_SOURCE", "-fsyntax-only", "-Wall", "-Wextra",
                          "-Wno-unused-parameter", "-Werror", f"-I{root}/include", f"-I{root}/src", *flags,
                          "-include", str(header), "-x", "c", "/dev/null"]).returncode]
print(f"{len(left)} headers compiled alone, {len(bad)} can't")
sys.exit(bool(bad))
