/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operations of CLF that hold an Array: Matrix, LUT1D, LUT3D. */
#include "clf.h"
#include "half.h"

#include <string.h>

#define NUMBER_MAX 1e6

enum { DIM_MAX = 4 };

/* The numbers of `dim`; 0, reported. */
static int read_dim(struct clf *clf, const struct xml *array, int dim[DIM_MAX])
{
    const char *const text = xml_attribute(array, "dim");
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", " \t\n", -1);
    int count = 0;
    for (char **word = words; *word; word++) {
        guint64 value;
        if (!**word)
            continue;
        if (count == DIM_MAX || !g_ascii_string_to_unsigned(*word, 10, 1, 1 << 20, &value, NULL)) {
            count = 0;
            break;
        }
        dim[count++] = (int)value;
    }
    if (count == 0)
        xml_error(&clf->scan, array->tag, "such as dim=\"3 3\", \"1024 3\" or \"33 33 33 3\"",
                  "the Array's dim is missing or can't be read");
    return count;
}

static void wrong_dim(struct clf *clf, const struct xml *array, const char *hint)
{
    xml_error(&clf->scan, array->tag, hint, "dim can't be \"%s\" here",
              xml_attribute(array, "dim"));
}

void clf_matrix(struct clf *clf, const struct xml *node)
{
    const struct xml *array = clf_need(clf, node, "Array");
    int dim[DIM_MAX] = {0};
    double v[12];
    const int count = array ? read_dim(clf, array, dim) : 0;
    if (!count)
        return;
    if (count < 2 || count > 3 || dim[0] != 3 || (dim[1] != 3 && dim[1] != 4)) {
        wrong_dim(clf, array, "\"3 3\", or \"3 4\" with offsets");
        return;
    }
    if (!clf_numbers(clf, array, 3 * dim[1], v))
        return;
    struct look_matrix matrix = {0};
    for (int row = 0; row < 3; row++) {
        for (int column = 0; column < 3; column++)
            matrix.factor[row][column] =
                v[row * dim[1] + column] * (clf->in_scale / clf->out_scale);
        matrix.offset[row] = dim[1] == 4 ? v[row * 4 + 3] / clf->out_scale : 0;
    }
    look_add_matrix(clf->look, &matrix);
}

/* A table's numbers as they are read. */
struct array {
    struct clf *clf;
    const struct xml *node;
    struct span rest;
    bool raw_halfs;
    gsize read, promised;
};

static bool missing(struct array *a)
{
    xml_error(&a->clf->scan, a->node->tag, "the file was cut short, or dim is wrong",
              "the Array ends after %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " numbers", a->read,
              a->promised);
    return false;
}

/* `out` NULL passes over a number that nothing is made of. */
static bool next_number(struct array *a, float *out)
{
    struct scan *s = &a->clf->scan;
    struct span word;
    double value;
    int bits;
    if (!xml_word(&a->rest, &word))
        return missing(a);
    a->read++;
    if (!out)
        return true;
    scan_place(s, word.start);
    if (!a->raw_halfs && !scan_number(s, word, NUMBER_MAX, &value))
        return false;
    if (a->raw_halfs && !scan_whole(s, word, "the bits of a half float", 0, 65535, &bits))
        return false;
    *out = (float)((a->raw_halfs ? half_value((guint)bits) : value) / a->clf->out_scale);
    return true;
}

static void check_end(struct array *a)
{
    struct span word;
    if (xml_word(&a->rest, &word))
        xml_error(&a->clf->scan, word, "correct dim, or remove the numbers",
                  "dim promises %" G_GSIZE_FORMAT " numbers, and here is one more", a->promised);
    else if (a->rest.start < a->rest.end)
        xml_error(&a->clf->scan, a->node->tag, NULL, "something else stands among the numbers");
}

/* `components` numbers become a point; 1 is of all three channels. */
static bool read_point(struct array *a, int components, float point[3])
{
    for (int c = 0; c < components; c++)
        if (!next_number(a, point ? &point[c] : NULL))
            return false;
    if (point && components == 1)
        point[1] = point[2] = point[0];
    return true;
}

