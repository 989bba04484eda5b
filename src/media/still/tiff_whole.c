/* SPDX-License-Identifier: GPL-3.0-or-later
 * From directory to directory, and to those of EXIF, GPS and further pictures. */
#include "tiff_whole.h"

#include "../bytes/tiff_ifd.h"

#include <stdbool.h>

enum {
    LOOKED_AT = 1 << 16, /* entries: more than files have that don't run in circles */
    DEEPEST = 3,
    SUB_IFDS = 0x014a,
    EXIF_IFD = 0x8769,
    GPS_IFD = 0x8825,
    INTEROPERABILITY_IFD = 0xa005,
};

struct walk {
    struct tiff tiff;
    guint64 end;
    guint left; /* entries to look at */
};

static char *cut_off(const struct walk *walk, const char *what, guint64 from)
{
    return g_strdup_printf("%s from byte %" G_GUINT64_FORMAT
                           " on isn't all there, the file has %" G_GUINT64_FORMAT " bytes",
                           what, from, walk->end);
}

static char *missing_of_value(const struct walk *walk, const struct tiff_entry *entry)
{
    const unsigned size = tiff_type_size(entry->type);
    const guint64 left = entry->at < walk->end ? walk->end - entry->at : 0;
    if (!size || entry->count <= left / size)
        return NULL;
    g_autofree char *what = g_strdup_printf("what tag %u says", entry->tag);
    return cut_off(walk, what, entry->at);
}

static bool leads_on(const struct tiff_entry *entry)
{
    return entry->count == 1 && (entry->tag == SUB_IFDS || entry->tag == EXIF_IFD ||
                                 entry->tag == GPS_IFD || entry->tag == INTEROPERABILITY_IFD);
}

/* In the order of their tags, of types that there are (TIFF 6.0, section 2): what a program copies
 * as a number and not as a directory points anywhere. */
static bool look_like_tags(const GArray *entries)
{
    guint before = 0;
    for (guint i = 0; i < entries->len; i++) {
        const struct tiff_entry *entry = &g_array_index(entries, struct tiff_entry, i);
        if (!tiff_type_size(entry->type) || entry->tag < before)
            return false;
        before = entry->tag;
    }
    return entries->len > 0;
}

/* `next`: where the next page is, where this is a page. */
static char *missing_of_directory(struct walk *walk, guint64 at, int depth, guint64 *next)
{
    const struct tiff *tiff = &walk->tiff;
    const unsigned word = next ? tiff_word(tiff->wide) : 0;
    guint64 link, below;
    g_autoptr(GArray) entries = tiff_entries(tiff, at, &link);
    if (!next && at < walk->end && !look_like_tags(entries))
        return NULL;
    if (link > walk->end || word > walk->end - link ||
        (next && !tiff_number(tiff, link, word, next)))
        return cut_off(walk, "a directory of tags", at);
    walk->left -= MIN(walk->left, 1 + entries->len);
    char *missing = NULL;
    for (guint i = 0; !missing && i < entries->len; i++) {
        const struct tiff_entry *entry = &g_array_index(entries, struct tiff_entry, i);
        missing = missing_of_value(walk, entry);
        if (!missing && walk->left && depth < DEEPEST && leads_on(entry) &&
            tiff_value(tiff, entry, &below))
            missing = missing_of_directory(walk, below, depth + 1, NULL);
    }
    return missing;
}

char *tiff_missing(int fd, int64_t end)
{
    struct walk walk = {.tiff = {.fd = fd}, .end = (guint64)end, .left = LOOKED_AT};
    char *missing = NULL;
    guint64 at = tiff_open(&walk.tiff) ? walk.tiff.first : 0, next;
    for (; !missing && at && walk.left; at = next) {
        next = 0;
        missing = missing_of_directory(&walk, at, 0, &next);
    }
    return missing;
}
