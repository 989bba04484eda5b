/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices. */
#include "media/matrix.h"

#include <libavutil/channel_layout.h>
#include <math.h>
#include <string.h>

static const double M3 = 0.70710678118654752; /* -3.01 dB */

const struct matrix_levels matrix_bs_775 = {false, 0.70710678118654752, 0.70710678118654752, 0};

/* A mix under construction. */
struct mixing {
    AVChannelLayout from, to;
    const struct matrix_levels *levels;
    struct matrix *matrix;
};

static struct matrix *matrix_new(int inputs, int outputs)
{
    struct matrix *matrix = g_new(struct matrix, 1);
    *matrix = (struct matrix){inputs, outputs, g_new0(double, (gsize)inputs *(gsize)outputs)};
    return matrix;
}

void matrix_destroy(struct matrix *matrix)
{
    if (!matrix)
        return;
    g_free(matrix->factor);
    g_free(matrix);
}

static enum AVChannel plain(enum AVChannel channel)
{
    return channel == AV_CHAN_STEREO_LEFT    ? AV_CHAN_FRONT_LEFT
           : channel == AV_CHAN_STEREO_RIGHT ? AV_CHAN_FRONT_RIGHT
                                             : channel;
}

static int place_in(const AVChannelLayout *layout, enum AVChannel channel)
{
    for (int i = 0; i < layout->nb_channels; i++)
        if (plain(av_channel_layout_channel_from_index(layout, (unsigned)i)) == channel)
            return i;
    return -1;
}

static bool has(const AVChannelLayout *layout, enum AVChannel channel)
{
    return place_in(layout, channel) >= 0;
}

/* Adds an input to one output; false when there is no such output. */
static bool put(struct mixing *mixing, int input, enum AVChannel to, double factor)
{
    int output = place_in(&mixing->to, to);
    if (output < 0)
        return false;
    mixing->matrix->factor[output * mixing->matrix->inputs + input] += factor;
    return true;
}

static bool put_both(struct mixing *mixing, int input, double left, double right)
{
    return put(mixing, input, AV_CHAN_FRONT_LEFT, left) &&
           put(mixing, input, AV_CHAN_FRONT_RIGHT, right);
}

/* The other pair's channel on the same side. */
static enum AVChannel other_pair(enum AVChannel channel)
{
    switch (channel) {
    case AV_CHAN_BACK_LEFT:
        return AV_CHAN_SIDE_LEFT;
    case AV_CHAN_BACK_RIGHT:
        return AV_CHAN_SIDE_RIGHT;
    case AV_CHAN_SIDE_LEFT:
        return AV_CHAN_BACK_LEFT;
    case AV_CHAN_SIDE_RIGHT:
        return AV_CHAN_BACK_RIGHT;
    default:
        return AV_CHAN_NONE;
    }
}

/* A pair of surrounds. A single pair is the sides of a layout that has both; two pairs share one at
 * -3.01 dB each. */
static bool put_surround(struct mixing *mixing, int input, enum AVChannel channel)
{
    enum AVChannel other = other_pair(channel);
    bool left = channel == AV_CHAN_BACK_LEFT || channel == AV_CHAN_SIDE_LEFT;
    bool both_in = has(&mixing->from, other);
    bool both_out = has(&mixing->to, channel) && has(&mixing->to, other);
    double share = both_in && !both_out ? M3 : 1, level = mixing->levels->surround * share;
    if (both_out && !both_in)
        return put(mixing, input, left ? AV_CHAN_SIDE_LEFT : AV_CHAN_SIDE_RIGHT, 1);
    if (put(mixing, input, channel, share) || put(mixing, input, other, share) ||
        put(mixing, input, AV_CHAN_BACK_CENTER, M3))
        return true;
    return mixing->levels->lt_rt
               ? put_both(mixing, input, -level, level)
               : put(mixing, input, left ? AV_CHAN_FRONT_LEFT : AV_CHAN_FRONT_RIGHT, level);
}

static bool put_back_center(struct mixing *mixing, int input)
{
    double level = mixing->levels->surround;
    if (put(mixing, input, AV_CHAN_BACK_CENTER, 1))
        return true;
    if (has(&mixing->to, AV_CHAN_BACK_LEFT))
        return put(mixing, input, AV_CHAN_BACK_LEFT, M3) &&
               put(mixing, input, AV_CHAN_BACK_RIGHT, M3);
    if (has(&mixing->to, AV_CHAN_SIDE_LEFT))
        return put(mixing, input, AV_CHAN_SIDE_LEFT, M3) &&
               put(mixing, input, AV_CHAN_SIDE_RIGHT, M3);
    return mixing->levels->lt_rt ? put_both(mixing, input, -level, level)
                                 : put_both(mixing, input, level * M3, level * M3);
}

