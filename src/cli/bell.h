/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rings when something happens in a folder (inotify). A hint and no more: network file systems are
 * silent, and the kernel may have no watches left; who looks from time to time misses nothing. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct bell;
struct bell *bell_create(void);
void bell_destroy(struct bell *bell); /* accepts NULL */

/* Also hears of this folder, not of those below it. Again for a known folder does nothing. False
 * when there are no more watches to have (fs.inotify.max_user_watches). */
bool bell_hear(struct bell *bell, const char *folder);

/* Until it rings, `timeout_us` passed, or a signal came. True when it rang. */
bool bell_wait(struct bell *bell, int64_t timeout_us);
