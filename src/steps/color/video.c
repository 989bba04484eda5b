/* SPDX-License-Identifier: GPL-3.0-or-later
 * `color`: moving picture. */
#include "compile.h"

#include "color/convert.h"
#include "steps/faces.h"

#include <math.h>
#include <string.h>

video_face color_video;

static const struct space *source_space(const struct color *color, struct chain *chain,
                                        struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    if (color->from)
        return color_from(color);
    const struct space *tagged = space_of_tags(shape->primaries, shape->transfer);
    if (tagged)
        chain_note(chain, "tagged as %s primaries and %s transfer: taken as %s", shape->primaries,
                   shape->transfer, tagged->name);
    else
        fail(failure, FAIL_CONFIG,
             "color: the picture is tagged as %s primaries and %s transfer, which are no space "
             "that is known here: say which it is, for example from: slog3 (`rushes steps color` "
             "lists them)",
             shape->primaries, shape->transfer);
    return tagged;
}

struct peak {
    double nit; /* 0 unknown */
    const char *by;
};

/* The lower of the mastering display's and MaxCLL. There are tools that write a MaxCLL of 1: below
 * reference white it tells nothing. */
static struct peak metadata_peak(const struct video_shape *shape)
{
    const double mastering = shape->mastering_nit, light = shape->light_nit;
    if (light >= REFERENCE_NIT && (mastering <= 0 || light <= mastering))
        return (struct peak){light, "by MaxCLL"};
    return (struct peak){mastering, "by the mastering display"};
}

static bool wants_peak(const struct color *color, const struct space *from)
{
    return g_strcmp0(from->transfer_tag, "smpte2084") == 0 && isnan(color->from_peak);
}

static void note_peak(struct chain *chain, const struct space *from, struct peak peak)
{
    const double light = chain_video(chain)->light_nit;
    g_autoptr(GString) note = g_string_new("brightest light of the source: ");
    if (peak.nit > 0)
        g_string_append_printf(note, "%.6g nit, %s", peak.nit, peak.by);
    else
        g_string_append_printf(note, "%.6g nit, all that %s holds", from->peak_nit, from->name);
    if (light > 0 && light < REFERENCE_NIT)
        g_string_append_printf(note, "; MaxCLL is %.6g nit, below reference white, and isn't used",
                               light);
    chain_note(chain, "%s", note->str);
}

static bool is_tagged(const struct video_shape *shape, const struct color_tags *tags)
{
    return strcmp(shape->primaries, tags->primaries ? tags->primaries : "unknown") == 0 &&
           strcmp(shape->transfer, tags->transfer ? tags->transfer : "unknown") == 0;
}

/* YUV that another matrix made: its samples aren't those that the tags of the space mean. */
static bool is_of_another_matrix(const struct video_shape *shape, const char *matrix)
{
    double red, blue, other_red, other_blue;
    return !shape->rgb && matrix_luma(shape->matrix, &red, &blue) &&
           matrix_luma(matrix, &other_red, &other_blue) && (red != other_red || blue != other_blue);
}

bool color_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct space *to = color_to(params), *from = source_space(params, chain, failure);
    const struct color_tags tags = {to->matrix_tag, to->primaries_tag, to->transfer_tag};
    if (!from)
        return false;
    const struct peak peak = metadata_peak(chain_video(chain));
    const bool by_peak = wants_peak(params, from);
    struct grade *grade = color_compile(params, from, to, by_peak ? peak.nit : 0);
    const bool same = grade_is_identity(grade);
    const bool believed = !((const struct color *)params)->from;
    if (!same || (believed && is_of_another_matrix(chain_video(chain), to->matrix_tag))) {
        if (by_peak)
            note_peak(chain, from, peak);
        if (same)
            chain_note(chain,
                       "colours are those of %s already: the matrix of %s becomes that of %s",
                       to->name, chain_video(chain)->matrix, to->matrix_tag);
        else
            chain_note(chain, "colours converted: %s", grade_describe(grade));
        if (!chain_grade(chain, failure, grade))
            return false;
        chain_color_tags(chain, &tags);
        return true;
    }
    grade_destroy(grade);
    chain_note(chain, "colours are those of %s already: no pixel was touched", to->name);
    if (!is_tagged(chain_video(chain), &tags)) {
        chain_note(chain, "tagged as %s", to->name);
        chain_color_tags(chain, &tags);
    }
    return true;
}
