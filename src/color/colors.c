/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colours that flow between steps. */
#include "color/colors.h"

#include "base/file.h"

bool colors_are_special(const struct colors *colors)
{
    return colors->space && colors->space->kind != SPACE_SDR;
}

bool colors_are_certain(const struct colors *colors)
{
    return colors->how == COLORS_DECLARED || colors->how == COLORS_READ ||
           (colors->how == COLORS_TAGGED && colors_are_special(colors));
}

void colors_declare(struct colors *colors, const struct space *space, const char *step,
                    struct mark at)
{
    colors->space = space;
    colors->how = COLORS_DECLARED;
    colors->by = step;
    colors->at = at;
    colors->of_hdr = false;
}

void colors_become(struct colors *colors, const struct space *space, const char *step,
                   struct mark at)
{
    colors_declare(colors, space, step, at);
    colors->tags = space_has_tags(space) ? space : NULL;
    if (colors->still && colors->depth == COLORS_FLOAT)
        colors->depth = 16;
}

void colors_show(struct colors *colors, const char *step, struct mark at)
{
    if (!colors->still && colors->tags && colors->tags->kind == SPACE_HDR) {
        colors_become(colors, space_find("srgb"), step, at);
        colors->of_hdr = true;
    }
}

static char *declared_text(const struct colors *colors, struct mark reader)
{
    const bool elsewhere = colors->at.file && colors->at.file != reader.file;
    g_autofree char *file = elsewhere ? path_display(colors->at.file) : NULL;
    return g_strdup_printf("%s (by `%s` on line %d%s%s)", colors->space->name, colors->by,
                           colors->at.line, file ? " of " : "", file ? file : "");
}

char *colors_text(const struct colors *colors, struct mark reader)
{
    if (!colors->space)
        return g_strdup("unknown (tagged as no space that is known here)");
    if (colors->how == COLORS_DECLARED)
        return declared_text(colors, reader);
    return g_strdup_printf("%s (%s)", colors->space->name,
                           colors->how == COLORS_TAGGED ? "tagged so"
                           : colors->how == COLORS_READ ? "converted to it when read"
                                                        : "assumed");
}
