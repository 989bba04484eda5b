/* SPDX-License-Identifier: GPL-3.0-or-later
 * A film beside its golden. */
#include "drift.h"

#include "media/still_file.h"
#include "private.h"

#include <math.h>
#include <string.h>

/* Of a frame, R, G and B in rows. */
struct kept {
    int wide, high;
    const uint8_t *before, *after;
};

struct drift {
    const struct golden *old;
    AVFrame *strip;
    int wide;              /* of a picture of it */
    uint8_t *small[2];     /* room for one of then and one of now */
    struct kept most_kept; /* of the frame that differs most: its own */
    int most, frame_wide, frame_high;
    int64_t number;
    double time_s;
};

static bool open_strip(struct drift *drift, int fd, struct failure *failure)
{
    const int count = golden_moments(drift->old);
    g_auto(still_ptr) strip = still_open(fd, &(struct still_opts){.threads = 1}, failure);
    drift->strip = strip ? still_frame(strip, 0, 8, failure) : NULL;
    drift->wide = drift->strip && count ? drift->strip->width / count : 0;
    if (drift->strip && (drift->strip->format != AV_PIX_FMT_RGB24 || drift->wide < 1))
        return fail(failure, FAIL_INPUT_DAMAGED, "the golden's strip isn't one of %d pictures",
                    count);
    return drift->strip != NULL;
}

struct drift *drift_create(const struct golden *old, int strip_fd, struct failure *failure)
{
    struct drift *drift = g_new0(struct drift, 1);
    drift->old = old;
    if (!open_strip(drift, strip_fd, failure)) {
        drift_destroy(drift);
        return NULL;
    }
    for (int i = 0; i < 2; i++)
        drift->small[i] = g_new(uint8_t, 3 * (gsize)drift->wide * (gsize)drift->strip->height);
    return drift;
}

static void forget(struct kept *kept)
{
    g_free((void *)kept->before);
    g_free((void *)kept->after);
}

void drift_destroy(struct drift *drift)
{
    if (!drift)
        return;
    av_frame_free(&drift->strip);
    g_free(drift->small[0]);
    g_free(drift->small[1]);
    forget(&drift->most_kept);
    g_free(drift);
}

static gsize bytes_of(const struct kept *kept)
{
    return 3 * (gsize)kept->wide * (gsize)kept->high;
}

static int most_off(const struct kept *kept)
{
    int most = 0;
    for (gsize i = 0; i < bytes_of(kept); i++)
        most = MAX(most, abs(kept->after[i] - kept->before[i]));
    return most;
}

/* The finer one of two that differ as much. */
static void hold(struct drift *drift, const struct kept *kept, const AVFrame *frame, int64_t number,
                 double time_s)
{
    const int most = most_off(kept);
    if (most < drift->most || (most == drift->most && kept->wide <= drift->most_kept.wide))
        return;
    forget(&drift->most_kept);
    drift->most_kept =
        (struct kept){kept->wide, kept->high, g_memdup2(kept->before, bytes_of(kept)),
                      g_memdup2(kept->after, bytes_of(kept))};
    drift->most = most;
    drift->frame_wide = frame->width;
    drift->frame_high = frame->height;
    drift->number = number;
    drift->time_s = time_s;
}

/* What the strip has of a frame, beside the same of now. */
static struct kept small_pictures(const struct drift *drift, const AVFrame *frame, int64_t number)
{
    const int high = drift->strip->height;
    const int64_t moment = number / golden_stride(drift->old);
    const struct kept kept = {drift->wide, high, drift->small[0], drift->small[1]};
    const gsize row = 3 * (gsize)drift->wide;
    for (int y = 0; y < high; y++)
        memcpy(drift->small[0] + (gsize)y * row,
               drift->strip->data[0] + (ptrdiff_t)y * drift->strip->linesize[0] +
                   moment * (int64_t)row,
               row);
    g_autofree double *now = g_new(double, bytes_of(&kept));
    frame_cells(frame, drift->wide, high, now);
    for (gsize i = 0; i < bytes_of(&kept); i++)
        drift->small[1][i] = pixel_code(now[i]);
    return kept;
}

void drift_take(struct drift *drift, const AVFrame *frame, const struct golden_frame *seen,
                int64_t number)
{
    if (number >= (int64_t)drift->old->frames->len)
        return;
    const struct golden_frame *was =
        &g_array_index(drift->old->frames, struct golden_frame, number);
    if (number % golden_stride(drift->old) == 0) {
        const struct kept small = small_pictures(drift, frame, number);
        hold(drift, &small, frame, number, seen->time_s);
    }
    const struct kept cells = {GOLDEN_COLUMNS, GOLDEN_ROWS, was->cells, seen->cells};
    hold(drift, &cells, frame, number, seen->time_s);
}

/* --- drawn --- */

/* In another size: of each pixel the nearest. */
static double *enlarged(const uint8_t *rgb, const struct kept *kept, struct drawn size)
{
    double *large = g_new(double, 3 * (gsize)size.wide * (gsize)size.high);
    for (int i = 0; i < size.wide * size.high; i++) {
        const int x = i % size.wide * kept->wide / size.wide;
        const int y = i / size.wide * kept->high / size.high;
        for (int c = 0; c < 3; c++)
            large[3 * i + c] = rgb[3 * (y * kept->wide + x) + c];
    }
    return large;
}

/* As much as keeps the largest difference within the picture. */
static int gain_of(int most)
{
    enum { HALF = 127, HIGHEST = 64 };
    int gain = HIGHEST;
    while (gain > 1 && most * gain > HALF)
        gain /= 2;
    return gain;
}

bool drift_draw(const struct drift *drift, const struct facts *facts, int fd, bool *drawn,
                char **text, struct failure *failure)
{
    enum { SIDE = 320 };
    const struct kept *kept = &drift->most_kept;
    *drawn = drift->most > 0;
    if (!*drawn) {
        *text = g_strdup_printf(
            "none: the %dx%d pixels that the golden keeps of %d of its frames, and the mean "
            "colours "
            "of %dx%d cells of all, are as before; beside the film itself in its place (--against "
            "FILM) every pixel is compared and drawn",
            drift->wide, drift->strip->height, golden_moments(drift->old), GOLDEN_COLUMNS,
            GOLDEN_ROWS);
        return true;
    }
    const int gain = gain_of(drift->most);
    g_autofree char *where = golden_where(facts, drift->number, drift->time_s);
    *text = g_strdup_printf("%s, where the difference is largest: the %dx%d %s that the golden "
                            "keeps of it; as many of now; and %d times their difference, which is "
                            "at most %d of 255",
                            where, kept->wide, kept->high,
                            kept->wide == GOLDEN_COLUMNS ? "mean colours" : "pixels", gain,
                            drift->most);
    const double scale = fmin((double)SIDE / drift->frame_wide, (double)SIDE / drift->frame_high);
    const struct drawn size = {MAX(1, (int)(drift->frame_wide * scale)),
                               MAX(1, (int)(drift->frame_high * scale))};
    g_autofree double *before = enlarged(kept->before, kept, size);
    g_autofree double *after = enlarged(kept->after, kept, size);
    return drawn_write(before, after, size, gain, fd, failure);
}
