/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening a still: by content, judged on its header, decoded whole. */
#include "media/still_file.h"

#include "../bytes/sniff.h"
#include "av.h"
#include "media/trust.h"
#include "model/task.h"
#include "pyramid.h"
#include "raw.h"
#include "sizes.h"
#include "tags/profile.h"
#include "tags/said.h"
#include "tags/tags.h"
#include "tags/told.h"
#include "tiff_known.h"
#include "vips_start.h"
#include "whole.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static unsigned limit_megapixels;

void still_limit(unsigned megapixels)
{
    limit_megapixels = megapixels;
}

unsigned still_limit_here(void)
{
    return limit_megapixels ? limit_megapixels : still_limit_asked();
}

bool still_start(struct failure *failure)
{
    return vips_start() || fail(failure, FAIL_INTERNAL, "libvips can't start");
}

/* *guarded is what it is, where that needs trust. */
static bool known(int fd, const struct trust_row **guarded, struct failure *failure)
{
    g_autofree guint8 *head = g_malloc(SNIFF_HEAD_BYTES);
    ssize_t got = pread(fd, head, SNIFF_HEAD_BYTES, 0);
    if (got < 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(errno));
    if (got == 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file is empty");
    *guarded = sniff_guarded(head, (gsize)got);
    if (*guarded)
        return media_trusts(*guarded, failure);
    const char *stranger = sniff_not_media(head, (gsize)got);
    if (stranger)
        return fail(failure, FAIL_UNSUPPORTED, "the file is %s, which isn't read here", stranger);
    if (!sniff_still(head, (gsize)got))
        return fail(failure, FAIL_UNSUPPORTED,
                    "not a picture that is read here: JPEG, PNG, WebP, TIFF, GIF, HEIF or AVIF");
    return !still_has_other_lab(fd, failure);
}

/* One attempt at the file. */
struct load {
    struct still_said said;
    int fd, error;
    struct jpeg_scan scan; /* of a JPEG */
    struct still_reading reading;
    bool animated, ink;
    VipsFailOn fail_on;
    const struct still_scaling *sizes; /* of still_open_sizes() */
    unsigned count;
    int threads;               /* still_opts */
    const struct still *still; /* whose listener hears of it */
    bool sized;
    int full_width, full_height;
};

/* In memory: libvips would keep what it can't stream in /tmp, where a task has no place. */
static VipsImage *read_header(struct load *load, bool frames)
{
    g_autoptr(VipsSource) source = still_source_watched(load->fd, &load->reading, &load->error);
    if (frames)
        return vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, "memory",
                                          TRUE, "fail_on", load->fail_on, "n", -1, NULL);
    return vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL, "memory", TRUE,
                                      "fail_on", load->fail_on, NULL);
}

static VipsImage *header(struct load *load, bool frames)
{
    VipsImage *image = read_header(load, frames);
    if (image)
        still_hear_said(image, load->fd, &load->said);
    return image;
}

/* Orientations 5 to 8 of EXIF 2.32 swap the sides. */
static bool is_turned(VipsImage *image)
{
    return vips_image_get_orientation(image) > 4;
}

static bool is_animation(VipsImage *image)
{
    const char *loader = "";
    if (vips_image_get_n_pages(image) < 2 ||
        vips_image_get_string(image, VIPS_META_LOADER, &loader))
        return false;
    return g_str_has_prefix(loader, "gif") || g_str_has_prefix(loader, "webp");
}

/* Of what is 8 bits of RGB or grey, as JPEGs are but for those of CMYK. */
static bool can_be_sized(VipsImage *image, const struct load *load)
{
    const char *loader = "";
    return load->count && !vips_image_get_string(image, VIPS_META_LOADER, &loader) &&
           g_str_has_prefix(loader, "jpegload") && image->BandFmt == VIPS_FORMAT_UCHAR &&
           (image->Bands == 1 || image->Bands == 3);
}

static bool fits(VipsImage *image, int pages, struct failure *failure)
{
    return still_fits(still_limit_here(), image->Xsize, image->Ysize, pages,
                      VIPS_IMAGE_SIZEOF_PEL(image), failure);
}

static bool no_header(const struct load *load, struct failure *failure)
{
    g_autofree char *words = vips_words();
    g_autofree char *lower = g_ascii_strdown(words, -1);
    if (load->error)
        return fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(load->error));
    if (strstr(lower, "security limit"))
        return fail(failure, FAIL_UNSUPPORTED, "the picture is larger than its reader allows: %s",
                    words);
    const bool unsupported = words_tell_unsupported(words);
    return fail(failure, unsupported ? FAIL_UNSUPPORTED : FAIL_INPUT_DAMAGED,
                unsupported ? "a kind of picture that can't be read: %s"
                            : "the file is damaged at its start: %s",
                *words ? words : "its reader doesn't say how");
}

