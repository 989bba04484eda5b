/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness`: sound. One gain, from what was measured; a limiter after it where it is asked for. */
#include "../level.h"
#include "aim.h"
#include "media/limiter.h"
#include "steps/faces.h"

#include <math.h>

audio_face loudness_audio;
settle_face loudness_settle;

static const double RELEASE_MS = 50;

/* What is kept of each try, in the map that the face is told; in the order of struct aim_try. */
static const char *const kept[] = {"gain_db",        "ceiling_dbtp",        "level",
                                   "true_peak_dbtp", "max_short_term_lufs", "max_momentary_lufs"};

static void put(struct node *map, const char *key, double value)
{
    g_autofree char *text = isnan(value) ? g_strdup("none") : number_text(value);
    node_put(map, key, (struct mark){0}, node_scalar(text, (struct mark){0}));
}

static double get(const struct node *map, const char *key)
{
    const char *text = map ? node_get_text(map, key) : NULL;
    double value;
    return text && number_parse(text, &value) ? value : NAN;
}

static void keep_try(struct node *measured, const struct aim_try *one)
{
    const struct mark nowhere = {0};
    const double values[] = {
        one->aim.gain_db,          one->aim.ceiling_dbtp,          one->heard.level,
        one->heard.true_peak_dbtp, one->heard.max_short_term_lufs, one->heard.max_momentary_lufs};
    struct node *list = node_get(measured, "tries"), *map = node_map(nowhere);
    if (!list || list->kind != NODE_LIST) {
        list = node_list(nowhere);
        node_put(measured, "tries", nowhere, list);
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(kept); i++)
        put(map, kept[i], values[i]);
    node_append(list, map);
}

static unsigned kept_tries(const struct node *measured, struct aim_try tries[AIM_TRIES])
{
    const struct node *list = node_get(measured, "tries");
    unsigned count = list && list->kind == NODE_LIST ? MIN(node_length(list), AIM_TRIES) : 0;
    for (unsigned i = 0; i < count; i++) {
        const struct node *map = node_item(list, i);
        tries[i] = (struct aim_try){
            {get(map, kept[0]), get(map, kept[1])},
            {get(map, kept[2]), get(map, kept[3]), get(map, kept[4]), get(map, kept[5])}};
    }
    return count;
}

/* The aim as it was corrected, or else the first one. */
static bool aim_of(const struct loudness *loudness, const struct node *measured,
                   const struct levels *source, struct aim *aim, struct failure *failure)
{
    *aim = (struct aim){get(measured, "gain_db"), get(measured, "ceiling_dbtp")};
    return !isnan(aim->gain_db) || aim_first(loudness, source, aim, failure);
}

static bool keep_level(struct chain *chain, const struct loudness *loudness,
                       struct failure *failure)
{
    const char *why = loudness->group == GROUP_NONE
                          ? "loudness can't be measured (silence, or shorter than 400 ms)"
                          : "the loudness of the group can't be measured (silence)";
    if (loudness->unmeasurable == UNMEASURABLE_FAIL)
        return fail(failure, FAIL_CONFIG, "%s, and `unmeasurable: fail` forbids it", why);
    chain_note(chain, "%s: level unchanged", why);
    return true;
}

static void note_gain(struct chain *chain, const struct loudness *loudness,
                      const struct levels *source, const struct aim *aim)
{
    const char *unit = aim_unit(loudness);
    double wanted = aim_target(loudness) - source->level, lowered = wanted - aim->gain_db;
    g_autofree char *why = aim_passed(loudness, source, wanted);
    if (!isnan(aim->ceiling_dbtp))
        chain_note(chain, "loudness: gain %+.2f dB, from %.2f %s, then peaks limited to %.2f dBTP",
                   aim->gain_db, source->level, unit, aim->ceiling_dbtp);
    else if (lowered > 0.005 && why)
        chain_note(chain, "loudness: linear gain %+.1f dB %s: lowered by %.1f dB, to %.1f %s",
                   wanted, why, lowered, source->level + aim->gain_db, unit);
    else if (fabs(lowered) > 0.005)
        chain_note(chain,
                   "loudness: linear gain %+.2f dB, from %.2f %s, as corrected by hearing it",
                   aim->gain_db, source->level, unit);
    else
        chain_note(chain, "loudness: linear gain %+.2f dB, from %.2f to %.2f %s", aim->gain_db,
                   source->level, source->level + aim->gain_db, unit);
}

static void note_all(struct chain *chain, const struct loudness *loudness,
                     const struct node *measured, const struct levels *source,
                     const struct aim *aim)
{
    struct aim_try tries[AIM_TRIES];
    unsigned count = kept_tries(measured, tries);
    g_autofree char *history = aim_history(loudness, tries, count);
    if (loudness->group != GROUP_NONE)
        chain_note(chain, "loudness of the group (%s): %.2f %s", loudness_groups[loudness->group],
                   source->level, aim_unit(loudness));
    if (loudness->profile)
        chain_note(chain, "loudness profile: %s", loudness->profile);
    note_gain(chain, loudness, source, aim);
    if (count)
        chain_note(chain, "loudness as it is heard after all steps and the codec: %s", history);
}

bool loudness_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct loudness *loudness = params;
    struct levels source = levels_of(loudness, env->measured);
    struct aim aim;
    if (isnan(source.level))
        return keep_level(chain, loudness, failure);
    if (!aim_of(loudness, env->measured, &source, &aim, failure))
        return false;
    note_all(chain, loudness, env->measured, &source, &aim);
    return level_change(chain, aim.gain_db, failure) &&
           (isnan(aim.ceiling_dbtp) || chain_limit(chain, aim.ceiling_dbtp, RELEASE_MS, failure));
}

enum settled loudness_settle(const void *params, struct node *measured, const struct hearing *heard,
                             struct failure *failure)
{
    const struct loudness *loudness = params;
    struct levels source = levels_of(loudness, measured);
    struct aim_try tries[AIM_TRIES], now;
    if (isnan(source.level))
        return SETTLED;
    if (!aim_of(loudness, measured, &source, &now.aim, failure))
        return SETTLE_FAILED;
    if (!heard->facts && (heard->changed || !isnan(now.aim.ceiling_dbtp)))
        return SETTLE_AGAIN;
    if (!heard->facts) {
        put(measured, SETTLED_GAIN_DB, now.aim.gain_db);
        return SETTLED;
    }
    now.heard = levels_of(loudness, heard->facts);
    keep_try(measured, &now);
    unsigned count = kept_tries(measured, tries);
    struct aim next;
    enum aim_verdict verdict =
        aim_next(loudness, &source, tries, count, heard->lossy, &next, failure);
    if (verdict == AIM_MISSED)
        return SETTLE_FAILED;
    put(measured, "gain_db", next.gain_db);
    put(measured, "ceiling_dbtp", next.ceiling_dbtp);
    return verdict == AIM_HIT ? SETTLED : SETTLE_AGAIN;
}
