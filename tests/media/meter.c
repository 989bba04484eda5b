/* SPDX-License-Identifier: GPL-3.0-or-later
 * The meter beyond what EBU's signals ask: layouts, cuts, silence, levels, several programmes. */
#include "meter_help.h"

#include <string.h>

/* --- A5: weights by place --- */

/* Of BS.1770-4 table 4 and Annex 3: S is 1.41, F is 1, - is nothing. */
static void channels_have_the_weight_of_their_place(void)
{
    static const struct {
        const char *layout, *weights;
    } rows[] = {
        {"mono", "F"},
        {"stereo", "FF"},
        {"downmix", "FF"},
        {"2.1", "FF-"},
        {"3.0", "FFF"},
        {"4.0", "FFFF"},
        {"quad", "FFSS"},
        {"quad(side)", "FFSS"},
        {"5.0", "FFFSS"},
        {"5.1", "FFF-SS"},
        {"5.1(side)", "FFF-SS"},
        {"6.1", "FFF-FSS"},
        {"7.0", "FFFFFSS"},
        {"7.1", "FFF-FFSS"},
        {"7.1(wide)", "FFF-SSFF"},
        {"7.1(wide-side)", "FFF-FFSS"},
        {"hexadecagonal", "FFFFFFSSFFFFFFSS"},
        {"22.2", "SSF-FFFFFSSFFFFFFF-FFFFF"},
        {"9 channels", "FFFFFFFFF"},
    };
    for (size_t r = 0; r < G_N_ELEMENTS(rows); r++) {
        const char *weights = rows[r].weights;
        for (int alone = 0; weights[alone]; alone++) {
            double levels[CHANNELS_MOST];
            for (int c = 0; c < CHANNELS_MOST; c++)
                levels[c] = c == alone ? -20 : -INFINITY;
            struct feed feed = feed_open(rows[r].layout, 16000);
            g_assert_cmpint(feed.channels, ==, (int)strlen(weights));
            feed_tone(&feed, 0.5, levels);
            struct loudness read = feed_close(&feed);
            double expected = -23.01 + (weights[alone] == 'S' ? 10 * log10(1.41) : 0);
            if (weights[alone] == '-')
                g_assert_true(isnan(read.integrated_lufs) && isnan(read.max_momentary_lufs));
            else
                assert_lu(read.integrated_lufs, expected);
            assert_lu(read.true_peak_dbtp, -20);
        }
    }
}

/* --- A6: cuts --- */

/* The right channel is the left, 500 samples later. */
static struct loudness heard_in_slices(const float *samples, int frames, int rate, int slice,
                                       char **blocks)
{
    struct feed feed = feed_open("stereo", rate);
    for (int done = 0; done < frames; done += slice)
        loudness_meter_feed(feed.meter, (const float *[]){samples + done, samples + done + 500},
                            MIN(slice, frames - done), NULL);
    struct loudness read;
    loudness_meter_read(feed.meter, &read);
    *blocks = gated_text(read.gated);
    return feed_close(&feed);
}

static void assert_same(const struct loudness *a, const struct loudness *b)
{
    g_assert_true(a->integrated_lufs == b->integrated_lufs && a->lra_lu == b->lra_lu);
    g_assert_true(a->true_peak_dbtp == b->true_peak_dbtp);
    g_assert_true(a->sample_peak_dbfs == b->sample_peak_dbfs);
    g_assert_true(a->max_momentary_lufs == b->max_momentary_lufs);
    g_assert_true(a->max_short_term_lufs == b->max_short_term_lufs);
    g_assert_true(a->rms_dbfs == b->rms_dbfs && a->noise_floor_dbfs == b->noise_floor_dbfs);
}

