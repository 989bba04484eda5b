/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .csp reader: a shaper per channel, then curves or a cube. */
#include "color/look_formats.h"

#include "knots.h"
#include "reader.h"

#include <string.h>

struct csp {
    struct reader reader;
    bool is_cube;
    GArray *in[3], *out[3]; /* double: the shapers' points */
};

static bool expect_line(struct csp *r, const char *what)
{
    struct scan *s = &r->reader.scan;
    if (reader_next(&r->reader))
        return true;
    if (s->errors == 0)
        scan_error(s, s->line, "the file was cut short", "the file ends before %s", what);
    return false;
}

static bool read_head(struct csp *r)
{
    struct scan *s = &r->reader.scan;
    if (!reader_next(&r->reader) || !span_equal_nocase(s->words[0], "CSPLUTV100")) {
        scan_error(s, s->line, "it begins with CSPLUTV100", "this is not a .csp file");
        return false;
    }
    if (!expect_line(r, "1D or 3D"))
        return false;
    r->is_cube = span_equal_nocase(s->words[0], "3D");
    if (r->is_cube || span_equal_nocase(s->words[0], "1D"))
        return true;
    scan_error(s, s->line, "allowed: 1D, 3D", "what kind of table it is should stand here");
    return false;
}

static bool is_metadata(struct scan *s, const char *edge)
{
    return s->count == 2 && span_equal_nocase(s->words[0], edge) &&
           span_equal_nocase(s->words[1], "METADATA");
}

/* Leaves the first line after it. */
static bool skip_metadata(struct csp *r)
{
    struct scan *s = &r->reader.scan;
    if (!expect_line(r, "the shapers"))
        return false;
    if (!is_metadata(s, "BEGIN"))
        return true;
    while (!is_metadata(s, "END"))
        if (!expect_line(r, "END METADATA"))
            return false;
    return expect_line(r, "the shapers");
}

static bool read_list(struct csp *r, int count, GArray *to)
{
    struct scan *s = &r->reader.scan;
    if (!expect_line(r, "the points of a shaper"))
        return false;
    struct span rest = s->line, word;
    while (span_word(&rest, &word)) {
        double value;
        if (!scan_number(s, word, READER_NUMBER_MAX, &value))
            return false;
        g_array_append_val(to, value);
    }
    if (to->len == (guint)count)
        return true;
    scan_error(s, s->line, NULL, "a shaper of %d points has %u numbers on this line", count,
               to->len);
    return false;
}

static bool is_rising(struct csp *r, const GArray *in)
{
    const double *v = (const double *)in->data;
    for (guint i = 1; i < in->len; i++)
        if (v[i] - v[i - 1] < 1e-9) {
            scan_error(&r->reader.scan, r->reader.scan.line,
                       "every input point is larger than the one before",
                       "point %u of the shaper doesn't rise", i + 1);
            return false;
        }
    return true;
}

static const double unit[] = {0, 1};

/* The line with the number of points is the current one. 0 and 1 points are no shaper. */
static bool read_shaper(struct csp *r, int channel)
{
    struct scan *s = &r->reader.scan;
    int count;
    if (!scan_whole(s, s->words[0], "the number of a shaper's points", 0, LOOK_CURVES_MAX, &count))
        return false;
    if (count < 2) {
        g_array_append_vals(r->in[channel], unit, 2);
        g_array_append_vals(r->out[channel], unit, 2);
        return true;
    }
    return read_list(r, count, r->in[channel]) && is_rising(r, r->in[channel]) &&
           read_list(r, count, r->out[channel]);
}

static bool read_shapers(struct csp *r)
{
    struct knots knots[3];
    bool shapes = false;
    for (int c = 0; c < 3; c++) {
        if ((c && !expect_line(r, "the shapers")) || !read_shaper(r, c))
            return false;
        const GArray *in = r->in[c], *out = r->out[c];
        knots[c] = (struct knots){in->len, (const double *)in->data, (const double *)out->data};
        shapes = shapes || memcmp(in->data, out->data, in->len * sizeof(double)) != 0 ||
                 knots[c].in[0] != 0 || knots[c].in[in->len - 1] != 1;
    }
    if (shapes)
        look_add_knots(r->reader.look, knots);
    return true;
}

static bool read_cube_size(struct csp *r, int *size)
{
    struct scan *s = &r->reader.scan;
    int sizes[3];
    if (s->count != 3) {
        scan_error(s, s->line, "such as 33 33 33", "three sizes of the cube are expected here");
        return false;
    }
    for (int c = 0; c < 3; c++)
        if (!scan_whole(s, s->words[c], "the size of the cube", 2, LOOK_CUBE_MAX, &sizes[c]))
            return false;
    *size = sizes[0];
    if (sizes[0] == sizes[1] && sizes[0] == sizes[2])
        return true;
    scan_error(s, s->line, "the same size along red, green and blue",
               "a box of %d x %d x %d is not a cube", sizes[0], sizes[1], sizes[2]);
    return false;
}

static void read_table(struct csp *r)
{
    struct scan *s = &r->reader.scan;
    int size;
    if (!expect_line(r, "the size of the table"))
        return;
    if (r->is_cube
            ? !read_cube_size(r, &size)
            : !scan_whole(s, s->words[0], "the size of the table", 2, LOOK_CURVES_MAX, &size))
        return;
    struct look_table *table =
        look_add_table(r->reader.look, r->is_cube ? LOOK_CUBE : LOOK_CURVES, (unsigned)size);
    const gsize edge = (gsize)size, promised = r->is_cube ? edge * edge * edge : edge;
    gsize rows = 0;
    float row[3];
    while (reader_next(&r->reader)) {
        reader_row(&r->reader, 3, rows, promised, row);
        if (rows == promised)
            return;
        memcpy(table->points[rows++], row, sizeof row);
    }
    reader_too_few(&r->reader, rows, promised);
}

struct look *csp_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct csp r = {0};
    for (int c = 0; c < 3; c++) {
        r.in[c] = g_array_new(FALSE, FALSE, sizeof(double));
        r.out[c] = g_array_new(FALSE, FALSE, sizeof(double));
    }
    if (reader_begin(&r.reader, text, length, name, "a .csp file", diag) && read_head(&r) &&
        skip_metadata(&r) && read_shapers(&r))
        read_table(&r);
    for (int c = 0; c < 3; c++) {
        g_array_unref(r.in[c]);
        g_array_unref(r.out[c]);
    }
    return reader_end(&r.reader);
}
