/* SPDX-License-Identifier: GPL-3.0-or-later
 * The pictures of seams: found, decoded, and encoded. */
#include "media/seams.h"

#include "media/captions.h"
#include "media/cut.h"
#include "media/encoder.h"
#include "media/frame.h"

#include "h264_slice.h"
#include "seam_sets.h"

#include <libavutil/mathematics.h>
#include <libavutil/pixdesc.h>
#include <math.h>

/* Nearly without loss, so that a seam isn't seen: what it costs is a group of pictures. A step of 2
 * in codes of 8 bits (ITU-T H.264, 8.5.9: 0.625 at 0, twice that each 6), whose error of a twelfth
 * of its square is 53 dB away. Constant, so that no scene gets less. */
enum { SEAM_QP = 10, QP_A_BIT = 6 };
/* One group, whatever its length. */
enum { SEAM_GOP = 100000 };

/* The pictures before what is copied, or behind it. */
struct part {
    double from_s, to_s;
    double joint_s; /* of both, the one beside what is copied */
    int64_t due;  /* when the source decodes the first picture that isn't shown before it, and so */
    int64_t lead; /* much earlier than they are shown its pictures are decoded there */
    int *count;
    int beside; /* the IDR picture that stands next to them, which is copied; as h264_idr_id() */
    bool spare; /* their first is encoded twice: its second packet has the other idr_pic_id */
};

struct maker {
    struct source *source;
    const struct seams_opts *opts;
    int number;    /* of the new parameter sets */
    int64_t bytes; /* that were encoded */
    double slack_s;
    struct encode *encode;
    struct seams *seams;
};

static const struct source_stream *picture_of(const struct maker *maker)
{
    return source_stream(maker->source, source_picture(maker->source));
}

/* --- what can be joined --- */

static const char *profile_of(const AVCodecParameters *par)
{
    static const struct {
        int profile;
        const char *name; /* as x264 calls it */
    } rows[] = {
        {FF_PROFILE_H264_BASELINE, "baseline"},
        {FF_PROFILE_H264_CONSTRAINED_BASELINE, "baseline"},
        {FF_PROFILE_H264_MAIN, "main"},
        {FF_PROFILE_H264_HIGH, "high"},
        {FF_PROFILE_H264_HIGH_10, "high10"},
        {FF_PROFILE_H264_HIGH_422, "high422"},
        {FF_PROFILE_H264_HIGH_444_PREDICTIVE, "high444"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].profile == par->profile)
            return rows[i].name;
    return NULL;
}

static bool can_join(struct maker *maker, struct failure *failure)
{
    const AVCodecParameters *par = picture_of(maker)->av->codecpar;
    bool whole = par->field_order == AV_FIELD_PROGRESSIVE || par->field_order == AV_FIELD_UNKNOWN;
    if (par->codec_id != AV_CODEC_ID_H264)
        return fail(failure, FAIL_UNSUPPORTED, "only H.264 is joined, and this is %s",
                    avcodec_get_name(par->codec_id));
    if (!whole)
        return fail(failure, FAIL_UNSUPPORTED, "it is interlaced");
    if (!profile_of(par))
        return fail(failure, FAIL_UNSUPPORTED, "its profile isn't one that is joined");
    maker->number = seam_sets_free(par);
    return maker->number >= 0 ||
           fail(failure, FAIL_UNSUPPORTED, "its parameter sets aren't those of the whole track");
}

static void add_option(struct encode_video *encode, const char *key, char *value)
{
    if (!encode->options)
        encode->options = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(encode->options, g_strdup(key));
    g_ptr_array_add(encode->options, value);
}

/* As x264 counts: from 0 up at any depth. */
static int qp_of(const AVCodecParameters *par)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(par->format);
    return SEAM_QP + (format ? QP_A_BIT * (format->comp[0].depth - 8) : 0);
}

static void choose_settings(struct maker *maker)
{
    const AVCodecParameters *par = picture_of(maker)->av->codecpar;
    struct encode_video *encode = &maker->encode->video;
    encode->profile = g_strdup(profile_of(par));
    encode->level = par->level > 0 ? g_strdup_printf("%d", par->level) : NULL;
    encode->gop = SEAM_GOP;
    encode->b_frames = 0;
    add_option(encode, "forced-idr", g_strdup("1"));
    add_option(encode, "qp", g_strdup_printf("%d", qp_of(par)));
    encode->strict = maker->opts->strict;
    add_option(encode, "x264-params", g_strdup_printf("sps-id=%d", maker->number));
}

/* --- one part --- */

