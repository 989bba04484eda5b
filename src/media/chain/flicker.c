/* SPDX-License-Identifier: GPL-3.0-or-later
 * Light that flickers: the half that measures it, and the half that evens it out. */
#include "media/chain_picture.h"

#include "../signal/flicker.h"
#include "picture.h"

#include <math.h>

/* --- measuring --- */

struct light {
    struct levels_of levels;
    int planes, bytes;
    GString *text;
    char **found;
};

static double sum_of(const struct plane *plane, int bytes)
{
    double all = 0;
    for (int y = 0; y < plane->height; y++) {
        const uint8_t *line = plane->data + (ptrdiff_t)y * plane->stride;
        uint64_t sum = 0;
        for (int x = 0; x < plane->width; x++)
            sum += sample_at(line, bytes, x);
        all += (double)sum;
    }
    return all;
}

static AVFrame *light_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    const struct light *light = state;
    double sum = 0;
    for (int i = 0; i < light->planes; i++) {
        const struct plane plane = frame_plane(frame, i);
        sum += sum_of(&plane, light->bytes);
    }
    const double mean = sum / light->planes / frame->width / frame->height;
    levels_print(light->text, MAX(mean - light->levels.black, 0) / light->levels.span);
    return frame;
}

static void light_end(const void *state, struct chain *chain)
{
    const struct light *light = state;
    if (!light->text->len)
        return;
    g_free(*light->found);
    *light->found = g_strdup(light->text->str);
}

static void light_free(void *state)
{
    struct light *light = state;
    g_string_free(light->text, TRUE);
    g_free(light);
}

bool chain_find_light(struct chain *chain, struct failure *failure, char **found)
{
    static const struct picture_work work = {"light", light_run, light_free};
    struct light *light = g_new0(struct light, 1);
    light->text = g_string_new(NULL);
    light->found = found;
    if (!chain_picture(chain, failure, &work, light))
        return false;
    light->levels = levels_of_shape(&chain->video);
    light->planes = chain->video.rgb ? 3 : 1;
    light->bytes = chain->video.depth > 8 ? 2 : 1;
    chain_at_end(chain, light_end, light);
    return true;
}

/* --- evening out --- */

struct even {
    GArray *gains; /* double */
    guint next;
    struct levels_of levels;
    double neutral; /* of chroma */
    bool rgb;
    int bytes, threads;
    uint16_t *luma, *chroma; /* what a sample becomes */
    struct slices *slices;
};

struct evening {
    const struct even *even;
    const uint16_t *become;
    struct plane plane;
};

static void even_rows(void *data, int top, int bottom)
{
    const struct evening *evening = data;
    const int bytes = evening->even->bytes;
    const unsigned most = (unsigned)evening->even->levels.top;
    for (int y = top; y < bottom; y++) {
        uint8_t *line = evening->plane.data + (ptrdiff_t)y * evening->plane.stride;
        for (int x = 0; x < evening->plane.width; x++)
            put_sample(line, bytes, x, evening->become[MIN(sample_at(line, bytes, x), most)]);
    }
}

static void set_table(const struct even *even, uint16_t *become, double still, double gain)
{
    for (int i = 0; i <= (int)even->levels.top; i++)
        become[i] = (uint16_t)lround(CLAMP(still + (i - still) * gain, 0, even->levels.top));
}

/* Whether it changes a sample of this range. */
static bool changes(const struct levels_of *levels, double gain)
{
    return fabs(gain - 1) * levels->top >= 0.5;
}

static AVFrame *even_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct even *even = state;
    const double gain =
        even->next < even->gains->len ? g_array_index(even->gains, double, even->next) : 1;
    even->next++;
    if (!changes(&even->levels, gain))
        return frame;
    if (!frame_own(frame, failure)) {
        av_frame_free(&frame);
        return NULL;
    }
    if (!even->slices)
        even->slices = slices_create(even->threads);
    set_table(even, even->luma, even->levels.black, gain);
    set_table(even, even->chroma, even->neutral, gain);
    for (int i = 0; i < frame_colors(frame); i++) {
        struct evening evening = {even, i == 0 || even->rgb ? even->luma : even->chroma,
                                  frame_plane(frame, i)};
        slices_run(even->slices, evening.plane.height, even_rows, &evening);
    }
    return frame;
}

static void even_free(void *state)
{
    struct even *even = state;
    g_array_unref(even->gains);
    slices_destroy(even->slices);
    g_free(even->luma);
    g_free(even->chroma);
    g_free(even);
}

static struct evened tell(const GArray *gains, const struct levels_of *levels)
{
    struct evened evened = {.frames = (int)gains->len};
    for (guint i = 0; i < gains->len; i++) {
        const double gain = g_array_index(gains, double, i);
        if (!changes(levels, gain))
            continue;
        evened.changed++;
        evened.most = MAX(evened.most, fabs(gain - 1));
    }
    return evened;
}

bool chain_even_light(struct chain *chain, struct failure *failure, const char *found,
                      double smooth_s, double most, struct evened *evened)
{
    static const struct picture_work work = {"even light", even_run, even_free};
    g_autoptr(GArray) levels = levels_parse(found);
    if (!levels)
        return fail(failure, FAIL_INTERNAL, "levels of light can't be read back");
    const struct rational fps = chain->video.fps;
    const double rate = fps.num                       ? rational_value(fps)
                        : chain->video.duration_s > 0 ? levels->len / chain->video.duration_s
                                                      : 25;
    g_autoptr(GArray) gains = flicker_gains(levels, smooth_s * rate, most);
    if (!chain_plain(chain, failure))
        return false;
    const struct levels_of range = levels_of_shape(&chain->video);
    *evened = tell(gains, &range);
    if (!evened->changed)
        return true;
    struct even *even = g_new0(struct even, 1);
    even->gains = g_array_ref(gains);
    even->levels = range;
    even->neutral = 1 << (chain->video.depth - 1);
    even->rgb = chain->video.rgb;
    even->bytes = chain->video.depth > 8 ? 2 : 1;
    even->threads = chain->threads;
    even->luma = g_new(uint16_t, (gsize)range.top + 1);
    even->chroma = g_new(uint16_t, (gsize)range.top + 1);
    chain->filtered = true;
    return chain_picture(chain, failure, &work, even);
}
