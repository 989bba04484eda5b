/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a listener gets of sound that was encoded: through an encoder and its decoder, no file
 * between them. One thread. */
#pragma once

#include "media/chain_run.h"
#include "model/encode.h"
#include "model/kind.h"

/* Ends `chain` as a render of `encode` into `container` would, with the codec that is named or else
 * the container's first: rate, layout and, of a lossy codec, sample format and frame size; a
 * lossless one stays float. Frames that are pulled from the chain then go through. */
struct round_trip;
struct round_trip *round_trip_create(struct chain *chain, const struct encode_audio *encode,
                                     const struct container *container, struct failure *failure);
void round_trip_destroy(struct round_trip *trip); /* accepts NULL */
typedef struct round_trip *round_trip_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(round_trip_ptr, round_trip_destroy, NULL)

/* Takes a frame (NULL: the end), and gives what is heard of it and of those before to `take`:
 * planar float, without the codec's priming, as many samples in all as went in. */
typedef bool round_trip_take(void *data, const AVFrame *frame, struct failure *failure);
bool round_trip_push(struct round_trip *trip, const AVFrame *frame, round_trip_take *take,
                     void *data, struct failure *failure);

bool round_trip_is_lossy(const struct encode_audio *encode, const struct container *container);
