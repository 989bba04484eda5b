/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: where a programme begins and ends. */
#include "trim.h"

#include <math.h>
#include <string.h>

static const struct trim defaults = {.from = {.kind = POSITION_NONE}};

static const struct param rows[] = {
    {"from", "first moment kept: time, frame, percentage, or timecode of the source",
     P_POSITION(struct trim, from)},
    {"to", "first moment cut off; with a minus, counted from the end", P_POSITION(struct trim, to)},
    {"length", "how long the result is, instead of to", P_POSITION(struct trim, length)},
    {"snap",
     "how far both ends may move outwards, to where the picture can be cut without encoding it",
     P_NUMBER(struct trim, snap_s, UNIT_SECONDS), P_RANGE(0, 60)},
    {"smart",
     "of a picture that is copied, encode the few pictures at the ends that can't be: exact",
     P_BOOL(struct trim, smart)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct trim *trim = params;
    if (trim->from.kind == POSITION_NONE && trim->to.kind == POSITION_NONE &&
        trim->length.kind == POSITION_NONE) {
        diag_error(diag, at, "for example trim: {from: 12f, to: -12f}",
                   "trim: neither from, to nor length is given");
        return false;
    }
    if (trim->to.kind != POSITION_NONE && trim->length.kind != POSITION_NONE) {
        diag_error(diag, at, "give one of them", "trim: both to and length are given");
        return false;
    }
    if (trim->snap_s > 0 && trim->smart) {
        diag_error(diag, at, "smart cuts to the frame, and snap moves to where nothing is encoded",
                   "trim: both snap and smart are given");
        return false;
    }
    const bool counted =
        trim->length.kind != POSITION_NONE && trim->length.kind != POSITION_TIMECODE;
    if (trim->length.from_end || (counted && trim->length.value == 0)) {
        diag_error(diag, at, "for example length: 10s",
                   "trim.length: a length can't be negative or nothing");
        return false;
    }
    return step_span_check("trim", &trim->from, &trim->to, at, diag);
}

static char *find_end(const struct trim *trim, struct timeline programme, double from_s,
                      double *to_s)
{
    const bool lasts = trim->length.kind != POSITION_NONE;
    const struct position end = lasts ? trim->length : trim->to;
    const bool open = end.kind == POSITION_SECONDS || end.kind == POSITION_FRAMES;
    if (open && !end.from_end)
        programme.duration_s = NAN;
    *to_s = NAN;
    char *why = timeline_find(&programme, &end, lasts ? "trim.length" : "trim.to", to_s);
    *to_s += lasts ? from_s : 0;
    return why;
}

char *trim_find(const struct trim *trim, const struct timeline *programme, double *from_s,
                double *to_s, bool *clipped)
{
    *from_s = 0;
    char *why = timeline_find(programme, &trim->from, "trim.from", from_s);
    if (!why)
        why = find_end(trim, *programme, *from_s, to_s);
    if (why)
        return why;
    *clipped = *to_s > programme->duration_s;
    if (*clipped)
        *to_s = NAN;
    if (*to_s <= *from_s)
        return g_strdup_printf("trim keeps nothing: it begins at %.3f s and ends at %.3f s",
                               seconds_shown(*from_s), seconds_shown(*to_s));
    return NULL;
}

/* Where a copy can begin and end, as include/media/cut.h has it. */
static const char *rule_of(const char *codec)
{
    static const struct {
        const char *codec, *rule;
    } rows_of[] = {
        {"h264", "begins at an IDR picture, ends where no later one is needed"},
        {"hevc", "begins at an IDR, BLA or CRA picture, ends where no later one is needed"},
        {"mpeg1video", "begins at an I picture, ends where no later one is needed"},
        {"mpeg2video", "begins at an I picture, ends where no later one is needed"},
        {"vp8", "begins at a key picture"},
        {"vp9", "begins at a key picture"},
        {"av1", "begins at a key picture"},
        {"theora", "begins at a key picture"},
        {"ffv1", "begins at a key picture"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows_of); i++)
        if (!strcmp(rows_of[i].codec, codec))
            return rows_of[i].rule;
    return NULL;
}

static char *copied(const void *params, const char *codec)
{
    const struct trim *trim = params;
    const char *rule = rule_of(codec);
    if (!rule)
        return g_strdup_printf(
            "copied %s is cut on any frame, if each of its pictures stands alone", codec);
    if (trim->smart && !strcmp(codec, "h264"))
        return g_strdup(
            "copied h264 is cut to the frame: what is before the first IDR picture, or "
            "needs a picture behind the end, is encoded again; all of it, where that can't be");
    if (trim->smart)
        return g_strdup_printf("copied %s %s; where that isn't to the frame, all of it is encoded",
                               codec, rule);
    if (trim->snap_s > 0)
        return g_strdup_printf("copied %s %s: each end moves outwards to there, by %g s at most",
                               codec, rule, trim->snap_s);
    return g_strdup_printf("copied %s %s: where that isn't to the frame, the output fails and says "
                           "the nearest",
                           codec, rule);
}

/* For a place to cut, a copy looks farther. */
static double needs_s(const void *params, const struct facts *facts)
{
    const struct trim *trim = params;
    if (trim->snap_s > 0 || trim->smart)
        return NAN;
    if (trim->length.kind == POSITION_NONE)
        return step_moment_s(&trim->to, facts);
    const bool begins = trim->from.kind == POSITION_NONE;
    return (begins ? 0 : step_moment_s(&trim->from, facts)) + step_moment_s(&trim->length, facts);
}

static char *misses(const void *params, const struct facts *facts)
{
    const struct timeline source = timeline_of(facts);
    double from_s, to_s;
    bool clipped;
    return trim_find(params, &source, &from_s, &to_s, &clipped);
}

const struct step trim_step = {
    .name = "trim",
    .summary = "keep a part of the programme",
    .help =
        "Cuts picture and sound at the same moment, exact to the frame and to the sample: the\n"
        "source is decoded from the key frame before. The times of the result start at 0, its\n"
        "timecode at the first frame that was kept. `12f` is a frame count, `-2s` counts from\n"
        "the end (of the picture, where there is one), `01:00:10:05` is a timecode of the source.\n"
        "A picture that is copied (`encode: {video: {codec: copy}}`) is cut as well: on any frame\n"
        "where each stands alone (ProRes, DNxHD), else it begins at a key picture that needs none\n"
        "before it, and ends where no later one is needed. What isn't there to the frame fails,\n"
        "with the nearest moments; `snap: 2s` moves the programme there, sound, timecode and all\n"
        "outputs with it, and the report says requested and actual. `smart: true` keeps to the\n"
        "frame: of H.264 in MP4, MOV and MKV only the pictures between an end and the next key\n"
        "picture inside are encoded again, nearly without loss, and all others are copied. The\n"
        "file is then decoded beside its source; where that shows a difference, or the source is\n"
        "of another form (HEVC, interlaced, no key picture inside), all of the picture is encoded\n"
        "in the source's codec, with what `encode` says, and the report says why. Nothing of what\n"
        "was cut off stays in the file. Sound that is copied is cut to whole packets, PCM to the "
        "sample. A\n"
        "sound file has nothing to snap to.",
    .example = "trim: {from: 12f, to: -12f}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct trim), &defaults, NULL},
    .version = 5,
    .reshapes = true,
    .needs_s = needs_s,
    .misses = misses,
    .copied = copied,
    .check = check,
};
