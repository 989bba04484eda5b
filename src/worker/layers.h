/* SPDX-License-Identifier: GPL-3.0-or-later
 * The layers of the sandbox one by one; for sandbox.c only. Those that enter set errno. */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>

/* landlock.c: a ruleset (a descriptor), or -1 where the kernel has no Landlock. */
int landlock_prepare(void);
/* With the pictures of the sequences whose lists are among the files (base/sequence.h). */
bool landlock_enter(int ruleset, const int *files, unsigned count);

/* seccomp.c: the filter, compiled. `program->filter` is the caller's, for g_free(); entering writes
 * the number of the process into it. */
bool seccomp_prepare(struct sock_fprog *program);
bool seccomp_enter(const struct sock_fprog *program);
