/* SPDX-License-Identifier: GPL-3.0-or-later
 * The facts of a file by its header, whatever it is called: stills through libvips (JPEG, PNG,
 * GIF, TIFF, WebP, HEIF, AVIF; an animated one is a still with pages), everything else through
 * libav. No pixel and no sample is decoded beyond what finding the formats takes. */
#pragma once

#include "model/facts.h"
#include "model/failure.h"

/* A transport stream is read whole, to find whether its times begin anew, and sound without a
 * picture where its container doesn't say how long it is heard. */
struct probe_told {
    void (*reading)(void *data, double fraction);
    void *data;
};

/* `told` may be NULL. Fills `facts` (fresh from facts_create) from a regular file. False with
 * `failure`: FAIL_UNSUPPORTED "not a sound, picture or video file we can read (text)",
 * FAIL_INPUT_DAMAGED for an empty file or a broken header. The descriptor's offset moves. */
bool media_probe(int fd, const struct probe_told *told, struct facts *facts,
                 struct failure *failure);

/* The two halves, for those who know which it is: of a still, its first bytes say so, and what its
 * reader doesn't take is FAIL_INPUT_DAMAGED (a cut TIFF, whose directory is at its end). */
bool media_probe_still(int fd, struct facts *facts, struct failure *failure);
struct source;
void media_probe_source(const struct source *source, struct facts *facts);

/* Reads every pixel of a still (all pages), failing on what libvips would only warn of. Tells
 * whether it is blank; not of formats that need trust. */
bool media_read_still(int fd, struct facts *facts, struct failure *failure);
/* Both, of a still of one page that is in memory. */
bool media_read_still_data(const void *data, size_t length, struct facts *facts,
                           struct failure *failure);
