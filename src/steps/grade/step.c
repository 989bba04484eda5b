/* SPDX-License-Identifier: GPL-3.0-or-later
 * `grade`: colour correction. */
#include "grade.h"

#include "color/cdl_file.h"

#include <string.h>

static const char *const clamps[] = {"asc", "none", NULL};
static const char *const ways[] = {"auto", "id", "position", "clip", "reel", "timecode", NULL};
static const char *const missing[] = {"fail", "skip", NULL};
static const char *const lut_ranges[] = {"as-is", "full", "video", NULL};

static const struct grade_params defaults = {
    .slope = {1, 1, 1}, .offset = {0, 0, 0}, .power = {1, 1, 1}, .saturation = 1};

static const struct param rows[] = {
    {"slope", "gain of each of red, green, blue", P_TRIPLE(struct grade_params, slope),
     P_RANGE(0, 100)},
    {"offset", "added after slope", P_TRIPLE(struct grade_params, offset), P_RANGE(-10, 10)},
    {"power", "gamma, after offset", P_TRIPLE(struct grade_params, power), P_RANGE(0.01, 100)},
    {"saturation", "after power; Rec.709 weights",
     P_NUMBER(struct grade_params, saturation, UNIT_NONE), P_RANGE(0, 10)},
    {"clamp", "asc clamps to 0-1 before power and at the end; none keeps what is outside",
     P_CHOICE(struct grade_params, clamp, clamps)},
    {"cdl", "a .cc, .ccc, .cdl, .edl or .ale file, applied first", P_FILE(struct grade_params, cdl),
     .missing_by = "cdl_missing"},
    {"cdl_by", "what the clip's correction is found by",
     P_CHOICE(struct grade_params, cdl_by, ways)},
    {"cdl_id", "an id of the file, or a position from 0", P_TEXT(struct grade_params, cdl_id)},
    {"cdl_clip", "the clip's name, as the file may have it", P_TEXT(struct grade_params, cdl_clip),
     .implied = "${name}", .implied_by = "cdl"},
    {"cdl_missing", "where there is no file, or no correction for the clip: skip leaves it out",
     P_CHOICE(struct grade_params, cdl_missing, missing)},
    {"lut", "a LUT, applied last: .cube, .3dl, .spi1d, .spi3d, .csp, .clf, or a HaldCLUT image",
     P_FILE(struct grade_params, lut)},
    {"lut_range", "code values that the LUT is made for: as they flow, full, or video",
     P_CHOICE(struct grade_params, lut_range, lut_ranges)},
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

static bool check(const void *data, struct mark at, struct diag *diag)
{
    const struct grade_params *p = data;
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

const struct step grade_step = {
    .name = "grade",
    .summary = "correct colour with a CDL and a LUT",
    .help =
        "The arithmetic of ASC CDL 1.2 (slope, offset, power, then saturation), then a 1D or 3D "
        "LUT with\n"
        "tetrahedral interpolation, in 32-bit float on the RGB that the source's tagged matrix "
        "and\n"
        "range give. The same code and the same numbers for moving picture and stills. A grade\n"
        "that changes nothing leaves every pixel as it is.\n"
        "\n"
        "cdl names a file of one correction a clip (cdl: \"${dir}/${stem}.cdl\") or of many "
        "clips.\n"
        "The clip's correction is, by cdl_by: auto,\n"
        "  1. with cdl_id, the one of this id, else at this position;\n"
        "  2. the only one of a .cc, .ccc or .cdl file;\n"
        "  3. the one whose id is the clip's name, without its extension or with it;\n"
        "  4. the one of this clip name (EDL: FROM CLIP NAME, ALE: Name, .cdl: MediaRef); case\n"
        "     counts, extensions (mov, mxf, r3d) needn't agree;\n"
        "  5. the one of the source's reel whose source timecodes have frames of the clip.\n"
        "The other values of cdl_by take one of these ways only. Several of a clip are told apart "
        "by\n"
        "timecode, and refused where their numbers differ still. The file's numbers come first, "
        "then\n"
        "slope, offset, power and saturation as a second CDL, then the LUT; clamp is for both "
        "CDLs.\n"
        "cdl_missing: skip leaves out the file's CDL alone, and plan and report say so.\n"
        "\n"
        "A LUT is looked up beside the pipeline, then with the input. HaldCLUT images are .png, "
        ".tif\n"
        "or .tiff; of 8 bits they are coarse. With lut_range: video, 0 and 1 become 64 and 940 of "
        "1023\n"
        "before the LUT and are made of them after it, at the ends that its file names, or both. A "
        "file\n"
        "that names an end of video range is refused with as-is; full applies it all the same.",
    .example = "grade: {cdl: show.ccc, saturation: 0.9, lut: looks/day.cube}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct grade_params), &defaults, NULL},
    .version = 1,
    .check = check,
};
