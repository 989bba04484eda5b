/* SPDX-License-Identifier: GPL-3.0-or-later
 * A still's format and transparency. */
#include "still_alpha.h"

#include "model/still_format.h"

enum carried_fate still_alpha_fate(const char *name, const struct encode_image *encode,
                                   bool half_solid, char **why)
{
    const struct still_format *format = still_format_find(name, encode);
    if (format && !format->alpha)
        *why = g_strdup_printf("%s has none: it was laid on white", format->name);
    else if (format && format->palette && half_solid)
        *why = g_strdup("a pixel of a GIF is solid or not there: half solid ones are one of both");
    return *why ? FATE_DROPPED : FATE_KEPT;
}