/* The HEIF reader of libvips 8.14 hands out profile and EXIF in memory that goes with the reader.
 */
static void keep_blobs(VipsImage *image)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    const void *data;
    size_t length;
    for (char **field = fields; *field; field++)
        if (vips_image_get_typeof(image, *field) == VIPS_TYPE_BLOB &&
            vips_image_get_blob(image, *field, &data, &length) == 0)
            vips_image_set_blob_copy(image, *field, data, length);
}

/* In the sizes asked for, as the file has it: lying down, of a picture that is turned later. */
static GPtrArray *decode_sizes(VipsImage *image, struct load *load)
{
    g_autofree struct still_scaling *sizes =
        g_memdup2(load->sizes, load->count * sizeof *load->sizes);
    for (unsigned i = 0; is_turned(image) && i < load->count; i++) {
        sizes[i].width = load->sizes[i].height;
        sizes[i].height = load->sizes[i].width;
    }
    g_autoptr(VipsSource) source = still_source_watched(load->fd, &load->reading, &load->error);
    struct jpeg_planes *planes = jpeg_planes_open(source, load->fail_on);
    GPtrArray *images = NULL;
    if (planes && planes->count != (unsigned)image->Bands)
        vips_error("VipsJpeg", "the file changes while it is read");
    else if (planes)
        images = still_sizes(planes, image, sizes, load->count, load->still->listener);
    jpeg_planes_close(planes);
    return images;
}

static GPtrArray *only(VipsImage *image)
{
    GPtrArray *images = g_ptr_array_new_with_free_func(g_object_unref);
    g_ptr_array_add(images, image);
    return images;
}

static GPtrArray *decode_whole(VipsImage *image)
{
    VipsImage *memory = vips_image_copy_memory(image);
    if (!memory)
        return NULL;
    keep_blobs(memory);
    return only(memory);
}

/* Decodes all of it: VipsImage, one, or of each size; NULL with libvips' words in *words, or with
 * `failure` when there is nothing to try again. What was warned of in the last rows stands in
 * *words, too. */
static GPtrArray *decode(struct load *load, char **words, struct failure *failure)
{
    load->sized = false;
    g_autoptr(VipsImage) image = header(load, false);
    if (!image) {
        no_header(load, failure);
        return NULL;
    }
    bool frames = load->animated && is_animation(image);
    if (!fits(image, frames ? vips_image_get_n_pages(image) : 1, failure))
        return NULL;
    load->sized = can_be_sized(image, load);
    load->full_width = is_turned(image) ? image->Ysize : image->Xsize;
    load->full_height = is_turned(image) ? image->Xsize : image->Ysize;
    if (frames) {
        g_clear_object(&image);
        image = header(load, frames);
    }
    if (image)
        still_hear(load->still, image);
    GPtrArray *images = !image        ? NULL
                        : load->sized ? decode_sizes(image, load)
                                      : decode_whole(image);
    *words = vips_words();
    return images;
}

static GPtrArray *decode_strictly(struct load *load, struct still *still, bool damaged_allow,
                                  struct failure *failure)
{
    g_autofree char *words = NULL;
    g_autofree char *again = NULL;
    load->fail_on = VIPS_FAIL_ON_WARNING;
    GPtrArray *images = decode(load, &words, failure);
    if (failure->class != FAIL_NONE)
        return images;
    char *lost = still_lost(load->fd, words);
    if (!lost && images)
        return images;
    if (lost) {
        g_clear_pointer(&images, g_ptr_array_unref);
        g_free(words);
        words = lost;
    }
    load->fail_on = VIPS_FAIL_ON_ERROR;
    if (!lost && (images = decode(load, &again, failure))) {
        still_note(still, "the reader warned: %s", words);
        return images;
    }
    load->fail_on = VIPS_FAIL_ON_NONE;
    if (damaged_allow && failure->class == FAIL_NONE) {
        g_clear_pointer(&again, g_free);
        if ((images = decode(load, &again, failure)))
            still_note(still, NOTE_DAMAGED "%s", words);
    }
    if (!images && load->error)
        fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(load->error));
    else if (!images && strstr(words, "out of memory"))
        fail(failure, FAIL_MEMORY, "no memory to decode the picture");
    else if (!images && !lost && words_tell_unsupported(words))
        fail(failure, FAIL_UNSUPPORTED, "a kind of picture that can't be read: %s", words);
    else if (!images)
        fail(failure, FAIL_INPUT_DAMAGED, "the file is damaged or cut off: %s",
             *words ? words : "its reader ends before the last pixel, without a word");
    return images;
}

