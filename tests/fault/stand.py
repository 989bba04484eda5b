# SPDX-License-Identifier: GPL-3.0-or-later
"""What all fault tests stand on: tiny sources of all three kinds, a pipeline that makes several
outputs of each, runs of it, and the question whether what is there is what an unbroken run makes.

Every output is the same byte for byte whatever the number of threads. A check that fails raises
Wrong, and the folder is kept."""
import hashlib
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from pathlib import Path

RUSHES = os.environ.get("RUSHES", "rushes")
SHIM = os.environ.get("RUSHES_FAULT_SHIM", "")
JOBS = 2
RUN_LIMIT_S = 300  # generous: a run takes a second
ORPHAN_LIMIT_S = 20

PIPELINE = """\
rushes: 1
jobs:
  clips:
    inputs: {include: ["**/*.mov"]}
    steps:
      - loudness: {target: -23 LUFS}
    outputs:
      master: {encode: {container: mov, video: {codec: prores}, audio: {codec: pcm_s24le}}, to: "m/${stem}.mov"}
      web:
        encode: {container: mp4, video: {codec: h264, preset: ultrafast, options: {threads: 1}}, audio: {codec: aac}}
        to: "w/${stem}.mp4"
      frames: {to: "f/${stem}/${stem}.####.png"}
      poster: {steps: [still: {at: 50%}], encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
  sounds:
    inputs: {include: ["**/*.wav"]}
    outputs:
      flac: {encode: {container: flac}, to: "${stem}.flac"}
      wav: {steps: [loudness: {target: -23 LUFS}], encode: {container: wav}, to: "s/${stem}.wav"}
  stills:
    inputs: {include: ["**/*.png"]}
    outputs:
      small: {steps: [resize: {width: 80}], encode: {image: {format: png}}, to: "${stem}.png"}
      web: {encode: {image: {format: jpeg}}, to: "w/${stem}.jpg"}
"""


class Wrong(Exception):
    """A promise that was not kept."""


class Skip(Exception):
    """This machine can't do what the test needs."""


def need(condition, text):
    if not condition:
        raise Wrong(text)


def ffmpeg(*words):
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, words)], check=True)


def clip(path, seconds=0.4, codec=("-c:v", "libx264", "-preset", "ultrafast", "-g", "5"), sound="pcm_s16le",
         hertz=440):
    """Picture and sound that differ with `hertz`."""
    ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=96x64:rate=25:duration={seconds},hue=h={hertz}",
           "-f", "lavfi", "-i", f"sine=frequency={hertz}:sample_rate=48000:duration={seconds}",
           *codec, "-pix_fmt", "yuv420p", "-c:a", sound, path)


def tone(path, seconds=0.5, words=()):
    ffmpeg("-f", "lavfi", "-i", f"sine=frequency=330:sample_rate=48000:duration={seconds}", *words, path)


def still(path, words=()):
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=160x90", "-frames:v", "1", *words, path)