/* What is untagged stays so. */
static void shape_of(const struct maker *maker, struct video_shape *shape)
{
    const AVCodecParameters *par = picture_of(maker)->av->codecpar;
    source_video_shape(maker->source, source_picture(maker->source), shape, NULL);
    if (par->color_space == AVCOL_SPC_UNSPECIFIED)
        shape->matrix = "unknown";
    if (par->color_primaries == AVCOL_PRI_UNSPECIFIED)
        shape->primaries = "unknown";
    if (par->color_trc == AVCOL_TRC_UNSPECIFIED)
        shape->transfer = "unknown";
}

static struct encoder *open_encoder(const struct maker *maker, struct failure *failure)
{
    struct rational fps = picture_of(maker)->fps;
    if (fps.num <= 0)
        fps = (struct rational){25, 1};
    struct video_shape shape;
    shape_of(maker, &shape);
    const struct encoder_setup setup = {
        .codec = "h264",
        .container = "mp4",
        .time_base = av_make_q((int)fps.den, (int)fps.num),
        .nominal_fps = fps,
        .threads = maker->opts->threads,
    };
    return encoder_open_picture(&maker->encode->video, &shape, &setup, failure);
}

/* The track's sets with the new ones: those of all parts are the same. */
static bool take_sets(struct maker *maker, const struct encoder *encoder, struct failure *failure)
{
    const AVCodecParameters *par = picture_of(maker)->av->codecpar;
    AVCodecParameters *sets = frame_there(avcodec_parameters_alloc());
    if (avcodec_parameters_copy(sets, par) < 0 ||
        !seam_sets_add(sets, encoder_context(encoder), failure)) {
        avcodec_parameters_free(&sets);
        return fail(failure, FAIL_MEMORY, "no memory for parameter sets");
    }
    bool same = !maker->seams->par || (maker->seams->par->extradata_size == sets->extradata_size &&
                                       !memcmp(maker->seams->par->extradata, sets->extradata,
                                               (size_t)sets->extradata_size));
    avcodec_parameters_free(&maker->seams->par);
    maker->seams->par = sets;
    return same || fail(failure, FAIL_UNSUPPORTED, "both ends would need sets of their own");
}

/* A picture on its way: its times wait for its packet. */
struct due {
    int64_t pts, duration;
};

static bool count_bytes(struct maker *maker, const AVPacket *packet, struct failure *failure)
{
    maker->bytes += packet->size;
    return maker->bytes <= SEAMS_BYTES ||
           fail(failure, FAIL_UNSUPPORTED,
                "encoded again, the pictures at its ends are over %d MiB", SEAMS_BYTES >> 20);
}

static bool is_due(const AVPacket *packet, const GArray *due, struct failure *failure)
{
    return (packet->pts >= 0 && packet->pts < due->len) ||
           fail(failure, FAIL_INTERNAL, "the encoder gave a packet of no picture");
}

static bool take_packets(struct maker *maker, struct encoder *encoder, const struct part *part,
                         GArray *due, struct failure *failure)
{
    int got;
    for (;;) {
        AVPacket *packet = packet_new();
        got = encoder_pull(encoder, packet, failure);
        if (got <= 0 || !is_due(packet, due, failure) || !count_bytes(maker, packet, failure) ||
            !seam_sets_convert(picture_of(maker)->av->codecpar, packet, failure)) {
            av_packet_free(&packet);
            break;
        }
        if (part->spare && packet->pts == 0) {
            av_packet_free(&packet);
            continue;
        }
        const struct due *when = &g_array_index(due, struct due, packet->pts);
        packet->pts = packet->dts = when->pts;
        packet->duration = when->duration;
        g_ptr_array_add(maker->seams->packets, packet);
        ++*part->count;
    }
    return got == 0;
}

static bool push(struct encoder *encoder, const AVFrame *decoded, bool key, GArray *due,
                 struct failure *failure)
{
    const struct due when = {decoded->pts, decoded->pkt_duration};
    AVFrame *frame = frame_copy(decoded);
    bool whole = !frame->interlaced_frame;
    captions_alone(frame);
    frame->pts = due->len;
    frame->pkt_duration = 1;
    frame->pict_type = key ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
    frame->key_frame = 0;
    g_array_append_val(due, when);
    bool pushed = whole ? encoder_push(encoder, frame, failure)
                        : fail(failure, FAIL_UNSUPPORTED, "it is interlaced");
    av_frame_free(&frame);
    return pushed;
}

static bool push_next(struct encoder *encoder, const AVFrame *decoded, const struct part *part,
                      GArray *due, struct failure *failure)
{
    const bool first = due->len == 0;
    return (!first || !part->spare || push(encoder, decoded, true, due, failure)) &&
           push(encoder, decoded, first, due, failure);
}

