/* SPDX-License-Identifier: GPL-3.0-or-later
 * For readers of looks: any bytes are read or refused with a message, and what was read grades
 * every float to a finite one. */
#pragma once

#include "color/grade.h"

#include <math.h>
#include <stdint.h>

typedef struct look *look_reader(const char *text, gsize length, const char *name,
                                 struct diag *diag);

static inline void grade_extremes(const struct look *lut)
{
    const struct cdl cdl = {{1.1, 1, 0.9}, {0.1, 0, -0.1}, {0.8, 1, 2}, 1.2, CDL_CLAMP_NONE};
    g_auto(look_ptr) look = look_create(NULL, NULL, 0);
    look_add_cdl(look, &cdl);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    grade_add(grade, lut);
    float r[] = {NAN, INFINITY, -INFINITY, 0x1p-149f, 0x1.fffffep127f, 0, 1, 0.3f};
    float g[] = {0.5f, NAN, INFINITY, 0, 1, -0x1.fffffep127f, 0, 0.7f};
    float b[] = {1, 0, 0.1f, 0.2f, NAN, 1, 1, 0.1f};
    grade_apply(grade, r, g, b, G_N_ELEMENTS(r));
    for (gsize i = 0; i < G_N_ELEMENTS(r); i++)
        g_assert(look_is_identity(lut) || (isfinite(r[i]) && isfinite(g[i]) && isfinite(b[i])));
    g_assert(g_utf8_validate(grade_describe(grade), -1, NULL));
}

static inline int fuzz_look(look_reader *read, const char *name, const uint8_t *data, size_t size)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(look_ptr) lut = read((const char *)data, size, name, diag);
    g_free(diag_text(diag, false));
    g_assert((lut == NULL) == (diag_errors(diag) > 0));
    if (lut)
        grade_extremes(lut);
    return 0;
}
