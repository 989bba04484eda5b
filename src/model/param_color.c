/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colours as text. */
#include "param_private.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name;
    struct rgba color;
} named[] = {
    {"black", {0, 0, 0, 255}},      {"white", {255, 255, 255, 255}}, {"red", {255, 0, 0, 255}},
    {"green", {0, 255, 0, 255}},    {"blue", {0, 0, 255, 255}},      {"gray", {128, 128, 128, 255}},
    {"yellow", {255, 255, 0, 255}}, {"transparent", {0, 0, 0, 0}},
};
const char color_names[] = "black white red green blue gray yellow transparent";

bool color_parse(const char *text, struct rgba *out)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(named); i++) {
        if (!g_ascii_strcasecmp(text, named[i].name)) {
            *out = named[i].color;
            return true;
        }
    }
    size_t digits = *text == '#' ? strlen(text + 1) : 0;
    if ((digits != 6 && digits != 8) || strspn(text + 1, "0123456789abcdefABCDEF") != digits)
        return false;
    guint64 bits = g_ascii_strtoull(text + 1, NULL, 16);
    if (digits == 6)
        bits = bits << 8 | 0xff;
    *out = (struct rgba){bits >> 24 & 0xff, bits >> 16 & 0xff, bits >> 8 & 0xff, bits & 0xff};
    return true;
}

char *color_text(struct rgba color)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(named); i++)
        if (!memcmp(&color, &named[i].color, sizeof(color)))
            return g_strdup(named[i].name);
    if (color.a == 255)
        return g_strdup_printf("#%02x%02x%02x", color.r, color.g, color.b);
    return g_strdup_printf("#%02x%02x%02x%02x", color.r, color.g, color.b, color.a);
}
