/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films cut into segments, in a bundle. The pictures first, which say where; then the sound. */
#include "media/package.h"

#include "chain_private.h"
#include "media/cut.h"
#include "media/frame.h"
#include "media/source.h"
#include "package_private.h"

#include <errno.h>
#include <math.h>
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

static void rendition_free(void *data)
{
    struct rendition *rendition = data;
    g_free(rendition->id);
    avcodec_parameters_free(&rendition->par);
    g_array_unref(rendition->segments);
    g_free(rendition);
}

static struct rendition *rendition_new(char *id, const AVStream *stream, AVRational fps)
{
    struct rendition *rendition = g_new0(struct rendition, 1);
    rendition->id = id;
    rendition->par = avcodec_parameters_alloc();
    avcodec_parameters_copy(rendition->par, stream->codecpar);
    rendition->time_base = stream->time_base;
    rendition->fps = fps;
    rendition->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    return rendition;
}

/* --- files of fragmented MP4 --- */

static bool broken(const struct cutter *cutter, int error, struct failure *failure)
{
    return fail_av(failure, error == AVERROR(ENOSPC) ? FAIL_DISK : FAIL_INTERNAL, error,
                   "packing %s", cutter->name);
}

/* What was written since, as a file of the folder; its size. */
static bool put(struct cutter *cutter, const char *name, int64_t *bytes, struct failure *failure)
{
    uint8_t *data = NULL;
    int length = avio_close_dyn_buf(cutter->mux->pb, &data);
    cutter->mux->pb = NULL;
    bool added = bundle_add(cutter->bundle, name, data, (size_t)length);
    int number = errno;
    av_free(data);
    *bytes = length;
    if (!added)
        return fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(number));
    return avio_open_dyn_buf(&cutter->mux->pb) >= 0 || fail(failure, FAIL_MEMORY, "out of memory");
}

/* The header waits for the first fragment, whose times its edit list has: pictures have none, sound
 * hides its priming by one. */
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
    cutter->mux->flags |= AVFMT_FLAG_BITEXACT;
    av_dict_set(&options, "movflags",
                "+frag_custom+delay_moov+default_base_moof+cmaf+negative_cts_offsets+skip_trailer",
                0);
    av_dict_set_int(&options, "video_track_timescale", rendition->time_base.den, 0);
    av_dict_set_int(&options, "use_editlist", rendition_is_sound(rendition), 0);
    int error = avformat_write_header(cutter->mux, &options);
    av_dict_free(&options);
    return error >= 0 || broken(cutter, error, failure);
}

static void close_mux(struct cutter *cutter)
{
    uint8_t *data = NULL;
    if (cutter->mux && cutter->mux->pb)
        avio_close_dyn_buf(cutter->mux->pb, &data);
    if (cutter->mux)
        cutter->mux->pb = NULL;
    av_free(data);
    avformat_free_context(cutter->mux);
}

static bool flush(struct cutter *cutter, const char *name, int64_t *bytes, struct failure *failure)
{
    int error = av_write_frame(cutter->mux, NULL);
    return error < 0 ? broken(cutter, error, failure) : put(cutter, name, bytes, failure);
}

