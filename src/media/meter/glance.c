/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves of a length that isn't known before: when all columns are used, two become one. */
#include "media/glance.h"
#include "media/frame.h"

#include <math.h>

static const double BITRATE_STEP_S = 0.5, SOUND_STEP_S = 0.01;

struct glance_meter {
    const struct source *source;
    struct glance *glance;
    double moment_s;
    AVFrame *seen; /* the one to show, so far */
    bool found;    /* it is the one */
    /* sound */
    int64_t column_samples, filled; /* of a column, and of the one that is being filled */
    int rate, columns;
    float low[GLANCE_COLUMNS], high[GLANCE_COLUMNS];
    /* packets */
    double step_s, end_s;
    int steps;
    double bytes[GLANCE_COLUMNS];
};

struct glance_meter *glance_meter_create(const struct source *source, double moment_s)
{
    struct glance_meter *meter = g_new0(struct glance_meter, 1);
    double duration_s = source_duration(source);
    meter->source = source;
    meter->glance = glance_create();
    meter->moment_s = isfinite(moment_s) ? moment_s : isfinite(duration_s) ? duration_s / 3 : 0;
    meter->step_s = BITRATE_STEP_S;
    return meter;
}

void glance_meter_destroy(struct glance_meter *meter)
{
    if (!meter)
        return;
    av_frame_free(&meter->seen);
    glance_destroy(meter->glance);
    g_free(meter);
}

/* --- picture --- */

void glance_meter_picture(struct glance_meter *meter, const AVFrame *frame, double at_s)
{
    const double rounding_s = 0.001; /* Matroska counts in milliseconds */
    if (meter->found || (meter->seen && at_s < meter->moment_s - rounding_s))
        return;
    meter->found = at_s >= meter->moment_s - rounding_s;
    av_frame_free(&meter->seen);
    meter->seen = frame_copy(frame);
    meter->glance->moment_s = at_s;
}

/* --- sound --- */

static void halve_sound(struct glance_meter *meter)
{
    for (int i = 0; i < GLANCE_COLUMNS / 2; i++) {
        meter->low[i] = MIN(meter->low[2 * i], meter->low[2 * i + 1]);
        meter->high[i] = MAX(meter->high[2 * i], meter->high[2 * i + 1]);
    }
    meter->columns /= 2;
    meter->column_samples *= 2;
}

static void begin_column(struct glance_meter *meter)
{
    if (meter->columns == GLANCE_COLUMNS)
        halve_sound(meter);
    meter->low[meter->columns] = meter->high[meter->columns] = 0;
    meter->columns++;
    meter->filled = 0;
}

/* Eight at a time, so that the compiler keeps them in a register. */
static void widen(const float *samples, int count, float *low, float *high)
{
    enum { LANES = 8 };
    float least[LANES] = {0}, most[LANES] = {0};
    int at = 0;
    for (; at + LANES <= count; at += LANES)
        for (int i = 0; i < LANES; i++) {
            const float value = samples[at + i];
            least[i] = value < least[i] ? value : least[i];
            most[i] = value > most[i] ? value : most[i];
        }
    for (int i = 0; at < count; i++, at++) {
        least[i] = MIN(least[i], samples[at]);
        most[i] = MAX(most[i], samples[at]);
    }
    for (int i = 0; i < LANES; i++) {
        *low = MIN(*low, least[i]);
        *high = MAX(*high, most[i]);
    }
}

void glance_meter_sound(struct glance_meter *meter, const float *const *channel, int channels,
                        int frames, int rate)
{
    if (!meter->rate) {
        meter->rate = rate;
        meter->column_samples = MAX((int64_t)(rate * SOUND_STEP_S), 1);
    }
    for (int at = 0, part; at < frames; at += part) {
        if (!meter->columns || meter->filled == meter->column_samples)
            begin_column(meter);
        part = (int)MIN(frames - at, meter->column_samples - meter->filled);
        const int column = meter->columns - 1;
        for (int i = 0; i < channels; i++)
            widen(channel[i] + at, part, &meter->low[column], &meter->high[column]);
        meter->filled += part;
    }
}

static void read_sound(const struct glance_meter *meter)
{
    struct glance *glance = meter->glance;
    for (int i = 0; i < meter->columns; i++) {
        curve_add(&glance->low, (int)lroundf(fmaxf(meter->low[i], -1) * 100));
        curve_add(&glance->high, (int)lroundf(fminf(meter->high[i], 1) * 100));
    }
    if (meter->rate)
        glance->low.step_s = glance->high.step_s = (double)meter->column_samples / meter->rate;
}

/* --- packets --- */

static void halve_packets(struct glance_meter *meter)
{
    for (int i = 0; i < GLANCE_COLUMNS; i++)
        meter->bytes[i] =
            i < GLANCE_COLUMNS / 2 ? meter->bytes[2 * i] + meter->bytes[2 * i + 1] : 0;
    meter->steps = (meter->steps + 1) / 2;
    meter->step_s *= 2;
}

void glance_meter_packet(struct glance_meter *meter, const AVPacket *packet, double at_s)
{
    const double far_s = 1e7; /* of no file: a broken time */
    const AVRational base = packet->time_base;
    if (!(at_s < far_s))
        return;
    at_s = fmax(at_s, 0);
    while (at_s >= meter->step_s * GLANCE_COLUMNS)
        halve_packets(meter);
    const int step = (int)(at_s / meter->step_s);
    meter->bytes[step] += packet->size;
    meter->steps = MAX(meter->steps, step + 1);
    meter->end_s = fmax(meter->end_s, at_s + (base.den ? packet->duration * av_q2d(base) : 0));
}

/* A last step that hardly began tells nothing. */
static void read_packets(const struct glance_meter *meter)
{
    struct curve *curve = &meter->glance->bitrate;
    curve->step_s = meter->step_s;
    for (int i = 0; i < meter->steps; i++) {
        double length_s = fmin(meter->end_s - i * meter->step_s, meter->step_s);
        bool whole = i + 1 < meter->steps || length_s > meter->step_s / 2 || i == 0;
        if (whole)
            curve_add(curve, (int)lround(meter->bytes[i] * 8 / 1000 /
                                         (length_s > 0 ? length_s : meter->step_s)));
    }
}

struct curve *glance_meter_loudness(struct glance_meter *meter)
{
    return &meter->glance->loudness;
}

struct glance *glance_meter_read(struct glance_meter *meter)
{
    const int picture = source_picture(meter->source);
    double duration_s = source_duration(meter->source);
    read_sound(meter);
    read_packets(meter);
    if (meter->seen)
        meter->glance->after = glimpse_of_frame(meter->seen, source_stream(meter->source, picture));
    meter->glance->duration_s = isfinite(duration_s) ? duration_s : meter->end_s;
    return g_steal_pointer(&meter->glance);
}
