/* SPDX-License-Identifier: GPL-3.0-or-later
 * Gain and ceiling of `loudness`, on made-up sound: what comes out of an aim is worked out by the
 * test, with the overshoots that were measured on real codecs. */
#include "steps/loudness/aim.h"

#include <math.h>

/* What stands between the gain and the listener. */
struct system {
    double source, peak;      /* levels of the source */
    double adds_db, takes_lu; /* a codec: to the peak, from the loudness */
    double limiter_takes; /* of each decibel that a limiter cuts from the peak, from the level */
    double wobble_db;     /* to the peak, with every other try */
};

static struct loudness wanting(double target, enum on_peak on_peak)
{
    struct loudness loudness;
    params_init(&loudness_step.params, &loudness);
    loudness.target_lufs = target;
    loudness.on_peak = on_peak;
    return loudness;
}

static struct levels source_of(const struct system *system)
{
    return (struct levels){system->source, system->peak, NAN, NAN};
}

static struct levels hear(const struct system *system, const struct aim *aim, unsigned pass)
{
    double level = system->source + aim->gain_db, peak = system->peak + aim->gain_db;
    double cut = isnan(aim->ceiling_dbtp) ? 0 : fmax(peak - aim->ceiling_dbtp, 0);
    return (struct levels){level - cut * system->limiter_takes - system->takes_lu,
                           peak - cut + system->adds_db + (pass % 2 ? system->wobble_db : 0), NAN,
                           NAN};
}

/* Tries until a verdict; `heard` is what comes of the aim that was chosen. */
static enum aim_verdict settle(const struct loudness *loudness, const struct system *system,
                               struct levels *heard, unsigned *tried, struct failure *failure)
{
    struct aim_try tries[AIM_TRIES];
    struct levels source = source_of(system);
    struct aim aim;
    enum aim_verdict verdict = AIM_AGAIN;
    *tried = 0;
    if (!aim_first(loudness, &source, &aim, failure))
        return AIM_MISSED;
    while (verdict == AIM_AGAIN) {
        g_assert_cmpuint(*tried, <, AIM_TRIES);
        tries[*tried] = (struct aim_try){aim, hear(system, &aim, *tried)};
        ++*tried;
        verdict = aim_next(loudness, &source, tries, *tried, system->adds_db != 0, &aim, failure);
    }
    *heard = hear(system, &aim, 0);
    return verdict;
}

static void nothing_in_the_way_is_one_gain(void)
{
    const struct system system = {.source = -30.3, .peak = -12};
    struct loudness loudness = wanting(-23, PEAK_LOWER);
    struct levels source = source_of(&system);
    struct failure failure = {0};
    struct aim aim;
    g_assert_true(aim_first(&loudness, &source, &aim, &failure));
    g_assert_cmpfloat_with_epsilon(aim.gain_db, 7.3, 1e-9);
    g_assert_true(isnan(aim.ceiling_dbtp));
}

/* A10: what each policy does where -30 LUFS with a peak of -4 dBTP is to be -23 below -1. */
static void a10_each_policy_does_what_it_says(void)
{
    const struct system system = {.source = -30, .peak = -4};
    struct levels source = source_of(&system);
    struct failure failure = {0};
    struct aim aim;
    struct loudness lower = wanting(-23, PEAK_LOWER), limit = wanting(-23, PEAK_LIMIT),
                    refuse = wanting(-23, PEAK_FAIL);
    g_assert_true(aim_first(&lower, &source, &aim, &failure));
    g_assert_cmpfloat_with_epsilon(aim.gain_db, 3, 1e-9);
    g_assert_true(isnan(aim.ceiling_dbtp));
    g_assert_true(aim_first(&limit, &source, &aim, &failure));
    g_assert_cmpfloat_with_epsilon(aim.gain_db, 7, 1e-9);
    g_assert_cmpfloat_with_epsilon(aim.ceiling_dbtp, -1, 1e-9);
    g_assert_false(aim_first(&refuse, &source, &aim, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "+3.0 dBTP (limit -1.0)"));
    failure_clear(&failure);
}

/* AAC at 128 kbit/s raised a peak of -0.7 to +1.2 dBTP and took 0.5 LU. */
static void a12_a_codec_that_overshoots_is_corrected(void)
{
    const struct system system = {
        .source = -24, .peak = -6, .adds_db = 1.9, .takes_lu = 0.5, .limiter_takes = 0.1};
    static const enum on_peak policies[] = {PEAK_LOWER, PEAK_LIMIT};
    for (unsigned i = 0; i < G_N_ELEMENTS(policies); i++) {
        struct loudness loudness = wanting(-16, policies[i]);
        struct failure failure = {0};
        struct levels heard;
        unsigned tried;
        g_assert_cmpint(settle(&loudness, &system, &heard, &tried, &failure), ==, AIM_HIT);
        g_assert_cmpfloat(heard.true_peak_dbtp, <=, -1);
        if (policies[i] == PEAK_LIMIT)
            g_assert_cmpfloat_with_epsilon(heard.level, -16, 0.3);
        else
            g_assert_cmpfloat(heard.true_peak_dbtp, >=, -1.3);
    }
}

