/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which tags are about a file and which about the programme. */
#include "media/writer.h"

#include <glib.h>
#include <string.h>

/* Words of a source's container that describe that file, not the programme. */
static const char *const own_words[] = {
    "major_brand",
    "minor_version",
    "compatible_brands",
    "encoder",
    "duration",
    "handler_name",
    "vendor_id",
    "timecode",
    "rotate",
    "alpha_mode",
    "NUMBER_OF_BYTES",
    "NUMBER_OF_FRAMES",
    "BPS",
    "DURATION",
    "_STATISTICS_TAGS",
    "_STATISTICS_WRITING_APP",
    "_STATISTICS_WRITING_DATE_UTC",
    "uid",
    "generation_uid",
    "product_uid",
    "material_package_umid",
    "file_package_umid",
    "operational_pattern_ul",
    NULL,
};

/* Without the language that libavformat puts behind names of Matroska: "BPS-eng". */
static char *name_of(const char *key)
{
    enum { LETTERS = 3 };
    const char *dash = strrchr(key, '-');
    return dash && strlen(dash + 1) == LETTERS ? g_strndup(key, (gsize)(dash - key))
                                               : g_strdup(key);
}

bool writer_word_is_own(const char *key)
{
    g_autofree char *name = name_of(key), *lower = g_ascii_strdown(name, -1);
    return g_strv_contains(own_words, name) || g_strv_contains(own_words, lower) ||
           g_str_has_prefix(key, "_STATISTICS");
}
