/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing stills: what each format takes, conversion to it, and the file. */
#include "../bytes/jpeg_segments.h"
#include "base/file.h"
#include "icc.h"
#include "png_chunks.h"
#include "tags/iptc.h"
#include "tags/profile.h"
#include "tags/said.h"
#include "tags/told.h"
#include "target.h"
#include "tiff_tags.h"
#include "write_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_tiff(const struct still_format *format)
{
    return strcmp(format->name, "tiff") == 0;
}

static int to_depth(VipsImage *in, VipsImage **out, const void *args)
{
    return image_to_depth(in, out, *(const int *)args);
}

static bool put_on_white(struct still *still, struct failure *failure)
{
    if (!still_shape(still).alpha)
        return true;
    if (!still_flatten(still, failure, (struct rgba){255, 255, 255, 255}))
        return false;
    still_note(still, "transparency put on white");
    return true;
}

/* The depth of the pixels handed to the encoder: 32 only stays for TIFF. */
static int written_depth(struct still *still, const struct still_format *format,
                         const struct encode_image *encode)
{
    bool deep = format->depths[1] > 8;
    int from = still_shape(still).depth;
    int to = encode->bit_depth ? (encode->bit_depth > 8 ? 16 : 8) : deep ? from : 8;
    return to == 32 && !is_tiff(format) ? 16 : to;
}

/* Of pixels of `depth`, the bits that are in the file. */
static int held_depth(const struct still_format *format, int depth)
{
    return is_tiff(format) ? depth : MIN(depth, MAX(format->depths[0], format->depths[1]));
}

static bool convert_depth(struct still *still, const struct still_format *format,
                          const struct encode_image *encode, int from, struct failure *failure)
{
    int to = written_depth(still, format, encode), held = held_depth(format, to);
    if (to != still_shape(still).depth &&
        !still_each(still, failure, "the depth can't be converted", to_depth, &to))
        return false;
    if (held != from)
        still_note(still, "%d to %d bits a component", from, held);
    return true;
}

/* Depth, alpha, frames and tags, colours aside. */
bool still_frame_format(struct still *still, const struct still_format *format,
                        const struct encode_image *encode, int from_depth, struct failure *failure)
{
    if (!convert_depth(still, format, encode, from_depth, failure))
        return false;
    if (!format->alpha && !put_on_white(still, failure))
        return false;
    if (still_frames(still) > 1 && !format->frames) {
        told_lose_others(still, still_frames(still), "frames");
        g_ptr_array_set_size(still->pages, 1);
    }
    return still_apply_metadata(still, encode, format, failure);
}

static bool profile_fits(const struct still_format *format, int bands, const char *title,
                         struct failure *failure)
{
    if ((bands == 3 || !format->rgb) && (bands != 4 || format->cmyk))
        return true;
    return fail(failure, FAIL_CONFIG,
                "encode: profile \"%s\" is of %s, which %s can't hold; %s can", title,
                bands == 4 ? "CMYK" : "grey", format->name,
                bands == 4 ? "jpeg and tiff" : "jpeg, png and tiff");
}

static bool convert_profile(struct still *still, const struct still_format *format,
                            const struct encode_image *encode, GBytes *profile,
                            struct failure *failure)
{
    int depth = MIN(written_depth(still, format, encode), 16), bands = profile_bands(profile);
    const bool is_float = image_depth(still_first(still)) == 32;
    const bool was_srgb = !is_float && still_is_srgb(still_first(still));
    const struct space *display =
        is_float && still_space(still) ? space_find(encode->profile) : NULL;
    g_autofree char *from = still_profile_name(still_first(still));
    g_autofree char *to = profile_title(profile);
    if (!profile_fits(format, bands, to, failure) ||
        (bands == 4 && !put_on_white(still, failure)) ||
        (display ? !still_to_display(still, display, failure)
                 : !still_to_profile(still, profile, depth, failure)))
        return false;
    if (was_srgb && g_strcmp0(encode->profile, "srgb") == 0)
        still_note(still, "profile sRGB embedded%s", from ? "" : " (no profile: taken as sRGB)");
    else
        still_note(still, "converted from %s to %s",
                   from       ? from
                   : is_float ? "linear light"
                              : "sRGB (taken, no profile)",
                   to);
    still->placed = true;
    return true;
}