static void a_limiter_that_takes_level_is_made_up_for(void)
{
    const struct system system = {.source = -26, .peak = -6, .limiter_takes = 0.4};
    struct loudness loudness = wanting(-16, PEAK_LIMIT);
    struct failure failure = {0};
    struct levels heard;
    unsigned tried;
    g_assert_cmpint(settle(&loudness, &system, &heard, &tried, &failure), ==, AIM_HIT);
    g_assert_cmpfloat_with_epsilon(heard.level, -16, 0.1);
    g_assert_cmpfloat(heard.true_peak_dbtp, <=, -1);
}

static void what_cant_be_met_fails_with_the_history(void)
{
    const struct system system = {.source = -20, .peak = -1, .limiter_takes = 0.99};
    struct loudness loudness = wanting(-8, PEAK_LIMIT);
    struct failure failure = {0};
    struct levels heard;
    unsigned tried;
    g_assert_cmpint(settle(&loudness, &system, &heard, &tried, &failure), ==, AIM_MISSED);
    g_assert_cmpuint(tried, ==, AIM_TRIES);
    g_assert_nonnull(strstr(failure.message, "try 8: gain"));
    failure_clear(&failure);
}

static void lowering_takes_what_keeps_the_limit(void)
{
    const struct system system = {.source = -30, .peak = -4, .adds_db = 0.5, .wobble_db = 0.8};
    struct loudness loudness = wanting(-16, PEAK_LOWER);
    struct failure failure = {0};
    struct levels heard;
    unsigned tried;
    g_assert_cmpint(settle(&loudness, &system, &heard, &tried, &failure), ==, AIM_HIT);
    g_assert_cmpfloat(heard.true_peak_dbtp, <=, -1);
}

static void a_codec_over_the_limit_fails_where_it_must(void)
{
    const struct system system = {.source = -20, .peak = -5, .adds_db = 0.9};
    struct loudness loudness = wanting(-16.5, PEAK_FAIL);
    struct failure failure = {0};
    struct levels heard;
    unsigned tried;
    g_assert_cmpint(settle(&loudness, &system, &heard, &tried, &failure), ==, AIM_MISSED);
    g_assert_nonnull(strstr(failure.message, "as it is heard"));
    failure_clear(&failure);
}

/* A14: EBU R 128 s1 allows a spot at -23 LUFS a short-term loudness of -18 at most. */
static void a14_a_loud_moment_breaks_a_spot(void)
{
    const struct levels spot = {-23, -9, -16, -12};
    struct loudness loudness = wanting(-23, PEAK_FAIL);
    struct failure failure = {0};
    struct aim aim;
    loudness.max_short_term_lufs = -18;
    g_assert_false(aim_first(&loudness, &spot, &aim, &failure));
    g_assert_nonnull(strstr(failure.message, "short-term loudness at -16.0 LUFS (limit -18.0)"));
    failure_clear(&failure);
    loudness.on_peak = PEAK_LOWER;
    g_assert_true(aim_first(&loudness, &spot, &aim, &failure));
    g_assert_cmpfloat_with_epsilon(aim.gain_db, -2, 1e-9);
}

static void a_mono_file_is_heard_twice(void)
{
    const struct mark nowhere = {0};
    struct loudness loudness = wanting(-16, PEAK_LOWER);
    g_auto(node_ptr) facts = node_map(nowhere);
    loudness.dual_mono = true;
    node_put(facts, "integrated_lufs", nowhere, node_scalar("-26", nowhere));
    node_put(facts, "channels", nowhere, node_scalar("1", nowhere));
    g_assert_cmpfloat_with_epsilon(levels_of(&loudness, facts).level, -22.99, 0.005);
    node_put(facts, "channels", nowhere, node_scalar("2", nowhere));
    g_assert_cmpfloat_with_epsilon(levels_of(&loudness, facts).level, -26, 1e-9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/aim/one-gain", nothing_in_the_way_is_one_gain);
    g_test_add_func("/aim/A10-policies", a10_each_policy_does_what_it_says);
    g_test_add_func("/aim/A12-codec", a12_a_codec_that_overshoots_is_corrected);
    g_test_add_func("/aim/limiter", a_limiter_that_takes_level_is_made_up_for);
    g_test_add_func("/aim/history", what_cant_be_met_fails_with_the_history);
    g_test_add_func("/aim/lower", lowering_takes_what_keeps_the_limit);
    g_test_add_func("/aim/fail", a_codec_over_the_limit_fails_where_it_must);
    g_test_add_func("/aim/A14-short-term", a14_a_loud_moment_breaks_a_spot);
    g_test_add_func("/aim/dual-mono", a_mono_file_is_heard_twice);
    return g_test_run();
}