/* What decoders have nothing against, and yet isn't there. */
static GPtrArray *decode_all(struct load *load, struct still *still, bool damaged_allow,
                             struct failure *failure)
{
    g_autoptr(GPtrArray) images = decode_strictly(load, still, damaged_allow, failure);
    g_autofree char *missing =
        images ? still_missing(load->fd, &load->scan, load->reading.reached) : NULL;
    if (missing && !damaged_allow) {
        fail(failure, FAIL_INPUT_DAMAGED, "the file is damaged or cut off: %s", missing);
        return NULL;
    }
    if (missing)
        still_note(still, NOTE_DAMAGED "%s", missing);
    return g_steal_pointer(&images);
}

/* What libvips doesn't read for us. */
static GPtrArray *decode_elsewhere(struct load *load, const struct trust_row *format,
                                   struct still *still, bool damaged_allow, struct failure *failure)
{
    g_autofree char *damage = NULL;
    g_autofree char *unread = NULL;
    g_autoptr(VipsImage) image = still_raw_takes(format)
                                     ? still_raw_read(load->fd, load->threads, &damage, failure)
                                     : still_av_read(load->fd, format, &damage, &unread, failure);
    if (image && damage && !damaged_allow)
        fail(failure, FAIL_INPUT_DAMAGED, "the file is damaged or cut off: %s", damage);
    else if (image && damage)
        still_note(still, NOTE_DAMAGED "%s", damage);
    if (image && unread)
        told_lose(still, KEEP_TAGS, unread, carried_unread);
    if (image && format->trust == TRUST_DPX)
        still_note(still, "the values of the DPX are taken for sRGB's");
    if (image && still_raw_takes(format))
        still_note(still, "developed from camera raw: the camera's white balance, no brightening");
    return failure->class == FAIL_NONE ? only(g_steal_pointer(&image)) : NULL;
}

static void note_pages(struct still *still, VipsImage *image, int fd, bool animated,
                       const struct still_said *said)
{
    int pages = vips_image_get_n_pages(image);
    if (said->frames > 1)
        told_lose_others(still, said->frames, "frames");
    else if (pages > 1 && is_animation(image) && !animated)
        told_lose_others(still, pages, "frames");
    else if (pages > 1 && !is_animation(image) && !still_is_pyramid(fd, image))
        told_lose_others(still, pages, "pages");
}

static bool split(struct still *still, VipsImage *image, struct failure *failure)
{
    int height = vips_image_get_page_height(image);
    for (int y = 0; y + height <= image->Ysize; y += height) {
        VipsImage *page = NULL;
        if (vips_crop(image, &page, 0, y, image->Xsize, height, NULL))
            return fail_vips(failure, FAIL_INTERNAL, "frames can't be split");
        vips_image_remove(page, VIPS_META_PAGE_HEIGHT);
        g_ptr_array_add(still->pages, page);
    }
    return true;
}

static int upright(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_autorot(in, out, NULL);
}

static int ink_format(VipsImage *in, VipsImage **out, const void *args)
{
    bool shallow = in->BandFmt == VIPS_FORMAT_UCHAR;
    return vips_cast(in, out, shallow ? VIPS_FORMAT_UCHAR : VIPS_FORMAT_USHORT, NULL);
}

static bool from_cmyk(struct still *still, struct failure *failure)
{
    GBytes *srgb = profile_named("srgb");
    bool fine = still_each(still, failure, "CMYK can't be read", ink_format, NULL) && srgb &&
                still_to_profile(still, srgb, image_depth(still_first(still)), failure);
    g_clear_pointer(&srgb, g_bytes_unref);
    return fine;
}

static int from_lab(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_colourspace(in, out, VIPS_INTERPRETATION_RGB16, NULL);
}

static int first_bands(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_extract_band(in, out, 0, "n", 4, NULL);
}

