/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .spi3d reader: every row says where it stands. */
#include "color/look_formats.h"

#include "reader.h"

struct spi3d {
    struct reader reader;
    struct look_table *table;
    guint8 *filled; /* per point */
    gsize rows, promised;
};

static bool read_magic(struct spi3d *r)
{
    struct scan *s = &r->reader.scan;
    if (reader_next(&r->reader) && span_equal_nocase(s->words[0], "SPILUT"))
        return true;
    scan_error(s, s->line, "it begins with \"SPILUT 1.0\"", "this is not a .spi3d file");
    return false;
}

static bool read_wholes(struct spi3d *r, const char *what, int count, int least, int most, int *out)
{
    struct scan *s = &r->reader.scan;
    if (!reader_next(&r->reader) || s->count != count) {
        scan_error(s, s->line, NULL, "%s: %d whole numbers expected", what, count);
        return false;
    }
    for (int i = 0; i < count; i++)
        if (!scan_whole(s, s->words[i], what, least, most, &out[i]))
            return false;
    return true;
}

static bool open_table(struct spi3d *r)
{
    struct scan *s = &r->reader.scan;
    int counts[2], size[3];
    if (!read_wholes(r, "the number of inputs and outputs", 2, 3, 3, counts) ||
        !read_wholes(r, "the size of the cube", 3, 2, LOOK_CUBE_MAX, size))
        return false;
    if (size[0] != size[1] || size[0] != size[2]) {
        scan_error(s, s->line, "the same size along red, green and blue",
                   "a box of %d x %d x %d is not a cube", size[0], size[1], size[2]);
        return false;
    }
    r->table = look_add_table(r->reader.look, LOOK_CUBE, (unsigned)size[0]);
    r->promised = (gsize)size[0] * (gsize)size[0] * (gsize)size[0];
    r->filled = g_malloc0(r->promised);
    return true;
}

static bool read_place(struct spi3d *r, gsize *place)
{
    static const char *const names[] = {"the place along red", "the place along green",
                                        "the place along blue"};
    struct scan *s = &r->reader.scan;
    const int last = (int)r->table->size - 1;
    int at[3];
    for (int c = 0; c < 3; c++)
        if (!scan_whole(s, s->words[c], names[c], 0, last, &at[c]))
            return false;
    const gsize n = r->table->size;
    *place = (gsize)at[0] + n * ((gsize)at[1] + n * (gsize)at[2]);
    return true;
}

static void read_row(struct spi3d *r)
{
    struct scan *s = &r->reader.scan;
    gsize place;
    double value[3];
    if (s->count != 6) {
        scan_error(s, s->line, "three places, then red, green and blue",
                   "a row of the table has 6 numbers, not %d", s->count);
        return;
    }
    if (!read_place(r, &place) || !reader_numbers(&r->reader, 3, 3, value))
        return;
    if (r->filled[place]) {
        scan_error(s, s->line, "every point stands in the file once", "this point stands before");
        return;
    }
    r->filled[place] = 1;
    r->rows++;
    for (int c = 0; c < 3; c++)
        r->table->points[place][c] = (float)value[c];
}

struct look *spi3d_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct spi3d r = {0};
    if (reader_begin(&r.reader, text, length, name, "a .spi3d file", diag) && read_magic(&r) &&
        open_table(&r)) {
        while (reader_next(&r.reader))
            read_row(&r);
        reader_too_few(&r.reader, r.rows, r.promised);
    }
    g_free(r.filled);
    return reader_end(&r.reader);
}
