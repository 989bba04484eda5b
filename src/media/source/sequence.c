/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbered pictures as a source, each file one frame: those of a bundle (base/bundle.h), or those
 * that a list names (base/sequence.h), or a still over and over. libavformat's own demuxer opens
 * files by name, which no task may; this one makes the stream by hand. */
#include "base/sequence.h"
#include "../bytes/dpx_header.h"
#include "../bytes/exr_file.h"
#include "../still/picture.h"
#include "../still/tags/told.h"
#include "base/bundle.h"
#include "base/timecode.h"
#include "matroska.h"
#include "media/frame.h"
#include "media/still_file.h"
#include "source.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PICTURE_MAX = 1 << 30 };

struct pictures {
    struct bundle *bundle; /* or */
    struct sequence *list;
    struct still_picture still; /* of a list that is one still */
    guint next, count;
    char *damage;        /* of the first that isn't whole */
    char *unread;        /* of the first: names of what it says that nobody here reads; or NULL */
    AVRational said_fps; /* by the first; 0/1: it says none */
};

static const AVInputFormat numbered_pictures = {
    .name = "sequence",
    .long_name = "numbered pictures",
};

static const struct {
    const char *extension;
    enum AVCodecID codec;
} read_as[] = {
    {".dpx", AV_CODEC_ID_DPX},    {".exr", AV_CODEC_ID_EXR},   {".png", AV_CODEC_ID_PNG},
    {".tif", AV_CODEC_ID_TIFF},   {".tiff", AV_CODEC_ID_TIFF}, {".jpg", AV_CODEC_ID_MJPEG},
    {".jpeg", AV_CODEC_ID_MJPEG},
};

static enum AVCodecID codec_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    for (unsigned i = 0; dot && i < G_N_ELEMENTS(read_as); i++)
        if (g_ascii_strcasecmp(dot, read_as[i].extension) == 0)
            return read_as[i].codec;
    return AV_CODEC_ID_NONE;
}

/* Where a picture is: an open file of `length` bytes from `offset`. */
struct place {
    int fd;
    int64_t offset, length;
};

static bool find_listed(const struct sequence *list, guint picture, struct place *place)
{
    g_autofree char *path = sequence_file(list, picture);
    struct stat st;
    *place = (struct place){.fd = file_open_input(path, NULL)};
    if (place->fd < 0 || fstat(place->fd, &st) < 0)
        return false;
    place->length = st.st_size;
    return true;
}

static bool find(const struct source *source, guint picture, struct place *place)
{
    if (source->pictures->list)
        return find_listed(source->pictures->list, picture, place);
    const struct bundle_file *file =
        &g_array_index(source->pictures->bundle->files, struct bundle_file, picture);
    *place = (struct place){source->fd, file->offset, file->length};
    return true;
}

static int read_place(const struct place *place, AVPacket *packet)
{
    if (place->length <= 0 || place->length > PICTURE_MAX)
        return AVERROR_INVALIDDATA;
    if (av_new_packet(packet, (int)place->length) < 0)
        return AVERROR(ENOMEM);
    ssize_t got = pread(place->fd, packet->data, (size_t)place->length, place->offset);
    return got == place->length ? 0 : AVERROR(EIO);
}

static char *name_of(const struct pictures *pictures, guint picture)
{
    if (pictures->bundle)
        return g_strdup(g_array_index(pictures->bundle->files, struct bundle_file, picture).name);
    g_autofree char *path = sequence_file(pictures->list, picture);
    return g_path_get_basename(path);
}

static void look_for_damage(struct source *source, guint picture, const AVPacket *packet)
{
    struct pictures *pictures = source->pictures;
    const AVStream *stream = source->format->streams[0];
    if (pictures->damage || stream->codecpar->codec_id != AV_CODEC_ID_EXR)
        return;
    g_autofree char *damage = exr_damage(packet->data, (size_t)packet->size);
    g_autofree char *name = damage ? name_of(pictures, picture) : NULL;
    if (damage)
        pictures->damage = g_strdup_printf("%s is damaged or cut off: %s", name, damage);
    source->health.picture = pictures->damage;
}

static int read_file(struct source *source, guint picture, AVPacket *packet)
{
    struct place place;
    int error = find(source, picture, &place) ? read_place(&place, packet) : AVERROR(EIO);
    packet->pos = place.offset;
    if (source->pictures->list && place.fd >= 0)
        close(place.fd);
    if (error >= 0)
        look_for_damage(source, picture, packet);
    return error;
}

static int take_still(const struct still_picture *still, AVPacket *packet)
{
    packet->buf = av_buffer_ref(still->pixels);
    if (!packet->buf)
        return AVERROR(ENOMEM);
    packet->data = packet->buf->data;
    packet->size = (int)packet->buf->size;
    return 0;
}

int sequence_read(struct source *source, AVPacket *packet)
{
    struct pictures *pictures = source->pictures;
    if (pictures->next >= pictures->count)
        return AVERROR_EOF;
    int64_t number = pictures->next++;
    int error = pictures->still.pixels ? take_still(&pictures->still, packet)
                                       : read_file(source, (guint)number, packet);
    if (error < 0)
        return error;
    packet->pts = packet->dts = number;
    packet->duration = 1;
    packet->flags = AV_PKT_FLAG_KEY;
    return 0;
}

