/* SPDX-License-Identifier: GPL-3.0-or-later
 * Delays of animations: a WebP's as they are, in the finished file, and a GIF's as it counts. */
#include "write_private.h"

#include <string.h>
#include <unistd.h>

/* libvips writes 10 ms and less as 100, as browsers show them. */
enum { CHANGED_MAX_MS = 10, LONGER_MS = CHANGED_MAX_MS + 1 };
/* A chunk of RIFF: name, length, data; ANMF has the duration behind four numbers of 24 bits. */
enum { RIFF_HEAD = 12, CHUNK_HEAD = 8, DURATION_AT = 12, DURATION_BYTES = 3 };

static bool delays_of(VipsImage *image, int frames, int **delays)
{
    int count;
    return frames > 1 && vips_image_get_typeof(image, "delay") &&
           vips_image_get_array_int(image, "delay", delays, &count) == 0 && count >= frames;
}

/* GIF89a, 23: a number of 16 bits. */
bool delays_to_hundredths(VipsImage *image, int frames)
{
    enum { STEP_MS = 10, MOST_MS = G_MAXUINT16 * STEP_MS };
    int *delays;
    gint64 real_ms = 0, made_ms = 0;
    bool other = false;
    if (!delays_of(image, frames, &delays))
        return false;
    g_autofree int *made = g_new(int, frames);
    for (int i = 0; i < frames; i++) {
        real_ms += delays[i];
        made[i] = (int)MIN((real_ms - made_ms + STEP_MS / 2) / STEP_MS * STEP_MS, MOST_MS);
        made_ms += made[i];
        other |= made[i] != delays[i];
    }
    vips_image_set_array_int(image, "delay", made, frames);
    return other;
}

GArray *delays_lengthen(VipsImage *image, int frames)
{
    int *delays;
    bool short_ones = false;
    if (!delays_of(image, frames, &delays))
        return NULL;
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(int));
    g_array_append_vals(kept, delays, (guint)frames);
    g_autofree int *longer = g_new(int, frames);
    for (int i = 0; i < frames; i++) {
        short_ones |= delays[i] <= CHANGED_MAX_MS;
        longer[i] = delays[i] + LONGER_MS;
    }
    if (short_ones)
        vips_image_set_array_int(image, "delay", longer, frames);
    else
        g_clear_pointer(&kept, g_array_unref);
    return kept;
}

static guint32 little_endian(const guint8 *data, unsigned bytes)
{
    guint32 value = 0;
    for (unsigned i = bytes; i-- > 0;)
        value = value << 8 | data[i];
    return value;
}

/* Of the frames from `next` on, those that come to `longer_ms`: frames alike are written as one. */
static bool take(const GArray *delays, guint *next, guint32 longer_ms, guint32 *ms)
{
    guint32 sum = 0;
    for (*ms = 0; *next < delays->len && sum < longer_ms; (*next)++) {
        const guint32 one = (guint32)g_array_index(delays, int, *next);
        sum += one + LONGER_MS;
        *ms += one;
    }
    return sum == longer_ms;
}

static bool shorten(int fd, off_t at, const GArray *delays, guint *next)
{
    guint8 data[DURATION_BYTES];
    guint32 ms;
    if (pread(fd, data, sizeof data, at) != sizeof data ||
        !take(delays, next, little_endian(data, sizeof data), &ms))
        return false;
    for (unsigned i = 0; i < sizeof data; i++)
        data[i] = (guint8)(ms >> 8 * i);
    return pwrite(fd, data, sizeof data, at) == sizeof data;
}

bool delays_fill(int fd, const GArray *delays, struct failure *failure)
{
    guint8 head[CHUNK_HEAD];
    guint next = 0;
    for (off_t at = RIFF_HEAD; pread(fd, head, sizeof head, at) == sizeof head;) {
        const guint32 length = little_endian(head + 4, 4);
        if (memcmp(head, "ANMF", 4) == 0 &&
            !shorten(fd, at + CHUNK_HEAD + DURATION_AT, delays, &next))
            return fail(failure, FAIL_INTERNAL, "the delays of the frames can't be written");
        at += CHUNK_HEAD + (off_t)length + length % 2;
    }
    /* Of frames that are all alike there is one picture, without a delay. */
    return next == 0 || next == delays->len ||
           fail(failure, FAIL_INTERNAL, "the delays of the last frames can't be written");
}
