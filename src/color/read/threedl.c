/* SPDX-License-Identifier: GPL-3.0-or-later
 * The .3dl reader: whole numbers, blue fastest. Nothing says how many rows there are, and little
 * how large a number may be: both are known at the end. */
#include "color/look_formats.h"

#include "knots.h"
#include "reader.h"

#include <math.h>

enum {
    CODE_MAX = 65535,
    CODE_LEAST = 128, /* a table whose largest number is below isn't of code values */
    SHAPER_LEAST = 4, /* numbers on a line */
};
#define SHAPER_SLACK 2 /* codes that points may stand beside even places: 1023 for 1024 */

struct threedl {
    struct reader reader;
    GArray *shaper;            /* double */
    int mesh_bits, depth_bits; /* of the word Mesh; 0: it isn't there */
    GArray *codes;             /* guint16, three a row */
    int largest;
};

/* The bits that a largest code means: some files end at 1024 or 4096, or short of the top. */
static int likely_bits(int largest)
{
    return largest <= 511 ? 8 : largest <= 2047 ? 10 : largest <= 8191 ? 12 : 16;
}

static double white_of(int bits)
{
    return (1 << bits) - 1;
}

static void read_mesh(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    if (s->count != 3) {
        scan_error(s, s->line, "such as \"Mesh 4 12\"", "Mesh takes 2 numbers, not %d",
                   s->count - 1);
        return;
    }
    scan_whole(s, s->words[1], "the bits of Mesh", 1, 7, &r->mesh_bits);
    scan_whole(s, s->words[2], "the output bits of Mesh", 8, 16, &r->depth_bits);
}

static void read_words(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    const struct span word = s->words[0];
    const bool is_lut = word.end - word.start > 3 && g_ascii_strncasecmp(word.start, "LUT", 3) == 0;
    double gamma = 1;
    if (*word.start == '<') {
        scan_error(s, word, "rows of three whole numbers", "this is not a .3dl file");
    } else if (span_equal_nocase(word, "Mesh")) {
        read_mesh(r);
    } else if (span_equal_nocase(word, "gamma")) {
        reader_numbers(&r->reader, 1, 1, &gamma);
        if (gamma != 1)
            scan_warning(s, s->line, "apply it in the pipeline, if it is meant",
                         "the word gamma changes nothing");
    } else if (!is_lut && !span_equal_nocase(word, "3DMESH")) {
        g_autofree char *shown = span_shown(word);
        scan_warning(s, word, "known are 3DMESH, Mesh, LUT8 and the like, gamma",
                     "\"%s\" is passed over", shown);
    }
}

static void read_shaper(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    struct span rest = s->line, word;
    int code;
    if (r->shaper->len || r->codes->len) {
        scan_error(s, s->line, "a row has three; the one line of input positions stands first",
                   "a row of the table has 3 numbers, not %d", s->count);
        return;
    }
    while (span_word(&rest, &word) &&
           scan_whole(s, word, "an input position", 0, CODE_MAX, &code)) {
        const double position = code;
        if (r->shaper->len && position <= g_array_index(r->shaper, double, r->shaper->len - 1)) {
            scan_error(s, word, "every position is larger than the one before",
                       "the input positions don't rise");
            return;
        }
        g_array_append_val(r->shaper, position);
    }
}

static void read_row(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    int code = 0;
    guint16 row[3] = {0};
    if (s->count != 3) {
        scan_error(s, s->line, NULL, "a row of the table has 3 numbers, not %d", s->count);
        return;
    }
    for (int c = 0; c < 3 && scan_whole(s, s->words[c], "a code value", 0, CODE_MAX, &code); c++) {
        row[c] = (guint16)code;
        r->largest = MAX(r->largest, code);
    }
    g_array_append_vals(r->codes, row, 3);
}

static bool read_lines(struct threedl *r)
{
    const guint most = 3 * LOOK_CUBE_MAX * LOOK_CUBE_MAX * LOOK_CUBE_MAX;
    struct scan *s = &r->reader.scan;
    while (reader_next(&r->reader) && r->codes->len <= most) {
        const char first = *s->words[0].start;
        if (g_ascii_isalpha(first) || first == '<' ||
            (g_ascii_isdigit(first) && span_equal_nocase(s->words[0], "3DMESH")))
            read_words(r);
        else if (s->count >= SHAPER_LEAST)
            read_shaper(r);
        else
            read_row(r);
    }
    return s->errors == 0;
}

