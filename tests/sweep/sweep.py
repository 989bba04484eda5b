#!/usr/bin/env python3
"""What rushes says of files, held against what MediaInfo, MKVToolNix and GStreamer say of them: readers that share
no demuxer with it.

    tests/sweep/sweep.py [--bin build/release/bin] [--out DIR] [--tools mediainfo,mkvmerge,gst] [--sources] MEDIA…

Probes every file of the folders MEDIA, renders them by every.yaml into DIR (else a temporary folder) and reads each
finished file by each tool that is installed and knows its format. A line for each fact that two of them see differently
(file, fact, rushes, tool, its value); lines that known.tsv explains are counted, not printed. --sources leaves out the
rendering. Exit 1 when anything is unexplained.
"""
import argparse, collections, concurrent.futures, fractions, json, math, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
Fraction = fractions.Fraction


def said(*command):
    """What a program prints; nothing when it crashes or hangs on a file."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=30)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


# --- each reader's view of a file: a dictionary of the facts it tells, in the units of `rushes probe` ---

def ours(facts):
    view = {key: facts[key] for key in (
        "duration width height frames interlaced color_primaries color_transfer color_matrix color_range bit_depth "
        "audio_tracks subtitle_tracks chapters channels sample_rate rotation timecode sar hdr_format").split() if key in facts}
    if "fps_ratio" in facts:
        view["fps"] = Fraction(facts["fps_ratio"])
    if facts.get("interlaced") and facts.get("field_order"):
        view["first_field"] = {"t": "top", "b": "bottom"}[facts["field_order"][0]]
    if view.get("hdr_format") == "hlg":  # which others tell as a transfer curve alone
        del view["hdr_format"]
    streams = facts.get("streams", [])
    view["video_tracks"] = sum(s["kind"] == "video" and "attached_pic" not in s.get("disposition", "") for s in streams)
    view["languages"] = [s.get("language", "und") for s in streams if s["kind"] in ("audio", "subtitle")]
    return view


# Words of H.273 as MediaInfo writes them. Numbers for the same curve or the same matrix are one word here.
PRIMARIES = {"BT.709": "bt709", "BT.2020": "bt2020", "BT.601 NTSC": "smpte170m", "BT.601 PAL": "bt470bg", "Display P3": "smpte432",
             "DCI P3": "smpte431", "BT.470 System M": "bt470m"}
TRANSFERS = {"BT.709": "bt709", "PQ": "smpte2084", "HLG": "arib-std-b67", "BT.601": "smpte170m", "sRGB/sYCC": "iec61966-2-1",
             "BT.470 System M": "bt470m", "BT.470 System B/G": "bt470bg", "BT.2020 (10-bit)": "bt2020-10",
             "BT.2020 (12-bit)": "bt2020-12", "Linear": "linear"}
MATRICES = {"BT.709": "bt709", "BT.2020 non-constant": "bt2020nc", "BT.601": "smpte170m", "BT.470 System B/G": "bt470bg", "Identity": "gbr"}
SAME = {"color_transfer": {"smpte170m": "bt709", "bt2020-10": "bt709", "bt2020-12": "bt709"}, "color_matrix": {"bt470bg": "smpte170m"}}


def put(view, key, value, make=lambda x: x):
    if value not in (None, ""):
        view[key] = make(value)


def mediainfo(path):
    media = json.loads(said("mediainfo", "--Output=JSON", str(path)) or "{}").get("media") or {}
    kinds = collections.defaultdict(list)
    for track in media.get("track", []):
        kinds[track["@type"]].append(track)
    if not kinds["Video"] and not kinds["Audio"]:
        return None
    view = {"video_tracks": len(kinds["Video"]), "audio_tracks": len(kinds["Audio"]), "subtitle_tracks": len(
        [t for t in kinds["Text"] if not t.get("MuxingMode", "").startswith(("A/53", "SCTE", "EIA"))])}
    put(view, "duration", kinds["General"][0].get("Duration"), float)
    for v in kinds["Video"][:1]:
        put(view, "width", v.get("Sampled_Width") or v.get("Width"), int)
        put(view, "height", v.get("Sampled_Height") or v.get("Height"), int)
        put(view, "rotation", v.get("Rotation"), lambda x: round(float(x)))
        view.setdefault("rotation", 0)
        put(view, "sar", v.get("PixelAspectRatio"), float)
        if "FrameRate_Num" in v:
            view["fps"] = Fraction(int(v["FrameRate_Num"]), int(v["FrameRate_Den"]))
        else:
            put(view, "fps", v.get("FrameRate"), float)
        put(view, "hdr_format", v.get("HDR_Format"), lambda x: "dolby-vision" if "Dolby" in x else "hdr10" if "2086" in x else None)
        put(view, "frames", v.get("FrameCount"), int)
        put(view, "bit_depth", v.get("BitDepth"), int)
        put(view, "interlaced", v.get("ScanType"), lambda x: x != "Progressive")
        put(view, "first_field", v.get("ScanOrder"), {"TFF": "top", "BFF": "bottom"}.get)
        put(view, "color_primaries", v.get("colour_primaries"), lambda x: PRIMARIES.get(x, x))
        put(view, "color_transfer", v.get("transfer_characteristics"), lambda x: TRANSFERS.get(x, x))
        put(view, "color_matrix", v.get("matrix_coefficients"), lambda x: MATRICES.get(x, x))
        put(view, "color_range", v.get("colour_range"), {"Limited": "tv", "Full": "pc"}.get)
        put(view, "timecode", v.get("TimeCode_FirstFrame"))
    for a in kinds["Audio"][:1]:
        put(view, "channels", a.get("Channels"), int)
        put(view, "sample_rate", a.get("SamplingRate"), lambda x: int(float(x)))
    for other in kinds["Other"]:
        put(view, "timecode", other.get("TimeCode_FirstFrame"))
    menus = kinds["Menu"][-1:]
    view["chapters"] = sum(re.match(r"_?\d+_\d+_\d+", key) is not None for key in (menus[0].get("extra", {}) if menus else {}))
    view["languages"] = [t.get("Language", "und") for t in kinds["Audio"] + kinds["Text"]]
    return view


def mkvmerge(path):
    info = json.loads(said("mkvmerge", "-J", str(path)) or "{}")
    if not info.get("container", {}).get("supported"):
        return None
    tracks = info["tracks"]
    pictures = [t["properties"] for t in tracks if t["type"] == "video"]
    sounds = [t["properties"] for t in tracks if t["type"] == "audio"]
    view = {"video_tracks": len(pictures), "audio_tracks": len(sounds),
            "subtitle_tracks": sum(t["type"] == "subtitles" for t in tracks),
            "chapters": sum(c["num_entries"] for c in info["chapters"])}
    if "duration" in info["container"]["properties"]:
        view["duration"] = info["container"]["properties"]["duration"] / 1e9
    for p in pictures[:1]:
        view["width"], view["height"] = map(int, p["pixel_dimensions"].split("x"))
        if p.get("default_duration"):
            view["fps"] = 1e9 / p["default_duration"]
    for p in sounds[:1]:
        put(view, "channels", p.get("audio_channels"))
        put(view, "sample_rate", p.get("audio_sampling_frequency"))
    if info["container"]["type"] == "Matroska":
        said = [t["properties"] for t in tracks if t["type"] in ("audio", "subtitles")]
        view["languages"] = [t.get("language_ietf") or t.get("language", "und") for t in said]
    return view


TURNS = {"rotate-0": 0, "rotate-90": 90, "rotate-180": 180, "rotate-270": 270}


def gst(path):
    text = said("gst-discoverer-1.0", "-v", str(path))
    streams = re.split(r"\n\s+(?=(?:video|audio|subtitles) ?(?:\(|#))", text)
    view = {"video_tracks": 0, "audio_tracks": 0}
    if len(streams) < 2:
        return None
    length = re.search(r"^  Duration: (\d+):(\d+):([\d.]+)", text, re.M)
    if length:
        view["duration"] = int(length[1]) * 3600 + int(length[2]) * 60 + float(length[3])
    turn = re.search(r"image orientation: (\S+)", text)
    for stream in streams[1:]:
        kind, first = stream[:5], f"{stream[:5]}_tracks"
        if kind not in ("video", "audio") or "Stream ID" not in stream and "Codec:" not in stream:
            continue
        view[first] += 1
        if view[first] > 1:
            continue
        field = lambda name: (re.search(rf"^\s*{name}: (.*)$", stream, re.M) or [None, None])[1]
        if kind == "video":
            put(view, "width", field("Width"), int)
            put(view, "height", field("Height"), int)
            view["rotation"] = TURNS.get(turn[1]) if turn else 0
            put(view, "sar", field("Pixel aspect ratio"), lambda x: float(Fraction(x)))
            put(view, "fps", field("Frame rate"), lambda x: None if x.startswith("0/") or x.endswith("/0") else Fraction(x))
            put(view, "interlaced", field("Interlaced"), lambda x: x == "true")
        else:
            put(view, "channels", field("Channels"), lambda x: int(x.split()[0]))
            put(view, "sample_rate", field("Sample rate"), int)
    return view


READERS = {"mediainfo": mediainfo, "mkvmerge": mkvmerge, "gst": gst}
PROGRAMS = {"mediainfo": "mediainfo", "mkvmerge": "mkvmerge", "gst": "gst-discoverer-1.0"}


# --- holding one against the other ---

def languages(view):
    """Their codes in two letters, where there is such a code."""
    three = {"eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ita": "it", "jpn": "ja", "por": "pt",
             "rus": "ru", "zho": "zh", "chi": "zh", "nld": "nl", "dut": "nl"}
    return sorted(three.get(code, code) for code in view)


def stored(view):
    """Width and height before the turn for display, which rushes counts in and the others don't."""
    return (view["height"], view["width"]) if view.get("rotation", 0) % 180 == 90 else (view["width"], view["height"])