static bool is_keep(const struct encode_image *encode)
{
    return encode->profile && strcmp(encode->profile, "keep") == 0;
}

bool still_apply_profile(struct still *still, const struct still_format *format,
                         const struct encode_image *encode, struct failure *failure)
{
    if (!encode->profile || is_keep(encode))
        return true;
    if (encode_profile_is_file(encode->profile) && !still->profile)
        return fail(failure, FAIL_INTERNAL, "encode: the file of `profile` isn't at hand");
    GBytes *profile = still->profile ? g_bytes_ref(still->profile) : profile_named(encode->profile);
    if (!profile)
        return fail_vips(failure, FAIL_INTERNAL, "the profile can't be made");
    bool fine = convert_profile(still, format, encode, profile, failure);
    g_bytes_unref(profile);
    return fine;
}

bool still_take_profile(struct still *still, int fd, struct failure *failure)
{
    g_clear_pointer(&still->profile, g_bytes_unref);
    still->profile = profile_read(fd, failure);
    return still->profile;
}

static bool keeps_profile(const struct still *still, const struct still_format *format,
                          const struct encode_image *encode)
{
    bool grey = still_shape(still).bands < 3;
    const bool ink = still_first(still)->Type == VIPS_INTERPRETATION_CMYK;
    return still->placed || (ink && still_format_keeps_ink(format, encode)) ||
           (is_keep(encode) && !(grey && format->rgb)) ||
           ((encode->metadata & META_ARCHIVE) &&
            (is_tiff(format) || strcmp(format->name, "png") == 0));
}

/* Floats that become whole numbers stay what their profile says; without one they are light. */
static bool keep_colours(struct still *still, const struct still_format *format,
                         const struct encode_image *encode, struct failure *failure)
{
    const int depth = written_depth(still, format, encode);
    if (image_depth(still_first(still)) != 32 || depth == 32)
        return true;
    GBytes *own = profile_of(still_first(still));
    if (!own)
        return still_to_srgb(still, failure);
    const bool fine = still_to_profile(still, own, depth, failure);
    g_bytes_unref(own);
    return fine;
}

static bool convert(struct still *still, const struct still_format *format,
                    const struct encode_image *encode, struct failure *failure)
{
    const int depth = still_shape(still).depth;
    if (still->was_ink && still_format_keeps_ink(format, encode))
        still_note(still, "dropped: CMYK: steps work in RGB");
    if (!still_apply_profile(still, format, encode, failure))
        return false;
    bool keeps = keeps_profile(still, format, encode);
    if (keeps ? !keep_colours(still, format, encode, failure)
              : !still_to_srgb(still, failure) || !still_own_header(still, failure))
        return false;
    if (!keeps && !is_tiff(format))
        vips_image_remove(still_first(still), VIPS_META_ICC_NAME);
    return still_frame_format(still, format, encode, depth, failure);
}

static VipsImage *join(struct still *still, struct failure *failure)
{
    VipsImage *image = NULL;
    VipsImage **pages = (VipsImage **)still->pages->pdata;
    int count = still_frames(still);
    if (count == 1 ? vips_copy(pages[0], &image, NULL)
                   : vips_arrayjoin(pages, &image, count, "across", 1, NULL)) {
        fail_vips(failure, FAIL_INTERNAL, "the picture can't be put together");
        return NULL;
    }
    if (count > 1)
        vips_image_set_int(image, VIPS_META_PAGE_HEIGHT, pages[0]->Ysize);
    return image;
}

static const char *pix_fmt(VipsImage *image)
{
    static const char *const names[3][4] = {{"gray", "ya8", "rgb24", "rgba"},
                                            {"gray16le", "ya16le", "rgb48le", "rgba64le"},
                                            {"grayf32le", NULL, "gbrpf32le", "gbrapf32le"}};
    int depth = image_depth(image);
    if (image->Type == VIPS_INTERPRETATION_CMYK)
        return depth == 8 ? "cmyk" : "cmyk64le";
    return names[depth == 8 ? 0 : depth == 16 ? 1 : 2][image->Bands - 1];
}