static bool end_segment(struct cutter *cutter, int64_t until, struct failure *failure)
{
    struct rendition *rendition = cutter->rendition;
    guint number = rendition->segments->len + 1;
    g_autofree char *name = g_strdup_printf("%s_%05u.m4s", rendition->id, number);
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

struct cuts {
    double segment_s;
    const struct rendition *like; /* sound: the rung whose segments it follows; else NULL */
};

static double half_frame(const struct rendition *rendition)
{
    return rendition->fps.num > 0 ? 0.5 * rendition->fps.den / rendition->fps.num : 0;
}

/* The picture at the boundary is a key before which nothing is needed, or there is none there. */
static bool is_cut_of_picture(const struct cutter *cutter, const AVPacket *packet,
                              const struct cuts *cuts, bool *cut, struct failure *failure)
{
    const struct rendition *rendition = cutter->rendition;
    double since = rendition_seconds(rendition, packet->pts - cutter->from);
    *cut = cutter->begun && since >= cuts->segment_s - half_frame(rendition);
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
    const struct segment *begins = &g_array_index(cuts->like->segments, struct segment, next);
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

static bool cut_stream(struct cutter *cutter, struct source *source, int stream,
                       const struct cuts *cuts, struct failure *failure)
{
    g_autofree char *codec = rendition_codec(cutter->rendition);
    if (!codec)
        return fail(failure, FAIL_CONFIG, "%s has %s, and only H.264 and AAC are packed",
                    cutter->name, avcodec_get_name(cutter->rendition->par->codec_id));
    bool done = source_use(source, stream, SOURCE_PACKETS, failure) && open_mux(cutter, failure) &&
                read_all(source, cutter, cuts, failure);
    close_mux(cutter);
    cutter->rendition->offset = MAX(0, -cutter->first);
    return done;
}

/* --- the renditions --- */

struct package {
    const char *const *names;
    const struct package_opts *opts;
    struct bundle_writer *bundle;
    GPtrArray *rungs; /* struct rendition */
    struct rendition *sound;
};

/* "v1080"; of several so high the later ones are "v1080-2" … */
static char *rung_id(const struct package *package, int height)
{
    unsigned before = 0;
    for (guint i = 0; i < package->rungs->len; i++)
        before += ((struct rendition *)package->rungs->pdata[i])->par->height == height;
    return before ? g_strdup_printf("v%d-%u", height, before + 1) : g_strdup_printf("v%d", height);
}

static bool add_rung(struct package *package, struct source *source, unsigned number,
                     struct failure *failure)
{
    const int picture = source_picture(source);
    const struct cuts cuts = {.segment_s = package->opts->segment_s};
    struct cutter cutter = {.bundle = package->bundle, .name = package->names[number]};
    if (picture < 0)
        return true;
    const struct source_stream *stream = source_stream(source, picture);
    const AVRational fps = {(int)stream->fps.num, (int)stream->fps.den};
    cutter.rendition =
        rendition_new(rung_id(package, stream->av->codecpar->height), stream->av, fps);
    g_ptr_array_add(package->rungs, cutter.rendition);
    return cut_stream(&cutter, source, picture, &cuts, failure);
}

static bool add_sound(struct package *package, struct source *source, unsigned number,
                      struct failure *failure)
{
    const int stream = source_sound(source);
    const struct cuts cuts = {.segment_s = package->opts->segment_s,
                              .like = package->rungs->pdata[0]};
    struct cutter cutter = {.bundle = package->bundle, .name = package->names[number]};
    if (stream < 0 || package->sound)
        return true;
    package->sound = cutter.rendition =
        rendition_new(g_strdup("sound"), source_stream(source, stream)->av, (AVRational){0, 1});
    return cut_stream(&cutter, source, stream, &cuts, failure) &&
           (rendition_seconds(cutter.rendition, cutter.first) < 0.001 ||
            fail(failure, FAIL_CONFIG, "the sound of %s begins %.3f s after its picture",
                 cutter.name, rendition_seconds(cutter.rendition, cutter.first)));
}

static bool each(struct package *package, const int *fds, unsigned count,
                 bool (*add)(struct package *, struct source *, unsigned, struct failure *),
                 struct failure *failure)
{
    for (unsigned i = 0; i < count; i++) {
        g_auto(source_ptr) source = source_open(fds[i], NULL, failure);
        if (!source || !add(package, source, i, failure))
            return false;
    }
    return true;
}

static const struct segment *last_of(const struct rendition *rung)
{
    return &g_array_index(rung->segments, struct segment, rung->segments->len - 1);
}

/* A player changes from one to another at any segment. */
static bool are_aligned(const struct rendition *one, const struct rendition *other)
{
    if (one->segments->len != other->segments->len || one->packets != other->packets)
        return false;
    for (guint i = 0; i < one->segments->len; i++)
        if (fabs(
                rendition_seconds(one, g_array_index(one->segments, struct segment, i).start) -
                rendition_seconds(other, g_array_index(other->segments, struct segment, i).start)) >
            half_frame(one))
            return false;
    return fabs(rendition_seconds(one, last_of(one)->duration) -
                rendition_seconds(other, last_of(other)->duration)) <= half_frame(one);
}

static bool check(const struct package *package, struct failure *failure)
{
    if (!package->rungs->len)
        return fail(failure, FAIL_CONFIG, "none of the outputs it is made from has a picture");
    for (guint i = 1; i < package->rungs->len; i++)
        if (!are_aligned(package->rungs->pdata[0], package->rungs->pdata[i]))
            return fail(failure, FAIL_CONFIG,
                        "the segments of %s and %s aren't of the same pictures: let all rungs have "
                        "one frame rate and length",
                        ((struct rendition *)package->rungs->pdata[0])->id,
                        ((struct rendition *)package->rungs->pdata[i])->id);
    return true;
}

static bool add_text(struct package *package, const char *name, char *text, struct failure *failure)
{
    bool added = bundle_add(package->bundle, name, text, strlen(text));
    int number = errno;
    g_free(text);
    return added || fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(number));
}

static bool add_playlist(struct package *package, const struct rendition *rendition,
                         struct failure *failure)
{
    g_autofree char *name = g_strconcat(rendition->id, ".m3u8", NULL);
    return add_text(package, name, hls_media(rendition), failure);
}

static bool add_lists(struct package *package, struct failure *failure)
{
    bool hls = strcmp(package->opts->container, "hls") == 0;
    bool fine =
        add_text(package, package->opts->name,
                 (hls ? hls_master : dash_manifest)(package->rungs, package->sound), failure);
    for (guint i = 0; fine && hls && i < package->rungs->len; i++)
        fine = add_playlist(package, package->rungs->pdata[i], failure);
    return fine && (!hls || !package->sound || add_playlist(package, package->sound, failure));
}

static double length_of(const struct rendition *rendition)
{
    const struct segment *last = last_of(rendition);
    return rendition_seconds(rendition, last->start + last->duration - rendition->offset);
}

static void fill_claim(const struct package *package, struct claim *claim)
{
    const struct rendition *best = package->rungs->pdata[0], *sound = package->sound;
    claim->video_s = length_of(best);
    claim->frames = best->packets;
    claim->width = best->par->width;
    claim->height = best->par->height;
    claim->video_codec = g_strdup(avcodec_get_name(best->par->codec_id));
    claim->video_streams = claim->copied = (int)package->rungs->len;
    claim->audio_streams = sound != NULL;
    if (!sound)
        return;
    claim->audio_s = length_of(sound);
    claim->audio_codec = g_strdup(avcodec_get_name(sound->par->codec_id));
    claim->sample_rate = sound->par->sample_rate;
    claim->channels = sound->par->ch_layout.nb_channels;
    claim->copied++;
}

static bool finish(struct package *package, struct claim *claim, struct failure *failure)
{
    if (!add_lists(package, failure))
        return false;
    fill_claim(package, claim);
    return bundle_finish(package->bundle, package->opts->container) ||
           fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(errno));
}

bool package_write(const int *fds, const char *const *names, unsigned count,
                   const struct package_opts *opts, int out, struct claim *claim,
                   struct failure *failure)
{
    struct package package = {.names = names,
                              .opts = opts,
                              .bundle = bundle_create(out),
                              .rungs = g_ptr_array_new_with_free_func(rendition_free)};
    bool done = each(&package, fds, count, add_rung, failure) && check(&package, failure) &&
                each(&package, fds, count, add_sound, failure) && finish(&package, claim, failure);
    bundle_destroy(package.bundle);
    g_ptr_array_unref(package.rungs);
    if (package.sound)
        rendition_free(package.sound);
    return done;
}
