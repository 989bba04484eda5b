/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where to look in a picture. */
#include "focus_find.h"

bool focus_find(struct still *still, struct focus *focus, int width, int height,
                struct failure *failure)
{
    const struct still_shape shape = still_shape(still);
    int x, y;
    if (!focus_looks(focus) || (width == shape.width && height == shape.height))
        return true;
    if (!still_look(still, failure, width, height, focus->place == FOCUS_ENTROPY, &x, &y))
        return false;
    focus->focal =
        (struct focal){(x + width / 2.0) / shape.width, (y + height / 2.0) / shape.height, true};
    return true;
}

void focus_note_film(struct chain *chain, const struct focus *focus)
{
    if (focus_looks(focus))
        chain_note(chain, "%s is looked for in stills: the middle is kept",
                   focus_names[focus->place]);
}