/* Lossy JPEG XL comes out in a profile that its decoder makes and names. */
static char *promised_profile(const struct still_format *format, VipsImage *image)
{
    g_autoptr(GBytes) profile = strcmp(format->name, "jxl") ? profile_of(image) : NULL;
    gsize size;
    const guint8 *data = profile ? g_bytes_get_data(profile, &size) : NULL;
    return data ? icc_description(data, size) : NULL;
}

static void promise(struct claim *claim, const struct still_format *format, VipsImage *image,
                    int frames)
{
    claim_clear(claim);
    claim->width = image->Xsize;
    claim->height = image->Ysize / frames;
    claim->frames = frames;
    claim->video_s = still_seconds(image);
    claim->video_codec = g_strdup(format->name);
    claim->pix_fmt = g_strdup(pix_fmt(image));
    claim->icc = promised_profile(format, image);
}

static bool is_written(const struct still_format *format, int status, int error,
                       struct failure *failure)
{
    if (error) {
        vips_error_clear();
        return fail(failure, FAIL_DISK, "can't be written: %s", g_strerror(error));
    }
    g_autofree char *what = g_strdup_printf("%s can't be encoded", format->name);
    return status == 0 || fail_vips(failure, FAIL_INTERNAL, what);
}

static bool put_bytes(GBytes *file, int fd, struct failure *failure)
{
    gsize length;
    const char *data = g_bytes_get_data(file, &length);
    return (lseek(fd, 0, SEEK_SET) == 0 && file_write_all(fd, data, length)) ||
           fail(failure, FAIL_DISK, "can't be written: %s", g_strerror(errno));
}

/* The encoder's pixels, in the file. */
static bool put(struct still *still, VipsImage *image, const struct still_format *format,
                const struct encode_image *encode, int fd, struct failure *failure)
{
    int error = 0;
    if (ftruncate(fd, 0))
        return fail(failure, FAIL_DISK, "can't be written: %s", g_strerror(errno));
    vips_error_clear();
    if (still_has_target(encode)) {
        GBytes *file = still_encode_to_target(still, image, format, encode, failure);
        bool fine = file && put_bytes(file, fd, failure);
        g_clear_pointer(&file, g_bytes_unref);
        return fine;
    }
    VipsTarget *target = still_target(fd, &error);
    int quality = encode->quality ? encode->quality : format->quality;
    int status = format_save(image, target, format, encode, quality);
    g_object_unref(target);
    return is_written(format, status, error, failure);
}

/* Those of a PNG that are kept. libvips would cut their keywords at a space. */
static bool put_texts(VipsImage *image, int fd, struct failure *failure)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (char **field = fields; *field; field++) {
        const char *words;
        if (!g_str_has_prefix(*field, PNG_TEXT) || vips_image_get_string(image, *field, &words))
            continue;
        struct png_text *text = g_new(struct png_text, 1);
        *text = (struct png_text){*field + strlen(PNG_TEXT), (char *)words};
        g_ptr_array_add(texts, text);
    }
    return png_add_texts(fd, texts) ||
           fail(failure, FAIL_DISK, "texts can't be written: %s", g_strerror(errno));
}

/* The blob, which the image has no longer; NULL: it had none. Caller unrefs. */
static GBytes *take_blob(VipsImage *image, const char *field)
{
    const void *data;
    size_t size;
    if (!vips_image_get_typeof(image, field) || vips_image_get_blob(image, field, &data, &size))
        return NULL;
    GBytes *bytes = g_bytes_new(data, size);
    vips_image_remove(image, field);
    return bytes;
}

/* Whatever libpng thinks of it. */
static bool put_png_profile(VipsImage *image, int fd, struct failure *failure)
{
    g_autoptr(GBytes) profile = profile_of(image);
    return !profile || png_add_profile(fd, profile) ||
           fail(failure, FAIL_DISK, "the profile can't be written: %s", g_strerror(errno));
}

