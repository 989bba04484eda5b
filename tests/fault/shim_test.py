# SPDX-License-Identifier: GPL-3.0-or-later
"""The shim does what it is told: each kind of call fails at its number with its errno, and no other."""
import errno
import os
import subprocess
import tempfile
from pathlib import Path

from calls import Fault
from stand import SHIM, Skip, need

# What inject_probe calls, in order, by kind.
CALLS = {"open": ["open", "fopen"], "write": ["write", "pwrite"], "read": ["read"], "truncate": ["truncate"],
         "fsync": ["fsync", "fdatasync"], "close": ["close"], "flush": ["flush", "fclose"], "rename": ["rename"],
         "mkdir": ["mkdir"], "unlink": ["unlink"], "fork": ["fork"]}


def probe(call, error, nth, below=None, also=False):
    """(lines said, exit code, calls counted)"""
    fault = Fault(call, None, error, nth, below, also)
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([os.environ["RUSHES_FAULT_PROBE"], folder], env={**os.environ, **fault.env},
                              capture_output=True, text=True, check=False)
    return done.stdout.split("\n")[:-1], done.returncode, fault.counted()[0]


def run(_seeds, _first):
    if not SHIM:
        raise Skip("RUSHES_FAULT_SHIM is not set")
    for call, order in CALLS.items():
        for nth, name in enumerate(order, 1):
            said = probe(call, "ENOSPC", nth)[0]
            need(said and said[0] == f"{name} {errno.ENOSPC}", f"{call} {nth}: it said {said}")
        said, code, calls = probe(call, "ENOSPC", len(order) + 1)
        need(not said and code == 0 and calls == len(order), f"{call}: unharmed it said {said}, {calls} calls")
    need(probe("write", "EIO", 1)[0] == [f"write {errno.EIO}"], "one call, one failure")
    need(len(probe("write", "EIO", 1, also=True)[0]) == 2, "and all after it")
    need(not probe("write", "EIO", 1, below=Path("/nowhere"))[0], "a file elsewhere is not meant")
    need(probe("write", "KILL", 2)[1] < 0, "it was not killed")
    need(any("malloc" in line for n in range(1, 20) for line in probe("malloc", "ENOMEM", n)[0]), "malloc")
    print("the shim fails what it should, and nothing else")
