# SPDX-License-Identifier: GPL-3.0-or-later
"""Memory that runs out: the kernel kills tasks in a memory cgroup that is too small for two of them, or
for one. The night goes on; what fits alone is made alone."""
import os
from contextlib import contextmanager
from pathlib import Path

from stand import Skip, Stand, clip, errors, events, ffmpeg, need

PIPELINE = """\
rushes: 1
outputs:
  web:
    steps: [resize: {height: 120}]
    to: "${stem}.mp4"
    encode: {video: {codec: h264, preset: ultrafast, options: {threads: 1}}, audio: {codec: aac}}
"""
LARGE = 2  # how many of them


def sources(folder):
    for number in range(LARGE):  # whose pictures take 12 MB each, and a decoder keeps many
        ffmpeg("-f", "lavfi", "-i", "testsrc2=size=3840x2160:rate=25:duration=1", "-c:v", "libx264", "-preset",
               "ultrafast", "-x264-params", "ref=8:bframes=3", "-pix_fmt", "yuv420p", folder / f"large{number}.mp4")
    clip(folder / "small.mov")


def own_group():
    """The folder of this process in the memory hierarchy, version 1 or 2."""
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, kinds, path = line.split(":", 2)
        if kinds == "memory":
            return Path("/sys/fs/cgroup/memory" + path), "memory.limit_in_bytes"
        if kinds == "" and Path("/sys/fs/cgroup/cgroup.controllers").exists():
            return Path("/sys/fs/cgroup" + path), "memory.max"
    raise Skip("there are no memory cgroups")


@contextmanager
def limited(megabytes):
    """Gives what a child calls to be under that limit."""
    parent, limit = own_group()
    group = parent / f"rushes-fault-{os.getpid()}"
    try:
        group.mkdir()
        (group / limit).write_text(str(megabytes << 20))
    except OSError as error:
        if group.exists():
            group.rmdir()
        raise Skip(f"no memory cgroup can be made here: {error}") from error
    try:
        yield lambda: (group / "cgroup.procs").write_text(str(os.getpid()))
    finally:
        group.rmdir()


def killed(out):
    """How many tasks were, and tried again."""
    return sum(event["event"] == "task_retried" and event["failure"]["class"] == "memory" for event in events(out)[-1])


def run(_seeds, _first):
    stand = Stand(sources=sources, pipeline=PIPELINE)
    enough = enough_for_all(stand)
    out = stand.home / "one-at-a-time"
    with limited(int(0.75 * enough)) as enter:
        done = stand.run(out, preexec_fn=enter)
    need(done.returncode == 0, f"with memory for one at a time it ends with {done.returncode}: {done.stderr}")
    retried = killed(out)
    need(retried, "nothing was killed")
    stand.check_whole(out)
    out = stand.home / "too-little"
    with limited(int(0.3 * enough)) as enter:
        done = stand.run(out, preexec_fn=enter)
    need(done.returncode == 1, f"with too little for one it ends with {done.returncode}: {done.stderr}")
    need(errors(out) == {f"large{n}.mp4": "memory" for n in range(LARGE)}, f"it says {errors(out)}")
    stand.check_published(out)
    stand.check_sources()
    print(f"memory: two need {enough} MB; with three quarters of it, {retried} killed and made alone; "
          "too little fails them only", flush=True)
    stand.clean()


def enough_for_all(stand):
    """In megabytes, by trial: the least in which two at a time are made."""
    megabytes = 800
    while megabytes > 20:
        less = int(megabytes * 0.8)
        with limited(less) as enter:
            done = stand.run(stand.home / f"tried{less}", "--retries", "0", preexec_fn=enter)
        if done.returncode:
            return megabytes
        megabytes = less
    raise Skip("the memory limit does nothing here")
