/* SPDX-License-Identifier: GPL-3.0-or-later
 * Film out of 2:3 pulldown (SMPTE RP 197: of frames A to D come AA BB BC CD DD). A frame is woven
 * of its own two fields, or of its first and the second of the frame before, whichever is combed
 * less; B is then there twice. libavfilter's fieldmatch has 8 bits only, and overruns its memory
 * where it is given a deeper picture beside. */
#include "media/frame.h"
#include "private.h"

#include <stdlib.h>

/* A difference to both neighbours that counts as a tooth, in codes of 8 bits, and the share of
 * pixels with teeth that a woven frame may have. */
enum { TOOTH = 6 };
static const double COMBED_SHARE = 0.005;

struct film_stage {
    struct stage stage;
    struct slot slot;
    AVFrame *before;
    int bytes, shift; /* of a sample; bits over 8 */
    bool top_first;
};

static int sample(const uint8_t *row, int x, int bytes)
{
    return bytes == 1 ? row[x] : ((const uint16_t *)row)[x];
}

/* Pixels of luma with teeth, where odd and even rows are those of two frames. */
static int64_t teeth(const struct film_stage *stage, const AVFrame *even, const AVFrame *odd)
{
    const int tooth = TOOTH << stage->shift;
    int64_t count = 0;
    for (int y = 1; y + 1 < even->height; y++) {
        const AVFrame *own = y & 1 ? odd : even, *other = y & 1 ? even : odd;
        const uint8_t *row = own->data[0] + (ptrdiff_t)y * own->linesize[0];
        const uint8_t *above = other->data[0] + (ptrdiff_t)(y - 1) * other->linesize[0];
        const uint8_t *below = above + 2 * (ptrdiff_t)other->linesize[0];
        for (int x = 0; x < even->width; x++) {
            int here = sample(row, x, stage->bytes);
            int up = here - sample(above, x, stage->bytes);
            int down = here - sample(below, x, stage->bytes);
            count += (up > tooth && down > tooth) || (up < -tooth && down < -tooth);
        }
    }
    return count;
}

/* Every other row of `to`, from `first`, becomes that of `from`. */
static void take_field(AVFrame *to, const AVFrame *from, int first, int bytes)
{
    for (int i = 0; i < av_pix_fmt_count_planes(to->format); i++) {
        struct plane out = frame_plane(to, i), in = frame_plane(from, i);
        for (int y = first; y < out.height; y += 2)
            memcpy(out.data + (ptrdiff_t)y * out.stride, in.data + (ptrdiff_t)y * in.stride,
                   (size_t)out.width * bytes);
    }
}

/* The first field of `frame` and the second of the one before. */
static bool weave(const struct film_stage *stage, AVFrame *frame, struct failure *failure)
{
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    take_field(frame, stage->before, stage->top_first ? 1 : 0, stage->bytes);
    return true;
}

static bool match(struct film_stage *stage, AVFrame *frame, struct failure *failure)
{
    const AVFrame *before = stage->before;
    int64_t own = teeth(stage, frame, frame), best = own;
    if (before && own) {
        best = stage->top_first ? teeth(stage, frame, before) : teeth(stage, before, frame);
        best = MIN(best, own);
    }
    frame->interlaced_frame = best > COMBED_SHARE * frame->width * frame->height;
    frame->top_field_first = stage->top_first;
    return best == own || weave(stage, frame, failure);
}

static bool film_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct film_stage *stage = (struct film_stage *)base;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    AVFrame *kept = frame_copy(frame);
    bool matched = match(stage, frame, failure);
    stage->slot.frame = frame;
    av_frame_free(&stage->before);
    stage->before = kept;
    return matched;
}

static enum chain_got film_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct film_stage *)stage)->slot, out);
}

static void film_destroy(struct stage *stage)
{
    av_frame_free(&((struct film_stage *)stage)->slot.frame);
    av_frame_free(&((struct film_stage *)stage)->before);
}

static const struct stage_class film_class = {"film", film_put, film_get, NULL, film_destroy};

/* decimate counts from its first frame's time, in the source's ticks: which is a frame off where
 * the very first is left out, and off by rounding everywhere. */
static bool number(struct chain *chain, struct failure *failure)
{
    const struct rational fps = chain->video.fps;
    g_autofree char *frame = g_strdup_printf("%" PRId64 "/%" PRId64, fps.den, fps.num);
    return chain_filter(chain, failure, "settb", "expr", frame, NULL) &&
           chain_filter(chain, failure, "setpts", "expr", "N", NULL);
}

bool chain_film(struct chain *chain, struct failure *failure)
{
    if (!chain_plain(chain, failure))
        return false;
    struct film_stage *stage = chain_add(chain, &film_class, sizeof *stage, chain->time_base);
    stage->bytes = chain->video.depth > 8 ? 2 : 1;
    stage->shift = chain->video.depth - 8;
    stage->top_first = chain->video.top_field_first;
    chain->filtered = true;
    return chain_filter(chain, failure, "bwdif", "mode", "send_frame", "deint", "interlaced",
                        NULL) &&
           chain_filter(chain, failure, "decimate", NULL) && number(chain, failure);
}
