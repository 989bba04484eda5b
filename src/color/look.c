/* SPDX-License-Identifier: GPL-3.0-or-later
 * What every look is, wherever it came from. */
#include "color/look.h"

#include "base/file.h"

#include <math.h>
#include <string.h>

#define IDENTITY_TOLERANCE 1e-6

static bool has_table(const struct look_stage *stage)
{
    return stage->kind == LOOK_CURVES || stage->kind == LOOK_CUBE;
}

static void stage_finish(void *data)
{
    struct look_stage *stage = data;
    if (has_table(stage))
        g_free(stage->table.points);
}

struct look *look_create(const char *name, const void *text, gsize length)
{
    struct look *look = g_new0(struct look, 1);
    look->stages = g_array_new(FALSE, FALSE, sizeof(struct look_stage));
    g_array_set_clear_func(look->stages, stage_finish);
    if (!name)
        return look;
    look->name = path_display(name);
    g_autoptr(hash_state) hash = hash_create();
    hash_update(hash, text, length);
    hash_finish(hash, look->hash);
    return look;
}

void look_destroy(struct look *look)
{
    if (!look)
        return;
    g_free(look->name);
    g_free(look->title);
    g_free(look->summary);
    g_array_unref(look->stages);
    g_free(look);
}

void look_add(struct look *look, const struct look_stage *stage)
{
    g_array_append_vals(look->stages, stage, 1);
}

void look_add_cdl(struct look *look, const struct cdl *cdl)
{
    look_add(look, &(struct look_stage){.kind = LOOK_CDL, .cdl = *cdl});
}

void look_add_matrix(struct look *look, const struct look_matrix *matrix)
{
    look_add(look, &(struct look_stage){.kind = LOOK_MATRIX, .matrix = *matrix});
}

void look_add_function(struct look *look, const struct look_function *function)
{
    look_add(look, &(struct look_stage){.kind = LOOK_FUNCTIONS,
                                        .functions = {*function, *function, *function}});
}

gsize look_points(const struct look_stage *stage)
{
    const gsize n = stage->table.size;
    return stage->kind == LOOK_CUBE ? n * n * n : n;
}

struct look_table *look_add_table(struct look *look, enum look_kind kind, unsigned size)
{
    struct look_stage stage = {.kind = kind,
                               .table = {.size = size, .domain = {{0, 0, 0}, {1, 1, 1}}}};
    stage.table.points = g_malloc_n(look_points(&stage), sizeof *stage.table.points);
    look_add(look, &stage);
    return &g_array_index(look->stages, struct look_stage, look->stages->len - 1).table;
}

static bool covers_unit(const struct look_domain *domain)
{
    for (int c = 0; c < 3; c++)
        if (domain->min[c] > 0 || domain->max[c] < 1)
            return false;
    return true;
}

/* Whether `value` is where point `index` of `size` stands on channel `c`. */
static bool in_place(const struct look_table *table, int c, gsize index, float value)
{
    const struct look_domain *d = &table->domain;
    const double place =
        d->min[c] + ((double)d->max[c] - d->min[c]) * (double)index / (table->size - 1);
    return fabs(place - value) <= IDENTITY_TOLERANCE;
}

static bool table_is_identity(const struct look_stage *stage)
{
    const struct look_table *table = &stage->table;
    const gsize n = table->size, points = look_points(stage);
    for (gsize i = 0; i < points; i++) {
        const gsize at[3] = {i % n, i / n % n, i / n / n};
        for (int c = 0; c < 3; c++)
            if (!in_place(table, c, stage->kind == LOOK_CUBE ? at[c] : i, table->points[i][c]))
                return false;
    }
    return covers_unit(&table->domain);
}

static bool matrix_is_identity(const struct look_matrix *matrix)
{
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            if (matrix->factor[row][column] != (row == column) || matrix->offset[row] != 0)
                return false;
    return true;
}

bool look_stage_is_identity(const struct look_stage *stage)
{
    switch (stage->kind) {
    case LOOK_CDL:
        return cdl_is_neutral(&stage->cdl);
    case LOOK_CURVES:
    case LOOK_CUBE:
        return table_is_identity(stage);
    case LOOK_MATRIX:
        return matrix_is_identity(&stage->matrix);
    case LOOK_CLAMP:
    case LOOK_FUNCTIONS:
    case LOOK_TONE:
        break;
    }
    return false;
}

bool look_is_identity(const struct look *look)
{
    for (guint i = 0; i < look->stages->len; i++)
        if (!look_stage_is_identity(&g_array_index(look->stages, struct look_stage, i)))
            return false;
    return true;
}