/* By as much all of the part is decoded early, so that the times of decoding go on evenly. */
static void find_lead(const struct maker *maker, const struct source_item *item, struct part *part)
{
    const AVPacket *packet = item->packet;
    const double behind_s = item->time_s - part->joint_s;
    if (behind_s < -maker->slack_s || packet->dts == AV_NOPTS_VALUE)
        return;
    if (part->due == AV_NOPTS_VALUE)
        part->due = packet->dts;
    if (behind_s <= maker->slack_s)
        part->lead = MAX(packet->pts - part->due, 0);
}

static bool is_head(const struct maker *maker, const struct part *part)
{
    return part->count == &maker->seams->head;
}

/* The first that is copied behind the head; before the tail, the last that is decoded. */
static void find_beside(const struct maker *maker, const struct source_item *item,
                        struct part *part)
{
    bool beside = is_head(maker, part) ? fabs(item->time_s - part->to_s) <= maker->slack_s
                                       : item->time_s < part->from_s - maker->slack_s;
    if (beside)
        part->beside = h264_idr_id(picture_of(maker)->av->codecpar, item->packet);
}

static void look_at(const struct maker *maker, const struct source_item *item, struct part *part)
{
    find_lead(maker, item, part);
    find_beside(maker, item, part);
}

static bool encode_all(struct maker *maker, struct encoder *encoder, struct part *part,
                       struct failure *failure)
{
    g_autoptr(GArray) due = g_array_new(FALSE, FALSE, sizeof(struct due));
    struct source_item item;
    enum source_got got;
    while ((got = source_next(maker->source, &item, failure)) == SOURCE_FRAME ||
           got == SOURCE_PACKET) {
        if (got == SOURCE_PACKET)
            look_at(maker, &item, part);
        else if (item.time_s >= part->to_s - maker->slack_s)
            break;
        else if (item.time_s >= part->from_s - maker->slack_s &&
                 (!push_next(encoder, item.frame, part, due, failure) ||
                  !take_packets(maker, encoder, part, due, failure)))
            return false;
    }
    return got != SOURCE_FAILED && encoder_push(encoder, NULL, failure) &&
           take_packets(maker, encoder, part, due, failure) &&
           (*part->count + part->spare == (int)due->len ||
            fail(failure, FAIL_INTERNAL, "pictures were lost in the encoder"));
}

static bool encode_part(struct maker *maker, struct part *part, struct failure *failure)
{
    const double frame_s = 2 * maker->slack_s;
    g_auto(encoder_ptr) encoder = open_encoder(maker, failure);
    return encoder && take_sets(maker, encoder, failure) &&
           source_use(maker->source, source_picture(maker->source), SOURCE_DECODE | SOURCE_PACKETS,
                      failure) &&
           source_seek(maker->source, part->from_s - 2 * frame_s, failure) &&
           encode_all(maker, encoder, part, failure);
}

/* Its packets begin with number `first`. */
static bool differs(const struct maker *maker, const struct part *part, guint first)
{
    const GPtrArray *packets = maker->seams->packets;
    const guint at = is_head(maker, part) ? packets->len - 1 : first;
    const int own =
        at < packets->len ? h264_idr_id(maker->seams->par, packets->pdata[at]) : IDR_ID_NONE;
    return own == IDR_ID_NONE || own != part->beside;
}

static bool make_alone(struct maker *maker, struct part *part, struct failure *failure)
{
    const guint first = maker->seams->packets->len;
    const int64_t bytes = maker->bytes;
    if (!encode_part(maker, part, failure))
        return false;
    if (part->beside == IDR_ID_UNKNOWN)
        return fail(failure, FAIL_UNSUPPORTED,
                    "its parameter sets aren't those of the whole track");
    if (differs(maker, part, first))
        return true;
    g_ptr_array_set_size(maker->seams->packets, (int)first);
    *part->count = 0;
    maker->bytes = bytes;
    part->spare = true;
    return encode_part(maker, part, failure) &&
           (differs(maker, part, first) ||
            fail(failure, FAIL_INTERNAL, "two IDR pictures in a row have the same idr_pic_id"));
}

static bool make_part(struct maker *maker, struct part part, struct failure *failure)
{
    const GPtrArray *packets = maker->seams->packets;
    const guint first = packets->len;
    if (!(part.from_s < part.to_s - maker->slack_s))
        return true;
    if (!make_alone(maker, &part, failure))
        return false;
    for (guint i = first; i < packets->len; i++)
        ((AVPacket *)packets->pdata[i])->dts -= part.lead;
    return true;
}

