/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bisection on quality. */
#include "target.h"

#include "ssim.h"
#include "vips_start.h"

#include <math.h>
#include <string.h>

struct search {
    struct still *still;
    VipsImage *image;
    const struct still_format *format;
    const struct encode_image *encode;
    struct failure *failure;
};

/* One encoding. */
struct trial {
    int quality;
    double ssim; /* NAN: not asked for */
    GBytes *file;
};

static void trial_clear(struct trial *trial)
{
    g_clear_pointer(&trial->file, g_bytes_unref);
}
typedef struct trial trial_t;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(trial_t, trial_clear)

static GBytes *encode_at(const struct search *s, int quality)
{
    VipsTarget *target = vips_target_new_to_memory();
    VipsBlob *blob = NULL;
    GBytes *file = NULL;
    if (target && format_save(s->image, target, s->format, s->encode, quality) == 0)
        g_object_get(target, "blob", &blob, NULL);
    if (blob) {
        size_t length;
        const void *data = vips_blob_get(blob, &length);
        file = g_bytes_new(data, length);
        vips_area_unref(VIPS_AREA(blob));
    }
    if (target)
        g_object_unref(target);
    return file;
}

static int ssim_of(const struct search *s, GBytes *file, double *ssim)
{
    gsize length;
    const void *data = g_bytes_get_data(file, &length);
    if (strcmp(s->format->name, "jxl") == 0)
        vips_unblock_jxl("VipsForeignLoadJxl");
    bool many = still_frames(s->still) > 1;
    g_autoptr(VipsImage) decoded = many
                                       ? vips_image_new_from_buffer(data, length, "", "n", -1, NULL)
                                       : vips_image_new_from_buffer(data, length, "", NULL);
    g_autoptr(VipsImage) memory = decoded ? vips_image_copy_memory(decoded) : NULL;
    return memory ? image_ssim(s->image, memory, ssim) : -1;
}

static bool try_quality(const struct search *s, int quality, struct trial *trial)
{
    *trial = (struct trial){.quality = quality, .ssim = NAN, .file = encode_at(s, quality)};
    if (trial->file && (!(s->encode->ssim > 0) || ssim_of(s, trial->file, &trial->ssim) == 0))
        return true;
    return fail_vips(s->failure, FAIL_INTERNAL, "the quality can't be found");
}

static bool is_small(const struct search *s, const struct trial *trial)
{
    return !(s->encode->max_bytes > 0) ||
           (double)g_bytes_get_size(trial->file) <= s->encode->max_bytes;
}

/* "quality 71: 198.2 kB, SSIM 0.9812" */
static char *figures(const struct trial *trial)
{
    g_autofree char *size = g_format_size(g_bytes_get_size(trial->file));
    g_autofree char *like = isnan(trial->ssim) ? NULL : g_strdup_printf(", SSIM %.4f", trial->ssim);
    return g_strdup_printf("quality %d: %s%s", trial->quality, size, like ? like : "");
}

static char *wanted(const struct encode_image *encode)
{
    g_autofree char *size =
        encode->max_bytes > 0 ? g_format_size((guint64)encode->max_bytes) : NULL;
    g_autofree char *like = encode->ssim > 0 ? g_strdup_printf("SSIM %g", encode->ssim) : NULL;
    return g_strjoin(" and ", size ? size : like, size ? like : NULL, NULL);
}

/* Whether a lower quality may do as well, when this one is what it is: `ssim` seeks the lowest
 * that is alike, `max_bytes` the highest that is small. */
static bool goes_down(const struct search *s, const struct trial *trial)
{
    return s->encode->ssim > 0 ? trial->ssim >= s->encode->ssim : !is_small(s, trial);
}

static void keep(struct trial *best, struct trial *trial)
{
    trial_clear(best);
    *best = *trial;
    trial->file = NULL;
}

static int highest(const struct search *s)
{
    if (s->encode->quality)
        return s->encode->quality;
    return s->encode->ssim > 0 ? 100 : s->format->quality;
}

/* What its nearest trial lacks: likeness that more quality gives, or room. */
static const char *way_out(const struct search *s, const struct trial *trial)
{
    const bool alike = !(s->encode->ssim > 0) || trial->ssim >= s->encode->ssim;
    if (alike)
        return s->encode->ssim > 0 ? "raise max_bytes, lower ssim, or resize to fewer pixels"
                                   : "raise max_bytes, or resize to fewer pixels";
    return highest(s) < 100 ? "raise quality, or lower ssim" : "lower ssim";
}

static bool refuse(const struct search *s, const struct trial *trial)
{
    g_autofree char *got = figures(trial), *want = wanted(s->encode);
    g_autofree char *most = s->encode->quality
                                ? g_strdup_printf("%d, the most that the quality of its preset or "
                                                  "pipeline allows,",
                                                  s->encode->quality)
                                : g_strdup_printf("%d", highest(s));
    return fail(s->failure, FAIL_CONFIG,
                "encode: no quality up to %s gives %s; the nearest is %s: %s", most, want, got,
                way_out(s, trial));
}

/* What meets the aim so far is in *best, what doesn't and came nearest in *nearest. */
static bool bisect(const struct search *s, int low, int high, struct trial *best,
                   struct trial *nearest)
{
    while (low <= high) {
        g_auto(trial_t) trial = {0};
        if (!try_quality(s, (low + high) / 2, &trial))
            return false;
        bool down = goes_down(s, &trial);
        if (down)
            high = trial.quality - 1;
        else
            low = trial.quality + 1;
        keep(down == (s->encode->ssim > 0) ? best : nearest, &trial);
    }
    return true;
}

/* The highest first: most often it is small enough, and what it isn't like nothing is. */
static bool search(const struct search *s, struct trial *best)
{
    g_auto(trial_t) first = {0};
    if (!try_quality(s, highest(s), &first))
        return false;
    bool good = s->encode->ssim > 0 ? first.ssim >= s->encode->ssim : is_small(s, &first);
    if (!good && s->encode->ssim > 0)
        return refuse(s, &first);
    if (good)
        keep(best, &first);
    if (good && !(s->encode->ssim > 0))
        return true;
    if (!bisect(s, 1, highest(s) - 1, best, &first))
        return false;
    return (best->file && is_small(s, best)) || refuse(s, best->file ? best : &first);
}

GBytes *still_encode_to_target(struct still *still, VipsImage *image,
                               const struct still_format *format, const struct encode_image *encode,
                               struct failure *failure)
{
    const struct search s = {still, image, format, encode, failure};
    g_auto(trial_t) best = {0};
    if (!search(&s, &best))
        return NULL;
    g_autofree char *got = figures(&best), *want = wanted(encode);
    still_note(still, "%s, chosen for %s", got, want);
    return g_steal_pointer(&best.file);
}
