/* SPDX-License-Identifier: GPL-3.0-or-later
 * The handle of a still: life, shape, notes, and its formats. */
#include "media/still.h"

#include "../bytes/tiff_ifd.h"
#include "private.h"

#include <math.h>

char *vips_words(void)
{
    g_autoptr(GString) text = g_string_new(vips_error_buffer());
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    vips_error_clear();
    g_string_replace(text, "\n (", " (", 0); /* libheif's numbers */
    g_auto(GStrv) lines = g_strsplit(text->str, "\n", -1);
    for (char **line = lines; *line; line++)
        if (*g_strstrip(*line) && !g_str_has_prefix(*line, "source: bad seek") &&
            !g_ptr_array_find_with_equal_func(words, *line, g_str_equal, NULL))
            g_ptr_array_add(words, *line);
    g_ptr_array_add(words, NULL);
    return g_strjoinv("; ", (char **)words->pdata);
}

/* A marker that isn't one is how libjpeg meets changed bytes. */
bool words_tell_unsupported(const char *words)
{
    g_autofree char *lower = g_ascii_strdown(words, -1);
    const bool marker = strstr(lower, "unsupported marker type");
    return (strstr(lower, "unsupported") && !marker) || strstr(lower, "not supported") ||
           strstr(lower, "not configured") || strstr(lower, "not implemented");
}

bool fail_vips(struct failure *failure, enum failure_class class, const char *what)
{
    g_autofree char *words = vips_words();
    bool memory = strstr(words, "out of memory") != NULL;
    return fail(failure, memory ? FAIL_MEMORY : class, "%s: %s", what,
                *words ? words : "libvips gives no reason");
}

void still_close(struct still *still)
{
    if (!still)
        return;
    g_ptr_array_unref(still->pages);
    g_ptr_array_unref(still->notes);
    g_clear_pointer(&still->carried, g_ptr_array_unref);
    g_clear_pointer(&still->exif, g_bytes_unref);
    g_clear_pointer(&still->profile, g_bytes_unref);
    g_free(still);
}

struct still *still_fork(const struct still *still)
{
    struct still *fork = g_new0(struct still, 1);
    fork->placed = still->placed;
    fork->was_ink = still->was_ink;
    fork->listener = still->listener;
    fork->full_width = still->full_width;
    fork->full_height = still->full_height;
    fork->pages = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < still->pages->len; i++)
        g_ptr_array_add(fork->pages, g_object_ref(still->pages->pdata[i]));
    fork->notes = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < still->notes->len; i++)
        g_ptr_array_add(fork->notes, g_strdup(still->notes->pdata[i]));
    fork->carried = carried_copy_all(still->carried);
    return fork;
}

const GPtrArray *still_notes(const struct still *still)
{
    return still->notes;
}

int still_frames(const struct still *still)
{
    return (int)still->pages->len;
}

void still_note(struct still *still, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *note = g_strdup_vprintf(format, args);
    va_end(args);
    if (!g_ptr_array_find_with_equal_func(still->notes, note, g_str_equal, NULL))
        g_ptr_array_add(still->notes, g_steal_pointer(&note));
}

static void on_eval(VipsImage *image, const VipsProgress *progress, void *data)
{
    const struct still_listener *listener = data;
    listener->heard(listener->data, progress->percent / 100.0);
}

void still_hear(const struct still *still, VipsImage *image)
{
    if (!still->listener)
        return;
    vips_image_set_progress(image, TRUE);
    g_signal_connect(image, "eval", G_CALLBACK(on_eval), (void *)still->listener);
}

void still_listen(struct still *still, const struct still_listener *listener)
{
    still->listener = listener;
    for (guint i = 0; i < still->pages->len; i++)
        still_hear(still, still->pages->pdata[i]);
}

bool still_each(struct still *still, struct failure *failure, const char *what, still_op *op,
                const void *args)
{
    g_autoptr(GPtrArray) done = g_ptr_array_new_with_free_func(g_object_unref);
    for (guint i = 0; i < still->pages->len; i++) {
        VipsImage *out = NULL;
        if (op(still->pages->pdata[i], &out, args))
            return fail_vips(failure, FAIL_INTERNAL, what);
        still_hear(still, out);
        g_ptr_array_add(done, out);
    }
    g_ptr_array_unref(still->pages);
    still->pages = g_steal_pointer(&done);
    return true;
}

static int settle(VipsImage *in, VipsImage **out, const void *args)
{
    *out = vips_image_copy_memory(in);
    return *out ? 0 : -1;
}

bool still_settle(struct still *still, struct failure *failure)
{
    return still_each(still, failure, "the steps can't be computed", settle, NULL);
}

