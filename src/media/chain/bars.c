/* SPDX-License-Identifier: GPL-3.0-or-later
 * Black bars: which rows and columns of a programme are ever seen, and for how long. */
#include "media/chain_picture.h"

#include "picture.h"

#include <libavutil/frame.h>
#include <math.h>

enum { SEEN_ONE_IN = 50 /* samples of a row or column */ };
static const double LONG_ENOUGH_S = 1, LONG_ENOUGH_SHARE = 0.1;

/* How long each row, or column, was seen. */
struct edge {
    double *seen_s;
    int *bright; /* of the frame at hand: samples */
    int count;
};

struct bars {
    struct edge rows, columns;
    unsigned limit;
    int bytes, planes;
    double last_s, usual_s; /* of the frame before: when, and how long */
    double seen_s;          /* of frames that weren't black */
    gint64 frames;
    bool pending; /* the last frame's length isn't known yet */
    char **found;
};

static struct edge edge_of(int count)
{
    return (struct edge){g_new0(double, count), g_new0(int, count), count};
}

static void edge_clear(struct edge *edge)
{
    g_free(edge->seen_s);
    g_free(edge->bright);
}

static void count_plane(struct bars *bars, struct plane plane)
{
    for (int y = 0; y < plane.height; y++) {
        const uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        int *columns = bars->columns.bright, bright = 0;
        for (int x = 0; x < plane.width; x++) {
            const int is = sample_at(line, bars->bytes, x) > bars->limit;
            bright += is;
            columns[x] += is;
        }
        bars->rows.bright[y] += bright;
    }
}

static bool enough(int bright, int across)
{
    return bright > 0 && bright * SEEN_ONE_IN >= across;
}

/* The frame before this one was seen for so long. */
static void settle(struct bars *bars, double lasted_s)
{
    bool any = false;
    for (int y = 0; y < bars->rows.count; y++)
        if (enough(bars->rows.bright[y], bars->columns.count)) {
            bars->rows.seen_s[y] += lasted_s;
            any = true;
        }
    for (int x = 0; x < bars->columns.count; x++)
        if (enough(bars->columns.bright[x], bars->rows.count))
            bars->columns.seen_s[x] += lasted_s;
    if (any)
        bars->seen_s += lasted_s;
    bars->usual_s = lasted_s;
}

static AVFrame *bars_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct bars *bars = state;
    if (bars->pending)
        settle(bars, time_s - bars->last_s);
    memset(bars->rows.bright, 0, sizeof(int) * (size_t)bars->rows.count);
    memset(bars->columns.bright, 0, sizeof(int) * (size_t)bars->columns.count);
    for (int i = 0; i < bars->planes; i++)
        count_plane(bars, frame_plane(frame, i));
    bars->last_s = time_s;
    bars->pending = true;
    bars->frames++;
    return frame;
}

/* [*first, *end) are the ones that count; nothing: 0, 0. */
static void extent(const struct edge *edge, double needed_s, int *first, int *end)
{
    *first = *end = 0;
    for (int i = 0; i < edge->count; i++)
        if (edge->seen_s[i] >= needed_s) {
            *first = *end ? *first : i;
            *end = i + 1;
        }
}

static void bars_end(const void *state, struct chain *chain)
{
    struct bars *bars = (struct bars *)state;
    const struct rational fps = chain->video.fps;
    const double frame_s = bars->usual_s > 0 ? bars->usual_s
                           : fps.num         ? 1 / rational_value(fps)
                                             : 1;
    if (!bars->pending)
        return;
    settle(bars, frame_s);
    bars->pending = false;
    const double rounding = 1 - 1e-6;
    double needed_s = MIN(LONG_ENOUGH_S, LONG_ENOUGH_SHARE * bars->seen_s) * rounding;
    if (needed_s == 0)
        needed_s = G_MINDOUBLE;
    int x, y, right, bottom;
    extent(&bars->columns, needed_s, &x, &right);
    extent(&bars->rows, needed_s, &y, &bottom);
    if (right == x || bottom == y)
        x = y = right = bottom = 0;
    g_free(*bars->found);
    *bars->found = g_strdup_printf("%d %d %d %d %" G_GINT64_FORMAT " %d %d", right - x, bottom - y,
                                   x, y, bars->frames, bars->columns.count, bars->rows.count);
}

static void bars_free(void *state)
{
    struct bars *bars = state;
    edge_clear(&bars->rows);
    edge_clear(&bars->columns);
    g_free(bars);
}

bool chain_find_bars(struct chain *chain, struct failure *failure, double threshold, char **found)
{
    static const struct picture_work work = {"bars", bars_run, bars_free};
    struct bars *bars = g_new0(struct bars, 1);
    if (!chain_picture(chain, failure, &work, bars))
        return false;
    const struct video_shape *shape = &chain->video;
    const struct levels_of levels = levels_of_shape(shape);
    bars->rows = edge_of(shape->height);
    bars->columns = edge_of(shape->width);
    bars->limit = (unsigned)lround(levels.black + threshold * levels.span);
    bars->bytes = shape->depth > 8 ? 2 : 1;
    bars->planes = shape->rgb ? 3 : 1;
    bars->found = found;
    chain_at_end(chain, bars_end, bars);
    return true;
}
