/* SPDX-License-Identifier: GPL-3.0-or-later
 * `color`: moving picture. */
#include "compile.h"
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

/* The lower of the mastering display's and MaxCLL. */
static double metadata_peak(const struct video_shape *shape, const struct space *from)
{
    const double mastering = shape->mastering_nit, light = shape->light_nit;
    if (g_strcmp0(from->transfer_tag, "smpte2084") != 0)
        return 0;
    return mastering > 0 && light > 0 ? fmin(mastering, light) : fmax(mastering, light);
}

static bool is_tagged(const struct video_shape *shape, const struct color_tags *tags)
{
    return strcmp(shape->primaries, tags->primaries ? tags->primaries : "unknown") == 0 &&
           strcmp(shape->transfer, tags->transfer ? tags->transfer : "unknown") == 0;
}

bool color_video(struct chain *chain, const void *params, const struct face_env *env,
                 struct failure *failure)
{
    const struct space *to = color_to(params), *from = source_space(params, chain, failure);
    const struct color_tags tags = {to->matrix_tag, to->primaries_tag, to->transfer_tag};
    if (!from)
        return false;
    struct grade *grade = color_compile(params, from, metadata_peak(chain_video(chain), from));
    if (!grade_is_identity(grade)) {
        chain_note(chain, "colours converted: %s", grade_describe(grade));
        if (!chain_grade(chain, failure, grade))
            return false;
        chain_color_tags(chain, &tags);
        return true;
    }
    grade_destroy(grade);
    chain_note(chain, "colours are those of %s already: no pixel was touched", to->name);
    if (((const struct color *)params)->from && !is_tagged(chain_video(chain), &tags)) {
        chain_note(chain, "tagged as %s", to->name);
        chain_color_tags(chain, &tags);
    }
    return true;
}
