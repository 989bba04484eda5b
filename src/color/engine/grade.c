/* SPDX-License-Identifier: GPL-3.0-or-later
 * Compiles looks into operations, and runs them block by block. */
#include "color/grade.h"

#include "coarse.h"
#include "op.h"

#include <float.h>

struct grade {
    GArray *ops; /* struct op, in order */
    /* Matrices not yet compiled: another may follow, and they become one. */
    struct look_matrix pending;
    bool has_pending;
    GString *description;
};

static void add(struct grade *grade, struct op op)
{
    const guint count = grade->ops->len;
    if (!count || !op_join(&g_array_index(grade->ops, struct op, count - 1), &op))
        g_array_append_val(grade->ops, op);
}

/* First `a`, then `b`. */
static struct look_matrix chained(const struct look_matrix *a, const struct look_matrix *b)
{
    struct look_matrix out;
    for (int row = 0; row < 3; row++) {
        out.offset[row] = b->offset[row];
        for (int i = 0; i < 3; i++)
            out.offset[row] += b->factor[row][i] * a->offset[i];
        for (int column = 0; column < 3; column++) {
            out.factor[row][column] = 0;
            for (int i = 0; i < 3; i++)
                out.factor[row][column] += b->factor[row][i] * a->factor[i][column];
        }
    }
    return out;
}

static void take_matrix(struct grade *grade, const struct look_matrix *matrix)
{
    grade->pending = grade->has_pending ? chained(&grade->pending, matrix) : *matrix;
    grade->has_pending = true;
}

static void compile_pending(struct grade *grade)
{
    if (grade->has_pending)
        add(grade, op_matrix(&grade->pending));
    grade->has_pending = false;
}

static void compile_cdl(struct grade *grade, const struct cdl *cdl)
{
    const bool clamps = cdl->clamp == CDL_CLAMP_ASC;
    const double low = clamps ? 0 : -FLT_MAX, high = clamps ? 1 : FLT_MAX;
    add(grade, op_affine(cdl->slope, cdl->offset, cdl->power, low, high));
    if (cdl->saturation != 1)
        add(grade, op_saturate(cdl->saturation, low, high));
}

static void compile_clamp(struct grade *grade, double low, double high)
{
    const double ones[3] = {1, 1, 1}, zeros[3] = {0};
    add(grade, op_affine(ones, zeros, ones, low, high));
}

static void compile(struct grade *grade, const struct look_stage *stage)
{
    if (stage->kind == LOOK_MATRIX) {
        take_matrix(grade, &stage->matrix);
        return;
    }
    compile_pending(grade);
    switch (stage->kind) {
    case LOOK_CDL:
        compile_cdl(grade, &stage->cdl);
        break;
    case LOOK_CURVES:
        add(grade, op_curves(&stage->table));
        break;
    case LOOK_CUBE:
        add(grade, op_cube(&stage->table));
        break;
    case LOOK_CLAMP:
        compile_clamp(grade, stage->clamp.low, stage->clamp.high);
        break;
    case LOOK_FUNCTIONS:
        add(grade, op_functions(stage->functions));
        break;
    case LOOK_TONE:
        add(grade, op_tone(&stage->tone));
        break;
    case LOOK_MATRIX:
        break;
    }
}

struct grade *grade_create(void)
{
    struct grade *grade = g_new0(struct grade, 1);
    grade->ops = g_array_new(FALSE, FALSE, sizeof(struct op));
    grade->description = g_string_new(NULL);
    return grade;
}

void grade_destroy(struct grade *grade)
{
    if (!grade)
        return;
    for (guint i = 0; i < grade->ops->len; i++)
        op_finish(&g_array_index(grade->ops, struct op, i));
    g_array_unref(grade->ops);
    g_string_free(grade->description, TRUE);
    g_free(grade);
}

/* A table holds values to its domain, which matters to what stands around it in a look. */
static bool does_nothing(const struct look_stage *stage)
{
    return stage->kind != LOOK_CURVES && stage->kind != LOOK_CUBE && look_stage_is_identity(stage);
}

void grade_add(struct grade *grade, const struct look *look)
{
    g_autofree char *description = look_describe(look);
    g_string_append_printf(grade->description, "%s%s", grade->description->len ? ", then " : "",
                           description);
    if (look_is_identity(look))
        return;
    for (guint i = 0; i < look->stages->len; i++) {
        const struct look_stage *stage = &g_array_index(look->stages, struct look_stage, i);
        if (!does_nothing(stage))
            compile(grade, stage);
    }
    compile_pending(grade);
}

void grade_join(struct grade *grade, struct grade *next)
{
    for (guint i = 0; i < next->ops->len; i++)
        add(grade, g_array_index(next->ops, struct op, i));
    g_array_set_size(next->ops, 0);
    if (next->description->len)
        g_string_append_printf(grade->description, "%s%s", grade->description->len ? ", then " : "",
                               next->description->str);
    grade_destroy(next);
}

static void apply_block(const struct grade *grade, bool coarse, float *const rgb[3], gsize count)
{
    for (guint i = 0; i < grade->ops->len; i++) {
        const struct op *op = &g_array_index(grade->ops, struct op, i);
        (coarse && op->coarse ? op->coarse : op->apply)(op, rgb, count);
    }
}

/* The last few pixels, made up to a step with black. */
static void apply_rest(const struct grade *grade, bool coarse, float *const rgb[3], gsize count)
{
    float step[3][OP_STEP] = {{0}};
    for (int c = 0; c < 3; c++)
        memcpy(step[c], rgb[c], count * sizeof *rgb[c]);
    apply_block(grade, coarse, (float *const[3]){step[0], step[1], step[2]}, OP_STEP);
    for (int c = 0; c < 3; c++)
        memcpy(rgb[c], step[c], count * sizeof *rgb[c]);
}

static void apply(const struct grade *grade, bool coarse, float *r, float *g, float *b, gsize count)
{
    const gsize rest = count % OP_STEP, whole = count - rest;
    for (gsize done = 0; done < whole; done += OP_BLOCK)
        apply_block(grade, coarse, (float *const[3]){r + done, g + done, b + done},
                    MIN(OP_BLOCK, whole - done));
    if (rest)
        apply_rest(grade, coarse, (float *const[3]){r + whole, g + whole, b + whole}, rest);
}

void grade_apply(const struct grade *grade, float *r, float *g, float *b, gsize count)
{
    apply(grade, false, r, g, b, count);
}

void grade_apply_coarse(const struct grade *grade, float *r, float *g, float *b, gsize count)
{
    apply(grade, true, r, g, b, count);
}

bool grade_is_identity(const struct grade *grade)
{
    return grade->ops->len == 0;
}

const char *grade_describe(const struct grade *grade)
{
    return grade->description->len ? grade->description->str : "no grade";
}
