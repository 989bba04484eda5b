/* SPDX-License-Identifier: GPL-3.0-or-later
 * What container and pictures say of colours. */
#include "source.h"

static const struct source_colors unsaid = {AVCOL_PRI_UNSPECIFIED, AVCOL_TRC_UNSPECIFIED,
                                            AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_UNSPECIFIED,
                                            AVCHROMA_LOC_UNSPECIFIED};

static struct source_colors of_stream(const AVCodecParameters *par)
{
    return (struct source_colors){par->color_primaries, par->color_trc, par->color_space,
                                  par->color_range, par->chroma_location};
}

static void set_stream(AVCodecParameters *par, const struct source_colors *colors)
{
    par->color_primaries = colors->primaries;
    par->color_trc = colors->transfer;
    par->color_space = colors->matrix;
    par->color_range = colors->range;
    par->chroma_location = colors->siting;
}

/* By the matrix libavcodec decides that 4:4:4 of H.264 which says none itself is RGB; where there
 * is none, its decoder of DNxHD says BT.709 of the stream, and of pictures that leave it to others.
 */
static struct source_colors hidden(enum AVCodecID codec, const struct source_colors *colors)
{
    struct source_colors left = unsaid;
    if (colors->matrix == AVCOL_SPC_RGB || codec == AV_CODEC_ID_DNXHD)
        left.matrix = colors->matrix;
    return left;
}

GArray *source_colors_take(AVFormatContext *format)
{
    GArray *said = g_array_new(FALSE, FALSE, sizeof(struct source_colors));
    for (unsigned i = 0; i < format->nb_streams; i++) {
        AVCodecParameters *par = format->streams[i]->codecpar;
        const struct source_colors colors = of_stream(par), left = hidden(par->codec_id, &colors);
        g_array_append_val(said, colors);
        set_stream(par, &left);
    }
    return said;
}

/* Limited range is also what decoders tell of pictures that say nothing of their colours. */
static struct source_colors coded_of(const struct source_colors *decoder)
{
    struct source_colors coded = *decoder;
    if (coded.range == AVCOL_RANGE_MPEG && coded.matrix == unsaid.matrix)
        coded.range = unsaid.range;
    return coded;
}

static int first_of(int said, int then, int otherwise, int nothing)
{
    return said != nothing ? said : then != nothing ? then : otherwise;
}

static struct source_colors joined(const struct source_colors *decoder,
                                   const struct source_colors *container)
{
    const struct source_colors coded = coded_of(decoder);
    const struct source_colors *a = &coded, *b = container, *c = decoder;
    return (struct source_colors){
        first_of(a->primaries, b->primaries, c->primaries, unsaid.primaries),
        first_of(a->transfer, b->transfer, c->transfer, unsaid.transfer),
        first_of(a->matrix, b->matrix, c->matrix, unsaid.matrix),
        first_of(a->range, b->range, c->range, unsaid.range),
        first_of(a->siting, b->siting, c->siting, unsaid.siting)};
}

void source_colors_give(const struct source *source, struct source_stream *facts)
{
    AVCodecParameters *par = source->format->streams[facts->index]->codecpar;
    const bool known = source->said && (guint)facts->index < source->said->len;
    const struct source_colors decoder = of_stream(par);
    facts->coded = coded_of(&decoder);
    facts->container =
        known ? g_array_index(source->said, struct source_colors, facts->index) : unsaid;
    const struct source_colors all = joined(&decoder, &facts->container);
    set_stream(par, &all);
}

void source_colors_prefer(const struct source *source, struct source_stream *facts,
                          enum AVColorTransferCharacteristic transfer)
{
    facts->coded.transfer = transfer;
    source->format->streams[facts->index]->codecpar->color_trc = transfer;
}