/* OpenEXR holds linear light, of Rec.709's primaries where it doesn't say others ("Technical
 * Introduction to OpenEXR"; which others the decoder doesn't tell). */
static void mean_light(AVCodecParameters *par)
{
    if (par->color_trc == AVCOL_TRC_UNSPECIFIED)
        par->color_trc = AVCOL_TRC_LINEAR;
    if (par->color_primaries == AVCOL_PRI_UNSPECIFIED)
        par->color_primaries = AVCOL_PRI_BT709;
}

static char *timecode_of_number(const struct sequence *list)
{
    struct timecode at = {.frame = list->first, .rate = (int)lrint(rational_value(list->rule.fps))};
    return at.rate > 0 ? timecode_text(at) : NULL;
}

/* What a DPX header says, else the number of the first picture, as frames since midnight: that is
 * how numbers of a scan or a render are meant (0086400 is 01:00:00:00 at 24). */
static char *timecode_of(const struct source *source, const AVPacket *first, enum AVCodecID codec)
{
    const struct sequence *list = source->pictures->list;
    const AVRational fps = source->format->streams[0]->avg_frame_rate;
    char *header =
        codec == AV_CODEC_ID_DPX ? dpx_timecode(first, rational_make(fps.num, fps.den)) : NULL;
    return header || !list ? header : timecode_of_number(list);
}

/* The first picture tells size and format of all; what differs is met while reading. */
static bool look_at_first(struct source *source, AVStream *stream, struct failure *failure)
{
    const AVCodec *codec = avcodec_find_decoder(stream->codecpar->codec_id);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    AVPacket *packet = packet_new();
    AVFrame *frame = frame_new();
    bool seen = decoder && avcodec_open2(decoder, codec, NULL) >= 0 &&
                sequence_read(source, packet) >= 0 && avcodec_send_packet(decoder, packet) >= 0 &&
                avcodec_send_packet(decoder, NULL) >= 0 &&
                avcodec_receive_frame(decoder, frame) >= 0 &&
                avcodec_parameters_from_context(stream->codecpar, decoder) >= 0;
    if (codec && codec->id == AV_CODEC_ID_EXR)
        mean_light(stream->codecpar);
    if (seen && codec->id == AV_CODEC_ID_EXR)
        source->pictures->unread = exr_attributes(packet->data, (size_t)packet->size);
    if (seen)
        source->pictures->said_fps = decoder->framerate;
    g_autofree char *timecode = seen ? timecode_of(source, packet, codec->id) : NULL;
    av_dict_set(&stream->metadata, "timecode", timecode, 0);
    source->pictures->next = 0;
    av_frame_free(&frame);
    av_packet_free(&packet);
    avcodec_free_context(&decoder);
    return seen || fail(failure, FAIL_INPUT_DAMAGED, "the first picture can't be read");
}

static AVRational rate_of(const struct pictures *pictures)
{
    struct rational fps = {0, 1};
    bool known = true;
    if (pictures->list)
        fps = pictures->list->rule.fps;
    else
        known = rational_parse(pictures->bundle->about, &fps);
    known = known && fps.num > 0 && fps.num <= INT_MAX && fps.den <= INT_MAX;
    return known ? av_make_q((int)fps.num, (int)fps.den) : av_make_q(25, 1);
}

static const char *first_name(const struct pictures *pictures)
{
    return pictures->list ? pictures->list->names->pdata[0]
                          : g_array_index(pictures->bundle->files, struct bundle_file, 0).name;
}

static void describe_still(const struct still_picture *still, AVCodecParameters *par)
{
    par->codec_id = AV_CODEC_ID_RAWVIDEO;
    par->codec_tag = avcodec_pix_fmt_to_codec_tag(still->format);
    par->format = still->format;
    par->width = still->width;
    par->height = still->height;
    par->color_range = AVCOL_RANGE_JPEG;
    par->color_space = AVCOL_SPC_RGB;
    par->color_primaries = AVCOL_PRI_BT709;
    par->color_trc = AVCOL_TRC_IEC61966_2_1;
}

static bool add_stream(struct source *source, struct failure *failure)
{
    const struct pictures *pictures = source->pictures;
    AVStream *stream = avformat_new_stream(source->format, NULL);
    if (!stream)
        return fail(failure, FAIL_MEMORY, "out of memory");
    AVRational fps = rate_of(pictures);
    stream->codecpar->codec_type = AVMEDIA_TYPE_VIDEO;
    stream->codecpar->codec_id = codec_of(first_name(pictures));
    stream->time_base = av_inv_q(fps);
    stream->avg_frame_rate = stream->r_frame_rate = fps;
    stream->start_time = 0;
    stream->duration = stream->nb_frames = pictures->count;
    source->format->duration = av_rescale_q(stream->duration, stream->time_base, AV_TIME_BASE_Q);
    source->format->start_time = 0;
    if (!pictures->still.pixels)
        return look_at_first(source, stream, failure);
    describe_still(&pictures->still, stream->codecpar);
    return true;
}

