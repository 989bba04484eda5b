/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .spi1d reader: four words, then rows between braces. */
#include "color/look_formats.h"

#include "reader.h"

enum keyword { VERSION, FROM, LENGTH, COMPONENTS, KEYWORDS };

static const struct {
    const char *name;
    int numbers, least, most; /* most 0: not a whole number */
} keywords[KEYWORDS] = {
    {"Version", 1, 1, 1},
    {"From", 2, 0, 0},
    {"Length", 1, 2, LOOK_CURVES_MAX},
    {"Components", 1, 1, 3},
};

struct spi1d {
    struct reader reader;
    int seen[KEYWORDS]; /* the line it stands on; 0: nowhere */
    int whole[KEYWORDS];
    double from[2];
    struct look_table *table; /* NULL before the brace */
    gsize rows;
    bool closed;
};

static void read_value(struct spi1d *r, enum keyword k)
{
    struct scan *s = &r->reader.scan;
    if (keywords[k].most == 0)
        reader_numbers(&r->reader, 1, keywords[k].numbers, r->from);
    else if (s->count != 2)
        scan_error(s, s->line, NULL, "%s takes 1 number, not %d", keywords[k].name, s->count - 1);
    else
        scan_whole(s, s->words[1], keywords[k].name, keywords[k].least, keywords[k].most,
                   &r->whole[k]);
    if (k == COMPONENTS && r->whole[k] == 2)
        scan_error(s, s->words[1], "1 for one curve, 3 for red, green and blue",
                   "two components say nothing about the third channel");
}

static void read_keyword(struct spi1d *r)
{
    struct scan *s = &r->reader.scan;
    enum keyword k = VERSION;
    while (k < KEYWORDS && !span_equal_nocase(s->words[0], keywords[k].name))
        k++;
    g_autofree char *word = span_shown(s->words[0]);
    if (k == KEYWORDS) {
        scan_error(s, s->words[0], "allowed: Version, From, Length, Components, then { rows }",
                   "\"%s\" is not a word of .spi1d files", word);
    } else if (r->seen[k]) {
        scan_error(s, s->words[0], NULL, "%s stands on line %d already", keywords[k].name,
                   r->seen[k]);
    } else {
        r->seen[k] = s->number;
        read_value(r, k);
    }
}

static void open_table(struct spi1d *r)
{
    struct scan *s = &r->reader.scan;
    for (enum keyword k = VERSION; k < KEYWORDS; k++)
        if (!r->seen[k] && k != FROM)
            scan_error(s, s->line, NULL, "no %s stands before the table", keywords[k].name);
    if (s->errors == 0 && (float)r->from[1] - (float)r->from[0] < LOOK_RANGE_LEAST)
        scan_error(s, s->line, "the first number is below the second",
                   "the input range (line %d) is empty or runs backwards", r->seen[FROM]);
    if (s->errors)
        return;
    r->table = look_add_table(r->reader.look, LOOK_CURVES, (unsigned)r->whole[LENGTH]);
    for (int c = 0; c < 3; c++) {
        r->table->domain.min[c] = (float)r->from[0];
        r->table->domain.max[c] = (float)r->from[1];
    }
}

static void read_row(struct spi1d *r)
{
    const gsize promised = r->table->size;
    float row[3];
    reader_row(&r->reader, r->whole[COMPONENTS], r->rows, promised, row);
    if (r->rows < promised)
        memcpy(r->table->points[r->rows++], row, sizeof row);
}

/* False when there is no sense in going on. */
static bool read_line(struct spi1d *r)
{
    struct scan *s = &r->reader.scan;
    const bool alone = s->count == 1;
    if (r->closed) {
        scan_error(s, s->line, "the table ends at the brace", "text follows the table");
        return false;
    }
    if (alone && span_equal_nocase(s->words[0], "{") && !r->table) {
        open_table(r);
        return r->table;
    }
    if (alone && span_equal_nocase(s->words[0], "}") && r->table)
        r->closed = true;
    else if (r->table)
        read_row(r);
    else
        read_keyword(r);
    return !r->table || r->rows < r->table->size || s->errors == 0;
}

struct look *spi1d_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct spi1d r = {.from = {0, 1}};
    if (reader_begin(&r.reader, text, length, name, "a .spi1d file", diag)) {
        while (reader_next(&r.reader) && read_line(&r))
            ;
        struct scan *s = &r.reader.scan;
        if (!r.table && s->errors == 0)
            scan_error(s, s->line, "Version 1, From, Length, Components, then { rows }",
                       "no table stands in the file");
        if (r.table)
            reader_too_few(&r.reader, r.rows, r.table->size);
        if (!r.closed && s->errors == 0)
            scan_error(s, s->line, "the file was cut short", "the table has no closing brace");
    }
    return reader_end(&r.reader);
}
