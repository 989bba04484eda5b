/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the line-based readers of looks have in common. */
#include "reader.h"

bool reader_begin(struct reader *r, const char *text, gsize length, const char *name,
                  const char *what, struct diag *diag)
{
    r->look = look_create(name, text, length);
    r->look->summary = g_strdup("LUT");
    scan_init(&r->scan, text, length, name, diag);
    return scan_is_text(&r->scan, what);
}

struct look *reader_end(struct reader *r)
{
    if (r->scan.errors == 0)
        return r->look;
    look_destroy(r->look);
    return NULL;
}

bool reader_next(struct reader *r)
{
    return r->scan.errors < READER_ERRORS_MAX && scan_next(&r->scan);
}

bool reader_numbers(struct reader *r, int first, int count, double *out)
{
    struct scan *s = &r->scan;
    if (s->count != first + count) {
        scan_error(s, s->line, NULL, "%d number%s expected here, not %d", count,
                   count == 1 ? " is" : "s are", s->count - first);
        return false;
    }
    bool good = true;
    for (int i = 0; i < count; i++)
        good = scan_number(s, s->words[first + i], READER_NUMBER_MAX, &out[i]) && good;
    return good;
}

bool reader_row(struct reader *r, int channels, gsize row, gsize promised, float out[3])
{
    double value[3] = {0};
    if (row >= promised) {
        scan_error(&r->scan, r->scan.line, "correct the size, or remove the rows",
                   "the header promises %" G_GSIZE_FORMAT " rows, and here is one more", promised);
        return false;
    }
    const bool good = reader_numbers(r, 0, channels, value);
    for (int c = 0; c < 3; c++)
        out[c] = (float)value[channels == 1 ? 0 : c];
    return good;
}

void reader_too_few(struct reader *r, gsize rows, gsize promised)
{
    if (rows < promised && r->scan.errors == 0)
        scan_error(&r->scan, r->scan.line, "the file was cut short, or its size is wrong",
                   "the table ends after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows", rows,
                   promised);
}
