/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gain and ceiling from levels. */
#include "aim.h"

#include "base/unit.h"

#include <math.h>

/* How near is as good as on target, how far below a limit a correction aims, and how far below it a
 * peak isn't raised any more. After a lossy codec, where each gain makes other peaks, `lossy`. */
static const struct margins {
    double near_lu, below_db, under_db;
} exact = {0.05, 0.03, 0.1}, loose = {0.1, 0.1, 0.3};

static const struct margins *margins_of(bool lossy)
{
    return lossy ? &loose : &exact;
}

double aim_target(const struct loudness *loudness)
{
    return isnan(loudness->rms_dbfs) ? loudness->target_lufs : loudness->rms_dbfs;
}

const char *aim_unit(const struct loudness *loudness)
{
    return isnan(loudness->rms_dbfs) ? "LUFS" : "dBFS RMS";
}

double aim_tolerance(const struct loudness *loudness, bool lossy)
{
    return !isnan(loudness->tolerance_lu) ? loudness->tolerance_lu : lossy ? 0.3 : 0.1;
}

static double told(const struct node *measured, const char *fact)
{
    const char *text = measured ? node_get_text(measured, fact) : NULL;
    double value;
    return text && number_parse(text, &value) ? value : NAN;
}

struct levels levels_of(const struct loudness *loudness, const struct node *measured)
{
    bool rms = !isnan(loudness->rms_dbfs);
    double louder = loudness->dual_mono && told(measured, "channels") == 1 ? UNIT_DUAL_MONO_LU : 0;
    return (struct levels){
        .level = rms ? told(measured, "rms_dbfs") : told(measured, "integrated_lufs") + louder,
        .true_peak_dbtp = told(measured, "true_peak_dbtp"),
        .max_short_term_lufs = told(measured, "max_short_term_lufs") + louder,
        .max_momentary_lufs = told(measured, "max_momentary_lufs") + louder,
    };
}

/* How much louder a programme may become before a limit is passed. What isn't limited, or can't be
 * measured, is no limit. */
static double room(const struct loudness *loudness, const struct levels *at, bool peak)
{
    double most = INFINITY;
    if (peak)
        most = fmin(most, loudness->true_peak_dbtp - at->true_peak_dbtp);
    most = fmin(most, loudness->max_short_term_lufs - at->max_short_term_lufs);
    return fmin(most, loudness->max_momentary_lufs - at->max_momentary_lufs);
}

char *aim_passed(const struct loudness *loudness, const struct levels *at, double gain_db)
{
    if (room(loudness, at, true) >= gain_db)
        return NULL;
    if (at->true_peak_dbtp + gain_db > loudness->true_peak_dbtp)
        return g_strdup_printf("would put the true peak at %+.1f dBTP (limit %.1f)",
                               at->true_peak_dbtp + gain_db, loudness->true_peak_dbtp);
    bool brief = at->max_short_term_lufs + gain_db > loudness->max_short_term_lufs;
    return g_strdup_printf("would put the greatest %s loudness at %.1f LUFS (limit %.1f)",
                           brief ? "short-term" : "momentary",
                           (brief ? at->max_short_term_lufs : at->max_momentary_lufs) + gain_db,
                           brief ? loudness->max_short_term_lufs : loudness->max_momentary_lufs);
}

bool aim_first(const struct loudness *loudness, const struct levels *source, struct aim *aim,
               struct failure *failure)
{
    bool limits = loudness->on_peak == PEAK_LIMIT;
    double wanted = aim_target(loudness) - source->level;
    double most = room(loudness, source, !limits);
    *aim = (struct aim){fmin(wanted, most), NAN};
    if (limits && source->true_peak_dbtp + aim->gain_db > loudness->true_peak_dbtp)
        aim->ceiling_dbtp = loudness->true_peak_dbtp;
    if (most >= wanted || loudness->on_peak != PEAK_FAIL)
        return true;
    g_autofree char *why = aim_passed(loudness, source, wanted);
    return fail(failure, FAIL_CONFIG,
                "loudness: linear gain %+.1f dB %s; `on_peak: lower` would lower it by %.1f dB, to "
                "%.1f %s, `on_peak: limit` would limit the peaks",
                wanted, why, wanted - most, source->level + most, aim_unit(loudness));
}

