/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another layout of channels: a stage that mixes by a matrix of our own. libswresample scales its
 * matrices by the sample format that flows. */
#include "media/frame.h"
#include "private.h"

#include "media/matrix.h"

#include <libavutil/channel_layout.h>
#include <libavutil/downmix_info.h>
#include <math.h>
#include <string.h>

struct mix_stage {
    struct stage stage;
    struct slot slot;
    struct sound_mix wanted;
    const char *from;
    AVChannelLayout to;
    struct matrix *matrix;
    double highest; /* of the matrix, before it was lowered */
    bool copies;
    bool asks; /* the source's own levels are taken when a frame brings them */
    double *sum;
    int room;
};

static double factor_of(double db, double otherwise)
{
    return isnan(db) ? otherwise : pow(10, db / 20);
}

/* Pro Logic II is a way to decode Lt/Rt. */
static bool prefers_lt_rt(const AVDownmixInfo *info)
{
    return info && (info->preferred_downmix_type == AV_DOWNMIX_TYPE_LTRT ||
                    info->preferred_downmix_type == AV_DOWNMIX_TYPE_DPLII);
}

/* What the user said, else what the source says (may be NULL), else BS.775. */
static struct matrix_levels levels_of(const struct sound_mix *mix, const AVDownmixInfo *info)
{
    struct matrix_levels levels = matrix_bs_775;
    levels.lt_rt =
        mix->downmix == MIX_LT_RT || (mix->downmix == MIX_AS_SOURCE && prefers_lt_rt(info));
    if (info) {
        levels.center = levels.lt_rt ? info->center_mix_level_ltrt : info->center_mix_level;
        levels.surround = levels.lt_rt ? info->surround_mix_level_ltrt : info->surround_mix_level;
        levels.lfe = info->lfe_mix_level;
    }
    levels.center = factor_of(mix->center_db, levels.center);
    levels.surround = factor_of(mix->surround_db, levels.surround);
    levels.lfe = factor_of(mix->lfe_db, levels.lfe);
    return levels;
}

static void level_text(GString *text, const char *what, double level)
{
    if (level > 0)
        g_string_append_printf(text, "%s %.2f dB", what, 20 * log10(level));
    else
        g_string_append_printf(text, "%s left out", what);
}

static char *levels_text(const struct matrix_levels *levels)
{
    GString *text = g_string_new(levels->lt_rt ? "Lt/Rt: " : "Lo/Ro: ");
    level_text(text, "centre", levels->center);
    level_text(text, ", surrounds", levels->surround);
    level_text(text, ", LFE", levels->lfe);
    return g_string_free(text, FALSE);
}

/* Takes the matrix, and lowers it where nothing may clip. */
static void use(struct mix_stage *mix, struct matrix *matrix)
{
    matrix_destroy(mix->matrix);
    mix->matrix = matrix;
    mix->highest = matrix_highest(matrix);
    if (mix->wanted.safe)
        matrix_scale(matrix, 1 / mix->highest);
}

static char *height_text(const struct mix_stage *mix)
{
    double highest_db = 20 * log10(mix->highest);
    if (mix->highest <= 1)
        return g_strdup("");
    return mix->wanted.safe
               ? g_strdup_printf("; lowered by %.2f dB so that it can't clip", highest_db)
               : g_strdup_printf("; up to %.2f dB above the loudest channel", highest_db);
}

static bool to_two(const struct matrix *matrix)
{
    return matrix->outputs <= 2 && matrix->inputs > 2;
}

static char *how(const struct mix_stage *mix, const struct matrix_levels *levels)
{
    if (mix->copies)
        return g_strdup(mix->matrix->outputs == mix->matrix->inputs ? "each as it is"
                                                                    : "each at 0 dB");
    if (to_two(mix->matrix))
        return levels_text(levels);
    return g_strdup(mix->matrix->outputs == 1 ? "half of each"
                                              : "what shares a channel is at -3.01 dB");
}

static void note(const struct mix_stage *mix, const struct matrix_levels *levels, const char *whose)
{
    g_autofree char *level = height_text(mix);
    g_autofree char *text = how(mix, levels);
    if (mix->wanted.told)
        return;
    chain_note(mix->stage.chain, "channels mixed from %s to %s (%s%s)%s", mix->from,
               mix->wanted.layout, whose, text, level);
}

