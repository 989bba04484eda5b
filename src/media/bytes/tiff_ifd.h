/* SPDX-License-Identifier: GPL-3.0-or-later
 * The directories of a TIFF (image file directories; TIFF 6.0, 2; BigTIFF's layout: libtiff's
 * "BigTIFF Design"), of EXIF and of what else is laid out so. Bytes come from strangers: what
 * points outside is taken as not there. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* A file, by pread; or where fd is -1, memory, which the caller keeps. */
struct tiff {
    int fd;
    const guint8 *data;
    gsize size;
    bool big;      /* endian */
    bool wide;     /* BigTIFF */
    guint64 first; /* where the 0th IFD is */
};
/* Sets the last three by the others. False: it is no TIFF. */
bool tiff_open(struct tiff *tiff);

bool tiff_bytes(const struct tiff *tiff, guint64 at, void *out, gsize size);
bool tiff_number(const struct tiff *tiff, guint64 at, unsigned bytes, guint64 *value);

/* Bytes of counts, places, and values that stand in their entry; and of an entry. */
unsigned tiff_word(bool wide);
guint tiff_entry_size(bool wide);
/* Bytes of a value of each type (0: it is none that is known), and of the numbers in it. */
unsigned tiff_type_size(unsigned type);
unsigned tiff_type_unit(unsigned type);

struct tiff_entry {
    guint16 tag, type;
    guint64 count, at; /* where the value is */
};
/* Those of the IFD at `at` that aren't cut off, in their order; none of one that has more than
 * 4096. `link` is where the place of the next IFD stands, where that is asked for. Caller unrefs.
 */
GArray *tiff_entries(const struct tiff *tiff, guint64 at, guint64 *link);
/* The first of a tag; NULL: there is none. Borrowed from `entries`. */
const struct tiff_entry *tiff_find(const GArray *entries, unsigned tag);
/* The whole number that it is, its first one of several. */
bool tiff_value(const struct tiff *tiff, const struct tiff_entry *entry, guint64 *value);
/* PhotometricInterpretation (TIFF 6.0, section 4) of the first page behind fd; -1: none, or it is
 * no TIFF. */
int tiff_photometric(int fd);
