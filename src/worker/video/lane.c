/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lanes: one stream of one output, from frames or packets to the writer. */
#include "../audio/tags.h"
#include "base/frame_rate.h"
#include "base/timecode.h"
#include "media/captions.h"
#include "media/cut.h"
#include "media/frame.h"
#include "media/still_write.h"
#include "media/thumbnails.h"
#include "model/holds.h"
#include "model/pixel_format.h"
#include "render.h"
#include "steps/programme.h"
#include "steps/shown.h"

#include <libavutil/mathematics.h>
#include <math.h>
#include <string.h>

static struct lane *add_lane(struct branch *branch, int stream, enum lane_mode mode)
{
    struct lane lane = {.stream = stream, .mode = mode, .last_pts = INT64_MIN, .track = -1};
    g_array_append_val(branch->lanes, lane);
    return &g_array_index(branch->lanes, struct lane, branch->lanes->len - 1);
}

static const struct encode *encode_of(const struct branch *branch)
{
    return branch->output->encode;
}

static bool start_chain(struct branch *branch, struct lane *lane)
{
    struct render *render = branch->render;
    struct failure *failure = &branch->result->failure;
    if (lane->stream == render->picture &&
        (!source_has_whole_pictures(source_stream(render->source, lane->stream), failure) ||
         !hdr_is_shown(&render->hdr, failure)))
        return false;
    struct chain *trunk = shared_of(render, lane->stream)->chain;
    lane->chain = chain_branch(trunk, failure);
    if (lane->chain && render->job->task->outputs->len == 1 && !render->joining)
        chain_take_color(lane->chain, trunk);
    return lane->chain && apply_to_stream(lane->chain, render, lane->stream, branch->output->steps,
                                          branch->tags, failure);
}

static struct writer_track about(const struct branch *branch, const struct lane *lane)
{
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    return (struct writer_track){
        .metadata = stream->av->metadata,
        .disposition = stream->av->disposition & ~AV_DISPOSITION_ATTACHED_PIC,
    };
}

struct rational nominal_rate(const struct render *render)
{
    struct rational fps = source_stream(render->source, render->picture)->fps;
    return fps.num > 0 ? fps : (struct rational){25, 1};
}

/* Its frames come at television's rates alone. */
static bool is_mxf(const struct branch *branch)
{
    return g_str_has_prefix(branch->container->name, "mxf");
}

static bool constant_rate(struct branch *branch, struct lane *lane)
{
    struct rational fps = chain_video(lane->chain)->fps;
    struct rational wanted = fps.num ? fps : nominal_rate(branch->render);
    if (is_mxf(branch))
        wanted = frame_rate_television(rational_value(wanted));
    if (!rational_equal(fps, wanted)) {
        const char *what = fps.num ? "unusual" : "variable";
        fps = wanted;
        g_autofree char *text = rational_text(fps);
        branch_note(branch, "%s frame rate conformed to %s fps", what, text);
    }
    return chain_constant_rate(lane->chain, &branch->result->failure, fps);
}

static void tell_hdr(struct branch *branch, const char *encoder, const struct hdr_static *kept)
{
    g_autoptr(GPtrArray) fates =
        hdr_fates(&branch->render->hdr, kept, encoder, branch_form(branch));
    for (guint i = 0; i < fates->len; i++)
        branch_row(branch, fates->pdata[i]);
}

static bool add_picture_track(struct branch *branch, struct lane *lane)
{
    struct failure *failure = &branch->result->failure;
    struct writer_track track = about(branch, lane);
    track.fps = lane->regular ? chain_video(lane->chain)->fps : (struct rational){0, 1};
    const struct hdr_static kept = hdr_after(&branch->render->hdr, lane->chain);
    track.timecode = chain_video(lane->chain)->timecode;
    track.reel = source_reel(branch->render);
    lane->track = writer_add_encoded(branch->writer, lane->encoder, &track, failure);
    if (lane->track < 0)
        return false;
    tell_hdr(branch, encoder_context(lane->encoder)->codec->name, &kept);
    return writer_light(branch->writer, lane->track, &kept, failure);
}

