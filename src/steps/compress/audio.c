/* SPDX-License-Identifier: GPL-3.0-or-later
 * `compress`: sound. */
#include "../dynamics.h"
#include "compress.h"
#include "steps/faces.h"

#include <math.h>

audio_face compress_audio;

struct compressor {
    struct compress set;
    struct detector detector;
    struct glide glide;
};

/* What a level gains: 0 or less. */
static double curve(const struct compress *set, double level_db)
{
    double over = level_db - set->threshold_dbfs, slope = 1 / set->ratio - 1;
    if (2 * over <= -set->knee_db)
        return 0;
    if (2 * over >= set->knee_db)
        return slope * over;
    double into = over + set->knee_db / 2;
    return slope * into * into / (2 * set->knee_db);
}

static bool compress(void *state, struct sound_rows *rows, struct failure *failure)
{
    struct compressor *compressor = state;
    for (int i = 0; i < rows->frames; i++) {
        double level_db = detector_level(&compressor->detector, rows, i);
        double gain_db = glide_to(&compressor->glide, curve(&compressor->set, level_db));
        double factor = pow(10, (gain_db + compressor->set.makeup_db) / 20);
        for (int c = 0; c < rows->channels; c++)
            rows->channel[c][i] = (float)((double)rows->channel[c][i] * factor);
    }
    return true;
}

static void compressor_free(void *state)
{
    struct compressor *compressor = state;
    detector_clear(&compressor->detector);
    g_free(compressor);
}

bool compress_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct compress *set = params;
    const struct sound_shape *shape = chain_sound(chain);
    struct compressor *compressor = g_new(struct compressor, 1);
    compressor->set = *set;
    detector_init(&compressor->detector, shape->channels, shape->rate);
    glide_init(&compressor->glide, 0, set->attack_s, set->release_s, shape->rate);
    chain_note(chain, "compressed above %g dBFS by %g:1, makeup %+g dB", set->threshold_dbfs,
               set->ratio, set->makeup_db);
    chain_remembers(chain);
    return chain_sound_kernel(chain, failure, "compress", compress, compressor, compressor_free);
}
