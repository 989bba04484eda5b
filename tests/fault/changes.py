# SPDX-License-Identifier: GPL-3.0-or-later
"""A source that changes while a task reads it: replaced, appended to, cut, written over with its
time put back. The task is stopped in its N-th read for the while. Nothing is published of it, the
error says so, and everything else is made."""
import os
import random
import shutil
import signal
import time
from pathlib import Path

from calls import Fault
from stand import RUN_LIMIT_S, SHIM, Skip, Stand, children, clip, content, errors, need, report


def replace(path):
    other = path.with_name(".other")
    shutil.copy(path, other)
    os.rename(other, path)


def append(path):
    with path.open("ab") as file:
        file.write(b"\0" * 1000)


def cut(path):
    os.truncate(path, path.stat().st_size // 2)


def write_over(path):
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(before.st_size // 2)
        file.write(b"\xff" * 100)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES = {"replaced": replace, "appended to": append, "cut": cut, "written over": write_over}


def stopped(run):
    """The task that is stopped, once there is one; None when the run ends without."""
    while run.poll() is None:
        for worker in children(run.pid):
            for task in children(worker):
                try:
                    state = Path(f"/proc/{task}/stat").read_text().rsplit(")", 1)[1].split()[0]
                except OSError:
                    continue
                if state == "T":
                    return task
        time.sleep(0.002)
    return None


def once(stand, out, name, nth):
    """False when no read was reached."""
    victim = stand.sources / "victim.mov"
    clip(victim, seconds=1, hertz=900)
    fault = Fault("read", "task", "STOP", nth, victim)
    run = stand.start(stand.command(out), fault.env)
    task = stopped(run)
    if task is not None:
        CHANGES[name](victim)
        os.kill(task, signal.SIGCONT)
    code = run.wait(RUN_LIMIT_S)
    fault.counted()
    victim.unlink()
    if task is None:
        return False
    need(code == 1, f"{name} at read {nth}: exit {code}")
    stand.check_sources()
    need(content(out) == stand.reference, f"{name} at read {nth}: published {sorted(content(out))}")
    classes = errors(out)
    need(set(classes.values()) == {"input_damaged"} and all("victim" in path for path in classes),
         f"{name} at read {nth}: {classes}")
    sentences = {row["error"]["message"] for row in report(out)["outputs"] if "error" in row}
    need(all("changed while it was read" in text for text in sentences), f"{name} at read {nth}: {sentences}")
    shutil.rmtree(out)
    return True


def run(seeds, first):
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    stand = Stand(sources=lambda folder: clip(folder / "clip.mov"))
    counting = Fault("read", "task", "STOP", 0, stand.sources)
    stand.run(stand.home / "counted", env=counting.env)
    reads = counting.counted()[0]
    for name in CHANGES:
        hits = 0
        for seed in range(first, first + seeds):
            nth = random.Random(f"{name} {seed}").randint(1, reads)
            hits += once(stand, stand.home / f"out{seed}", name, nth)
        need(hits > 0, f"{name}: no read was reached")
        print(f"{name}: {hits} of {hits} changes seen ({seeds} rounds; {reads} reads)", flush=True)
    stand.clean()