char *aim_history(const struct loudness *loudness, const struct aim_try *tries, unsigned count)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < count; i++) {
        const struct aim_try *one = &tries[i];
        g_string_append_printf(text, "%stry %u: gain %+.2f dB", i ? "; " : "", i + 1,
                               one->aim.gain_db);
        if (!isnan(one->aim.ceiling_dbtp))
            g_string_append_printf(text, ", limited to %.2f dBTP", one->aim.ceiling_dbtp);
        g_string_append_printf(text, ": %.2f %s, %.2f dBTP", one->heard.level, aim_unit(loudness),
                               one->heard.true_peak_dbtp);
    }
    return g_string_free(text, FALSE);
}

/* Gain and ceiling moved together move the level as much: what counts is the distance between gain
 * and ceiling, and how far the level is above the ceiling. */
struct distance {
    double gain, level;
};

static struct distance distance_of(const struct loudness *loudness, const struct aim_try *one)
{
    bool limited = !isnan(one->aim.ceiling_dbtp);
    double ceiling = limited ? one->aim.ceiling_dbtp : loudness->true_peak_dbtp;
    return (struct distance){one->aim.gain_db - ceiling, one->heard.level - ceiling};
}

/* How much the level moves for a decibel of gain, after one try: less than 1 when a limiter takes
 * some of it. On speech, what a limiter took by then is a third of what it cut from the highest
 * peak, and of the next decibel it takes half. */
static double first_slope(const struct levels *source, const struct aim_try *one)
{
    if (isnan(one->aim.ceiling_dbtp))
        return 1;
    double cut = source->true_peak_dbtp + one->aim.gain_db - one->aim.ceiling_dbtp;
    double taken = source->level + one->aim.gain_db - one->heard.level;
    return cut > 0 ? CLAMP(1 - 1.5 * taken / cut, 0.45, 1) : 1;
}

/* Through the last two tries a line, through three a parabola on its side: the gain for a level. */
static double gain_through(const struct distance *at, unsigned count, double level)
{
    double gain = 0;
    for (unsigned i = 0; i < count; i++) {
        double share = at[i].gain;
        for (unsigned k = 0; k < count; k++)
            share *= k == i ? 1 : (level - at[k].level) / (at[i].level - at[k].level);
        gain += share;
    }
    return gain;
}

/* The distance of the gain that should bring the level to `level`. No step is longer than 12 dB:
 * what isn't louder for them can't be made louder. */
static double next_distance(const struct loudness *loudness, const struct levels *source,
                            const struct aim_try *tries, unsigned count, double level)
{
    const double longest_db = 12;
    unsigned used = MIN(count, 3);
    struct distance at[3];
    for (unsigned i = 0; i < used; i++)
        at[i] = distance_of(loudness, &tries[count - used + i]);
    const struct distance *last = &at[used - 1];
    double gain = used > 1 ? gain_through(at, used, level)
                           : last->gain + (level - last->level) / first_slope(source, &tries[0]);
    bool astray = !isfinite(gain) || (gain - last->gain) * (level - last->level) < 0;
    if (astray)
        gain = last->gain + (level - last->level);
    return CLAMP(gain, last->gain - longest_db, last->gain + longest_db);
}

static const char *advice_of(const struct loudness *loudness)
{
    if (loudness->on_peak == PEAK_LIMIT)
        return "ask for a lower target or a higher bit rate, or let `on_peak` be lower";
    return "ask for a lower target or a higher bit rate, or let `on_peak` be limit";
}

static enum aim_verdict give_up(const struct loudness *loudness, const struct aim_try *tries,
                                unsigned count, const char *why, struct failure *failure)
{
    g_autofree char *history = aim_history(loudness, tries, count);
    fail(failure, FAIL_CONFIG, "loudness: %s (%s): %s", why, history, advice_of(loudness));
    return AIM_MISSED;
}

/* The limits are kept, and the target is met or stands against one of them. */
static bool is_hit(const struct loudness *loudness, const struct levels *heard, double near_lu,
                   bool lossy)
{
    bool limits = loudness->on_peak == PEAK_LIMIT, fails = loudness->on_peak == PEAK_FAIL;
    double missed = aim_target(loudness) - heard->level;
    double most = fails ? INFINITY : room(loudness, heard, !limits);
    bool held = missed > 0 && most <= margins_of(lossy)->under_db;
    return room(loudness, heard, true) >= 0 && (fabs(missed) <= near_lu || held);
}

