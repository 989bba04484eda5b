/* SPDX-License-Identifier: GPL-3.0-or-later
 * Magic numbers. */
#include "sniff.h"

#include "tiff_ifd.h"

#include <string.h>

struct magic {
    gsize offset;
    const char *bytes;
    gsize length;
    const char *what;
};
#define AT(offset, bytes, what)                \
    {                                          \
        offset, bytes, sizeof(bytes) - 1, what \
    }

static const struct magic strangers[] = {
    AT(0, "#EXTM3U", "a playlist, which only names other files"),
    AT(0, "ffconcat", "a list of other files (concat)"),
    AT(0, "<?xml", "XML text"),
    AT(0, "<svg", "an SVG drawing"),
    AT(0, "<MPD", "a manifest, which only names other files"),
    AT(0, "v=0", "a session description (SDP)"),
    AT(0, "%PDF", "a PDF document"),
    AT(0, "%!PS", "a PostScript document"),
    AT(0, "PK\3\4", "a ZIP archive"),
    AT(0, "Rar!\x1a\7", "a RAR archive"),
    AT(0, "7z\xbc\xaf\x27\x1c", "a 7z archive"),
    AT(0, "\x1f\x8b", "a gzip archive"),
    AT(0, "BZh", "a bzip2 archive"),
    AT(0,
       "\xfd"
       "7zXZ",
       "an xz archive"),
    AT(0,
       "\x7f"
       "ELF",
       "a program"),
    AT(0, "MZ", "a program"),
    AT(0, "SQLite format 3", "a database"),
    AT(0, "8BPS", "a Photoshop document"),
    AT(0, "MATLAB 5.0", "a MATLAB file"),
    AT(0, "BM", "a BMP picture"),
    AT(20, "jp2 ", "a JPEG 2000 picture"),
    AT(0, "\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    AT(8, "avis", "an AVIF film"),
};

static const struct magic guarded[] = {
    AT(0, "\x76\x2f\x31\x01", "exr"),
    AT(0, "SDPX", "dpx"),
    AT(0, "XPDS", "dpx"),
    AT(0, "\xff\x0a", "jxl"),
    AT(4, "JXL ", "jxl"),
    AT(0, "#?RADIANCE", "hdr"),
    AT(0, "#?RGBE", "hdr"),
    AT(0, "P1", "ppm"),
    AT(0, "P2", "ppm"),
    AT(0, "P3", "ppm"),
    AT(0, "P4", "ppm"),
    AT(0, "P5", "ppm"),
    AT(0, "P6", "ppm"),
    AT(0, "PF", "ppm"),
    AT(0, "Pf", "ppm"),
    AT(8, "crx ", "raw"),            /* Canon CR3 */
    AT(6, "HEAPCCDR", "raw"),        /* Canon CRW */
    AT(8, "CR\2", "raw"),            /* Canon CR2 */
    AT(0, "FUJIFILMCCD-RAW", "raw"), /* Fujifilm RAF */
    AT(0, "IIRO", "raw"),            /* Olympus ORF */
    AT(0, "IIU\0", "raw"),           /* Panasonic RW2 */
    AT(0, "FOVb", "raw"),            /* Sigma X3F */
};

static const struct magic stills[] = {
    AT(0, "\xff\xd8\xff", "jpeg"), AT(0, "\x89PNG\r\n\x1a\n", "png"),
    AT(0, "GIF8", "gif"),          AT(0, "II*\0", "tiff"),
    AT(0, "MM\0*", "tiff"),        AT(0, "II+\0", "tiff"),
    AT(0, "MM\0+", "tiff"),        AT(8, "WEBP", "webp"),
    AT(8, "avif", "avif"),         AT(8, "heic", "heif"),
    AT(8, "heix", "heif"),         AT(8, "hevc", "heif"),
    AT(8, "hevx", "heif"),         AT(8, "heim", "heif"),
    AT(8, "heis", "heif"),         AT(8, "mif1", "heif"),
    AT(8, "msf1", "heif"),
};

static const struct magic *match(const struct magic *rows, gsize count, const guint8 *data,
                                 gsize length)
{
    for (const struct magic *row = rows; row < rows + count; row++)
        if (row->offset + row->length <= length &&
            memcmp(data + row->offset, row->bytes, row->length) == 0)
            return row;
    return NULL;
}

/* Camera raw files are TIFFs whose first picture is a thumbnail, with the raw data in a sub-file
 * (TIFF 6.0: NewSubfileType 254; SubIFDs 330), or carry DNGVersion (50706). */
static gboolean is_raw(const guint8 *data, gsize length)
{
    enum { NEW_SUBFILE_TYPE = 254, REDUCED = 1, SUB_IFDS = 330, DNG_VERSION = 50706 };
    struct tiff tiff = {.fd = -1, .data = data, .size = length};
    if (!tiff_open(&tiff) || tiff.wide)
        return FALSE;
    guint64 kind = 0;
    g_autoptr(GArray) entries = tiff_entries(&tiff, tiff.first, NULL);
    const struct tiff_entry *entry = tiff_find(entries, NEW_SUBFILE_TYPE);
    const bool reduced = entry && tiff_value(&tiff, entry, &kind) && (kind & REDUCED);
    return tiff_find(entries, DNG_VERSION) || (reduced && tiff_find(entries, SUB_IFDS));
}

static gboolean is_text(const guint8 *data, gsize length)
{
    gsize end = MIN(length, 1024);
    for (gsize i = 0; i < end; i++)
        if (data[i] < 32 && !strchr("\t\r\n\f\x1b", data[i]))
            return FALSE;
    return end > 0 && g_utf8_validate_len((const char *)data, end - MIN(end - 1, 4), NULL);
}

const char *sniff_not_media(const guint8 *data, gsize length)
{
    const struct magic *row = match(strangers, G_N_ELEMENTS(strangers), data, length);
    if (row)
        return row->what;
    return is_text(data, length) ? "text" : NULL;
}

gboolean sniff_still(const guint8 *data, gsize length)
{
    return match(stills, G_N_ELEMENTS(stills), data, length) != NULL;
}

const struct trust_row *sniff_guarded(const guint8 *data, gsize length)
{
    const struct magic *row = match(guarded, G_N_ELEMENTS(guarded), data, length);
    bool letters = row && strcmp(row->what, "ppm") == 0;
    if (!row && is_raw(data, length))
        return trust_find("raw");
    if (!row || (letters && (length < 3 || !g_ascii_isspace(data[2]))))
        return NULL;
    return trust_find(row->what);
}
