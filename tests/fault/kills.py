# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at a random moment: of the supervisor (then `resume`, which may be killed as well), of
the warm worker, of a task. What is there in the end is what an unbroken run makes."""
import random
import shutil
import signal
import time
from pathlib import Path

from calls import Fault, few_sources
from stand import (ORPHAN_LIMIT_S, RUN_LIMIT_S, RUSHES, SHIM, Skip, Stand, alive, check_once, children, kill, left_over, need,
                   redone, until, verified_only)


def family(pid):
    below = children(pid)
    return below + [grandchild for child in below for grandchild in children(child)]


class Figures:
    """What the rounds of a kind came to."""

    def __init__(self):
        self.rounds = self.hits = self.verified = 0

    def __str__(self):
        return f"{self.rounds} rounds, {self.hits} kills, {self.verified} outputs rendered before one and only verified after it"


def supervisor(stand, out, dice, figures):
    """One round; the moment is uniform over the run."""
    command = stand.command(out)
    kills = 1 + (dice.random() < 0.4) + (dice.random() < 0.1)
    hits = 0
    for number in range(kills):
        run = stand.start(command)
        time.sleep(dice.uniform(0, 1.1 * stand.seconds))
        workers = family(run.pid)
        run.kill()
        hits += run.wait() < 0
        need(until(lambda: not any(map(alive, workers)), ORPHAN_LIMIT_S), f"still running: {workers}")
        stand.check_published(out)
        if number == 0 and list(out.glob(".rushes/runs/*")):
            command = [command[0], "resume", str(out), "--progress", "none"]
    done = stand.resume(out)
    need(done.returncode == 0, f"resume ends with {done.returncode}: {done.stderr}")
    figures.hits += hits
    figures.verified += verified_only(out)


def victim_of(run, task):
    workers = children(run.pid)
    if not task:
        return workers[0] if workers else None
    tasks = [pid for worker in workers for pid in children(worker)]
    return tasks[0] if tasks else None


def below_supervisor(stand, out, dice, figures, task):
    """The run goes on: what died is started again, and the exit code is 0."""
    run = stand.start(stand.command(out))
    time.sleep(dice.uniform(0, stand.seconds))
    victim = None
    while victim is None and run.poll() is None:
        victim = victim_of(run, task)
    hit = victim is not None and kill(victim)
    code = run.wait(RUN_LIMIT_S)
    need(code == 0, f"the run ended with {code}")
    figures.hits += hit


ROUNDS = {
    "supervisor": supervisor,
    "worker": lambda *a: below_supervisor(*a, task=False),
    "task": lambda *a: below_supervisor(*a, task=True),
}


def run(kind, seeds, first):
    stand, figures = Stand(), Figures()
    print(f"kill -9 of the {kind}: seeds {first} to {first + seeds - 1}; an unbroken run takes {stand.seconds:.2f} s",
          flush=True)
    for seed in range(first, first + seeds):
        out = stand.home / f"out{seed}"
        print(f"  seed {seed}", flush=True)
        ROUNDS[kind](stand, out, random.Random(f"{kind} {seed}"), figures)
        stand.check_whole(out)
        check_once(out)
        figures.rounds += 1
        shutil.rmtree(out)
    print(f"kill -9 of the {kind}: {figures}", flush=True)
    stand.clean()


def killed_while_publishing(stand, out, nth):
    """The N-th master is on the disk and verified, and has not got its name."""
    fault = Fault("rename", "supervisor", "KILL", nth, out / "m")
    done = stand.run(out, env=fault.env)
    need(done.returncode < 0 and fault.counted()[2].endswith(".part"), f"it was not killed: {done.returncode}")
    need(left_over(out), "the kill left nothing that was rendered")


def run_finished(_seeds, _first):
    """What was rendered when the run was killed is not rendered again, unless it has to be."""
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    stand = Stand()
    for nth in (1, 2, 3):
        out = stand.home / f"out{nth}"
        killed_while_publishing(stand, out, nth)
        done = stand.resume(out)
        need(done.returncode == 0, f"resume ends with {done.returncode}: {done.stderr}")
        stand.check_whole(out)
        check_once(out)
        need(verified_only(out), "the master was not taken over")
        print(f"killed at publication {nth}: {verified_only(out)} outputs only verified, none rendered again", flush=True)
    out = stand.home / "fresh"
    killed_while_publishing(stand, out, 1)
    done = stand.run(out, "--fresh")
    need(done.returncode == 0, f"--fresh ends with {done.returncode}: {done.stderr}")
    stand.check_whole(out)
    need(redone(out) and not verified_only(out), "--fresh took over what was there")
    stand.clean()


def slow_worker(stand):
    """A worker that isn't there while there is a file "hold"."""
    hold, script = stand.home / "hold", stand.home / "slow-worker"
    worker = Path(RUSHES).with_name("rushes-worker")
    script.write_text(f'#!/bin/sh\nwhile [ "$1" = --serve ] && [ -e "{hold}" ]; do sleep 0.05; done\nexec "{worker}" "$@"\n')
    script.chmod(0o755)
    return hold, str(script)


