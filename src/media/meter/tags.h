/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour tags of pictures against those of their container, and of the first ones. Of a codec that
 * has no word for them all agree. */
#pragma once

#include "media/source.h"
#include "model/facts.h"

struct tags_meter {
    const struct source_stream *stream; /* borrowed */
    bool differ;
};

void tags_meter_init(struct tags_meter *meter, const struct source_stream *stream);
void tags_meter_feed(struct tags_meter *meter, const AVFrame *frame);
void tags_meter_read(const struct tags_meter *meter, struct facts *facts);