static bool put_as_tiff(struct still *still, VipsImage *image, const struct still_format *format,
                        const struct encode_image *encode, int fd, struct failure *failure)
{
    g_autoptr(GBytes) xmp = take_blob(image, VIPS_META_XMP_NAME);
    g_autoptr(GBytes) resources = take_blob(image, VIPS_META_PHOTOSHOP_NAME);
    const struct tiff_blocks blocks = {still->exif, xmp, resources};
    return put(still, image, format, encode, fd, failure) &&
           ((!still->exif && !xmp && !resources) || tiff_add(fd, &blocks, failure));
}

static bool put_with_exif(struct still *still, VipsImage *image, const struct still_format *format,
                          const struct encode_image *encode, int fd, struct failure *failure)
{
    g_autoptr(GBytes) resources =
        iptc_is_long(image) ? take_blob(image, VIPS_META_IPTC_NAME) : NULL;
    return (!still->exif || exif_leave_room(image, still->exif, failure)) &&
           put(still, image, format, encode, fd, failure) &&
           (!still->exif || exif_fill(fd, still->exif, failure)) &&
           (!resources || jpeg_add_resources(fd, resources) ||
            fail(failure, FAIL_DISK, "IPTC can't be written: %s", g_strerror(errno)));
}

/* GIF89a, 21: a table of at most 256. */
static bool loses_colours(VipsImage *image, int frames)
{
    enum { COLOURS = 256 };
    const int height = image->Ysize / frames;
    bool loses = false;
    for (int i = 0; image->Bands >= 3 && i < frames && !loses; i++)
        loses = has_colours_beyond(image, i * height, height, COLOURS);
    return loses;
}

bool still_save(struct still *still, const struct still_format *format,
                const struct encode_image *encode, int fd, struct claim *claim,
                struct failure *failure)
{
    g_autoptr(VipsImage) image = join(still, failure);
    if (!image)
        return false;
    int frames = still_frames(still);
    still_hear(still, image);
    if (MAX(image->Xsize, image->Ysize / frames) > format->side_max)
        return fail(failure, FAIL_CONFIG, "%d x %d is more than %s can hold (%d a side)",
                    image->Xsize, image->Ysize / frames, format->name, format->side_max);
    if (format->palette && delays_to_hundredths(image, frames))
        still_note(still, "delays rounded to hundredths of a second, which GIF counts");
    if (format->palette && loses_colours(image, frames))
        still_note(still, "dropped: all but 256 colours of a frame, as many as GIF holds");
    promise(claim, format, image, frames);
    g_autoptr(GArray) delays = NULL;
    if (format->frames && !format->palette)
        delays = delays_lengthen(image, frames);
    return (format->exif_tags ? put_as_tiff : put_with_exif)(still, image, format, encode, fd,
                                                             failure) &&
           (!delays || delays_fill(fd, delays, failure)) &&
           (strcmp(format->name, "png") != 0 || put_png_profile(image, fd, failure)) &&
           put_texts(still_first(still), fd, failure);
}

const struct still_format *still_format(const char *name, const struct encode_image *encode,
                                        struct failure *failure)
{
    const struct still_format *format = still_format_find(name, encode);
    g_autofree char *names = format ? NULL : still_format_names();
    const char *row;
    unsigned from = 0;
    g_autofree char *problem = format ? still_format_problem(format, encode, &from, &row) : NULL;
    if (!format)
        fail(failure, FAIL_CONFIG, "stills aren't written as %s; %s are", name ? name : "(nothing)",
             names);
    if (!problem)
        return format;
    fail(failure, FAIL_CONFIG, "encode: %s", problem);
    return NULL;
}

bool still_write(struct still *still, const char *name, const struct encode_image *encode, int fd,
                 struct claim *claim, struct failure *failure)
{
    const struct still_format *format = still_format(name, encode, failure);
    return format && convert(still, format, encode, failure) &&
           still_save(still, format, encode, fd, claim, failure);
}
