/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture from raster to raster, row by row. */
#include "color/render.h"

#include "coarse.h"
#include "loops.h"

#include <stdlib.h>

enum {
    MARGIN = 16, /* floats before and behind a row, for its repeated ends and for whole vectors */
    KEPT = 8,    /* rows of narrowed chroma kept, by row number; five are looked at */
};

struct render {
    struct raster from, to;
    struct raster_numbers in, out;
    const struct raster_loops *loops;
    const struct grade *grade;
    int width, height;
    bool dither;
};

/* What a slice works in. Rows have a margin at both ends. */
struct work {
    const struct render *render;
    const struct raster_planes *in, *out;
    float noise[RASTER_NOISE]; /* of this row of the target */
    float *half[2];            /* source chroma of this block, as wide as it is stored */
    float *held[2][2];         /* and of the two rows of samples it is blended of, by row number */
    int held_row[2][2];
    struct pairs
        chroma; /* target chroma of this block, not yet narrowed, and of two pairs before */
    float *kept[2][KEPT]; /* narrowed, of the last rows; or even ones, then odd ones */
    struct pairs block;   /* as RGB */
};

static int chroma_size(int size, int log2)
{
    return (size + log2) >> log2;
}

static int chroma_rows(const struct render *render, const struct raster_planes *planes)
{
    return planes->chroma_rows ? planes->chroma_rows : chroma_size(render->height, 1);
}

static const void *row_of(const struct raster_planes *planes, int plane, int y)
{
    return (const char *)planes->plane[plane] + y * planes->stride[plane];
}

static void *row_to(const struct raster_planes *planes, int plane, int y, int x, int bits)
{
    return (char *)planes->plane[plane] + y * planes->stride[plane] +
           x * (bits > 16  ? 4
                : bits > 8 ? 2
                           : 1);
}

/* A row of the source's chroma samples. */
static const float *chroma_samples(struct work *work, int plane, int row)
{
    const struct render *render = work->render;
    float *const held = work->held[plane - 1][row & 1];
    if (work->held_row[plane - 1][row & 1] != row)
        render->loops->load(&render->from, &render->in.chroma, row_of(work->in, plane, row),
                            (gsize)chroma_size(render->width, render->from.chroma_w), held);
    work->held_row[plane - 1][row & 1] = row;
    return held;
}

/* The chroma of a block of row `y`, of the two rows it stands between; and a sample on either side,
 * that of the row's ends again. */
static void read_chroma(struct work *work, int plane, int y, int x, int count)
{
    const struct render *render = work->render;
    const struct raster *from = &render->from;
    const int first = x >> from->chroma_w, own = chroma_size(count, from->chroma_w),
              left = chroma_size(render->width, from->chroma_w) - first,
              length = MIN(own + RASTER_PAIRS, left);
    float *const out = work->half[plane - 1];
    if (x > 0)
        out[-1] = out[(OP_BLOCK >> from->chroma_w) - 1];
    if (!from->chroma_h) {
        render->loops->load(from, &render->in.chroma, row_to(work->in, plane, y, first, from->bits),
                            (gsize)length, out);
    } else {
        const int last = chroma_rows(render, work->in) - 1, row = MIN(y / 2, last);
        const bool odd = y & 1, on = from->down == SITED_ON;
        const int other = CLAMP(odd ? y / 2 + 1 : y / 2 - 1, 0, last);
        const float weight = on ? (odd ? 0.5f : 1) : 0.75f;
        render->loops->blend(chroma_samples(work, plane, row) + first,
                             chroma_samples(work, plane, other) + first, weight, (gsize)length,
                             out);
    }
    if (x == 0)
        out[-1] = out[0];
    if (length == left)
        out[length] = out[length - 1];
}

/* Makes it one of so many pixels, the second ones of all pairs behind the first ones. Gives how
 * many pairs that are. */
static gsize set_block(struct work *work, int count)
{
    const gsize pairs = ((gsize)count + 2 * RASTER_PAIRS - 1) / (2 * RASTER_PAIRS) * RASTER_PAIRS;
    for (int p = 0; p < 3; p++)
        work->block.odd[p] = work->block.even[p] + pairs;
    return pairs;
}

/* A block of the source as RGB. */
static void read_block(const struct work *work, int y, int x, int count)
{
    const struct render *render = work->render;
    const struct raster *from = &render->from;
    const struct pairs *rgb = &work->block;
    if (!from->rgb)
        render->loops->to_rgb(from, &render->in, row_to(work->in, 0, y, x, from->bits),
                              (const float *[]){work->half[0], work->half[1]}, (gsize)count, rgb);
    for (int p = 0; p < 3 && from->rgb; p++)
        render->loops->load_pairs(from, &render->in.luma, row_to(work->in, p, y, x, from->bits),
                                  (gsize)count, rgb->even[p], rgb->odd[p]);
}