def run_interrupted(_seeds, _first):
    """A folder that was rendered when the run was killed is kept by Ctrl-C twice, without what had been made of it."""
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    stand = Stand(sources=few_sources)
    time.sleep(2.1)  # old enough to be known by their times, and not looked at again
    out = stand.home / "out"
    done = stand.run(out, env=Fault("rename", "supervisor", "KILL", 1, out / "f").env)
    need(done.returncode < 0, f"it was not killed: {done.returncode}")
    need([path for path in left_over(out / "f") if path.endswith(".part.d")], "the kill left no half-made folder")
    hold, worker = slow_worker(stand)
    hold.touch()
    run = stand.start(stand.command(out, "--worker", worker))
    need(until(lambda: len(list(out.glob(".rushes/runs/*"))) == 2, RUN_LIMIT_S), "the second run never began")
    time.sleep(0.2)
    for _ in range(2):
        run.send_signal(signal.SIGINT)
        time.sleep(0.1)
    hold.unlink()
    need(run.wait(RUN_LIMIT_S) == 130, f"interrupted, it ends with {run.returncode}")
    need([Path(path).suffix for path in left_over(out / "f")] == [".part"], f"left over: {left_over(out)}")
    done = stand.resume(out)
    need(done.returncode == 0, f"resume ends with {done.returncode}: {done.stderr}")
    stand.check_whole(out)
    check_once(out)
    need(verified_only(out), "the folder was not taken over")
    stand.clean()


CHAIN = """\
rushes: 1
jobs:
  clips:
    inputs: {include: ["**/*.mov"]}
    outputs:
      master: {encode: {container: mov, video: {codec: prores}, audio: {codec: pcm_s24le}}, to: "m/${stem}.mov"}
      web:
        from: master
        encode: {container: mp4, video: {codec: h264, preset: ultrafast, options: {threads: 1}}, audio: {codec: aac}}
        to: "w/${stem}.mp4"
      poster: {from: web, steps: [still: {at: 50%}], encode: {image: {format: jpeg}}, to: "${stem}.jpg"}
"""


def run_spared(seeds, first):
    """A master is made again and comes out as it was: what was made of it stays. Killed at any write or
    rename of that, it is all there after `resume`, and nothing that stands was made again."""
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    stand, hits = Stand(sources=few_sources, pipeline=CHAIN), 0
    whole = stand.home / "whole"
    need(stand.run(whole).returncode == 0, "an unbroken run fails")
    for call in ("write", "fsync", "rename"):
        for nth in sample(stand, whole, call, seeds, first):
            out = without_master(stand, whole, f"{call}{nth}")
            fault = Fault(call, "supervisor", "KILL", nth, out)
            stand.run(out, env=fault.env)
            hits += fault.counted()[1]
            done = stand.resume(out)
            need(done.returncode == 0, f"{call} {nth}: resume ends with {done.returncode}: {done.stderr}")
            stand.check_whole(out)
            need(times(out) == times(whole), f"{call} {nth}: what stood was made again")
            shutil.rmtree(out)
    need(hits, "nothing was killed")
    print(f"killed while a chain was spared: {hits} kills, its outputs untouched", flush=True)
    stand.clean()


def times(out):
    return [(out / name).stat().st_mtime_ns for name in ("w/clip.mp4", "clip.jpg")]


def without_master(stand, whole, name):
    out = stand.home / name
    shutil.copytree(whole, out, symlinks=True)
    (out / "m/clip.mov").unlink()
    return out


def sample(stand, whole, call, seeds, first):
    """So many numbers of calls as there are seeds, of those that a whole run makes."""
    out = without_master(stand, whole, f"counted-{call}")
    counting = Fault(call, "supervisor", "KILL", 0, out)
    need(stand.run(out, env=counting.env).returncode == 0, "an unharmed run fails")
    calls = counting.counted()[0]
    shutil.rmtree(out)
    return sorted(random.Random(f"{call} {first}").sample(range(1, calls + 1), min(seeds, calls)))