static void read_even(struct array *a, int size, int components)
{
    struct look_table *table = look_add_table(a->clf->look, LOOK_CURVES, (unsigned)size);
    for (int i = 0; i < size; i++)
        if (!read_point(a, components, table->points[i]))
            return;
    check_end(a);
}

/* The rows stand in the order of the halves' bits. */
static void read_halves(struct array *a, int components)
{
    struct look_table *table = look_add_halves(a->clf->look);
    for (int bits = 0; bits < 65536; bits++) {
        const int size = bits & 0x7fff;
        const bool used = size <= HALF_LAST && bits != 0x8000;
        float *const point =
            used ? table->points[bits & 0x8000 ? HALF_LAST - size : HALF_LAST + size] : NULL;
        if (!read_point(a, components, point))
            return;
    }
    check_end(a);
}

/* 1: it says "true"; 0: it isn't there; -1, reported. */
static int flag(struct clf *clf, const struct xml *node, const char *key)
{
    static const char *const values[] = {"true", NULL};
    const int choice = clf_choice(clf, node, key, values, 1);
    return choice < 0 ? -1 : 1 - choice;
}

void clf_lut1d(struct clf *clf, const struct xml *node)
{
    static const char *const interpolations[] = {"linear", NULL};
    const struct xml *array = clf_need(clf, node, "Array");
    int dim[DIM_MAX] = {0};
    const int half_domain = flag(clf, node, "halfDomain"), raw_halfs = flag(clf, node, "rawHalfs");
    const int count = array ? read_dim(clf, array, dim) : 0;
    if (!count || half_domain < 0 || raw_halfs < 0 ||
        clf_choice(clf, node, "interpolation", interpolations, 0) < 0)
        return;
    if (count != 2 || dim[0] < 2 || dim[0] > LOOK_CURVES_MAX || (dim[1] != 1 && dim[1] != 3) ||
        (half_domain && dim[0] != 65536)) {
        wrong_dim(clf, array,
                  half_domain ? "\"65536 1\" or \"65536 3\": a point for each half float"
                              : "2 to 65536 points, then 1 or 3: \"1024 3\"");
        return;
    }
    struct array a = {clf, array, array->inside, raw_halfs, 0, (gsize)dim[0] * (gsize)dim[1]};
    if (half_domain)
        read_halves(&a, dim[1]);
    else
        read_even(&a, dim[0], dim[1]);
}

/* The file's order has blue fastest. */
static void read_cube(struct array *a, unsigned n)
{
    struct look_table *table = look_add_table(a->clf->look, LOOK_CUBE, n);
    for (unsigned red = 0; red < n; red++)
        for (unsigned green = 0; green < n; green++)
            for (unsigned blue = 0; blue < n; blue++)
                if (!read_point(a, 3, table->points[red + n * (green + n * blue)]))
                    return;
    check_end(a);
}

void clf_lut3d(struct clf *clf, const struct xml *node)
{
    static const char *const interpolations[] = {"trilinear", "tetrahedral", NULL};
    const struct xml *array = clf_need(clf, node, "Array");
    int dim[DIM_MAX] = {0};
    const int interpolation = clf_choice(clf, node, "interpolation", interpolations, 0);
    const int count = array ? read_dim(clf, array, dim) : 0;
    if (!count || interpolation < 0)
        return;
    if (interpolation == 0)
        xml_warning(&clf->scan, node->tag, "between its points colours differ a little",
                    "the cube asks for trilinear interpolation, and gets tetrahedral");
    if (count != 4 || dim[0] != dim[1] || dim[0] != dim[2] || dim[3] != 3 || dim[0] < 2 ||
        dim[0] > LOOK_CUBE_MAX) {
        wrong_dim(clf, array, "three equal sizes of 2 to 129, then 3: \"33 33 33 3\"");
        return;
    }
    const gsize n = (gsize)dim[0];
    struct array a = {clf, array, array->inside, false, 0, 3 * n * n * n};
    read_cube(&a, (unsigned)n);
}
