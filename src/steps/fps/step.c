/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps`: a constant frame rate. */
#include "fps.h"

#include "model/fields.h"

static const char *const modes[] = {"nearest", "blend", NULL};

static const struct fps defaults = {.rate = {0, 1}};

static const struct param rows[] = {
    {"rate", "frames per second: 25, 30000/1001, or 23.976 (which is 24000/1001)",
     P_RATE(struct fps, rate), P_REQUIRED},
    {"mode", "the frame that is nearest in time, or a mix of the two around it",
     P_CHOICE(struct fps, mode, modes)},
};

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct fps *fps = params;
    const bool interlaced = flows->interlaced;
    if (interlaced && fps->mode == FPS_BLEND) {
        diag_error(diag, at, "put `- deinterlace` before it",
                   "fps: the picture is interlaced, and its two fields would be mixed");
        flows->interlaced = false;
    } else if (interlaced && !rational_equal(fps->rate, flows->fps)) {
        diag_report(
            diag, DIAG_NOTE, at, NULL,
            "fps repeats and leaves out whole frames of an interlaced picture, whose fields "
            "then jump back in time: put `deinterlace` before it");
    }
    flows->fps = fps->rate;
}

const struct step fps_step = {
    .name = "fps",
    .summary = "make the frame rate constant",
    .help = "`nearest` shows a frame from the moment of the new rate on that is nearest to its\n"
            "own time; of two for one moment one takes the moment beside it where that would\n"
            "repeat a frame, else the nearer stays. Frames are repeated or left out, and the\n"
            "report says how many. `blend` mixes the two frames around a moment by their\n"
            "distance from it, in code values (gamma light), as editing programs do: movement\n"
            "is even, and less sharp. 25 to 30 fps mixes five frames of six, 60 to 24 every\n"
            "second; 50 to 25 none, since every second frame is at the moment itself. A cut may\n"
            "show in one mixed frame. Both modes make as many frames; the sound is not touched,\n"
            "so picture and sound stay together. `blend` is for whole frames; with\n"
            "transparency, colours weigh as much as they are seen.",
    .example = "fps: {rate: 30, mode: blend}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct fps), &defaults, "rate"},
    .fields = fields,
    .sets_rate = true,
    .version = 3,
};
