#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pictures that are coded as two fields, which no encoder at hand writes.

    field_pictures.py h264 OUT          24 pictures of 64 x 64, 25 a second, top field first (ITU-T
                                        H.264): flat fields in I_PCM, brighter with each one
    field_pictures.py reordered OUT     and every third picture is decoded before the two before it
    field_pictures.py lost N OUT        as h264, but field N isn't there, from 0
    field_pictures.py sets OUT          as h264, but second fields from the middle on are of a
                                        picture parameter set that comes there
    field_pictures.py mpeg2 IN OUT      IN: a bare stream of MPEG-2, intra only, of which each
                                        picture becomes a field (ISO/IEC 13818-2), top field first
"""
import re
import sys

MACROBLOCKS = 64 // 16
PICTURES, GROUP = 24, 12
AUD = b"\0\0\0\1\x09\xf0"


class Bits:
    def __init__(self):
        self.text = ""

    def u(self, value, count=1):
        self.text += f"{value:0{count}b}"

    def ue(self, *values):
        for value in values:
            code = f"{value + 1:b}"
            self.text += "0" * (len(code) - 1) + code

    def bytes(self, stop=True):
        text = self.text + "1" * stop
        text += "0" * (-len(text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


def unit(header, payload):
    """With what keeps start codes out of it (7.4.1)."""
    return b"\0\0\0\1" + bytes([header]) + re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", payload)


def sequence_set(held_back):
    bits = Bits()
    bits.u(77, 8), bits.u(0, 8), bits.u(30, 8)  # main profile, level 3
    bits.ue(0, 4, 0, 4, 2)  # number; 8 bits of frame_num; order of type 0 in 8 bits; 2 references
    bits.u(0), bits.ue(MACROBLOCKS - 1, MACROBLOCKS // 2 - 1)
    bits.u(0), bits.u(0), bits.u(1), bits.u(0)  # frame_mbs_only, adaptive; direct_8x8; no cropping
    bits.u(1), bits.u(0, 4)  # VUI: without shape, overscan, signal and place of chroma
    bits.u(1), bits.u(1, 32), bits.u(50, 32), bits.u(1)  # 50 fields a second, fixed
    bits.u(0, 3), bits.u(1), bits.u(1)
    bits.ue(0, 0, 10, 10, held_back, 2)
    return unit(0x67, bits.bytes())


def picture_set(name=0):
    bits = Bits()
    bits.ue(name, 0), bits.u(0, 2), bits.ue(0, 0, 0), bits.u(0, 3)
    bits.ue(0, 0, 0), bits.u(1), bits.u(0, 2)
    return unit(0x68, bits.bytes())


def slice_of(level, number, order, idr, referred, bottom, name):
    bits = Bits()
    bits.ue(0, 7, name), bits.u(number, 8), bits.u(1), bits.u(bottom)
    if idr:
        bits.ue(0)
    bits.u(order, 8)
    if referred:
        bits.u(0, 2 if idr else 1)
    bits.ue(0, 1)  # the quantiser stays; no deblocking
    samples = bytes([level] * 256 + [128] * 128)
    payload = b""
    for macroblock in range(MACROBLOCKS * MACROBLOCKS // 2):
        head = bits if macroblock == 0 else Bits()
        head.ue(25)  # I_PCM
        payload += head.bytes(stop=False) + samples
    return unit((0x60 if referred else 0) | (5 if idr else 1), payload + b"\x80")


def decoding_order(first, reordered):
    if not reordered:
        yield from ((shown, True) for shown in range(first, first + GROUP))
        return
    yield first, True
    for at in range(first + 1, first + GROUP, 3):
        if at + 2 < first + GROUP:
            yield at + 2, True
            yield at, False
            yield at + 1, False
        else:
            yield from ((rest, True) for rest in range(at, first + GROUP))


def h264(reordered, lost=None, sets=False):
    for first in range(0, PICTURES, GROUP):
        number = 0
        for shown, referred in decoding_order(first, reordered):
            for bottom in (0, 1):
                if 2 * shown + bottom == lost:
                    continue
                order, key = 2 * (shown - first) + bottom, shown == first and not bottom
                yield AUD
                if key:
                    yield sequence_set(int(reordered)) + picture_set()
                    yield picture_set(1) if sets and first else b""
                name = int(sets and first > 0 and bottom)
                level = 32 + 4 * shown + 2 * bottom
                yield slice_of(level, number, order, key, referred, bottom, name)
            number += referred


def start_codes(stream):
    places = [found.start() for found in re.finditer(rb"\0\0\x01", stream)] + [len(stream)]
    return [bytearray(stream[a:b]) for a, b in zip(places, places[1:])]


def mpeg2(stream):
    SEQUENCE, EXTENSION, GROUP_HEADER, PICTURE, END = 0xB3, 0xB5, 0xB8, 0x00, 0xB7
    picture, headers = -1, b""
    for part in start_codes(stream):
        code = part[3]
        extension = part[4] >> 4 if code == EXTENSION else 0
        if code == SEQUENCE:  # twice as high
            height = 2 * ((part[5] & 15) << 8 | part[6])
            part[5], part[6] = part[5] & 0xF0 | height >> 8, height & 0xFF
        if extension == 1:
            part[5] &= ~0x08  # progressive_sequence
        if code in (SEQUENCE, GROUP_HEADER) or extension in (1, 2):
            headers += part
            continue
        if code == END:
            continue
        if code == PICTURE:
            picture += 1
            reference = int.from_bytes(part[4:8], "big") & 0x003FFFFF  # temporal_reference 0
            part[4:8] = reference.to_bytes(4, "big")
            if picture % 2 == 0:
                yield headers
            headers = b""
        if extension == 8:
            part[6] = part[6] & ~3 | 1 + picture % 2  # picture_structure
            part[7] &= ~0xC1  # top_field_first, frame_pred_frame_dct, chroma_420_type
            part[8] &= ~0x80  # progressive_frame
        yield bytes(part)


if sys.argv[1] == "mpeg2":
    with open(sys.argv[2], "rb") as source:
        made = mpeg2(source.read())
elif sys.argv[1] == "lost":
    made = h264(False, int(sys.argv[2]))
else:
    made = h264(sys.argv[1] == "reordered", sets=sys.argv[1] == "sets")
with open(sys.argv[-1], "wb") as out:
    out.writelines(made)
