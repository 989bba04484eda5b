/* SPDX-License-Identifier: GPL-3.0-or-later
 * The warm worker: loads every library once, then forks for each task it is given. Single-
 * threaded, and it never touches media itself, so it can't be broken by a file. */
#pragma once

/* Serves requests (model/wire.h) on `control` until its other end is closed; then kills what
 * still runs. The exit status of the program. */
int worker_serve(int control);

/* Loads and initialises the media libraries, so that forks find them ready. Starts no threads.
 * Defined beside the faces of the worker. */
void worker_warm(void);