/* The source's own levels, as the first frame that has some brings them. */
static void ask(struct mix_stage *mix, const AVFrame *frame)
{
    const AVFrameSideData *side = av_frame_get_side_data(frame, AV_FRAME_DATA_DOWNMIX_INFO);
    if (!side)
        return;
    mix->asks = false;
    struct matrix_levels levels = levels_of(&mix->wanted, (const AVDownmixInfo *)side->data);
    char *stranger;
    use(mix, matrix_mix(mix->from, mix->wanted.layout, &levels, &stranger));
    note(mix, &levels, "as the source says itself, ");
}

/* No frame brought any: what was assumed holds. */
static void stop_asking(struct mix_stage *mix)
{
    struct matrix_levels levels = levels_of(&mix->wanted, NULL);
    if (mix->asks)
        note(mix, &levels, "");
    mix->asks = false;
}

static void add_up(struct mix_stage *mix, const AVFrame *in, AVFrame *out, int output)
{
    const double *factor = mix->matrix->factor + (size_t)output * (size_t)mix->matrix->inputs;
    float *to = (float *)out->extended_data[output];
    memset(mix->sum, 0, (size_t)in->nb_samples * sizeof *mix->sum);
    for (int c = 0; c < mix->matrix->inputs; c++) {
        const float *from = (const float *)in->extended_data[c];
        for (int i = 0; factor[c] != 0 && i < in->nb_samples; i++)
            mix->sum[i] += factor[c] * (double)from[i];
    }
    for (int i = 0; i < in->nb_samples; i++)
        to[i] = (float)mix->sum[i];
}

static void copy_one(const struct mix_stage *mix, const AVFrame *in, AVFrame *out, int output)
{
    const double *factor = mix->matrix->factor + (size_t)output * (size_t)mix->matrix->inputs;
    size_t bytes = (size_t)in->nb_samples * (size_t)av_get_bytes_per_sample(in->format);
    for (int c = 0; c < mix->matrix->inputs; c++)
        if (factor[c] != 0) {
            memcpy(out->extended_data[output], in->extended_data[c], bytes);
            return;
        }
    av_samples_set_silence(out->extended_data + output, 0, in->nb_samples, 1, in->format);
}

static bool run(struct mix_stage *mix, const AVFrame *in, AVFrame *out)
{
    if (in->nb_samples > mix->room) {
        mix->room = in->nb_samples;
        mix->sum = g_renew(double, mix->sum, mix->room);
    }
    out->format = in->format;
    out->nb_samples = in->nb_samples;
    if (av_frame_copy_props(out, in) < 0 || av_channel_layout_copy(&out->ch_layout, &mix->to) < 0 ||
        av_frame_get_buffer(out, 0) < 0)
        return false;
    out->sample_rate = in->sample_rate;
    for (int o = 0; o < mix->matrix->outputs; o++)
        if (mix->copies)
            copy_one(mix, in, out, o);
        else
            add_up(mix, in, out, o);
    return true;
}

static bool mix_put(struct stage *stage, AVFrame *frame, struct failure *failure)
{
    struct mix_stage *mix = (struct mix_stage *)stage;
    if (!frame) {
        stop_asking(mix);
        mix->slot.ended = true;
        return true;
    }
    if (mix->asks)
        ask(mix, frame);
    mix->slot.frame = frame_new();
    bool done = run(mix, frame, mix->slot.frame);
    av_frame_free(&frame);
    return done || fail(failure, FAIL_MEMORY, "no memory for mixed sound");
}

static enum chain_got mix_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct mix_stage *)stage)->slot, out);
}

static void mix_destroy(struct stage *stage)
{
    struct mix_stage *mix = (struct mix_stage *)stage;
    av_frame_free(&mix->slot.frame);
    av_channel_layout_uninit(&mix->to);
    matrix_destroy(mix->matrix);
    g_free(mix->sum);
}

static const struct stage_class mix_class = {"mix", mix_put, mix_get, NULL, mix_destroy};

