# SPDX-License-Identifier: GPL-3.0-or-later
"""Output folders that fill up, can't be written, vanish or are shared; a closed standard output, a
closed terminal, few descriptors, small files only. Each ends with an exit code that says so, with
nothing but whole files published, and goes on where there is something to go on with."""
import os
import resource
import shutil
import signal
import subprocess
import time

from stand import RUN_LIMIT_S, Skip, Stand, events, left_over, need, until

SMALLEST, LARGEST = 64 << 10, 16 << 20


def mount(place, *options):
    place.mkdir(exist_ok=True)
    done = subprocess.run(["mount", "-t", "tmpfs", *options, "rushes-fault", str(place)], check=False,
                          capture_output=True)
    if done.returncode:
        raise Skip("this process may not mount")


def unmount(place):
    subprocess.run(["umount", "-l", str(place)], check=False)


def full(stand):
    """Twice the space each time, until all fits."""
    size, codes = SMALLEST, []
    place = stand.home / "small"
    while size <= LARGEST and (not codes or codes[-1] != 0):
        mount(place, "-o", f"size={size}")
        try:
            out = place / "out"
            done = stand.run(out, "--timeout", "60s")
            codes.append(done.returncode)
            need(done.returncode in (0, 5), f"{size} bytes of space: exit {done.returncode}: {done.stderr}")
            stand.check_published(out)
            subprocess.run(["mount", "-o", f"remount,size={LARGEST}", str(place)], check=True)
            again = stand.resume(out)
            need(again.returncode == 0, f"with space again, resume ends with {again.returncode}: {again.stderr}")
            stand.check_whole(out)
        finally:
            unmount(place)
        size *= 2
    need(codes[0] == 5 and codes[-1] == 0, f"exit codes {codes}")
    return f"exit codes {codes} with {SMALLEST >> 10} KiB of space, then twice as much each time"


def read_only(stand):
    place = stand.home / "read-only"
    mount(place, "-o", "ro")
    try:
        done = stand.run(place / "out")
        need(done.returncode == 5, f"exit {done.returncode}: {done.stderr}")
    finally:
        unmount(place)
    return "exit 5"


def vanishing(stand):
    out = stand.home / "vanishing"
    run = stand.start(stand.command(out, "--timeout", "60s"))
    need(until(lambda: any(events(out)), RUN_LIMIT_S), "it never began")
    shutil.rmtree(out, ignore_errors=True)
    code = run.wait(RUN_LIMIT_S)
    need(code in (1, 5), f"exit {code}")
    shutil.rmtree(out, ignore_errors=True)
    done = stand.run(out)
    need(done.returncode == 0, f"again: exit {done.returncode}: {done.stderr}")
    stand.check_whole(out)
    return f"exit {code}, and again 0"


def closed_output(stand):
    out = stand.home / "closed"
    read, write = os.pipe()
    os.close(read)
    code = subprocess.run(stand.command(out), stdout=write, stderr=write, stdin=subprocess.DEVNULL,
                          timeout=RUN_LIMIT_S, check=False).returncode
    os.close(write)
    need(code == 5, f"exit {code}")
    stand.check_whole(out)
    return "exit 5 for the summary that nobody got, and all there"


def hung_up(stand):
    out = stand.home / "hung-up"
    run = stand.start(stand.command(out))
    need(until(lambda: any(events(out)), RUN_LIMIT_S), "it never began")
    run.send_signal(signal.SIGHUP)
    code = run.wait(RUN_LIMIT_S)
    need(code in (0, 143), f"exit {code}")
    need(not left_over(out), f"left over: {left_over(out)}")
    done = stand.resume(out)
    need(done.returncode == 0, f"resume: exit {done.returncode}: {done.stderr}")
    stand.check_whole(out)
    return f"exit {code}, then resume"


def limited(stand, what, value):
    out = stand.home / f"limit{value}"
    done = stand.run(out, preexec_fn=lambda: resource.setrlimit(what, (value, value)))
    stand.check_published(out)
    return out, done


def few_descriptors(stand):
    out, done = limited(stand, resource.RLIMIT_NOFILE, 64)
    need(done.returncode == 0, f"exit {done.returncode}: {done.stderr}")
    stand.check_whole(out)
    return "exit 0 with 64"


def small_files(stand):
    out, done = limited(stand, resource.RLIMIT_FSIZE, 40 << 10)
    need(done.returncode in (1, 5), f"exit {done.returncode}: {done.stderr}")
    need(not left_over(out), f"left over: {left_over(out)}")
    again = stand.resume(out)
    need(again.returncode == 0, f"resume: exit {again.returncode}: {again.stderr}")
    stand.check_whole(out)
    return f"exit {done.returncode} with 40 KiB a file, then resume"


def two_runs(stand):
    """One gets the folder, the other an error that says who has it."""
    out = stand.home / "two"
    runs = [subprocess.Popen(stand.command(out), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            for _ in range(2)]
    said = [run.communicate(timeout=RUN_LIMIT_S)[1] for run in runs]
    codes = sorted(run.returncode for run in runs)
    need(codes in ([0, 5], [0, 0]), f"exit codes {codes}: {said}")
    need(codes == [0, 0] or any("being written by another rushes" in text for text in said), f"said {said}")
    stand.check_whole(out)
    shutil.rmtree(out)
    return codes


def races(stand, seeds):
    lost = 0
    for _ in range(seeds):
        lost += two_runs(stand) == [0, 5]
        time.sleep(0)
    need(lost > 0, "the runs never met")
    return f"{lost} of {seeds} lost with a clear error"


PLACES = {"full": full, "read-only": read_only, "vanishing": vanishing, "closed-output": closed_output,
          "hung-up": hung_up, "few-descriptors": few_descriptors, "small-files": small_files}


def run(seeds, _first, only=None):
    stand = Stand()
    skipped = []
    for name, test in PLACES.items():
        if only and only != name:
            continue
        try:
            print(f"{name}: {test(stand)}", flush=True)
        except Skip as why:
            skipped.append(f"{name}: {why}")
        stand.check_sources()
    if not only or only == "two-runs":
        print(f"two-runs: {races(stand, seeds)}", flush=True)
    stand.clean()
    if skipped and only:
        raise Skip("; ".join(skipped))
    print(*skipped, sep="\n", end="\n" if skipped else "", flush=True)
