/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness`: programme loudness. */
#include "loudness.h"

#include "../channels/channels.h"
#include "aim.h"

#include <math.h>

static const char *const policies[] = {"lower", "fail", "limit", NULL};
const char *const loudness_groups[] = {"none", "average", "loudest", "reference", NULL};
static const char *const unmeasurables[] = {"keep", "fail", NULL};

static const struct loudness defaults = {
    .target_lufs = -23,
    .tolerance_lu = NAN,
    .rms_dbfs = NAN,
    .true_peak_dbtp = -1,
    .max_short_term_lufs = NAN,
    .max_momentary_lufs = NAN,
};

static const struct param rows[] = {
    {"target", "integrated loudness of the result",
     P_NUMBER(struct loudness, target_lufs, UNIT_LUFS), P_RANGE(-70, -5)},
    {"tolerance",
     "how far off the finished file may be before it is out of spec (0.1 LU, after a lossy codec "
     "0.3 LU)",
     P_NUMBER(struct loudness, tolerance_lu, UNIT_LU), P_RANGE(0, 10)},
    {"rms", "instead of `target`: RMS level of the whole programme, as audiobook platforms count",
     P_NUMBER(struct loudness, rms_dbfs, UNIT_DBFS), P_RANGE(-70, -5)},
    {"true_peak", "highest true peak allowed", P_NUMBER(struct loudness, true_peak_dbtp, UNIT_DBTP),
     P_RANGE(-20, 0)},
    {"max_short_term", "greatest loudness of any 3 s allowed",
     P_NUMBER(struct loudness, max_short_term_lufs, UNIT_LUFS), P_RANGE(-70, 0)},
    {"max_momentary", "greatest loudness of any 400 ms allowed",
     P_NUMBER(struct loudness, max_momentary_lufs, UNIT_LUFS), P_RANGE(-70, 0)},
    {"on_peak",
     "when the target would pass a limit: lower the whole programme until it fits, fail, or limit "
     "the true peaks (the only one that is dynamic, and only then)",
     P_CHOICE(struct loudness, on_peak, policies)},
    {"group",
     "one gain for all inputs of the job, so that their balance stays: for the loudness of all as "
     "one programme, of the loudest, or of a reference; the limits are kept by all of them",
     P_CHOICE(struct loudness, group, loudness_groups)},
    {"reference", "pattern of the names of the input, or inputs, that are the reference",
     P_TEXT(struct loudness, reference)},
    {"unmeasurable", "silence, or shorter than 400 ms: keep its level, or fail",
     P_CHOICE(struct loudness, unmeasurable, unmeasurables)},
    {"dual_mono", "a mono file is heard from two loudspeakers: read it 3.01 LU higher",
     P_BOOL(struct loudness, dual_mono)},
    {"profile", "which specification the numbers are from, for the report",
     P_TEXT(struct loudness, profile)},
};

static void promise(struct node *expect, const char *fact, const char *format, ...)
    G_GNUC_PRINTF(3, 4);

static void promise(struct node *expect, const char *fact, const char *format, ...)
{
    const struct mark nowhere = {0};
    va_list args;
    va_start(args, format);
    g_autofree char *sound = g_strdup_vprintf(format, args);
    g_autofree char *text = g_strconcat(sound, ", or absent", NULL);
    va_end(args);
    node_put(expect, fact, nowhere, node_scalar(text, nowhere));
}

static void promises(const void *params, bool lossy, struct node *expect)
{
    const struct loudness *loudness = params;
    const char *dual = loudness->dual_mono ? ", dual mono" : "";
    const char *silent = loudness->unmeasurable == UNMEASURABLE_KEEP ? ", or unmeasurable" : "";
    g_autofree char *target = number_text(aim_target(loudness));
    g_autofree char *tolerance = number_text(aim_tolerance(loudness, lossy));
    g_autofree char *peak = number_text(loudness->true_peak_dbtp);
    if (loudness->group == GROUP_NONE && isnan(loudness->rms_dbfs))
        promise(expect, "integrated_lufs", "%s LUFS ±%s%s%s", target, tolerance, dual, silent);
    else if (loudness->group == GROUP_NONE)
        promise(expect, "rms_dbfs", "%s dBFS ±%s%s", target, tolerance, silent);
    promise(expect, "true_peak_dbtp", "at most %s dBTP", peak);
    if (!isnan(loudness->max_short_term_lufs)) {
        g_autofree char *most = number_text(loudness->max_short_term_lufs);
        promise(expect, "max_short_term_lufs", "at most %s LUFS%s", most, dual);
    }
    if (!isnan(loudness->max_momentary_lufs)) {
        g_autofree char *most = number_text(loudness->max_momentary_lufs);
        promise(expect, "max_momentary_lufs", "at most %s LUFS%s", most, dual);
    }
}

static bool group_of(const void *params, const char **leads)
{
    const struct loudness *loudness = params;
    *leads = loudness->group == GROUP_REFERENCE ? loudness->reference : NULL;
    return loudness->group != GROUP_NONE;
}

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct loudness *loudness = params;
    bool named = loudness->reference && *loudness->reference;
    if (named == (loudness->group == GROUP_REFERENCE))
        return true;
    diag_error(diag, at, "for example {group: reference, reference: \"*dialogue*\"}",
               named ? "loudness: `reference` is for `group: reference`"
                     : "loudness: `group: reference` needs the name of the `reference`");
    return false;
}

const struct step loudness_step = {
    .name = "loudness",
    .summary = "bring a programme to a loudness",
    .help = "Measures the whole programme first (ITU-R BS.1770-4: integrated loudness and true "
            "peak), then\n"
            "changes it by one exact gain. Where that would pass a limit, `on_peak` decides; "
            "`limit` alone is\n"
            "dynamic, with a look-ahead limiter of true peaks, linked over all channels. Each "
            "output lands on\n"
            "its target as it is delivered: after its own downmix and, with a lossy codec or a "
            "limiter, by\n"
            "making the sound as a trial, hearing it and correcting the gain, at most 4 times (8 "
            "where nothing is encoded); "
            "what can't be\n"
            "met then fails with the history. A finished file that misses its target or a limit is "
            "out of spec.\n"
            "Since later steps are heard as well, a `gain` after it has no effect: ask for another "
            "target.\n"
            "Stems, languages and the tracks of an album keep their balance as a `group`: all of "
            "the job's\n"
            "inputs get the same gain, and each is a member with its own peaks. Defaults are those "
            "of EBU R\n"
            "128. Silence and programmes shorter than 400 ms can't be measured; they keep their "
            "level, and the\n"
            "report says so.",
    .example = "loudness: {target: -23 LUFS, true_peak: -1 dBTP, on_peak: lower}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct loudness), &defaults, "target"},
    .version = 2,
    .measures = true,
    .mixes = &channels_step,
    .promises = promises,
    .group = group_of,
    .check = check,
};
