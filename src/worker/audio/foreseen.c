/* SPDX-License-Identifier: GPL-3.0-or-later
 * Measured and gain to loudness. A gain moves every figure of a programme by as much (BS.1770-4 is
 * linear before its gates), so long as the same blocks pass the absolute gate; the relative one
 * moves along. */
#include "foreseen.h"

#include "base/unit.h"
#include "steps/faces.h"

#include <math.h>

static const char lowest_key[] = "lowest_block_lufs";

/* Blocks of 400 ms begin every 100 ms. */
static uint64_t blocks_of(const struct facts *facts)
{
    int64_t tenths = facts->decoded_samples * 10 / facts->sample_rate;
    return tenths < 4 ? 0 : (uint64_t)tenths - 3;
}

/* NAN: there is none, or one is below the gate. */
static double lowest_block_lufs(const struct gated *gated, uint64_t blocks)
{
    uint64_t count = 0;
    int lowest = -1;
    for (int bin = 0; bin < GATED_BINS; bin++) {
        count += gated->count[bin];
        if (lowest < 0 && count)
            lowest = bin;
    }
    return lowest >= 0 && count == blocks ? GATED_FROM_LUFS + (double)lowest / GATED_BINS_A_LU
                                          : NAN;
}

void foreseen_keep(struct node *measured, const struct facts *facts)
{
    struct gated gated;
    if (!facts->gated_blocks || facts->sample_rate < 1 || !isnan(facts->max_short_term_lufs) ||
        !gated_parse(facts->gated_blocks, &gated))
        return;
    double lowest = lowest_block_lufs(&gated, blocks_of(facts));
    if (isnan(lowest))
        return;
    g_autofree char *text = number_text(lowest);
    node_put(measured, lowest_key, (struct mark){0}, node_scalar(text, (struct mark){0}));
}

static double number_in(const struct node *map, const char *key)
{
    const char *text = node_get_text(map, key);
    double value;
    return text && number_parse(text, &value) ? value : NAN;
}

/* What the one step that measured was told, when its gain is all that it does. */
static const struct node *told(const struct task_output *output)
{
    for (guint i = output->steps->len; i-- > 0;) {
        const struct node *measured = ((const struct step_call *)output->steps->pdata[i])->measured;
        if (measured && node_get_text(measured, lowest_key))
            return measured;
    }
    return NULL;
}

bool foreseen_loudness(const struct task_output *output, struct loudness *out)
{
    const struct node *measured = told(output);
    if (!measured)
        return false;
    double gain_db = number_in(measured, SETTLED_GAIN_DB);
    bool clips = !(number_in(measured, "sample_peak_dbfs") + gain_db < 0);
    bool gated = !(number_in(measured, lowest_key) + gain_db >= GATED_FROM_LUFS);
    if (isnan(gain_db) || clips || gated)
        return false;
    *out = (struct loudness){
        .integrated_lufs = number_in(measured, "integrated_lufs") + gain_db,
        .lra_lu = NAN,
        .true_peak_dbtp = number_in(measured, "true_peak_dbtp") + gain_db,
        .sample_peak_dbfs = number_in(measured, "sample_peak_dbfs") + gain_db,
        .max_momentary_lufs = number_in(measured, "max_momentary_lufs") + gain_db,
        .max_short_term_lufs = NAN,
        .rms_dbfs = number_in(measured, "rms_dbfs") + gain_db,
        .noise_floor_dbfs = number_in(measured, "noise_floor_dbfs") + gain_db,
    };
    return true;
}
