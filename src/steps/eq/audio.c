/* SPDX-License-Identifier: GPL-3.0-or-later
 * `eq`: sound. */
#include "sections.h"
#include "steps/faces.h"

audio_face eq_audio;

struct band {
    struct biquad sections[BIQUADS_MAX];
    int count;
    struct biquad_state *states; /* a row a channel */
    double *work;
    int room;
};

static bool filter(void *state, struct sound_rows *rows, struct failure *failure)
{
    struct band *band = state;
    if (rows->frames > band->room) {
        band->room = rows->frames;
        band->work = g_renew(double, band->work, band->room);
    }
    for (int c = 0; c < rows->channels; c++) {
        for (int i = 0; i < rows->frames; i++)
            band->work[i] = (double)rows->channel[c][i];
        for (int s = 0; s < band->count; s++)
            biquad_run(&band->sections[s], &band->states[c * BIQUADS_MAX + s], band->work,
                       rows->frames);
        for (int i = 0; i < rows->frames; i++)
            rows->channel[c][i] = (float)band->work[i];
    }
    return true;
}

static void band_free(void *state)
{
    struct band *band = state;
    g_free(band->states);
    g_free(band->work);
    g_free(band);
}

static void note(struct chain *chain, const struct eq *eq)
{
    const char *type = eq_step.params.rows[0].choices[eq->type];
    if (eq->type == EQ_HIGH_PASS || eq->type == EQ_LOW_PASS)
        chain_note(chain, "eq: %s at %g Hz, %d dB an octave", type, eq->at_hz, 12 << eq->slope);
    else
        chain_note(chain, "eq: %s at %g Hz, %+.2f dB", type, eq->at_hz, eq->gain_db);
}

bool eq_audio(struct chain *chain, const void *params, const struct face_env *env,
              struct failure *failure)
{
    const struct eq *eq = params;
    const struct sound_shape *shape = chain_sound(chain);
    if (eq->at_hz * 2 >= shape->rate)
        return fail(
            failure, FAIL_CONFIG,
            "eq.at: %g Hz is not in the sound, which ends below %g Hz (half its sample rate "
            "of %d Hz)",
            eq->at_hz, shape->rate / 2.0, shape->rate);
    note(chain, eq);
    if (eq->gain_db == 0)
        return true;
    struct band *band = g_new0(struct band, 1);
    band->count = eq_sections(eq, shape->rate, band->sections);
    band->states = g_new0(struct biquad_state, (gsize)shape->channels * BIQUADS_MAX);
    chain_remembers(chain);
    return chain_sound_kernel(chain, failure, "eq", filter, band, band_free);
}
