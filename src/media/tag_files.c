/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags and languages of two files. */
#include "base/language.h"
#include "media/readback.h"
#include "media/tag_groups.h"

static GPtrArray *languages_of(const AVFormatContext *format)
{
    GPtrArray *codes = g_ptr_array_new();
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        enum AVMediaType type = stream->codecpar->codec_type;
        const AVDictionaryEntry *language = av_dict_get(stream->metadata, "language", NULL, 0);
        const char *code = language_code(language ? language->value : NULL);
        if (code && (type == AVMEDIA_TYPE_AUDIO || type == AVMEDIA_TYPE_SUBTITLE) &&
            !g_ptr_array_find_with_equal_func(codes, code, g_str_equal, NULL))
            g_ptr_array_add(codes, (char *)code);
    }
    return codes;
}

static char *joined(const GPtrArray *codes)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < codes->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (const char *)codes->pdata[i]);
    return g_string_free(text, FALSE);
}

void languages_compare(const AVFormatContext *source, const AVFormatContext *after, GPtrArray *rows)
{
    g_autoptr(GPtrArray) before = languages_of(source), found = languages_of(after);
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    for (guint i = 0; i < before->len; i++)
        if (!g_ptr_array_find_with_equal_func(found, before->pdata[i], g_str_equal, NULL))
            g_ptr_array_add(missing, before->pdata[i]);
    g_autofree char *all = joined(before), *there = joined(found), *lost = joined(missing);
    g_autofree char *why = missing->len ? g_strdup_printf("without %s", lost) : NULL;
    if (before->len)
        g_ptr_array_add(rows, carried_copy(&(struct carried_row){.keep = KEEP_LANGUAGES,
                                                                 .stream = -1,
                                                                 .what = (char *)"languages",
                                                                 .before = all,
                                                                 .after = found->len ? there : NULL,
                                                                 .fate = missing->len ? FATE_DROPPED
                                                                                      : FATE_KEPT,
                                                                 .why = why}));
}

void tags_compare_files(int source, int after, const char *container, GHashTable *removed,
                        GPtrArray *rows)
{
    g_auto(readback_ptr) before = readback_open(source), made = readback_open(after);
    if (!before || !made)
        return;
    tags_compare(readback_format(before), readback_format(made), container, removed, rows);
    languages_compare(readback_format(before), readback_format(made), rows);
}
