/* SPDX-License-Identifier: GPL-3.0-or-later
 * `speed`: faster or slower. */
#include "speed.h"

#include "model/fields.h"

static const char *const pitches[] = {"keep", "follow", NULL};

static const struct speed defaults = {.factor = 1};

static const struct param rows[] = {
    {"factor", "2 is twice as fast", P_NUMBER(struct speed, factor, UNIT_NONE), P_RANGE(0.1, 10),
     P_REQUIRED},
    {"pitch", "of the sound: kept, or rising with the speed as tape does",
     P_CHOICE(struct speed, pitch, pitches)},
};

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct speed *speed = params;
    if (speed->factor != 1)
        diag_report(
            diag, DIAG_NOTE, at, NULL,
            "speed repeats and leaves out whole frames of an interlaced picture, whose fields "
            "then jump back in time: put `deinterlace` before it");
}

const struct step speed_step = {
    .name = "speed",
    .summary = "play faster or slower",
    .help =
        "A constant frame rate stays: frames are repeated or left out. At a variable rate each "
        "frame stays, for another time; put fps behind for a constant one. The timecode starts "
        "at the same place. Beside a picture, chapters and text subtitles follow. Cue points and "
        "iXML of sound files can't, nor chapters in an output of sound alone: the report says so.",
    .example = "speed: {factor: 1.25}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct speed), &defaults, "factor"},
    .fields = fields,
    .version = 2,
    .reshapes = true,
};