def content(folder):
    """Hashes of all that is published below a folder, by relative path."""
    found = {}
    for path in sorted(Path(folder).rglob("*")):
        below = path.relative_to(folder)
        if below.parts[0] == ".rushes" or not path.is_file() or any(
                part.startswith(".rushes-") for part in below.parts):
            continue
        found[str(below)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def outputs_of(files):
    """The outputs that files belong to: below f/ are folders of pictures."""
    return sorted({"/".join(Path(file).parts[:2]) if file.startswith("f/") else file for file in files})


def fingerprint(folder):
    """Content and times of all files: sources are the same to the byte and the nanosecond after
    whatever was done."""
    return {str(p): (hashlib.sha256(p.read_bytes()).hexdigest(), p.stat().st_mtime_ns, p.stat().st_mode)
            for p in sorted(Path(folder).rglob("*")) if p.is_file()}


def left_over(folder):
    return sorted(str(p) for p in Path(folder).rglob(".rushes-*"))


def children(pid):
    """Of a process, as /proc has it now."""
    try:
        return [int(word) for task in os.listdir(f"/proc/{pid}/task")
                for word in Path(f"/proc/{pid}/task/{task}/children").read_text().split()]
    except OSError:
        return []


def alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def kill(pid):
    try:
        os.kill(pid, signal.SIGKILL)
        return True
    except ProcessLookupError:
        return False


def until(condition, seconds):
    """Whether it became true within so long."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.01)
    return True


class Stand:
    """A temporary folder with sources, a pipeline, and what an unbroken run makes of them."""

    def __init__(self, sources=None, pipeline=PIPELINE, reference=True):
        self.home = Path(tempfile.mkdtemp(prefix="rushes-fault-"))
        self.sources = self.home / "in"
        self.sources.mkdir()
        self.pipeline = self.home / "p.yaml"
        self.pipeline.write_text(pipeline)
        (sources or self.usual_sources)(self.sources)
        self.before = fingerprint(self.sources)
        self.reference, self.seconds = {}, 0.0
        if reference:
            self.make_reference()

    @staticmethod
    def usual_sources(folder):
        for number in (1, 2, 3):
            clip(folder / f"clip{number}.mov", hertz=220 * number)
        tone(folder / "tone.wav")
        still(folder / "still.png")

    def make_reference(self):
        """Twice: the second is timed, with everything warm."""
        for number in (1, 2):
            out = self.home / "unbroken"
            shutil.rmtree(out, ignore_errors=True)
            start = time.monotonic()
            done = self.run(out)
            self.seconds = time.monotonic() - start
            need(done.returncode == 0, f"an unbroken run ends with {done.returncode}: {done.stderr}")
            made = content(out)
            need(number == 1 or made == self.reference, "two unbroken runs make different files")
            self.reference = made

    def command(self, out, *words):
        return [RUSHES, "run", str(self.pipeline), str(self.sources), "-o", str(out), "--on-low-disk", "fail", "-j", str(JOBS),
                "--progress", "none", *words]

    def run(self, out, *words, env=None, **options):
        return self.call(self.command(out, *words), env, **options)

    def resume(self, out, env=None):
        """What a user does after a break: resume, or the command again when nothing had begun."""
        done = self.call([RUSHES, "resume", str(out)], env)
        if done.returncode == 2 and ("nothing to resume" in done.stderr or "holds no run" in done.stderr):
            done = self.run(out, env=env)
        return done

    @staticmethod
    def call(command, env=None, **options):
        return subprocess.run(command, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, errors="replace", timeout=RUN_LIMIT_S,
                              check=False, **options)

    def start(self, command, env=None):
        return subprocess.Popen(command, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def check_sources(self):
        need(fingerprint(self.sources) == self.before, "a source was changed")

    def check_published(self, out):
        """Whatever has a final name is whole."""
        for path, digest in content(out).items():
            need(path in self.reference, f"{path} is published, but no unbroken run makes it")
            need(digest == self.reference[path], f"{path} is published, but isn't what an unbroken run makes")

    def check_whole(self, out):
        """As an unbroken run: nothing missing, nothing else, nothing left over, nothing twice."""
        self.check_published(out)
        made = content(out)
        need(made.keys() == self.reference.keys(), f"missing: {sorted(self.reference.keys() - made.keys())}")
        need(not left_over(out), f"left over: {left_over(out)}")
        self.check_report(out)
        self.check_ledger(out)
        self.check_sources()

    def check_report(self, out):
        rows = report(out)["outputs"]
        paths = sorted(row["path"] for row in rows)
        need(paths == outputs_of(self.reference), f"the report has {paths}")
        need(all(row["status"] in ("done", "up_to_date") for row in rows), "the report has failures")

    def check_ledger(self, out):
        with sqlite3.connect(f"file:{out}/.rushes/ledger.sqlite?mode=ro", uri=True) as ledger:
            known = sorted(row[0] for row in ledger.execute("SELECT path FROM outputs"))
            half = ledger.execute("SELECT count(*) FROM publishing").fetchone()[0]
            kept = ledger.execute("SELECT count(*) FROM finished").fetchone()[0]
        need(known == outputs_of(self.reference), f"the ledger knows {known}")
        need(half == 0, f"{half} publications left open in the ledger")
        need(kept == 0, f"{kept} renders left unpublished in the ledger")

    def clean(self):
        shutil.rmtree(self.home, ignore_errors=True)


def report(out):
    return json.loads((Path(out) / ".rushes/last/report.json").read_text())


def errors(out):
    """{path: class} of the outputs that aren't done in the last report."""
    return {row["path"]: row.get("error", {}).get("class", row["status"])
            for row in report(out)["outputs"] if row["status"] not in ("done", "up_to_date")}


def events(out):
    """A list of events a run, oldest first. The last line of a killed run may be torn."""
    runs = []
    for path in sorted(Path(out).glob(".rushes/runs/*/events.jsonl"), key=lambda p: p.stat().st_mtime_ns):
        lines = path.read_text().split("\n")
        torn = lines.pop()
        runs.append([json.loads(line) for line in lines])
        if torn:
            try:
                runs[-1].append(json.loads(torn))
            except ValueError:
                pass
    return runs


def work(event):
    """A task's kind, job and source: its label names the output, too, when there is one only."""
    job, source = event["label"].rsplit(" ", 1)
    return event["kind"], job.split("/")[0], source


def redone(out):
    """Renders and measurements that had ended well in one run and were started again in a later one."""
    finished, again = set(), set()
    for run in events(out):
        begun = {work(e) for e in run if e["event"] == "task_started" and e["kind"] != "verify"}
        again |= begun & finished
        finished |= {work(e) for e in run if e["event"] == "task_finished" and "failure" not in e}
    return again


def check_once(out):
    """What was measured, rendered or published once is never made again."""
    need(not redone(out), f"done twice: {redone(out)}")
    seen = set()
    for run in events(out):
        done = {e["output"] for e in run if e["event"] == "output_ended" and e["status"] == "done"}
        need(not done & seen, f"published twice: {done & seen}")
        seen |= done


def verified_only(out):
    """Outputs that one run rendered and a later one published: it verified them, no more."""
    return sum(1 for run in events(out) for e in run if e["event"] == "output_ended"
               and e["status"] == "done" and "verified" in e["reason"])
