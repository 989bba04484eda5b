#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fault tests: run.py TOPIC [--seeds N] [--first SEED]. RUSHES is the program under test (a plain
build: sanitizers and LD_PRELOAD conflict), RUSHES_FAULT_SHIM the built inject.so. Exit: 0 all
promises kept, 1 one was not (the seed and the folder are printed, the folder is kept), 77 skipped."""
import argparse
import functools
import sys

import calls
import changes
import kills
import memory
import places
import shim_test
import stalls
import stand
import truncations

TOPICS = {
    "calls": calls.run,
    "changes": changes.run,
    "memory": memory.run,
    "odd-files": stalls.run_odd,
    "places": places.run,
    "shim": shim_test.run,
    "slow-disk": stalls.run_slow_disk,
    "stalls": stalls.run,
    "truncations": truncations.run,
    "kill-supervisor": functools.partial(kills.run, "supervisor"),
    "kill-worker": functools.partial(kills.run, "worker"),
    "kill-finished": kills.run_finished,
    "kill-spared": kills.run_spared,
    "interrupt-finished": kills.run_interrupted,
    "kill-task": functools.partial(kills.run, "task"),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topic", choices=TOPICS)
    parser.add_argument("--seeds", type=int, default=5, help="how many rounds")
    parser.add_argument("--only", help="places, truncations: one of them; calls: some, by commas")
    parser.add_argument("--first", type=int, default=1, help="the first seed")
    args = parser.parse_args()
    try:
        only = {"only": args.only} if args.only else {}
        TOPICS[args.topic](args.seeds, args.first, **only)
    except stand.Skip as why:
        print(f"skipped: {why}")
        return 77
    except stand.Wrong as why:
        print(f"FAILED: {why}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
