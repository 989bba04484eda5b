/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sources made in code: pictures whose grey says which frame they are, and a tone. */
#pragma once

#include "model/task.h"

/* A file of `frames` pictures of 256x192 at `fps` and as much sound, FFV1 and 16-bit PCM. Frame n
 * is flat with luma 20 + 2n (n modulo 100). The descriptor of an unlinked file. */
int made_source(int frames, struct rational fps, bool sound);
/* With sound, and chapters of a second each. */
int made_chapters(int frames, struct rational fps, int chapters);
/* A new unlinked file. */
int made_file(void);
/* A render task of fds[0] with one output in `container`, which fds[1] gets; two threads. */
struct task *made_task(const char *container, const char *video, const char *audio);
struct result *made_render(struct task *task, const int *fds);
/* Adds a step with its parameters: key, value … NULL. */
void made_step(GPtrArray *steps, const char *name, ...) __attribute__((sentinel));
