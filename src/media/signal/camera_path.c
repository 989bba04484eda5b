/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way of a camera. */
#include "camera_path.h"

#include <math.h>

static const double STEPS_A_PIXEL = 100, STEPS_A_UNIT = 1e5;

void path_print(GString *text, const struct motion *motion)
{
    if (motion->cut) {
        g_string_append(text, "c;");
        return;
    }
    const long angle = lround(motion->angle * STEPS_A_UNIT),
               zoom = lround(motion->zoom * STEPS_A_UNIT);
    g_string_append_printf(text, "%ld,%ld", lround(motion->x * STEPS_A_PIXEL),
                           lround(motion->y * STEPS_A_PIXEL));
    if (angle || zoom)
        g_string_append_printf(text, ",%ld,%ld", angle, zoom);
    g_string_append_c(text, ';');
}

static bool parse_one(const char *text, struct motion *motion)
{
    double value[4] = {0};
    int count = 0;
    *motion = (struct motion){.cut = *text == 'c'};
    if (motion->cut)
        return text[1] == '\0';
    for (char *end; count < 4; text = end + 1) {
        value[count++] = (double)g_ascii_strtoll(text, &end, 10);
        if (end == text || (*end && *end != ','))
            return false;
        if (!*end)
            break;
    }
    *motion = (struct motion){.x = value[0] / STEPS_A_PIXEL,
                              .y = value[1] / STEPS_A_PIXEL,
                              .angle = value[2] / STEPS_A_UNIT,
                              .zoom = value[3] / STEPS_A_UNIT};
    return count == 2 || count == 4;
}

GArray *path_parse(const char *text)
{
    g_autoptr(GArray) motions = g_array_new(FALSE, FALSE, sizeof(struct motion));
    g_auto(GStrv) parts = g_strsplit(text, ";", -1);
    for (char **part = parts; *part && **part; part++) {
        struct motion motion;
        if (!parse_one(*part, &motion))
            return NULL;
        g_array_append_val(motions, motion);
    }
    return g_steal_pointer(&motions);
}

static struct motion *at(const GArray *motions, guint i)
{
    return &g_array_index(motions, struct motion, i);
}

/* The frames [from, end) of a shot. */
static guint shot_end(const GArray *motions, guint from)
{
    guint end = from + 1;
    while (end < motions->len && !at(motions, end)->cut)
        end++;
    return end;
}

static void add(struct motion *to, const struct motion *by, double times)
{
    to->x += by->x * times;
    to->y += by->y * times;
    to->angle += by->angle * times;
    to->zoom += by->zoom * times;
}

/* Ways are from the start of the shot; `way` becomes what is missing from the smooth one. */
static void smooth_shot(const GArray *ways, guint from, guint end, double sigma, GArray *out)
{
    const gint64 reach = (gint64)ceil(3 * sigma);
    for (guint i = from; i < end; i++) {
        struct motion mean = {0};
        double weights = 0;
        const gint64 first = MAX((gint64)i - reach, from),
                     last = MIN((gint64)i + reach, (gint64)end - 1);
        for (gint64 k = first; k <= last; k++) {
            const double d = (double)(k - (gint64)i), w = exp(-d * d / (2 * sigma * sigma));
            add(&mean, at(ways, (guint)k), w);
            weights += w;
        }
        struct motion missing = {0};
        add(&missing, &mean, 1 / weights);
        add(&missing, at(ways, i), -1);
        g_array_append_val(out, missing);
    }
}

GArray *path_corrections(const GArray *motions, double sigma_frames)
{
    g_autoptr(GArray) ways = g_array_new(FALSE, FALSE, sizeof(struct motion));
    GArray *out = g_array_new(FALSE, FALSE, sizeof(struct motion));
    struct motion way = {0};
    for (guint i = 0; i < motions->len; i++) {
        if (at(motions, i)->cut)
            way = (struct motion){0};
        add(&way, at(motions, i), 1);
        g_array_append_val(ways, way);
    }
    for (guint from = 0; from < motions->len;) {
        const guint end = shot_end(motions, from);
        smooth_shot(ways, from, end, fmax(sigma_frames, 0.01), out);
        from = end;
    }
    return out;
}

/* The four corners of what is shown, looked up in the frame, must be inside of it. What a
 * correction itself enlarges counts as well. */
double path_needed(const struct motion *c, double width, double height)
{
    const double half_x = width / 2, half_y = height / 2;
    const double turn_cos = fabs(cos(c->angle)), turn_sin = fabs(sin(c->angle)),
                 grown = exp(c->zoom);
    const double across = half_x * turn_cos + half_y * turn_sin,
                 down = half_x * turn_sin + half_y * turn_cos;
    const double room_x = half_x * grown - fabs(c->x), room_y = half_y * grown - fabs(c->y);
    if (room_x <= 0 || room_y <= 0)
        return INFINITY;
    return fmax(fmax(across / room_x, down / room_y), exp(fabs(c->zoom)));
}

static double needed(const GArray *corrections, guint from, guint end, double share, double width,
                     double height)
{
    double most = 1;
    for (guint i = from; i < end; i++) {
        struct motion part = {0};
        add(&part, at(corrections, i), share);
        most = fmax(most, path_needed(&part, width, height));
    }
    return most;
}

double path_limit(GArray *corrections, const GArray *motions, double width, double height,
                  double most)
{
    double all = 1;
    for (guint from = 0; from < corrections->len;) {
        const guint end = shot_end(motions, from);
        double share = 1, lower = 0;
        if (needed(corrections, from, end, 1, width, height) > most)
            for (int n = 0; n < 20; n++) { /* halving */
                const double middle = (lower + share) / 2;
                if (needed(corrections, from, end, middle, width, height) > most)
                    share = middle;
                else
                    lower = middle;
            }
        else
            lower = 1;
        for (guint i = from; i < end; i++) {
            struct motion *c = at(corrections, i), whole = *c;
            *c = (struct motion){0};
            add(c, &whole, lower);
        }
        all = fmax(all, needed(corrections, from, end, 1, width, height));
        from = end;
    }
    return all;
}

double path_largest(const GArray *corrections, double width, double height)
{
    double most = 0;
    for (guint i = 0; i < corrections->len; i++) {
        const struct motion *c = at(corrections, i);
        const double corner = hypot(width, height) / 2;
        most = fmax(most, hypot(c->x, c->y) + corner * (fabs(c->angle) + fabs(c->zoom)));
    }
    return most;
}
