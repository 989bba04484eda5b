/* SPDX-License-Identifier: GPL-3.0-or-later
 * Timecode labels to frame counts and back (SMPTE ST 12-1). */
#include "base/timecode.h"

#include <glib.h>
#include <math.h>
#include <string.h>

/* Frame numbers skipped in each minute that isn't a tenth. */
static int dropped(int rate, bool drop)
{
    return drop ? rate / 15 : 0;
}

static bool allows_drop(struct rational fps, int rate)
{
    return (rate == 30 || rate == 60) && fabs(rational_value(fps) - rate / 1.001) < 0.005;
}

/* Two digits (three for a frame number when the rate needs them) and the sign that follows. */
static bool read_field(const char **text, int max_digits, int *out)
{
    int digits = 0;
    *out = 0;
    for (; digits < max_digits && g_ascii_isdigit(**text); digits++, ++*text)
        *out = *out * 10 + (**text - '0');
    return digits >= 2;
}

static bool read_label(const char *text, int field[4], bool *drop)
{
    for (int i = 0; i < 3; i++) {
        if (!read_field(&text, 2, &field[i]))
            return false;
        *drop = *text == ';' && i == 2;
        if (*text != ':' && !*drop)
            return false;
        text++;
    }
    return read_field(&text, 3, &field[3]) && !*text && field[0] < 24 && field[1] < 60 &&
           field[2] < 60;
}

bool timecode_parse(const char *text, struct rational fps, struct timecode *out)
{
    int f[4];
    bool drop;
    if (!read_label(text, f, &drop))
        return false;
    *out = (struct timecode){.drop = drop};
    if (fps.num == 0)
        return f[3] < 100;
    double nominal = round(rational_value(fps));
    if (!(nominal >= 1 && nominal <= 1000))
        return false;
    int rate = (int)nominal, skip = dropped(rate, drop);
    if (f[3] >= rate || (drop && !allows_drop(fps, rate)))
        return false;
    if (f[1] % 10 != 0 && f[2] == 0 && f[3] < skip)
        return false;
    int64_t minutes = f[0] * 60 + f[1];
    out->rate = rate;
    out->frame = (minutes * 60 + f[2]) * rate + f[3] - skip * (minutes - minutes / 10);
    return true;
}

bool timecode_without_drop(const char *text, struct rational fps, char out[16])
{
    struct timecode tc;
    g_strlcpy(out, text, 16);
    if (fps.num == 0 || timecode_parse(text, fps, &tc))
        return false;
    g_strdelimit(out, ";", ':');
    bool better = strcmp(out, text) != 0 && timecode_parse(out, fps, &tc);
    if (!better)
        g_strlcpy(out, text, 16);
    return better;
}

struct timecode timecode_at_rate(struct timecode tc, struct rational from, struct rational to)
{
    int rate = (int)ceil(rational_value(to) - 0.001);
    struct timecode out = {.rate = rate, .drop = tc.drop && allows_drop(to, rate)};
    if (out.drop && rate > tc.rate)
        out.frame = tc.frame * (rate / tc.rate);
    else if (out.drop)
        out.frame = tc.frame / (tc.rate / rate);
    else if (tc.drop)
        out.frame = llround((double)tc.frame / rational_value(from) * rate);
    else
        out.frame = tc.frame / tc.rate * rate + rescale(tc.frame % tc.rate, rate, tc.rate);
    return out;
}

static int64_t ten_minutes(struct timecode tc)
{
    return tc.rate * INT64_C(600) - 9 * dropped(tc.rate, tc.drop);
}

int64_t timecode_day(struct timecode tc)
{
    return ten_minutes(tc) * 6 * 24;
}

/* The frame's number when none were skipped. */
static int64_t label_number(struct timecode tc)
{
    int64_t skip = dropped(tc.rate, tc.drop), day = timecode_day(tc);
    int64_t in_minute = tc.rate * 60 - skip, in_ten = ten_minutes(tc);
    int64_t frame = tc.frame % day;
    if (frame < 0)
        frame += day;
    int64_t tens = frame / in_ten, rest = frame % in_ten;
    int64_t minutes = rest < skip ? 0 : (rest - skip) / in_minute;
    return frame + skip * (9 * tens + minutes);
}

char *timecode_text(struct timecode tc)
{
    int64_t rate = MAX(tc.rate, 1), number = tc.rate > 0 ? label_number(tc) : 0;
    int64_t seconds = number / rate;
    const int digits = rate > 100 ? 3 : 2;
    return g_strdup_printf("%02d:%02d:%02d%c%0*d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
                           (int)(seconds % 60), tc.drop ? ';' : ':', digits, (int)(number % rate));
}
