/* SPDX-License-Identifier: GPL-3.0-or-later
 * The few libraries that sound takes, before the worker forks. */
#include "media/warm.h"

#include "media/log.h"

void media_warm(void)
{
    media_keep_memory();
    media_log_start();
}
