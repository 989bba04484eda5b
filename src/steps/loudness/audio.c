/* SPDX-License-Identifier: GPL-3.0-or-later
 * `loudness`: sound. One gain, from what was measured. */
#include "../level.h"
#include "loudness.h"
#include "steps/faces.h"

#include <math.h>

audio_face loudness_audio;

enum { LOWER, FAIL }; /* on_peak, as the table has them */

static double measured(const struct face_env *env, const char *fact)
{
    const char *text = env->measured ? node_get_text(env->measured, fact) : NULL;
    double value;
    return text && number_parse(text, &value) ? value : NAN;
}

/* A mono programme through two loudspeakers has twice the power. */
static double heard(const struct loudness *loudness, const struct sound_shape *shape, double lufs)
{
    return loudness->dual_mono && shape->channels == 1 ? lufs + 10 * log10(2) : lufs;
}

bool loudness_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct loudness *loudness = params;
    double peak = measured(env, "true_peak_dbtp");
    double lufs = heard(loudness, chain_sound(chain), measured(env, "integrated_lufs"));
    if (isnan(lufs)) {
        chain_note(chain, "loudness can't be measured (silence, or shorter than 400 ms): "
                          "level unchanged");
        return true;
    }
    double gain = loudness->target_lufs - lufs;
    double excess = isnan(peak) ? 0 : peak + gain - loudness->true_peak_dbtp;
    if (excess <= 0) {
        chain_note(chain, "loudness: linear gain %+.2f dB, from %.2f to %.2f LUFS", gain, lufs,
                   loudness->target_lufs);
        return level_change(chain, gain, failure);
    }
    g_autofree char *high =
        g_strdup_printf("linear gain %+.1f dB would put the true peak at %+.1f dBTP (limit %.1f)",
                        gain, peak + gain, loudness->true_peak_dbtp);
    double lowered = loudness->target_lufs - excess;
    if (loudness->on_peak == FAIL)
        return fail(failure, FAIL_CONFIG,
                    "loudness: %s; `on_peak: lower` would lower it by %.1f dB, to %.1f LUFS", high,
                    excess, lowered);
    chain_note(chain, "loudness: %s: lowered by %.1f dB, to %.1f LUFS", high, excess, lowered);
    return level_change(chain, gain - excess, failure);
}
