/* SPDX-License-Identifier: GPL-3.0-or-later
 * The CLF reader: the list, and which operation each of its elements is. */
#include "clf.h"

#include "base/file.h"
#include "color/look_formats.h"

#include <string.h>

#define NUMBER_MAX 1e6
#define ERRORS_MAX 10
#define OPERATIONS_MAX 100 /* a Log is 60 bytes of text and a table of 760 kB */

static const struct {
    const char *name;
    double scale;
} depths[] = {{"8i", 255}, {"10i", 1023}, {"12i", 4095}, {"16i", 65535}, {"16f", 1}, {"32f", 1}};

static const struct {
    const char *name;
    clf_operation *read;
    /* Besides those of every operation; each word with a blank behind it. */
    const char *attributes, *children;
} operations[] = {
    {"Matrix", clf_matrix, "", "Array "},
    {"LUT1D", clf_lut1d, "interpolation halfDomain rawHalfs ", "Array "},
    {"LUT3D", clf_lut3d, "interpolation ", "Array "},
    {"Range", clf_range, "style ", "minInValue maxInValue minOutValue maxOutValue "},
    {"ASC_CDL", clf_cdl, "style ", "SOPNode SatNode "},
    {"Exponent", clf_exponent, "style ", "ExponentParams "},
    {"Log", clf_log, "style ", "LogParams "},
};

static const char *const metadata[] = {
    "Id", "Description", "InputDescriptor", "OutputDescriptor", "Info", "Signature", NULL};

static double scale_of(struct clf *clf, const struct xml *node, const char *key)
{
    const char *const depth = xml_attribute(node, key);
    for (gsize i = 0; depth && i < G_N_ELEMENTS(depths); i++)
        if (strcmp(depth, depths[i].name) == 0)
            return depths[i].scale;
    if (depth)
        xml_error(&clf->scan, node->tag, "allowed: 8i, 10i, 12i, 16i, 16f, 32f",
                  "%s can't be \"%s\"", key, depth);
    else
        xml_error(&clf->scan, node->tag, "allowed: 8i, 10i, 12i, 16i, 16f, 32f", "%s has no %s",
                  node->name, key);
    return 0;
}

static void check_attributes(struct clf *clf, const struct xml *node, const char *own)
{
    for (guint i = 0; node->keys[i]; i++) {
        g_autofree char *word = g_strconcat(node->keys[i], " ", NULL);
        if (!strstr("id name inBitDepth outBitDepth ", word) && !strstr(own, word))
            xml_warning(&clf->scan, node->tag, "it changes nothing here",
                        "%s has an attribute \"%s\" that CLF 3 doesn't know", node->name,
                        node->keys[i]);
    }
}

/* What isn't known may be a note; an IndexMap, of CLF 2, says where the points of a table stand. */
static void check_children(struct clf *clf, const struct xml *node, const char *own)
{
    for (guint i = 0; i < node->children->len; i++) {
        const struct xml *child = node->children->pdata[i];
        g_autofree char *word = g_strconcat(child->name, " ", NULL);
        if (strcmp(child->name, "IndexMap") == 0)
            xml_error(&clf->scan, child->tag, "export the file as CLF 3",
                      "<IndexMap> is no part of CLF 3");
        else if (!strstr(own, word) && strcmp(child->name, "Description") != 0)
            xml_warning(&clf->scan, child->tag, "it changes nothing here",
                        "%s holds a <%s> that CLF 3 doesn't know", node->name, child->name);
    }
}

static void unknown(struct clf *clf, const struct xml *node)
{
    const char *names[G_N_ELEMENTS(operations) + 1] = {NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(operations); i++)
        names[i] = operations[i].name;
    g_autofree char *hint = name_hint(node->name, names);
    xml_error(&clf->scan, node->tag, hint, "<%s> is no operation of CLF 3", node->name);
}

/* `before` is the outBitDepth of the operation before, NULL at the start. */
static bool take_scales(struct clf *clf, const struct xml *node, const char *before)
{
    clf->in_scale = scale_of(clf, node, "inBitDepth");
    clf->out_scale = scale_of(clf, node, "outBitDepth");
    if (clf->in_scale == 0 || clf->out_scale == 0)
        return false;
    if (before && strcmp(before, xml_attribute(node, "inBitDepth")) != 0)
        xml_error(&clf->scan, node->tag, "an operation takes what the one before gives",
                  "inBitDepth is not the outBitDepth before it");
    return true;
}

static bool is_metadata(const char *name)
{
    return g_strv_contains(metadata, name);
}