static void cuts_make_no_difference(void)
{
    enum { FRAMES = 230000, ALL = FRAMES + 500 };
    static const int rates[] = {48000, 22050}, slices[] = {1, 64, 1024, 48000};
    g_autoptr(GRand) rand = g_rand_new_with_seed(6);
    g_autofree float *samples = g_new(float, ALL);
    for (int i = 0; i < ALL; i++)
        samples[i] = (float)(g_rand_double_range(rand, -1, 1) * (i % 30000 < 4000 ? 0.9 : 0.05));
    for (size_t r = 0; r < G_N_ELEMENTS(rates); r++) {
        g_autofree char *whole_blocks = NULL;
        struct loudness whole = heard_in_slices(samples, FRAMES, rates[r], FRAMES, &whole_blocks);
        g_assert_true(whole.lra_lu > 0 && whole.noise_floor_dbfs < 0);
        for (size_t s = 0; s < G_N_ELEMENTS(slices); s++) {
            g_autofree char *blocks = NULL;
            struct loudness cut = heard_in_slices(samples, FRAMES, rates[r], slices[s], &blocks);
            assert_same(&cut, &whole);
            g_assert_cmpstr(blocks, ==, whole_blocks);
        }
    }
}

/* --- A7: nothing to measure --- */

static void assert_no_loudness(const struct loudness *read)
{
    g_assert_true(isnan(read->integrated_lufs) && isnan(read->lra_lu));
    g_assert_true(isnan(read->max_momentary_lufs) && isnan(read->max_short_term_lufs));
    g_assert_true(isnan(read->noise_floor_dbfs));
    g_assert_false(read->lra_stable);
}

static void silence_is_unmeasurable(void)
{
    static const double seconds[] = {0, 0.005, 0.3, 5};
    for (size_t i = 0; i < G_N_ELEMENTS(seconds); i++) {
        struct loudness read = HEARD(48000, 1, {seconds[i], -INFINITY});
        assert_no_loudness(&read);
        g_assert_true(isnan(read.true_peak_dbtp) && isnan(read.sample_peak_dbfs));
        g_assert_true(isnan(read.rms_dbfs));
    }
}

static void less_than_400_ms_has_peaks_but_no_loudness(void)
{
    struct loudness read = HEARD(48000, 1, {0.399, -20});
    assert_no_loudness(&read);
    assert_lu(read.true_peak_dbtp, -20);
    assert_lu(read.rms_dbfs, -23.01);
    g_assert_false(isnan(HEARD(48000, 1, {0.4, -20}).integrated_lufs));
}

static void what_is_unmeasurable_is_null_in_json(void)
{
    struct feed feed = feed_open("stereo", 48000);
    g_auto(facts_ptr) facts = facts_create();
    facts->kind = KIND_AUDIO;
    facts->measured = true;
    feed_part(&feed, (struct part){3.5, -INFINITY});
    loudness_to_facts(feed.meter, facts);
    feed_close(&feed);
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, facts_to_json(facts));
    JsonObject *json = json_node_get_object(node);
    static const char *const names[] = {"integrated_lufs",    "lra_lu",
                                        "true_peak_dbtp",     "sample_peak_dbfs",
                                        "max_momentary_lufs", "max_short_term_lufs",
                                        "rms_dbfs",           "noise_floor_dbfs"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_true(json_object_get_null_member(json, names[i]));
    g_assert_false(json_object_get_boolean_member(json, "lra_stable"));
}

/* --- levels --- */

/* A sine's RMS is 3.01 dB below its peak. Of two channels the one that has more. */
static void rms_is_of_the_channel_that_has_most(void)
{
    g_assert_cmpfloat_with_epsilon(HEARD(48000, 1, {1, 0}).rms_dbfs, -3.01, 0.005);
    struct feed feed = feed_open("stereo", 22050);
    feed_tone(&feed, 2, (const double[]){-INFINITY, -20});
    feed_tone(&feed, 2, (const double[]){-60, -INFINITY});
    g_assert_cmpfloat_with_epsilon(feed_close(&feed).rms_dbfs, -20 - 3.01 - 3.01, 0.005);
}

/* Half a second of room between words, and digital silence, which is no room. */
static void noise_floor_is_of_the_quietest_half_second(void)
{
    struct feed feed = feed_open("stereo", 44100);
    feed_tone(&feed, 2, (const double[]){-20, -20});
    feed_tone(&feed, 0.51, (const double[]){-70, -63});
    feed_tone(&feed, 1, (const double[]){-20, -20});
    feed_tone(&feed, 0.4, (const double[]){-80, -80});
    feed_tone(&feed, 2, (const double[]){-INFINITY, -INFINITY});
    feed_tone(&feed, 0.2, (const double[]){-20, -20});
    g_assert_cmpfloat_with_epsilon(feed_close(&feed).noise_floor_dbfs, -63 - 3.01, 0.05);
}

