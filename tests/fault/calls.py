# SPDX-License-Identifier: GPL-3.0-or-later
"""The N-th call of a kind fails, N = 1, 2, 3… until a run is unharmed. However it ends: what is
published is whole; exit 0 means that all is there; `resume` brings the rest."""
import random
import shutil
import struct
import tempfile
from collections import Counter
from pathlib import Path

from stand import SHIM, Skip, Stand, check_once, clip, content, errors, left_over, need, still, tone

ENOUGH = 100000  # a loop that goes on for so long doesn't end

# (name, call, where, errors, only files of the run, given up for lost: kill and out of memory)
LOOPS = (
    ("task-write", "write", "task", ("ENOSPC", "EIO", "EDQUOT", "EFBIG"), True),
    ("task-full", "write", "task", ("ENOSPC",), True),
    ("task-fsync", "fsync", "task", ("EIO", "ENOSPC"), True),
    ("task-truncate", "truncate", "task", ("ENOSPC", "EFBIG"), True),
    ("task-close", "close", "task", ("EIO", "ENOSPC"), True),
    ("task-read", "read", "task", ("EIO",), False),
    ("task-open", "open", "task", ("EMFILE",), False),
    ("task-malloc", "malloc", "task", ("ENOMEM",), False),
    ("worker-fork", "fork", "worker", ("EAGAIN", "ENOMEM"), False),
    ("worker-malloc", "malloc", "worker", ("ENOMEM",), False),
    ("supervisor-write", "write", "supervisor", ("ENOSPC", "EIO", "EDQUOT"), True),
    ("supervisor-full", "write", "supervisor", ("ENOSPC",), True),
    ("supervisor-fsync", "fsync", "supervisor", ("EIO", "ENOSPC"), True),
    ("supervisor-rename", "rename", "supervisor", ("EIO", "ENOSPC"), True),
    ("supervisor-open", "open", "supervisor", ("EMFILE", "EIO"), True),
    ("supervisor-read", "read", "supervisor", ("EIO",), True),
    ("supervisor-truncate", "truncate", "supervisor", ("EIO", "ENOSPC"), True),
    ("supervisor-mkdir", "mkdir", "supervisor", ("ENOSPC", "EIO"), True),
    ("supervisor-unlink", "unlink", "supervisor", ("EIO",), True),
    ("supervisor-close", "close", "supervisor", ("EIO", "ENOSPC"), True),
    ("supervisor-flush", "flush", "supervisor", ("ENOSPC", "EIO"), True),
    ("supervisor-fork", "fork", "supervisor", ("EAGAIN",), False),
    ("supervisor-malloc", "malloc", "supervisor", ("ENOMEM",), False),
    ("kill-write", "write", "supervisor", ("KILL",), True),
    ("kill-fsync", "fsync", "supervisor", ("KILL",), True),
    ("kill-rename", "rename", "supervisor", ("KILL",), True),
)


def few_sources(folder):
    clip(folder / "clip.mov")
    tone(folder / "tone.wav")
    still(folder / "still.png")


def intra_sources(folder):
    """For failing allocations: FFmpeg 5.1's H.264 decoder swallows them (a picture refers to another one, and
    nothing is logged), which nobody outside of it can tell."""
    few_sources(folder)
    clip(folder / "clip.mov", codec=("-c:v", "mjpeg"))


class Fault:
    """One setting of the shim."""

    def __init__(self, call, where, error, nth, below=None, also=False):
        self.file = Path(tempfile.mkstemp(prefix="rushes-fault-count-")[1])
        self.env = {"LD_PRELOAD": SHIM, "RUSHES_FAULT_CALL": call, "RUSHES_FAULT_NTH": str(nth),
                    "RUSHES_FAULT_ERROR": error, "RUSHES_FAULT_COUNT": str(self.file),
                    "RUSHES_FAULT_ALSO": "1" if also else "0"}
        if where:
            self.env["RUSHES_FAULT_IN"] = where
        if below:
            self.env["RUSHES_FAULT_BELOW"] = str(below)

    def counted(self):
        """(calls, failed, what the first failed one was about); the fault is over."""
        data = self.file.read_bytes()
        self.file.unlink()
        if len(data) < 16:
            return 0, 0, ""
        return *struct.unpack("QQ", data[:16]), data[16:].split(b"\0")[0].decode(errors="replace")