static void read_operations(struct clf *clf, const struct xml *list)
{
    const char *depth = NULL;
    int count = 0;
    for (guint i = 0; i < list->children->len && clf->scan.errors < ERRORS_MAX; i++) {
        const struct xml *node = list->children->pdata[i];
        if (is_metadata(node->name))
            continue;
        gsize k = 0;
        while (k < G_N_ELEMENTS(operations) && strcmp(node->name, operations[k].name) != 0)
            k++;
        if (++count > OPERATIONS_MAX)
            break;
        if (k == G_N_ELEMENTS(operations)) {
            unknown(clf, node);
            continue;
        }
        check_attributes(clf, node, operations[k].attributes);
        check_children(clf, node, operations[k].children);
        if (take_scales(clf, node, depth))
            operations[k].read(clf, node);
        depth = xml_attribute(node, "outBitDepth");
    }
    if (count > OPERATIONS_MAX)
        xml_error(&clf->scan, list->tag, "at most 100", "the ProcessList has too many operations");
    if (count == 0)
        xml_error(&clf->scan, list->tag, "at least one, such as Matrix or LUT3D",
                  "the ProcessList has no operation");
}

static void check_version(struct clf *clf, const struct xml *list)
{
    const char *const version = xml_attribute(list, "compCLFversion");
    char *end;
    if (!version) {
        xml_warning(&clf->scan, list->tag, "compCLFversion=\"3.0\"; read as that",
                    "the ProcessList doesn't say its version");
        return;
    }
    const double number = g_ascii_strtod(version, &end);
    if (strcmp(version, "ST2136-1:2024") != 0 &&
        (*end || end == version || !(number >= 1 && number <= 3)))
        xml_error(&clf->scan, list->tag, "up to 3.0, or ST2136-1:2024",
                  "CLF of version \"%s\" isn't read", version);
}

/* What the file says about itself, in one line. */
static void take_title(struct clf *clf, const struct xml *list)
{
    const struct xml *said = xml_child(list, "Description"),
                     *from = xml_child(list, "InputDescriptor"),
                     *to = xml_child(list, "OutputDescriptor");
    const char *const name = xml_attribute(list, "name");
    g_autoptr(GString) title = g_string_new(name ? name : said ? said->words : "");
    if (from && to)
        g_string_append_printf(title, "%s%s to %s", title->len ? ": " : "", from->words, to->words);
    g_strstrip(title->str);
    clf->look->title = *title->str ? path_display(title->str) : NULL;
}

static void read_list(struct clf *clf, const struct xml *list)
{
    if (strcmp(list->name, "ProcessList") != 0) {
        xml_error(&clf->scan, list->tag, "a CLF file is one <ProcessList>",
                  "<%s> is not a CLF file", list->name);
        return;
    }
    check_version(clf, list);
    take_title(clf, list);
    read_operations(clf, list);
}

struct look *clf_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    struct clf clf = {.look = look_create(name, text, length)};
    clf.look->summary = g_strdup("LUT");
    scan_init(&clf.scan, text, length, name, diag);
    g_auto(xml_ptr) list = scan_is_text(&clf.scan, "a .clf file") ? xml_read(&clf.scan) : NULL;
    if (list)
        read_list(&clf, list);
    if (clf.scan.errors == 0)
        return clf.look;
    look_destroy(clf.look);
    return NULL;
}

int clf_choice(struct clf *clf, const struct xml *node, const char *key, const char *const *allowed,
               int absent)
{
    const char *const value = xml_attribute(node, key);
    if (!value)
        return absent;
    for (int i = 0; allowed[i]; i++)
        if (strcmp(value, allowed[i]) == 0)
            return i;
    g_autofree char *hint = name_hint(value, allowed);
    xml_error(&clf->scan, node->tag, hint, "%s of %s can't be \"%s\"", key, node->name, value);
    return -1;
}

bool clf_numbers(struct clf *clf, const struct xml *node, int count, double *out)
{
    struct span rest = node->inside, word;
    int found = 0;
    for (; xml_word(&rest, &word); found++) {
        scan_place(&clf->scan, word.start);
        if (found < count && !scan_number(&clf->scan, word, NUMBER_MAX, &out[found]))
            return false;
    }
    if (found == count && rest.start == rest.end)
        return true;
    xml_error(&clf->scan, node->tag, NULL, "%s holds %d number%s here, not %d", node->name, count,
              count == 1 ? "" : "s", found);
    return false;
}

const struct xml *clf_need(struct clf *clf, const struct xml *node, const char *name)
{
    const struct xml *child = xml_child(node, name);
    if (!child)
        xml_error(&clf->scan, node->tag, NULL, "%s has no %s", node->name, name);
    return child;
}