/* An ordered pattern of 8 by 8 (Bayer, 1973), as numbers between 0 and 1 around a half. */
static void set_noise(struct work *work, int y)
{
    for (int x = 0; x < RASTER_NOISE; x++) {
        int rank = 0;
        for (int bit = 0; bit < 3; bit++)
            rank = rank << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1);
        work->noise[x] = work->render->dither ? ((float)rank + 0.5f) / 64 : 0.5f;
    }
}

static void write_plane(const struct work *work, const struct coding *coding, int plane, int y,
                        int x, const float *values, int count)
{
    const struct render *render = work->render;
    render->loops->store(&render->to, coding, values, (gsize)count, work->noise,
                         row_to(work->out, plane, y, x, render->to.bits));
}

static void write_pairs(const struct work *work, const struct coding *coding, int plane, int y,
                        int x, const float *even, const float *odd, int count)
{
    const struct render *render = work->render;
    render->loops->store_pairs(&render->to, coding, even, odd, (gsize)count, work->noise,
                               row_to(work->out, plane, y, x, render->to.bits));
}

/* Chroma is put by; `seen` is whether the row itself is written. */
static void write_block(const struct work *work, int y, int x, int count, bool seen)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    const struct pairs *rgb = &work->block;
    if (!to->rgb)
        render->loops->from_rgb(to, &render->out, rgb, (gsize)count, work->noise,
                                seen ? row_to(work->out, 0, y, x, to->bits) : NULL, &work->chroma);
    for (int p = 0; p < 3 && to->rgb && seen; p++)
        write_pairs(work, &render->out.luma, p, y, x, rgb->even[p], rgb->odd[p], count);
}

static float *kept_row(const struct work *work, int plane, int y)
{
    return work->kept[plane - 1][work->render->to.chroma_h ? y % KEPT : 0];
}

/* What the filter makes of the block's chroma, up to the last pair but one: that needs the next
 * block. Ends of the row are repeated. */
static void narrow_block(const struct work *work, float *even, float *odd, int x, int count,
                         float *kept)
{
    const struct render *render = work->render;
    const int pairs = chroma_size(count, 1);
    const bool first = x == 0, last = x + count == render->width;
    if (first)
        odd[-1] = even[-1] = even[0];
    if (last && (count & 1))
        odd[pairs - 1] = even[pairs - 1];
    if (last)
        even[pairs] = odd[pairs - 1];
    const int from = first ? 0 : -1, to = last ? pairs : pairs - 1;
    render->loops->narrow(render->to.across, even + from, odd + from, (gsize)(to - from),
                          kept + x / 2 + from);
    for (int i = -2; i < 0; i++) {
        even[i] = even[pairs + i];
        odd[i] = odd[pairs + i];
    }
}

/* The block's chroma, as wide as it is stored, is written or kept. */
static void put_chroma(const struct work *work, int plane, int y, int x, int count, bool seen)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    float *const kept = kept_row(work, plane, y);
    float *const even = work->chroma.even[plane], *const odd = work->chroma.odd[plane];
    if (to->chroma_w) {
        narrow_block(work, even, odd, x, count, kept);
    } else if (to->chroma_h) {
        const gsize pairs = (gsize)chroma_size(count, 1);
        memcpy(kept + x / 2, even, pairs * sizeof *kept);
        memcpy(kept + chroma_size(render->width, 1) + x / 2, odd, pairs * sizeof *kept);
    } else if (seen) {
        write_pairs(work, &render->out.chroma, plane, y, x, even, odd, count);
    }
}

/* Row `y` of the target's chroma, of the rows around it. */
static void write_chroma(struct work *work, int y)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    const int pairs = chroma_size(render->width, 1);
    float *const out = work->half[0];
    set_noise(work, y);
    for (int p = 1; p < 3; p++) {
        const float *rows[5];
        for (int i = 0; i < 5; i++)
            rows[i] = kept_row(work, p, CLAMP(2 * y - 2 + i, 0, render->height - 1));
        render->loops->narrow_rows(to->down, rows, (gsize)(to->chroma_w ? pairs : 2 * pairs), out);
        if (to->chroma_w)
            write_plane(work, &render->out.chroma, p, y, 0, out, pairs);
        else
            write_pairs(work, &render->out.chroma, p, y, 0, out, out + pairs, render->width);
    }
}

