/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts of a still, read through libvips from a descriptor. */
#include "media/probe.h"

#include "../bytes/sniff.h"
#include "../still/av.h"
#include "../still/icc.h"
#include "../still/private.h"
#include "../still/raw.h"
#include "../still/tags/profile.h"
#include "../still/tags/said.h"
#include "../still/tags/xmp.h"
#include "../still/vips_start.h"
#include "../still/whole.h"
#include "color/space.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

/* EXIF orientation as a mirror and a turn (Exif 2.3, tag 274). */
static const struct {
    int degrees;
    bool flipped;
} orientations[9] = {{0, false},  {0, false},  {0, true},  {180, false}, {180, true},
                     {270, true}, {90, false}, {90, true}, {270, false}};

static const double BLANK = 0.01;

enum { ALL_PAGES = -1, FIRST_PAGE };

static VipsImage *open_source(VipsSource *source, int page, struct failure *failure)
{
    const char *loader = source ? vips_foreign_find_load_source(source) : NULL;
    VipsImage *image = NULL;
    if (loader && page != FIRST_PAGE)
        image =
            vips_image_new_from_source(source, "", "fail_on", VIPS_FAIL_ON_ERROR, "access",
                                       VIPS_ACCESS_SEQUENTIAL, page < 0 ? "n" : "page", page, NULL);
    else if (loader)
        image = vips_image_new_from_source(source, "", "fail_on", VIPS_FAIL_ON_ERROR, "access",
                                           VIPS_ACCESS_SEQUENTIAL, NULL);
    g_autofree char *message = image ? NULL : vips_words();
    if (!image && loader && (words_tell_unsupported(message) || strstr(message, "limit exceeded")))
        fail(failure, FAIL_UNSUPPORTED, "this picture can't be read: %s", message);
    else if (!image)
        fail(failure, FAIL_INPUT_DAMAGED,
             "the picture's header is damaged or missing (is it cut short?): %s", message);
    return image;
}

/* The file that is read; outlives its images. */
struct input {
    int fd, error;
    struct still_reading reading;
};

static VipsImage *open_image(struct input *input, int page, struct failure *failure)
{
    vips_start();
    g_autoptr(VipsSource) source = still_source_watched(input->fd, &input->reading, &input->error);
    return open_source(source, page, failure);
}

static char *text_field(VipsImage *image, const char *name)
{
    const char *text;
    if (!vips_image_get_typeof(image, name) || vips_image_get_string(image, name, &text))
        return NULL;
    /* EXIF values carry their type: "Canon (Canon, ASCII, 6 components, 6 bytes)" */
    const char *end = strstr(text, " (");
    g_autofree char *value = end ? g_strndup(text, (gsize)(end - text)) : g_strdup(text);
    g_strstrip(value);
    return *value ? g_utf8_make_valid(value, -1) : NULL;
}

static char *container_of(VipsImage *image)
{
    const char *loader = "", *compression = "";
    if (vips_image_get_typeof(image, VIPS_META_LOADER))
        vips_image_get_string(image, VIPS_META_LOADER, &loader);
    if (vips_image_get_typeof(image, "heif-compression"))
        vips_image_get_string(image, "heif-compression", &compression);
    if (strcmp(compression, "av1") == 0)
        return g_strdup("avif");
    const char *end = strstr(loader, "load");
    return end ? g_strndup(loader, (gsize)(end - loader)) : g_strdup("picture");
}

/* Of what is packed in four bytes: Radiance's, and libvips' of 8-bit Lab, which it takes for three
 * and alpha. */
static bool is_packed(const VipsImage *image)
{
    return image->Coding == VIPS_CODING_RAD || image->Coding == VIPS_CODING_LABQ;
}

static int depth_of(VipsImage *image)
{
    int bits;
    if (image->Coding == VIPS_CODING_RAD)
        return 32;
    if (vips_image_get_typeof(image, "bits-per-sample") &&
        vips_image_get_int(image, "bits-per-sample", &bits) == 0 && bits > 0)
        return bits;
    return (int)vips_format_sizeof(vips_image_get_format(image)) * 8;
}

static void read_orientation(VipsImage *image, struct facts *facts)
{
    if (!vips_image_get_typeof(image, VIPS_META_ORIENTATION))
        return;
    facts->orientation = CLAMP(vips_image_get_orientation(image), 1, 8);
    facts->rotation = orientations[facts->orientation].degrees;
    facts->flipped = orientations[facts->orientation].flipped;
    if (facts->rotation % 180 == 0)
        return;
    int width = facts->width;
    facts->width = facts->height;
    facts->height = width;
}

