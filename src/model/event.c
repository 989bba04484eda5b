/* SPDX-License-Identifier: GPL-3.0-or-later
 * Names of events and of how an output ended. */
#include "model/event.h"

#include <glib.h>

const char *event_kind_name(enum event_kind kind)
{
    static const char *const names[] = {
        [EVENT_TASK_STARTED] = "task_started",     [EVENT_TASK_PROGRESS] = "task_progress",
        [EVENT_TASK_FINISHED] = "task_finished",   [EVENT_TASK_RETRIED] = "task_retried",
        [EVENT_TASK_CANCELLED] = "task_cancelled", [EVENT_OUTPUT_READY] = "output_ready",
        [EVENT_OUTPUT_ENDED] = "output_ended",     [EVENT_RUN_HELD] = "run_held",
        [EVENT_RUN_CONTINUED] = "run_continued",
    };
    return (unsigned)kind < G_N_ELEMENTS(names) ? names[kind] : "unknown";
}

const char *hold_name(enum hold hold)
{
    static const char *const names[] = {
        [HOLD_NONE] = "",
        [HOLD_PAUSED] = "paused",
        [HOLD_WINDOW] = "window",
        [HOLD_DISK] = "disk",
    };
    return (unsigned)hold < G_N_ELEMENTS(names) ? names[hold] : "unknown";
}

const char *output_status_name(enum output_status status)
{
    static const char *const names[] = {
        [OUTPUT_DONE] = "done",           [OUTPUT_UP_TO_DATE] = "up_to_date",
        [OUTPUT_FAILED] = "failed",       [OUTPUT_OUT_OF_SPEC] = "out_of_spec",
        [OUTPUT_CANCELLED] = "cancelled",
    };
    return (unsigned)status < G_N_ELEMENTS(names) ? names[status] : "unknown";
}