static void render_row(struct work *work, int y, bool seen)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    float *const *const rgb = work->block.even;
    const bool coarse = !to->rgb && to->bits <= COARSE_BITS;
    set_noise(work, y);
    for (int x = 0; x < render->width; x += OP_BLOCK) {
        const int count = MIN(OP_BLOCK, render->width - x);
        const gsize pairs = set_block(work, count);
        for (int p = 1; p < 3 && !render->from.rgb; p++)
            read_chroma(work, p, y, x, count);
        read_block(work, y, x, count);
        (coarse ? grade_apply_coarse : grade_apply)(render->grade, rgb[0], rgb[1], rgb[2],
                                                    2 * pairs);
        write_block(work, y, x, count, seen);
        for (int p = 1; p < 3 && !to->rgb; p++)
            put_chroma(work, p, y, x, count, seen);
    }
    for (int p = 1; p < 3 && to->chroma_w && !to->chroma_h && seen; p++)
        write_plane(work, &render->out.chroma, p, y, 0, kept_row(work, p, y),
                    chroma_size(render->width, 1));
}

/* Opaque where the source has none. */
static void write_alpha(struct work *work, int y)
{
    const struct render *render = work->render;
    for (int x = 0; work->out->plane[3] && x < render->width; x += OP_BLOCK) {
        const int count = MIN(OP_BLOCK, render->width - x);
        set_block(work, count);
        float *const even = work->block.even[0], *const odd = work->block.odd[0];
        if (work->in->plane[3])
            render->loops->load_pairs(&render->from, &render->in.alpha,
                                      row_to(work->in, 3, y, x, render->from.bits), (gsize)count,
                                      even, odd);
        for (int i = 0; !work->in->plane[3] && i < (count + 1) / 2; i++)
            even[i] = odd[i] = 1;
        write_pairs(work, &render->out.alpha, 3, y, x, even, odd, count);
    }
}

/* One piece of memory, cut into rows, and into parts of a block, all of which begin where vectors
 * are aligned. */
static float *open_work(struct work *work)
{
    const gsize row = ((gsize)work->render->width + 2 * MARGIN + 15) & ~(gsize)15,
                part = OP_BLOCK / 2 + 2 * MARGIN;
    float **const rows[] = {&work->half[0],    &work->half[1],    &work->held[0][0],
                            &work->held[0][1], &work->held[1][0], &work->held[1][1]},
                  **const parts[] = {&work->chroma.even[1], &work->chroma.odd[1],
                                     &work->chroma.even[2], &work->chroma.odd[2]};
    const gsize count = G_N_ELEMENTS(rows) + 2 * KEPT;
    float *memory = aligned_alloc(
        64, (count * row + G_N_ELEMENTS(parts) * part + 3 * OP_BLOCK + MARGIN) * sizeof *memory);
    float *next = memory + MARGIN;
    for (gsize i = 0; memory && i < G_N_ELEMENTS(rows); i++, next += row)
        *rows[i] = next;
    for (gsize i = 0; memory && i < G_N_ELEMENTS(parts); i++, next += part)
        *parts[i] = next;
    for (int p = 0; memory && p < 2; p++) {
        work->held_row[p][0] = work->held_row[p][1] = -1;
        for (int i = 0; i < KEPT; i++, next += row)
            work->kept[p][i] = next;
    }
    for (int p = 0; memory && p < 3; p++, next += OP_BLOCK)
        work->block.even[p] = next;
    return memory;
}

bool render_rows(const struct render *render, const struct raster_planes *in,
                 const struct raster_planes *out, int top, int bottom)
{
    struct work work = {.render = render, .in = in, .out = out};
    g_autofree float *memory = open_work(&work);
    if (!memory)
        return false;
    const bool tall = render->to.chroma_h;
    /* What the filter of chroma looks at. */
    const int before = !tall ? 0 : render->to.down == SITED_ON ? 2 : 1, after = tall;
    const int rows = chroma_rows(render, out);
    int written = top / 2; /* rows of chroma */
    for (int y = MAX(top - before, 0); y < MIN(bottom + after, render->height); y++) {
        const bool seen = y >= top && y < bottom;
        render_row(&work, y, seen);
        if (seen)
            write_alpha(&work, y);
        while (tall && written < rows && 2 * written < bottom &&
               (2 * written + 2 <= y || y == render->height - 1))
            write_chroma(&work, written++);
    }
    return true;
}

struct render *render_create(const struct raster *from, const struct raster *to, int width,
                             int height, const struct grade *grade, bool dither)
{
    struct render *render = g_new0(struct render, 1);
    *render = (struct render){.from = *from,
                              .to = *to,
                              .in = raster_numbers(from),
                              .out = raster_numbers(to),
                              .loops = loops_best()->raster,
                              .grade = grade,
                              .width = width,
                              .height = height,
                              .dither = dither};
    return render;
}

void render_destroy(struct render *render)
{
    g_free(render);
}