/* To one of the formats of struct still. */
static int plain_format(VipsImage *in, VipsImage **out, const void *args)
{
    g_autoptr(VipsImage) cast = NULL;
    g_autoptr(VipsImage) wide = NULL;
    bool is_float = vips_band_format_isfloat(in->BandFmt);
    VipsBandFormat format = is_float                           ? VIPS_FORMAT_FLOAT
                            : in->BandFmt == VIPS_FORMAT_UCHAR ? VIPS_FORMAT_UCHAR
                                                               : VIPS_FORMAT_USHORT;
    if (vips_cast(in, &cast, format, "shift", in->BandFmt == VIPS_FORMAT_UINT, NULL))
        return -1;
    if (is_float && in->Bands < 3 ? image_to_rgb(cast, &wide) : vips_copy(cast, &wide, NULL))
        return -1;
    static const VipsInterpretation types[2][2] = {
        {VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_B_W},
        {VIPS_INTERPRETATION_RGB16, VIPS_INTERPRETATION_GREY16}};
    VipsInterpretation type =
        is_float ? VIPS_INTERPRETATION_scRGB : types[format == VIPS_FORMAT_USHORT][wide->Bands < 3];
    return vips_copy(wide, out, "interpretation", type, NULL);
}

static bool is_lab_like(VipsInterpretation type)
{
    return type == VIPS_INTERPRETATION_LAB || type == VIPS_INTERPRETATION_LABS ||
           type == VIPS_INTERPRETATION_LABQ || type == VIPS_INTERPRETATION_XYZ;
}

/* Radiance's pixels are three mantissas and an exponent. */
static int from_radiance(VipsImage *in, VipsImage **out, const void *args)
{
    return vips_rad2float(in, out, NULL);
}

/* Cyan, magenta, yellow and black; what is beside them goes. */
static bool keep_ink(struct still *still, struct failure *failure)
{
    const int extra = still_first(still)->Bands - 4;
    if (extra > 0)
        still_note(still, "dropped: %d extra channels", extra);
    return (extra <= 0 ||
            still_each(still, failure, "channels can't be taken", first_bands, NULL)) &&
           still_each(still, failure, "CMYK can't be read", ink_format, NULL);
}

static bool to_our_formats(struct still *still, bool ink, struct failure *failure)
{
    VipsImage *image = still_first(still);
    if (image->Coding == VIPS_CODING_RAD) {
        if (!still_each(still, failure, "Radiance can't be read", from_radiance, NULL))
            return false;
        image = still_first(still);
    }
    if (ink && image->Type == VIPS_INTERPRETATION_CMYK)
        return keep_ink(still, failure);
    g_autofree char *profile = still_profile_name(image);
    if (image->Type == VIPS_INTERPRETATION_CMYK) {
        if (!from_cmyk(still, failure))
            return false;
        still->was_ink = true;
        still_note(still, "converted from CMYK (%s) to sRGB",
                   profile ? profile : "no profile: libvips' own");
    } else if (is_lab_like(image->Type)) {
        if (!still_each(still, failure, "Lab can't be converted", from_lab, NULL))
            return false;
        still_note(still, "converted from Lab to sRGB");
    }
    image = still_first(still);
    if (vips_band_format_iscomplex(image->BandFmt) ||
        (vips_band_format_isint(image->BandFmt) && !vips_band_format_isuint(image->BandFmt)))
        return fail(failure, FAIL_UNSUPPORTED, "pixels of signed or complex numbers aren't read");
    if (image->Bands > 4) {
        still_note(still, "dropped: %d extra channels", image->Bands - 4);
        if (!still_each(still, failure, "channels can't be taken", first_bands, NULL))
            return false;
    }
    return still_each(still, failure, "the pixel format can't be converted", plain_format, NULL);
}

/* A profile that lacks what a conversion needs, or is of another sort of picture. */
static void drop_useless_profile(struct still *still)
{
    VipsImage *image = still_first(still);
    if (!vips_image_get_typeof(image, VIPS_META_ICC_NAME) || profile_is_usable(image))
        return;
    g_autofree char *name = still_profile_name(image);
    still_note(still, "dropped: its colour profile (%s), which can't be used", name);
    for (guint i = 0; i < still->pages->len; i++)
        vips_image_remove(still->pages->pdata[i], VIPS_META_ICC_NAME);
}

/* On a display of SDR, as CMYK on one. */
static bool from_hdr(struct still *still, const struct still_coding *coding,
                     struct failure *failure)
{
    const struct space *space = coding_hdr_space(coding);
    const char *primaries = coding_primaries(coding);
    if (!space)
        return true;
    if (g_strcmp0(primaries, space->primaries_tag) != 0)
        still_note(still, "its colours are %s, and its primaries are %s: taken as %s",
                   coding_hdr(coding), primaries ? primaries : "not named", space->primaries_tag);
    return still_to_sdr(still, space, failure);
}

