/* SPDX-License-Identifier: GPL-3.0-or-later
 * The chain, read and written. */
#include "chain.h"
#include "xml.h"

#include <string.h>

struct reading {
    struct history *history;
    char *path, *c4;
    GHashTable *named; /* the names so far, which are the history's */
    bool begun;
};

static bool on_start(void *self, const char *name, const char **keys, const char **values,
                     GError **error)
{
    struct reading *reading = self;
    if (!reading->begun && strcmp(name, "ascmhldirectory") != 0)
        return xml_wrong(error, "it begins with <%s>, not with <ascmhldirectory>", name);
    reading->begun = true;
    return true;
}

static bool end_generation(struct reading *reading, GError **error)
{
    if (!reading->path || strchr(reading->path, '/') || *reading->path == '.' ||
        !g_str_has_suffix(reading->path, ".mhl"))
        return xml_wrong(error, "\"%s\" is no name of a manifest beside it",
                         reading->path ? reading->path : "");
    if (g_hash_table_contains(reading->named, reading->path))
        return xml_wrong(error, "it names %s twice", reading->path);
    if (!reading->c4 || !digest_is_text(DIGEST_C4, reading->c4))
        return xml_wrong(error, "%s has no c4 checksum", reading->path);
    g_hash_table_add(reading->named, reading->path);
    g_ptr_array_add(reading->history->names, g_steal_pointer(&reading->path));
    g_ptr_array_add(reading->history->checksums, g_steal_pointer(&reading->c4));
    return true;
}

static bool on_end(void *self, const char *name, const char *text, GError **error)
{
    struct reading *reading = self;
    char **to = strcmp(name, "path") == 0 ? &reading->path
                : strcmp(name, "c4") == 0 ? &reading->c4
                                          : NULL;
    if (to) {
        g_free(*to);
        *to = g_strdup(text);
    }
    return strcmp(name, "hashlist") != 0 || end_generation(reading, error);
}

bool chain_read(struct history *history, const char *text, gsize length, GError **error)
{
    static const char *const verbatim[] = {"path", NULL};
    static const struct xml_ears ears = {on_start, on_end, verbatim};
    g_autoptr(GHashTable) named = g_hash_table_new(g_str_hash, g_str_equal);
    struct reading reading = {.history = history, .named = named};
    bool fine = xml_hear(text, length, &ears, &reading, error);
    g_free(reading.path);
    g_free(reading.c4);
    return fine;
}

char *chain_text(const struct history *history)
{
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                                "<ascmhldirectory xmlns=\"urn:ASC:MHL:DIRECTORY:v2.0\">\n");
    for (guint i = 0; i < history->names->len; i++) {
        g_string_append_printf(out, "  <hashlist sequencenr=\"%u\">\n    <path>", i + 1);
        xml_put(out, history->names->pdata[i]);
        g_string_append_printf(out, "</path>\n    <c4>%s</c4>\n  </hashlist>\n",
                               (const char *)history->checksums->pdata[i]);
    }
    g_string_append(out, "</ascmhldirectory>\n");
    return g_string_free(out, FALSE);
}
