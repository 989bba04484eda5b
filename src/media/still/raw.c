/* SPDX-License-Identifier: GPL-3.0-or-later
 * Camera raw through LibRaw, into libvips' memory. */
#include "raw.h"

#include "tags/profile.h"
#include "tags/raw_tags.h"

#include <errno.h>
#include <libraw/libraw.h>
#include <omp.h>
#include <sys/mman.h>
#include <sys/stat.h>

enum { FILE_MAX = 1 << 30, SRGB = 1, PROPHOTO = 4, BYTES_PER_PIXEL = 6 };

/* A file that LibRaw has open. */
struct raw {
    libraw_data_t *lib;
    void *data;
    size_t size;
    unsigned errors; /* places where it isn't what it should be */
};

bool still_raw_takes(const struct trust_row *format)
{
    return format && format->trust == TRUST_RAW;
}

static void count_error(void *data, const char *file, const int offset)
{
    ((struct raw *)data)->errors++;
}

static bool map(struct raw *raw, int fd, struct failure *failure)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(errno));
    if (st.st_size > FILE_MAX)
        return fail(failure, FAIL_UNSUPPORTED, "a picture of this sort is at most 1 GiB");
    raw->size = (size_t)st.st_size;
    raw->data = mmap(NULL, raw->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (raw->data != MAP_FAILED)
        return true;
    raw->data = NULL;
    return fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(errno));
}

static void raw_close(struct raw *raw)
{
    if (raw->lib)
        libraw_close(raw->lib);
    if (raw->data)
        munmap(raw->data, raw->size);
}
typedef struct raw raw_file; /* for `g_auto(raw_file)` */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(raw_file, raw_close)

/* Negative numbers are LibRaw's own, the others of errno. */
static bool check(int status, struct failure *failure)
{
    switch (status) {
    case LIBRAW_SUCCESS:
        return true;
    case LIBRAW_UNSUFFICIENT_MEMORY:
    case LIBRAW_MEMPOOL_OVERFLOW:
        return fail(failure, FAIL_MEMORY, "no memory to develop the picture");
    case LIBRAW_FILE_UNSUPPORTED:
    case LIBRAW_NOT_IMPLEMENTED:
        return fail(failure, FAIL_UNSUPPORTED,
                    "a kind of camera raw that LibRaw %s can't read (it may be of a newer camera)",
                    libraw_version());
    case LIBRAW_TOO_BIG:
        return fail(failure, FAIL_UNSUPPORTED, "the picture is larger than LibRaw allows (2 GiB)");
    case LIBRAW_IO_ERROR:
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "the file is damaged or cut off: what its header points to isn't in it");
    default:
        return fail(failure, FAIL_INPUT_DAMAGED, "the file is damaged or cut off: %s",
                    libraw_strerror(status));
    }
}

static bool raw_open(struct raw *raw, int fd, struct failure *failure)
{
    if (!map(raw, fd, failure))
        return false;
    raw->lib = libraw_init(LIBRAW_OPTIONS_NONE);
    if (!raw->lib)
        return check(LIBRAW_UNSUFFICIENT_MEMORY, failure);
    libraw_set_dataerror_handler(raw->lib, count_error, raw);
    return check(libraw_open_buffer(raw->lib, raw->data, raw->size), failure);
}

bool still_raw_look(int fd, struct facts *facts, struct failure *failure)
{
    g_auto(raw_file) raw = {.lib = NULL};
    if (!raw_open(&raw, fd, failure) || !check(libraw_adjust_sizes_info_only(raw.lib), failure))
        return false;
    facts->width = raw.lib->sizes.iwidth;
    facts->height = raw.lib->sizes.iheight;
    facts->bands = raw.lib->idata.colors == 1 ? 1 : 3;
    facts->bit_depth = raw.lib->color.raw_bps > 8 ? (int)raw.lib->color.raw_bps : 16;
    raw_tell(raw.lib, facts);
    return true;
}

/* dcraw's numbers: gamm is a power and the slope of a straight part at black, 0 for none. */
static void develop_so(libraw_output_params_t *params, bool color)
{
    params->use_camera_wb = 1;
    params->no_auto_bright = 1;
    params->output_bps = 16;
    params->output_color = color ? PROPHOTO : SRGB;
    params->gamm[0] = color ? 1 / ROMM_GAMMA : 1 / 2.4;
    params->gamm[1] = color ? 0 : 12.92;
}

static void let_go(VipsImage *image, void *pixels)
{
    libraw_dcraw_clear_mem(pixels);
}

/* Takes the pixels. */
static VipsImage *image_of(libraw_processed_image_t *pixels, struct failure *failure)
{
    g_autoptr(VipsImage) raw =
        vips_image_new_from_memory(pixels->data, pixels->data_size, pixels->width, pixels->height,
                                   pixels->colors, VIPS_FORMAT_USHORT);
    if (!raw) {
        libraw_dcraw_clear_mem(pixels);
        fail_vips(failure, FAIL_MEMORY, "the picture can't be taken over");
        return NULL;
    }
    g_signal_connect(raw, "postclose", G_CALLBACK(let_go), pixels);
    VipsImage *image = NULL;
    vips_copy(raw, &image, "interpretation",
              pixels->colors == 1 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16, NULL);
    return image;
}

static bool embed_romm(VipsImage *image, struct failure *failure)
{
    g_autoptr(GBytes) profile = profile_romm();
    gsize length = 0;
    const void *data = profile ? g_bytes_get_data(profile, &length) : NULL;
    if (!data)
        return fail(failure, FAIL_INTERNAL, "the profile can't be made");
    vips_image_set_blob_copy(image, VIPS_META_ICC_NAME, data, length);
    return true;
}

static libraw_processed_image_t *develop(struct raw *raw, struct failure *failure)
{
    int status;
    if (!check(libraw_unpack(raw->lib), failure) || !check(libraw_dcraw_process(raw->lib), failure))
        return NULL;
    libraw_processed_image_t *pixels = libraw_dcraw_make_mem_image(raw->lib, &status);
    check(pixels ? LIBRAW_SUCCESS : status ? status : LIBRAW_UNSUFFICIENT_MEMORY, failure);
    return pixels;
}

VipsImage *still_raw_read(int fd, int threads, char **damage, struct failure *failure)
{
    g_auto(raw_file) raw = {.lib = NULL};
    if (!raw_open(&raw, fd, failure))
        return NULL;
    const int width = raw.lib->sizes.width, height = raw.lib->sizes.height;
    if (!still_fits(still_limit_here(), width, height, 1, BYTES_PER_PIXEL, failure))
        return NULL;
    const bool color = raw.lib->idata.colors > 1;
    develop_so(&raw.lib->params, color);
    omp_set_num_threads(threads);
    libraw_processed_image_t *pixels = develop(&raw, failure);
    g_autoptr(VipsImage) image = pixels ? image_of(pixels, failure) : NULL;
    if (!image || (color && !embed_romm(image, failure)) || !raw_tag(raw.lib, image, failure))
        return NULL;
    if (raw.errors)
        *damage = g_strdup_printf("LibRaw met what is no picture at %u place%s", raw.errors,
                                  raw.errors == 1 ? "" : "s");
    return g_steal_pointer(&image);
}