static bool prepare(struct still *still, VipsImage *image, const struct load *load,
                    struct failure *failure)
{
    if (!split(still, image, failure))
        return false;
    drop_useless_profile(still);
    if (!still_own_header(still, failure))
        return false;
    int orientation = vips_image_get_orientation(image);
    if (!still_each(still, failure, "the picture can't be turned upright", upright, NULL))
        return false;
    if (orientation > 1)
        still_note(still, "orientation %d baked", orientation);
    return to_our_formats(still, load->ink, failure) &&
           from_hdr(still, &load->said.coding, failure);
}

static struct still *still_create(void)
{
    struct still *still = g_new0(struct still, 1);
    still->pages = g_ptr_array_new_with_free_func(g_object_unref);
    still->notes = g_ptr_array_new_with_free_func(g_free);
    return still;
}

/* Of what was decoded; `read` has the notes of that, and no pages. */
static struct still *still_from(const struct still *read, VipsImage *image, const struct load *load,
                                struct failure *failure)
{
    g_auto(still_ptr) still = still_fork(read);
    note_pages(still, image, load->fd, load->animated, &load->said);
    if (!prepare(still, image, load, failure))
        return NULL;
    g_autoptr(GPtrArray) unread = carried_new();
    still_tell_unread(load->fd, &load->said, unread);
    still_tell_followers(&load->scan, unread);
    told_note(still, unread);
    told_keep(still, unread);
    if (load->sized) {
        still->full_width = load->full_width;
        still->full_height = load->full_height;
    }
    return g_steal_pointer(&still);
}

static void close_still(void *still)
{
    still_close(still);
}

/* One, or of each size where the picture can be decoded so. */
static GPtrArray *open_stills(struct load *load, const struct still_opts *opts,
                              struct failure *failure)
{
    const struct trust_row *guarded;
    if (!still_start(failure) || !known(load->fd, &guarded, failure))
        return NULL;
    vips_concurrency_set(MAX(opts->threads, 1));
    vips_error_clear();
    if (jpeg_scan_find(load->fd, &load->scan))
        load->reading.end = load->scan.end;
    g_auto(still_ptr) read = still_create();
    read->listener = opts->listener;
    load->still = read;
    load->threads = MAX(opts->threads, 1);
    const bool elsewhere = still_av_takes(guarded) || still_raw_takes(guarded);
    g_autoptr(GPtrArray) images =
        elsewhere ? decode_elsewhere(load, guarded, read, opts->damaged_allow, failure)
                  : decode_all(load, read, opts->damaged_allow, failure);
    g_autoptr(GPtrArray) stills = g_ptr_array_new_with_free_func(close_still);
    for (guint i = 0; images && i < images->len; i++) {
        struct still *still = still_from(read, images->pdata[i], load, failure);
        if (!still)
            return NULL;
        g_ptr_array_add(stills, still);
    }
    return images ? g_steal_pointer(&stills) : NULL;
}

struct still *still_open(int fd, const struct still_opts *opts, struct failure *failure)
{
    struct load load = {.fd = fd, .animated = opts->animated, .ink = opts->ink};
    g_autoptr(GPtrArray) stills = open_stills(&load, opts, failure);
    return stills ? g_ptr_array_steal_index(stills, 0) : NULL;
}

GPtrArray *still_open_sizes(int fd, const struct still_opts *opts,
                            const struct still_scaling *sizes, unsigned count,
                            struct failure *failure)
{
    struct load load = {.fd = fd, .animated = opts->animated, .sizes = sizes, .count = count};
    GPtrArray *stills = open_stills(&load, opts, failure);
    while (stills && stills->len < count)
        g_ptr_array_add(stills, still_fork(stills->pdata[0]));
    return stills;
}

bool still_size(int fd, int *width, int *height, struct failure *failure)
{
    const struct trust_row *guarded;
    struct still_av look;
    if (!still_start(failure) || !known(fd, &guarded, failure))
        return false;
    if (still_raw_takes(guarded)) {
        g_auto(facts_ptr) facts = facts_create();
        if (!still_raw_look(fd, facts, failure))
            return false;
        *width = facts->width;
        *height = facts->height;
        return true;
    }
    if (still_av_takes(guarded)) {
        if (!still_av_look(fd, guarded, &look, failure))
            return false;
        *width = look.width;
        *height = look.height;
        return true;
    }
    struct load load = {.fd = fd, .fail_on = VIPS_FAIL_ON_ERROR};
    g_autoptr(VipsImage) image = header(&load, false);
    if (!image)
        return no_header(&load, failure);
    if (!fits(image, 1, failure))
        return false;
    bool turned = is_turned(image);
    *width = turned ? image->Ysize : image->Xsize;
    *height = turned ? image->Xsize : image->Ysize;
    return true;
}
