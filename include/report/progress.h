/* SPDX-License-Identifier: GPL-3.0-or-later
 * Progress on stderr: on a terminal a line per running task and a total line with ETA, redrawn in
 * place; else a plain line per event; or JSON lines; or nothing. Never more than 10 redraws a
 * second. Fits the terminal's width; honours NO_COLOR. */
#pragma once

#include "model/event.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_PLAIN, PROGRESS_JSON, PROGRESS_NONE };

struct progress_totals {
    unsigned outputs, ended, failed;
    double fraction, eta_s; /* NAN = too early to say */
    enum hold hold;
};

/* A terminal that may be written to in colour: NO_COLOR is unset or empty, TERM isn't "dumb". */
bool has_color(int fd);

struct display;
struct display *display_create(enum progress_mode mode, int fd);
/* `label` is the task's or output's, for people. */
void display_event(struct display *display, const struct event *event, const char *label,
                   const struct progress_totals *totals);
void display_message(struct display *display,
                     const char *text);        /* a line of its own, lines redrawn after it */
void display_destroy(struct display *display); /* clears the lines */