static bool fit_size(struct branch *branch, struct lane *lane, const struct encoder_wants *wants)
{
    const struct video_shape *shape = chain_video(lane->chain);
    if (wants->width == shape->width && wants->height == shape->height)
        return true;
    g_autofree char *width = g_strdup_printf("%d", wants->width);
    g_autofree char *height = g_strdup_printf("%d", wants->height);
    branch_note(branch, "%dx%d cut to %dx%d: %s holds no odd sizes", shape->width, shape->height,
                wants->width, wants->height, wants->pix_fmt);
    return chain_filter(lane->chain, &branch->result->failure, "crop", "out_w", width, "out_h",
                        height, "x", "0", "y", "0", "exact", "1", NULL);
}

/* Where nobody asked for less of it. */
static void note_chroma(struct branch *branch, const struct video_shape *stored,
                        const struct encoder_wants *wants)
{
    const struct encode_video *encode = &encode_of(branch)->video;
    struct pixel_format to;
    if (encode->pix_fmt || encode->profile || stored->rgb || strstr(stored->pix_fmt, "gray") ||
        !pixel_format_read(wants->pix_fmt, &to) ||
        (to.chroma_w <= stored->chroma_w && to.chroma_h <= stored->chroma_h))
        return;
    branch_note(branch, "colour: %s to %s, the nearest that %s has",
                pixel_format_chroma(stored->chroma_w, stored->chroma_h),
                pixel_format_chroma(to.chroma_w, to.chroma_h), wants->codec->name);
}

const char *captions_lost_by(const struct chain *chain, struct rational fps, double pace)
{
    const struct rational after = chain_video(chain)->fps;
    const bool same = fps.num ? rational_equal(after, fps) : !after.num;
    if (chain_pace(chain) != pace)
        return "they can't follow another speed";
    return same ? NULL : "they can't follow a change of the frame rate";
}

struct rational promised_rate(const struct render *render)
{
    const struct source_stream *picture = source_stream(render->source, render->picture);
    return picture->variable ? (struct rational){0, 1} : picture->fps;
}

char *lane_loses_captions(const struct branch *branch, const struct lane *lane)
{
    const struct render *render = branch->render;
    const struct chain *joined = render->joining ? shared_of(render, lane->stream)->chain : NULL;
    const char *encoder = encoder_context(lane->encoder)->codec->name;
    if (!captions_are_encoded(encoder))
        return g_strdup_printf("%s writes none", encoder);
    return g_strdup(
        joined ? captions_lost_by(lane->chain, chain_video(joined)->fps, chain_pace(joined))
               : captions_lost_by(lane->chain, promised_rate(render), 1));
}

/* What sound says of when it is, where no picture beside it does: in the frames that it would have.
 */
struct moment {
    char timecode[16];
    struct rational fps;
};

static struct moment moment_of(const struct branch *branch, const struct chain *chain)
{
    const struct video_shape *beside = chain_video(chain);
    struct moment moment = {.fps = programme_rate(branch->render->job->task, branch->output)};
    struct timecode tc;
    if (is_mxf(branch))
        moment.fps = frame_rate_television(rational_value(moment.fps));
    g_strlcpy(moment.timecode, beside->timecode, sizeof(moment.timecode));
    if (!rational_equal(moment.fps, beside->fps) &&
        timecode_parse(beside->timecode, beside->fps, &tc)) {
        g_autofree char *text = timecode_text(timecode_at_rate(tc, beside->fps, moment.fps));
        g_strlcpy(moment.timecode, text, sizeof(moment.timecode));
    }
    return moment;
}

/* *moment: what the track refers to. */
static void tell_moment(const struct branch *branch, const struct chain *chain,
                        struct moment *moment, struct writer_track *track)
{
    if (!chain || branch->render->picture < 0 || branch_lane(branch, branch->render->picture))
        return;
    *moment = moment_of(branch, chain);
    track->timecode = moment->timecode;
    track->timecode_fps = moment->fps;
}

