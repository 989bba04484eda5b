/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lines, words and numbers of the colour text formats. */
#include "scan.h"

#include "base/file.h"

#include <string.h>

#define SHOWN_MAX 40
#define WARNINGS_MAX 100 /* more aren't kept by anybody */

static gsize length_of(struct span s)
{
    return (gsize)(s.end - s.start);
}

char *span_shown(struct span span)
{
    g_autofree char *text = g_strndup(span.start, MIN(length_of(span), SHOWN_MAX));
    return path_display(text);
}

bool span_equal_nocase(struct span span, const char *text)
{
    return strlen(text) == length_of(span) &&
           g_ascii_strncasecmp(span.start, text, length_of(span)) == 0;
}

static int characters(const char *from, const char *to)
{
    int count = 0;
    for (; from < to; from++)
        count += ((guchar)*from & 0xc0) != 0x80;
    return count;
}

struct mark scan_mark(struct scan *s, struct span at)
{
    if (!s->told_source && s->file)
        diag_add_source(s->diag, s->file, s->text.start, length_of(s->text));
    s->told_source = true;
    if (!s->number || at.start < s->whole.start || at.end > s->whole.end)
        return (struct mark){s->file, s->number, 0, 0};
    const int column = 1 + characters(s->whole.start, at.start);
    return (struct mark){s->file, s->number, column, column + characters(at.start, at.end)};
}

void scan_report(struct scan *s, enum severity severity, struct span at, const char *hint,
                 const char *format, ...)
{
    if (severity == DIAG_WARNING && s->warnings++ >= WARNINGS_MAX)
        return;
    const struct mark mark = scan_mark(s, at);
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    s->errors += severity == DIAG_ERROR;
    diag_report(s->diag, severity, mark, hint, "%s", message);
}

void scan_init(struct scan *s, const char *text, gsize length, const char *file, struct diag *diag)
{
    text = text ? text : ""; /* an empty mapped file */
    *s = (struct scan){.file = g_intern_string(file), .diag = diag};
    s->had_bom = length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0;
    s->text = (struct span){text + (s->had_bom ? 3 : 0), text + length};
    s->next = s->text.start;
}

bool scan_is_text(struct scan *s, const char *what)
{
    const struct mark mark = {.file = s->file};
    if (memchr(s->text.start, '\0', length_of(s->text))) {
        g_autofree char *hint =
            g_strdup_printf("%s is plain text in ASCII or UTF-8 (not UTF-16)", what);
        diag_error(s->diag, mark, hint, "this is not a text file");
        s->errors++;
        return false;
    }
    if (s->had_bom)
        diag_warning(s->diag, mark, "read all the same, but other programs may refuse it",
                     "the file begins with a byte order mark");
    return true;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\f' || c == '\v';
}

/* "1.#INF" must stay a bad number and not become the number 1. before a comment. */
static const char *comment_or_end(struct span line)
{
    for (const char *p = line.start; p < line.end; p++)
        if (*p == '#' && (p == line.start || is_blank(p[-1])))
            return p;
    return line.end;
}

static void take_line(struct scan *s)
{
    const char *p = s->next, *const end = s->text.end;
    while (p < end && *p != '\n' && *p != '\r')
        p++;
    s->whole = s->line = (struct span){s->next, p};
    if (p < end)
        p += 1 + (p + 1 < end && p[0] == '\r' && p[1] == '\n');
    s->next = p;
    s->number++;

    s->line.end = comment_or_end(s->whole);
    while (s->line.start < s->line.end && is_blank(*s->line.start))
        s->line.start++;
    while (s->line.end > s->line.start && is_blank(s->line.end[-1]))
        s->line.end--;
}

bool span_word(struct span *rest, struct span *word)
{
    const char *p = rest->start;
    while (p < rest->end && is_blank(*p))
        p++;
    word->start = p;
    while (p < rest->end && !is_blank(*p))
        p++;
    rest->start = word->end = p;
    return word->end > word->start;
}

