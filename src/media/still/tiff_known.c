/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of TIFF's tags. */
#include "tiff_known.h"

#include "../bytes/tiff_ifd.h"
#include "base/names.h"

/* TIFF 6.0; Exif 2.32; TIFF Technical Note 1 (SubIFDs); Adobe Photoshop TIFF Technical Notes 1 and
 * 2; Microsoft's tags of Windows. TOLD tells of the picture. STORED tells how pixels are stored, or
 * is carried by others (XMP, IPTC, ICC), or made anew. What is neither nobody here reads. */
enum sort { TOLD, STORED, UNREAD };
static const struct known {
    guint16 tag;
    enum sort sort;
    const char *name; /* of UNREAD */
} known[] = {
    {0x0fe, STORED, NULL},
    {0x0ff, STORED, NULL},
    {0x100, STORED, NULL},
    {0x101, STORED, NULL},
    {0x102, STORED, NULL},
    {0x103, STORED, NULL},
    {0x106, STORED, NULL},
    {0x107, UNREAD, "Thresholding"},
    {0x108, UNREAD, "CellWidth"},
    {0x109, UNREAD, "CellLength"},
    {0x10a, STORED, NULL},
    {0x10d, TOLD, NULL}, /* DocumentName */
    {0x10e, TOLD, NULL}, /* ImageDescription */
    {0x10f, TOLD, NULL}, /* Make */
    {0x110, TOLD, NULL}, /* Model */
    {0x111, STORED, NULL},
    {0x112, STORED, NULL},
    {0x115, STORED, NULL},
    {0x116, STORED, NULL},
    {0x117, STORED, NULL},
    {0x118, STORED, NULL},
    {0x119, STORED, NULL},
    {0x11a, STORED, NULL},
    {0x11b, STORED, NULL},
    {0x11c, STORED, NULL},
    {0x11d, TOLD, NULL}, /* PageName */
    {0x11e, TOLD, NULL}, /* XPosition */
    {0x11f, TOLD, NULL}, /* YPosition */
    {0x120, STORED, NULL},
    {0x121, STORED, NULL},
    {0x122, UNREAD, "GrayResponseUnit"},
    {0x123, UNREAD, "GrayResponseCurve"},
    {0x124, STORED, NULL},
    {0x125, STORED, NULL},
    {0x128, STORED, NULL},
    {0x129, TOLD, NULL}, /* PageNumber */
    {0x12d, UNREAD, "TransferFunction"},
    {0x131, TOLD, NULL}, /* Software */
    {0x132, TOLD, NULL}, /* DateTime */
    {0x13b, TOLD, NULL}, /* Artist */
    {0x13c, TOLD, NULL}, /* HostComputer */
    {0x13d, STORED, NULL},
    {0x13e, UNREAD, "WhitePoint"},
    {0x13f, UNREAD, "PrimaryChromaticities"},
    {0x140, STORED, NULL},
    {0x141, UNREAD, "HalftoneHints"},
    {0x142, STORED, NULL},
    {0x143, STORED, NULL},
    {0x144, STORED, NULL},
    {0x145, STORED, NULL},
    {0x146, STORED, NULL},
    {0x147, STORED, NULL},
    {0x148, STORED, NULL},
    {0x14a, UNREAD, "SubIFDs (further pictures)"},
    {0x14c, STORED, NULL},
    {0x14d, UNREAD, "InkNames"},
    {0x14e, STORED, NULL},
    {0x150, UNREAD, "DotRange"},
    {0x151, TOLD, NULL}, /* TargetPrinter */
    {0x152, STORED, NULL},
    {0x153, STORED, NULL},
    {0x154, STORED, NULL},
    {0x155, STORED, NULL},
    {0x156, UNREAD, "TransferRange"},
    {0x157, UNREAD, "ClipPath"},
    {0x15b, STORED, NULL},
    {0x200, STORED, NULL},
    {0x201, STORED, NULL},
    {0x202, STORED, NULL},
    {0x203, STORED, NULL},
    {0x205, STORED, NULL},
    {0x206, STORED, NULL},
    {0x207, STORED, NULL},
    {0x208, STORED, NULL},
    {0x209, STORED, NULL},
    {0x211, STORED, NULL},
    {0x212, STORED, NULL},
    {0x213, STORED, NULL},
    {0x214, STORED, NULL},
    {0x2bc, STORED, NULL},
    {0x4746, TOLD, NULL}, /* Rating */
    {0x4749, TOLD, NULL}, /* RatingPercent */
    {0x80e3, STORED, NULL},
    {0x80e4, STORED, NULL},
    {0x80e5, STORED, NULL},
    {0x80e6, STORED, NULL},
    {0x8298, TOLD, NULL}, /* Copyright */
    {0x83bb, STORED, NULL},
    {0x8649, STORED, NULL},
    {0x8769, TOLD, NULL},
    {0x8773, STORED, NULL},
    {0x8825, TOLD, NULL},
    {0x935c, UNREAD, "ImageSourceData (Photoshop's layers)"},
    {0x9c9b, TOLD, NULL}, /* Windows' title, comment, author, keywords, subject */
    {0x9c9c, TOLD, NULL},
    {0x9c9d, TOLD, NULL},
    {0x9c9e, TOLD, NULL},
    {0x9c9f, TOLD, NULL},
};

static const struct known *find(unsigned tag)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(known); i++)
        if (known[i].tag == tag)
            return &known[i];
    return NULL;
}

bool tiff_tag_is_told(unsigned tag)
{
    const struct known *row = find(tag);
    return row && row->sort == TOLD;
}

static void add_once(GPtrArray *names, const char *name)
{
    if (!g_ptr_array_find(names, name, NULL))
        g_ptr_array_add(names, (char *)name);
}

/* "3 unknown tags (33550, 33922, 34735)"; NULL: none. */
static char *strangers_text(const GPtrArray *numbers)
{
    g_autofree char *list = names_text_of(numbers);
    return numbers->len ? g_strdup_printf("%u unknown tag%s (%s)", numbers->len,
                                          numbers->len == 1 ? "" : "s", list)
                        : NULL;
}

char *tiff_unread_tags(int fd)
{
    struct tiff tiff = {.fd = fd};
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GArray) entries = tiff_open(&tiff) ? tiff_entries(&tiff, tiff.first, NULL) : NULL;
    for (guint i = 0; entries && i < entries->len; i++) {
        const unsigned tag = g_array_index(entries, struct tiff_entry, i).tag;
        const struct known *row = find(tag);
        if (!row)
            g_ptr_array_add(numbers, g_strdup_printf("%u", tag));
        else if (row->sort == UNREAD)
            add_once(names, row->name);
    }
    g_autofree char *strangers = strangers_text(numbers);
    if (strangers)
        g_ptr_array_add(names, strangers);
    return names->len ? names_text_of(names) : NULL;
}
