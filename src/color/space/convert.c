/* SPDX-License-Identifier: GPL-3.0-or-later
 * From one colour space to another, as a look. */
#include "color/convert.h"

#include "primaries.h"
#include "tone_map.h"
#include "transfer.h"

#include <math.h>

#define HLG_GAMMA 1.2 /* ITU-R BT.2100, table 5: of a display of 1000 cd/m2 */
static const double hlg_luma[3] = {0.2627, 0.6780, 0.0593};

/* p: peak, in reference whites; the curve's scale */
static double hlg_ootf(const double *p, double scene)
{
    return copysign(p[0] * pow(fabs(scene) / p[1], HLG_GAMMA), scene);
}

static double hlg_ootf_back(const double *p, double light)
{
    return copysign(p[1] * pow(fabs(light) / p[0], 1 / HLG_GAMMA), light);
}

static void add_ootf(struct look *look, const struct space *space,
                     double (*at)(const double *p, double x))
{
    struct look_stage stage = {
        .kind = LOOK_TONE,
        .tone = {.function = {at, {space_peak(space), space->curve->scale}, {0}}}};
    for (int c = 0; c < 3; c++)
        stage.tone.weights[c] = hlg_luma[c];
    look_add(look, &stage);
}

static bool has_ootf(const struct space *space)
{
    return space->curve == &curve_hlg;
}

/* What the functions of a space call reference white, after the OOTF if there is one. */
static double unit_of(const struct space *space)
{
    return has_ootf(space) ? 1 : space->curve == &curve_pq ? REFERENCE_NIT : space->curve->scale;
}

/* The light that code 1 of the aim stands for, in reference whites. */
static double white_of(const struct space *to, double peak)
{
    return to->kind == SPACE_SDR ? peak : 1;
}

static void add_scale(struct look *look, const struct m3 *m, double factor)
{
    struct look_matrix matrix = {0};
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            matrix.factor[row][column] = factor * (m ? m->at[row][column] : row == column);
    look_add_matrix(look, &matrix);
}

static void add_decoding(struct look *look, const struct space *from)
{
    if (from->curve->decode.at)
        look_add_function(look, &from->curve->decode);
    if (has_ootf(from))
        add_ootf(look, from, hlg_ootf);
}

static void add_gamut(struct look *look, const struct space *from, const struct space *to)
{
    struct m3 matrix;
    const bool same = from->primaries == to->primaries;
    if (!same)
        matrix = primaries_convert(from->primaries, to->primaries);
    add_scale(look, same ? NULL : &matrix, 1 / unit_of(from));
}

static void add_display(struct look *look, double source_peak, double peak, enum tone_map map)
{
    if (source_peak > peak && map != TONE_CLIP)
        look_add(look, &(struct look_stage){
                           .kind = LOOK_TONE,
                           .tone = {.function = tone_map_function(map, source_peak, peak)}});
    look_add(look, &(struct look_stage){.kind = LOOK_CLAMP, .clamp = {0, peak}});
}

static void add_encoding(struct look *look, const struct space *to, double white)
{
    add_scale(look, NULL, unit_of(to) / white);
    if (has_ootf(to))
        add_ootf(look, to, hlg_ootf_back);
    if (to->curve->encode.at)
        look_add_function(look, &to->curve->encode);
}

static double peak_of_source(const struct space *from, const struct convert_options *options)
{
    return from->kind != SPACE_SDR && options->source_peak_nit > 0
               ? options->source_peak_nit / REFERENCE_NIT
               : space_peak(from);
}

/* From SDR to SDR white stays white. */
static double peak_of_display(const struct space *from, const struct space *to,
                              const struct convert_options *options)
{
    const bool sdr = to->kind == SPACE_SDR;
    if (options->peak_nit <= 0 || (sdr && from->kind == SPACE_SDR))
        return space_peak(to);
    return sdr ? options->peak_nit / SDR_NIT
               : fmin(options->peak_nit / REFERENCE_NIT, space_peak(to));
}

static void summarise(struct look *look, const struct space *from, const struct space *to,
                      double source_peak, double peak, enum tone_map map)
{
    if (space_is_scene(to) || source_peak <= peak)
        look->summary = g_strdup_printf("%s to %s", from->name, to->name);
    else
        look->summary = g_strdup_printf(
            "%s to %s, light up to %.4g times reference white brought down to %.4g (%s)",
            from->name, to->name, source_peak, peak, tone_map_names[map]);
}

struct look *color_convert(const struct space *from, const struct space *to,
                           const struct convert_options *options)
{
    struct look *look = look_create(NULL, NULL, 0);
    const double source_peak = peak_of_source(from, options),
                 peak = peak_of_display(from, to, options);
    const bool aims = !space_is_scene(to), high = source_peak > peak;
    summarise(look, from, to, source_peak, peak, options->tone_map);
    if (from == to && !(aims && high))
        return look;
    add_decoding(look, from);
    add_gamut(look, from, to);
    if (aims)
        add_display(look, source_peak, peak, options->tone_map);
    add_encoding(look, to, white_of(to, peak));
    return look;
}
