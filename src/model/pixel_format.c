/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pixel formats by libav's names. */
#include "model/pixel_format.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const struct chroma {
    const char *digits, *name;
    int w, h;
} chromas[] = {
    {"444", "4:4:4", 0, 0}, {"422", "4:2:2", 1, 0}, {"420", "4:2:0", 1, 1},
    {"440", "4:4:0", 0, 1}, {"411", "4:1:1", 2, 0}, {"410", "4:1:0", 2, 2},
};

/* Those whose names don't say it in a regular way. */
static const struct odd {
    const char *name; /* without the order of bytes */
    struct pixel_format is;
} odds[] = {
    {"nv12", {.depth = 8, .chroma_w = 1, .chroma_h = 1}},
    {"nv21", {.depth = 8, .chroma_w = 1, .chroma_h = 1}},
    {"nv16", {.depth = 8, .chroma_w = 1}},
    {"nv20", {.depth = 10, .chroma_w = 1}},
    {"nv24", {.depth = 8}},
    {"p010", {.depth = 10, .chroma_w = 1, .chroma_h = 1}},
    {"p016", {.depth = 16, .chroma_w = 1, .chroma_h = 1}},
    {"p210", {.depth = 10, .chroma_w = 1}},
    {"p216", {.depth = 16, .chroma_w = 1}},
    {"y210", {.depth = 10, .chroma_w = 1}},
    {"yuyv422", {.depth = 8, .chroma_w = 1}},
    {"uyvy422", {.depth = 8, .chroma_w = 1}},
    {"yvyu422", {.depth = 8, .chroma_w = 1}},
    {"uyyvyy411", {.depth = 8, .chroma_w = 2}},
    {"ayuv64", {.depth = 16, .alpha = true}},
    {"ya8", {.depth = 8, .grey = true, .alpha = true}},
    {"ya16", {.depth = 16, .grey = true, .alpha = true}},
    {"monob", {.depth = 1, .grey = true}},
    {"monow", {.depth = 1, .grey = true}},
    {"pal8", {.depth = 8, .rgb = true, .alpha = true}},
    {"rgb48", {.depth = 16, .rgb = true}},
    {"bgr48", {.depth = 16, .rgb = true}},
    {"rgba64", {.depth = 16, .rgb = true, .alpha = true}},
    {"bgra64", {.depth = 16, .rgb = true, .alpha = true}},
    {"x2rgb10", {.depth = 10, .rgb = true}},
    {"rgb24", {.depth = 8, .rgb = true}},
    {"bgr24", {.depth = 8, .rgb = true}},
    {"rgb0", {.depth = 8, .rgb = true}},
    {"bgr0", {.depth = 8, .rgb = true}},
    {"0rgb", {.depth = 8, .rgb = true}},
    {"0bgr", {.depth = 8, .rgb = true}},
    {"rgba", {.depth = 8, .rgb = true, .alpha = true}},
    {"bgra", {.depth = 8, .rgb = true, .alpha = true}},
    {"argb", {.depth = 8, .rgb = true, .alpha = true}},
    {"abgr", {.depth = 8, .rgb = true, .alpha = true}},
    {"rgb8", {.depth = 8, .rgb = true}},
};

/* What stands behind the "p" of planar ones, and behind "gray": nothing, bits, "f32". */
static bool read_depth(const char *text, int *depth)
{
    char *end;
    *depth = *text ? (int)strtol(*text == 'f' ? text + 1 : text, &end, 10) : 8;
    return !*text || (*depth > 0 && !*end);
}

static bool read_yuv(const char *name, struct pixel_format *format)
{
    const char *at = name + strlen("yuv");
    format->alpha = *at == 'a';
    at += *at == 'a' || *at == 'j';
    for (unsigned i = 0; i < G_N_ELEMENTS(chromas); i++) {
        if (!g_str_has_prefix(at, chromas[i].digits) || at[3] != 'p')
            continue;
        format->chroma_w = chromas[i].w;
        format->chroma_h = chromas[i].h;
        return read_depth(at + 4, &format->depth);
    }
    return false;
}

bool pixel_format_read(const char *name, struct pixel_format *format)
{
    const bool ordered = g_str_has_suffix(name, "le") || g_str_has_suffix(name, "be");
    g_autofree char *plain = g_strndup(name, strlen(name) - 2 * ordered);
    *format = (struct pixel_format){0};
    for (unsigned i = 0; i < G_N_ELEMENTS(odds); i++)
        if (strcmp(odds[i].name, plain) == 0) {
            *format = odds[i].is;
            return true;
        }
    if (g_str_has_prefix(plain, "yuv"))
        return read_yuv(plain, format);
    format->grey = g_str_has_prefix(plain, "gray");
    if (format->grey)
        return read_depth(plain + strlen("gray"), &format->depth);
    format->rgb = true;
    format->alpha = g_str_has_prefix(plain, "gbrap");
    if (format->alpha || g_str_has_prefix(plain, "gbrp"))
        return read_depth(plain + (format->alpha ? 5 : 4), &format->depth);
    return false;
}

const char *pixel_format_chroma(int chroma_w, int chroma_h)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(chromas); i++)
        if (chromas[i].w == chroma_w && chromas[i].h == chroma_h)
            return chromas[i].name;
    return NULL;
}

/* How far a format is from what flows; of chroma for as many pixels the one in the same places is
 * nearest (4:4:0 isn't 4:2:2). Grey loses none at 4:2:0. */
static int distance(const struct pixel_format *flows, const struct pixel_format *to)
{
    const int wanted = MIN(flows->depth, 16);
    const int chroma = flows->grey ? 2 : flows->chroma_w + flows->chroma_h;
    const int lost = to->chroma_w + to->chroma_h - chroma;
    int far = to->depth < wanted ? 100 * (wanted - to->depth) : 3 * (to->depth - wanted);
    far += lost > 0 ? (flows->rgb ? 1 : 40) * lost : -2 * lost;
    far += to->chroma_w != flows->chroma_w;
    far += to->rgb != flows->rgb ? 30 : 0;
    far += flows->alpha && !to->alpha ? 1000 : !flows->alpha && to->alpha ? 5 : 0;
    far += to->grey && !flows->grey ? 1000 : to->grey != flows->grey ? 1 : 0;
    return far;
}

const char *pixel_format_nearest(const char *list, const struct pixel_format *flows, bool alpha)
{
    g_auto(GStrv) names = g_strsplit(list, " ", -1);
    const char *best = NULL;
    int nearest = G_MAXINT;
    for (char **name = names; *name; name++) {
        struct pixel_format to;
        if (!pixel_format_read(*name, &to) || (to.alpha && !alpha))
            continue;
        const int far = distance(flows, &to);
        if (far < nearest) {
            nearest = far;
            best = g_intern_string(*name);
        }
    }
    return best;
}