/* --- several programmes as one --- */

/* BS.1770-4: the mean of -20 and -30 LUFS by energy. The one meter's blocks, and the other's. */
static void two_programmes_are_measured_as_one(void)
{
    static const double levels[] = {-20, -30};
    struct gated both = {0};
    for (int i = 0; i < 2; i++) {
        struct feed feed = feed_open("stereo", 48000);
        struct loudness read;
        feed_part(&feed, (struct part){30, levels[i]});
        loudness_meter_read(feed.meter, &read);
        g_assert_cmpfloat_with_epsilon(gated_lufs(read.gated), read.integrated_lufs, 0.01);
        gated_merge(&both, read.gated);
        feed_close(&feed);
    }
    assert_lu(gated_lufs(&both), -22.6);
}

/* As libebur128 gates them, block by block. */
static void gating_blocks_are_those_of_integrated_loudness(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(400);
    struct feed feed = feed_open("stereo", 22050);
    for (int n = 0; n < 150; n++)
        feed_part(&feed, (struct part){g_rand_double_range(rand, 0.05, 0.6),
                                       g_rand_double_range(rand, -55, -15)});
    struct loudness read;
    loudness_meter_read(feed.meter, &read);
    g_assert_cmpfloat_with_epsilon(gated_lufs(read.gated), read.integrated_lufs, 0.02);
    feed_close(&feed);
}

/* --- samples that are no numbers --- */

static void what_is_no_number_harms_nothing(void)
{
    enum { FRAMES = 96000, ALL = FRAMES + 500 };
    static const float strange[] = {NAN, INFINITY, -INFINITY};
    g_autofree float *with = g_new(float, ALL), *without = g_new(float, ALL);
    char *blocks;
    for (int i = 0; i < ALL; i++)
        with[i] = without[i] = (float)(0.1 * sin(0.13 * i));
    for (int i = 0; i < 3; i++) {
        with[1000 + 7000 * i] = strange[i];
        without[1000 + 7000 * i] = 0;
    }
    struct loudness read = heard_in_slices(with, FRAMES, 48000, FRAMES, &blocks);
    g_free(blocks);
    struct loudness same = heard_in_slices(without, FRAMES, 48000, FRAMES, &blocks);
    g_free(blocks);
    g_assert_cmpfloat_with_epsilon(read.integrated_lufs, same.integrated_lufs, 1e-12);
    g_assert_cmpfloat_with_epsilon(read.true_peak_dbtp, same.true_peak_dbtp, 1e-12);
    g_assert_cmpfloat_with_epsilon(read.rms_dbfs, same.rms_dbfs, 1e-12);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/meter/A5 channels have the weight of their place",
                    channels_have_the_weight_of_their_place);
    g_test_add_func("/meter/A6 cuts make no difference", cuts_make_no_difference);
    g_test_add_func("/meter/A7 silence is unmeasurable", silence_is_unmeasurable);
    g_test_add_func("/meter/A7 less than 400 ms has peaks but no loudness",
                    less_than_400_ms_has_peaks_but_no_loudness);
    g_test_add_func("/meter/A7 what is unmeasurable is null in JSON",
                    what_is_unmeasurable_is_null_in_json);
    g_test_add_func("/meter/rms is of the channel that has most",
                    rms_is_of_the_channel_that_has_most);
    g_test_add_func("/meter/noise floor is of the quietest half second",
                    noise_floor_is_of_the_quietest_half_second);
    g_test_add_func("/meter/A13 two programmes are measured as one",
                    two_programmes_are_measured_as_one);
    g_test_add_func("/meter/gating blocks are those of integrated loudness",
                    gating_blocks_are_those_of_integrated_loudness);
    g_test_add_func("/meter/what is no number harms nothing", what_is_no_number_harms_nothing);
    return g_test_run();
}
