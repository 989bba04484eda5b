/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside a writer. */
#pragma once

#include "media/writer.h"

struct track {
    bool copied, delayed;
    char timecode[16];
    int64_t packets, first, end, last_dts, last_step, nudged;
};

struct writer {
    const struct container *container;
    AVFormatContext *format;
    struct io *io;
    AVDictionary *options;
    GArray *tracks; /* struct track, as the format's streams */
    bool started;
};

/* True when the container is one of these names, space-separated. */
bool writer_is(const struct writer *writer, const char *names);
