/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .cube reader. Keywords fill the header, the first row of the table turns the header into an
 * empty LUT (open_tables), rows fill it, and the end is checked. */
#include "color/cube.h"

#include "base/file.h"
#include "scan.h"

#include <string.h>

#define ERRORS_MAX 10
#define STRANGE_MAX 10 /* more unknown words, and it is another kind of file */
#define NUMBER_MAX 1e6 /* nothing real is beyond it, and float arithmetic below it is safe */

enum keyword {
    TITLE,
    VIDEO_IN,
    VIDEO_OUT,
    SIZE_1D,
    SIZE_3D,
    DOMAIN_MIN,
    DOMAIN_MAX,
    RANGE_1D,
    RANGE_3D,
    KEYWORDS,
};

static const struct {
    const char *name;
    int numbers, size_max; /* size_max 0: the numbers aren't a size */
} keywords[KEYWORDS] = {
    {"TITLE", 0, 0},
    {"LUT_IN_VIDEO_RANGE", 0, 0},
    {"LUT_OUT_VIDEO_RANGE", 0, 0},
    {"LUT_1D_SIZE", 1, LOOK_CURVES_MAX},
    {"LUT_3D_SIZE", 1, LOOK_CUBE_MAX},
    {"DOMAIN_MIN", 3, 0},
    {"DOMAIN_MAX", 3, 0},
    {"LUT_1D_INPUT_RANGE", 2, 0},
    {"LUT_3D_INPUT_RANGE", 2, 0},
};

struct reader {
    struct scan scan;
    int seen[KEYWORDS]; /* the line it stands on; 0: nowhere */
    struct span at[KEYWORDS];
    double value[KEYWORDS][3];
    unsigned strange; /* words that are no keywords */
    bool understood;  /* a line at least: it is a .cube file */
    bool noted_indent, noted_case;
    bool open;            /* the header is over and was good */
    gsize rows, promised; /* read so far; by the header */
    struct look *look;
    gsize curve_rows;
    float (*curves)[3], (*cube)[3]; /* the look's */
};

static enum keyword keyword_of(struct span word)
{
    enum keyword k = TITLE;
    while (k < KEYWORDS && !span_equal_nocase(word, keywords[k].name))
        k++;
    return k;
}

/* A vendor's own word in the header is passed over; one that is nearly a keyword is a slip. */
static void unknown_keyword(struct reader *r)
{
    const char *names[KEYWORDS + 1] = {NULL};
    for (int k = 0; k < KEYWORDS; k++)
        names[k] = keywords[k].name;
    g_autofree char *word = span_shown(r->scan.words[0]);
    g_autofree char *hint = name_hint(word, names);
    const bool passes = !nearest_name(word, names) && !r->open && ++r->strange <= STRANGE_MAX;
    if (passes)
        scan_warning(&r->scan, r->scan.words[0],
                     "what it means to the program that wrote it is lost",
                     "\"%s\" is no keyword of .cube files, and passed over", word);
    else
        scan_error(&r->scan, r->scan.words[0], hint,
                   "\"%s\" is neither a number nor a keyword of .cube files", word);
}

static void note_form(struct reader *r, enum keyword k)
{
    const struct span word = r->scan.words[0];
    const char *const hint = "read all the same, but other programs may refuse the file";
    if (word.start > r->scan.whole.start && !r->noted_indent) {
        scan_warning(&r->scan, word, hint, "%s doesn't begin its line", keywords[k].name);
        r->noted_indent = true;
    }
    if (memcmp(word.start, keywords[k].name, strlen(keywords[k].name)) != 0 && !r->noted_case) {
        scan_warning(&r->scan, word, hint, "%s is not in capitals", keywords[k].name);
        r->noted_case = true;
    }
}

/* What stands between quotes, where a # is no comment; without quotes the rest of the line. */
static void read_title(struct reader *r)
{
    const struct span keyword = r->scan.words[0];
    const gsize rest = (gsize)(r->scan.whole.end - keyword.end);
    const char *const open = memchr(keyword.end, '"', rest);
    const char *const close =
        open ? memchr(open + 1, '"', (gsize)(r->scan.whole.end - open - 1)) : NULL;
    struct span title = {keyword.end, r->scan.line.end};
    if (close)
        title = (struct span){open + 1, close};
    else
        scan_warning(&r->scan, r->scan.line, "TITLE \"...\"", "the title is not in quotes");
    g_autofree char *text = g_strndup(title.start, (gsize)(title.end - title.start));
    g_strstrip(text);
    r->look->title = *text ? path_display(text) : NULL;
}

