/* SPDX-License-Identifier: GPL-3.0-or-later
 * `text`: moving picture. */
#include "../programme.h"
#include "text.h"

#include <math.h>

video_face text_video;

enum running { RUNNING_NONE, RUNNING_TIMECODE, RUNNING_FRAME, RUNNING_TIME };

/* Plain words for drawtext's "normal" expansion: its two special characters are escaped. */
static char *words(const struct text *text)
{
    GString *escaped = g_string_new(NULL);
    for (const char *c = text->text ? text->text : ""; *c; c++) {
        if (*c == '\\' || *c == '%')
            g_string_append_c(escaped, '\\');
        g_string_append_c(escaped, *c);
    }
    if (text->text && text->running)
        g_string_append(escaped, "  ");
    if (text->running == RUNNING_FRAME)
        g_string_append(escaped, "%{frame_num}");
    else if (text->running == RUNNING_TIME)
        g_string_append(escaped, "%{pts:hms}");
    return g_string_free(escaped, FALSE);
}

static char *enable_expression(double from_s, double to_s)
{
    char from[32], to[32];
    g_ascii_formatd(from, sizeof from, "%.6f", isnan(from_s) ? 0 : from_s);
    g_ascii_formatd(to, sizeof to, "%.6f", isnan(to_s) ? 1e9 : to_s);
    return g_strdup_printf("gte(t,%s)*lt(t,%s)", from, to);
}

static char *color_text(struct rgba color)
{
    return g_strdup_printf("0x%02x%02x%02x%02x", color.r, color.g, color.b, color.a);
}

/* What drawtext counts timecode from and at; false when it can't. */
static bool timecode_start(struct chain *chain, char **start, char **rate, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    if (!shape->fps.num)
        return fail(failure, FAIL_CONFIG,
                    "text.running: timecode needs a constant frame rate: put fps before text");
    if (!shape->timecode[0])
        chain_note(chain, "the source has no timecode: the burnt-in one counts from 00:00:00:00");
    *start = g_strdup(shape->timecode[0] ? shape->timecode : "00:00:00:00");
    *rate = rational_text(shape->fps);
    return true;
}

static bool draw(struct chain *chain, const struct text *text, const char *enable,
                 struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    int size = MAX(extent_pixels(text->size, shape->height, 0), 6);
    char x[64], y[64], size_text[16], border[16];
    place_expressions((enum place)text->place, extent_pixels(text->margin, shape->height, 0), "w",
                      "text_w", "h", "text_h", x, y);
    g_snprintf(size_text, sizeof size_text, "%d", size);
    g_snprintf(border, sizeof border, "%d", size / 3);
    g_autofree char *body = words(text);
    g_autofree char *color = color_text(text->color);
    g_autofree char *box = color_text(text->box);
    g_autofree char *start = NULL;
    g_autofree char *rate = NULL;
    if (text->running != RUNNING_TIMECODE)
        return chain_filter(chain, failure, "drawtext", "text", body, "font", "DejaVu Sans",
                            "fontsize", size_text, "fontcolor", color, "box",
                            text->box.a ? "1" : "0", "boxcolor", box, "boxborderw", border, "x", x,
                            "y", y, "enable", enable, NULL);
    return timecode_start(chain, &start, &rate, failure) &&
           chain_filter(chain, failure, "drawtext", "text", body, "timecode", start,
                        "timecode_rate", rate, "font", "DejaVu Sans", "fontsize", size_text,
                        "fontcolor", color, "box", text->box.a ? "1" : "0", "boxcolor", box,
                        "boxborderw", border, "x", x, "y", y, "enable", enable, NULL);
}

bool text_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    static const char *const counters[] = {"", ", with timecode", ", with frame numbers",
                                           ", with the time"};
    const struct text *text = params;
    struct programme programme = programme_before(env);
    double from_s, to_s;
    if (!programme_resolve(&programme, &text->from, NAN, "text.from", &from_s, failure) ||
        !programme_resolve(&programme, &text->to, NAN, "text.to", &to_s, failure))
        return false;
    g_autofree char *enable = enable_expression(from_s, to_s);
    chain_note(chain, "wrote \"%s\"%s", text->text ? text->text : "", counters[text->running]);
    return chain_plain(chain, failure) && draw(chain, text, enable, failure);
}
