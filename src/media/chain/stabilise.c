/* SPDX-License-Identifier: GPL-3.0-or-later
 * A steady camera: the half that measures, and the half that moves frames. */
#include "media/chain_picture.h"

#include "../signal/camera_path.h"
#include "picture.h"

#include <math.h>

/* --- measuring --- */

struct follow {
    struct motion_meter *meter;
    struct levels_of levels;
    int bytes;
    GString *text;
    char **path;
};

static AVFrame *follow_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct follow *follow = state;
    const struct luma_plane luma = {frame->data[0], frame->linesize[0], follow->bytes,
                                    follow->levels.black, follow->levels.span};
    const struct motion motion = motion_meter_next(follow->meter, &luma);
    path_print(follow->text, &motion);
    return frame;
}

static void follow_end(const void *state, struct chain *chain)
{
    const struct follow *follow = state;
    if (!follow->text->len)
        return;
    g_free(*follow->path);
    *follow->path = g_strdup(follow->text->str);
}

static void follow_free(void *state)
{
    struct follow *follow = state;
    motion_meter_destroy(follow->meter);
    g_string_free(follow->text, TRUE);
    g_free(follow);
}

static double pixel_width(const struct video_shape *shape)
{
    return shape->sar.num > 0 ? rational_value(shape->sar) : 1;
}

bool chain_follow_camera(struct chain *chain, struct failure *failure, char **path)
{
    static const struct picture_work work = {"follow", follow_run, follow_free};
    struct follow *follow = g_new0(struct follow, 1);
    follow->text = g_string_new(NULL);
    follow->path = path;
    if (!chain_picture(chain, failure, &work, follow))
        return false;
    const struct video_shape *shape = &chain->video;
    follow->meter = motion_meter_create(shape->width, shape->height, pixel_width(shape));
    follow->levels = levels_of_shape(shape);
    follow->bytes = shape->depth > 8 ? 2 : 1;
    chain_at_end(chain, follow_end, follow);
    return true;
}

/* --- moving frames --- */

enum { BETWEEN = 1024 /* places between two samples that weights are kept for */ };

struct stabilise {
    GArray *corrections; /* struct motion */
    guint next;
    double zoom;
    bool mirror;
    bool touched; /* any is moved */
    struct solid outside;
    struct video_shape shape;
    int bytes, threads;
    struct slices *slices;
    float weight[BETWEEN + 1][4];
};

/* From a place on the result to one in the frame: x = a x - b y + x0, y = b x + a y + y0, in pixels
 * about the middle; square. */
struct lookup {
    double a, b, x0, y0;
};

/* A plane, and where its samples stand among the pixels of the picture. */
struct moved {
    const struct stabilise *stabilise;
    struct plane from, to;
    struct lookup lookup;
    double step_x, step_y, off_x, off_y; /* pixels; of luma from one to the next, of the first */
    double pixel;                        /* how wide a pixel is */
    unsigned outside, most;
};

static struct lookup inverse(const struct motion *c, double zoom)
{
    const double grown = exp(c->zoom) * zoom;
    const double a = cos(c->angle) / grown, b = -sin(c->angle) / grown;
    const double x = c->x * zoom, y = c->y * zoom;
    return (struct lookup){a, b, -(a * x - b * y), -(b * x + a * y)};
}

/* Keys' cubic, a = -0.5, of the four samples around a place, by where it is between them. */
static const float *weights_of(const struct stabilise *s, float at)
{
    return s->weight[(int)(at * BETWEEN + 0.5F)];
}

static void set_weights(struct stabilise *s)
{
    for (int i = 0; i <= BETWEEN; i++) {
        const double at = (double)i / BETWEEN;
        s->weight[i][0] = (float)(((-0.5 * at + 1) * at - 0.5) * at);
        s->weight[i][1] = (float)((1.5 * at - 2.5) * at * at + 1);
        s->weight[i][2] = (float)(((-1.5 * at + 2) * at + 0.5) * at);
        s->weight[i][3] = (float)((0.5 * at - 0.5) * at * at);
    }
}

