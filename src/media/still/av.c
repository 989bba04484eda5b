/* SPDX-License-Identifier: GPL-3.0-or-later
 * One picture through libavcodec, into libvips' memory. */
#include "av.h"

#include "../bytes/exr_file.h"
#include "media/frame.h"

#include <errno.h>
#include <libavcodec/avcodec.h>
#include <libavutil/pixdesc.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX = 1 << 30 };

struct reading {
    struct still_av *look;
    bool header_only, seen;
    struct failure *failure;
};

bool still_av_takes(const struct trust_row *format)
{
    return format && (format->trust & (TRUST_EXR | TRUST_DPX));
}

static AVPacket *read_file(int fd, struct failure *failure)
{
    struct stat st;
    AVPacket *packet = packet_new();
    if (fstat(fd, &st) < 0 || st.st_size > FILE_MAX) {
        fail(failure, FAIL_UNSUPPORTED, "a picture of this sort is at most 1 GiB");
    } else if (av_new_packet(packet, (int)st.st_size) < 0) {
        fail(failure, FAIL_MEMORY, "no memory to read the picture");
    } else if (pread(fd, packet->data, (size_t)st.st_size, 0) == st.st_size) {
        return packet;
    } else {
        fail(failure, FAIL_INPUT_DAMAGED, "can't be read: %s", g_strerror(errno));
    }
    av_packet_free(&packet);
    return NULL;
}

/* Called with the header read, and nothing decoded. */
static int on_size(AVCodecContext *decoder, AVFrame *frame, int flags)
{
    const struct reading *reading = decoder->opaque;
    struct still_av *look = reading->look;
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    *look = (struct still_av){.width = frame->width,
                              .height = frame->height,
                              .depth = desc->comp[0].depth,
                              .color = desc->nb_components > 2,
                              .alpha = desc->flags & AV_PIX_FMT_FLAG_ALPHA};
    ((struct reading *)reading)->seen = true;
    int bytes = desc->nb_components * (desc->comp[0].depth + 7) / 8;
    if (reading->header_only ||
        !still_fits(still_limit_here(), look->width, look->height, 1, bytes, reading->failure))
        return AVERROR_EXIT;
    return avcodec_default_get_buffer2(decoder, frame, flags);
}

static AVCodecContext *open_decoder(const struct trust_row *format, struct reading *reading)
{
    bool exr = format->trust == TRUST_EXR;
    const AVCodec *codec = avcodec_find_decoder(exr ? AV_CODEC_ID_EXR : AV_CODEC_ID_DPX);
    AVCodecContext *decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!decoder)
        return NULL;
    decoder->opaque = reading;
    decoder->get_buffer2 = on_size;
    decoder->thread_count = 1;
    decoder->err_recognition = AV_EF_EXPLODE;
    if (avcodec_open2(decoder, codec, NULL) < 0)
        avcodec_free_context(&decoder);
    return decoder;
}

/* True when all that was asked for is there. */
static bool decode(const AVPacket *packet, const struct trust_row *format, struct reading *reading,
                   AVFrame *frame)
{
    AVCodecContext *decoder = open_decoder(format, reading);
    if (!decoder)
        return fail(reading->failure, FAIL_UNSUPPORTED, "this build of libavcodec reads no %s",
                    format->name);
    int error = avcodec_send_packet(decoder, packet);
    if (error >= 0)
        error = avcodec_send_packet(decoder, NULL);
    if (error >= 0)
        error = avcodec_receive_frame(decoder, frame);
    avcodec_free_context(&decoder);
    if (reading->failure->class != FAIL_NONE)
        return false;
    if (error >= 0 || (reading->header_only && reading->seen))
        return true;
    if (error == AVERROR_PATCHWELCOME)
        return fail(reading->failure, FAIL_UNSUPPORTED, "a kind of %s that can't be read",
                    format->name);
    return fail(reading->failure, FAIL_INPUT_DAMAGED, "the file is damaged or cut off: %s",
                av_err2str(error));
}

bool still_av_look(int fd, const struct trust_row *format, struct still_av *look,
                   struct failure *failure)
{
    AVPacket *packet = read_file(fd, failure);
    if (!packet)
        return false;
    struct reading reading = {.look = look, .header_only = true, .failure = failure};
    AVFrame *frame = frame_new();
    bool fine = decode(packet, format, &reading, frame);
    av_frame_free(&frame);
    av_packet_free(&packet);
    return fine;
}