static void read_values(struct reader *r, enum keyword k)
{
    struct scan *s = &r->scan;
    const int wanted = keywords[k].numbers;
    if (s->count != 1 + wanted) {
        scan_error(s, s->line, NULL, "%s takes %d number%s, not %d", keywords[k].name, wanted,
                   wanted == 1 ? "" : "s", s->count - 1);
        return;
    }
    int size;
    if (keywords[k].size_max) {
        if (scan_whole(s, s->words[1], keywords[k].name, 2, keywords[k].size_max, &size))
            r->value[k][0] = size;
        return;
    }
    for (int i = 0; i < wanted; i++)
        scan_number(s, s->words[1 + i], NUMBER_MAX, &r->value[k][i]);
    if (k == VIDEO_IN || k == VIDEO_OUT)
        scan_warning(s, s->line, "say lut_range: video or full beside the LUT in the pipeline",
                     "the LUT is meant for legal-range code values");
}

static void read_keyword(struct reader *r)
{
    const enum keyword k = keyword_of(r->scan.words[0]);
    if (k == KEYWORDS) {
        unknown_keyword(r);
    } else if (r->open) {
        scan_error(&r->scan, r->scan.words[0], "keywords stand before the table",
                   "%s comes after the table has begun", keywords[k].name);
    } else if (r->seen[k]) {
        scan_error(&r->scan, r->scan.words[0], NULL, "%s stands on line %d already",
                   keywords[k].name, r->seen[k]);
    } else {
        r->seen[k] = r->scan.number;
        r->at[k] = r->scan.words[0];
        r->understood = true;
        note_form(r, k);
        if (k == TITLE)
            read_title(r);
        else
            read_values(r, k);
    }
}

/* Where the keyword stood, while reading goes on where it is. */
static void report_keyword(struct reader *r, enum severity severity, enum keyword k,
                           const char *hint, const char *message)
{
    struct scan here = r->scan;
    scan_place(&r->scan, r->at[k].start);
    scan_report(&r->scan, severity, r->at[k], hint, "%s", message);
    here.errors = r->scan.errors;
    here.warnings = r->scan.warnings;
    here.told_source = r->scan.told_source;
    r->scan = here;
}

/* Some programs write LUT_1D_INPUT_RANGE 0 1 into files that are 3D only: harmless. */
static void check_stray_range(struct reader *r, enum keyword range, enum keyword size)
{
    const bool harmless = r->value[range][0] == 0 && r->value[range][1] == 1;
    g_autofree char *message =
        g_strdup_printf("%s has no %s", keywords[range].name, keywords[size].name);
    report_keyword(r, harmless ? DIAG_WARNING : DIAG_ERROR, range,
                   harmless ? "it is 0 to 1, and ignored" : "is the other table's range meant?",
                   message);
}

/* The two dialects don't mix, and a range needs its table. */
static void check_dialect(struct reader *r)
{
    const int *const seen = r->seen;
    const bool domain = seen[DOMAIN_MIN] || seen[DOMAIN_MAX];
    const enum keyword of_domain = seen[DOMAIN_MIN] ? DOMAIN_MIN : DOMAIN_MAX;
    if (!seen[SIZE_1D] && !seen[SIZE_3D])
        scan_error(&r->scan, r->scan.line,
                   "a .cube file has LUT_1D_SIZE, LUT_3D_SIZE or both first",
                   "no size stands before the table");
    if (domain && (seen[RANGE_1D] || seen[RANGE_3D]))
        report_keyword(r, DIAG_ERROR, of_domain, "keep one of the two",
                       "the header has both DOMAIN_MIN or DOMAIN_MAX and an INPUT_RANGE");
    if (domain && seen[SIZE_1D] && seen[SIZE_3D])
        report_keyword(r, DIAG_ERROR, of_domain, "use LUT_1D_INPUT_RANGE and LUT_3D_INPUT_RANGE",
                       "DOMAIN_MIN and DOMAIN_MAX don't say which of the two tables they are of");
    for (int i = 0; i < 2; i++)
        if (seen[RANGE_1D + i] && !seen[SIZE_1D + i])
            check_stray_range(r, RANGE_1D + i, SIZE_1D + i);
}

