/* SPDX-License-Identifier: GPL-3.0-or-later
 * Draws a made-up run on stderr, to be looked at: progress_show [auto|plain|json] [SECONDS]. */
#include "report/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { TASKS = 4, OUTPUTS = 40, STEP_US = 20000 };

static enum progress_mode mode_of(const char *name)
{
    return strcmp(name, "json") == 0    ? PROGRESS_JSON
           : strcmp(name, "plain") == 0 ? PROGRESS_PLAIN
                                        : PROGRESS_AUTO;
}

static char *label_of(int task)
{
    return g_strdup_printf(task % 3 ? "clips/web day-1/A%03d_C004_0112.mov"
                                    : "clips/master 夜の撮影/A%03d\033[2J.mov",
                           task);
}

static void end(struct display *display, int task, struct progress_totals *totals)
{
    struct event event = {EVENT_TASK_FINISHED, .time_us = g_get_real_time(), .task = task,
                          .attempt = 1, .output = -1};
    g_autofree char *label = label_of(task);
    display_event(display, &event, label, totals);
    event = (struct event){EVENT_OUTPUT_ENDED, .time_us = g_get_real_time(), .task = -1,
                           .output = task};
    totals->ended++;
    if (task % 7 == 3) {
        totals->failed++;
        event.status = OUTPUT_FAILED;
        fail(&event.failure, FAIL_INPUT_DAMAGED, "the file ends in the middle of frame 218");
    }
    display_event(display, &event, label, totals);
    failure_clear(&event.failure);
}

int main(int argc, char **argv)
{
    struct display *display = display_create(mode_of(argc > 1 ? argv[1] : "auto"), STDERR_FILENO);
    double limit_s = argc > 2 ? g_ascii_strtod(argv[2], NULL) : 10;
    struct progress_totals totals = {OUTPUTS, .eta_s = NAN};
    double done[TASKS] = {0};
    int task[TASKS], next = 0;
    for (int i = 0; i < TASKS; i++)
        task[i] = next++;
    for (double t = 0; t < limit_s && totals.ended < OUTPUTS; t += STEP_US / 1e6) {
        for (int i = 0; i < TASKS; i++) {
            struct event event = {EVENT_TASK_PROGRESS,
                                  .time_us = g_get_real_time(),
                                  .task = task[i],
                                  .attempt = 1,
                                  .output = -1,
                                  .progress = {done[i], (int64_t)(done[i] * 300), 118 - 30 * i,
                                               4.7 / (i + 1), "encode"}};
            g_autofree char *label = label_of(task[i]);
            display_event(display, &event, label, &totals);
            done[i] += 0.01 + 0.004 * i;
            if (done[i] < 1)
                continue;
            end(display, task[i], &totals);
            task[i] = next++;
            done[i] = 0;
        }
        totals.fraction = totals.ended / (double)OUTPUTS;
        totals.eta_s = t > 1 ? t / MAX(totals.fraction, 0.01) - t : NAN;
        g_usleep(STEP_US);
    }
    display_message(display, "interrupted: what runs is finished first");
    display_destroy(display);
    return 0;
}
