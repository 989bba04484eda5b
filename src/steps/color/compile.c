/* SPDX-License-Identifier: GPL-3.0-or-later
 * Parameters of `color` → the grade both of its faces apply. */
#include "compile.h"

#include "color/convert.h"

#include <math.h>

const struct space *color_from(const struct color *color)
{
    return color->from ? &spaces[color->from - 1] : NULL;
}

const struct space *color_to(const struct color *color)
{
    return &spaces[color->to];
}

struct grade *color_compile(const struct color *color, const struct space *from,
                            const struct space *to, double metadata_nit)
{
    const struct convert_options options = {
        .tone_map = (enum tone_map)color->tone_map,
        .peak_nit = isnan(color->peak) ? 0 : color->peak,
        .source_peak_nit = isnan(color->from_peak) ? metadata_nit : color->from_peak,
    };
    g_auto(look_ptr) look = color_convert(from, to, &options);
    struct grade *grade = grade_create();
    grade_add(grade, look);
    return grade;
}
