/* SPDX-License-Identifier: GPL-3.0-or-later
 * The loops between samples and float. Those of samples are written for a known size of them, and
 * unfolded for each. */
#include "loops.h"
#include "vec.h"

INLINED gsize size_of(int bits)
{
    return bits > 16 ? 4 : bits > 8 ? 2 : 1;
}

/* Whole vectors of samples: the last few are read into, and written from, room for a vector of
 * pairs. */
struct room {
    guint8 bytes[2 * LANES * sizeof(float)];
};

INLINED const void *whole(const void *in, gsize at, gsize count, gsize many, int bits,
                          struct room *room)
{
    const guint8 *const from = (const guint8 *)in + at * size_of(bits);
    if (count - at >= many)
        return from;
    memset(room, 0, sizeof *room);
    memcpy(room, from, (count - at) * size_of(bits));
    return room;
}

/* --- from samples --- */

INLINED vec value_of(ivec codes, const struct coding *coding)
{
    return vec_fused(vec_of(codes), vec_all(coding->scale), vec_all(-coding->zero * coding->scale));
}

/* One component that isn't finite isn't to spoil what a matrix mixes with it. */
INLINED vec finite(vec v)
{
    return vec_bound(v, -FLT_MAX, FLT_MAX);
}

INLINED vec values(int bits, const struct coding *coding, const void *in)
{
    return bits > 16  ? finite(vec_load(in))
           : bits > 8 ? value_of(ivec_of_shorts(in), coding)
                      : value_of(ivec_of_bytes(in), coding);
}

INLINED struct two pair_values(int bits, const struct coding *coding, const void *in)
{
    const ivec both = bits > 8 ? (ivec)vec_load(in) : ivec_of_shorts(in);
    if (bits > 16) {
        const struct two v = vec_apart(in);
        return (struct two){finite(v.even), finite(v.odd)};
    }
    if (bits > 8)
        return (struct two){value_of(both & 0xffff, coding), value_of(both >> 16 & 0xffff, coding)};
    return (struct two){value_of(both & 0xff, coding), value_of(both >> 8, coding)};
}

INLINED void load_of(int bits, const struct coding *coding, const void *in, gsize count, float *out)
{
    const struct coding own = *coding;
    struct room room;
    for (gsize i = 0; i < count; i += LANES)
        vec_store(out + i, values(bits, &own, whole(in, i, count, LANES, bits, &room)));
}

INLINED void load_pairs_of(int bits, const struct coding *coding, const void *in, gsize count,
                           float *even, float *odd)
{
    const struct coding own = *coding;
    struct room room;
    for (gsize i = 0; i < count; i += 2 * LANES) {
        const struct two v = pair_values(bits, &own, whole(in, i, count, 2 * LANES, bits, &room));
        vec_store(even + i / 2, v.even);
        vec_store(odd + i / 2, v.odd);
    }
}

/* Chroma of a vector of pairs; `in` is that of the first. */
INLINED struct two widened(bool wide, enum siting siting, const float *in)
{
    const vec own = vec_load(in), after = vec_load(in + 1);
    if (!wide)
        return vec_apart(in);
    if (siting == SITED_ON)
        return (struct two){own, 0.5f * (own + after)};
    const vec most = 0.75f * own;
    return (struct two){vec_fused(vec_all(0.25f), vec_load(in - 1), most),
                        vec_fused(vec_all(0.25f), after, most)};
}

INLINED void put_rgb(const struct raster_numbers *n, vec y, vec cb, vec cr, float *r, float *g,
                     float *b)
{
    vec_store(r, vec_fused(vec_all(n->to_r), cr, y));
    vec_store(g, vec_fused(vec_all(-n->to_gb), cb, vec_fused(vec_all(-n->to_gr), cr, y)));
    vec_store(b, vec_fused(vec_all(n->to_b), cb, y));
}

INLINED void read_of(int bits, bool wide, enum siting siting, const struct raster_numbers *n,
                     const void *luma, const float *const chroma[2], gsize count,
                     const struct pairs *rgb)
{
    const struct raster_numbers own = *n;
    const struct pairs to = *rgb;
    const float *const blue = chroma[0], *const red = chroma[1];
    struct room room;
    for (gsize i = 0; i < count; i += 2 * LANES) {
        const gsize k = i / 2, at = wide ? k : i;
        const struct two y =
            pair_values(bits, &own.luma, whole(luma, i, count, 2 * LANES, bits, &room));
        const struct two cb = widened(wide, siting, blue + at),
                         cr = widened(wide, siting, red + at);
        put_rgb(&own, y.even, cb.even, cr.even, to.even[0] + k, to.even[1] + k, to.even[2] + k);
        put_rgb(&own, y.odd, cb.odd, cr.odd, to.odd[0] + k, to.odd[1] + k, to.odd[2] + k);
    }
}

