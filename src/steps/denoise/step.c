/* SPDX-License-Identifier: GPL-3.0-or-later
 * `denoise`: less noise. */
#include "denoise.h"

#include "model/fields.h"

static const char *const what[] = {"sound", "picture", "both", NULL};

static const struct denoise defaults = {
    .reduction_db = 12, .floor_dbfs = -50, .strength_percent = 100};

static const struct param rows[] = {
    {"of", "what is denoised", P_CHOICE(struct denoise, of, what)},
    {"reduction", "of sound: how much softer the noise becomes",
     P_NUMBER(struct denoise, reduction_db, UNIT_DB), P_RANGE(0.01, 97)},
    {"floor", "of sound: the level of the noise in a pause, rms",
     P_NUMBER(struct denoise, floor_dbfs, UNIT_DBFS), P_RANGE(-80, -20)},
    {"strength", "of picture: 100 % is what hqdn3d has by default, a clear effect",
     P_NUMBER(struct denoise, strength_percent, UNIT_PERCENT), P_RANGE(1, 500)},
};

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct denoise *denoise = params;
    if (denoise->of == DENOISE_SOUND)
        return;
    diag_error(diag, at, "put `- deinterlace` before it",
               "denoise: the picture is interlaced, and its two fields would be mixed");
    flows->interlaced = false;
}

const struct step denoise_step = {
    .name = "denoise",
    .summary = "take steady noise out of the sound, or grain out of the picture",
    .help =
        "Sound: hiss and fans, not hum and clicks: libavfilter's afftdn weighs the spectrum of "
        "each\n"
        "moment against white noise at `floor`, which is what a meter reads in a pause. Its delay\n"
        "is taken back: no sample is late, lost or added.\n"
        "Picture, where `of` says so: libavfilter's hqdn3d, which weighs each pixel against its\n"
        "neighbours in the frame and in time, luma (4 and 6 codes of 8 bits at 100 %) and chroma\n"
        "(3 and 4.5). Of film YUV without alpha; interlaced picture after `deinterlace`. A still "
        "gets\n"
        "the same filter, in space alone, which takes less: about a fifth of fine noise at 200 %. "
        "It\n"
        "belongs before `resize` and `grade`.",
    .example = "denoise: {reduction: 12 dB, floor: -50 dBFS}",
    .faces = KIND_AUDIO | KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct denoise), &defaults, "reduction"},
    .fields = fields,
    .version = 1,
};
