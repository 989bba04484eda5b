/* SPDX-License-Identifier: GPL-3.0-or-later
 * Numbers and their units, to and from text. */
#include "base/unit.h"

#include <float.h>
#include <glib.h>
#include <math.h>
#include <string.h>

/* Every spelling that is read, the one that is written first: the value is number * times / over.
 * Letters of a size tell powers (m, M) and bits from bytes (b, B) apart, so only the others may be
 * in any case. */
static const struct spelling {
    enum unit unit;
    const char *text;
    bool any_case;
    double times, over;
} spellings[] = {
    {UNIT_LUFS, "LUFS", true, 1, 1},
    {UNIT_LUFS, "LKFS", true, 1, 1},
    {UNIT_LU, "LU", true, 1, 1},
    {UNIT_LU, "dB", true, 1, 1},
    {UNIT_DBTP, "dBTP", true, 1, 1},
    {UNIT_DB, "dB", true, 1, 1},
    {UNIT_DBFS, "dBFS", true, 1, 1},
    {UNIT_SECONDS, "s", false, 1, 1},
    {UNIT_SECONDS, "ms", false, 1, 1000},
    {UNIT_SECONDS, "min", false, 60, 1},
    {UNIT_SECONDS, "h", false, 3600, 1},
    {UNIT_HZ, "Hz", true, 1, 1},
    {UNIT_HZ, "kHz", true, 1000, 1},
    {UNIT_BITRATE, "bit/s", false, 1, 1},
    {UNIT_BITRATE, "b/s", false, 1, 1},
    {UNIT_BITRATE, "k", false, 1e3, 1},
    {UNIT_BITRATE, "kb/s", false, 1e3, 1},
    {UNIT_BITRATE, "kbit/s", false, 1e3, 1},
    {UNIT_BITRATE, "M", false, 1e6, 1},
    {UNIT_BITRATE, "Mb/s", false, 1e6, 1},
    {UNIT_BITRATE, "Mbit/s", false, 1e6, 1},
    {UNIT_BYTES, "B", false, 1, 1},
    {UNIT_BYTES, "kB", false, 1e3, 1},
    {UNIT_BYTES, "MB", false, 1e6, 1},
    {UNIT_BYTES, "GB", false, 1e9, 1},
    {UNIT_BYTES, "TB", false, 1e12, 1},
    {UNIT_BYTES, "KiB", false, 1024, 1},
    {UNIT_BYTES, "MiB", false, 1048576, 1},
    {UNIT_BYTES, "GiB", false, 1073741824, 1},
    {UNIT_BYTES, "TiB", false, 1099511627776, 1},
    {UNIT_PERCENT, "%", false, 1, 1},
    {UNIT_PIXELS, "px", true, 1, 1},
    {UNIT_NIT, "nit", true, 1, 1},
    {UNIT_NIT, "nits", true, 1, 1},
    {UNIT_NIT, "cd/m2", true, 1, 1},
    {UNIT_STOPS, "stops", true, 1, 1},
    {UNIT_STOPS, "stop", true, 1, 1},
    {UNIT_KELVIN, "K", false, 1, 1},
    {UNIT_DEGREES, "deg", true, 1, 1},
    {UNIT_DEGREES, "°", false, 1, 1},
};

const char *unit_name(enum unit unit)
{
    for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++)
        if (spellings[i].unit == unit)
            return spellings[i].text;
    return "";
}

static size_t digits(const char *text)
{
    return strspn(text, "0123456789");
}

/* Length of the number at the start of the text; 0 for none. No hex, no "inf", no "5.". */
static size_t number_length(const char *text)
{
    size_t n = *text == '-' || *text == '+';
    size_t whole = digits(text + n);
    n += whole;
    if (text[n] == '.') {
        size_t fraction = digits(text + n + 1);
        if (!fraction)
            return 0;
        n += 1 + fraction;
    } else if (!whole) {
        return 0;
    }
    if (text[n] == 'e' || text[n] == 'E') {
        size_t sign = text[n + 1] == '-' || text[n + 1] == '+';
        size_t exponent = digits(text + n + 1 + sign);
        n += exponent ? 1 + sign + exponent : 0;
    }
    return n;
}

static bool read_number(const char **text, double *out)
{
    size_t length = number_length(*text);
    if (!length)
        return false;
    *out = g_ascii_strtod(*text, NULL);
    *text += length;
    return isfinite(*out);
}