static void read_camera(VipsImage *image, struct facts *facts)
{
    g_autofree char *make = text_field(image, "exif-ifd0-Make");
    g_autofree char *model = text_field(image, "exif-ifd0-Model");
    if (make && model && g_str_has_prefix(model, make))
        facts->camera = g_strdup(model);
    else if (make || model)
        facts->camera = g_strdup_printf("%s%s%s", make ? make : "", make && model ? " " : "",
                                        model ? model : "");
    facts->date = text_field(image, "exif-ifd2-DateTimeOriginal");
    if (!facts->date)
        facts->date = text_field(image, "exif-ifd0-DateTime");
}

static bool has_place(VipsImage *image)
{
    const void *data;
    size_t length;
    if (vips_image_get_typeof(image, "exif-ifd3-GPSLatitude") ||
        vips_image_get_typeof(image, "exif-ifd3-GPSLongitude"))
        return true;
    if (!vips_image_get_typeof(image, VIPS_META_XMP_NAME) ||
        vips_image_get_blob(image, VIPS_META_XMP_NAME, &data, &length))
        return false;
    g_autoptr(GBytes) xmp = g_bytes_new_static(data, length);
    return xmp_has_coordinates(xmp);
}

static const struct trust_row *guarded_as(int fd)
{
    g_autofree guint8 *head = g_malloc(SNIFF_HEAD_BYTES);
    ssize_t got = pread(fd, head, SNIFF_HEAD_BYTES, 0);
    return got > 0 ? sniff_guarded(head, (gsize)got) : NULL;
}

static bool probe_av(int fd, const struct trust_row *format, struct facts *facts,
                     struct failure *failure)
{
    struct still_av look;
    if (!still_av_look(fd, format, &look, failure))
        return false;
    facts->kind = KIND_IMAGE;
    facts->container = g_strdup(format->word);
    facts->codec = g_strdup(format->word);
    facts->width = look.width;
    facts->height = look.height;
    facts->bands = (look.color ? 3 : 1) + look.alpha;
    facts->bit_depth = look.depth;
    facts->alpha = look.alpha;
    facts->pages = 1;
    return true;
}

static bool probe_raw(int fd, const struct trust_row *format, struct facts *facts,
                      struct failure *failure)
{
    facts->kind = KIND_IMAGE;
    facts->container = g_strdup(format->word);
    facts->codec = g_strdup(format->word);
    facts->pages = 1;
    return still_raw_look(fd, facts, failure);
}

static bool read_elsewhere(int fd, const struct trust_row *format, struct failure *failure)
{
    g_autofree char *damage = NULL;
    g_autoptr(VipsImage) image = still_raw_takes(format)
                                     ? still_raw_read(fd, 1, &damage, failure)
                                     : still_av_read(fd, format, &damage, NULL, failure);
    return image &&
           (!damage || fail(failure, FAIL_INPUT_DAMAGED, "the picture is damaged: %s", damage));
}

static void tell_said(const struct still_said *said, struct facts *facts)
{
    if (said->depth > 0)
        facts->bit_depth = said->depth;
    if (said->frames > 0)
        facts->pages = said->frames;
    facts->color_primaries = g_strdup(coding_primaries(&said->coding));
    facts->color_transfer = g_strdup(coding_transfer(&said->coding));
    facts->hdr_format = g_strdup(coding_hdr(&said->coding));
    facts->hdr = facts->hdr_format != NULL;
}

static void tell(VipsImage *image, const struct trust_row *guarded, struct facts *facts)
{
    const void *profile;
    size_t length;
    facts->kind = KIND_IMAGE;
    facts->container = guarded ? g_strdup(guarded->word) : container_of(image);
    facts->codec = g_strdup(facts->container);
    facts->width = vips_image_get_width(image);
    facts->height = vips_image_get_page_height(image);
    facts->bands = is_packed(image) ? 3 : vips_image_get_bands(image);
    facts->bit_depth = depth_of(image);
    facts->alpha = !is_packed(image) && vips_image_hasalpha(image);
    facts->pages = vips_image_get_n_pages(image);
    facts->progressive = vips_image_get_typeof(image, "interlaced") != 0;
    read_orientation(image, facts);
    read_camera(image, facts);
    facts->gps = has_place(image);
    if (vips_image_get_typeof(image, VIPS_META_ICC_NAME) &&
        vips_image_get_blob(image, VIPS_META_ICC_NAME, &profile, &length) == 0)
        facts->icc = icc_description(profile, length);
    const struct space *space = profile_space(image);
    facts->icc_space = space ? g_strdup(space->name) : NULL;
}