void source_colors_hide(const struct source_stream *facts, AVCodecContext *decoder)
{
    const struct source_colors left = hidden(facts->av->codecpar->codec_id, &facts->container);
    if (facts->container.primaries != AVCOL_PRI_UNSPECIFIED)
        decoder->color_primaries = left.primaries;
    if (facts->container.transfer != AVCOL_TRC_UNSPECIFIED)
        decoder->color_trc = left.transfer;
    if (facts->container.matrix != AVCOL_SPC_UNSPECIFIED)
        decoder->colorspace = left.matrix;
    if (facts->container.range != AVCOL_RANGE_UNSPECIFIED)
        decoder->color_range = left.range;
    if (facts->container.siting != AVCHROMA_LOC_UNSPECIFIED)
        decoder->chroma_sample_location = left.siting;
}

struct source_colors colors_of_frame(const AVFrame *frame)
{
    return (struct source_colors){frame->color_primaries, frame->color_trc, frame->colorspace,
                                  frame->color_range, frame->chroma_location};
}

void source_colors_join(const struct source_stream *facts, AVFrame *frame)
{
    const struct source_colors decoder = colors_of_frame(frame);
    const struct source_colors all = joined(&decoder, &facts->container);
    frame->color_primaries = all.primaries;
    frame->color_trc = all.transfer;
    frame->colorspace = all.matrix;
    frame->color_range = all.range;
    frame->chroma_location = all.siting;
}

static int one_curve(int transfer)
{
    switch (transfer) {
    case AVCOL_TRC_SMPTE170M:
    case AVCOL_TRC_BT2020_10:
    case AVCOL_TRC_BT2020_12:
        return AVCOL_TRC_BT709;
    case AVCOL_TRC_GAMMA28:
        return AVCOL_TRC_GAMMA22;
    default:
        return transfer;
    }
}

static int one_matrix(int matrix)
{
    return matrix == AVCOL_SPC_BT470BG ? AVCOL_SPC_SMPTE170M : matrix;
}

static bool agree(int a, int b, int unspecified)
{
    return a == b || a == unspecified || b == unspecified;
}

bool colors_agree(const struct source_colors *a, const struct source_colors *b)
{
    return agree(a->primaries, b->primaries, unsaid.primaries) &&
           agree(one_curve(a->transfer), one_curve(b->transfer), unsaid.transfer) &&
           agree(one_matrix(a->matrix), one_matrix(b->matrix), unsaid.matrix) &&
           agree(a->range, b->range, unsaid.range);
}

bool colors_contradict(const struct source_stream *stream)
{
    const enum AVCodecID codec = stream->av->codecpar->codec_id;
    const bool has_word = codec != AV_CODEC_ID_MJPEG && codec != AV_CODEC_ID_MJPEGB;
    return has_word && !colors_agree(&stream->container, &stream->coded);
}

char *colors_numbers(const struct source_colors *colors)
{
    const bool any = colors->primaries != unsaid.primaries || colors->transfer != unsaid.transfer ||
                     colors->matrix != unsaid.matrix;
    return any ? g_strdup_printf("%d-%d-%d", colors->primaries, colors->transfer, colors->matrix)
               : NULL;
}

static char *words(const struct source_colors *colors)
{
    g_autofree char *numbers = colors_numbers(colors);
    const char *range = colors->range == AVCOL_RANGE_JPEG   ? "full range"
                        : colors->range == AVCOL_RANGE_MPEG ? "limited range"
                                                            : NULL;
    return numbers && range ? g_strdup_printf("%s, %s", numbers, range)
                            : g_strdup(numbers ? numbers : range);
}

void source_colors_remark(const struct source_stream *stream, GPtrArray *remarks)
{
    if (stream->type != AVMEDIA_TYPE_VIDEO || !colors_contradict(stream))
        return;
    g_autofree char *container = words(&stream->container), *coded = words(&stream->coded);
    g_ptr_array_add(remarks,
                    g_strdup_printf("the container says other colours (%s) than the pictures (%s), "
                                    "by the numbers of ITU-T H.273 for primaries, curve and "
                                    "matrix: the pictures' are taken",
                                    container, coded));
}
