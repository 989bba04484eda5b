/* SPDX-License-Identifier: GPL-3.0-or-later
 * `freeze`: a frame held. */
#include "freeze.h"

static const char *const sounds[] = {"silence", "goes-on", NULL};

static const struct freeze defaults = {.sound = FREEZE_SILENCE};

static const struct param rows[] = {
    {"at", "the frame that is held: time, frame, percentage or timecode",
     P_POSITION(struct freeze, at), P_REQUIRED},
    {"length", "how long it is held: time or frames", P_POSITION(struct freeze, length),
     P_REQUIRED},
    {"sound",
     "silence: the programme becomes longer, and its sound waits; goes-on: nothing is moved, the "
     "frame covers what would have been seen",
     P_CHOICE(struct freeze, sound, sounds)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct freeze *freeze = params;
    const enum position_kind kind = freeze->length.kind;
    if ((kind == POSITION_SECONDS || kind == POSITION_FRAMES) && !freeze->length.from_end &&
        freeze->length.value > 0)
        return true;
    diag_error(diag, at, "for example length: 2s, or length: 48f",
               "freeze.length: a length is a time or a number of frames");
    return false;
}

const struct step freeze_step = {
    .name = "freeze",
    .summary = "hold a frame",
    .help =
        "With `sound: silence` the frame is held before it and all that follows go on, and the "
        "sound is\n"
        "silent meanwhile. With `sound: goes-on` the length stays. At a constant rate both begin "
        "and end\n"
        "on frames. Timecode runs on through the hold, so what follows an inserted one has later\n"
        "timecode than it had, and the report says by how much; cue points, iXML, chapters and\n"
        "subtitles can't follow that. Of interlaced picture one field is held, so that nothing\n"
        "trembles. A sound file has no frame to hold, and stays as it is.",
    .example = "freeze: {at: 5s, length: 2s}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct freeze), &defaults, NULL},
    .version = 2,
    .reshapes = true,
    .check = check,
};
