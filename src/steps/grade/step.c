/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: colour correction. */
#include "grade.h"

#include "color/cdl_file.h"
#include "color/space.h"
#include "files.h"
#include "flow.h"
#include "points.h"

#include <math.h>
#include <string.h>

static const char *const clamps[] = {"asc", "none", NULL};
static const char *const ways[] = {"auto", "id", "position", "clip", "reel", "timecode", NULL};
static const char *const missing[] = {"fail", "skip", NULL};
static const char *const lut_ranges[] = {"as-is", "full", "video", NULL};

static const struct grade_params defaults = {.temperature_k = 6500,
                                             .contrast = 1,
                                             .pivot = NAN,
                                             .gamma = {1, 1, 1},
                                             .gain = {1, 1, 1},
                                             .slope = {1, 1, 1},
                                             .offset = {0, 0, 0},
                                             .power = {1, 1, 1},
                                             .saturation = 1};

static const struct param rows[] = {
    {"exposure", "brighter by so many doublings of light",
     P_NUMBER(struct grade_params, exposure_stops, UNIT_STOPS), P_RANGE(-10, 10)},
    {"temperature", "of the light in the scene, which becomes white: higher makes it warmer",
     P_NUMBER(struct grade_params, temperature_k, UNIT_KELVIN), P_RANGE(2000, 15000)},
    {"tint", "the light's green, taken out: positive is more magenta; 3000 is 1 in CIE 1960 uv",
     P_NUMBER(struct grade_params, tint, UNIT_NONE), P_RANGE(-150, 150)},
    {"contrast", "around pivot", P_NUMBER(struct grade_params, contrast, UNIT_NONE),
     P_RANGE(0, 10)},
    {"pivot", "the value that contrast leaves; 18 % grey otherwise: 0.409, in linear light 0.18",
     P_NUMBER(struct grade_params, pivot, UNIT_NONE), P_RANGE(0.01, 1)},
    {"lift", "of red, green, blue: moves black, keeps white", P_TRIPLE(struct grade_params, lift),
     P_RANGE(-1, 1)},
    {"gamma", "above 1 is brighter between black and white", P_TRIPLE(struct grade_params, gamma),
     P_RANGE(0.01, 100)},
    {"gain", "1 / gain becomes white; keeps black", P_TRIPLE(struct grade_params, gain),
     P_RANGE(0.01, 100)},
    {"curves", "smooth through points: {master: \"0 0, 0.5 0.6, 1 1\", red: …, green: …, blue: …}",
     P_DICT(struct grade_params, curves)},
    {"slope", "gain of each of red, green, blue", P_TRIPLE(struct grade_params, slope),
     P_RANGE(0, 100)},
    {"offset", "added after slope", P_TRIPLE(struct grade_params, offset), P_RANGE(-10, 10)},
    {"power", "gamma, after offset", P_TRIPLE(struct grade_params, power), P_RANGE(0.01, 100)},
    {"saturation", "after power; Rec.709 weights",
     P_NUMBER(struct grade_params, saturation, UNIT_NONE), P_RANGE(0, 10)},
    {"clamp", "asc clamps to 0-1 before power and at the end; none keeps what is outside",
     P_CHOICE(struct grade_params, clamp, clamps)},
    {"cdl", "a .cc, .ccc, .cdl, .edl or .ale file", P_FILE(struct grade_params, cdl),
     .missing_by = "cdl_missing"},
    {"cdl_by", "what the clip's correction is found by",
     P_CHOICE(struct grade_params, cdl_by, ways)},
    {"cdl_id", "an id of the file, or a position from 0 (of ids: with cdl_by: position)",
     P_TEXT(struct grade_params, cdl_id)},
    {"cdl_clip", "the clip's name, as the file may have it", P_TEXT(struct grade_params, cdl_clip),
     .implied = "${name}", .implied_by = "cdl"},
    {"cdl_missing", "where there is no file, or no correction for the clip: skip leaves it out",
     P_CHOICE(struct grade_params, cdl_missing, missing)},
    {"lut", "a LUT, applied last: .cube, .3dl, .spi1d, .spi3d, .csp, .clf, or a HaldCLUT image",
     P_FILE(struct grade_params, lut)},
    {"lut_range", "code values that the LUT is made for: as they flow, full, or video",
     P_CHOICE(struct grade_params, lut_range, lut_ranges)},
    {"space",
     "the colour space that all of it is meant for; as-is: what flows, unless that is log, "
     "HDR or linear",
     P_CHOICE(struct grade_params, space, space_choices_as_is)},
    {"lut_to", "the colour space that the LUT gives; as-is: the one that comes to it",
     P_CHOICE(struct grade_params, lut_to, space_choices_as_is)},
};

static bool is_number(const char *text)
{
    return *text && !text[strspn(text, "0123456789")];
}

static bool complain(struct diag *diag, struct mark at, const char *hint, const char *what)
{
    diag_error(diag, at, hint, "grade: %s", what);
    return false;
}

