# SPDX-License-Identifier: GPL-3.0-or-later
"""kill -9 at a random moment: of the supervisor (then `resume`, which may be killed as well), of
the warm worker, of a task. What is there in the end is what an unbroken run makes."""
import random
import shutil
import time

from stand import JOBS, ORPHAN_LIMIT_S, RUN_LIMIT_S, Stand, alive, children, events, kill, need, until


def family(pid):
    below = children(pid)
    return below + [grandchild for child in below for grandchild in children(child)]


def work(event):
    return event["kind"], event["label"]


def redone(out):
    """Renders and measurements that had ended well in one run and were started again in a later one."""
    finished, again = set(), 0
    for run in events(out):
        begun = {work(e) for e in run if e["event"] == "task_started" and e["kind"] != "verify"}
        again += len(begun & finished)
        finished |= {work(e) for e in run if e["event"] == "task_finished" and "failure" not in e}
    return again


def check_once(out):
    """What was published once is never made again."""
    seen = set()
    for run in events(out):
        done = {e["output"] for e in run if e["event"] == "output_ended" and e["status"] == "done"}
        need(not done & seen, f"published twice: {done & seen}")
        seen |= done


class Figures:
    """What the rounds of a kind came to."""

    def __init__(self):
        self.rounds = self.hits = self.redone = self.redone_most = 0
        self.recovered = 0.0

    def __str__(self):
        return (f"{self.rounds} rounds, {self.hits} kills, {self.redone} tasks redone "
                f"(at most {self.redone_most} a kill)")


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
        if number == 0 and list(out.glob(".rushes/runs/*/events.jsonl")):
            command = [command[0], "resume", str(out), "--progress", "none"]
    done = stand.resume(out)
    need(done.returncode == 0, f"resume ends with {done.returncode}: {done.stderr}")
    again = redone(out)
    need(again <= JOBS * max(hits, 1), f"{again} tasks redone after {hits} kills with {JOBS} at once")
    figures.redone += again
    figures.redone_most = max(figures.redone_most, (again + hits - 1) // hits if hits else 0)
    figures.hits += hits


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
