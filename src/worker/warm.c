/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's libraries, before it forks. */
#include "media/warm.h"

#include "model/task.h"
#include "worker/serve.h"

/* The first task that is read and the first result that is printed register types and bind calls:
 * here, or else in each fork. */
static void rehearse(void)
{
    g_auto(result_ptr) result = result_create();
    g_autofree char *text = result_to_text(result);
    task_destroy(task_from_text(text, -1, NULL)); /* it is none */
}

void worker_warm(void)
{
    media_warm();
    rehearse();
}