bool lane_open_picture(struct branch *branch, int stream, const char *codec)
{
    struct failure *failure = &branch->result->failure;
    const struct encode_video *encode = &encode_of(branch)->video;
    struct lane *lane = add_lane(branch, stream, LANE_ENCODE);
    struct encoder_wants wants;
    if (!start_chain(branch, lane))
        return false;
    if (chain_is_still(lane->chain))
        return fail(failure, FAIL_CONFIG, "a `still` step makes a still, not a %s file",
                    branch->container->name);
    if (encode->fields > FIELDS_PROGRESSIVE &&
        !chain_fields(lane->chain, failure, encode->fields == FIELDS_TOP))
        return false;
    lane->alpha = chain_video(lane->chain)->alpha;
    struct video_shape stored;
    chain_stored_shape(lane->chain, &stored);
    if (!encoder_wants_picture(encode, &stored, codec, branch->container->name, &wants, failure) ||
        !fit_size(branch, lane, &wants) ||
        (codec_colors(codec_find(codec)) == CODEC_IS_SRGB && !shown_video(lane->chain, failure)))
        return false;
    note_chroma(branch, &stored, &wants);
    bool fixed = wants.constant_rate || is_mxf(branch) || container_is_folder(branch->container);
    if (!chain_deliver_picture(lane->chain, failure, wants.pix_fmt, wants.range, wants.matrix) ||
        (fixed && !constant_rate(branch, lane)))
        return false;
    const struct video_shape *shape = chain_video(lane->chain);
    const struct hdr_static kept = hdr_after(&branch->render->hdr, lane->chain);
    lane->regular = shape->fps.num > 0;
    struct encoder_setup setup = {
        .codec = codec,
        .container = branch->container->name,
        .time_base = lane->regular ? av_make_q((int)shape->fps.den, (int)shape->fps.num)
                                   : chain_time_base(lane->chain),
        .nominal_fps = lane->regular ? shape->fps : nominal_rate(branch->render),
        .threads = branch->render->job->task->threads,
        .hdr = &kept,
    };
    lane->encoder = encoder_open_picture(encode, shape, &setup, failure);
    if (!lane->encoder)
        return false;
    g_autofree char *lost = lane_loses_captions(branch, lane);
    lane->captions = !lost;
    return add_picture_track(branch, lane);
}

/* Beside a picture that is copied, a track that starts late starts late again; the silence that the
 * chain put before it is taken off, unless a step may have made it more than that. */
static bool start_late(struct branch *branch, struct lane *lane)
{
    const struct render *render = branch->render;
    const struct lane *picture = branch_lane(branch, render->picture);
    double late_s = source_stream(render->source, lane->stream)->start_s - render->start_s;
    long long late = isnan(late_s) ? 0 : llround(late_s * chain_sound(lane->chain)->rate);
    if (!picture || picture->mode != LANE_COPY || late <= 0 ||
        !(container_holds(branch->container->name) & HOLDS_LATE) ||
        !encode_of(branch)->edit_lists || !chain_keeps_start(lane->chain))
        return true;
    lane->late_s = late_s;
    g_autofree char *samples = g_strdup_printf("%lld", late);
    return chain_filter(lane->chain, &branch->result->failure, "atrim", "start_sample", samples,
                        NULL);
}

static bool encode_sound(struct branch *branch, struct lane *lane, const char *codec)
{
    struct failure *failure = &branch->result->failure;
    const bool bare = encode_is_bare(encode_of(branch), branch->container->name);
    lane->encoder = encoder_open_chain_sound(lane->chain, &encode_of(branch)->audio, codec,
                                             branch->container, bare, failure);
    if (!lane->encoder)
        return false;
    struct writer_track track = about(branch, lane);
    struct moment moment;
    tell_moment(branch, lane->chain, &moment, &track);
    lane->track = writer_add_encoded(branch->writer, lane->encoder, &track, failure);
    return lane->track >= 0;
}

