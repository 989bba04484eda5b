/* SPDX-License-Identifier: GPL-3.0-or-later
 * What real runs were made of, to be run again on made-up cores: a line a task,
 * "id kind predicted_s cpu_s peak_mb outputs needs…"; "#" begins a comment. */
#pragma once

#include "fake.h"

struct recorded {
    struct plan *plan;
    GArray *seconds; /* double: what each task took, by id */
};

/* Every task is one thread wide. `foreseen`: its prediction is what it took. */
struct recorded *recorded_load(const char *path, bool foreseen);
void recorded_destroy(struct recorded *set);

double recorded_total_s(const struct recorded *set);
double recorded_critical_path_s(const struct recorded *set);
/* How long they take on so many cores when they start in the order in which they were planned. */
double recorded_fifo_s(const struct recorded *set, int cores);