INLINED void read_sited(int bits, const struct raster *raster, const struct raster_numbers *n,
                        const void *luma, const float *const chroma[2], gsize count,
                        const struct pairs *rgb)
{
    if (!raster->chroma_w)
        read_of(bits, false, SITED_ON, n, luma, chroma, count, rgb);
    else if (raster->across == SITED_ON)
        read_of(bits, true, SITED_ON, n, luma, chroma, count, rgb);
    else
        read_of(bits, true, SITED_BETWEEN, n, luma, chroma, count, rgb);
}

/* --- to samples --- */

struct codes {
    vec unscale, most, noise, odd_noise; /* noise with the code of zero */
};

/* Every `step`th number of noise from `first` on, over and over. */
INLINED vec repeated(const float *noise, int first, int step)
{
    float out[LANES];
    for (int i = 0; i < LANES; i++)
        out[i] = noise[(first + i * step) % RASTER_NOISE];
    return vec_load(out);
}

INLINED struct codes codes_of(const struct coding *coding, const float *noise)
{
    return (struct codes){.unscale = vec_all(coding->unscale),
                          .most = vec_all(coding->most),
                          .noise = repeated(noise, 0, 1) + coding->zero};
}

INLINED struct codes pair_codes_of(const struct coding *coding, const float *noise)
{
    return (struct codes){.unscale = vec_all(coding->unscale),
                          .most = vec_all(coding->most),
                          .noise = repeated(noise, 0, 2) + coding->zero,
                          .odd_noise = repeated(noise, 1, 2) + coding->zero};
}

/* NaN becomes 0. */
INLINED ivec code_of(vec value, const struct codes *n, vec noise)
{
    return vec_whole(vec_cap(vec_max(vec_fused(value, n->unscale, noise), vec_all(0)), n->most));
}

INLINED void put(int bits, const struct codes *n, vec v, void *out)
{
    const ivec code = code_of(v, n, n->noise);
    const svec sixteen = __builtin_convertvector(code, svec);
    const bvec eight = bvec_of(code);
    if (bits > 16)
        vec_store(out, v);
    else if (bits > 8)
        memcpy(out, &sixteen, sizeof sixteen);
    else
        memcpy(out, &eight, sizeof eight);
}

INLINED void put_pairs(int bits, const struct codes *n, struct two v, void *out)
{
    const ivec even = code_of(v.even, n, n->noise), odd = code_of(v.odd, n, n->odd_noise);
    const ivec both = even | odd << (bits > 8 ? 16 : 8);
    const svec sixteen = __builtin_convertvector(both, svec);
    if (bits > 16)
        vec_together(v, out);
    else if (bits > 8)
        memcpy(out, &both, sizeof both);
    else
        memcpy(out, &sixteen, sizeof sixteen);
}

INLINED void store_of(int bits, const struct coding *coding, const float *in, gsize count,
                      const float *noise, void *out)
{
    const struct codes n = codes_of(coding, noise);
    guint8 *const to = out;
    struct room room;
    gsize i = 0;
    for (; i + LANES <= count; i += LANES)
        put(bits, &n, vec_load(in + i), to + i * size_of(bits));
    put(bits, &n, vec_load(in + i), &room);
    memcpy(to + i * size_of(bits), &room, (count - i) * size_of(bits));
}

INLINED void store_pairs_of(int bits, const struct coding *coding, const float *even,
                            const float *odd, gsize count, const float *noise, void *out)
{
    const struct codes n = pair_codes_of(coding, noise);
    guint8 *const to = out;
    struct room room;
    for (gsize i = 0; i < count; i += 2 * LANES) {
        const bool rest = count - i < 2 * LANES;
        const struct two v = {vec_load(even + i / 2), vec_load(odd + i / 2)};
        put_pairs(bits, &n, v, rest ? room.bytes : to + i * size_of(bits));
        if (rest)
            memcpy(to + i * size_of(bits), &room, (count - i) * size_of(bits));
    }
}

INLINED vec luma_of(const struct raster_numbers *n, vec r, vec g, vec b)
{
    return vec_fused(vec_all(n->weight_b), b,
                     vec_fused(vec_all(n->weight_g), g, vec_all(n->weight_r) * r));
}

