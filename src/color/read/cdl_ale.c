/* SPDX-License-Identifier: GPL-3.0-or-later
 * CDLs in the columns of an Avid Log Exchange: Heading, Column, Data, each on a line of its own. */
#include "cdl_read.h"

#include <string.h>

enum column { NAME, TAPE, REEL, START, END, DESCRIPTION, ASC_SOP, ASC_SAT, CDL, COLUMNS };

static const char *const column_names[COLUMNS] = {
    "Name", "Tape", "Reel", "Start", "End", "Description", "ASC_SOP", "ASC_SAT", "CDL",
};

struct reader {
    struct scan *scan;
    struct cdl_file *file;
    enum { BEFORE, HEADING, COLUMN, BETWEEN, DATA } part;
    int place[COLUMNS]; /* of the column, from 1; 0: there is none */
    int columns;
    struct span field[COLUMNS]; /* of the row at hand */
};

/* The next field of a line; false behind the last. */
static bool next_field(struct span *line, struct span *field)
{
    if (!line->start)
        return false;
    const char *const tab = memchr(line->start, '\t', (gsize)(line->end - line->start));
    *field = span_trim((struct span){line->start, tab ? tab : line->end});
    line->start = tab ? tab + 1 : NULL;
    return true;
}

static bool is_empty(struct span span)
{
    return span.start == span.end;
}

static void read_heading(struct reader *r)
{
    struct span line = r->scan->line, key, value;
    if (next_field(&line, &key) && span_equal_nocase(key, "FIELD_DELIM") &&
        next_field(&line, &value) && !span_equal_nocase(value, "TABS"))
        scan_error(r->scan, value, "export it with tabs",
                   "the fields of this file are not separated by tabs");
}

static void read_column(struct reader *r, struct span name)
{
    for (int c = 0; c < COLUMNS; c++) {
        if (!span_equal_nocase(name, column_names[c]))
            continue;
        if (r->place[c])
            scan_error(r->scan, name, "keep one of the two", "there is a second column %s",
                       column_names[c]);
        r->place[c] = r->columns;
    }
}

static void read_columns(struct reader *r)
{
    struct span line = r->scan->line, name;
    while (next_field(&line, &name)) {
        r->columns++;
        read_column(r, name);
    }
    if (!r->place[ASC_SOP] && !r->place[ASC_SAT] && !r->place[CDL])
        scan_error(r->scan, r->scan->line, "export them with ASC_SOP and ASC_SAT, or with CDL",
                   "none of the columns holds a CDL");
    r->part = BETWEEN;
}

/* False after reporting. */
static bool read_fields(struct reader *r)
{
    struct span line = r->scan->line, field;
    const struct span none = {line.start, line.start};
    for (int c = 0; c < COLUMNS; c++)
        r->field[c] = none;
    for (int place = 1; next_field(&line, &field); place++) {
        if (place > r->columns && !is_empty(field)) {
            scan_error(r->scan, field, NULL, "the row has more fields than there are columns (%d)",
                       r->columns);
            return false;
        }
        for (int c = 0; c < COLUMNS; c++)
            if (r->place[c] == place)
                r->field[c] = field;
    }
    return true;
}

/* The saturation in a fourth pair of brackets, bare, or not at all. */
static void read_fourth(struct reader *r, struct span rest, double *saturation)
{
    rest = span_trim(rest);
    if (is_empty(rest))
        return;
    if (*rest.start == '(' && rest.end[-1] == ')' && rest.end - rest.start > 1)
        rest = (struct span){rest.start + 1, rest.end - 1};
    cdl_numbers(r->scan, rest, "the saturation", 1, saturation);
}

static void read_numbers(struct reader *r, struct cdl *cdl)
{
    const bool has_sop = !is_empty(r->field[ASC_SOP]);
    struct span text = r->field[has_sop ? ASC_SOP : CDL];
    if (!is_empty(text) && cdl_sop(r->scan, &text, cdl)) {
        if (!has_sop)
            read_fourth(r, text, &cdl->saturation);
        else if (!is_empty(span_trim(text)))
            scan_error(r->scan, span_trim(text), NULL, "there is more after the power");
    }
    if (!is_empty(r->field[ASC_SAT]))
        cdl_numbers(r->scan, r->field[ASC_SAT], "ASC_SAT", 1, &cdl->saturation);
}

static void read_row(struct reader *r)
{
    if (!read_fields(r) ||
        (is_empty(r->field[ASC_SOP]) && is_empty(r->field[ASC_SAT]) && is_empty(r->field[CDL])))
        return;
    struct cdl_correction *correction = cdl_correction_create(r->scan);
    correction->clip = span_dup(r->field[NAME]);
    correction->reel = span_dup(r->field[is_empty(r->field[TAPE]) ? REEL : TAPE]);
    correction->start = span_dup(r->field[START]);
    correction->end = span_dup(r->field[END]);
    const struct span said = r->field[DESCRIPTION];
    if (!is_empty(said))
        correction->description = g_ref_string_new_len(said.start, said.end - said.start);
    read_numbers(r, &correction->cdl);
    cdl_take(r->scan, r->file, correction, r->scan->line);
}

static bool is_part(const struct reader *r, const char *name)
{
    return span_equal_nocase(span_trim(r->scan->line), name);
}

static void read_line(struct reader *r)
{
    if (r->part == BEFORE && is_part(r, "Heading"))
        r->part = HEADING;
    else if (r->part == BEFORE)
        scan_error(r->scan, r->scan->line, "is it an Avid Log Exchange?",
                   "the file doesn't begin with Heading");
    else if (r->part == HEADING && is_part(r, "Column"))
        r->part = COLUMN;
    else if (r->part == HEADING)
        read_heading(r);
    else if (r->part == COLUMN)
        read_columns(r);
    else if (r->part == BETWEEN && is_part(r, "Data"))
        r->part = DATA;
    else if (r->part == BETWEEN)
        scan_error(r->scan, r->scan->line, "the rows begin behind a line with Data alone",
                   "Data is expected here");
    else
        read_row(r);
}

void cdl_ale_read(struct scan *s, struct cdl_file *file)
{
    struct reader r = {.scan = s, .file = file};
    while (s->errors < CDL_ERRORS_MAX && scan_line(s)) {
        if (!is_empty(span_trim(s->line)))
            read_line(&r);
        if (s->errors && r.part != DATA)
            return;
    }
    if (r.part != DATA && s->errors == 0)
        scan_error(s, s->line, "it has Heading, Column and Data, in this order",
                   "the file ends before its rows");
}
