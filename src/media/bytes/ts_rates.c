/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps are looked at in blocks, which hold a rate where no step is far from their mean: neither
 * pictures that are missing nor fields that are repeated make another one. */
#include "ts_rates.h"

#include "ts_tables.h"

#include <math.h>

enum { BLOCK = 24, TIME_BITS = 33 };

static const double off_most = 0.05;         /* of the mean, as of times in milliseconds */
static const int64_t step_most = 20 * 90000; /* more is another beginning */

struct pictures {
    int64_t last; /* with 1 added; 0 none */
    int steps[BLOCK], count;
    double least, most; /* 0 none */
};

struct ts_rates {
    struct pictures *tracks[TS_PIDS];
};

struct ts_rates *ts_rates_create(void)
{
    return g_new0(struct ts_rates, 1);
}

void ts_rates_destroy(struct ts_rates *rates)
{
    for (int i = 0; rates && i < TS_PIDS; i++)
        g_free(rates->tracks[i]);
    g_free(rates);
}

static void end_block(struct pictures *pictures)
{
    double mean = 0, off = 0;
    for (int i = 0; i < BLOCK; i++)
        mean += pictures->steps[i] / (double)BLOCK;
    for (int i = 0; i < BLOCK; i++)
        off = fmax(off, fabs(pictures->steps[i] - mean));
    pictures->count = 0;
    if (off > off_most * mean)
        return;
    pictures->least = pictures->least > 0 ? fmin(pictures->least, mean) : mean;
    pictures->most = fmax(pictures->most, mean);
}

static void see_time(struct pictures *pictures, int64_t time)
{
    const int64_t step = (time - (pictures->last - 1)) & (((int64_t)1 << TIME_BITS) - 1);
    const bool goes_on = pictures->last && step > 0 && step <= step_most;
    pictures->last = time + 1;
    if (!goes_on)
        pictures->count = 0;
    else
        pictures->steps[pictures->count++] = (int)step;
    if (pictures->count == BLOCK)
        end_block(pictures);
}

static int64_t time_at(const uint8_t *data)
{
    return (int64_t)(data[0] >> 1 & 7) << 30 | (int64_t)data[1] << 22 |
           (int64_t)(data[2] >> 1) << 15 | (int64_t)data[3] << 7 | data[4] >> 1;
}

/* Of a picture: when it is decoded, which is said where that isn't when it is shown. */
static bool read_time(const uint8_t *pes, size_t length, int64_t *time)
{
    enum { PTS = 9, DTS = 14, END = 19, VIDEO = 0xe0 };
    if (length < DTS || pes[0] || pes[1] || pes[2] != 1 || (pes[3] & 0xf0) != VIDEO ||
        !(pes[7] & 0x80))
        return false;
    const bool both = pes[7] & 0x40;
    if (both && length < END)
        return false;
    *time = time_at(pes + (both ? DTS : PTS));
    return true;
}

void ts_rates_see(struct ts_rates *rates, const uint8_t *packet)
{
    const int pid = ts_pid(packet);
    const size_t from = packet[3] & 0x20 ? 5 + (size_t)packet[4] : 4;
    int64_t time;
    if (!(packet[1] & 0x40) || !(packet[3] & 0x10) || from >= TS_PACKET ||
        !read_time(packet + from, TS_PACKET - from, &time))
        return;
    if (!rates->tracks[pid])
        rates->tracks[pid] = g_new0(struct pictures, 1);
    see_time(rates->tracks[pid], time);
}

bool ts_rates_steps(const struct ts_rates *rates, int pid, double *least, double *most)
{
    const struct pictures *pictures = pid >= 0 && pid < TS_PIDS ? rates->tracks[pid] : NULL;
    if (!pictures || !(pictures->least > 0))
        return false;
    *least = pictures->least;
    *most = pictures->most;
    return true;
}
