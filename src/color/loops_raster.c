/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops between samples and float. */
#include "loops.h"
#include "vec.h"

enum { GROUP = RASTER_NOISE };

static void load(const struct raster *raster, const struct coding *coding, const void *in,
                 gsize count, float *restrict out)
{
    const float scale = coding->scale, zero = coding->zero;
    const guint8 *const bytes = in;
    const guint16 *const shorts = in;
    if (raster->bits > 16)
        memcpy(out, in, count * sizeof *out);
    else if (raster->bits > 8)
        for (gsize i = 0; i < count; i++)
            out[i] = ((float)shorts[i] - zero) * scale;
    else
        for (gsize i = 0; i < count; i++)
            out[i] = ((float)bytes[i] - zero) * scale;
}

/* NaN becomes 0. */
INLINED int code_of(float value, const struct coding *coding, float noise)
{
    float code = value * coding->unscale + coding->zero + noise;
    code = code > 0 ? code : 0;
    code = code < coding->most ? code : coding->most;
    return (int)code;
}

/* In groups, since compilers make vectors of plain loops only. */
static void store(const struct raster *raster, const struct coding *coding,
                  const float *restrict in, gsize count, const float *noise, void *out)
{
    const struct coding own = *coding;
    int codes[GROUP];
    if (raster->bits > 16)
        memcpy(out, in, count * sizeof *in);
    for (gsize done = 0; raster->bits <= 16 && done < count; done += GROUP) {
        const int length = (int)MIN(GROUP, count - done);
        for (int i = 0; i < length; i++)
            codes[i] = code_of(in[done + (gsize)i], &own, noise[i]);
        if (raster->bits > 8)
            for (int i = 0; i < length; i++)
                ((guint16 *)out)[done + (gsize)i] = (guint16)codes[i];
        else
            for (int i = 0; i < length; i++)
                ((guint8 *)out)[done + (gsize)i] = (guint8)codes[i];
    }
}

static void blend(const float *a, const float *b, float weight, gsize count, float *restrict out)
{
    const float rest = 1 - weight;
    for (gsize i = 0; i < count; i++)
        out[i] = a[i] * weight + b[i] * rest;
}

static void widen(enum siting siting, const float *in, gsize count, float *restrict out)
{
    if (siting == SITED_ON)
        for (gsize i = 0; i < count; i++) {
            out[2 * i] = in[i];
            out[2 * i + 1] = 0.5f * (in[i] + in[i + 1]);
        }
    else
        for (gsize i = 0; i < count; i++) {
            out[2 * i] = 0.75f * in[i] + 0.25f * in[(ptrdiff_t)i - 1];
            out[2 * i + 1] = 0.75f * in[i] + 0.25f * in[i + 1];
        }
}

INLINED float on(float a, float b, float c, float d, float e)
{
    return 0.75f * c + 0.25f * (b + d) - 0.125f * (a + e);
}

INLINED float between(float b, float c, float d, float e)
{
    return 0.75f * (c + d) - 0.25f * (b + e);
}

/* Writes up to seven places more than asked. */
static void split(const float *in, gsize pairs, float *restrict even, float *restrict odd)
{
    for (gsize i = 0; i < pairs; i += LANES) {
        const vec low = vec_load(in + 2 * i), high = vec_load(in + 2 * i + LANES);
        const vec evens = __builtin_shufflevector(low, high, 0, 2, 8, 10, 4, 6, 12, 14),
                  odds = __builtin_shufflevector(low, high, 1, 3, 9, 11, 5, 7, 13, 15);
        vec_store(even + i, __builtin_shufflevector(evens, evens, 0, 1, 4, 5, 2, 3, 6, 7));
        vec_store(odd + i, __builtin_shufflevector(odds, odds, 0, 1, 4, 5, 2, 3, 6, 7));
    }
}

static void narrow(enum siting siting, const float *even, const float *odd, gsize count,
                   float *restrict out)
{
    const float *const before = even - 1, *const after = even + 1, *const odd_before = odd - 1;
    if (siting == SITED_ON)
        for (gsize i = 0; i < count; i++)
            out[i] = on(before[i], odd_before[i], even[i], odd[i], after[i]);
    else
        for (gsize i = 0; i < count; i++)
            out[i] = between(odd_before[i], even[i], odd[i], after[i]);
}

static void narrow_rows(enum siting siting, const float *const rows[5], gsize count,
                        float *restrict out)
{
    const float *const a = rows[0], *const b = rows[1], *const c = rows[2], *const d = rows[3],
                       *const e = rows[4];
    if (siting == SITED_ON)
        for (gsize i = 0; i < count; i++)
            out[i] = on(a[i], b[i], c[i], d[i], e[i]);
    else
        for (gsize i = 0; i < count; i++)
            out[i] = between(b[i], c[i], d[i], e[i]);
}

static void to_rgb(const struct raster_numbers *n, float *restrict y, float *restrict cb,
                   float *restrict cr, gsize count)
{
    const float to_r = n->to_r, to_b = n->to_b, to_gr = n->to_gr, to_gb = n->to_gb;
    for (gsize i = 0; i < count; i++) {
        const float luma = y[i], blue = cb[i], red = cr[i];
        y[i] = luma + to_r * red;
        cb[i] = luma - to_gb * blue - to_gr * red;
        cr[i] = luma + to_b * blue;
    }
}

static void from_rgb(const struct raster_numbers *n, float *restrict r, float *restrict g,
                     float *restrict b, gsize count)
{
    const float wr = n->weight_r, wg = n->weight_g, wb = n->weight_b;
    const float to_cb = n->to_cb, to_cr = n->to_cr;
    for (gsize i = 0; i < count; i++) {
        const float red = r[i], blue = b[i], luma = wr * red + wg * g[i] + wb * blue;
        r[i] = luma;
        g[i] = (blue - luma) * to_cb;
        b[i] = (red - luma) * to_cr;
    }
}

const struct raster_loops PATH(raster_loops) = {
    load, store, blend, widen, split, narrow, narrow_rows, to_rgb, from_rgb,
};
