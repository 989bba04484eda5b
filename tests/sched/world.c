/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every test of the scheduler does. */
#include "world.h"

#include <string.h>

void world_open(struct world *w)
{
    *w = (struct world){.plan = fake_plan()};
}

void world_engine(struct world *w)
{
    w->fake = fake_create(w->plan);
}

void world_run(struct world *w, struct sched_params params)
{
    w->sched = fake_sched(w->fake, params);
    w->events = fake_run(w->sched);
}

void world_leave_plan(struct world *w)
{
    sched_destroy(w->sched);
    fake_destroy(w->fake);
    g_free(w->events);
}

void world_close(struct world *w)
{
    world_leave_plan(w);
    fake_plan_destroy(w->plan);
}

struct plan_task *world_task(const struct world *w, int id)
{
    return w->plan->tasks->pdata[id];
}

void check_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        g_error("\"%s\" is not in:\n%s", part, text);
}

void check_hasnt(const char *text, const char *part)
{
    if (strstr(text, part))
        g_error("\"%s\" is in:\n%s", part, text);
}

unsigned count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part))
        count++;
    return count;
}
