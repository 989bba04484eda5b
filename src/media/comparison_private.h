/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a comparison share. */
#pragma once

#include "components.h"
#include "media/comparison.h"
#include "media/source.h"

#include "base/slices.h"

/* Two pictures; of what doesn't apply (chroma of R'G'B' and grey) NAN. */
struct pair {
    bool same; /* every sample */
    double psnr_db[3], ssim[3], ms_ssim;
    double max_difference, changed_share;
};
/* They match (components.h). `reference` first. */
void pair_compare(const AVFrame *reference, const AVFrame *made, struct slices *slices,
                  struct pair *pair);
/* Both, and their difference, side by side, each 320 pixels wide at most. */
bool pair_draw(const AVFrame *reference, const AVFrame *made, int fd, struct failure *failure);

/* The sound of two sources, from start to end. */
struct hearing {
    const struct comparison *how; /* who hears of progress */
    struct source *reference, *made;
};
bool compare_sound(const struct hearing *hearing, struct alike *alike, GPtrArray *unlike,
                   struct failure *failure);
/* The first frame of a still, packed, its values as they are stored; `depth` 8 or 16. */
struct still;
AVFrame *still_frame(const struct still *still, int depth, struct failure *failure);
/* Stills. */
bool compare_stills(const struct comparison *comparison, struct alike *alike, GPtrArray *unlike,
                    struct failure *failure);
/* Puts `which` before what went wrong. Returns false. */
bool blame(struct failure *failure, const char *which);
#define OF_REFERENCE "the reference: "
void say_unlike(GPtrArray *unlike, const char *format, ...) G_GNUC_PRINTF(2, 3);