bool number_parse(const char *text, double *out)
{
    double value;
    if (!read_number(&text, &value) || *text)
        return false;
    *out = value;
    return true;
}

/* [HH:]MM:SS[.mmm], with or without a minus. */
static bool read_clock(const char *text, double *out)
{
    bool negative = *text == '-';
    double total = 0, seconds;
    int parts = 0;
    text += negative;
    for (; parts < 2 && strchr(text, ':'); parts++) {
        size_t length = digits(text);
        if (length < 1 || length > 9 || text[length] != ':')
            return false;
        double value = g_ascii_strtod(text, NULL);
        if (parts > 0 && value >= 60)
            return false;
        total = (total + value) * 60;
        text += length + 1;
    }
    if (parts == 0 || strspn(text, "0123456789.") != strlen(text))
        return false;
    if (!number_parse(text, &seconds) || seconds >= 60)
        return false;
    *out = negative ? -(total + seconds) : total + seconds;
    return true;
}

static const struct spelling *find_spelling(enum unit unit, const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++) {
        const struct spelling *s = &spellings[i];
        if (s->unit == unit &&
            (strcmp(s->text, text) == 0 || (s->any_case && g_ascii_strcasecmp(s->text, text) == 0)))
            return s;
    }
    return NULL;
}

bool unit_parse(const char *text, enum unit unit, double *out)
{
    double value;
    if (unit == UNIT_SECONDS && strchr(text, ':'))
        return read_clock(text, out);
    if (!read_number(&text, &value))
        return false;
    if (*text) {
        text += strspn(text, " ");
        const struct spelling *spelling = find_spelling(unit, text);
        if (!spelling)
            return false;
        value = value * spelling->times / spelling->over;
    }
    if (!isfinite(value))
        return false;
    *out = value;
    return true;
}

char *unit_text(double value, enum unit unit)
{
    g_autofree char *number = number_text(value);
    bool glued = unit == UNIT_NONE || unit == UNIT_SECONDS || unit == UNIT_PERCENT;
    return g_strconcat(number, glued ? "" : " ", unit_name(unit), NULL);
}

/* "d.ddde±x" with as few digits as read back the same, or zeros behind them: what fewer than 15
 * digits say, 15 say as well (but below DBL_MIN). */
static void fewest_digits(double value, char *buffer, int size)
{
    int precision = value < DBL_MIN ? 0 : DBL_DIG - 1;
    for (; precision < DBL_DECIMAL_DIG; precision++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%de", precision);
        g_ascii_formatd(buffer, size, format, value);
        if (g_ascii_strtod(buffer, NULL) == value)
            return;
    }
}

/* Digits with a point where the exponent puts it: plain from 1e-7 up to 1e21, as in JSON texts. */
static char *place_point(const char *sign, const char *figures, int exponent)
{
    int count = (int)strlen(figures);
    if (exponent < -7 || exponent >= 21)
        return g_strdup_printf("%s%c%s%se%d", sign, *figures, count > 1 ? "." : "", figures + 1,
                               exponent);
    if (exponent < 0)
        return g_strdup_printf("%s0.%.*s%s", sign, -exponent - 1, "0000000", figures);
    if (exponent + 1 >= count)
        return g_strdup_printf("%s%s%.*s", sign, figures, exponent + 1 - count,
                               "00000000000000000000");
    return g_strdup_printf("%s%.*s.%s", sign, exponent + 1, figures, figures + exponent + 1);
}

static void strip_zeros(char *figures)
{
    for (size_t length = strlen(figures); length > 1 && figures[length - 1] == '0'; length--)
        figures[length - 1] = '\0';
}

double seconds_shown(double seconds)
{
    return fabs(seconds) < 0.0005 ? 0 : seconds;
}

char *number_text(double value)
{
    char text[40], figures[20];
    if (value == 0)
        return g_strdup("0");
    if (!isfinite(value))
        return g_strdup(isnan(value) ? "nan" : value < 0 ? "-inf" : "inf");
    fewest_digits(fabs(value), text, sizeof text);
    char *mark = strchr(text, 'e');
    int exponent = (int)g_ascii_strtoll(mark + 1, NULL, 10);
    *mark = '\0';
    figures[0] = text[0];
    g_strlcpy(figures + 1, text[1] ? text + 2 : "", sizeof figures - 1);
    strip_zeros(figures);
    return place_point(value < 0 ? "-" : "", figures, exponent);
}
