/* SPDX-License-Identifier: GPL-3.0-or-later
 * A file beside another one, its reference: picture by picture in the order they are shown, sound
 * sample by sample. The first picture is held to the first, whatever their times are.
 *
 * Pictures: PSNR, SSIM and MS-SSIM (src/media/likeness.h) of each; of another format than the
 * reference's (depth, chroma) they are converted to that first. Sound: the RMS of the difference,
 * of files of one rate and layout, and how much later it is: where the envelopes, of a thousand
 * values a second, correlate best within a second either way, in the first ten minutes. And,
 * channel by channel, how well the samples go together when they are moved onto each other by 25 ms
 * at most, and how much louder it is. */
#pragma once

#include "model/facts.h"
#include "model/failure.h"
#include "model/glance.h"

#include <glib.h>

/* What stands for no difference at all, of which the figures are infinite. */
#define ALIKE_PSNR_DB 120
#define ALIKE_NULL_DBFS (-200)
/* By how much the end of sound may be off: codecs pad, and code in frames. */
#define ALIKE_LENGTH_S 0.1

struct comparison {
    int fd, reference_fd; /* borrowed */
    int strip_fd;         /* where the pair that is least alike is drawn as a PNG: the reference's,
                             the file's, and their difference times 8 (grey is none); -1 nowhere */
    int threads;
    bool measure; /* the file's own meters are read in the same decoding, too */
    void (*progress)(void *data, double fraction, int64_t pictures);
    void *data;
};
/* Fills `facts`: `alike`, and with `measure` all of the file's own; and the `ssim` of a glance.
 * What can't be compared, size, number of pictures, streams, and what their headers say otherwise,
 * is said in `unlike`: checks (struct check) that fail, by the name of a fact, else "form"; and as
 * "reference" alone, with nothing known of their likeness, that the reference isn't whole. False
 * with `failure`: the file isn't. */
bool compare_files(const struct comparison *comparison, struct facts *facts, struct glance *glance,
                   GPtrArray *unlike, struct failure *failure);