bool media_probe_still(int fd, struct facts *facts, struct failure *failure)
{
    const struct trust_row *guarded = guarded_as(fd);
    if (still_raw_takes(guarded))
        return probe_raw(fd, guarded, facts, failure);
    if (still_av_takes(guarded))
        return probe_av(fd, guarded, facts, failure);
    if (still_has_other_lab(fd, failure))
        return false;
    struct input input = {.fd = fd};
    g_autoptr(VipsImage) image = open_image(&input, FIRST_PAGE, failure);
    if (!image)
        return false;
    struct still_said said;
    still_hear_said(image, fd, &said);
    tell(image, guarded, facts);
    tell_said(&said, facts);
    return true;
}

/* The deviation of every band is below 1 % of what its format can say. */
static bool is_blank(VipsImage *image, VipsImage *stats)
{
    enum { MAXIMUM = 1, DEVIATION = 5 };
    const VipsBandFormat format = vips_image_get_format(image);
    bool blank = true;
    for (int band = 1; band < stats->Ysize; band++) {
        const double most = fabs(*VIPS_MATRIX(stats, MAXIMUM, band));
        const double range = format == VIPS_FORMAT_UCHAR    ? UINT8_MAX
                             : format == VIPS_FORMAT_USHORT ? UINT16_MAX
                                                            : fmax(most, 1);
        blank &= *VIPS_MATRIX(stats, DEVIATION, band) < BLANK * range;
    }
    return blank;
}

static bool read_pixels(VipsImage *image, bool *blank, struct failure *failure)
{
    g_autoptr(VipsImage) stats = NULL;
    if (vips_stats(image, &stats, NULL) == 0) {
        *blank = is_blank(image, stats);
        return true;
    }
    g_autofree char *message = vips_words();
    return fail(failure, FAIL_INPUT_DAMAGED, "the picture is damaged: %s", message);
}

static bool read_page(struct input *input, int page, bool *blank, struct failure *failure)
{
    g_autoptr(VipsImage) image = open_image(input, page, failure);
    return image && read_pixels(image, blank, failure);
}

static bool read_frames(struct input *input, struct facts *facts, struct failure *failure)
{
    g_autoptr(VipsImage) image = open_image(input, ALL_PAGES, failure);
    if (!image || !read_pixels(image, &facts->blank, failure))
        return false;
    facts->decoded_frames = image->Ysize / vips_image_get_page_height(image);
    facts->decoded_video_s = still_seconds(image);
    return true;
}

bool media_read_still_data(const void *data, size_t length, struct facts *facts,
                           struct failure *failure)
{
    vips_start();
    g_autoptr(VipsSource) source = vips_source_new_from_memory(data, length);
    g_autoptr(VipsImage) image = open_source(source, FIRST_PAGE, failure);
    if (!image || !read_pixels(image, &facts->blank, failure))
        return false;
    tell(image, NULL, facts);
    return true;
}

/* Those of a TIFF may have different sizes. */
static bool read_pages(struct input *input, int pages, bool *blank, struct failure *failure)
{
    *blank = true;
    for (int page = 0; page < pages; page++) {
        bool page_blank;
        if (!read_page(input, page, &page_blank, failure))
            return false;
        *blank &= page_blank;
    }
    return true;
}

/* What readers have nothing against, or warn of, and yet isn't there. */
static bool is_whole(const struct input *input, const struct jpeg_scan *scan,
                     struct failure *failure)
{
    g_autofree char *words = vips_words();
    g_autofree char *damage = still_lost(input->fd, words);
    if (!damage)
        damage = still_missing(input->fd, scan, input->reading.reached);
    return !damage || fail(failure, FAIL_INPUT_DAMAGED, "the picture is damaged: %s", damage);
}

bool media_read_still(int fd, struct facts *facts, struct failure *failure)
{
    struct jpeg_scan scan;
    struct input input = {.fd = fd};
    const struct trust_row *guarded = guarded_as(fd);
    if (still_av_takes(guarded) || still_raw_takes(guarded))
        return read_elsewhere(fd, guarded, failure);
    if (jpeg_scan_find(fd, &scan))
        input.reading.end = scan.end;
    vips_error_clear(); /* what was said of another file is none of this one's */
    g_autoptr(VipsImage) first = open_image(&input, FIRST_PAGE, failure);
    if (!first)
        return false;
    const int pages = vips_image_get_n_pages(first);
    g_autofree char *format = container_of(first);
    const bool read = strcmp(format, "tiff") == 0
                          ? read_pages(&input, pages, &facts->blank, failure)
                      : pages > 1 ? read_frames(&input, facts, failure)
                                  : read_page(&input, FIRST_PAGE, &facts->blank, failure);
    return read && is_whole(&input, &scan, failure);
}
