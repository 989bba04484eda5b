# SPDX-License-Identifier: GPL-3.0-or-later
"""Sources cut at 20 points, in 14 formats: each is flagged, nothing of it is published, and the
whole one beside them is delivered.

A transport stream has no length: cut exactly between two frames it is a shorter whole one, which
nobody can tell. So no cut is at a multiple of its packets' 188 bytes."""
from stand import Stand, Wrong, clip, content, errors, need, report, still, tone

POINTS = 20
LONG = ("-c:v", "libx264", "-preset", "ultrafast", "-g", "12")
MPEG2 = ("-c:v", "mpeg2video", "-b:v", "2M")

MAKERS = {
    "mp4": lambda path: clip(path, 2, LONG, "aac"),
    "mov": lambda path: clip(path, 2, ("-c:v", "prores_ks"), "pcm_s16le"),
    "mkv": lambda path: clip(path, 2, LONG, "flac"),
    "webm": lambda path: clip(path, 2, ("-c:v", "libvpx", "-deadline", "realtime"), "libopus"),
    "ts": lambda path: clip(path, 2, LONG, "aac"),
    "mxf": lambda path: clip(path, 2, MPEG2, "pcm_s16le"),
    "avi": lambda path: clip(path, 2, ("-c:v", "mpeg4"), "mp3"),
    "wav": lambda path: tone(path, 2),
    "flac": lambda path: tone(path, 2),
    "mp3": lambda path: tone(path, 2),
    "ogg": lambda path: tone(path, 2, ("-c:a", "libvorbis")),
    "jpg": still,
    "png": still,
    "tif": lambda path: still(path, ("-pix_fmt", "rgb24", "-compression_algo", "raw")),
    "webp": still,
}
SOUNDS = ("wav", "flac", "mp3", "ogg")
STILLS = ("jpg", "png", "tif", "webp")


def output_of(kind):
    if kind in SOUNDS:
        return "{encode: {container: wav}, to: \"${stem}.wav\"}"
    if kind in STILLS:
        return "{encode: {image: {format: png}}, to: \"${stem}.png\"}"
    return "{encode: {container: mov, video: {codec: mjpeg}, audio: {codec: pcm_s16le}}, to: \"${stem}.mov\"}"


def pipeline_of(kind):
    return f"rushes: 1\ninputs: {{include: [\"*.{kind}\"]}}\noutputs:\n  o: {output_of(kind)}\n"


def cuts_of(size, first):
    """Spread evenly; another first seed moves them a little."""
    points = [max(1, size * number // (POINTS + 1) - 7 * (first - 1)) for number in range(1, POINTS + 1)]
    return [point + (point % 188 == 0) for point in points]


def sources_of(kind, first):
    def make(folder):
        whole = folder / f"whole.{kind}"
        MAKERS[kind](whole)
        data = whole.read_bytes()
        for number, length in enumerate(cuts_of(len(data), first), 1):
            (folder / f"cut{number:02}.{kind}").write_bytes(data[:length])
    return make


def one(kind, first):
    stand = Stand(sources_of(kind, first), pipeline_of(kind), reference=False)
    out = stand.home / "out"
    done = stand.run(out)
    failed = errors(out)
    rows = {row["path"]: row for row in report(out)["outputs"]}
    passed = sorted(path for path in rows if path.startswith("cut") and path not in failed)
    classes = {value for value in failed.values()}
    figures = f"{kind}: {len(failed)} of {POINTS} flagged, as {', '.join(sorted(classes))}"
    if passed:
        figures += f"; passed: {', '.join(passed)} ({stand.home})"
    print(figures, flush=True)
    need(done.returncode == 1 and not passed, figures)
    need(classes <= {"input_damaged", "unsupported"}, figures)
    need(len(content(out)) == 1, f"{kind}: published {sorted(content(out))}")
    stand.check_sources()
    stand.clean()


def run(seeds, first, only=None):
    """`seeds`: how many formats, from the first on; 0 all."""
    wrong = []
    for kind in [only] if only else list(MAKERS)[:seeds or None]:
        try:
            one(kind, first)
        except Wrong as why:
            wrong.append(str(why))
    need(not wrong, "\n".join(wrong))
