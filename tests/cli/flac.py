"""Cue sheets of FLAC files (RFC 9639, 8.7), by code that shares nothing with ours.
flac.py add FILE SAMPLE… LAST: puts one behind the first block; flac.py show FILE: places of its tracks.
And comments (8.6): flac.py say FILE NAME=VALUE…: has these alone; flac.py said FILE NAME: its values, a line each."""
import struct, sys


def blocks(data):
    at, last = 4, False
    while not last:
        kind, length = data[at], int.from_bytes(data[at + 1 : at + 4], "big")
        last = bool(kind & 0x80)
        yield kind & 0x7F, data[at + 4 : at + 4 + length]
        at += 4 + length


def track(place, number, points):
    head = struct.pack(">QB12sB13xB", place, number, b"", 0, points)
    return head + struct.pack(">QB3x", 0, 1) * points


def add(data, places):
    tracks = [track(place, i + 1, 1) for i, place in enumerate(places[:-1])] + [track(places[-1], 255, 0)]
    sheet = struct.pack(">128sQB258xB", b"12345", 0, 0, len(tracks)) + b"".join(tracks)
    return data[:42] + b"\x05" + len(sheet).to_bytes(3, "big") + sheet + data[42:]


def show(sheet):
    at, places = 396, []
    for _ in range(sheet[395]):
        places.append(struct.unpack_from(">Q", sheet, at)[0])
        at += 36 + 12 * sheet[at + 35]
    return places


def text(words):
    return struct.pack("<I", len(words.encode())) + words.encode()


def say(data, comments):
    block = text("") + struct.pack("<I", len(comments)) + b"".join(text(comment) for comment in comments)
    others = [(kind, body) for kind, body in blocks(data) if kind not in (1, 4)] + [(4, block)]
    sound = data[4 + sum(4 + len(body) for _, body in blocks(data)) :]
    heads = [kind | (0x80 if i == len(others) - 1 else 0) for i, (kind, _) in enumerate(others)]
    return b"fLaC" + b"".join(bytes([head]) + len(body).to_bytes(3, "big") + body for head, (_, body) in zip(heads, others)) + sound


def said(block, name):
    at = 8 + struct.unpack_from("<I", block)[0]
    for _ in range(struct.unpack_from("<I", block, at - 4)[0]):
        length = struct.unpack_from("<I", block, at)[0]
        key, value = block[at + 4 : at + 4 + length].decode().split("=", 1)
        at += 4 + length
        if key.upper() == name:
            yield value


data = open(sys.argv[2], "rb").read()
if sys.argv[1] == "add":
    open(sys.argv[2], "wb").write(add(data, [int(place) for place in sys.argv[3:]]))
elif sys.argv[1] == "say":
    open(sys.argv[2], "wb").write(say(data, sys.argv[3:]))
elif sys.argv[1] == "said":
    print(*[value for kind, block in blocks(data) if kind == 4 for value in said(block, sys.argv[3])], sep="\n")
else:
    print(*[place for kind, block in blocks(data) if kind == 5 for place in show(block)])