/* Copies keep the samples as they are, so that only mixing loses bits. */
static bool prepare(struct chain *chain, bool copies, struct failure *failure)
{
    return copies ? chain_reorder(chain, failure, av_get_planar_sample_fmt(chain->sample_format))
                  : chain_sound_float(chain, failure);
}

static struct matrix *matrix_of(const struct chain *chain, const struct sound_mix *mix,
                                const struct matrix_levels *levels, struct failure *failure)
{
    if (mix->picks)
        return matrix_pick(chain->sound.channels, mix->pick, mix->picks);
    g_autofree char *stranger = NULL;
    struct matrix *matrix = matrix_mix(chain->sound.layout, mix->layout, levels, &stranger);
    if (!matrix)
        fail(failure, FAIL_CONFIG,
             "there is no rule for mixing %s to %s because of %s: pick channels by number with a "
             "`channels` step, for example channels: {map: [1, 2]}",
             chain->sound.layout, mix->layout, stranger);
    return matrix;
}

bool chain_mix_to(struct chain *chain, struct failure *failure, const struct sound_mix *wanted)
{
    struct matrix_levels levels = levels_of(wanted, NULL);
    g_auto(matrix_ptr) matrix = matrix_of(chain, wanted, &levels, failure);
    if (!matrix || !prepare(chain, matrix_copies(matrix), failure))
        return false;
    bool all_said = wanted->downmix != MIX_AS_SOURCE && !isnan(wanted->center_db) &&
                    !isnan(wanted->surround_db) && !isnan(wanted->lfe_db);
    struct mix_stage *mix = chain_add(chain, &mix_class, sizeof(*mix), chain->time_base);
    mix->wanted = *wanted;
    mix->wanted.layout = g_intern_string(wanted->layout);
    mix->wanted.pick = NULL;
    mix->from = chain->sound.layout;
    mix->copies = matrix_copies(matrix);
    mix->asks = !wanted->picks && !mix->copies && to_two(matrix) && !all_said;
    use(mix, g_steal_pointer(&matrix));
    if (av_channel_layout_from_string(&mix->to, wanted->layout) < 0 ||
        mix->to.nb_channels != mix->matrix->outputs)
        return fail(failure, FAIL_INTERNAL, "unknown channel layout %s", wanted->layout);
    if (!mix->asks)
        note(mix, &levels, "");
    chain->sound.layout = mix->wanted.layout;
    chain->sound.channels = mix->to.nb_channels;
    return true;
}

/* The layout that so many channels usually are. */
static const char *usual_layout(int channels)
{
    AVChannelLayout usual = {0};
    char text[64] = "";
    av_channel_layout_default(&usual, channels);
    av_channel_layout_describe(&usual, text, sizeof text);
    av_channel_layout_uninit(&usual);
    return g_intern_string(text);
}

static bool changes_nothing(const struct chain *chain, const struct sound_mix *wanted)
{
    struct matrix_levels levels = levels_of(wanted, NULL);
    g_autofree char *stranger = NULL;
    g_auto(matrix_ptr) matrix =
        wanted->picks ? matrix_pick(chain->sound.channels, wanted->pick, wanted->picks)
                      : matrix_mix(chain->sound.layout, wanted->layout, &levels, &stranger);
    if (!matrix || matrix->inputs != matrix->outputs || !matrix_copies(matrix))
        return false;
    for (int i = 0; i < matrix->inputs; i++)
        if (matrix->factor[i * matrix->inputs + i] != 1)
            return false;
    return !wanted->picks || strcmp(wanted->layout, chain->sound.layout) == 0;
}

bool chain_mix(struct chain *chain, struct failure *failure, const struct sound_mix *wanted)
{
    struct sound_mix mix = *wanted;
    for (int i = 0; i < mix.picks; i++)
        if (mix.pick[i] > chain->sound.channels)
            return fail(failure, FAIL_CONFIG,
                        "channels.map: there is no channel %d: the sound has %d (%s)", mix.pick[i],
                        chain->sound.channels, chain->sound.layout);
    if (!mix.layout)
        mix.layout = usual_layout(mix.picks);
    if (changes_nothing(chain, &mix))
        return true;
    chain->stepped = true;
    return chain_mix_to(chain, failure, &mix);
}