def differ(fact, mine, theirs, frame_s):
    if fact in ("duration",):
        return abs(mine - theirs) > frame_s + 0.002
    if fact == "fps":
        return not math.isclose(float(mine), float(theirs), rel_tol=6e-4)
    if fact == "sar":
        return not math.isclose(float(mine), float(theirs), rel_tol=2e-3)
    if fact in SAME:
        return SAME[fact].get(mine, mine) != SAME[fact].get(theirs, theirs)
    if fact == "languages":
        return languages(mine) != languages(theirs)
    if fact == "timecode":
        return mine.replace(";", ":") != theirs.replace(";", ":") or (";" in mine) != (";" in theirs)
    return mine != theirs


def compare(facts, theirs):
    """(fact, what rushes says, what the tool says) of each disagreement. Tags that only one of them tells count."""
    mine = ours(facts)
    if "width" in mine:
        mine["width"], mine["height"] = stored(mine)
    frame_s = 1 / float(mine["fps"]) if mine.get("fps") else 0.03
    for fact in sorted(mine.keys() & theirs.keys()):
        if theirs[fact] is not None and differ(fact, mine[fact], theirs[fact], frame_s):
            yield fact, mine[fact], theirs[fact]
    for fact in ("timecode", "color_primaries", "color_transfer", "color_matrix", "color_range"):
        if theirs.get(fact) and fact not in mine:
            yield fact, None, theirs[fact]
    for fact in ("color_primaries", "color_transfer", "color_matrix", "color_range", "timecode", "hdr_format"):
        if "bit_depth" in theirs and mine.get(fact) and fact not in theirs:
            yield fact, mine[fact], None


