/* SPDX-License-Identifier: GPL-3.0-or-later
 * libjpeg's raw samples. Its errors jump out of it: no function that it may leave so owns anything
 * but what its reader holds. */
#include "jpeg_planes.h"

#include "../bytes/jpeg_scan.h"
#include "../signal/ycc.h"
#include "private.h"

#include <setjmp.h>
#include <stdio.h> /* jpeglib.h needs it */
#include <string.h>

#include <jerror.h>
#include <jpeglib.h>

enum { ROWS_MOST = MAX_SAMP_FACTOR * DCTSIZE, SCANS_MOST = 500 };

struct reader {
    struct jpeg_planes planes; /* first: it is what others see of it */
    struct jpeg_decompress_struct libjpeg;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr bytes;
    struct jpeg_progress_mgr progress;
    jmp_buf out;
    VipsSource *source;
    VipsFailOn fail_on;
    bool whole_chroma;
    bool in_data; /* of the picture: what comes before is form */
    char *loss;   /* jpeg_loss() */
    guint8 *samples[PLANES_MOST];
    guint8 *rows[PLANES_MOST][ROWS_MOST];
    guint8 buffer[JPEG_READ_AT_ONCE];
};

static struct reader *reader_of(j_common_ptr libjpeg)
{
    return libjpeg->client_data;
}

/* --- what libjpeg calls --- */

static void say(j_common_ptr libjpeg)
{
    char words[JMSG_LENGTH_MAX];
    libjpeg->err->format_message(libjpeg, words);
    vips_error("VipsJpeg", "%s", words);
}

static bool tells_loss(const struct reader *r, const char *words)
{
    const bool left_over = r->errors.msg_code == JWRN_EXTRANEOUS_DATA && r->in_data &&
                           r->errors.msg_parm.i[0] > JPEG_LEFT_MOST;
    return left_over || jpeg_words_tell_loss(words);
}

/* A warning is said if it is the first, as by libjpeg. */
static void hear(j_common_ptr libjpeg, int level)
{
    struct reader *r = reader_of(libjpeg);
    char words[JMSG_LENGTH_MAX];
    if (level >= 0)
        return;
    if (libjpeg->err->num_warnings++ == 0)
        say(libjpeg);
    libjpeg->err->format_message(libjpeg, words);
    if (!r->loss && tells_loss(r, words))
        r->loss = g_strdup(words);
}

static void leave(j_common_ptr libjpeg)
{
    say(libjpeg);
    longjmp(reader_of(libjpeg)->out, 1);
}

static void nothing(j_decompress_ptr libjpeg)
{
}

/* Where it may, it reads an end mark behind the end of the file, as from libjpeg's own sources. */
static boolean fill(j_decompress_ptr libjpeg)
{
    struct reader *r = reader_of((j_common_ptr)libjpeg);
    const gint64 got = vips_source_read(r->source, r->buffer, sizeof r->buffer);
    r->bytes.next_input_byte = r->buffer;
    r->bytes.bytes_in_buffer = (size_t)MAX(got, 0);
    if (got > 0)
        return TRUE;
    if (r->fail_on >= VIPS_FAIL_ON_TRUNCATED)
        ERREXIT(libjpeg, JERR_INPUT_EOF);
    r->buffer[0] = 0xff;
    r->buffer[1] = JPEG_EOI;
    r->bytes.bytes_in_buffer = 2;
    WARNMS(libjpeg, JWRN_JPEG_EOF);
    return TRUE;
}

static void skip(j_decompress_ptr libjpeg, long count)
{
    struct jpeg_source_mgr *bytes = libjpeg->src;
    if (count <= 0)
        return;
    while (count > (long)bytes->bytes_in_buffer) {
        count -= (long)bytes->bytes_in_buffer;
        fill(libjpeg);
    }
    bytes->next_input_byte += count;
    bytes->bytes_in_buffer -= (size_t)count;
}

/* A small file can ask for the whole picture to be gone through again and again. */
static void count_scans(j_common_ptr libjpeg)
{
    if (((j_decompress_ptr)libjpeg)->input_scan_number <= SCANS_MOST)
        return;
    vips_error("VipsJpeg", "it has more than %d scans", SCANS_MOST);
    longjmp(reader_of(libjpeg)->out, 1);
}

static void connect(struct reader *r)
{
    r->libjpeg.err = jpeg_std_error(&r->errors);
    r->errors.error_exit = leave;
    r->errors.emit_message = hear;
    r->libjpeg.client_data = r;
    jpeg_create_decompress(&r->libjpeg);
    r->bytes = (struct jpeg_source_mgr){.init_source = nothing,
                                        .fill_input_buffer = fill,
                                        .skip_input_data = skip,
                                        .resync_to_restart = jpeg_resync_to_restart,
                                        .term_source = nothing};
    r->libjpeg.src = &r->bytes;
    r->progress.progress_monitor = count_scans;
    r->libjpeg.progress = &r->progress;
}

/* --- its samples --- */

static bool is_known(J_COLOR_SPACE colours)
{
    return colours == JCS_GRAYSCALE || colours == JCS_YCbCr || colours == JCS_RGB ||
           colours == JCS_CMYK || colours == JCS_YCCK;
}

/* libjpeg has no way to make pixels of it. */
static bool is_fractional(const struct jpeg_decompress_struct *libjpeg)
{
    for (int i = 0; i < libjpeg->num_components; i++)
        if (libjpeg->max_h_samp_factor % libjpeg->comp_info[i].h_samp_factor ||
            libjpeg->max_v_samp_factor % libjpeg->comp_info[i].v_samp_factor)
            return true;
    return false;
}