/* One component of one line, between its neighbours. */
static void spread(const guint32 *line, int width, int depth, int step, void *to, bool real)
{
    const guint32 most = depth < 32 ? (1u << depth) - 1 : G_MAXUINT32;
    for (int x = 0; x < width; x++) {
        const int at = x * step;
        if (real)
            memcpy((float *)to + at, line + x, sizeof(float));
        else if (depth > 8)
            ((guint16 *)to)[at] = (guint16)((line[x] * 65535ull + most / 2) / most);
        else
            ((guint8 *)to)[at] = (guint8)((line[x] * 255u + most / 2) / most);
    }
}

static void divide_by_alpha(float *pixels, gsize count)
{
    for (float *pixel = pixels; pixel < pixels + 4 * count; pixel += 4)
        for (int c = 0; c < 3 && pixel[3] > 0; c++)
            pixel[c] /= pixel[3];
}

static VipsImage *image_of(const AVFrame *frame, struct failure *failure)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const int bands = desc->nb_components, depth = desc->comp[0].depth;
    const bool real = desc->flags & AV_PIX_FMT_FLAG_FLOAT;
    const gsize size = real ? 4 : depth > 8 ? 2 : 1;
    const gsize row = size * (gsize)bands * (gsize)frame->width, all = row * (gsize)frame->height;
    g_autofree guint8 *pixels = g_try_malloc(all);
    g_autofree guint32 *line = g_new(guint32, frame->width);
    if (!pixels) {
        fail(failure, FAIL_MEMORY, "no memory to decode the picture");
        return NULL;
    }
    for (int y = 0; y < frame->height; y++)
        for (int c = 0; c < bands; c++) {
            av_read_image_line2(line, (const uint8_t **)frame->data, frame->linesize, desc, 0, y, c,
                                frame->width, 0, sizeof *line);
            spread(line, frame->width, depth, bands, pixels + row * (gsize)y + size * (gsize)c,
                   real);
        }
    if (real && bands == 4)
        divide_by_alpha((float *)pixels, (gsize)frame->width * (gsize)frame->height);
    g_autoptr(VipsImage) raw =
        vips_image_new_from_memory_copy(pixels, all, frame->width, frame->height, bands,
                                        real        ? VIPS_FORMAT_FLOAT
                                        : depth > 8 ? VIPS_FORMAT_USHORT
                                                    : VIPS_FORMAT_UCHAR);
    VipsImage *image = NULL;
    VipsInterpretation type = real ? VIPS_INTERPRETATION_scRGB
                              : bands < 3
                                  ? depth > 8 ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W
                              : depth > 8 ? VIPS_INTERPRETATION_RGB16
                                          : VIPS_INTERPRETATION_sRGB;
    if (!raw || vips_copy(raw, &image, "interpretation", type, NULL))
        fail_vips(failure, FAIL_MEMORY, "the picture can't be taken over");
    return image;
}

static VipsImage *taken(const AVFrame *frame, const struct trust_row *format,
                        struct failure *failure)
{
    const AVPixFmtDescriptor *desc = av_pix_fmt_desc_get(frame->format);
    const bool rgb = (desc->flags & AV_PIX_FMT_FLAG_RGB) || desc->nb_components < 3;
    const bool real = desc->flags & AV_PIX_FMT_FLAG_FLOAT;
    if (rgb && real == (format->trust == TRUST_EXR))
        return image_of(frame, failure);
    fail(failure, FAIL_UNSUPPORTED, "pixels of %s aren't read: %s are", format->name,
         format->trust == TRUST_EXR ? "floats" : "grey and RGB");
    return NULL;
}

VipsImage *still_av_read(int fd, const struct trust_row *format, char **damage, char **unread,
                         struct failure *failure)
{
    AVPacket *packet = read_file(fd, failure);
    if (!packet)
        return NULL;
    struct still_av look;
    struct reading reading = {.look = &look, .failure = failure};
    AVFrame *frame = frame_new();
    bool exr = format->trust == TRUST_EXR;
    *damage = exr ? exr_damage(packet->data, (size_t)packet->size) : NULL;
    if (exr && unread)
        *unread = exr_attributes(packet->data, (size_t)packet->size);
    VipsImage *image =
        decode(packet, format, &reading, frame) ? taken(frame, format, failure) : NULL;
    av_frame_free(&frame);
    av_packet_free(&packet);
    return image;
}
