/* SPDX-License-Identifier: GPL-3.0-or-later
 * The warm worker: loads every library once, then forks for each task it is given. Single-
 * threaded, and it never touches media itself, so it can't be broken by a file.
 *
 * There are two, of the same sources. rushes-worker has all libraries, 200 shared objects, and runs
 * any task. rushes-worker-sound has those that sound files take (libsndfile, libebur128,
 * libswresample and libavutil): its forks cost a fraction. Which task is for it the pool decides by
 * what is known of the task (engine/engine.h); what it turns out to lack (worker/sound/absent.c)
 * ends a task with WIRE_EXIT_ELSEWHERE before the output is begun, and the full one runs it. */
#pragma once

/* Serves requests (model/wire.h) on `control` until its other end is closed; then kills what
 * still runs. The exit status of the program. */
int worker_serve(int control);

/* The same for a descriptor in decimals, as --serve has it; 2 when it isn't one. */
int worker_serve_text(const char *text);

/* Loads and initialises the media libraries, so that forks find them ready. Starts no threads.
 * Defined beside the faces of the worker. */
void worker_warm(void);
