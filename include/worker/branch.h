/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: one source decoded once by libav and fanned out to several outputs. What
 * worker_render_video is made of, for whoever renders through libav: sound files to m4a, mp3,
 * ogg and everything that comes out of a film.
 *
 * render_branches() reads files[0] to its end, runs the shared steps once, and renders each of
 * the wanted outputs: containers, stills, sound-only containers. Outputs that another library
 * writes (container->muxer NULL) are refused with FAIL_UNSUPPORTED. Each output's failure,
 * claim and notes land in result->outputs; a failed one drops only its own branch. A damaged
 * source fails all of them, unless task->damaged_allow. */
#pragma once

#include "worker/run.h"

/* `wanted` has one bool an output, NULL = all. False when the source couldn't be read at all;
 * result->failure then says why. */
bool render_branches(const struct job *job, const bool *wanted, struct result *result);
