# void_blocks.py FILE TRACK FIRST COUNT: the Matroska, in which so many blocks of a track from that one on are no blocks
# any more (Void, RFC 8794, 11.3.2). mkvmerge's ids and sizes have the form that is read here.
import sys

SEGMENT, CLUSTER, SIMPLE_BLOCK, BLOCK_GROUP, VOID = 0x18538067, 0x1F43B675, 0xA3, 0xA0, 0xEC
path, track, first, count = sys.argv[1], *map(int, sys.argv[2:])
data = bytearray(open(path, "rb").read())
heads = []


def number(at, marker):
    width = 9 - data[at].bit_length()
    value = int.from_bytes(data[at : at + width], "big")
    return value if marker else value & ((1 << 7 * width) - 1), at + width


def head(at):
    name, at = number(at, True)
    size, at = number(at, False)
    return name, at, at + size


def walk(at, end):
    while at < end:
        begin = at
        name, at, end_of_it = head(at)
        if name in (SEGMENT, CLUSTER):
            walk(at, end_of_it)
        elif name in (SIMPLE_BLOCK, BLOCK_GROUP):
            block = at if name == SIMPLE_BLOCK else head(at)[1]
            if number(block, False)[0] == track:
                heads.append(begin)
        at = end_of_it


walk(0, len(data))
assert len(heads) >= first + count, heads
for begin in heads[first : first + count]:
    data[begin] = VOID
sys.stdout.buffer.write(data)