/* The edge of the cube; 0, reported, when the rows don't make one. */
static unsigned edge_of(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    const guint rows = r->codes->len / 3;
    const unsigned edge = (unsigned)lround(cbrt(rows));
    if (edge < 2 || edge > LOOK_CUBE_MAX || edge * edge * edge != rows) {
        scan_error(s, s->line,
                   "a cube has 17 x 17 x 17 = 4913 rows, 35937, 274625 and so on; was "
                   "the file cut short?",
                   "%u rows make no cube", rows);
        return 0;
    }
    const unsigned promised = (1u << r->mesh_bits) + 1;
    if (r->mesh_bits && edge != promised) {
        scan_error(s, s->line, "correct the number after Mesh, or the rows",
                   "Mesh %d promises %u points along an edge, and the rows make %u", r->mesh_bits,
                   promised, edge);
        return 0;
    }
    if (r->shaper->len && r->shaper->len != edge) {
        scan_error(s, s->line, "one position a point of the edge",
                   "there are %u input positions for %u points along an edge", r->shaper->len,
                   edge);
        return 0;
    }
    return edge;
}

/* 0, reported, when the codes can't be of a table. */
static int output_bits(struct threedl *r)
{
    struct scan *s = &r->reader.scan;
    if (r->largest < CODE_LEAST) {
        scan_error(s, s->line, "a .3dl file holds whole numbers of 8 to 16 bits",
                   "the largest code is %d: that is no table of code values", r->largest);
        return 0;
    }
    /* A 12-bit table may go to 4096, and a table of 16 bits under "Mesh 5 12" was one. */
    if (r->depth_bits && likely_bits(r->largest) <= r->depth_bits)
        return r->depth_bits;
    const int bits = likely_bits(r->largest);
    if (r->depth_bits)
        scan_warning(s, s->line, "the numbers decide",
                     "Mesh says %d bits of output, and the largest code is %d: read as %d bits",
                     r->depth_bits, r->largest, bits);
    return bits;
}

static void add_shaper(struct threedl *r, unsigned edge)
{
    double *position = (double *)r->shaper->data;
    const double white = white_of(likely_bits((int)position[edge - 1]));
    g_autofree double *places = g_new(double, edge);
    double farthest = 0;
    for (unsigned i = 0; i < edge; i++) {
        places[i] = (double)i / (edge - 1);
        farthest = fmax(farthest, fabs(position[i] - places[i] * white));
        position[i] /= white;
    }
    const struct knots knots = {edge, position, places};
    if (farthest > SHAPER_SLACK)
        look_add_knots(r->reader.look, (const struct knots[]){knots, knots, knots});
}

/* Of bits that no word says. */
static void say_bits(struct threedl *r, unsigned edge, int bits)
{
    g_autoptr(GString) said = g_string_new("LUT");
    if (r->shaper->len)
        g_string_append_printf(said, " of %d bits in and",
                               likely_bits((int)g_array_index(r->shaper, double, edge - 1)));
    g_string_append_printf(said, "%s %d bits out, by its largest numbers,",
                           r->shaper->len ? "" : " of", bits);
    g_free(r->reader.look->summary);
    r->reader.look->summary = g_strdup(said->str);
}

static void make_look(struct threedl *r)
{
    const unsigned n = edge_of(r);
    const int bits = n ? output_bits(r) : 0;
    if (!bits)
        return;
    if (bits != r->depth_bits)
        say_bits(r, n, bits);
    if (r->shaper->len)
        add_shaper(r, n);
    struct look_table *table = look_add_table(r->reader.look, LOOK_CUBE, n);
    const guint16(*row)[3] = (const guint16(*)[3])r->codes->data;
    for (unsigned red = 0; red < n; red++)
        for (unsigned green = 0; green < n; green++)
            for (unsigned blue = 0; blue < n; blue++, row++)
                for (int c = 0; c < 3; c++)
                    table->points[red + n * (green + n * blue)][c] =
                        (float)((*row)[c] / white_of(bits));
}

struct look *threedl_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct threedl r = {.shaper = g_array_new(FALSE, FALSE, sizeof(double)),
                        .codes = g_array_new(FALSE, FALSE, sizeof(guint16))};
    if (reader_begin(&r.reader, text, length, name, "a .3dl file", diag) && read_lines(&r))
        make_look(&r);
    g_array_unref(r.shaper);
    g_array_unref(r.codes);
    return reader_end(&r.reader);
}
