/* SPDX-License-Identifier: GPL-3.0-or-later
 * A stream cut into files of fragmented MP4. */
#include "media/cut.h"
#include "../chain/private.h"
#include "base/language.h"
#include "media/frame.h"
#include "media/source.h"
#include "private.h"

#include <errno.h>
#include <string.h>

/* A rendition while its packets come. */
struct cutter {
    struct bundle_writer *bundle;
    struct rendition *rendition;
    AVFormatContext *mux;
    const char *name;         /* of the file, for messages */
    int64_t first, end, from; /* pts: of the rendition, of what came, of the segment at hand */
    bool begun;
};

/* --- files of fragmented MP4 --- */

static bool broken(const struct cutter *cutter, int error, struct failure *failure)
{
    return fail_av(failure, error == AVERROR(ENOSPC) ? FAIL_DISK : FAIL_INTERNAL, error,
                   "packing %s", cutter->name);
}

/* The header waits for the first fragment, whose times its edit list has: pictures begin where the
 * first is shown, and sound hides its priming. Negative offsets of version 1 would need none, but
 * libavformat and GStreamer put such pictures later than the sound, by how long they are held. */
static bool open_mux(struct cutter *cutter, struct failure *failure)
{
    AVDictionary *options = NULL;
    const struct rendition *rendition = cutter->rendition;
    avformat_alloc_output_context2(&cutter->mux, NULL, "mp4", NULL);
    AVStream *stream = cutter->mux ? avformat_new_stream(cutter->mux, NULL) : NULL;
    if (!stream || avcodec_parameters_copy(stream->codecpar, rendition->par) < 0 ||
        avio_open_dyn_buf(&cutter->mux->pb) < 0)
        return fail(failure, FAIL_MEMORY, "out of memory");
    stream->codecpar->codec_tag = 0;
    stream->time_base = rendition->time_base;
    stream->avg_frame_rate = rendition->fps;
    av_dict_set(&stream->metadata, "language", language_code(rendition->language), 0);
    cutter->mux->flags |= AVFMT_FLAG_BITEXACT;
    av_dict_set(&options, "movflags", "+frag_custom+delay_moov+default_base_moof+cmaf+skip_trailer",
                0);
    av_dict_set_int(&options, "video_track_timescale", rendition->time_base.den, 0);
    av_dict_set_int(&options, "use_editlist", 1, 0);
    int error = avformat_write_header(cutter->mux, &options);
    av_dict_free(&options);
    return error >= 0 || broken(cutter, error, failure);
}

static bool flush(struct cutter *cutter, const char *name, int64_t *bytes, struct failure *failure)
{
    int error = av_write_frame(cutter->mux, NULL);
    if (error < 0)
        return broken(cutter, error, failure);
    return package_put(cutter->mux, cutter->bundle, name, bytes, failure) &&
           (avio_open_dyn_buf(&cutter->mux->pb) >= 0 ||
            fail(failure, FAIL_MEMORY, "out of memory"));
}

static bool end_segment(struct cutter *cutter, int64_t until, struct failure *failure)
{
    struct rendition *rendition = cutter->rendition;
    guint number = rendition->segments->len + 1;
    g_autofree char *name = rendition_file(rendition, number);
    g_autofree char *head = g_strdup_printf("%s_init.mp4", rendition->id);
    struct segment segment = {.start = cutter->from - cutter->first,
                              .duration = until - cutter->from};
    int64_t ignored;
    if ((number == 1 && !flush(cutter, head, &ignored, failure)) ||
        !flush(cutter, name, &segment.bytes, failure))
        return false;
    g_array_append_val(rendition->segments, segment);
    cutter->from = until;
    return true;
}

