/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness` of a group: one loudness for all, and the highest of every peak. */
#include "base/unit.h"
#include "loudness.h"
#include "model/gated.h"
#include "steps/faces.h"

#include <math.h>

gather_face loudness_gather;

static double told(const struct member *member, const char *fact)
{
    const char *text = node_get_text(member->measured, fact);
    double value;
    return text && number_parse(text, &value) ? value : NAN;
}

/* What a member is louder for as it is heard. */
static double louder_lu(const struct loudness *loudness, const struct member *member)
{
    return loudness->dual_mono && told(member, "channels") == 1 ? UNIT_DUAL_MONO_LU : 0;
}

/* `heard`: of loudness, as it is heard. */
static double highest(const struct loudness *heard, const struct member *members, unsigned count,
                      const char *fact)
{
    double most = NAN;
    for (unsigned i = 0; i < count; i++)
        most = fmax(most, told(&members[i], fact) + (heard ? louder_lu(heard, &members[i]) : 0));
    return most;
}

/* The integrated loudness of those that lead, one after the other. */
static double integrated(const struct loudness *loudness, const struct member *members,
                         unsigned count)
{
    g_autofree struct gated *all = g_new0(struct gated, 1), *one = g_new0(struct gated, 1);
    for (unsigned i = 0; i < count; i++) {
        const char *text = node_get_text(members[i].measured, GATED_BLOCKS);
        if (!members[i].leads || !text || !gated_parse(text, one))
            continue;
        gated_louder(one, louder_lu(loudness, &members[i]));
        gated_merge(all, one);
    }
    return gated_lufs(all);
}

/* The RMS level of those that lead, one after the other. */
static double rms(const struct member *members, unsigned count)
{
    double energy = 0, seconds = 0;
    for (unsigned i = 0; i < count; i++) {
        double lasts = told(&members[i], "decoded_audio_s");
        double level = told(&members[i], "rms_dbfs");
        if (!members[i].leads || !(lasts > 0))
            continue;
        seconds += lasts;
        energy += isnan(level) ? 0 : lasts * pow(10, level / 10);
    }
    return energy > 0 ? 10 * log10(energy / seconds) : NAN;
}

bool loudness_gather(const void *params, const struct member *members, unsigned count,
                     struct facts *whole, struct failure *failure)
{
    const struct loudness *loudness = params;
    bool loudest = loudness->group == GROUP_LOUDEST, any = false;
    for (unsigned i = 0; i < count; i++)
        any |= members[i].leads;
    if (!any)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "the loudness of the group isn't known: %s couldn't be measured",
                    loudness->group == GROUP_REFERENCE ? "its reference" : "none of it");
    whole->measured = true;
    whole->channels = 2; /* dual mono is counted in */
    whole->integrated_lufs = loudest ? highest(loudness, members, count, "integrated_lufs")
                                     : integrated(loudness, members, count);
    whole->rms_dbfs = loudest ? highest(NULL, members, count, "rms_dbfs") : rms(members, count);
    whole->true_peak_dbtp = highest(NULL, members, count, "true_peak_dbtp");
    whole->sample_peak_dbfs = highest(NULL, members, count, "sample_peak_dbfs");
    whole->max_short_term_lufs = highest(loudness, members, count, "max_short_term_lufs");
    whole->max_momentary_lufs = highest(loudness, members, count, "max_momentary_lufs");
    return true;
}
