/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chains of moving picture for tests of steps: frames made in code go in, frames come out; no
 * codec. */
#pragma once

#include "media/chain_run.h"

#include <libavutil/pixdesc.h>

/* 25 fps, square, limited range, BT.709; fields may be changed. */
struct video_shape picture_shape(const char *pix_fmt, int width, int height);
struct chain *picture_chain(const struct video_shape *shape);
/* Frame n (lasting one), its luma at `luma` (or R, G, B), chroma neutral, alpha opaque; values in
 * 8 bits, here and below: scaled to the depth. */
AVFrame *picture_frame(const struct video_shape *shape, int n, unsigned luma);
/* A box of a plane, in its own samples; the end is not part of it. */
void picture_fill(AVFrame *frame, int plane, int x, int y, int end_x, int end_y, unsigned value);
/* As stored. */
unsigned picture_sample(const AVFrame *frame, int plane, int x, int y);
void picture_set(AVFrame *frame, int plane, int x, int y, unsigned value);

void picture_push(struct chain *chain, AVFrame *frame); /* takes it */
/* Ends the chain: all frames that come out. */
GPtrArray *picture_end(struct chain *chain);
bool picture_same(const AVFrame *a, const AVFrame *b); /* every bit of every plane */

/* A step's face with parameters key, value … NULL. `seen`: what its measuring half saw, or NULL. */
bool picture_step(struct chain *chain, struct failure *failure, const char *seen, const char *name,
                  ...) __attribute__((sentinel));
/* And its measuring half, which tells *seen at the end. */
void picture_look(struct chain *chain, char **seen, const char *name, ...)
    __attribute__((sentinel));
/* The notes, one a line. Caller frees. */
char *picture_notes(const struct chain *chain);