static int reflect(int at, int count)
{
    const int period = MAX(2 * (count - 1), 1);
    at = abs(at) % period;
    return at < count ? at : period - at;
}

/* Without mirror the outermost samples go on for as far as the cubic reaches. */
static int place(int at, int count, bool mirror)
{
    return mirror ? reflect(at, count) : CLAMP(at, 0, count - 1);
}

/* `column` and `row`: where the sixteen samples are. */
static inline float mix(const struct moved *m, const int column[4], const int row[4], float u,
                        float v, int bytes)
{
    const float *across = weights_of(m->stabilise, u), *down = weights_of(m->stabilise, v);
    float sum = 0;
    for (int j = 0; j < 4; j++) {
        const uint8_t *line = m->from.data + (ptrdiff_t)row[j] * m->from.stride;
        float part = 0;
        for (int i = 0; i < 4; i++)
            part += across[i] * (float)sample_at(line, bytes, column[i]);
        sum += down[j] * part;
    }
    return sum;
}

static inline float cubic(const struct moved *m, float x, float y, int bytes)
{
    const int left = (int)floorf(x), top = (int)floorf(y);
    const bool inside = left > 0 && top > 0 && left + 2 < m->from.width && top + 2 < m->from.height;
    int column[4], row[4];
    for (int i = 0; i < 4; i++) {
        column[i] = left - 1 + i;
        row[i] = top - 1 + i;
    }
    for (int i = 0; !inside && i < 4; i++) {
        column[i] = place(column[i], m->from.width, m->stabilise->mirror);
        row[i] = place(row[i], m->from.height, m->stabilise->mirror);
    }
    return mix(m, column, row, x - (float)left, y - (float)top, bytes);
}

static bool is_outside(const struct moved *m, float x, float y)
{
    return !m->stabilise->mirror && (x < -0.5F || y < -0.5F || x > (float)m->from.width - 0.5F ||
                                     y > (float)m->from.height - 0.5F);
}

/* Where the row's first sample is looked up, and how far its next is from there. */
struct line {
    double x, y, right, down;
};

static struct line line_of(const struct moved *m, int row)
{
    const struct video_shape *shape = &m->stabilise->shape;
    const struct lookup *l = &m->lookup;
    const double middle_x = (shape->width - 1) / 2.0, middle_y = (shape->height - 1) / 2.0;
    const double x = (m->off_x - middle_x) * m->pixel, y = row * m->step_y + m->off_y - middle_y;
    const double px = (l->a * x - l->b * y + l->x0) / m->pixel, py = l->b * x + l->a * y + l->y0;
    return (struct line){(px + middle_x - m->off_x) / m->step_x,
                         (py + middle_y - m->off_y) / m->step_y, l->a,
                         l->b * m->step_x * m->pixel / m->step_y};
}

static inline void move_row(const struct moved *m, int row, int bytes)
{
    const struct line line = line_of(m, row);
    uint8_t *to = m->to.data + (ptrdiff_t)row * m->to.stride;
    for (int i = 0; i < m->to.width; i++) {
        const float x = (float)(line.x + i * line.right), y = (float)(line.y + i * line.down);
        const float value = is_outside(m, x, y) ? (float)m->outside : cubic(m, x, y, bytes);
        put_sample(to, bytes, i, (unsigned)(CLAMP(value, 0, (float)m->most) + 0.5F));
    }
}

static void move_rows(void *data, int first, int end)
{
    const struct moved *m = data;
    for (int row = first; row < end; row++)
        if (m->stabilise->bytes == 2)
            move_row(m, row, 2);
        else
            move_row(m, row, 1);
}

/* H.273, figure 8: where chroma stands between pixels of luma. */
static void site(struct moved *m, const struct video_shape *shape)
{
    static const char *const between[] = {"center", "top", "bottom", NULL};
    const char *siting = shape_siting(shape);
    m->step_x = 1 << shape->chroma_w;
    m->step_y = 1 << shape->chroma_h;
    m->off_x = g_strv_contains(between, siting) ? (m->step_x - 1) / 2 : 0;
    m->off_y = g_str_has_prefix(siting, "top") ? 0 : (m->step_y - 1) / 2;
}

