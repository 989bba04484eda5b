/* SPDX-License-Identifier: GPL-3.0-or-later
 * `channels`: another channel layout. */
#include "channels.h"

#include <math.h>

static const char *const layouts[] = {"usual", "mono", "stereo", "5.1", "7.1", NULL};
static const int counts[] = {0, 1, 2, 6, 8};
static const char *const downmixes[] = {"source", "lo_ro", "lt_rt", NULL};
static const char *const headrooms[] = {"none", "safe", NULL};

static const struct channels defaults = {.center_db = NAN, .surround_db = NAN, .lfe_db = NAN};

static const struct param rows[] = {
    {"layout", "of the result; usual is the one that as many channels as map has usually are",
     P_CHOICE(struct channels, layout, layouts)},
    {"map", "the channels of the result by their number in the source, from 1; 0 is silence",
     P_INTS(struct channels, map), P_RANGE(0, 64)},
    {"downmix", "to stereo: as an AC-3 source says itself (else lo_ro), Lo/Ro, or Lt/Rt",
     P_CHOICE(struct channels, downmix, downmixes)},
    {"center", "level of the centre in a mix to stereo; -3.01 dB, or the source's own",
     P_NUMBER(struct channels, center_db, UNIT_DB), P_RANGE(-100, 6)},
    {"surround", "level of each surround in a mix to stereo; -3.01 dB, or the source's own",
     P_NUMBER(struct channels, surround_db, UNIT_DB), P_RANGE(-100, 6)},
    {"lfe", "level of the LFE in each side of a mix to stereo; left out, or the source's own",
     P_NUMBER(struct channels, lfe_db, UNIT_DB), P_RANGE(-100, 12)},
    {"headroom",
     "none keeps the standard's levels; safe lowers the mix until full scale everywhere can't clip",
     P_CHOICE(struct channels, headroom, headrooms)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct channels *channels = params;
    int wanted = counts[channels->layout], picked = channels->map.count;
    if (!wanted && !picked) {
        diag_error(diag, at, "for example channels: stereo, or channels: {map: [2, 1]}",
                   "channels: neither layout nor map is given");
        return false;
    }
    if (wanted && picked && wanted != picked) {
        diag_error(diag, at, "give a number for each channel, 0 for silence",
                   "channels.map: %s has %d channels, map %d", layouts[channels->layout], wanted,
                   picked);
        return false;
    }
    bool levels = channels->downmix || channels->headroom || !isnan(channels->center_db) ||
                  !isnan(channels->surround_db) || !isnan(channels->lfe_db);
    if (picked && levels) {
        diag_error(diag, at, "pick channels in one step, mix them in another",
                   "channels.map: takes channels as they are: it has no downmix and no levels");
        return false;
    }
    return true;
}

const struct step channels_step = {
    .name = "channels",
    .summary = "change the channel layout, mix down, pick channels",
    .help =
        "Explicit matrices, the same in every sample format. To stereo: Lo/Ro of ITU-R BS.775-3\n"
        "(centre and surrounds at -3.01 dB, LFE left out), or Lt/Rt of ATSC A/52, 7.8.2, for\n"
        "matrix decoders (surrounds in opposite phase). An AC-3 or E-AC-3 source that says how it\n"
        "wants to be mixed is mixed so where nothing else is said. Mono is half of each side of\n"
        "Lo/Ro. Mono to stereo: the same signal in both at 0 dB. To 5.1 and 7.1: the channels\n"
        "that are there, the others silent; the surrounds of 5.1 are the sides of 7.1.\n"
        "Mixes keep the standard's levels, so that a programme is as loud as its viewers know it,\n"
        "and are float inside: a sum above full scale is only clipped, and then counted in the\n"
        "report, by a format that can't hold it. `headroom: safe` excludes that, at the price of\n"
        "7.66 dB for 5.1.\n"
        "`map` copies channels bit by bit. Stems of a 5.1 file are so many outputs:\n"
        "  outputs: {center: {steps: [channels: {map: 3}], …}, lfe: {steps: [channels: {map: 4}]}}",
    .example = "channels: {layout: stereo, downmix: lt_rt, headroom: safe}",
    .faces = KIND_AUDIO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct channels), &defaults, "layout"},
    .version = 2,
    .sets_channels = true,
    .check = check,
};
