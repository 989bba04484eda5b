/* SPDX-License-Identifier: GPL-3.0-or-later
 * `trim`: where a programme begins and ends. */
#include "trim.h"

static const struct trim defaults = {.from = {.kind = POSITION_NONE}};

static const struct param rows[] = {
    {"from", "first moment kept: time, frame, percentage, or timecode of the source",
     P_POSITION(struct trim, from)},
    {"to", "first moment cut off; with a minus, counted from the end", P_POSITION(struct trim, to)},
    {"length", "how long the result is, instead of to", P_POSITION(struct trim, length)},
    {"snap",
     "how far both ends may move outwards, to where the picture can be cut without encoding it",
     P_NUMBER(struct trim, snap_s, UNIT_SECONDS), P_RANGE(0, 60)},
    {"smart",
     "of a picture that is copied, encode the few pictures at the ends that can't be: exact",
     P_BOOL(struct trim, smart)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct trim *trim = params;
    if (trim->from.kind == POSITION_NONE && trim->to.kind == POSITION_NONE &&
        trim->length.kind == POSITION_NONE) {
        diag_error(diag, at, "for example trim: {from: 12f, to: -12f}",
                   "trim: neither from, to nor length is given");
        return false;
    }
    if (trim->to.kind != POSITION_NONE && trim->length.kind != POSITION_NONE) {
        diag_error(diag, at, "give one of them", "trim: both to and length are given");
        return false;
    }
    if (trim->snap_s > 0 && trim->smart) {
        diag_error(diag, at, "smart cuts to the frame, and snap moves to where nothing is encoded",
                   "trim: both snap and smart are given");
        return false;
    }
    if (trim->length.from_end) {
        diag_error(diag, at, "for example length: 10s", "trim.length: a length can't be negative");
        return false;
    }
    return true;
}

const struct step trim_step = {
    .name = "trim",
    .summary = "keep a part of the programme",
    .help =
        "Cuts picture and sound at the same moment, exact to the frame and to the sample: the\n"
        "source is decoded from the key frame before. The times of the result start at 0, its\n"
        "timecode at the first frame that was kept. `12f` is a frame count, `-2s` counts from\n"
        "the end (of the picture, where there is one), `01:00:10:05` is a timecode of the source.\n"
        "A picture that is copied (`encode: {video: {codec: copy}}`) is cut as well: on any frame\n"
        "where each stands alone (ProRes, DNxHD), else it begins at a key picture that needs none\n"
        "before it, and ends where no later one is needed. What isn't there to the frame fails,\n"
        "with the nearest moments; `snap: 2s` moves the programme there, sound, timecode and all\n"
        "outputs with it, and the report says requested and actual. `smart: true` keeps to the\n"
        "frame: of H.264 in MP4, MOV and MKV only the pictures between an end and the next key\n"
        "picture inside are encoded again, nearly without loss, and all others are copied. The\n"
        "file is then decoded beside its source; where that shows a difference, or the source is\n"
        "of another form (HEVC, interlaced, no key picture inside), all of the picture is encoded\n"
        "in the source's codec, with what `encode` says, and the report says why. Nothing of what\n"
        "was cut off stays in the file. Sound that is copied is cut to whole packets, PCM to the "
        "sample. A\n"
        "sound file has nothing to snap to.",
    .example = "trim: {from: 12f, to: -12f}",
    .faces = KIND_VIDEO | KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct trim), &defaults, NULL},
    .version = 3,
    .check = check,
};
