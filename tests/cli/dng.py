#!/usr/bin/env python3
"""dng.py FILE [--size WxH] [--cut BYTES]: a DNG 1.4 of a sensor whose colours are linear sRGB's, with four
patches (left to right, from the top, upright after a quarter turn clockwise):
  linear 0.5 grey | linear 0.25 red alone
It is stored lying (Orientation 6), with camera, lens, exposure, date and place. Only the standard
library; tags by number (TIFF 6.0; DNG 1.4.0.0; Exif 2.32)."""
import struct, sys

args = sys.argv[1:]
size = args[args.index("--size") + 1] if "--size" in args else "64x48"
width, height = map(int, size.split("x"))
WHITE = 65535
SRGB_FROM_XYZ = [3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570]


def sensel(x, y):
    red = y % 2 == 0 and x % 2 == 0
    if y < height // 2:  # after the turn: the right half
        return int(WHITE * 0.25) if red else 0
    return int(WHITE * 0.5)


def value(kind, items):
    if kind == 2:
        return items.encode() + b"\0", len(items) + 1
    if kind in (1, 7):
        return bytes(items), len(items)
    if kind == 3:
        return struct.pack("<%dH" % len(items), *items), len(items)
    if kind == 4:
        return struct.pack("<%dI" % len(items), *items), len(items)
    code = "<%dI" if kind == 5 else "<%di"
    flat = [number for pair in items for number in pair]
    return struct.pack(code % len(flat), *flat), len(items)


def ifd(at, tags):
    """The bytes of a directory that begins at `at`, and of its values behind it."""
    rows, behind = b"", b""
    start = at + 2 + 12 * len(tags) + 4
    for tag in sorted(tags):
        data, count = value(*tags[tag])
        if len(data) > 4:
            place = struct.pack("<I", start + len(behind))
            behind += data + b"\0" * (len(data) % 2)
        else:
            place = data.ljust(4, b"\0")
        rows += struct.pack("<HHI", tag, tags[tag][0], count) + place
    return struct.pack("<H", len(tags)) + rows + struct.pack("<I", 0) + behind


def ratios(numbers, per=10000):
    return [(round(number * per), per) for number in numbers]


exif = {
    33434: (5, [(1, 250)]), 33437: (5, [(56, 10)]), 34855: (3, [400]),
    36867: (2, "2026:11:27 08:30:00"), 37386: (5, [(350, 10)]), 42036: (2, "Prime 35mm F2"),
}
gps = {
    0: (1, [2, 3, 0, 0]), 1: (2, "N"), 2: (5, [(43, 1), (28, 1), (281400, 10000)]),
    3: (2, "E"), 4: (5, [(11, 1), (53, 1), (64500, 10000)]),
}
main = {
    254: (4, [0]), 256: (4, [width]), 257: (4, [height]), 258: (3, [16]), 259: (3, [1]),
    262: (3, [32803]), 271: (2, "Rushes"), 272: (2, "Test One"), 273: (4, [0]), 274: (3, [6]),
    277: (3, [1]), 278: (4, [height]), 279: (4, [2 * width * height]), 284: (3, [1]),
    315: (2, "A. Photographer"),
    33421: (3, [2, 2]), 33422: (1, [0, 1, 1, 2]), 34665: (4, [0]), 34853: (4, [0]),
    50706: (1, [1, 4, 0, 0]), 50708: (2, "Rushes Test One"), 50714: (4, [0]), 50717: (4, [WHITE]),
    50721: (10, ratios(SRGB_FROM_XYZ)), 50728: (5, ratios([1, 1, 1])), 50778: (3, [21]),
}
exif_at = 8 + len(ifd(8, main))
gps_at = exif_at + len(ifd(exif_at, exif))
pixels_at = gps_at + len(ifd(gps_at, gps))
main[34665], main[34853], main[273] = (4, [exif_at]), (4, [gps_at]), (4, [pixels_at])
data = b"II*\0" + struct.pack("<I", 8) + ifd(8, main) + ifd(exif_at, exif) + ifd(gps_at, gps)
data += b"".join(struct.pack("<H", sensel(x, y)) for y in range(height) for x in range(width))
if "--cut" in args:
    data = data[:-int(args[args.index("--cut") + 1])]
with open(args[0], "wb") as out:
    out.write(data)
