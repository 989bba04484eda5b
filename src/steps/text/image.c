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
    g_autofree char *font =
        g_strdup_printf("DejaVu Sans %d", MAX(extent_pixels(text->size, shape.height, 0), 6));
    int width, height, x, y;
    if (!still_text_size(text->text, font, &width, &height, failure))
        return false;
    place_box((enum place)text->place, shape.width, shape.height, width, height,
              extent_pixels(text->margin, shape.height, 0), &x, &y);
    still_note(still, "wrote \"%s\"", text->text);
    return still_text(still, failure, text->text, font, text->color, text->box, x, y);
}
