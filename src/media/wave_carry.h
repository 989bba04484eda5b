/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chunks of a new WAVE file beside its samples: a Broadcast Wave chunk, and what the source
 * had, as far as it is true of the part and the form that are written (media/sndfile.h says what).
 * All that isn't carried is noted in the chain. */
#pragma once

#include "sndfile_private.h"
#include "wave_file.h"

struct wave_carry {
    const struct sound_writer_setup *setup; /* until the samples begin */
    struct chain *chain;
    struct sound_part part;
    struct bext bext;
    bool has_bext;
    int64_t bext_at;   /* in the file */
    GPtrArray *behind; /* struct carried: for after the samples */
    GBytes *cues;      /* to be moved, with their labels */
    GPtrArray *labels; /* GBytes */
};

void wave_carry_clear(struct wave_carry *carry);
/* What stands before the samples. `carry` is zeroed but for setup and chain. */
bool wave_carry_front(struct wave_carry *carry, struct wave_file *file, struct failure *failure);
/* What stands behind them, and the loudness of the programme (NULL: none of it known). */
bool wave_carry_back(struct wave_carry *carry, struct wave_file *file,
                     const struct loudness *loudness, struct failure *failure);

/* wave_bext.c: the Broadcast Wave chunk of the output. False when it gets none. */
bool wave_bext_make(struct bext *bext, const struct sound_writer_setup *setup, struct chain *chain,
                    const struct wave_format *format);
/* A count of samples since midnight at the start of the output, from that of the source; 0, with a
 * note, where it would be before midnight. */
uint64_t wave_time_moved(uint64_t reference, const struct sound_file *from, struct chain *chain);
