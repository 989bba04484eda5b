#!/usr/bin/env python3
"""sei.py h264|hevc timecode HH:MM:SS:FF|afd CODE: a bare stream from stdin to stdout, with a message
of SEI before each picture (ITU-T H.264, 7.3.2.3 and annex D; H.265 likewise), in place of those of
its type. The time code of H.264 is for streams with pic_struct and without HRD."""
import re, sys


def bits(*fields):
    text = "".join(format(value, f"0{width}b") for value, width in fields) + "1"
    text += "0" * (-len(text) % 8)
    return bytes(int(text[i : i + 8], 2) for i in range(0, len(text), 8))


def time_code(label):
    """D.1.3 and D.2.27: of pictures, each with one time, by which no frames are dropped."""
    h, m, s, f = (int(part) for part in label.split(":"))
    whole = ((0, 5), (1, 1), (0, 1), (0, 1))
    time = ((s, 6), (m, 6), (h, 5))
    if codec == "h264":
        return 1, bits((0, 4), (1, 1), (0, 2), (0, 1), *whole, (f, 8), *time, (0, 24))
    return 136, bits((1, 2), (1, 1), (0, 1), *whole, (f, 9), *time, (0, 5))


def active_format(code):
    """ETSI TS 101 154, B.3: DTG1, registered by ITU-T T.35."""
    return 4, bytes([0xB5, 0, 0x31]) + b"DTG1" + bytes([0x41, 0xF0 | int(code)])


def escaped(data):
    return re.sub(rb"\x00\x00(?=[\x00-\x03])", lambda _: b"\0\0\3", data)


def is_sei(unit, kind):
    return unit[0] & 31 == 6 and unit[1] == kind if codec == "h264" else unit[0] >> 1 == 39 and unit[2] == kind


def begins_picture(unit):
    if codec == "h264":
        return unit[0] & 31 in (1, 5) and unit[1] & 0x80
    return unit[0] >> 1 < 32 and unit[2] & 0x80


codec, what, value = sys.argv[1:]
kind, payload = {"timecode": time_code, "afd": active_format}[what](value)
header = b"\6" if codec == "h264" else bytes([39 << 1, 1])
message = header + escaped(bytes([kind, len(payload)]) + payload + b"\x80")
for unit in sys.stdin.buffer.read().split(b"\0\0\1")[1:]:
    unit = unit.rstrip(b"\0")
    if begins_picture(unit):
        sys.stdout.buffer.write(b"\0\0\0\1" + message)
    if not is_sei(unit, kind):
        sys.stdout.buffer.write(b"\0\0\0\1" + unit)
