/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rows of a picture shared out among threads. Small pieces are handed to whoever is free, the
 * caller among them, so that a core that is slower, or busy with something else, holds nobody up.
 */
#pragma once

#include <glib.h>

struct slices;

/* `threads`: with the caller's. */
struct slices *slices_create(int threads);
void slices_destroy(struct slices *slices); /* NULL is fine */
/* Calls run(data, top, bottom) for all of `rows`, from several threads at once, and returns when
 * all are done. Pieces begin at even rows, those of 4:2:0. NULL: all of it here and now. */
void slices_run(struct slices *slices, int rows, void (*run)(void *data, int top, int bottom),
                void *data);

typedef struct slices *slices_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(slices_ptr, slices_destroy, NULL)
