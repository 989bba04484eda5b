/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `grade` → the kernel both of its faces run. */
#include "compile.h"

#include "color/look_file.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { MAX_LUT_BYTES = 256 << 20 }; /* a cube of 129 points is 60 MB of text */

static char *read_all(int fd, gsize *length, struct failure *failure)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 chunk[65536];
    for (ssize_t got; (got = pread(fd, chunk, sizeof chunk, (off_t)bytes->len)) != 0;) {
        if (got < 0 || bytes->len > MAX_LUT_BYTES) {
            fail(failure, FAIL_CONFIG, "grade.lut can't be read: %s",
                 got < 0 ? g_strerror(errno) : "it is too large");
            return NULL;
        }
        g_byte_array_append(bytes, chunk, (guint)got);
    }
    *length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}

/* Errors quote the lines they are about: only of a file that is meant to be a LUT. */
static bool is_named_as_lut(const char *name, struct failure *failure)
{
    return look_file_known(name) ||
           fail(failure, FAIL_CONFIG, "grade.lut takes %s files: \"%s\" isn't called so",
                look_file_extensions(), name);
}

static struct look *read_lut(const struct grade_params *params, const struct face_env *env,
                             struct failure *failure)
{
    gsize length = 0;
    int fd = env->file(env, "lut");
    g_autofree char *name = g_path_get_basename(params->lut);
    g_autofree char *text = is_named_as_lut(name, failure) ? read_all(fd, &length, failure) : NULL;
    if (!text)
        return NULL;
    g_auto(diag_ptr) diag = diag_create();
    struct look *lut = look_read(text, length, name, diag);
    if (lut && (lut->video_in || lut->video_out)) {
        look_destroy(lut);
        fail(
            failure, FAIL_CONFIG,
            "%s wants video-range code values, which grade does not give: export it for full range",
            name);
        return NULL;
    }
    if (!lut) {
        g_autofree char *why = diag_text(diag, false);
        fail(failure, FAIL_CONFIG, "%s", g_strchomp(why));
    }
    return lut;
}

static void add_cdl(struct grade *grade, const struct grade_params *params)
{
    struct cdl cdl = {.saturation = params->saturation,
                      .clamp = params->clamp ? CDL_CLAMP_NONE : CDL_CLAMP_ASC};
    memcpy(cdl.slope, params->slope, sizeof cdl.slope);
    memcpy(cdl.offset, params->offset, sizeof cdl.offset);
    memcpy(cdl.power, params->power, sizeof cdl.power);
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look, &cdl);
    grade_add(grade, look);
}

struct grade *grade_compile(const struct grade_params *params, const struct face_env *env,
                            struct failure *failure)
{
    g_auto(look_ptr) lut = NULL;
    if (params->lut && !(lut = read_lut(params, env, failure)))
        return NULL;
    struct grade *grade = grade_create();
    add_cdl(grade, params);
    if (lut)
        grade_add(grade, lut);
    return grade;
}

bool grade_rows(void *state, struct rgb_rows *rows, struct failure *failure)
{
    for (int y = 0; y < rows->height; y++) {
        size_t row = (size_t)y * rows->stride;
        grade_apply(state, rows->r + row, rows->g + row, rows->b + row, (size_t)rows->width);
    }
    return true;
}

void grade_free(void *state)
{
    grade_destroy(state);
}