static struct look_domain domain_of(struct reader *r, enum keyword range)
{
    struct look_domain domain;
    bool good = true;
    for (int c = 0; c < 3; c++) {
        const double min = r->value[r->seen[range] ? range : DOMAIN_MIN][r->seen[range] ? 0 : c];
        const double max = r->value[r->seen[range] ? range : DOMAIN_MAX][r->seen[range] ? 1 : c];
        domain.min[c] = (float)min;
        domain.max[c] = (float)max;
        good = good && domain.max[c] - domain.min[c] >= LOOK_RANGE_LEAST;
    }
    const enum keyword last = r->seen[DOMAIN_MAX] > r->seen[DOMAIN_MIN] ? DOMAIN_MAX : DOMAIN_MIN;
    if (!good)
        report_keyword(r, DIAG_ERROR, r->seen[range] ? range : last,
                       "the minimum is below the maximum, in every channel",
                       "the input range is empty or runs backwards");
    return domain;
}

static float (*open_table(struct reader *r, enum look_kind kind, enum keyword size,
                          const struct look_domain *domain))[3]
{
    struct look_table *table = look_add_table(r->look, kind, (unsigned)r->value[size][0]);
    table->domain = *domain;
    return table->points;
}

/* From the header to empty tables; false, reported, when the header is no good. */
static bool open_tables(struct reader *r)
{
    struct look_domain curves = {0}, cube = {0};
    if (r->scan.errors == 0)
        check_dialect(r);
    if (r->scan.errors == 0 && r->seen[SIZE_1D])
        curves = domain_of(r, RANGE_1D);
    if (r->scan.errors == 0 && r->seen[SIZE_3D])
        cube = domain_of(r, RANGE_3D);
    if (r->scan.errors)
        return false;
    r->look->video_in = r->seen[VIDEO_IN];
    r->look->video_out = r->seen[VIDEO_OUT];
    r->curve_rows = (gsize)r->value[SIZE_1D][0];
    const gsize edge = (gsize)r->value[SIZE_3D][0];
    if (r->seen[SIZE_1D])
        r->curves = open_table(r, LOOK_CURVES, SIZE_1D, &curves);
    if (r->seen[SIZE_3D])
        r->cube = open_table(r, LOOK_CUBE, SIZE_3D, &cube);
    r->promised = r->curve_rows + edge * edge * edge;
    r->open = true;
    return true;
}

static bool read_row(struct reader *r)
{
    struct scan *s = &r->scan;
    if (s->count != 3) {
        scan_error(s, s->line, NULL, "a row of the table has 3 numbers, not %d", s->count);
        return true;
    }
    if (r->rows == r->promised) {
        scan_error(s, s->line, "correct the size, or remove the rows",
                   "the header promises %" G_GSIZE_FORMAT " rows, and here is one more",
                   r->promised);
        return false;
    }
    float *row = r->rows < r->curve_rows ? r->curves[r->rows] : r->cube[r->rows - r->curve_rows];
    for (int c = 0; c < 3; c++) {
        double value = 0;
        scan_number(s, s->words[c], NUMBER_MAX, &value);
        row[c] = (float)value;
    }
    r->rows++;
    return true;
}

/* Numbers begin with a digit, sign or point; "nan" and "inf" are meant as numbers too. */
static bool begins_row(struct span word)
{
    return g_ascii_isdigit(*word.start) || strchr("+-.,", *word.start) ||
           span_equal_nocase(word, "nan") || span_equal_nocase(word, "inf") ||
           span_equal_nocase(word, "infinity");
}

static void read_lines(struct reader *r)
{
    while (scan_next(&r->scan)) {
        if (!begins_row(r->scan.words[0]))
            read_keyword(r);
        else if ((!r->open && !open_tables(r)) || !read_row(r))
            return;
        if (r->scan.errors >= (r->understood ? ERRORS_MAX : 1))
            return;
    }
    if ((r->open || open_tables(r)) && r->rows < r->promised && r->scan.errors == 0)
        scan_error(&r->scan, r->scan.line, "the file was cut short, or its size is wrong",
                   "the table ends after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " rows", r->rows,
                   r->promised);
}

struct look *cube_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct reader r = {.look = look_create(name, text, length),
                       .value = {[DOMAIN_MAX] = {1, 1, 1}}};
    r.look->summary = g_strdup("LUT");
    scan_init(&r.scan, text, length, name, diag);
    if (scan_is_text(&r.scan, "a .cube file"))
        read_lines(&r);
    if (r.scan.errors == 0)
        return r.look;
    look_destroy(r.look);
    return NULL;
}
