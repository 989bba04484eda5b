/* SPDX-License-Identifier: GPL-3.0-or-later
 * HDR as stills show it. */
#include "steps/shown.h"

#include "color/color.h"
#include "steps/faces.h"

#include <math.h>

video_face color_video;

bool shown_video(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    const struct space *tagged = space_of_tags(shape->primaries, shape->transfer);
    const struct color to_srgb = {
        .to = (int)(space_find("srgb") - spaces), .peak = NAN, .from_peak = NAN};
    return !tagged || tagged->kind != SPACE_HDR || color_video(chain, &to_srgb, NULL, failure);
}