static bool is_subsampled(const struct jpeg_decompress_struct *libjpeg)
{
    for (int i = 0; i < libjpeg->num_components; i++)
        if (libjpeg->max_h_samp_factor != libjpeg->comp_info[i].h_samp_factor ||
            libjpeg->max_v_samp_factor != libjpeg->comp_info[i].v_samp_factor)
            return true;
    return false;
}

static void shape(struct reader *r)
{
    const struct jpeg_decompress_struct *libjpeg = &r->libjpeg;
    r->planes.count = (unsigned)libjpeg->num_components;
    r->whole_chroma = libjpeg->jpeg_color_space == JCS_YCbCr && !is_subsampled(libjpeg);
    r->planes.ycc = libjpeg->jpeg_color_space == JCS_YCbCr && !r->whole_chroma;
    for (unsigned i = 0; i < r->planes.count; i++) {
        const jpeg_component_info *plane = &libjpeg->comp_info[i];
        const gsize wide = (gsize)plane->width_in_blocks * DCTSIZE;
        r->planes.shape[i] =
            (struct plane_shape){.width = (int)plane->downsampled_width,
                                 .height = (int)plane->downsampled_height,
                                 .across = (double)libjpeg->image_width * plane->h_samp_factor /
                                           libjpeg->max_h_samp_factor,
                                 .down = (double)libjpeg->image_height * plane->v_samp_factor /
                                         libjpeg->max_v_samp_factor,
                                 .rows = plane->v_samp_factor * DCTSIZE};
        r->samples[i] = g_malloc0(wide * ROWS_MOST);
        for (unsigned y = 0; y < ROWS_MOST; y++)
            r->rows[i][y] = r->samples[i] + wide * y;
        r->planes.rows[i] = (const guint8 *const *)r->rows[i];
    }
}

static bool begin(struct reader *r)
{
    if (setjmp(r->out))
        return false;
    connect(r);
    jpeg_read_header(&r->libjpeg, TRUE);
    r->in_data = true;
    if (!is_known(r->libjpeg.jpeg_color_space)) {
        vips_error("VipsJpeg", "its colours are none of grey, YCbCr, RGB, CMYK and YCCK");
        return false;
    }
    if (is_fractional(&r->libjpeg))
        ERREXIT(&r->libjpeg, JERR_FRACT_SAMPLE_NOTIMPL);
    r->libjpeg.raw_data_out = TRUE;
    r->libjpeg.out_color_space = r->libjpeg.jpeg_color_space;
    jpeg_start_decompress(&r->libjpeg);
    return true;
}

struct jpeg_planes *jpeg_planes_open(VipsSource *source, VipsFailOn fail_on)
{
    struct reader *r = g_new0(struct reader, 1);
    r->source = source;
    r->fail_on = fail_on;
    if (!begin(r)) {
        jpeg_planes_close(&r->planes);
        return NULL;
    }
    shape(r);
    return &r->planes;
}

static void count_rows(struct reader *r, unsigned group)
{
    for (unsigned i = 0; i < r->planes.count; i++) {
        const struct plane_shape *plane = &r->planes.shape[i];
        r->planes.came[i] = MIN(plane->rows, plane->height - (int)group * plane->rows);
    }
    r->planes.fraction =
        MIN((double)r->libjpeg.output_scanline / (double)r->libjpeg.output_height, 1);
}

/* In place. */
static void make_rgb(struct reader *r)
{
    for (int y = 0; y < r->planes.came[0]; y++) {
        guint8 *a = r->rows[0][y], *b = r->rows[1][y], *c = r->rows[2][y];
        for (int x = 0; x < r->planes.shape[0].width; x++)
            ycc_to_rgb(a[x], b[x] - 128, c[x] - 128, 0, a + x, b + x, c + x);
    }
}

static bool read_group(struct reader *r)
{
    JSAMPARRAY to[PLANES_MOST] = {r->rows[0], r->rows[1], r->rows[2], r->rows[3]};
    const unsigned lines = (unsigned)r->libjpeg.max_v_samp_factor * DCTSIZE;
    const unsigned group = r->libjpeg.output_scanline / lines;
    if (setjmp(r->out))
        return false;
    if (!jpeg_read_raw_data(&r->libjpeg, to, lines) ||
        (r->errors.num_warnings && r->fail_on >= VIPS_FAIL_ON_WARNING))
        return false;
    count_rows(r, group);
    if (r->whole_chroma)
        make_rgb(r);
    return true;
}

bool jpeg_planes_next(struct jpeg_planes *planes)
{
    struct reader *r = (struct reader *)planes;
    return r->libjpeg.output_scanline < r->libjpeg.output_height && read_group(r);
}

void jpeg_planes_close(struct jpeg_planes *planes)
{
    struct reader *r = (struct reader *)planes;
    if (!r)
        return;
    jpeg_destroy_decompress(&r->libjpeg);
    for (unsigned i = 0; i < PLANES_MOST; i++)
        g_free(r->samples[i]);
    g_free(r->loss);
    g_free(r);
}

bool jpeg_words_tell_loss(const char *words)
{
    static const char *const losses[] = {"remature end", "bad Huffman", "bad arithmetic",
                                         "instead of RST", "Inconsistent progression"};
    for (unsigned i = 0; i < G_N_ELEMENTS(losses); i++)
        if (strstr(words, losses[i]))
            return true;
    return false;
}

char *jpeg_loss(int fd)
{
    int error = 0;
    g_autoptr(VipsSource) source = still_source(fd, &error);
    struct jpeg_planes *planes = jpeg_planes_open(source, VIPS_FAIL_ON_NONE);
    while (planes && jpeg_planes_next(planes))
        ;
    char *loss = planes ? g_steal_pointer(&((struct reader *)planes)->loss) : NULL;
    jpeg_planes_close(planes);
    vips_error_clear();
    return loss;
}
