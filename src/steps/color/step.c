/* SPDX-License-Identifier: GPL-3.0-or-later
 * `color`: from one colour space to another. */
#include "color.h"

#include "color/colors.h"
#include "color/convert.h"

#include <math.h>

static const struct color defaults = {.peak = NAN, .from_peak = NAN};

static const struct param rows[] = {
    {"from",
     "the colour space of the source; tagged is what a step before says, else its tags or profile",
     P_CHOICE(struct color, from, space_choices)},
    {"to", "the colour space of the result, and what it is tagged as",
     P_CHOICE(struct color, to, space_choices + 1), P_REQUIRED},
    {"tone_map", "how highlights that `to` can't show are brought down",
     P_CHOICE(struct color, tone_map, tone_map_names)},
    {"peak",
     "the brightest light of the display aimed at; without it 100 nit for SDR, else all that `to` "
     "holds",
     P_NUMBER(struct color, peak, UNIT_NIT), P_RANGE(48, 10000)},
    {"from_peak",
     "the brightest light in the source, reference white being 203 nit; without it what HDR10 "
     "metadata tells, else all that `from` holds",
     P_NUMBER(struct color, from_peak, UNIT_NIT), P_RANGE(48, 100000)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct color *color = params;
    const struct space *to = &spaces[color->to];
    if (isnan(color->peak) || !space_is_scene(to))
        return true;
    diag_error(diag, at, "remove `peak`, or give it to the `color` step that goes to a display",
               "color: `peak` is of a display, and %s is light in front of a camera", to->name);
    return false;
}

static bool may_come_from(const struct space *from, const struct colors *flows, struct mark at,
                          struct diag *diag)
{
    if (!colors_are_certain(flows) || flows->space == from)
        return true;
    g_autofree char *text = colors_text(flows, at);
    g_autofree char *hint = g_strdup_printf(
        "write from: %s, or leave `from` out to take what flows", flows->space->name);
    diag_error(diag, at, hint, "color: `from` is %s, but %s flows here", from->name, text);
    return false;
}

/* What a step said may have no tags, so the worker is told. */
static bool colors(void *params, struct colors *flows, struct mark at, struct diag *diag)
{
    struct color *color = params;
    const struct space *to = &spaces[color->to];
    const struct space *from = color->from ? &spaces[color->from - 1] : flows->space;
    const bool fits = !color->from || may_come_from(from, flows, at, diag);
    if (!from && !flows->still)
        diag_warning(diag, at, "write from: rec601-525, for example",
                     "color can't tell the space of what is tagged so and will fail: give it "
                     "`from`");
    if (flows->how == COLORS_DECLARED && !color->from)
        color->from = (int)(from - spaces) + 1;
    if (from != to && !flows->still)
        flows->depth = COLORS_FLOAT;
    colors_become(flows, to, color_step.name, at);
    return fits;
}

const struct step color_step = {
    .name = "color",
    .summary = "convert from one colour space to another",
    .help =
        "By primaries, white and transfer curve, in 32-bit float; curves as their makers published "
        "them.\n"
        "The result is tagged as `to`, and tagged YUV of another matrix gets that of `to`; "
        "what is so\n"
        "already isn't touched, but for its tags. Spaces of displays: rec709, rec601-525, "
        "rec601-625, rec2020 "
        "(all\n"
        "as BT.1886 shows them, a power of 2.4), srgb, display-p3, dci-p3, pq, p3-pq, hlg; of "
        "cameras:\n"
        "slog3, slog3-cine, logc3 (EI 800), logc4, vlog, clog2, clog3, log3g10, apple-log; of "
        "work: acescct,\n"
        "acescg, aces2065-1, linear-rec709, linear-rec2020.\n"
        "Light stays what it is: reference white is 203 nit of HDR (BT.2408), white of SDR and a "
        "reflectance\n"
        "of 1 in front of a camera. From a camera that is a plain, flat conversion, not the look "
        "of its\n"
        "maker: for that, give `grade` a LUT.\n"
        "Brighter light than a display has is brought down, hues kept: bt2390 (ITU-R BT.2390, knee "
        "at 1.5\n"
        "m - 0.5 in PQ), hable, mobius; clip cuts it off. Other gamuts are clipped. HDR10 metadata "
        "of the\n"
        "source gives its peak, and is dropped. Stills go to srgb (of rec709, too) or display-p3.\n"
        "`from` must be what a step before made, and what tags of HDR or linear light say; tags of "
        "SDR, as\n"
        "which cameras tag their log, give way to it.",
    .example = "color: {from: tagged, to: rec709, tone_map: bt2390}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct color), &defaults, "to"},
    .version = 6,
    .colors = colors,
    .check = check,
};