/* Half way from a side to the centre: on both at -3.01 dB. */
static bool put_between(struct mixing *mixing, int input, enum AVChannel side)
{
    double center = mixing->levels->center * M3;
    return put(mixing, input, side, M3) && (put(mixing, input, AV_CHAN_FRONT_CENTER, M3) ||
                                            put_both(mixing, input, center, center));
}

static bool put_channel(struct mixing *mixing, int input)
{
    enum AVChannel channel =
        plain(av_channel_layout_channel_from_index(&mixing->from, (unsigned)input));
    double center = mixing->from.nb_channels == 1 ? 1 : mixing->levels->center;
    double lfe = mixing->levels->lfe;
    switch (channel) {
    case AV_CHAN_FRONT_CENTER:
        return put(mixing, input, channel, 1) || put_both(mixing, input, center, center);
    case AV_CHAN_LOW_FREQUENCY:
        return put(mixing, input, channel, 1) || put_both(mixing, input, lfe, lfe);
    case AV_CHAN_BACK_CENTER:
        return put_back_center(mixing, input);
    case AV_CHAN_FRONT_LEFT_OF_CENTER:
        return put(mixing, input, channel, 1) || put_between(mixing, input, AV_CHAN_FRONT_LEFT);
    case AV_CHAN_FRONT_RIGHT_OF_CENTER:
        return put(mixing, input, channel, 1) || put_between(mixing, input, AV_CHAN_FRONT_RIGHT);
    default:
        return other_pair(channel) != AV_CHAN_NONE ? put_surround(mixing, input, channel)
                                                   : put(mixing, input, channel, 1);
    }
}

static bool described(AVChannelLayout *layout, const char *text)
{
    return av_channel_layout_from_string(layout, text) >= 0 &&
           (layout->order == AV_CHANNEL_ORDER_NATIVE || layout->order == AV_CHANNEL_ORDER_CUSTOM);
}

static bool fill(struct mixing *mixing, char **stranger)
{
    for (int i = 0; i < mixing->from.nb_channels; i++)
        if (!put_channel(mixing, i)) {
            char name[32] = "";
            av_channel_name(name, sizeof name,
                            av_channel_layout_channel_from_index(&mixing->from, (unsigned)i));
            *stranger = g_strdup(name);
            return false;
        }
    return true;
}

static struct matrix *mix(const char *from, const char *to, const struct matrix_levels *levels,
                          char **stranger)
{
    struct mixing mixing = {.levels = levels};
    bool known = described(&mixing.from, from);
    if (known && described(&mixing.to, to)) {
        mixing.matrix = matrix_new(mixing.from.nb_channels, mixing.to.nb_channels);
        if (!fill(&mixing, stranger))
            g_clear_pointer(&mixing.matrix, matrix_destroy);
    } else {
        *stranger = g_strdup(known ? to : from);
    }
    av_channel_layout_uninit(&mixing.from);
    av_channel_layout_uninit(&mixing.to);
    return mixing.matrix;
}

/* Half of each side, or the middle as it is. */
static struct matrix *mix_to_mono(const char *from, const struct matrix_levels *levels,
                                  char **stranger)
{
    struct matrix_levels sides = *levels;
    sides.lt_rt = false;
    struct matrix *two = mix(from, "stereo", &sides, stranger);
    if (!two)
        return NULL;
    struct matrix *one = matrix_new(two->inputs, 1);
    for (int i = 0; i < two->inputs; i++)
        one->factor[i] = (two->factor[i] + two->factor[two->inputs + i]) / 2;
    matrix_destroy(two);
    return one;
}

struct matrix *matrix_mix(const char *from, const char *to, const struct matrix_levels *levels,
                          char **stranger)
{
    *stranger = NULL;
    return strcmp(to, "mono") == 0 ? mix_to_mono(from, levels, stranger)
                                   : mix(from, to, levels, stranger);
}

struct matrix *matrix_pick(int inputs, const int *pick, int outputs)
{
    struct matrix *matrix = matrix_new(inputs, outputs);
    for (int o = 0; o < outputs; o++)
        if (pick[o] > 0)
            matrix->factor[o * inputs + pick[o] - 1] = 1;
    return matrix;
}

bool matrix_copies(const struct matrix *matrix)
{
    for (int o = 0; o < matrix->outputs; o++) {
        int used = 0;
        for (int i = 0; i < matrix->inputs; i++) {
            double factor = matrix->factor[o * matrix->inputs + i];
            used += factor != 0;
            if (used > 1 || (factor != 0 && factor != 1))
                return false;
        }
    }
    return true;
}

double matrix_highest(const struct matrix *matrix)
{
    double highest = 1;
    for (int o = 0; o < matrix->outputs; o++) {
        double sum = 0;
        for (int i = 0; i < matrix->inputs; i++)
            sum += fabs(matrix->factor[o * matrix->inputs + i]);
        highest = fmax(highest, sum);
    }
    return highest;
}

void matrix_scale(struct matrix *matrix, double factor)
{
    for (int i = 0; i < matrix->inputs * matrix->outputs; i++)
        matrix->factor[i] *= factor;
}