bool lane_open_sound(struct branch *branch, int stream, const char *codec)
{
    struct lane *lane = add_lane(branch, stream, LANE_ENCODE);
    return start_chain(branch, lane) && start_late(branch, lane) &&
           encode_sound(branch, lane, codec);
}

bool lane_open_channel(struct branch *branch, int stream, const char *codec, int channel,
                       int *channels)
{
    const struct sound_mix one = {.layout = "mono", .pick = &channel, .picks = 1, .told = true};
    struct lane *lane = add_lane(branch, stream, LANE_ENCODE);
    lane->silent = channel == 0;
    if (!start_chain(branch, lane) || !start_late(branch, lane))
        return false;
    *channels = chain_sound(lane->chain)->channels;
    return chain_mix(lane->chain, &branch->result->failure, &one) &&
           encode_sound(branch, lane, codec);
}

/* Containers that libsndfile writes hold one sound and nothing else. */
bool lane_open_sound_file(struct branch *branch, int stream)
{
    struct lane *lane = add_lane(branch, stream, LANE_SOUND_FILE);
    if (!start_chain(branch, lane))
        return false;
    AVDictionary *tags = tags_edited(source_format(branch->render->source)->metadata, branch->tags);
    const struct sound_writer_setup setup = {
        .encode = encode_of(branch),
        .container = branch->container,
        .fd = branch->render->job->fds[branch->output->file],
        .tags = tags,
    };
    lane->sound = sound_writer_create(lane->chain, &setup, &branch->result->failure);
    av_dict_free(&tags);
    return lane->sound != NULL;
}

bool lane_open_still(struct branch *branch, int stream)
{
    struct failure *failure = &branch->result->failure;
    struct lane *lane = add_lane(branch, stream, LANE_STILL);
    if (!start_chain(branch, lane))
        return false;
    if (!chain_is_still(lane->chain)) {
        branch_note(branch, "no `still` step: the first frame was taken");
        if (!chain_pick(lane->chain, failure, 0, true))
            return false;
    }
    lane->alpha = chain_video(lane->chain)->alpha;
    const struct hdr_static kept = hdr_after(&branch->render->hdr, lane->chain);
    tell_hdr(branch, branch_form(branch), &kept);
    if (branch->output->files && !chain_thumbnails(lane->chain))
        return fail(failure, FAIL_INTERNAL, "there are no thumbnails to make a track of");
    return chain_deliver_still(lane->chain, failure, encode_of(branch)->image.bit_depth);
}

/* The index of fragments is written before they are, and has the form of the track. */
bool lane_wants_form(const struct branch *branch, int stream)
{
    const AVCodecParameters *par = source_stream(branch->render->source, stream)->av->codecpar;
    return container_holds(branch->container->name) & HOLDS_EDITS &&
           encode_of(branch)->fragment.kind != POSITION_NONE && par->codec_id == AV_CODEC_ID_AAC &&
           par->extradata_size == 0;
}

static bool find_form(struct branch *branch, struct lane *lane)
{
    struct source *source = branch->render->source;
    const AVPacket *packet = source_peek(source, lane->stream);
    struct failure *failure = &branch->result->failure;
    if (!packet)
        return fail(failure, FAIL_INTERNAL, "there is no packet that says the form of the sound");
    lane->adts = adts_open(source_stream(source, lane->stream)->av->codecpar, packet, failure);
    return lane->adts;
}

/* The first frame of an MP3 tells what is left out of the next one, if anything is; in no other
 * file need it be known before. */
static bool is_unprimed(const struct branch *branch, int stream)
{
    if (branch->clock && !cut_keeps_priming(branch))
        return true;
    return list_has("mp3", branch->container->name) &&
           !source_is_primed(branch->render->source, stream);
}

