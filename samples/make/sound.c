/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound samples, through libsndfile. */
#include "make.h"

#include <sndfile.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000 };

static void set_broadcast(SNDFILE *file)
{
    SF_BROADCAST_INFO info = {.version = 1};
    snprintf(info.description, sizeof info.description, "sample interview");
    snprintf(info.originator, sizeof info.originator, "make-samples");
    memcpy(info.origination_date, "2026-01-31", 10);
    memcpy(info.origination_time, "10:00:00", 8);
    uint64_t reference = 36000ull * RATE; /* ten o'clock */
    info.time_reference_low = (uint32_t)reference;
    info.time_reference_high = (uint32_t)(reference >> 32);
    if (!sf_command(file, SFC_SET_BROADCAST_INFO, &info, sizeof info))
        stop("bext", sf_strerror(file));
}

void make_sound(const char *path, int format, int channels, double seconds, double level,
                bool broadcast)
{
    SF_INFO info = {.samplerate = RATE, .channels = channels, .format = format};
    SNDFILE *file = sf_open(path, SFM_WRITE, &info);
    if (!file)
        stop(path, sf_strerror(NULL));
    if (broadcast)
        set_broadcast(file);
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    sf_count_t frames = (sf_count_t)(seconds * RATE);
    double *samples = calloc((size_t)frames * (size_t)channels, sizeof *samples);
    for (sf_count_t i = 0; samples && i < frames; i++)
        for (int c = 0; c < channels; c++)
            samples[i * channels + c] = level * voice((double)i / RATE + c * 1.3, c ? 180 : 115);
    if (!samples || sf_writef_double(file, samples, frames) != frames || sf_close(file) != 0)
        stop(path, "can't be written");
    free(samples);
}
