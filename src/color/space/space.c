/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour spaces. */
#include "color/space.h"

#include "color/convert.h"
#include "primaries.h"
#include "transfer.h"

#include <math.h>
#include <string.h>

/* clang-format off */
#define SPACES(row) \
    /*  name                title                               kind         primaries     curve      peak   matrix       primaries    transfer */ \
    row("rec709",           "Rec.709 video",                    SPACE_SDR,   bt709,        gamma24,     100, "bt709",     "bt709",     "bt709") \
    row("rec601-525",       "Rec.601 video, 525 lines",         SPACE_SDR,   525,          gamma24,     100, "smpte170m", "smpte170m", "smpte170m") \
    row("rec601-625",       "Rec.601 video, 625 lines",         SPACE_SDR,   625,          gamma24,     100, "bt470bg",   "bt470bg",   "smpte170m") \
    row("srgb",             "sRGB",                             SPACE_SDR,   bt709,        srgb,        100, "bt709",     "bt709",     "iec61966-2-1") \
    row("display-p3",       "Display P3",                       SPACE_SDR,   p3_d65,       srgb,        100, "bt709",     "smpte432",  "iec61966-2-1") \
    row("rec2020",          "Rec.2020 video, SDR",              SPACE_SDR,   bt2020,       gamma24,     100, "bt2020nc",  "bt2020",    "bt2020-10") \
    row("dci-p3",           "DCI-P3, projector's white",        SPACE_SDR,   p3_dci,       gamma26,     100, "bt709",     "smpte431",  "smpte428") \
    row("pq",               "Rec.2100 PQ (HDR10)",              SPACE_HDR,   bt2020,       pq,        10000, "bt2020nc",  "bt2020",    "smpte2084") \
    row("p3-pq",            "P3 PQ, white D65",                 SPACE_HDR,   p3_d65,       pq,        10000, "bt2020nc",  "smpte432",  "smpte2084") \
    row("hlg",              "Rec.2100 HLG",                     SPACE_HDR,   bt2020,       hlg,        1000, "bt2020nc",  "bt2020",    "arib-std-b67") \
    row("slog3",            "Sony S-Log3, S-Gamut3",            SPACE_LOG,   sgamut3,      slog3,         0, "bt709",     NULL,        NULL) \
    row("slog3-cine",       "Sony S-Log3, S-Gamut3.Cine",       SPACE_LOG,   sgamut3_cine, slog3,         0, "bt709",     NULL,        NULL) \
    row("logc3",            "ARRI LogC3 EI 800, Wide Gamut 3",  SPACE_LOG,   awg3,         logc3,         0, "bt709",     NULL,        NULL) \
    row("logc4",            "ARRI LogC4, Wide Gamut 4",         SPACE_LOG,   awg4,         logc4,         0, "bt709",     NULL,        NULL) \
    row("vlog",             "Panasonic V-Log, V-Gamut",         SPACE_LOG,   vgamut,       vlog,          0, "bt709",     NULL,        NULL) \
    row("clog2",            "Canon Log 2, Cinema Gamut",        SPACE_LOG,   cgamut,       clog2,         0, "bt709",     NULL,        NULL) \
    row("clog3",            "Canon Log 3, Cinema Gamut",        SPACE_LOG,   cgamut,       clog3,         0, "bt709",     NULL,        NULL) \
    row("log3g10",          "RED Log3G10, Wide Gamut RGB",      SPACE_LOG,   rwg,          log3g10,       0, "bt709",     NULL,        NULL) \
    row("apple-log",        "Apple Log, Rec.2020",              SPACE_LOG,   bt2020,       apple_log,     0, "bt2020nc",  "bt2020",    NULL) \
    row("acescct",          "ACEScct",                          SPACE_LOG,   ap1,          acescct,       0, "bt709",     NULL,        NULL) \
    row("acescg",           "ACEScg",                           SPACE_LINEAR, ap1,         linear,        0, "bt709",     NULL,        "linear") \
    row("aces2065-1",       "ACES2065-1",                       SPACE_LINEAR, ap0,         linear,        0, "bt709",     NULL,        "linear") \
    row("linear-rec709",    "linear light, Rec.709 primaries",  SPACE_LINEAR, bt709,       linear,        0, "bt709",     "bt709",     "linear") \
    row("linear-rec2020",   "linear light, Rec.2020 primaries", SPACE_LINEAR, bt2020,      linear,        0, "bt2020nc",  "bt2020",    "linear")

#define SPACE(name, title, kind, primaries, curve, peak, matrix, p_tag, t_tag) \
    {name, title, kind, &primaries_##primaries, &curve_##curve, peak, matrix, p_tag, t_tag},
#define NAME(name, ...) name,

const struct space spaces[] = {SPACES(SPACE)};
const char *const space_choices[] = {"tagged", SPACES(NAME) NULL};
const char *const space_choices_as_is[] = {"as-is", SPACES(NAME) NULL};
/* clang-format on */

const unsigned spaces_count = sizeof spaces / sizeof *spaces;

const struct space *space_find(const char *name)
{
    for (unsigned i = 0; i < spaces_count; i++)
        if (strcmp(spaces[i].name, name) == 0)
            return &spaces[i];
    return NULL;
}

/* The names of what BT.1886 shows: the transfers of SDR television. */
static const char *television(const char *transfer)
{
    static const char *const names[] = {"bt709",  "smpte170m", "smpte240m", "bt470bg",
                                        "bt470m", "bt2020-10", "bt2020-12"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], transfer) == 0)
            return "television";
    return transfer;
}

