/* SPDX-License-Identifier: GPL-3.0-or-later
 * `text`: stills. */
#include "steps/faces.h"
#include "text.h"

image_face text_image;

bool text_image(struct still *still, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct text *text = params;
    struct still_shape shape = still_shape(still);
    if (text->running)
        still_note(still, "a still has no running counter: passed over");
    if (text->safe && !still_safe_areas(still, failure, text->color))
        return false;
    if (text->safe)
        still_note(still, "drew the safe areas");
    if (!text->text || !*text->text)
        return true;
    struct text_look look = {
        .text = text->text,
        .size = MAX(extent_pixels(text->size, shape.height, 0), 6),
        .color = text->color,
        .box = text->box,
        .laid = {.margin = extent_pixels(text->margin, shape.height, 0)},
    };
    place_shares((enum place)text->place, &look.laid.across, &look.laid.down);
    still_note(still, "wrote \"%s\"", text->text);
    return still_text(still, failure, &look);
}