static void split(struct scan *s)
{
    struct span rest = s->line, word;
    for (s->count = 0; span_word(&rest, &word); s->count++)
        if (s->count < SCAN_WORDS)
            s->words[s->count] = word;
}

bool scan_next(struct scan *s)
{
    while (s->next < s->text.end) {
        take_line(s);
        split(s);
        if (s->count)
            return true;
    }
    return false;
}

bool scan_line(struct scan *s)
{
    if (s->next >= s->text.end)
        return false;
    take_line(s);
    s->line = s->whole;
    return true;
}

void scan_place(struct scan *s, const char *at)
{
    if (at < s->text.start || at > s->text.end)
        return;
    if (!s->number || at < s->whole.start) {
        s->next = s->text.start;
        s->number = 0;
        scan_line(s);
    }
    while (at >= s->next && scan_line(s))
        ;
}

static const char *skip_sign(struct span s)
{
    return s.start < s.end && (*s.start == '-' || *s.start == '+') ? s.start + 1 : s.start;
}

static const char *skip_digits(struct span s)
{
    while (s.start < s.end && g_ascii_isdigit(*s.start))
        s.start++;
    return s.start;
}

/* [sign] digits [. digits] [e [sign] digits], with a digit on one side of the point at least. */
static bool is_decimal(struct span s)
{
    s.start = skip_sign(s);
    const char *const whole = skip_digits(s);
    gsize digits = (gsize)(whole - s.start);
    s.start = whole;
    if (s.start < s.end && *s.start == '.') {
        s.start++;
        const char *const fraction = skip_digits(s);
        digits += (gsize)(fraction - s.start);
        s.start = fraction;
    }
    if (digits && s.start < s.end && (*s.start == 'e' || *s.start == 'E')) {
        s.start++;
        s.start = skip_sign(s);
        const char *const exponent = skip_digits(s);
        digits = (gsize)(exponent - s.start);
        s.start = exponent;
    }
    return digits && s.start == s.end;
}

static double to_double(struct span s)
{
    char buffer[64];
    if (length_of(s) < sizeof buffer) {
        memcpy(buffer, s.start, length_of(s));
        buffer[length_of(s)] = '\0';
        return g_ascii_strtod(buffer, NULL);
    }
    g_autofree char *text = g_strndup(s.start, length_of(s));
    return g_ascii_strtod(text, NULL);
}

bool scan_number(struct scan *s, struct span word, double limit, double *out)
{
    if (!is_decimal(word)) {
        g_autofree char *shown = span_shown(word);
        const bool comma = memchr(word.start, ',', length_of(word));
        scan_error(s, word,
                   comma
                       ? "write decimal points and spaces between numbers; the program that wrote "
                         "this used a locale with decimal commas (such as de_DE): export it again"
                       : "a finite decimal number, such as 0.25 or 1e-3",
                   "\"%s\" is not a number", shown);
        return false;
    }
    *out = to_double(word);
    if (*out >= -limit && *out <= limit)
        return true;
    g_autofree char *shown = span_shown(word);
    g_autofree char *hint = g_strdup_printf("allowed: %.0f to %.0f", -limit, limit);
    scan_error(s, word, hint, "\"%s\" is too large", shown);
    return false;
}

bool scan_whole(struct scan *s, struct span word, const char *what, int least, int most, int *out)
{
    const bool is_whole = skip_digits(word) == word.end && length_of(word) <= 9;
    const double value = is_whole ? to_double(word) : 0;
    if (is_whole && value >= least && value <= most) {
        *out = (int)value;
        return true;
    }
    g_autofree char *shown = span_shown(word);
    g_autofree char *hint = g_strdup_printf("a whole number from %d to %d", least, most);
    scan_error(s, word, hint, "%s can't be \"%s\"", what, shown);
    return false;
}
