/* SPDX-License-Identifier: GPL-3.0-or-later
 * A picture from raster to raster, row by row. */
#include "color/render.h"

#include "loops.h"

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
    float *half[2];          /* source chroma of this row, narrow */
    float *above, *below;    /* and what it is blended of */
    float *even[2], *odd[2]; /* target chroma of this row, not yet narrowed */
    float *kept[2][KEPT];    /* narrowed, of the last rows */
    float *block[3];
};

static int chroma_size(int size, int log2)
{
    return (size + log2) >> log2;
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

static void repeat_ends(float *row, int count)
{
    for (int i = 1; i <= 2; i++) {
        row[-i] = row[0];
        row[count - 1 + i] = row[count - 1];
    }
}

/* The chroma of row `y`, still narrow: of the two rows it stands between. */
static void read_chroma(const struct work *work, int plane, int y)
{
    const struct render *render = work->render;
    const struct raster *from = &render->from;
    const struct raster_loops *loops = render->loops;
    const int width = chroma_size(render->width, from->chroma_w);
    float *const out = work->half[plane - 1];
    if (!from->chroma_h) {
        loops->load(from, &render->in.chroma, row_of(work->in, plane, y), (gsize)width, out);
    } else {
        const int last = chroma_size(render->height, 1) - 1, own = y / 2;
        const bool odd = y & 1, on = from->down == SITED_ON;
        const int other = CLAMP(odd ? own + 1 : own - 1, 0, last);
        const float weight = on ? (odd ? 0.5f : 1) : 0.75f;
        loops->load(from, &render->in.chroma, row_of(work->in, plane, own), (gsize)width,
                    work->above);
        loops->load(from, &render->in.chroma, row_of(work->in, plane, other), (gsize)width,
                    work->below);
        loops->blend(work->above, work->below, weight, (gsize)width, out);
    }
    repeat_ends(out, width);
}

static const void *sample(const struct raster_planes *planes, int plane, int y, int x, int bits)
{
    return row_to(planes, plane, y, x, bits);
}

/* A block of the source as RGB. */
static void read_block(const struct work *work, int y, int x, int count)
{
    const struct render *render = work->render;
    const struct raster *from = &render->from;
    const struct raster_loops *loops = render->loops;
    const int planes = from->rgb ? 3 : 1;
    for (int p = 0; p < planes; p++)
        loops->load(from, &render->in.luma, sample(work->in, p, y, x, from->bits), (gsize)count,
                    work->block[p]);
    if (from->rgb)
        return;
    for (int p = 1; p < 3; p++) {
        const float *const chroma = work->half[p - 1] + (x >> from->chroma_w);
        if (from->chroma_w)
            loops->widen(from->across, chroma, (gsize)(count + 1) / 2, work->block[p]);
        else
            memcpy(work->block[p], chroma, (gsize)count * sizeof(float));
    }
    loops->to_rgb(&render->in, work->block[0], work->block[1], work->block[2], (gsize)count);
}

/* An ordered pattern of 8 by 8 (Bayer, 1973), as numbers between 0 and 1 around a half. */
static void noise_of(const struct render *render, int y, float noise[RASTER_NOISE])
{
    for (int x = 0; x < RASTER_NOISE; x++) {
        int rank = 0;
        for (int bit = 0; bit < 3; bit++)
            rank = rank << 2 | ((x ^ y) >> bit & 1) << 1 | (y >> bit & 1);
        noise[x] = render->dither ? ((float)rank + 0.5f) / 64 : 0.5f;
    }
}

static void write_plane(const struct work *work, const struct coding *coding, int plane, int y,
                        int x, const float *values, int count)
{
    const struct render *render = work->render;
    float noise[RASTER_NOISE];
    noise_of(render, y, noise);
    render->loops->store(&render->to, coding, values, (gsize)count, noise,
                         row_to(work->out, plane, y, x, render->to.bits));
}

/* Chroma that is narrowed later is put by; `seen` is whether the row itself is written. */
static void write_block(const struct work *work, int y, int x, int count, bool seen)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    const struct coding *chroma = to->rgb ? &render->out.luma : &render->out.chroma;
    if (!to->rgb)
        render->loops->from_rgb(&render->out, work->block[0], work->block[1], work->block[2],
                                (gsize)count);
    if (seen)
        write_plane(work, &render->out.luma, 0, y, x, work->block[0], count);
    for (int p = 1; p < 3; p++) {
        if (to->chroma_w)
            render->loops->split(work->block[p], (gsize)(count + 1) / 2, work->even[p - 1] + x / 2,
                                 work->odd[p - 1] + x / 2);
        else if (to->chroma_h)
            memcpy(work->kept[p - 1][y % KEPT] + x, work->block[p], (gsize)count * sizeof(float));
        else if (seen)
            write_plane(work, chroma, p, y, x, work->block[p], count);
    }
}