static bool has_half_solid(VipsImage *image)
{
    g_autoptr(VipsImage) alpha = NULL, some = NULL, part = NULL, both = NULL;
    double most = 0;
    return !vips_extract_band(image, &alpha, image->Bands - 1, NULL) &&
           !vips_more_const1(alpha, &some, 0, NULL) &&
           !vips_less_const1(alpha, &part, image_white(image), NULL) &&
           !vips_andimage(some, part, &both, NULL) && !vips_max(both, &most, NULL) && most > 0;
}

bool still_half_solid(const struct still *still)
{
    bool has = false;
    for (guint i = 0; still_shape(still).alpha && !has && i < still->pages->len; i++)
        has = has_half_solid(still->pages->pdata[i]);
    vips_error_clear();
    return has;
}

struct still_shape still_shape(const struct still *still)
{
    VipsImage *image = still_first(still);
    return (struct still_shape){
        .width = still->full_width ? still->full_width : image->Xsize,
        .height = still->full_height ? still->full_height : image->Ysize,
        .bands = image->Bands,
        .depth = image_depth(image),
        .alpha = vips_image_hasalpha(image),
    };
}

int image_depth(const VipsImage *image)
{
    return image->BandFmt == VIPS_FORMAT_UCHAR ? 8 : image->BandFmt == VIPS_FORMAT_USHORT ? 16 : 32;
}

double image_white(const VipsImage *image)
{
    int depth = image_depth(image);
    return depth == 8 ? 255 : depth == 16 ? 65535 : 1;
}

int image_like(VipsImage *in, VipsImage **out, const VipsImage *like)
{
    g_autoptr(VipsImage) whole = NULL;
    g_autoptr(VipsImage) cast = NULL;
    bool round = vips_band_format_isfloat(in->BandFmt) && !vips_band_format_isfloat(like->BandFmt);
    if (round ? vips_rint(in, &whole, NULL) : vips_copy(in, &whole, NULL))
        return -1;
    if (vips_cast(whole, &cast, like->BandFmt, NULL))
        return -1;
    return vips_copy(cast, out, "interpretation", like->Type, NULL);
}

/* Of 8 bits, or of 16. */
static VipsInterpretation type_in(const VipsImage *image, int depth)
{
    if (image->Type == VIPS_INTERPRETATION_CMYK)
        return VIPS_INTERPRETATION_CMYK;
    if (depth == 8)
        return image->Bands < 3 ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
    return image->Bands < 3 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16;
}

static int to_format(VipsImage *in, VipsImage **out, double scale, VipsBandFormat format,
                     VipsInterpretation type)
{
    g_autoptr(VipsImage) scaled = NULL;
    g_autoptr(VipsImage) whole = NULL;
    g_autoptr(VipsImage) cast = NULL;
    if (vips_linear1(in, &scaled, scale, 0, NULL) || vips_rint(scaled, &whole, NULL) ||
        vips_cast(whole, &cast, format, NULL))
        return -1;
    return vips_copy(cast, out, "interpretation", type, NULL);
}

int image_to_depth(VipsImage *in, VipsImage **out, int depth)
{
    g_autoptr(VipsImage) display = NULL;
    if (image_depth(in) == 32) {
        if (vips_colourspace(in, &display, VIPS_INTERPRETATION_RGB16, NULL))
            return -1;
        in = display;
    }
    if (image_depth(in) == depth)
        return vips_copy(in, out, NULL);
    if (depth == 8)
        return to_format(in, out, 1 / 257.0, VIPS_FORMAT_UCHAR, type_in(in, depth));
    return to_format(in, out, 257, VIPS_FORMAT_USHORT, type_in(in, depth));
}

int image_to_rgb(VipsImage *in, VipsImage **out)
{
    if (in->Bands >= 3)
        return vips_copy(in, out, NULL);
    g_autoptr(VipsImage) grey = NULL;
    g_autoptr(VipsImage) alpha = NULL;
    g_autoptr(VipsImage) joined = NULL;
    if (vips_extract_band(in, &grey, 0, NULL) ||
        (in->Bands == 2 && vips_extract_band(in, &alpha, 1, NULL)))
        return -1;
    VipsImage *bands[] = {grey, grey, grey, alpha};
    if (vips_bandjoin(bands, &joined, alpha ? 4 : 3, NULL))
        return -1;
    VipsInterpretation type =
        image_depth(in) == 8 ? VIPS_INTERPRETATION_sRGB : VIPS_INTERPRETATION_RGB16;
    return vips_copy(joined, out, "interpretation", type, NULL);
}

bool still_has_other_lab(int fd, struct failure *failure)
{
    enum { ICC_LAB = 9, ITU_LAB = 10 };
    const int photometric = tiff_photometric(fd);
    if (photometric != ICC_LAB && photometric != ITU_LAB)
        return false;
    fail(failure, FAIL_UNSUPPORTED,
         "its colours are %s (PhotometricInterpretation %d), which nothing here reads: save it as "
         "RGB, CMYK or CIELAB",
         photometric == ICC_LAB ? "ICCLab" : "ITULab", photometric);
    return true;
}
