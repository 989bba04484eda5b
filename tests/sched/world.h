/* SPDX-License-Identifier: GPL-3.0-or-later
 * A plan, its engine and what came of running it. */
#pragma once

#include "fake.h"

struct world {
    struct plan *plan; /* filled in by the test between open and start */
    struct fake *fake;
    struct sched *sched;
    char *events;
};

void world_open(struct world *w);                            /* an empty plan */
void world_engine(struct world *w);                          /* the plan is complete */
void world_run(struct world *w, struct sched_params params); /* to the end */
void world_close(struct world *w);
void world_leave_plan(struct world *w); /* closes all but the plan */
struct plan_task *world_task(const struct world *w, int id);

void check_has(const char *text, const char *part);
void check_hasnt(const char *text, const char *part);
unsigned count_of(const char *text, const char *part);

#define TEST(name) g_test_add_func("/sched/" #name, name)
