/* SPDX-License-Identifier: GPL-3.0-or-later
 * Curves of a finished file, as SVG inside the page. A curve is drawn in so many points whatever
 * its length, and what it shows is said in words as well. */
#include "html.h"

#include "escape.h"

#include <math.h>
#include <string.h>

/* Of the drawing, which is stretched to what room there is. */
enum { WIDTH = 400, HEIGHT = 60, POINTS = 200 };

struct plot {
    GString *out;
    const struct glance *glance;
    unsigned id; /* no other on the page has it */
    double length_s;
};

enum { LEAST, MEAN, MOST };

/* Of the values that share point `at` of `count`. */
static int shared(const struct curve *curve, int at, int count, int how)
{
    const int *values = (const int *)(const void *)curve->values->data;
    const int from = (int)((gint64)at * curve->values->len / count);
    const int to = MAX((int)((gint64)(at + 1) * curve->values->len / count), from + 1);
    int least = values[from], most = values[from];
    gint64 sum = 0;
    for (int i = from; i < to; i++) {
        least = MIN(least, values[i]);
        most = MAX(most, values[i]);
        sum += values[i];
    }
    return how == LEAST ? least : how == MOST ? most : (int)(sum / (to - from));
}

static int points_of(const struct curve *curve)
{
    return curve->values ? (int)MIN(curve->values->len, POINTS) : 0;
}

static int least_of(const struct curve *curve)
{
    return shared(curve, 0, 1, LEAST);
}

static int most_of(const struct curve *curve)
{
    return shared(curve, 0, 1, MOST);
}

static int x_of(const struct plot *plot, const struct curve *curve, double at, int count)
{
    double step_s = curve->step_s * curve->values->len / count;
    double share = (curve->from_s + at * step_s) / plot->length_s;
    return (int)lround(CLAMP(share, 0, 1) * WIDTH);
}

static int y_of(int value, int bottom, int top)
{
    double share = top > bottom ? (double)(value - bottom) / (top - bottom) : 0;
    return (int)lround((1 - CLAMP(share, 0, 1)) * HEIGHT);
}

/* --- frame --- */

static void begin(const struct plot *plot, const char *kind, const char *title, const char *words)
{
    append_markup(plot->out,
                  "<figure class=\"plot\"><svg viewBox=\"0 0 %d %d\" preserveAspectRatio=\"none\" "
                  "role=\"img\" aria-labelledby=\"%s-%u %s-%u-d\"><title id=\"%s-%u\">%s</title>"
                  "<desc id=\"%s-%u-d\">%s</desc>",
                  WIDTH, HEIGHT, kind, plot->id, kind, plot->id, kind, plot->id, title, kind,
                  plot->id, words);
}

static void end(const struct plot *plot, const char *title, const char *words)
{
    append_markup(plot->out,
                  "</svg><figcaption aria-hidden=\"true\"><b>%s</b> %s</figcaption></figure>",
                  title, words);
}

static void put_line(const struct plot *plot, const char *class, int y)
{
    append_markup(plot->out, "<path class=\"%s\" d=\"M0 %dH%d\"/>", class, y, WIDTH);
}

static void put_points(const struct plot *plot, const struct curve *curve, int bottom, int top)
{
    const int count = points_of(curve);
    for (int i = 0; i <= count; i++)
        append_markup(plot->out, "%s%d %d", i ? " " : "", x_of(plot, curve, i, count),
                      y_of(shared(curve, MIN(i, count - 1), count, MEAN), bottom, top));
}

static char *number(double value, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    return g_strdup(g_ascii_formatd(text, sizeof text, format, value));
}

/* --- the plots --- */

static void put_waveform(const struct plot *plot)
{
    const struct curve *low = &plot->glance->low, *high = &plot->glance->high;
    const int count = MIN(points_of(low), points_of(high));
    if (!count)
        return;
    const int peak = MAX(most_of(high), -least_of(low));
    g_autofree char *time = seconds_text(plot->length_s);
    g_autofree char *words =
        peak ? g_strdup_printf("peak at %d %% of full scale, over %s", peak, time)
             : g_strdup_printf("silent, over %s", time);
    begin(plot, "wave", "Waveform", words);
    put_line(plot, "grid", HEIGHT / 2);
    g_string_append(plot->out, "<polygon class=\"wave\" points=\"");
    for (int i = 0; i < count; i++)
        append_markup(plot->out, "%d %d ", x_of(plot, high, i + 0.5, count),
                      y_of(shared(high, i, count, MOST), -100, 100));
    for (int i = count; i-- > 0;)
        append_markup(plot->out, "%s%d %d", i < count - 1 ? " " : "",
                      x_of(plot, low, i + 0.5, count),
                      y_of(shared(low, i, count, LEAST), -100, 100));
    g_string_append(plot->out, "\"/>");
    end(plot, "Waveform", words);
}

