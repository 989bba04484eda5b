/* SPDX-License-Identifier: GPL-3.0-or-later
 * What stands between a task and the machine. A media file is hostile until it is read, and from
 * then on so is every library that has read it: a task keeps the descriptors it was given, may
 * compute and start threads, and nothing else.
 *
 *     no-new-privs  no set-uid gain; every capability of root is dropped
 *     rlimits       no core dump; no file larger than its disk; no more memory than the machine has
 *     landlock      of all file names only the system's libraries, fonts and a few facts about the
 *                   machine, for reading; TCP, abstract sockets and signals to others are refused
 *     seccomp       only the system calls that decoding and encoding take: no socket, no opening
 * for writing, no program, no process, no debugger, no new kernel interface
 *
 * The layers don't lean on each other: without Landlock seccomp still refuses network and writing,
 * without seccomp Landlock still refuses reading and writing by name. Once entered there is no way
 * out, for this process and all its threads.
 *
 * What can be done once is done before the fork: entering costs some ten microseconds. */
#pragma once

#include "model/failure.h"
#include "model/sandbox.h"

struct sandbox;

/* The layers of `wanted` that this machine has, each tried on a fork of its own. Never NULL. The
 * calling process is not restricted. */
struct sandbox *sandbox_prepare(unsigned wanted);
void sandbox_destroy(struct sandbox *sandbox);
unsigned sandbox_layers(const struct sandbox *sandbox);

/* Restricts this process, which has one thread, to its open descriptors. `files` are those it works
 * on. False with FAIL_INTERNAL when a layer that was there is refused now: don't go on then. */
bool sandbox_enter(const struct sandbox *sandbox, const int *files, unsigned count,
                   struct failure *failure);

/* The layers that $RUSHES_SANDBOX asks for: all without it, for debuggers "off" or some names. An
 * unknown name is said on stderr and asks for all. */
unsigned sandbox_wanted(void);