static bool write_packet(struct cutter *cutter, AVPacket *packet, struct failure *failure)
{
    AVPacket *own = av_packet_clone(packet);
    if (!own)
        return fail(failure, FAIL_MEMORY, "out of memory");
    if (!cutter->begun)
        cutter->first = cutter->from = cutter->end = packet->pts;
    cutter->begun = true;
    cutter->end = MAX(cutter->end, packet->pts + packet->duration);
    cutter->rendition->packets++;
    own->stream_index = 0;
    own->pos = -1;
    av_packet_rescale_ts(own, cutter->rendition->time_base, cutter->mux->streams[0]->time_base);
    int error = av_write_frame(cutter->mux, own);
    av_packet_free(&own);
    return error >= 0 || broken(cutter, error, failure);
}

/* --- where to cut --- */

/* The picture at the boundary is a key before which nothing is needed, or there is none there. */
static bool is_cut_of_picture(const struct cutter *cutter, const AVPacket *packet,
                              const struct cuts *cuts, bool *cut, struct failure *failure)
{
    const struct rendition *rendition = cutter->rendition;
    double since = rendition_seconds(rendition, packet->pts - cutter->from);
    *cut = cutter->begun && since >= cuts->segment_s - rendition_half_frame(rendition);
    if (!*cut || cut_can_begin(rendition->par, packet))
        return true;
    return fail(failure, FAIL_CONFIG,
                "%s has no key picture at %.3f s, where a segment of %g s begins: encode each rung "
                "in closed groups with the same `keyint`, of which `segment` is a multiple, and no "
                "other key pictures (options: {sc_threshold: 0, flags: +cgop})",
                cutter->name, rendition_seconds(rendition, packet->pts - cutter->first),
                cuts->segment_s);
}

static bool is_cut_of_sound(const struct cutter *cutter, const AVPacket *packet,
                            const struct cuts *cuts)
{
    guint next = cutter->rendition->segments->len + 1;
    if (!cutter->begun || next >= cuts->like->segments->len)
        return false;
    const struct segment *begins = rendition_segment(cuts->like, next);
    return rendition_seconds(cutter->rendition, packet->pts) >=
           rendition_seconds(cuts->like, begins->start);
}

static bool take(struct cutter *cutter, AVPacket *packet, const struct cuts *cuts,
                 struct failure *failure)
{
    bool cut = false;
    if (packet->pts == AV_NOPTS_VALUE)
        return fail(failure, FAIL_INPUT_DAMAGED, "%s has a packet without a time", cutter->name);
    if (cuts->like)
        cut = is_cut_of_sound(cutter, packet, cuts);
    else if (!is_cut_of_picture(cutter, packet, cuts, &cut, failure))
        return false;
    return (!cut || end_segment(cutter, packet->pts, failure)) &&
           write_packet(cutter, packet, failure);
}

static bool read_all(struct source *source, struct cutter *cutter, const struct cuts *cuts,
                     struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(source, &item, failure)) == SOURCE_PACKET)
        if (!take(cutter, item.packet, cuts, failure))
            return false;
    if (got == SOURCE_FAILED)
        return false;
    if (!cutter->begun)
        return fail(failure, FAIL_INPUT_DAMAGED, "%s has nothing to pack", cutter->name);
    return end_segment(cutter, cutter->end, failure);
}

static bool cut_with(struct cutter *cutter, struct source *source, int stream,
                     const struct cuts *cuts, struct failure *failure)
{
    bool done = source && source_use(source, stream, SOURCE_PACKETS, failure) &&
                open_mux(cutter, failure) && read_all(source, cutter, cuts, failure);
    package_drop(cutter->mux);
    return done;
}

bool rendition_cut(struct rendition *rendition, const struct package_file *file, int stream,
                   const struct cuts *cuts, struct bundle_writer *bundle, struct failure *failure)
{
    struct cutter cutter = {.bundle = bundle, .rendition = rendition, .name = file->name};
    g_autofree char *codec = rendition_codec(rendition);
    if (!codec)
        return fail(failure, FAIL_CONFIG, "%s has %s, and only H.264 and AAC are packed",
                    file->name, avcodec_get_name(rendition->par->codec_id));
    g_auto(source_ptr) source = source_open(file->fd, NULL, failure);
    bool done = cut_with(&cutter, source, stream, cuts, failure);
    rendition->first = cutter.first;
    return done;
}