INLINED void write_of(int bits, const struct raster_numbers *n, const struct pairs *rgb,
                      gsize count, const float *noise, void *luma, const struct pairs *chroma)
{
    const struct codes codes = pair_codes_of(&n->luma, noise);
    const struct raster_numbers own = *n;
    const struct pairs from = *rgb, to = *chroma;
    guint8 *const out = luma;
    struct room room;
    for (gsize i = 0; i < count; i += 2 * LANES) {
        const gsize k = i / 2;
        const struct two r = {vec_load(from.even[0] + k), vec_load(from.odd[0] + k)},
                         b = {vec_load(from.even[2] + k), vec_load(from.odd[2] + k)};
        const struct two y = {luma_of(&own, r.even, vec_load(from.even[1] + k), b.even),
                              luma_of(&own, r.odd, vec_load(from.odd[1] + k), b.odd)};
        const bool rest = count - i < 2 * LANES;
        if (luma)
            put_pairs(bits, &codes, y, rest ? room.bytes : out + i * size_of(bits));
        if (luma && rest)
            memcpy(out + i * size_of(bits), &room, (count - i) * size_of(bits));
        vec_store(to.even[1] + k, (b.even - y.even) * own.to_cb);
        vec_store(to.odd[1] + k, (b.odd - y.odd) * own.to_cb);
        vec_store(to.even[2] + k, (r.even - y.even) * own.to_cr);
        vec_store(to.odd[2] + k, (r.odd - y.odd) * own.to_cr);
    }
}

/* --- for each size of samples --- */

#define BY_SIZE(bits_, call, ...)  \
    do {                           \
        if ((bits_) > 16)          \
            call(32, __VA_ARGS__); \
        else if ((bits_) > 8)      \
            call(16, __VA_ARGS__); \
        else                       \
            call(8, __VA_ARGS__);  \
    } while (0)

static void load(const struct raster *raster, const struct coding *coding, const void *in,
                 gsize count, float *out)
{
    BY_SIZE(raster->bits, load_of, coding, in, count, out);
}

static void load_pairs(const struct raster *raster, const struct coding *coding, const void *in,
                       gsize count, float *even, float *odd)
{
    BY_SIZE(raster->bits, load_pairs_of, coding, in, count, even, odd);
}

static void store(const struct raster *raster, const struct coding *coding, const float *in,
                  gsize count, const float noise[RASTER_NOISE], void *out)
{
    BY_SIZE(raster->bits, store_of, coding, in, count, noise, out);
}

static void store_pairs(const struct raster *raster, const struct coding *coding, const float *even,
                        const float *odd, gsize count, const float noise[RASTER_NOISE], void *out)
{
    BY_SIZE(raster->bits, store_pairs_of, coding, even, odd, count, noise, out);
}

static void to_rgb(const struct raster *raster, const struct raster_numbers *n, const void *luma,
                   const float *const chroma[2], gsize count, const struct pairs *rgb)
{
    BY_SIZE(raster->bits, read_sited, raster, n, luma, chroma, count, rgb);
}

static void from_rgb(const struct raster *raster, const struct raster_numbers *n,
                     const struct pairs *rgb, gsize count, const float noise[RASTER_NOISE],
                     void *luma, const struct pairs *chroma)
{
    BY_SIZE(raster->bits, write_of, n, rgb, count, noise, luma, chroma);
}

/* --- chroma --- */

static void blend(const float *a, const float *b, float weight, gsize count, float *out)
{
    for (gsize i = 0; i < count; i += LANES)
        vec_store(out + i, vec_fused(vec_load(a + i), vec_all(weight),
                                     vec_load(b + i) * vec_all(1 - weight)));
}

INLINED vec on(vec a, vec b, vec c, vec d, vec e)
{
    const vec near = vec_fused(b + d, vec_all(0.25f), (a + e) * vec_all(-0.125f));
    return vec_fused(c, vec_all(0.75f), near);
}

INLINED vec between(vec b, vec c, vec d, vec e)
{
    return vec_fused(c + d, vec_all(0.75f), (b + e) * vec_all(-0.25f));
}

static void narrow(enum siting siting, const float *even, const float *odd, gsize count, float *out)
{
    for (gsize i = 0; i < count; i += LANES) {
        const vec odd_before = vec_load(odd + i - 1), own = vec_load(even + i),
                  beside = vec_load(odd + i), after = vec_load(even + i + 1);
        vec_store(out + i, siting == SITED_ON
                               ? on(vec_load(even + i - 1), odd_before, own, beside, after)
                               : between(odd_before, own, beside, after));
    }
}

static void narrow_rows(enum siting siting, const float *const rows[5], gsize count, float *out)
{
    const float *const a = rows[0], *const b = rows[1], *const c = rows[2], *const d = rows[3],
                       *const e = rows[4];
    for (gsize i = 0; i < count; i += LANES) {
        const vec before = vec_load(b + i), own = vec_load(c + i), after = vec_load(d + i),
                  last = vec_load(e + i);
        vec_store(out + i, siting == SITED_ON ? on(vec_load(a + i), before, own, after, last)
                                              : between(before, own, after, last));
    }
}

const struct raster_loops PATH(raster_loops) = {
    load, load_pairs, store, store_pairs, to_rgb, from_rgb, blend, narrow, narrow_rows,
};
