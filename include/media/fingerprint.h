/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a file looks and sounds like, in the numbers of a golden (model/golden.h): each decoded
 * frame's hash and cells, each second of sound's hash and RMS, and a few pictures of it. */
#pragma once

#include "model/failure.h"
#include "model/golden.h"

struct fingerprint {
    int fd, threads; /* borrowed */
    int strip_fd;    /* at most four of its frames, evenly spread, 64 pixels wide at most, side by
                        side: a PNG, where there is a picture; -1 nowhere */
    const struct golden *old; /* what it is to be as; NULL: nothing is drawn */
    bool loose;               /* that is of another stamp: held by its cells */
    int old_strip_fd,
        drift_fd;          /* of a golden that the picture isn't as, its strip, and where the
                              difference is drawn (a PNG); -1 nowhere. The strip is opened where a
                              frame isn't as it was, and is to blame for nothing else */
    GPtrArray *checks;     /* gets one (struct check, which passes) that says what was drawn,
                              or that nothing could be; NULL where nothing is drawn */
    struct facts *measure; /* gets the file's own measured facts, of the same decoding; NULL:
                              they aren't wanted */
    void (*progress)(void *data, double fraction, int64_t pictures);
    void *data;
};
/* Fills picture, sound, frames and seconds. False with `failure`: not whole, or no media. */
bool fingerprint_take(const struct fingerprint *fingerprint, struct golden *golden,
                      struct failure *failure);
