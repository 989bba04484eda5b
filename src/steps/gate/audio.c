/* SPDX-License-Identifier: GPL-3.0-or-later
 * `gate`: sound. */
#include "../dynamics.h"
#include "gate.h"
#include "steps/faces.h"

#include <math.h>

audio_face gate_audio;

static const double ahead_s = 0.01;

struct expander {
    struct gate set;
    struct detector detector;
    struct glide glide;
    int hold, held;         /* samples it stays open; of them still to come */
    float *ahead;           /* a row a channel: what was heard, but not yet given */
    int channels, room, at; /* of a row, and where its oldest sample is */
};

static double curve(const struct gate *set, double level_db)
{
    double under = fmin(level_db - set->threshold_dbfs, 0);
    return fmax(under * (set->ratio - 1), -set->range_db);
}

static double gain_of(struct expander *expander, double level_db)
{
    double target_db = curve(&expander->set, level_db);
    if (target_db >= expander->glide.value_db)
        expander->held = expander->hold;
    else if (expander->held > 0) {
        expander->held--;
        target_db = expander->glide.value_db;
    }
    return pow(10, glide_to(&expander->glide, target_db) / 20);
}

static bool expand(void *state, struct sound_rows *rows, struct failure *failure)
{
    struct expander *expander = state;
    for (int i = 0; i < rows->frames; i++) {
        double factor = gain_of(expander, detector_level(&expander->detector, rows, i));
        for (int c = 0; c < rows->channels; c++) {
            float *oldest = &expander->ahead[c * expander->room + expander->at];
            float given = (float)((double)*oldest * factor);
            *oldest = rows->channel[c][i];
            rows->channel[c][i] = given;
        }
        expander->at = (expander->at + 1) % expander->room;
    }
    return true;
}

static void expander_free(void *state)
{
    struct expander *expander = state;
    detector_clear(&expander->detector);
    g_free(expander->ahead);
    g_free(expander);
}

bool gate_audio(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct gate *set = params;
    const struct sound_shape *shape = chain_sound(chain);
    struct expander *expander = g_new0(struct expander, 1);
    expander->set = *set;
    expander->channels = shape->channels;
    expander->room = MAX((int)(ahead_s * shape->rate), 1);
    expander->ahead = g_new0(float, (gsize)expander->channels *(gsize)expander->room);
    expander->hold = (int)(set->hold_s * shape->rate);
    detector_init(&expander->detector, shape->channels, shape->rate);
    glide_init(&expander->glide, -set->range_db, set->release_s, set->attack_s, shape->rate);
    chain_note(chain, "gated below %g dBFS by 1:%g, at most %g dB", set->threshold_dbfs, set->ratio,
               set->range_db);
    chain_remembers(chain);
    return chain_sound_lookahead(chain, failure, "gate", expand, expander->room, expander,
                                 expander_free);
}