def kind_of(path, out):
    """What a path below the output folder is, for the figures."""
    below = str(path).replace(str(out), "").split("/")
    name = below[-1]
    if name.startswith(".rushes-"):
        return "a part file"
    return {"ledger.sqlite": "the ledger", "ledger.sqlite-wal": "the ledger"}.get(name, name or "nothing named")


class Loop:
    def __init__(self, stand, name, call, where, error, below):
        self.stand, self.name, self.call, self.where, self.error = stand, name, call, where, error
        self.below, self.also = below, name.endswith("-full")
        self.codes, self.unharmed = Counter(), Counter()

    def fault(self, nth, out):
        return Fault(self.call, self.where, self.error, nth, out if self.below else None, self.also)

    def once(self, nth):
        """False when nothing was reached."""
        stand = self.stand
        out = stand.home / f"{self.name}-{self.error}-{nth}"
        fault = self.fault(nth, out)
        done = stand.run(out, "--retries", "0", env=fault.env)
        _, failed, about = fault.counted()
        where = f"{self.name} {self.error} {nth} ({about})"
        try:
            if failed:
                self.judge(out, done, about, where)
                again = stand.resume(out)
                need(again.returncode == 0, f"resume ends with {again.returncode}: {again.stderr}")
                if self.error == "KILL":
                    check_once(out)
            else:
                need(done.returncode == 0, f"unharmed, it ends with {done.returncode}: {done.stderr}")
            stand.check_whole(out)
        except Exception:
            print(f"  {where}: {done.returncode}\n{done.stderr}", flush=True)
            raise
        shutil.rmtree(out)
        return failed > 0

    def judge(self, out, done, about, where):
        stand, code = self.stand, done.returncode
        self.codes[code] += 1
        stand.check_sources()
        stand.check_published(out)
        if code < 0:
            need(self.call == "malloc" or self.error == "KILL", f"{where}: died by signal {-code}")
            return
        need(code in (0, 1, 5), f"{where}: exit {code}")
        if code == 0:
            need(content(out) == stand.reference, f"{where}: exit 0, and outputs are missing")
            self.unharmed[kind_of(about, out)] += 1
            need(not about.endswith(".part") or self.call in ("read", "close", "unlink"),
                 f"{where}: a part file was hit, and it ends with 0")
        elif self.call != "unlink":
            need(not left_over(out), f"{where}: left over: {left_over(out)}")
        if self.name == "task-write" and code and about.endswith(".part"):
            need(set(errors(out).values()) == {"disk"}, f"{where}: {errors(out)}")

    def __str__(self):
        codes = ", ".join(f"{n} x exit {code}" for code, n in sorted(self.codes.items()))
        unharmed = ", ".join(f"{n} x {what}" for what, n in self.unharmed.most_common())
        return f"{self.name} {self.error}: {codes or 'no such call'}" + (f"; exit 0 at: {unharmed}" if unharmed else "")


def loop(stand, name, call, where, error, below, limit, seed):
    """All N; with a limit, so many of them, chosen by the seed."""
    one = Loop(stand, name, call, where, error, below)
    if limit:
        out = stand.home / "counted"
        counting = one.fault(0, out)
        stand.run(out, env=counting.env)
        calls = counting.counted()[0]
        shutil.rmtree(out, ignore_errors=True)
        numbers = random.Random(f"{name} {error} {seed}").sample(range(1, calls + 1), min(limit, calls))
        for nth in sorted(numbers):
            one.once(nth)
        print(f"{one}; {len(numbers)} of {calls} calls", flush=True)
        return
    nth = 1
    while one.once(nth):
        nth += 1
        need(nth < ENOUGH, f"{name} {error} does not end")
    print(f"{one}; all {nth - 1} calls", flush=True)


def run(seeds, first, only=None):
    """`seeds` 0: every N of every loop but malloc's, of which there are too many."""
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    wanted = [row for row in LOOPS if not only or row[0] in only.split(",")]
    for sources, rows in ((few_sources, [row for row in wanted if row[1] != "malloc"]),
                          (intra_sources, [row for row in wanted if row[1] == "malloc"])):
        if rows:
            stand = Stand(sources=sources)
            for name, call, where, names, below in rows:
                limit = seeds or (60 if call in ("malloc", "read", "open") and not below else 0)
                for error in names:
                    loop(stand, name, call, where, error, below, limit, first)
            stand.clean()
