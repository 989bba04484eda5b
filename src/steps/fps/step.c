/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps`: a constant frame rate. */
#include "fps.h"

#include "model/fields.h"

static const struct fps defaults = {.rate = {0, 1}};

static const struct param rows[] = {
    {"rate", "frames per second: 25, 30000/1001, or 23.976 (which is 24000/1001)",
     P_RATE(struct fps, rate), P_REQUIRED},
};

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct fps *fps = params;
    if (!rational_equal(fps->rate, flows->fps))
        diag_report(
            diag, DIAG_NOTE, at, NULL,
            "fps repeats and leaves out whole frames of an interlaced picture, whose fields "
            "then jump back in time: put `deinterlace` before it");
    flows->fps = fps->rate;
}

const struct step fps_step = {
    .name = "fps",
    .summary = "make the frame rate constant",
    .help =
        "Gives every moment of the new rate the frame of the source that is nearest in time; "
        "frames\n"
        "are repeated or left out, never blended. The sound is not touched, so picture and sound\n"
        "stay together. The report says how many were repeated and left out.",
    .example = "fps: 25",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct fps), &defaults, "rate"},
    .fields = fields,
    .version = 1,
};