/* Of the tries that will do, the one that is nearest to the target; NULL: none. */
static const struct aim_try *best(const struct loudness *loudness, const struct aim_try *tries,
                                  unsigned count, bool lossy)
{
    const struct aim_try *found = NULL;
    double near_lu = loudness->on_peak == PEAK_LOWER ? INFINITY : aim_tolerance(loudness, lossy);
    for (unsigned i = 0; i < count; i++) {
        const struct levels *heard = &tries[i].heard;
        bool nearer = !found || fabs(aim_target(loudness) - heard->level) <
                                    fabs(aim_target(loudness) - found->heard.level);
        if (nearer && is_hit(loudness, heard, near_lu, lossy))
            found = &tries[i];
    }
    return found;
}

static enum aim_verdict settle_for(const struct loudness *loudness, const struct aim_try *tries,
                                   unsigned count, bool lossy, struct aim *next,
                                   struct failure *failure)
{
    const struct aim_try *one = best(loudness, tries, count, lossy);
    if (!one)
        return give_up(loudness, tries, count,
                       loudness->group == GROUP_NONE ? "the target can't be met"
                                                     : "a limit is passed",
                       failure);
    *next = one->aim;
    return AIM_HIT;
}

/* A lower ceiling where peaks came out too high, from try to try with less trust that a codec adds
 * what it added before: it adds more to sound that is denser. One at all where the new gain needs
 * it. */
static double next_ceiling(const struct loudness *loudness, const struct aim_try *tries,
                           unsigned count, double louder_db, double below_db)
{
    const struct aim_try *last = &tries[count - 1];
    double limit = loudness->true_peak_dbtp, was = last->aim.ceiling_dbtp;
    double over = last->heard.true_peak_dbtp - limit;
    if (over > 0)
        return fmin(was, limit) - over * (0.5 + 0.5 * count) - below_db;
    return isnan(was) && over + louder_db > 0 ? limit : was;
}

static void correct_limited(const struct loudness *loudness, const struct levels *source,
                            const struct aim_try *tries, unsigned count, double missed,
                            double below_db, struct aim *next)
{
    const struct aim_try *last = &tries[count - 1];
    next->ceiling_dbtp = next_ceiling(loudness, tries, count, missed, below_db);
    double ceiling = isnan(next->ceiling_dbtp) ? loudness->true_peak_dbtp : next->ceiling_dbtp;
    double level = last->heard.level + missed - ceiling;
    next->gain_db = next_distance(loudness, source, tries, count, level) + ceiling;
}

enum aim_verdict aim_next(const struct loudness *loudness, const struct levels *source,
                          const struct aim_try *tries, unsigned count, bool lossy, struct aim *next,
                          struct failure *failure)
{
    const struct margins *margins = margins_of(lossy);
    const struct levels *heard = &tries[count - 1].heard;
    bool limits = loudness->on_peak == PEAK_LIMIT, fixed = loudness->group != GROUP_NONE;
    double missed = fixed ? 0 : aim_target(loudness) - heard->level;
    *next = tries[count - 1].aim;
    double near_lu = fmin(margins->near_lu, aim_tolerance(loudness, lossy));
    if (isnan(heard->level) || (fixed && room(loudness, heard, true) >= 0) ||
        (!fixed && is_hit(loudness, heard, near_lu, lossy)))
        return AIM_HIT;
    if (fixed && !limits)
        return give_up(loudness, tries, count, "a limit is passed, and the gain is the group's",
                       failure);
    if (count >= (lossy ? AIM_ENCODES : AIM_TRIES))
        return settle_for(loudness, tries, count, lossy, next, failure);
    double most = room(loudness, heard, !limits);
    if (loudness->on_peak == PEAK_FAIL && most < 0)
        return give_up(loudness, tries, count, "as it is heard, a limit is passed", failure);
    if (most < missed)
        missed = most - margins->below_db;
    if (limits)
        correct_limited(loudness, source, tries, count, missed, margins->below_db, next);
    else
        next->gain_db += missed;
    if (fixed)
        next->gain_db = tries[count - 1].aim.gain_db;
    return AIM_AGAIN;
}