static bool open_copy(struct branch *branch, int stream, const AVCodecParameters *par)
{
    struct lane *lane = add_lane(branch, stream, LANE_COPY);
    struct writer_track track = about(branch, lane);
    struct moment moment;
    const struct source_stream *from = source_stream(branch->render->source, stream);
    if (from->type == AVMEDIA_TYPE_VIDEO) {
        track.timecode =
            branch->clock ? chain_video(branch->clock)->timecode : source_timecode(branch->render);
        track.reel = source_reel(branch->render);
        track.timecode_fps = from->fps;
        track.fps = from->variable ? (struct rational){0, 1} : from->fps;
    } else if (shared_of(branch->render, stream)) {
        tell_moment(branch,
                    branch->clock ? branch->clock : shared_of(branch->render, stream)->chain,
                    &moment, &track);
    }
    if (lane_wants_form(branch, stream) && !find_form(branch, lane))
        return false;
    track.par = lane->adts ? adts_parameters(lane->adts) : par;
    track.unprimed = is_unprimed(branch, stream);
    lane->track = writer_add_copied(branch->writer, from->av, &track, &branch->result->failure);
    return lane->track >= 0;
}

bool lane_open_copy(struct branch *branch, int stream)
{
    return open_copy(branch, stream, NULL);
}

bool lane_open_seams(struct branch *branch, int stream, struct seams *seams)
{
    bool opened = open_copy(branch, stream, seams->par);
    struct lane *lane = branch_lane(branch, stream);
    lane->cut = true;
    lane->seams = seams;
    lane->zero_s = seams->from_s;
    lane->from_s = seams->copied_from_s;
    lane->to_s = seams->copied_to_s;
    lane->slack_s = cut_slack_s(branch->render->source);
    return opened;
}

bool lane_open_cut(struct branch *branch, int stream)
{
    if (!branch->clock && !branch_open_clock(branch, stream))
        return false;
    return lane_open_copy(branch, stream) && lane_cut(branch, branch_lane(branch, stream));
}

bool lane_open_subtitle(struct branch *branch, int stream, const char *forms)
{
    struct failure *failure = &branch->result->failure;
    struct lane *lane = add_lane(branch, stream, LANE_SUBTITLE);
    struct writer_track track = about(branch, lane);
    g_autofree char *form = g_strndup(forms, strcspn(forms, " "));
    lane->subtitle = subtitle_open(source_stream(branch->render->source, stream)->av,
                                   avcodec_descriptor_get_by_name(form)->id, failure);
    if (!lane->subtitle)
        return false;
    lane->track =
        writer_add_subtitles(branch->writer, subtitle_parameters(lane->subtitle), &track, failure);
    return lane->track >= 0;
}

/* --- running --- */

/* When all is read, what the encoders still hold may take minutes: each packet is progress. */
static void tell_written(const struct branch *branch, struct lane *lane)
{
    lane->packets++;
    if (g_atomic_int_get(&branch->render->all_read))
        speak_progress(branch->render->job->speaker, &(struct progress){.fraction = 0.999,
                                                                        .frames = lane->packets,
                                                                        .fps = NAN,
                                                                        .speed = NAN,
                                                                        .stage = "finish"});
}

static bool write_packets(struct branch *branch, struct lane *lane)
{
    struct failure *failure = &branch->result->failure;
    AVPacket *packet = packet_new();
    int got = -1;
    bool fine = true;
    while (fine && (got = encoder_pull(lane->encoder, packet, failure)) > 0) {
        fine = writer_write(branch->writer, lane->track, packet,
                            encoder_context(lane->encoder)->time_base, failure);
        tell_written(branch, lane);
    }
    av_packet_free(&packet);
    return fine && got == 0;
}

/* To the encoder's time base, never standing still. False for a frame that would have to wait for
 * longer than one: such a source has more frames than its rate says. */
static bool set_time(struct lane *lane, AVFrame *frame)
{
    AVRational from = chain_time_base(lane->chain);
    AVRational to = encoder_context(lane->encoder)->time_base;
    int64_t due = av_rescale_q_rnd(frame->pts, from, to, AV_ROUND_NEAR_INF);
    if (lane->regular && due < lane->last_pts) {
        lane->dropped++;
        return false;
    }
    frame->pts = MAX(due, lane->last_pts + 1);
    frame->pkt_duration = lane->regular ? 1 : av_rescale_q(frame->pkt_duration, from, to);
    frame->time_base = to;
    lane->last_pts = frame->pts;
    return true;
}

