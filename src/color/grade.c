/* SPDX-License-Identifier: GPL-3.0-or-later
 * Compiles what was asked for into operations, and runs them block by block. */
#include "color/grade.h"

#include "base/unit.h"
#include "op.h"

#include <float.h>

struct grade {
    GArray *ops; /* of struct op, in order */
    char *description;
};

static void add(struct grade *grade, struct op op)
{
    g_array_append_val(grade->ops, op);
}

static void compile_cdl(struct grade *grade, const struct cdl *cdl)
{
    const bool clamps = cdl->clamp == CDL_CLAMP_ASC;
    const double low = clamps ? 0 : -FLT_MAX, high = clamps ? 1 : FLT_MAX;
    add(grade, op_affine(cdl->slope, cdl->offset, low, high));
    if (cdl->power[0] != 1 || cdl->power[1] != 1 || cdl->power[2] != 1)
        add(grade, op_power(cdl->power));
    if (cdl->saturation != 1)
        add(grade, op_saturate(cdl->saturation, low, high));
}

static void compile_lut(struct grade *grade, const struct lut *lut)
{
    if (lut->curve_size)
        add(grade, op_curve(lut));
    if (lut->cube_size)
        add(grade, op_cube(lut));
}

static void say_numbers(GString *to, const char *name, const double *values, int count)
{
    g_string_append(to, name);
    for (int i = 0; i < count; i++) {
        g_autofree char *text = number_text(values[i]);
        g_string_append_printf(to, " %s", text);
    }
}

static void say_cdl(GString *to, const struct cdl *cdl)
{
    say_numbers(to, "CDL slope", cdl->slope, 3);
    say_numbers(to, ", offset", cdl->offset, 3);
    say_numbers(to, ", power", cdl->power, 3);
    say_numbers(to, ", saturation", &cdl->saturation, 1);
    if (cdl_is_neutral(cdl))
        g_string_append(to, " (neutral: not applied)");
    else if (cdl->clamp == CDL_CLAMP_ASC)
        g_string_append(to, " (ASC clamp)");
    else
        g_string_append(to, " (no clamp)");
}

static void say_lut(GString *to, const struct lut *lut)
{
    g_string_append_printf(to, "LUT %s", lut->name);
    if (lut->title)
        g_string_append_printf(to, " \"%s\"", lut->title);
    g_string_append(to, " (");
    if (lut->curve_size)
        g_string_append_printf(to, "1D of %u points, ", lut->curve_size);
    if (lut->cube_size)
        g_string_append_printf(to, "cube of %ux%ux%u, ", lut->cube_size, lut->cube_size,
                               lut->cube_size);
    g_string_append_printf(to, "XXH3 %s%s)", lut->hash,
                           lut_is_identity(lut) ? ", an identity: not applied" : "");
}

static char *describe(const struct cdl *cdl, const struct lut *lut)
{
    GString *text = g_string_new(NULL);
    if (cdl)
        say_cdl(text, cdl);
    if (cdl && lut)
        g_string_append(text, ", then ");
    if (lut)
        say_lut(text, lut);
    if (!cdl && !lut)
        g_string_append(text, "no grade");
    return g_string_free(text, FALSE);
}

struct grade *grade_create(const struct cdl *cdl, const struct lut *lut)
{
    struct grade *grade = g_new0(struct grade, 1);
    grade->ops = g_array_new(FALSE, FALSE, sizeof(struct op));
    grade->description = describe(cdl, lut);
    if (cdl && !cdl_is_neutral(cdl))
        compile_cdl(grade, cdl);
    if (lut && !lut_is_identity(lut))
        compile_lut(grade, lut);
    return grade;
}

void grade_destroy(struct grade *grade)
{
    if (!grade)
        return;
    for (guint i = 0; i < grade->ops->len; i++)
        op_finish(&g_array_index(grade->ops, struct op, i));
    g_array_unref(grade->ops);
    g_free(grade->description);
    g_free(grade);
}

void grade_apply(const struct grade *grade, float *r, float *g, float *b, gsize count)
{
    for (gsize done = 0; done < count; done += OP_BLOCK) {
        float *const block[3] = {r + done, g + done, b + done};
        const gsize length = MIN(OP_BLOCK, count - done);
        for (guint i = 0; i < grade->ops->len; i++) {
            const struct op *op = &g_array_index(grade->ops, struct op, i);
            op->apply(op, block, length);
        }
    }
}

bool grade_is_identity(const struct grade *grade)
{
    return grade->ops->len == 0;
}

const char *grade_describe(const struct grade *grade)
{
    return grade->description;
}