/* What the check of loudness expects: "-23 LUFS ±0.5". NAN none. */
static double target_of(const GPtrArray *checks)
{
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        char *end_of = NULL;
        double value = check->expected ? g_ascii_strtod(check->expected, &end_of) : NAN;
        if (g_strcmp0(check->name, "loudness") == 0 && end_of != check->expected)
            return value;
    }
    return NAN;
}

static void put_loudness(const struct plot *plot, double target_lufs)
{
    enum { BOTTOM = -500, TOP = 0 }; /* tenths of a LUFS */
    const struct curve *curve = &plot->glance->loudness;
    if (!points_of(curve))
        return;
    g_autofree char *least = number(least_of(curve) / 10.0, "%.1f"),
                    *most = number(most_of(curve) / 10.0, "%.1f"),
                    *target = isfinite(target_lufs) ? number(target_lufs, "%.4g") : NULL;
    g_autofree char *words =
        g_strdup_printf("short-term, %s to %s LUFS%s%s; drawn from -50 to 0 LUFS", least, most,
                        target ? ", target " : "", target ? target : "");
    begin(plot, "loud", "Loudness", words);
    if (target)
        put_line(plot, "target", y_of((int)lround(target_lufs * 10), BOTTOM, TOP));
    g_string_append(plot->out, "<polyline class=\"curve\" points=\"");
    put_points(plot, curve, BOTTOM, TOP);
    g_string_append(plot->out, "\"/>");
    end(plot, "Loudness", words);
}

static char *rate_text(int kbit)
{
    return kbit >= 10000 ? g_strdup_printf("%d Mbit/s", (kbit + 500) / 1000)
                         : g_strdup_printf("%d kbit/s", kbit);
}

static void put_bitrate(const struct plot *plot)
{
    const struct curve *curve = &plot->glance->bitrate;
    const int count = points_of(curve);
    if (!count)
        return;
    const int top = MAX(most_of(curve), 1);
    g_autofree char *least = rate_text(least_of(curve)), *most = rate_text(most_of(curve)),
                    *mean = rate_text(shared(curve, 0, 1, MEAN));
    g_autofree char *words = g_strdup_printf("%s to %s, %s on average", least, most, mean);
    begin(plot, "rate", "Bit rate", words);
    append_markup(plot->out, "<path class=\"rate\" d=\"M%d %d", x_of(plot, curve, 0, count),
                  HEIGHT);
    for (int i = 0; i < count; i++)
        append_markup(plot->out, "V%dH%d", y_of(shared(curve, i, count, MEAN), 0, top),
                      x_of(plot, curve, i + 1, count));
    append_markup(plot->out, "V%dZ\"/>", HEIGHT);
    end(plot, "Bit rate", words);
}

static void put_ssim(const struct plot *plot)
{
    const struct curve *curve = &plot->glance->ssim;
    if (!points_of(curve))
        return;
    const int bottom = MIN(least_of(curve), 900);
    g_autofree char *least = number(least_of(curve) / 1000.0, "%.3f"),
                    *floor = number(bottom / 1000.0, "%.2f");
    g_autofree char *words = g_strdup_printf("at least %s; drawn from %s to 1", least, floor);
    begin(plot, "ssim", "Likeness (SSIM)", words);
    g_string_append(plot->out, "<polyline class=\"curve\" points=\"");
    put_points(plot, curve, bottom, 1000);
    g_string_append(plot->out, "\"/>");
    end(plot, "Likeness (SSIM)", words);
}

static double end_of(const struct curve *curve)
{
    return curve->values ? curve->from_s + curve->step_s * curve->values->len : 0;
}

void html_plots(GString *out, const struct report_output *output, unsigned id)
{
    const struct glance *glance = output->glance;
    if (!glance_has_curves(glance))
        return;
    struct plot plot = {out, glance, id, glance->duration_s};
    if (!(plot.length_s > 0))
        plot.length_s = fmax(fmax(end_of(&glance->low), end_of(&glance->bitrate)),
                             fmax(end_of(&glance->ssim), 0.001));
    g_string_append(out, "<div class=\"plots\">");
    put_waveform(&plot);
    put_loudness(&plot, target_of(output->checks));
    put_bitrate(&plot);
    put_ssim(&plot);
    g_string_append(out, "</div>");
}
