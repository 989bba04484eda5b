/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills on files: opened from a descriptor, forked to outputs, written to a descriptor. What lies
 * between, the steps, is in media/still.h.
 *
 *     struct still *still = still_open(fd, &(struct still_opts){.threads = 2}, &failure);
 *     … shared steps …
 *     still_settle(still, &failure);
 *     struct still *web = still_fork(still);
 *     … steps of this output …
 *     still_write(web, "jpeg", &encode->image, part_fd, &claim, &failure);
 *
 * libvips runs with what it calls untrusted loaders (OpenEXR, JPEG XL, PPM, SVG, PDF, ImageMagick
 * …) blocked and without its cache of operations. One thread a still; each computes in threads of
 * its own. */
#pragma once

#include "media/still.h"
#include "model/carried.h"
#include "model/encode.h"
#include "model/task.h"

/* Once per process, before any other call on stills; later calls do nothing. Starts no thread, so
 * a process may fork after it. False when libvips can't start. */
bool still_start(struct failure *failure);

/* For all that this process opens from now on, in million pixels; 0: the default, or what
 * $RUSHES_MAX_MEGAPIXELS says. */
void still_limit(unsigned megapixels);

/* Who hears that pixels are computed, while it is opened, as steps need them and while it is
 * written: `fraction` is of the pass that runs, 0 to 1, many times a second, in the thread that
 * asked for it. Stays the caller's, and outlives the still and its forks. */
struct still_listener {
    void (*heard)(void *data, double fraction);
    void *data;
};

struct still_opts {
    bool damaged_allow; /* a truncated file is read as far as it goes, with a note */
    bool animated;      /* all frames of an animation; else the first */
    bool ink;    /* CMYK stays, with its profile, for still_write() alone: no step takes it */
    int threads; /* 0 = 1 */
    const struct still_listener *listener; /* from the first pixel on; NULL: nobody */
};

/* Reads and decodes the file behind fd (borrowed) by its content, into memory. It comes out
 * upright (EXIF orientation applied and removed), with 8 or 16 bits or float, as grey or RGB, with
 * its ICC profile; CMYK (but for `ink`) and Lab are converted to sRGB.
 * The header is judged before anything is decoded: above 268 402 689 pixels, or 1 GiB decoded
 * (frames of an animation summed; still_limit() sets another number, and 4 bytes a pixel), or not a
 * picture we read: FAIL_UNSUPPORTED. Empty, truncated, corrupt: FAIL_INPUT_DAMAGED. */
struct still *still_open(int fd, const struct still_opts *opts, struct failure *failure);
/* The same, decoded once for several resizes: the caller's, in the order of `sizes`; what each has
 * to go through first is still_resize() to its size, in its kernel. Until then it stands for the
 * whole picture (still_shape), which of a JPEG is never in memory. What still_resize() then makes
 * doesn't depend on the other sizes, and is what it would make of still_open()'s within a code, or
 * three, of photographs, of less than a quarter of its sides; where the JPEG has less chroma than
 * luma it is nearer to what was coded, by more than that beside colours (media/still_sizes.h). NULL
 * with `failure`.
 */
GPtrArray *still_open_sizes(int fd, const struct still_opts *opts,
                            const struct still_scaling *sizes, unsigned count,
                            struct failure *failure);
void still_close(struct still *still); /* accepts NULL */
typedef struct still *still_ptr;       /* for `g_auto(still_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(still_ptr, still_close, NULL)

/* From now on. */
void still_listen(struct still *still, const struct still_listener *listener);

/* A new one of rows of sRGB, 8 bits, without gaps; copied. NULL with `failure`. */
struct still *still_of_rgb(const uint8_t *rows, int width, int height, struct failure *failure);
/* Such rows written as a PNG from the start of the file behind fd (borrowed). */
bool still_write_rgb(const uint8_t *rows, int width, int height, int fd, struct failure *failure);
/* Computes what was asked for so far, so that forks don't each do it again. */
bool still_settle(struct still *still, struct failure *failure);
/* Another still with the same picture and notes so far; no pixels are copied. */
struct still *still_fork(const struct still *still);
const GPtrArray *still_notes(const struct still *still); /* char *, in order */
/* What became of its metadata, once it is written: struct carried_row, borrowed; NULL: it has none.
 */
const GPtrArray *still_carried(const struct still *still);
int still_frames(const struct still *still); /* 1, or of an animation */

/* A row of struct carried_row for each thing that the file behind fd (borrowed) says beside its
 * pixels, all dropped for `why`, in the words of an output that leaves them out; none for a file
 * that can't be read. Its header is read, no pixel is decoded. Caller frees. */
GPtrArray *still_sayings_lost(int fd, const char *why);

/* The file of the profile that `encode->profile` names: still_write converts to it. FAIL_CONFIG
 * for what is none. */
bool still_take_profile(struct still *still, int fd, struct failure *failure);
/* Writes the file behind fd (borrowed; open for reading too) from its start, with the settings of
 * `encode`; `format` is "jpeg" "png" "webp" "gif" "avif" "jxl" or "tiff". Converts to
 * `encode->profile` and embeds that; without one to sRGB, except TIFF and PNG with metadata:
 * archive, which keep profile and pixels. Flushes, syncs and checks. Fills width, height, frames,
 * pix_fmt and video_codec (the format) of `claim`. A setting that the format has no use for is
 * FAIL_CONFIG; FAIL_DISK, FAIL_MEMORY. */
bool still_write(struct still *still, const char *format, const struct encode_image *encode, int fd,
                 struct claim *claim, struct failure *failure);