/* SMPTE 240M's primaries are those of BT.601 with 525 lines. */
static bool same_primaries(const char *tag, const char *primaries)
{
    return strcmp(tag, primaries) == 0 ||
           (strcmp(tag, "smpte170m") == 0 && strcmp(primaries, "smpte240m") == 0);
}

/* The space of BT.2100 that has this transfer; NULL: none. */
static const struct space *bt2100(const char *transfer)
{
    static const char *const names[] = {"pq", "hlg"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(space_find(names[i])->transfer_tag, transfer) == 0)
            return space_find(names[i]);
    return NULL;
}

const struct space *space_of_tags(const char *primaries, const char *transfer)
{
    for (unsigned i = 0; i < spaces_count; i++) {
        const struct space *space = &spaces[i];
        if (space->primaries_tag && space->transfer_tag &&
            same_primaries(space->primaries_tag, primaries) &&
            strcmp(television(space->transfer_tag), television(transfer)) == 0)
            return space;
    }
    return bt2100(transfer);
}

bool space_tag_says(const char *tag)
{
    return tag && strcmp(tag, "unknown") != 0 && strcmp(tag, "reserved") != 0;
}

static bool is_wide(const char *tag)
{
    return tag && strncmp(tag, "bt2020", 6) == 0;
}

const struct space *space_assumed(const char *primaries, const char *transfer, const char *matrix,
                                  int width, int height)
{
    const struct space *high = transfer ? bt2100(transfer) : NULL;
    if (high)
        return high;
    if (is_wide(primaries) || is_wide(matrix))
        return space_find("rec2020");
    if (width >= 1280 || height >= 720)
        return space_find("rec709");
    return space_find(height >= 576 ? "rec601-625" : "rec601-525");
}

/* libjxl's names: kind, white, primaries (of RGB), rendering intent, curve. */
static bool is_libjxl_srgb(const char *name)
{
    const size_t length = strlen(name);
    const bool rgb = strncmp(name, "RGB_D65_SRG_", 12) == 0;
    const bool grey = strncmp(name, "Gra_D65_", 8) == 0;
    return (rgb || grey) && length > 4 && strcmp(name + length - 4, "_SRG") == 0;
}

/* As editors write it of floats, the names of E. Stone's profiles ("sRGB-elle-V2-g10.icc"), and
 * libjxl. */
static bool is_linear(const char *name)
{
    const char *word = strstr(name, "inear");
    const size_t length = strlen(name);
    const bool denied = word && (strstr(name, "onlinear") || strstr(name, "on-linear"));
    return (word && !denied) || strstr(name, "-g10") ||
           (length > 4 && strcmp(name + length - 4, "_Lin") == 0);
}

static const struct space *linear_of_profile(const char *name)
{
    if (strstr(name, "2020") || strncmp(name, "RGB_D65_202_", 12) == 0)
        return space_find("linear-rec2020");
    const bool rec709 =
        strstr(name, "sRGB") || strstr(name, "709") || strncmp(name, "RGB_D65_SRG_", 12) == 0;
    return rec709 ? space_find("linear-rec709") : NULL;
}

const struct space *space_of_profile(const char *description)
{
    if (is_linear(description))
        return linear_of_profile(description);
    if (strstr(description, "sRGB") || is_libjxl_srgb(description))
        return space_find("srgb");
    const bool p3 = strstr(description, "P3") && !strstr(description, "DCI");
    return p3 ? space_find("display-p3") : NULL;
}

/* Writers round colorants to 1/65536, and their primaries before. */
static const double COLORANT_SLACK = 0.002;

static bool has_colorants(const struct space *space, const double xyz[3][3])
{
    const struct m3 own = primaries_to_d50(space->primaries);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            if (!(fabs(own.at[row][column] - xyz[row][column]) <= COLORANT_SLACK))
                return false;
    return true;
}

const struct space *space_of_colorants(const double xyz[3][3], bool linear)
{
    const struct curve *curve = linear ? &curve_linear : &curve_srgb;
    for (unsigned i = 0; i < spaces_count; i++)
        if (spaces[i].curve == curve && has_colorants(&spaces[i], xyz))
            return &spaces[i];
    return NULL;
}

const struct space *space_of_still(const struct space *profile, bool has_profile, bool is_float)
{
    if (!has_profile)
        return space_find(is_float ? "linear-rec709" : "srgb");
    return profile && (is_float || profile->kind == SPACE_SDR) ? profile : NULL;
}

bool space_has_tags(const struct space *space)
{
    return space->primaries_tag && space->transfer_tag;
}

bool space_is_scene(const struct space *space)
{
    return space->kind == SPACE_LOG || space->kind == SPACE_LINEAR;
}

double space_decode(const struct space *space, double code)
{
    return curve_decode(space->curve, code);
}

double space_encode(const struct space *space, double light)
{
    return curve_encode(space->curve, light);
}

double space_peak(const struct space *space)
{
    if (space->kind == SPACE_SDR)
        return 1;
    if (space->kind == SPACE_HDR)
        return space->peak_nit / REFERENCE_NIT;
    return space->kind == SPACE_LOG ? curve_decode(space->curve, 1) : pq_decode(1) / REFERENCE_NIT;
}
