/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rate of ProRes: one quantiser a picture, the finest with which it fits its profile's rate.
 * prores_ks holds each row of slices to an equal share of that rate and searches a quantiser for
 * every slice: on camera footage that is five to ten times slower and, at the same size, one to
 * eight dB (PSNR) worse than one quantiser for all, which lets busy rows have what calm ones leave.
 * A context keeps its quantiser for life, so there is one for each that was tried. */
#include "base/diag.h"
#include "chain_private.h"
#include "encoder_private.h"
#include "media/frame.h"

#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <math.h>

enum { QUANT_MAX = 64, /* what prores_ks takes as a fixed one */ QUANT_START = 4 };
/* prores_ks' own floors: finer than this, Proxy's matrix adds bytes and no detail. */
enum { QUANT_MIN = 1, QUANT_MIN_PROXY = 4 };
/* A picture grows by at least the ratio of quantisers to this power (measured 0.45 to 0.57 on
 * camera footage, between 2 and 4), by at most the ratio itself. */
static const double growth_least = 0.45;

struct prores_rate {
    const AVCodecContext *settings;
    AVCodecContext *contexts[QUANT_MAX + 1];
    AVPacket *tried;
    int64_t limit; /* bytes a picture */
    int quant, quant_min;
};

static int64_t option_int(const AVCodecContext *context, const char *name)
{
    int64_t value = 0;
    av_opt_get_int(context->priv_data, name, 0, &value);
    return value;
}

bool prores_rate_serves(const AVCodecContext *context)
{
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(context->pix_fmt);
    return strcmp(context->codec->name, "prores_ks") == 0 && format &&
           !(format->flags & AV_PIX_FMT_FLAG_ALPHA) && !(context->flags & AV_CODEC_FLAG_QSCALE);
}

struct prores_rate *prores_rate_new(const AVCodecContext *opened)
{
    struct prores_rate *rate = g_new0(struct prores_rate, 1);
    bool fields = opened->flags & AV_CODEC_FLAG_INTERLACED_DCT;
    int64_t columns = (opened->width + 15) / 16;
    int64_t rows = fields ? (opened->height + 31) / 32 * 2 : (opened->height + 15) / 16;
    rate->settings = opened;
    rate->tried = packet_new();
    rate->limit = columns * rows * option_int(opened, "bits_per_mb") / 8;
    rate->quant_min = opened->profile == FF_PROFILE_PRORES_PROXY ? QUANT_MIN_PROXY : QUANT_MIN;
    rate->quant = QUANT_START;
    return rate;
}

void prores_rate_free(struct prores_rate *rate)
{
    if (!rate)
        return;
    for (int i = 0; i <= QUANT_MAX; i++)
        avcodec_free_context(&rate->contexts[i]);
    av_packet_free(&rate->tried);
    g_free(rate);
}

/* The same settings, with a fixed quantiser. */
static AVCodecContext *open_at(const AVCodecContext *settings, int quant, struct failure *failure)
{
    AVCodecContext *context = avcodec_alloc_context3(settings->codec);
    if (!context)
        g_error("no memory for an encoder");
    int error = av_opt_copy(context, settings);
    if (error >= 0)
        error = av_opt_copy(context->priv_data, settings->priv_data);
    context->width = settings->width;
    context->height = settings->height;
    context->pix_fmt = settings->pix_fmt;
    context->time_base = settings->time_base;
    context->framerate = settings->framerate;
    context->sample_aspect_ratio = settings->sample_aspect_ratio;
    context->flags = settings->flags | AV_CODEC_FLAG_QSCALE;
    context->global_quality = quant * FF_QP2LAMBDA;
    context->thread_count = 1; /* so that a picture comes out at once */
    if (error >= 0)
        error = avcodec_open2(context, settings->codec, NULL);
    if (error < 0) {
        fail_av(failure, FAIL_INTERNAL, error, "encoder %s with quantiser %d",
                settings->codec->name, quant);
        avcodec_free_context(&context);
    }
    return context;
}

/* Into `tried`. */
static bool encode_at(struct prores_rate *rate, int quant, const AVFrame *frame,
                      struct failure *failure)
{
    AVCodecContext **context = &rate->contexts[quant];
    if (!*context)
        *context = open_at(rate->settings, quant, failure);
    if (!*context)
        return false;
    av_packet_unref(rate->tried);
    int error = avcodec_send_frame(*context, frame);
    if (error >= 0)
        error = avcodec_receive_packet(*context, rate->tried);
    return error >= 0 ||
           fail_av(failure, FAIL_INTERNAL, error, "encoder %s failed", rate->settings->codec->name);
}

static bool fits(const struct prores_rate *rate)
{
    return rate->tried->size <= rate->limit;
}

/* The next coarser that might fit: never past the finest that does. */
static int coarser(const struct prores_rate *rate)
{
    double over = (double)rate->tried->size / (double)rate->limit;
    return CLAMP((int)(rate->quant * over), rate->quant + 1, QUANT_MAX);
}

/* The next finer that might fit; the same: none. */
static int finer(const struct prores_rate *rate, int64_t size)
{
    int quant = rate->quant;
    if (quant <= rate->quant_min)
        return quant;
    double room = (double)rate->limit / (double)MAX(size, 1);
    int bold = (int)ceil(quant / room);
    if (bold < quant)
        return MAX(bold, rate->quant_min);
    return pow((double)quant / (quant - 1), growth_least) <= room ? quant - 1 : quant;
}

static bool refine(struct prores_rate *rate, const AVFrame *frame, AVPacket *packet,
                   struct failure *failure)
{
    for (int next = finer(rate, packet->size); next < rate->quant;
         next = finer(rate, packet->size)) {
        if (!encode_at(rate, next, frame, failure))
            return false;
        if (!fits(rate))
            break;
        rate->quant = next;
        av_packet_unref(packet);
        av_packet_move_ref(packet, rate->tried);
    }
    return true;
}

bool prores_rate_encode(struct prores_rate *rate, const AVFrame *frame, AVPacket *packet,
                        struct failure *failure)
{
    rate->quant = MAX(rate->quant, rate->quant_min);
    bool fine = encode_at(rate, rate->quant, frame, failure), fitted = fine && fits(rate);
    while (fine && !fits(rate) && rate->quant < QUANT_MAX) {
        rate->quant = coarser(rate);
        fine = encode_at(rate, rate->quant, frame, failure);
    }
    if (!fine)
        return false;
    av_packet_move_ref(packet, rate->tried);
    return !fitted || refine(rate, frame, packet, failure);
}
