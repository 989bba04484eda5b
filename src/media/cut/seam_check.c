/* SPDX-License-Identifier: GPL-3.0-or-later
 * A film with seams beside the one it was cut from, picture by picture. */
#include "media/cut.h"
#include "media/frame.h"
#include "media/seams.h"

#include "../chain/picture.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <math.h>

/* --- two pictures --- */

static int rows_of(const AVFrame *frame, int plane)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(frame->format);
    int shift = plane == 1 || plane == 2 ? format->log2_chroma_h : 0;
    return AV_CEIL_RSHIFT(frame->height, shift);
}

static bool are_same(const AVFrame *a, const AVFrame *b)
{
    const int planes = av_pix_fmt_count_planes(a->format);
    for (int plane = 0; plane < planes; plane++) {
        int bytes = av_image_get_linesize(a->format, a->width, plane);
        for (int y = 0; y < rows_of(a, plane); y++)
            if (memcmp(a->data[plane] + (ptrdiff_t)y * a->linesize[plane],
                       b->data[plane] + (ptrdiff_t)y * b->linesize[plane], (size_t)bytes))
                return false;
    }
    return true;
}

static double psnr_of_plane(const AVFrame *a, const AVFrame *b, int plane)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(a->format);
    const int depth = format->comp[plane].depth, bytes = depth > 8 ? 2 : 1;
    const int width = av_image_get_linesize(a->format, a->width, plane) / bytes;
    const double peak = (1 << depth) - 1;
    double squares = 0;
    for (int y = 0; y < rows_of(a, plane); y++) {
        const uint8_t *of_a = a->data[plane] + (ptrdiff_t)y * a->linesize[plane];
        const uint8_t *of_b = b->data[plane] + (ptrdiff_t)y * b->linesize[plane];
        int64_t sum = 0;
        for (int x = 0; x < width; x++) {
            int64_t off = (int64_t)sample_at(of_a, bytes, x) - sample_at(of_b, bytes, x);
            sum += off * off;
        }
        squares += (double)sum;
    }
    return squares > 0 ? 10 * log10(peak * peak * width * rows_of(a, plane) / squares) : INFINITY;
}

static double least_psnr(const AVFrame *a, const AVFrame *b)
{
    const int planes = av_pix_fmt_count_planes(a->format);
    double least = INFINITY;
    for (int plane = 0; plane < planes; plane++)
        least = fmin(least, psnr_of_plane(a, b, plane));
    return least;
}

/* --- two films --- */

struct films {
    struct seams *seams;
    const struct seams_files *files;
    struct source *source, *made;
    double slack_s, first_s; /* of the first picture that was made, on its file's time line */
    int64_t count;
};

static enum source_got next_frame(struct source *source, struct source_item *item, double from_s,
                                  struct failure *failure)
{
    enum source_got got;
    do
        got = source_next(source, item, failure);
    while (got == SOURCE_PACKET || (got == SOURCE_FRAME && item->time_s < from_s));
    return got;
}

static bool compare(struct films *films, const struct source_item *was,
                    const struct source_item *is, struct failure *failure)
{
    struct seams *seams = films->seams;
    double at_s = fmax(was->time_s - seams->from_s, 0);
    bool copied = was->time_s >= seams->copied_from_s - films->slack_s &&
                  was->time_s < seams->copied_to_s - films->slack_s;
    if (!films->count++)
        films->first_s = is->time_s;
    if (fabs(is->time_s - films->first_s - at_s) > films->slack_s)
        return fail(failure, FAIL_INTERNAL, "the picture at %.3f s is shown at %.3f s", at_s,
                    is->time_s - films->first_s);
    if (!frame_is(is->frame, was->frame->format, was->frame->width, was->frame->height))
        return fail(failure, FAIL_INTERNAL, "the picture at %.3f s has another form", at_s);
    if (copied)
        return are_same(was->frame, is->frame) ||
               fail(failure, FAIL_INTERNAL, "the picture at %.3f s is decoded to another one",
                    at_s);
    double psnr_db = least_psnr(was->frame, is->frame);
    seams->psnr_db = fmin(seams->psnr_db, psnr_db);
    return psnr_db >= SEAMS_PSNR_DB ||
           fail(failure, FAIL_INTERNAL, "the picture at %.3f s is only near by %.1f dB", at_s,
                psnr_db);
}

/* As far as the film that was made goes; then the source has come to its end as well. */
static bool compare_all(struct films *films, struct failure *failure)
{
    const double from_s = films->seams->from_s - films->slack_s;
    const double to_s = films->seams->to_s - films->slack_s;
    struct source_item was, is;
    enum source_got got, made;
    while ((made = next_frame(films->made, &is, -INFINITY, failure)) == SOURCE_FRAME) {
        got = next_frame(films->source, &was, from_s, failure);
        if (got == SOURCE_FAILED)
            return false;
        if (got == SOURCE_END || was.time_s >= to_s)
            return fail(failure, FAIL_INTERNAL, "there are more pictures than asked for");
        if (!compare(films, &was, &is, failure))
            return false;
        films->files->progress(films->files->data, films->count);
    }
    if (made == SOURCE_FAILED)
        return false;
    got = next_frame(films->source, &was, from_s, failure);
    return got == SOURCE_END || (got == SOURCE_FRAME && was.time_s >= to_s) ||
           fail(failure, FAIL_INTERNAL, "the picture at %.3f s isn't shown",
                was.time_s - films->seams->from_s);
}

static bool is_whole(const struct films *films, struct failure *failure)
{
    struct source_health health;
    source_health(films->made, &health);
    return health.decode_errors + health.corrupt_frames == 0 ||
           fail(failure, FAIL_INTERNAL, "a decoder finds errors at %.3f s", health.first_error_s);
}

bool seams_check(struct seams *seams, const struct seams_files *files, struct failure *failure)
{
    const struct source_opts how = {.threads = files->threads};
    g_auto(source_ptr) source = source_open(files->source_fd, &how, failure);
    g_auto(source_ptr) made = source ? source_open(files->made_fd, &how, failure) : NULL;
    if (!made)
        return false;
    seams->psnr_db = INFINITY;
    struct films films = {seams, files, source, made, cut_slack_s(source), 0, 0};
    return source_use(source, source_picture(source), SOURCE_DECODE, failure) &&
           source_use(made, source_picture(made), SOURCE_DECODE, failure) &&
           source_seek(source, seams->from_s, failure) && compare_all(&films, failure) &&
           is_whole(&films, failure);
}