/* The row's chroma, as wide as it is stored. */
static void narrow_row(const struct work *work, int y, bool seen)
{
    const struct render *render = work->render;
    const struct raster *to = &render->to;
    const int width = chroma_size(render->width, 1);
    if (!to->chroma_w)
        return;
    for (int p = 1; p < 3; p++) {
        float *const out = work->kept[p - 1][y % KEPT];
        float *const even = work->even[p - 1], *const odd = work->odd[p - 1];
        if (render->width & 1)
            odd[width - 1] = even[width - 1];
        odd[-1] = even[-1] = even[0];
        even[width] = odd[width - 1];
        render->loops->narrow(to->across, even, odd, (gsize)width, out);
        if (!to->chroma_h && seen)
            write_plane(work, &render->out.chroma, p, y, 0, out, width);
    }
}

/* Row `y` of the target's chroma, of the rows around it. */
static void write_chroma(const struct work *work, int y)
{
    const struct render *render = work->render;
    const int width = chroma_size(render->width, render->to.chroma_w);
    for (int p = 1; p < 3; p++) {
        const float *rows[5];
        for (int i = 0; i < 5; i++)
            rows[i] = work->kept[p - 1][CLAMP(2 * y - 2 + i, 0, render->height - 1) % KEPT];
        render->loops->narrow_rows(render->to.down, rows, (gsize)width, work->block[0]);
        write_plane(work, &render->out.chroma, p, y, 0, work->block[0], width);
    }
}

static void render_row(const struct work *work, int y, bool seen)
{
    const struct render *render = work->render;
    for (int p = 1; p < 3 && !render->from.rgb; p++)
        read_chroma(work, p, y);
    for (int x = 0; x < render->width; x += OP_BLOCK) {
        const int count = MIN(OP_BLOCK, render->width - x);
        read_block(work, y, x, count);
        grade_apply(render->grade, work->block[0], work->block[1], work->block[2], (gsize)count);
        write_block(work, y, x, count, seen);
    }
    narrow_row(work, y, seen);
}

/* Opaque where the source has none. */
static void write_alpha(const struct work *work, int y)
{
    const struct render *render = work->render;
    for (int x = 0; work->out->plane[3] && x < render->width; x += OP_BLOCK) {
        const int count = MIN(OP_BLOCK, render->width - x);
        for (int i = 0; i < count; i++)
            work->block[0][i] = 1;
        if (work->in->plane[3])
            render->loops->load(&render->from, &render->in.alpha,
                                sample(work->in, 3, y, x, render->from.bits), (gsize)count,
                                work->block[0]);
        write_plane(work, &render->out.alpha, 3, y, x, work->block[0], count);
    }
}

/* One piece of memory, cut into rows. */
static float *open_work(struct work *work)
{
    const gsize row = ((gsize)work->render->width + 2 * MARGIN + 15) & ~(gsize)15;
    const gsize block = OP_BLOCK + 2 * MARGIN;
    float **const rows[] = {&work->half[0], &work->half[1], &work->above,  &work->below,
                            &work->even[0], &work->even[1], &work->odd[0], &work->odd[1]};
    const gsize count = G_N_ELEMENTS(rows) + 2 * KEPT;
    float *memory = g_try_malloc_n(count * row + 3 * MAX(block, row), sizeof *memory);
    float *next = memory + MARGIN;
    for (gsize i = 0; memory && i < G_N_ELEMENTS(rows); i++, next += row)
        *rows[i] = next;
    for (int p = 0; memory && p < 2; p++)
        for (int i = 0; i < KEPT; i++, next += row)
            work->kept[p][i] = next;
    for (int p = 0; memory && p < 3; p++, next += MAX(block, row))
        work->block[p] = next;
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
    int written = top / 2; /* rows of chroma */
    for (int y = MAX(top - 2 * tall, 0); y < MIN(bottom + 2 * tall, render->height); y++) {
        const bool seen = y >= top && y < bottom;
        render_row(&work, y, seen);
        if (seen)
            write_alpha(&work, y);
        while (tall && 2 * written < bottom && (2 * written + 2 <= y || y == render->height - 1))
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
