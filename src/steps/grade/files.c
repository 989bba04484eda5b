/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is to be said of the files of a grade. */
#include "files.h"

#include "base/file.h"
#include "color/look_file.h"

#include <math.h>
#include <string.h>

static const char *const picture_extensions[] = {".png", ".tif", ".tiff", NULL};

bool grade_lut_is_image(const char *name)
{
    int i = 0;
    while (picture_extensions[i] && !name_has_extension(name, picture_extensions[i]))
        i++;
    return picture_extensions[i];
}

char *grade_lut_name_refusal(const char *name)
{
    if (look_file_known(name) || grade_lut_is_image(name))
        return NULL;
    g_autofree char *pictures = g_strjoinv(", ", (char **)picture_extensions);
    return g_strdup_printf(
        "grade.lut takes %s files, and HaldCLUT images (%s): \"%s\" isn't called so",
        look_file_extensions(), pictures, name);
}

char *grade_cdl_name_refusal(const char *name)
{
    if (cdl_file_known(name))
        return NULL;
    return g_strdup_printf("grade.cdl takes %s files: \"%s\" isn't called so",
                           cdl_file_extensions(), name);
}

/* The file's own words aren't enough: pictures come and go in full range here. */
char *grade_lut_range_refusal(const struct grade_params *params, const char *name, bool video_in,
                              bool video_out)
{
    if (params->lut_range != LUT_AS_IS || (!video_in && !video_out))
        return NULL;
    return g_strdup_printf(
        "%s says that it is meant for code values of video range: write \"lut_range: video\" "
        "beside it to have them converted, or \"lut_range: full\" to apply its table to full range "
        "all the same",
        name);
}

static int64_t frames_of(const struct facts *source)
{
    if (source->frames > 0 || !(source->duration_s > 0))
        return source->frames;
    return llround(source->duration_s * rational_value(source->fps));
}

struct cdl_query grade_cdl_query(const struct grade_params *params, const struct facts *source)
{
    struct cdl_query query = {
        .by = (enum cdl_by)params->cdl_by, .id = params->cdl_id, .clip = params->cdl_clip};
    if (source) {
        query.reel = source->reel;
        query.timecode = source->timecode;
        query.fps = source->fps;
        query.frames = frames_of(source);
    }
    return query;
}

/* Of a LUT its points aren't kept. */
struct content {
    char *name;
    struct cdl_file *cdl; /* NULL: it is a LUT */
    bool video_in, video_out;
};

static void destroy(void *data)
{
    struct content *content = data;
    cdl_file_destroy(content->cdl);
    g_free(content->name);
    g_free(content);
}

static bool is_lut(const char *param)
{
    return strcmp(param, "lut") == 0;
}

static char *misnamed(const char *param, const char *name)
{
    return is_lut(param) ? grade_lut_name_refusal(name) : grade_cdl_name_refusal(name);
}

static bool reads(const char *param, const char *name)
{
    return !is_lut(param) || !grade_lut_is_image(name);
}

static bool read_lut(struct content *content, const char *path, const char *text, gsize length,
                     struct diag *diag)
{
    g_auto(look_ptr) lut = look_read(text, length, path, diag);
    if (!lut)
        return false;
    content->video_in = lut->video_in;
    content->video_out = lut->video_out;
    return true;
}

static void *read_content(const char *param, const char *path, const char *text, gsize length,
                          struct diag *diag)
{
    struct content *content = g_new0(struct content, 1);
    content->name = g_path_get_basename(path);
    bool fine = is_lut(param) ? read_lut(content, path, text, length, diag)
                              : (content->cdl = cdl_file_read(text, length, path, diag)) != NULL;
    if (!fine)
        g_clear_pointer(&content, destroy);
    return content;
}

static enum file_fit fit_cdl(const struct content *content, const struct grade_params *params,
                             const struct facts *source, char **why)
{
    if (!source)
        return FILE_FITS;
    const struct cdl_query query = grade_cdl_query(params, source);
    const struct cdl_correction *correction = NULL;
    g_autofree char *text = NULL;
    const enum cdl_found found = cdl_file_find(content->cdl, &query, &correction, &text);
    if (found == CDL_FOUND)
        return FILE_FITS;
    *why = g_strdup_printf("grade.cdl: %s", text);
    return found == CDL_MISSING && params->cdl_missing == CDL_MISSING_SKIP ? FILE_LACKS
                                                                           : FILE_REFUSED;
}

static enum file_fit fit(const void *data, const void *params, const char *param,
                         const struct facts *source, char **why)
{
    const struct content *content = data;
    if (!is_lut(param))
        return fit_cdl(content, params, source, why);
    *why = grade_lut_range_refusal(params, content->name, content->video_in, content->video_out);
    return *why ? FILE_REFUSED : FILE_FITS;
}

const struct step_files grade_files = {
    .misnamed = misnamed, .reads = reads, .read = read_content, .fit = fit, .destroy = destroy};
