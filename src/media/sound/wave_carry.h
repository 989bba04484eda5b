/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chunks of a new WAVE file beside its samples: a Broadcast Wave chunk, and what the source
 * had, as far as it is true of the part and the form that are written (media/sndfile.h says what).
 * All that isn't carried is noted in the chain. */
#pragma once

#include "sndfile_private.h"
#include "wave_file.h"

/* When the source was recorded: so many samples since midnight, where its time line is at `at_s`.
 * That of its Broadcast Wave chunk, else of its iXML, else of a timecode. */
struct wave_clock {
    enum { CLOCK_NONE, CLOCK_BEXT, CLOCK_IXML, CLOCK_TIMECODE } of;
    uint64_t samples;
    int rate;
    double at_s, day_s; /* how long a day is: not for a timecode that drops frames */
};

struct wave_carry {
    const struct sound_writer_setup *setup; /* until the samples begin */
    struct chain *chain;
    const struct sound_file *from; /* until the end */
    const AVFormatContext *film;   /* so is it */
    struct sound_part part;
    struct wave_clock clock;
    struct bext bext;
    bool has_bext;
    int64_t bext_at;   /* in the file */
    GPtrArray *behind; /* struct carried: for after the samples */
    gsize held;        /* bytes of chunks in memory */
    GBytes *cues;      /* to be moved, with their labels */
    GPtrArray *labels; /* GBytes */
};

void wave_carry_clear(struct wave_carry *carry);
/* What stands before the samples. `carry` is zeroed but for setup and chain. */
bool wave_carry_front(struct wave_carry *carry, struct wave_file *file, struct failure *failure);
/* What stands behind them, and the loudness of the programme (NULL: none of it known). */
bool wave_carry_back(struct wave_carry *carry, struct wave_file *file,
                     const struct loudness *loudness, struct failure *failure);

/* sound/wave_bext.c: the Broadcast Wave chunk of the output. False when it gets none. */
bool wave_bext_make(struct bext *bext, const struct wave_clock *clock,
                    const struct sound_writer_setup *setup, struct chain *chain,
                    const struct wave_format *format);

/* sound/wave_clock.c. Notes a timecode that can't be counted in samples. */
void wave_clock_read(struct wave_clock *clock, const struct sound_writer_setup *setup,
                     struct chain *chain);
/* Samples of `rate` since midnight where the output starts, as far as that is known (chain_origin):
 * of the day before, where it is earlier than midnight. */
uint64_t wave_clock_at(const struct wave_clock *clock, const struct chain *chain, int rate);
