/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour tags. */
#include "tags.h"

void tags_meter_init(struct tags_meter *meter, const struct source_stream *stream)
{
    *meter = (struct tags_meter){stream, colors_contradict(stream)};
}

static bool contradicts(const struct source_stream *stream, const struct source_colors *said,
                        const AVFrame *frame)
{
    const struct source_stream now = {
        .av = stream->av, .container = *said, .coded = colors_of_frame(frame)};
    return colors_contradict(&now);
}

void tags_meter_feed(struct tags_meter *meter, const AVFrame *frame)
{
    const struct source_stream *stream = meter->stream;
    meter->differ |= contradicts(stream, &stream->container, frame) ||
                     contradicts(stream, &stream->coded, frame);
}

void tags_meter_read(const struct tags_meter *meter, struct facts *facts)
{
    facts->tags_agree = !meter->differ;
}
