/* SPDX-License-Identifier: GPL-3.0-or-later
 * A manifest, heard element by element. What isn't known (metadata, authors) is passed over. */
#include "base/file.h"
#include "seal/manifest.h"
#include "xml.h"

#include <string.h>

struct reading {
    struct manifest *manifest;
    struct seal_record *record;       /* between <hash> or <directoryhash> and its end */
    struct seal_reference *reference; /* likewise */
    GArray *folder;                   /* of <roothash> and <directoryhash>: what gets hashes */
    int metadata;                     /* how many <metadata> it is inside of */
    bool in_structure, of_version_2;
    enum seal_action action;
};

static const char *attribute(const char **keys, const char **values, const char *key)
{
    for (; *keys; keys++, values++)
        if (strcmp(*keys, key) == 0)
            return *values;
    return NULL;
}

static bool begin_root(struct reading *reading, const char *name, const char *version,
                       GError **error)
{
    reading->of_version_2 = true;
    if (strcmp(name, "hashlist") != 0)
        return xml_wrong(error, "it begins with <%s>, not with <hashlist>: no MHL", name);
    if (g_strcmp0(version, "2.0") != 0)
        return xml_wrong(error, "it is an MHL of version %s; ASC MHL 2.0 is read",
                         version ? version : "?");
    return true;
}

static bool begin_record(struct reading *reading, bool is_folder, GError **error)
{
    if (reading->record || reading->reference)
        return xml_wrong(error, "a hash inside of another, or of a reference");
    reading->record = manifest_add(reading->manifest, NULL, is_folder);
    reading->folder = is_folder ? reading->record->hashes : NULL;
    return true;
}

static bool begin_reference(struct reading *reading, GError **error)
{
    GPtrArray *all = reading->manifest->references;
    if (reading->record || reading->reference)
        return xml_wrong(error, "a reference inside of another, or of a hash");
    manifest_add_reference(reading->manifest, "", "");
    reading->reference = all->pdata[all->len - 1];
    return true;
}

static void take_action(struct reading *reading, const char *action)
{
    reading->action = g_strcmp0(action, "failed") == 0     ? SEAL_FAILED
                      : g_strcmp0(action, "verified") == 0 ? SEAL_VERIFIED
                                                           : SEAL_ORIGINAL;
}

static bool on_start(void *self, const char *name, const char **keys, const char **values,
                     GError **error)
{
    struct reading *reading = self;
    if (!reading->of_version_2)
        return begin_root(reading, name, attribute(keys, values, "version"), error);
    reading->metadata += strcmp(name, "metadata") == 0;
    if (reading->metadata)
        return true;
    if (strcmp(name, "hash") == 0 || strcmp(name, "directoryhash") == 0)
        return begin_record(reading, *name == 'd', error);
    else if (strcmp(name, "roothash") == 0)
        reading->folder = reading->manifest->root;
    else if (strcmp(name, "hashlistreference") == 0)
        return begin_reference(reading, error);
    else if (strcmp(name, "structure") == 0)
        reading->in_structure = true;
    take_action(reading, attribute(keys, values, "action"));
    return true;
}

static bool take_path(struct reading *reading, char **to, const char *text, GError **error)
{
    if (!manifest_can_name(text)) {
        g_autofree char *shown = path_display(text);
        return xml_wrong(error, "the path \"%.200s\" isn't one below the sealed folder", shown);
    }
    g_free(*to);
    *to = g_strdup(text);
    return true;
}

static struct seal_hash *hash_of(GArray *hashes, enum digest_format format)
{
    for (guint i = 0; i < hashes->len; i++)
        if (g_array_index(hashes, struct seal_hash, i).format == format)
            return &g_array_index(hashes, struct seal_hash, i);
    struct seal_hash hash = {.format = format};
    g_array_append_val(hashes, hash);
    return &g_array_index(hashes, struct seal_hash, hashes->len - 1);
}

static bool take_pattern(struct reading *reading, const char *text, GError **error)
{
    if (!manifest_can_ignore(text))
        return xml_wrong(error, "a pattern of what is ignored has control characters, or more than "
                                "4095 bytes");
    g_ptr_array_add(reading->manifest->ignored, g_strdup(text));
    return true;
}

static bool take_hash(struct reading *reading, enum digest_format format, const char *text,
                      GError **error)
{
    GArray *hashes = reading->folder   ? reading->folder
                     : reading->record ? reading->record->hashes
                                       : NULL;
    if (!hashes)
        return true;
    if (!digest_is_text(format, text))
        return xml_wrong(error, "\"%s\" is no checksum of the format %s", text,
                         digest_names[format]);
    struct seal_hash *hash = hash_of(hashes, format);
    hash->action = reading->action;
    g_strlcpy(reading->in_structure ? hash->structure : hash->text, text, DIGEST_TEXT_SIZE);
    return true;
}

/* An element of a file's <hash> that is none of the schema's own names a format. */
static void take_foreign(struct reading *reading, const char *name, const char *text)
{
    struct seal_record *record = reading->record;
    if (!record || record->is_folder || record->foreign || !*text || !manifest_can_name(name))
        return;
    record->foreign = g_strdup(name);
}

static bool end_record(struct reading *reading, GError **error)
{
    bool named = reading->record && reading->record->path;
    reading->record = NULL;
    reading->folder = NULL;
    return named || xml_wrong(error, "a hash without a path");
}

static bool end_reference(struct reading *reading, const char *name, const char *text,
                          GError **error)
{
    struct seal_reference *reference = reading->reference;
    if (strcmp(name, "path") == 0)
        return take_path(reading, &reference->path, text, error);
    if (strcmp(name, "c4") == 0)
        g_strlcpy(reference->c4, text, sizeof reference->c4);
    if (strcmp(name, "hashlistreference") != 0)
        return true;
    reading->reference = NULL;
    return *reference->path || xml_wrong(error, "a reference without a path");
}

static bool on_end(void *self, const char *name, const char *text, GError **error)
{
    struct reading *reading = self;
    reading->metadata -= strcmp(name, "metadata") == 0;
    if (reading->metadata)
        return true;
    if (reading->reference)
        return end_reference(reading, name, text, error);
    if (strcmp(name, "creationdate") == 0) {
        g_free(reading->manifest->created);
        reading->manifest->created = g_strdup(text);
    } else if (strcmp(name, "pattern") == 0)
        return take_pattern(reading, text, error);
    else if (strcmp(name, "structure") == 0)
        reading->in_structure = false;
    else if (strcmp(name, "roothash") == 0)
        reading->folder = NULL;
    else if (reading->record && strcmp(name, "path") == 0)
        return take_path(reading, &reading->record->path, text, error);
    else if (reading->record && strcmp(name, "previousPath") == 0)
        return take_path(reading, &reading->record->previous, text, error);
    else if (strcmp(name, "hash") == 0 || strcmp(name, "directoryhash") == 0)
        return end_record(reading, error);
    int format = digest_named(name);
    if (format >= 0)
        return take_hash(reading, (enum digest_format)format, text, error);
    take_foreign(reading, name, text);
    return true;
}

struct manifest *manifest_from_text(const char *text, gsize length, GError **error)
{
    static const char *const verbatim[] = {"path", "previousPath", "pattern", NULL};
    static const struct xml_ears ears = {on_start, on_end, verbatim};
    struct reading reading = {.manifest = manifest_create(0)};
    if (xml_hear(text, length, &ears, &reading, error))
        return reading.manifest;
    manifest_destroy(reading.manifest);
    return NULL;
}