static void move_plane(const struct stabilise *s, const AVFrame *from, const AVFrame *to, int index,
                       const struct lookup *lookup)
{
    const bool chroma = (index == 1 || index == 2) && !s->shape.rgb;
    struct moved m = {.stabilise = s,
                      .from = frame_plane(from, index),
                      .to = frame_plane(to, index),
                      .lookup = *lookup,
                      .step_x = 1,
                      .step_y = 1,
                      .pixel = pixel_width(&s->shape),
                      .outside = s->outside.plane[index],
                      .most = (1U << s->shape.depth) - 1};
    if (chroma)
        site(&m, &s->shape);
    slices_run(s->slices, m.to.height, move_rows, &m);
}

static AVFrame *stabilise_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    struct stabilise *s = state;
    if (s->next >= s->corrections->len) {
        fail(failure, FAIL_INTERNAL, "stabilise measured %u frames, and is given more",
             s->corrections->len);
        av_frame_free(&frame);
        return NULL;
    }
    const struct motion *correction = &g_array_index(s->corrections, struct motion, s->next++);
    if (!s->touched)
        return frame;
    if (!s->slices)
        s->slices = slices_create(s->threads);
    const struct lookup lookup = inverse(correction, s->zoom);
    AVFrame *moved = frame_like(frame, frame->width, frame->height, failure);
    for (int i = 0; moved && i < av_pix_fmt_count_planes(frame->format); i++)
        move_plane(s, frame, moved, i, &lookup);
    av_frame_free(&frame);
    return moved;
}

static void stabilise_free(void *state)
{
    struct stabilise *s = state;
    slices_destroy(s->slices);
    if (s->corrections)
        g_array_unref(s->corrections);
    g_free(s);
}

static double frames_a_second(const struct video_shape *shape, guint frames)
{
    if (shape->fps.num)
        return rational_value(shape->fps);
    return shape->duration_s > 0 ? frames / shape->duration_s : 25;
}

static bool moves(const struct stabilise *s, double width, double height)
{
    const double untouched_px = 1 / 16.0;
    return path_largest(s->corrections, width, height) >= untouched_px;
}

/* The camera's way becomes what is done to each frame. */
static bool plan(struct stabilise *s, const struct video_shape *shape, const char *path,
                 const struct steady *steady, struct steadied *out, struct failure *failure)
{
    const double width = shape->width * pixel_width(shape), height = shape->height;
    g_autoptr(GArray) motions = path_parse(path);
    if (!motions)
        return fail(failure, FAIL_INTERNAL, "the camera's way isn't one");
    s->corrections =
        path_corrections(motions, steady->smooth_s * frames_a_second(shape, motions->len));
    s->zoom = 1;
    s->touched = moves(s, width, height);
    const bool shakes = s->touched;
    if (shakes && steady->border == STEADY_CROP) {
        const double zoom = path_limit(s->corrections, motions, width, height, steady->zoom_most);
        s->touched = moves(s, width, height);
        s->zoom = s->touched ? zoom : 1;
    }
    *out = (struct steadied){(int)motions->len, shakes,
                             s->touched ? path_largest(s->corrections, width, height) : 0, s->zoom};
    return true;
}

bool chain_stabilise(struct chain *chain, struct failure *failure, const char *path,
                     const struct steady *steady, struct steadied *steadied)
{
    static const struct picture_work work = {"stabilise", stabilise_run, stabilise_free};
    struct stabilise *s = g_new0(struct stabilise, 1);
    if (!plan(s, &chain->video, path, steady, steadied, failure)) {
        stabilise_free(s);
        return false;
    }
    if (!chain_picture(chain, failure, &work, s))
        return false;
    set_weights(s);
    s->mirror = steady->border == STEADY_MIRROR;
    s->shape = chain->video;
    s->bytes = chain->video.depth > 8 ? 2 : 1;
    s->threads = chain->threads;
    s->outside = solid_of(&chain->video, (struct rgba){0, 0, 0, 255});
    chain->filtered = true;
    return true;
}
