#!/usr/bin/env python3
"""Makes small files that claim to be large: bombs.py FOLDER."""
import pathlib, struct, sys, zlib

folder = pathlib.Path(sys.argv[1])


def put(name, *parts):
    (folder / name).write_bytes(b"".join(parts))


def sparse(name, head, size):
    with open(folder / name, "wb") as file:
        file.write(head)
        file.truncate(size)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width, height):
    pack, row = zlib.compressobj(9), b"\0" * ((width + 7) // 8 + 1)
    data = b"".join(pack.compress(row) for _ in range(height)) + pack.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def tiff(width, height):
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 8)]
    return b"II*\0" + struct.pack("<I", 16) + b"\0" * 8 + struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + b"\0" * 4


def atom(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind, *parts):
    return atom(kind, b"\0\0\0\0", *parts)


def mp4(samples):
    """A sound track of so many samples of the same size, in a file that has a few of them."""
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    entry = struct.pack(">I4s6xHHHIHHHHI", 36, b"sowt", 1, 0, 0, 0, 1, 16, 0, 0, 4800 << 16)
    stbl = atom(b"stbl", full(b"stsd", struct.pack(">I", 1), entry), full(b"stts", struct.pack(">III", 1, samples, 1)),
                full(b"stsc", struct.pack(">IIII", 1, 1, 1, 1)), full(b"stsz", struct.pack(">II", 2, samples)), full(b"stco", struct.pack(">III", 2, 44, 46)))
    dref = full(b"dref", struct.pack(">I", 1), struct.pack(">I4sI", 12, b"url ", 1))
    minf = atom(b"minf", full(b"smhd", b"\0" * 4), atom(b"dinf", dref), stbl)
    mdia = atom(b"mdia", full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 4800, samples, 0, 0)), full(b"hdlr", b"mhlrsoun", b"\0" * 13), minf)
    tkhd = full(b"tkhd", struct.pack(">IIIII", 0, 0, 1, 0, samples), b"\0" * 16, matrix, b"\0" * 8)
    mvhd = full(b"mvhd", struct.pack(">IIII", 0, 0, 4800, samples), struct.pack(">IH10x", 1 << 16, 256), matrix, b"\0" * 28)
    return atom(b"ftyp", b"isom\0\0\0\0isom") + atom(b"moov", mvhd, atom(b"trak", tkhd, mdia)) + atom(b"mdat", b"\0" * 64)


TEN_TB = 10 << 40
put("png-30000.png", png(30000, 30000))
put("png-17000.png", png(17000, 17000))
put("gif-65535.gif", b"GIF89a", struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0), b"\0\0\0\xff\xff\xff", b",", struct.pack("<HHHHB", 0, 0, 65535, 65535, 0), b"\2\2\x44\1\0;")
put("webp-16383.webp", b"RIFF", struct.pack("<I", 30), b"WEBPVP8L", struct.pack("<I", 18), b"\x2f", struct.pack("<I", 16382 | 16382 << 14), b"\0" * 13)
put("tiff-huge.tif", tiff(0x7fffffff, 0x7fffffff))
put("tiff-100000.tif", tiff(100000, 100000))
put("exr-huge.exr", b"\x76\x2f\x31\x01\2\0\0\0dataWindow\0box2i\0", struct.pack("<I4i", 16, 0, 0, 2**30, 2**30), b"\0")
put("jpeg-65500.jpg", b"\xff\xd8\xff\xc0\0\x11\x08", struct.pack(">HH", 65500, 65500), b"\3\1\x22\0\2\x11\0\3\x11\0\xff\xda\0\x0c\3\1\0\2\0\3\0\0\x3f\0\xff\xd9")
put("mp4-samples.mp4", mp4(2**31 - 1))
put("mp4-more-samples.mp4", mp4(2**32 - 1))
put("wav-4g.wav", b"RIFF\xff\xff\xff\x7fWAVEfmt \x10\0\0\0\1\0\xff\xff\x80\xbb\0\0\0\xee\2\0\2\0\x10\0data\xf0\xff\xff\x7f")
sparse("sparse-10t.mp4", b"\0\0\0\x14ftypisom\0\0\0\0isom\0\0\0\1mdat" + struct.pack(">Q", TEN_TB - 20), TEN_TB)
sparse("sparse-10t.mkv", b"\x1a\x45\xdf\xa3\x84\x42\x82\x81x", TEN_TB)
sparse("sparse-10t.wav", b"RIFF\0\0\0\0WAVE", TEN_TB)
sparse("sparse-10t.png", b"\x89PNG\r\n\x1a\n", TEN_TB)
sparse("sparse-10t.mov", b"", TEN_TB)
