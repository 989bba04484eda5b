/* SPDX-License-Identifier: GPL-3.0-or-later
 * The layers of the sandbox one by one; for sandbox.c only. Those that enter set errno. */
#pragma once

#include <linux/filter.h>
#include <stdbool.h>

/* landlock.c: a ruleset (a descriptor), or -1 where the kernel has no Landlock. */
int landlock_prepare(void);
bool landlock_enter(int ruleset);

/* seccomp.c: the filter, compiled. `program->filter` is the caller's, for g_free(). */
bool seccomp_prepare(struct sock_fprog *program);
bool seccomp_enter(const struct sock_fprog *program);
