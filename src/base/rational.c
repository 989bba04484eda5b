/* SPDX-License-Identifier: GPL-3.0-or-later
 * Exact ratios, through 128-bit products where 64 would overflow. */
#include "base/rational.h"

#include <glib.h>

__extension__ typedef __int128 wide;

/* Frame rates written as decimals that mean n*1000/1001 (SMPTE ST 12-1). */
static const struct {
    int thousandths, nominal;
} ntsc_rates[] = {
    {23976, 24}, {23980, 24}, {29970, 30}, {47952, 48}, {59940, 60}, {119880, 120},
};

static wide gcd(wide a, wide b)
{
    while (b) {
        wide rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

static struct rational reduce(wide num, wide den)
{
    wide common = gcd(num, den);
    if (den == 0 || num == 0)
        return (struct rational){0, 1};
    if (den < 0)
        common = -common;
    num /= common;
    den /= common;
    if (num < INT64_MIN || num > INT64_MAX || den > INT64_MAX)
        return (struct rational){0, 1};
    return (struct rational){(int64_t)num, (int64_t)den};
}

struct rational rational_make(int64_t num, int64_t den)
{
    return reduce(num, den);
}

double rational_value(struct rational r)
{
    return r.den ? (double)r.num / (double)r.den : 0;
}

bool rational_equal(struct rational a, struct rational b)
{
    return (wide)a.num * b.den == (wide)b.num * a.den;
}

static bool append_digit(int64_t *number, int digit)
{
    return !__builtin_mul_overflow(*number, 10, number) &&
           !__builtin_add_overflow(*number, digit, number);
}

/* Digits with at most one point. */
static bool read_decimal(const char **text, struct rational *out, bool *has_point)
{
    const char *p = *text;
    *out = (struct rational){0, 1};
    *has_point = false;
    for (; g_ascii_isdigit(*p) || (*p == '.' && !*has_point); p++) {
        if (*p == '.')
            *has_point = true;
        else if (!append_digit(&out->num, *p - '0') || (*has_point && !append_digit(&out->den, 0)))
            return false;
    }
    if (p == *text || !g_ascii_isdigit(p[-1]))
        return false;
    *text = p;
    return true;
}

static struct rational as_ntsc(struct rational r)
{
    for (size_t i = 0; i < G_N_ELEMENTS(ntsc_rates); i++)
        if (rational_equal(r, (struct rational){ntsc_rates[i].thousandths, 1000}))
            return rational_make((int64_t)ntsc_rates[i].nominal * 1000, 1001);
    return r;
}

bool rational_parse(const char *text, struct rational *out)
{
    struct rational left, right = {1, 1};
    bool point, right_point;
    bool negative = *text == '-';
    text += negative;
    if (!read_decimal(&text, &left, &point))
        return false;
    if (*text == '/' || *text == ':') {
        text++;
        if (!read_decimal(&text, &right, &right_point) || right.num == 0)
            return false;
    } else if (point) {
        left = as_ntsc(left);
    }
    if (*text)
        return false;
    struct rational r = reduce((wide)left.num * right.den, (wide)left.den * right.num);
    if (r.num == 0 && left.num != 0)
        return false;
    *out = (struct rational){negative ? -r.num : r.num, r.den};
    return true;
}

char *rational_text(struct rational r)
{
    if (r.den == 1)
        return g_strdup_printf("%" G_GINT64_FORMAT, r.num);
    return g_strdup_printf("%" G_GINT64_FORMAT "/%" G_GINT64_FORMAT, r.num, r.den);
}

int64_t rescale(int64_t value, int64_t mul, int64_t div)
{
    g_return_val_if_fail(div > 0, 0);
    wide product = (wide)value * mul;
    wide half = div / 2;
    wide result = (product < 0 ? product - half : product + half) / div;
    return (int64_t)CLAMP(result, INT64_MIN, INT64_MAX);
}
