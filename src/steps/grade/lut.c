/* SPDX-License-Identifier: GPL-3.0-or-later
 * The LUT of a grade. */
#include "color/look_file.h"
#include "files.h"
#include "media/hald.h"
#include "parts.h"

/* Black and white of video range, of 10 bits: those are what log footage and the makers of LUTs
 * count in. 16 and 235 of 255 lie less than a code of 8 bits beside. */
#define VIDEO_BLACK (64 / 1023.0)
#define VIDEO_WHITE (940 / 1023.0)

static struct look *read_file(const char *text, gsize length, const char *name,
                              struct failure *failure)
{
    g_auto(diag_ptr) diag = diag_create();
    struct look *lut = look_read(text, length, name, diag);
    if (!lut) {
        g_autofree char *why = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "%s", g_strchomp(why));
    }
    return lut;
}

static struct look *read_hald(int fd, const char *bytes, gsize length, const char *name,
                              struct failure *failure)
{
    struct hald hald;
    struct failure why = {0};
    if (!hald_read(fd, &hald, &why)) {
        fail(failure, why.class, "%s: %s", name, why.message);
        failure_clear(&why);
        return NULL;
    }
    struct look *lut = look_create(name, bytes, length);
    lut->summary = hald.depth == 8 ? g_strdup("HaldCLUT of 8 bits, which are coarse for a LUT,")
                                   : g_strdup_printf("HaldCLUT of %d bits", hald.depth);
    struct look_stage stage = {
        .kind = LOOK_CUBE,
        .table = {.size = hald.size, .domain = {{0, 0, 0}, {1, 1, 1}}, .points = hald.points}};
    look_add(lut, &stage);
    return lut;
}

static struct look *read_lut(const struct grade_params *params, const struct face_env *env,
                             struct failure *failure)
{
    gsize length = 0;
    g_autofree char *name = g_path_get_basename(params->lut);
    g_autofree char *refusal = grade_lut_name_refusal(name);
    if (refusal) {
        fail(failure, FAIL_CONFIG, "%s", refusal);
        return NULL;
    }
    g_autofree char *text = grade_file(env, "lut", &length, failure);
    if (!text)
        return NULL;
    return grade_lut_is_image(name) ? read_hald(env->file(env, "lut"), text, length, name, failure)
                                    : read_file(text, length, name, failure);
}

static bool is_range_clear(const struct grade_params *params, const struct look *lut,
                           struct failure *failure)
{
    g_autofree char *refusal =
        grade_lut_range_refusal(params, lut->name, lut->video_in, lut->video_out);
    return !refusal || fail(failure, FAIL_CONFIG, "%s", refusal);
}

/* An affine stage of its own: x * scale + offset. */
static void add_range(struct grade *grade, const char *summary, double scale, double offset)
{
    g_auto(look_ptr) range = look_create(NULL, NULL, 0);
    struct look_matrix matrix = {.offset = {offset, offset, offset}};
    for (int c = 0; c < 3; c++)
        matrix.factor[c][c] = scale;
    range->summary = g_strdup(summary);
    look_add_matrix(range, &matrix);
    grade_add(grade, range);
}

/* With what the file says of its two ends, or both where it says nothing. */
static void add_in_video_range(struct grade *grade, const struct look *lut)
{
    const bool says = lut->video_in || lut->video_out;
    const double scale = VIDEO_WHITE - VIDEO_BLACK;
    if (!says || lut->video_in)
        add_range(grade, "full to video range", scale, VIDEO_BLACK);
    grade_add(grade, lut);
    if (!says || lut->video_out)
        add_range(grade, "video to full range", 1 / scale, -VIDEO_BLACK / scale);
}

/* What does nothing between two conversions that undo one another does nothing. */
static bool is_nothing(const struct look *lut)
{
    return lut->video_in == lut->video_out && look_is_identity(lut);
}

bool grade_add_lut(struct grade *grade, const struct grade_params *params,
                   const struct face_env *env, struct failure *failure)
{
    if (!params->lut)
        return true;
    g_auto(look_ptr) lut = read_lut(params, env, failure);
    if (!lut || !is_range_clear(params, lut, failure))
        return false;
    if (params->lut_range == LUT_VIDEO && !is_nothing(lut))
        add_in_video_range(grade, lut);
    else
        grade_add(grade, lut);
    return true;
}