/* --- both --- */

static double start_s(const struct maker *maker)
{
    double at_s = picture_of(maker)->start_s;
    return isfinite(at_s) ? at_s : 0;
}

static bool refuse(const struct maker *maker, const struct cut_moments *begin,
                   const struct cut_moments *end, struct failure *failure)
{
    g_autofree char *begins = cut_words(begin, start_s(maker));
    g_autofree char *ends = cut_words(end, start_s(maker));
    bool cut = isfinite(maker->seams->to_s);
    return fail(failure, FAIL_UNSUPPORTED,
                "no key picture that stands alone is far enough inside: of the source, %s for the "
                "beginning%s%s%s: trim there, and nothing is encoded",
                begins, cut ? ", and " : "", cut ? ends : "", cut ? " for the end" : "");
}

static bool are_short(const struct maker *maker, struct failure *failure)
{
    const struct seams *seams = maker->seams;
    const double head_s = seams->copied_from_s - seams->from_s;
    const double tail_s = seams->to_s - seams->copied_to_s;
    if (head_s > SEAMS_MOST_S)
        return fail(failure, FAIL_UNSUPPORTED,
                    "the next key picture is %.0f s away, at %.3f s of the source, and %d s are "
                    "encoded again at most: trim from there, and nothing is",
                    head_s, seams->copied_from_s - start_s(maker), SEAMS_MOST_S);
    return !(tail_s > SEAMS_MOST_S) ||
           fail(failure, FAIL_UNSUPPORTED,
                "before the end, the last picture up to which it can be copied is %.0f s away, at "
                "%.3f s of the source, and %d s are encoded again at most: trim to there, and "
                "nothing is",
                tail_s, seams->copied_to_s - start_s(maker), SEAMS_MOST_S);
}

/* Inwards, to where it can be cut. */
static bool find_copied(const struct maker *maker, struct failure *failure)
{
    struct seams *seams = maker->seams;
    struct cut_moments begin, end = {INFINITY, NAN};
    if (!cut_begins(maker->source, seams->from_s, &begin, failure) ||
        (isfinite(seams->to_s) && !cut_ends(maker->source, seams->to_s, &end, failure)))
        return false;
    bool at = fabs(begin.before_s - seams->from_s) <= maker->slack_s;
    seams->copied_from_s = at ? begin.before_s : begin.after_s;
    seams->copied_to_s = end.before_s;
    if (fabs(end.before_s - seams->to_s) <= maker->slack_s)
        seams->to_s = end.before_s;
    if (at)
        seams->from_s = begin.before_s;
    return seams->copied_from_s < seams->copied_to_s - maker->slack_s
               ? are_short(maker, failure)
               : refuse(maker, &begin, &end, failure);
}

static bool is_exact(const struct seams *seams)
{
    return seams->copied_from_s <= seams->from_s && seams->copied_to_s >= seams->to_s;
}

static bool make_both(struct maker *maker, struct failure *failure)
{
    struct seams *seams = maker->seams;
    const struct part head = {.from_s = seams->from_s,
                              .to_s = seams->copied_from_s,
                              .joint_s = seams->copied_from_s,
                              .due = AV_NOPTS_VALUE,
                              .count = &seams->head,
                              .beside = IDR_ID_NONE};
    const struct part tail = {.from_s = seams->copied_to_s,
                              .to_s = seams->to_s,
                              .joint_s = seams->copied_to_s,
                              .due = AV_NOPTS_VALUE,
                              .count = &seams->tail,
                              .beside = IDR_ID_NONE};
    if (!can_join(maker, failure))
        return false;
    choose_settings(maker);
    return make_part(maker, head, failure) && make_part(maker, tail, failure);
}

static void free_packet(gpointer packet)
{
    AVPacket *own = packet;
    av_packet_free(&own);
}

bool seams_make(struct source *source, double from_s, double to_s, const struct seams_opts *opts,
                struct seams *seams, struct failure *failure)
{
    g_auto(encode_ptr) encode = encode_create();
    struct maker maker = {.source = source,
                          .opts = opts,
                          .slack_s = cut_slack_s(source),
                          .encode = encode,
                          .seams = seams};
    *seams = (struct seams){.from_s = from_s,
                            .to_s = isnan(to_s) ? INFINITY : to_s,
                            .packets = g_ptr_array_new_with_free_func(free_packet)};
    return find_copied(&maker, failure) && (is_exact(seams) || make_both(&maker, failure));
}

void seams_clear(struct seams *seams)
{
    g_clear_pointer(&seams->packets, g_ptr_array_unref);
    avcodec_parameters_free(&seams->par);
}