/* What a frame has beside its samples was of the source's; captions alone go on. */
static void leave_side_data(struct lane *lane, AVFrame *frame)
{
    lane->captioned |= captions_of_frame(frame);
    captions_alone(frame);
    if (!lane->captions)
        captions_take(frame, NULL);
}

static bool encode_frame(struct branch *branch, struct lane *lane, AVFrame *frame)
{
    struct failure *failure = &branch->result->failure;
    if (frame && chain_type(lane->chain) == AVMEDIA_TYPE_VIDEO) {
        if (lane->last_pts == INT64_MIN)
            lane->last_pts = -1;
        if (!set_time(lane, frame))
            return true;
        frame->key_frame = 0;
        leave_side_data(lane, frame);
    }
    return encoder_push(lane->encoder, frame, failure) && write_packets(branch, lane);
}

static bool write_still(struct branch *branch, struct lane *lane, AVFrame *frame)
{
    const struct encode *encode = encode_of(branch);
    const struct job *job = branch->render->job;
    const int fd = job->fds[branch->output->file];
    struct claim *claim = &branch->result->claim;
    struct failure *failure = &branch->result->failure;
    lane->ended = true;
    return still_write_frame(frame, &encode->image, job_profile_fd(job, encode), fd, claim,
                             branch->tags, branch->result->notes, failure) &&
           (!branch->output->files ||
            thumbnails_bundle(fd, branch->output->files, encode->image.format,
                              chain_thumbnails(lane->chain), claim, failure));
}

static bool take_frame(struct branch *branch, struct lane *lane, AVFrame *frame)
{
    if (lane->mode == LANE_STILL)
        return write_still(branch, lane, frame);
    if (lane->mode == LANE_SOUND_FILE)
        return sound_writer_push(lane->sound, frame, &branch->result->failure);
    return encode_frame(branch, lane, frame);
}

/* The chain is drained. */
static bool end_frames(struct branch *branch, struct lane *lane)
{
    lane->ended = true;
    if (lane->mode == LANE_STILL)
        return fail(&branch->result->failure, FAIL_INPUT_DAMAGED,
                    "there is no frame to take a still from");
    if (lane->mode == LANE_SOUND_FILE)
        return true;
    bool encoded = encode_frame(branch, lane, NULL);
    writer_end_track(branch->writer, lane->track);
    return encoded;
}

static bool pull_all(struct branch *branch, struct lane *lane)
{
    AVFrame *out = frame_new();
    enum chain_got got = CHAIN_FAILED;
    bool fine = true;
    while (fine && !lane->ended &&
           (got = chain_pull(lane->chain, out, &branch->result->failure)) == CHAIN_FRAME) {
        fine = take_frame(branch, lane, out);
        av_frame_unref(out);
    }
    av_frame_free(&out);
    if (!fine || lane->ended)
        return fine;
    return got == CHAIN_END ? end_frames(branch, lane) : got == CHAIN_MORE;
}

bool lane_frame(struct branch *branch, struct lane *lane, const AVFrame *frame)
{
    struct failure *failure = &branch->result->failure;
    if (lane->ended || !lane->chain)
        return true;
    if (!chain_push(lane->chain, frame, failure) || !pull_all(branch, lane))
        return false;
    if (frame && !lane->ended && chain_satisfied(lane->chain))
        return chain_push(lane->chain, NULL, failure) && pull_all(branch, lane);
    return true;
}

void lane_close(struct lane *lane)
{
    sound_writer_destroy(lane->sound);
    chain_destroy(lane->chain);
    encoder_close(lane->encoder);
    subtitle_close(lane->subtitle);
    av_packet_free(&lane->waiting);
    adts_close(lane->adts);
    if (lane->seams)
        seams_clear(lane->seams);
    g_free(lane->seams);
}