def known_rows():
    """known.tsv: file, tool, fact (each a regular expression that must match whole) and the reason."""
    for line in (HERE / "known.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t", 3)


def report(rows):
    known, counts, unexplained = list(known_rows()), collections.Counter(), 0
    for name, tool, fact, mine, theirs in rows:
        reason = next((k[3] for k in known if re.fullmatch(k[0], name) and re.fullmatch(k[1], tool) and re.fullmatch(k[2], fact)), None)
        if reason:
            counts[reason] += 1
            continue
        unexplained += 1
        print(f"{name}\t{fact}\trushes {mine}\t{tool} {theirs}")
    for reason, count in counts.most_common():
        print(f"explained {count:4d}: {reason}")
    print(f"{unexplained} unexplained")
    return unexplained


def sources(rushes, media):
    files = [p for root in media for p in sorted(pathlib.Path(root).rglob("*")) if p.is_file()]
    for path in files:
        text = said(rushes, "probe", "--json", str(path))
        facts = json.loads(text)[0] if text.strip().startswith("[") else {}
        if facts.get("kind") in ("video", "audio"):
            yield path.name, path, facts


def outputs(out):
    last = json.loads((out / ".rushes/last/report.json").read_text())
    states = collections.Counter(o["status"] for o in last["outputs"])
    print("rendered:", ", ".join(f"{n} {s}" for s, n in states.items()))
    for o in last["outputs"]:
        if o["status"] in ("done", "up_to_date"):
            yield o["path"], out / o["path"], o["facts"]


def main():
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--bin", default=str(HERE.parents[1] / "build/release/bin"))
    args.add_argument("--out", type=pathlib.Path)
    args.add_argument("--tools", default=",".join(READERS))
    args.add_argument("--sources", action="store_true")
    args.add_argument("media", nargs="+")
    args = args.parse_args()
    tools = [t for t in args.tools.split(",") if shutil.which(PROGRAMS[t])]
    rushes, out = f"{args.bin}/rushes", args.out or pathlib.Path(tempfile.mkdtemp(prefix="rushes-sweep-"))
    files = list(sources(rushes, args.media))
    if not args.sources:
        subprocess.run([rushes, "run", str(HERE / "every.yaml"), *args.media, "-o", str(out), "--progress", "none"],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        files += outputs(out)

    def look(job):
        (name, path, facts), tool = job
        theirs = READERS[tool](path)
        return [(name, tool, *row) for row in compare(facts, theirs)] if theirs else []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        found = pool.map(look, [(file, tool) for file in files for tool in tools])
        rows = [row for rows in found for row in rows]
    print(f"{len(files)} files, read by {', '.join(tools)}")
    sys.exit(1 if report(rows) else 0)


if __name__ == "__main__":
    main()
