/* SPDX-License-Identifier: GPL-3.0-or-later
 * The rate of ProRes: one quantiser a picture, the finest with which it fits its profile's rate.
 * prores_ks holds each row of slices to an equal share of that rate and searches a quantiser for
 * every slice: on camera footage that is five to ten times slower and, at the same size, one to
 * eight dB (PSNR) worse than one quantiser for all, which lets busy rows have what calm ones leave.
 * A context keeps its quantiser for life, so there is one for each near the last. */
#include "../chain/private.h"
#include "base/diag.h"
#include "media/frame.h"
#include "private.h"

#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <math.h>

enum { QUANT_MAX = 64, /* what prores_ks takes as a fixed one */ QUANT_START = 4 };
/* prores_ks' own floors: finer than this, Proxy's matrix adds bytes and no detail. */
enum { QUANT_MIN = 1, QUANT_MIN_PROXY = 4 };
/* A picture grows by the ratio of quantisers to this power or more (0.45 to 0.57 measured on camera
 * footage, between 2 and 4), and by much more where the coarser one left no grain. */
static const double growth_least = 0.45;
enum { KEPT = 2 /* contexts to both sides of the last quantiser */ };

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
           !(format->flags & AV_PIX_FMT_FLAG_ALPHA) && context->global_quality < FF_QP2LAMBDA;
}

/* What comes beside the planes, which are all that prores_ks holds to its rate: the header of a
 * frame, and of each picture (field) and slice in it. */
static int64_t overhead(int64_t columns, int64_t rows, int pictures, int slice_columns)
{
    enum { FRAME = 156, PICTURE = 8, SLICE = 10 };
    int64_t rest = columns % slice_columns;
    int64_t slices = columns / slice_columns + __builtin_popcountll((unsigned long long)rest);
    return FRAME + pictures * PICTURE + rows * slices * SLICE;
}

struct prores_rate *prores_rate_new(const AVCodecContext *opened)
{
    struct prores_rate *rate = g_new0(struct prores_rate, 1);
    bool fields = opened->flags & AV_CODEC_FLAG_INTERLACED_DCT;
    int64_t columns = (opened->width + 15) / 16;
    int64_t rows = fields ? (opened->height + 31) / 32 * 2 : (opened->height + 15) / 16;
    rate->settings = opened;
    rate->tried = packet_new();
    rate->limit = columns * rows * option_int(opened, "bits_per_mb") / 8 +
                  overhead(columns, rows, fields ? 2 : 1, (int)option_int(opened, "mbs_per_slice"));
    rate->quant_min = opened->profile == FF_PROFILE_PRORES_PROXY ? QUANT_MIN_PROXY : QUANT_MIN;
    rate->quant = MAX(QUANT_START, rate->quant_min);
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
    if (!context) {
        fail(failure, FAIL_MEMORY, "no memory for an encoder");
        return NULL;
    }
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

static void close_distant(struct prores_rate *rate)
{
    for (int i = 0; i <= QUANT_MAX; i++)
        if (ABS(i - rate->quant) > KEPT)
            avcodec_free_context(&rate->contexts[i]);
}

/* The search for one picture: with `over` it is too large; `packet` has it with `fit`. */
struct search {
    int over, fit; /* quantisers: below all, and beyond all, while there is none */
    AVPacket *packet;
};

static bool has_room_for(const struct prores_rate *rate, const struct search *search, int quant)
{
    double room = (double)rate->limit / (double)MAX(search->packet->size, 1);
    return pow((double)search->fit / quant, growth_least) <= room;
}

/* 0: the search is over. Jumps by what a picture usually grows, then halves what is left. */
static int next_quant(const struct prores_rate *rate, const struct search *search)
{
    const int over = search->over, fit = search->fit;
    const double share =
        (double)(fit > QUANT_MAX ? rate->tried->size : search->packet->size) / (double)rate->limit;
    if (fit > QUANT_MAX)
        return over < QUANT_MAX ? CLAMP((int)(over * share), over + 1, QUANT_MAX) : 0;
    if (over + 1 == fit || !has_room_for(rate, search, fit - 1))
        return 0;
    if (over >= rate->quant_min)
        return (over + fit) / 2;
    return CLAMP((int)ceil(fit * share), rate->quant_min, fit - 1);
}

bool prores_rate_encode(struct prores_rate *rate, const AVFrame *frame, AVPacket *packet,
                        struct failure *failure)
{
    struct search search = {rate->quant_min - 1, QUANT_MAX + 1, packet};
    for (int quant = rate->quant; quant > 0; quant = next_quant(rate, &search)) {
        if (!encode_at(rate, quant, frame, failure))
            return false;
        bool fits = rate->tried->size <= rate->limit;
        if (!fits && quant < QUANT_MAX) {
            search.over = quant;
            continue;
        }
        search.fit = rate->quant = quant;
        av_packet_unref(packet);
        av_packet_move_ref(packet, rate->tried);
    }
    close_distant(rate);
    return true;
}