static bool check_cdl(const struct grade_params *p, struct mark at, struct diag *diag)
{
    const bool is_by_id = p->cdl_by <= CDL_BY_POSITION;
    if (!p->cdl && (p->cdl_id || p->cdl_clip || p->cdl_by || p->cdl_missing))
        return complain(
            diag, at, "name the file: cdl: show.ccc",
            "cdl_id, cdl_clip, cdl_by and cdl_missing are about a cdl, and there is none");
    if (p->cdl_id && !is_by_id)
        return complain(diag, at, "cdl_by: id or position, or leave it out",
                        "cdl_id is an id or a position, and cdl_by asks for another thing");
    if (p->cdl_by == CDL_BY_POSITION && !(p->cdl_id && is_number(p->cdl_id)))
        return complain(diag, at, "cdl_id: 0 is the first", "cdl_by: position needs its number");
    return true;
}

static bool check_wheels(const struct grade_params *grade, struct mark at, struct diag *diag)
{
    for (int c = 0; c < 3; c++) {
        if (1 / grade->gain[c] + grade->lift[c] > 0)
            continue;
        g_autofree char *gain = number_text(grade->gain[c]), *lift = number_text(grade->lift[c]);
        diag_error(diag, at, "allowed: 1 / gain + lift above 0",
                   "grade: gain %s and lift %s together leave no white", gain, lift);
        return false;
    }
    return true;
}

static bool check_lut(const struct grade_params *p, struct mark at, struct diag *diag)
{
    return p->lut || !p->lut_to ||
           complain(diag, at,
                    "name the LUT, or convert with a step, for example color: {to: rec709}",
                    "lut_to is the space that a lut gives, and there is none");
}

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct grade_params *grade = params;
    const bool wheels = check_wheels(grade, at, diag), cdl = check_cdl(grade, at, diag),
               lut = check_lut(grade, at, diag);
    return curves_check(grade->curves, at, diag) && wheels && cdl && lut;
}

const struct step grade_step = {
    .name = "grade",
    .summary = "correct colour with controls, a CDL and a LUT",
    .help =
        "In this order, each left out where it is neutral, in 32-bit float on the RGB that the\n"
        "source's tagged matrix and range give, 0 black to 1 white, clamped nowhere but where\n"
        "`clamp` says so:\n"
        "1. exposure, temperature and tint: factors on light. Video is taken as light to the "
        "power\n"
        "   1/2.4 (BT.1886), linear light as it is; on PQ and HLG they are refused. On a camera's\n"
        "   log they aren't stops of the scene: convert it first.\n"
        "2. contrast: (v - pivot) * contrast + pivot; in linear light pivot * (v / "
        "pivot)^contrast,\n"
        "   the same mirrored below 0.\n"
        "3. lift, gamma, gain: ((v + lift) / (1/gain + lift))^(1/gamma).\n"
        "4. curves, straight on beyond their ends, without overshoot (Fritsch-Butland cubics): "
        "red,\n"
        "   green and blue, then master.\n"
        "5. the CDL of a file, then the CDL of slope, offset, power, saturation (ASC 1.2).\n"
        "6. the LUT, 1D or 3D, with tetrahedral interpolation.\n"
        "1 to 4 are the formulas and the order of OpenColorIO's GradingPrimary and "
        "GradingRGBCurve;\n"
        "they correct a clip before the look, 5 and 6, is laid on it. The same code and the same\n"
        "numbers for moving picture and stills. A grade that changes nothing leaves every pixel "
        "as\n"
        "it is.\n"
        "\n"
        "cdl names a file of one correction a clip (cdl: \"${dir}/${stem}.cdl\") or of many "
        "clips.\n"
        "The clip's correction is, by cdl_by: auto,\n"
        "  1. with cdl_id, the one of this id; in a file without ids, the one at this position;\n"
        "  2. the only one of an XML file, where it stands alone (.cc) or has no id and MediaRef;\n"
        "  3. the one whose id is the clip's name, without its extension or with it;\n"
        "  4. the one of this clip name (EDL: FROM CLIP NAME, ALE: Name, .cdl: MediaRef); case\n"
        "     counts, extensions (mov, mxf, r3d) needn't agree;\n"
        "  5. the one of the source's reel whose source timecodes have frames of the clip.\n"
        "The other values of cdl_by take one of these ways only. Several of a clip are told apart "
        "by\n"
        "timecode, and refused where their numbers differ still. clamp is for "
        "both CDLs.\n"
        "cdl_missing: skip leaves out the file's CDL alone, and plan and report say so. All of "
        "this "
        "is\n"
        "found before anything runs, but where the source is another output.\n"
        "\n"
        "A LUT is looked up beside the pipeline, then with the input. HaldCLUT images are .png, "
        ".tif\n"
        "or .tiff; of 8 bits they are coarse. With lut_range: video, 0 and 1 become 64 and 940 of "
        "1023\n"
        "before the LUT and are made of them after it, at the ends that its file names, or both. A "
        "file\n"
        "that names an end of video range is refused with as-is; full applies it all the same.\n"
        "\n"
        "No file says for which colour space its numbers are: space does. It must be what flows, "
        "where a\n"
        "step before or a tag of HDR or linear light tells that; over tags of SDR, as which "
        "cameras tag\n"
        "their log, it is believed. On log, HDR and linear light it must be given. It changes no "
        "pixel and no\n"
        "tag; after lut_to the picture is of that space, and tagged so.",
    .example = "grade: {exposure: 0.5 stops, temperature: 5000 K, contrast: 1.1, lut: "
               "looks/day.cube}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct grade_params), &defaults, NULL},
    .version = 7,
    .colors = grade_colors,
    .check = check,
    .files = &grade_files,
};
