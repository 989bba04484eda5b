/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places in a programme: read, written, and found once the programme is known. */
#include "base/timecode.h"
#include "base/unit.h"

#include <glib.h>
#include <math.h>
#include <string.h>

static const double max_frames = 1e12;

static bool is_timecode(const char *text)
{
    const char *sign = text;
    int signs = 0;
    for (; (sign = strpbrk(sign, ":;")); sign++)
        signs++;
    return signs == 3;
}

static bool parse_timecode(const char *text, struct position *out)
{
    struct timecode tc;
    if (out->from_end || strlen(text) >= sizeof out->timecode ||
        !timecode_parse(text, (struct rational){0, 1}, &tc))
        return false;
    out->kind = POSITION_TIMECODE;
    g_strlcpy(out->timecode, text, sizeof out->timecode);
    return true;
}

static bool parse_frames(const char *text, struct position *out)
{
    g_autofree char *number = g_strndup(text, strlen(text) - 1);
    g_strchomp(number);
    out->kind = POSITION_FRAMES;
    return number_parse(number, &out->value) && out->value == floor(out->value) &&
           out->value <= max_frames;
}

bool position_parse(const char *text, struct position *out)
{
    struct position p = {.from_end = *text == '-'};
    const char *value = text + p.from_end;
    bool good;
    if (!*text) {
        *out = p;
        return true;
    }
    if (!g_ascii_isdigit(*value) && *value != '.')
        return false;
    if (is_timecode(value)) {
        good = parse_timecode(value, &p);
    } else if (g_str_has_suffix(value, "f")) {
        good = parse_frames(value, &p);
    } else if (g_str_has_suffix(value, "%")) {
        p.kind = POSITION_PERCENT;
        good = unit_parse(value, UNIT_PERCENT, &p.value);
    } else {
        p.kind = POSITION_SECONDS;
        good = unit_parse(value, UNIT_SECONDS, &p.value);
    }
    if (good)
        *out = p;
    return good;
}

char *position_text(const struct position *p)
{
    g_autofree char *value = NULL;
    switch (p->kind) {
    case POSITION_NONE:
        return g_strdup("");
    case POSITION_TIMECODE:
        return g_strdup(p->timecode);
    case POSITION_SECONDS:
        value = unit_text(p->value, UNIT_SECONDS);
        break;
    case POSITION_PERCENT:
        value = unit_text(p->value, UNIT_PERCENT);
        break;
    case POSITION_FRAMES:
        value = g_strdup_printf("%.0ff", p->value);
        break;
    }
    return g_strconcat(p->from_end ? "-" : "", value, NULL);
}

/* What resolving works on; a resolver returns a reason, or NULL after setting *seconds. */
struct programme {
    double duration_s; /* 0 unknown */
    struct rational fps;
    const char *start;
};

static const char *const no_duration = "the duration of the source isn't known";
static const char *const no_rate = "the source has no frame rate: write a time, as 2s";

static double frame_time(int64_t frame, struct rational fps)
{
    return (double)(frame * fps.den) / (double)fps.num;
}

/* Counted from the last frame when the duration is a whole number of frames (to 1/100). */
static double frame_time_from_end(int64_t frames, const struct programme *in)
{
    double total = in->duration_s * rational_value(in->fps);
    if (fabs(total - round(total)) < 0.01)
        return frame_time(llround(total) - frames, in->fps);
    return in->duration_s - frame_time(frames, in->fps);
}

static char *resolve_frames(const struct position *p, const struct programme *in, double *seconds)
{
    if (in->fps.num <= 0)
        return g_strdup(no_rate);
    *seconds = p->from_end ? frame_time_from_end((int64_t)p->value, in)
                           : frame_time((int64_t)p->value, in->fps);
    return NULL;
}

static int64_t frames_per_day(struct timecode tc)
{
    /* Nine minutes in ten skip rate / 15 numbers. */
    return (int64_t)tc.rate * 86400 - (tc.drop ? tc.rate / 15 * 9 * 6 * 24 : 0);
}

static char *resolve_timecode(const struct position *p, const struct programme *in, double *seconds)
{
    struct timecode start, at;
    if (in->fps.num <= 0)
        return g_strdup(no_rate);
    if (!in->start || !timecode_parse(in->start, in->fps, &start))
        return g_strdup("the source has no start timecode");
    char label[sizeof p->timecode];
    g_strlcpy(label, p->timecode, sizeof label);
    if (start.drop)
        label[8] = ';';
    if (!timecode_parse(label, in->fps, &at) || at.drop != start.drop) {
        g_autofree char *rate = rational_text(in->fps);
        return g_strdup_printf("no frame has that timecode at %s frames per second%s", rate,
                               start.drop ? ", drop-frame" : "");
    }
    int64_t frames = at.frame - start.frame;
    int64_t next_day = frames + frames_per_day(start);
    if (frames < 0 && frame_time(next_day, in->fps) <= in->duration_s)
        frames = next_day;
    *seconds = frame_time(frames, in->fps);
    return NULL;
}

static char *resolve(const struct position *p, const struct programme *in, double *seconds)
{
    if ((p->from_end || p->kind == POSITION_PERCENT) && !(in->duration_s > 0))
        return g_strdup(no_duration);
    switch (p->kind) {
    case POSITION_FRAMES:
        return resolve_frames(p, in, seconds);
    case POSITION_TIMECODE:
        return resolve_timecode(p, in, seconds);
    case POSITION_PERCENT:
        *seconds = (p->from_end ? 100 - p->value : p->value) * in->duration_s / 100;
        return NULL;
    case POSITION_SECONDS:
        *seconds = p->from_end ? in->duration_s - p->value : p->value;
        return NULL;
    case POSITION_NONE:
        break;
    }
    return g_strdup("no position is given");
}

/* Containers round their durations, some to a millisecond: a frame is as far off as half of one. */
static double slack(const struct position *p, const struct programme *in)
{
    bool counted = p->kind == POSITION_FRAMES || p->kind == POSITION_TIMECODE;
    return counted ? frame_time(1, in->fps) / 2 : 1e-6;
}

static char *out_of_range(const struct position *p, const struct programme *in, double seconds)
{
    bool after = in->duration_s > 0 && seconds > in->duration_s + slack(p, in);
    if (!after && seconds >= 0)
        return NULL;
    if (!(in->duration_s > 0))
        return g_strdup("it lies before the start of the source");
    g_autofree char *length = number_text(round(in->duration_s * 1000) / 1000);
    return g_strdup_printf("it lies %s of the source, which is %ss long",
                           after ? "after the end" : "before the start", length);
}

bool position_resolve(const struct position *p, double duration_s, struct rational fps,
                      const char *start_timecode, double *seconds, char **why)
{
    struct programme in = {duration_s, fps, start_timecode};
    double found = 0;
    g_autofree char *reason = resolve(p, &in, &found);
    if (!reason)
        reason = out_of_range(p, &in, found);
    bool good = !reason;
    if (good)
        *seconds = found;
    if (why)
        *why = g_steal_pointer(&reason);
    return good;
}