static bool open_bundle(struct source *source, struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    struct pictures *pictures = source->pictures;
    pictures->bundle = bundle_open(source->fd, &error);
    if (!pictures->bundle)
        return fail(failure, FAIL_INPUT_DAMAGED, "%s", error->message);
    pictures->count = pictures->bundle->files->len;
    return pictures->count || fail(failure, FAIL_INPUT_DAMAGED, "there are no pictures in it");
}

static bool open_still(struct pictures *pictures, struct failure *failure)
{
    struct place place;
    bool read = find_listed(pictures->list, 0, &place)
                    ? still_picture_read(place.fd, &pictures->still, failure)
                    : fail(failure, FAIL_INPUT_DAMAGED, "the picture can't be opened");
    if (place.fd >= 0)
        close(place.fd);
    return read;
}

static bool open_list(struct source *source, struct failure *failure)
{
    struct pictures *pictures = source->pictures;
    pictures->list = sequence_from_list(source->fd);
    if (!pictures->list)
        return fail(failure, FAIL_INTERNAL, "the list of a sequence's pictures can't be read");
    pictures->count = (guint)MIN(pictures->list->count, UINT_MAX);
    if (pictures->list->rule.still_s > 0)
        return open_still(pictures, failure);
    return codec_of(first_name(pictures)) != AV_CODEC_ID_NONE ||
           fail(failure, FAIL_UNSUPPORTED,
                "numbered pictures are read as DPX, EXR, PNG, TIFF and JPEG, and these are \"%s\"",
                (const char *)pictures->list->names->pdata[0]);
}

bool sequence_is(int fd)
{
    return bundle_is(fd) || sequence_is_list(fd);
}

bool sequence_open(struct source *source, struct failure *failure)
{
    source->format = avformat_alloc_context();
    if (!source->format)
        return fail(failure, FAIL_MEMORY, "out of memory");
    source->format->iformat = &numbered_pictures;
    source->pictures = g_new0(struct pictures, 1);
    return (sequence_is_list(source->fd) ? open_list : open_bundle)(source, failure) &&
           add_stream(source, failure);
}

void sequence_seek(struct source *source, int64_t frame)
{
    source->pictures->next = (guint)CLAMP(frame, 0, (int64_t)source->pictures->count);
}

double sequence_progress(const struct source *source)
{
    return (double)source->pictures->next / source->pictures->count;
}

static void remark_held(const struct sequence *list, GPtrArray *remarks)
{
    g_autofree char *numbers = sequence_absent_text(list);
    if (numbers)
        g_ptr_array_add(remarks, g_strdup_printf("missing in the sequence, the picture before each "
                                                 "is held: %s",
                                                 numbers));
}

/* Files write rates as 23.976 and as 24000/1001. */
static void remark_rate(const struct pictures *pictures, GPtrArray *remarks)
{
    static const double alike = 0.005;
    const double asked = rational_value(pictures->list->rule.fps);
    const double said = pictures->said_fps.num > 0 ? av_q2d(pictures->said_fps) : NAN;
    if (fabs(said - asked) > alike)
        g_ptr_array_add(remarks, g_strdup_printf("the first picture says %.6g frames a second, and "
                                                 "the job's `fps` of %.6g is taken",
                                                 said, asked));
}

GPtrArray *source_remarks(const struct source *source)
{
    GPtrArray *remarks = g_ptr_array_new_with_free_func(g_free);
    if (source->pictures && source->pictures->list) {
        remark_held(source->pictures->list, remarks);
        remark_rate(source->pictures, remarks);
    }
    if (source->picture >= 0)
        source_colors_remark(&source->tracks[source->picture].facts, remarks);
    return remarks;
}

GPtrArray *source_lost(const struct source *source)
{
    const struct pictures *pictures = source->pictures;
    struct place first = {.fd = -1};
    GPtrArray *rows = pictures && pictures->list && find_listed(pictures->list, 0, &first)
                          ? still_sayings_lost(first.fd, "a film is made of the pictures alone")
                          : carried_new();
    if (first.fd >= 0)
        close(first.fd);
    told_drop(rows, KEEP_TAGS, pictures ? pictures->unread : NULL, carried_unread);
    matroska_lost(source->fd, source->format, rows);
    return rows;
}

void sequence_tell(const struct source *source, struct facts *facts)
{
    const struct sequence *list = source->pictures ? source->pictures->list : NULL;
    struct file_stamp stamp;
    if (!list)
        return;
    if (!source->pictures->still.pixels)
        facts->first_frame = g_strdup_printf("%0*" PRId64, (int)list->width, list->first);
    if (sequence_stamp(list, &stamp))
        facts->size_bytes = stamp.size;
}

void sequence_close(struct source *source)
{
    avformat_free_context(source->format);
    source->format = NULL;
    bundle_close(source->pictures->bundle);
    sequence_free(source->pictures->list);
    av_buffer_unref(&source->pictures->still.pixels);
    g_free(source->pictures->damage);
    g_free(source->pictures->unread);
    g_free(source->pictures);
}
