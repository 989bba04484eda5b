# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that don't end by themselves: stopped, spinning in a read, and a stopped warm worker. They
are killed within the time-out and some seconds, and the batch goes on. What isn't a regular file
is refused without being waited for."""
import os
import random
import shutil
import signal
import socket
import time

from calls import Fault
from stand import SHIM, RUN_LIMIT_S, Skip, Stand, children, clip, errors, need, tone

TIMEOUT_S = 4
GENEROUS_S = 60  # over the time-out, on a loaded machine; the figures say what it took


def tasks_of(run):
    return [task for worker in children(run.pid) for task in children(worker)]


def stop_task(stand, out, dice):
    """SIGSTOP of a task at a random moment: one attempt is killed, the next one succeeds."""
    run = stand.start(stand.command(out, "--timeout", f"{TIMEOUT_S}s"))
    time.sleep(dice.uniform(0, stand.seconds))
    while run.poll() is None:
        for task in tasks_of(run):
            try:
                os.kill(task, signal.SIGSTOP)
            except ProcessLookupError:
                continue
            return run, time.monotonic()
    return run, None


def stop_worker(stand, out, dice):
    run = stand.start(stand.command(out, "--timeout", f"{TIMEOUT_S}s"))
    time.sleep(dice.uniform(0, stand.seconds))
    while run.poll() is None:
        for worker in children(run.pid):
            if children(worker):
                os.kill(worker, signal.SIGSTOP)
                return run, time.monotonic()
    return run, None


def spin(stand, out, dice):
    """A decoder that never comes back, at the N-th read of a source."""
    fault = Fault("read", "task", "SPIN", dice.randint(1, 60), stand.sources)
    run = stand.start(stand.command(out, "--timeout", f"{TIMEOUT_S}s"), fault.env)
    start = time.monotonic()
    run.wait(RUN_LIMIT_S)
    hit = fault.counted()[1] > 0
    return run, start if hit else None


STALLS = {"stopped task": stop_task, "stopped worker": stop_worker, "spinning task": spin}


def stall(name, seeds, first):
    stand = Stand()
    hits, longest = 0, 0.0
    for seed in range(first, first + seeds):
        out = stand.home / f"out{seed}"
        run, since = STALLS[name](stand, out, random.Random(f"{name} {seed}"))
        code = run.wait(RUN_LIMIT_S)
        need(code == 0, f"{name}, seed {seed}: the run ended with {code}")
        stand.check_whole(out)
        shutil.rmtree(out)
        if since is None:
            continue
        hits += 1
        over = time.monotonic() - since - TIMEOUT_S - stand.seconds
        longest = max(longest, over)
        need(over < GENEROUS_S, f"{name}, seed {seed}: {over:.1f} s over the time-out")
    print(f"{name}: {seeds} rounds, {hits} stalls, time-out {TIMEOUT_S} s, the run ended at most "
          f"{longest:.1f} s later than that and its usual {stand.seconds:.1f} s", flush=True)
    stand.clean()


def run(seeds, first):
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    for name in STALLS:
        stall(name, seeds, first)


FRAMES_AND_SOUNDS = """\
rushes: 1
jobs:
  clips:
    inputs: {include: ["**/*.mov"]}
    priority: 9
    outputs:
      frames: {to: "f/${stem}/${stem}.####.png"}
  sounds:
    inputs: {include: ["**/*.wav"]}
    outputs:
      flac: {encode: {container: flac}, to: "${stem}.flac"}
"""


def clip_and_tones(folder):
    clip(folder / "clip.mov")
    for number in range(8):
        tone(folder / f"tone{number}.wav")


def run_slow_disk(_seeds, _first):
    """A folder whose files don't come to the disk holds up itself alone."""
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    stand = Stand(sources=clip_and_tones, pipeline=FRAMES_AND_SOUNDS, reference=False)
    out = stand.home / "out"
    fault = Fault("fsync", "supervisor", "SPIN", 1, out / "f")
    run = stand.start(stand.command(out, "-j", "1"), fault.env)
    start = time.monotonic()
    while run.poll() is None and len(list(out.glob("*.flac"))) < 8 and time.monotonic() - start < GENEROUS_S:
        time.sleep(0.05)
    made = len(list(out.glob("*.flac")))
    run.kill()
    run.wait()
    need(fault.counted()[1] > 0, "no file of the folder was synced")
    need(made == 8, f"{made} of 8 sounds were published while a folder was being made")
    again = stand.resume(out)
    need(again.returncode == 0, f"resume ends with {again.returncode}: {again.stderr}")
    need(len(list(out.glob("f/clip/*.png"))) == 10, "the folder isn't whole after resume")
    print("slow disk: 8 of 8 sounds were published meanwhile", flush=True)
    stand.clean()


def odd_files(folder):
    """What a folder may hold beside sources."""
    Stand.usual_sources(folder)
    os.mkfifo(folder / "fifo.mov")
    (folder / "folder.mov").mkdir()
    (folder / "loop.mov").symlink_to("loop.mov")
    (folder / "zero.mov").symlink_to("/dev/zero")
    (folder / "nowhere.mov").symlink_to("nothing.mov")
    (folder / "empty.mov").touch()
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(folder / "socket.mov"))


def run_odd(_seeds, _first):
    """None of them is waited for, none becomes an output, and the others are all made."""
    stand = Stand(sources=odd_files, reference=False)
    out = stand.home / "out"
    done = stand.run(out, "--timeout", "60s")
    need(done.returncode == 1, f"it ended with {done.returncode}: {done.stderr}")
    failed = {path.split("/")[-1].split(".")[0] for path in errors(out)}
    need("empty" in failed and not failed & {"clip1", "clip2", "clip3", "tone", "still"}, f"failed: {failed}")
    stand.check_sources()
    for name in ("fifo.mov", "socket.mov", "zero.mov"):
        named = stand.call([*stand.command(stand.home / name)[:3], str(stand.sources / name), "-o",
                            str(stand.home / name)])
        need(named.returncode in (1, 2, 4), f"{name}, named: exit {named.returncode}: {named.stderr}")
    print(f"odd files: failed {sorted(failed)}, all others done", flush=True)
    stand.clean()
