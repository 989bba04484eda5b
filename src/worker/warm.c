/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's libraries, before it forks. */
#include "media/warm.h"

#include "worker/serve.h"

void worker_warm(void)
{
    media_warm();
}
