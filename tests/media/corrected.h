/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of which only the sound is corrected. */
#pragma once

#include "film.h"

#include "model/encode.h"

/* What is asked of a render: the sound 3 dB softer, and one step more for all of it; or another
 * film's sound mixed in, 3 dB louder than it was. */
struct correction {
    const char *container, *codec; /* of the sound; NULL as it comes */
    enum tracks tracks;
    const char *step, *key, *value; /* NULL none */
    const struct film *mixed;       /* NULL none */
};
/* One by its container and codec. */
#define INTO(to, sound)                     \
    {                                       \
        .container = (to), .codec = (sound) \
    }

/* Takes the source's descriptor and gives the output's. */
int corrected(int source, const struct correction *correction);

/* A film, and what becomes of it. */
struct pair {
    struct cert *before, *after;
};
struct pair pair_of(const struct film *film, const struct correction *correction);
void pair_clear(struct pair *pair);

const struct cert_stream *picture_of(const struct cert *cert);
const struct cert_stream *sound_of(const struct cert *cert, unsigned n);
/* Of packet n. */
double pts_of(const struct cert_stream *stream, unsigned n);
double dts_of(const struct cert_stream *stream, unsigned n);
