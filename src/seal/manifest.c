/* SPDX-License-Identifier: GPL-3.0-or-later
 * The product, and its writing. */
#include "seal/manifest.h"
#include "base/file.h"
#include "xml.h"

#include <limits.h>
#include <string.h>

static void record_free(void *data)
{
    struct seal_record *record = data;
    g_free(record->path);
    g_free(record->previous);
    g_free(record->foreign);
    g_array_unref(record->hashes);
    g_free(record);
}

static void reference_free(void *data)
{
    struct seal_reference *reference = data;
    g_free(reference->path);
    g_free(reference);
}

struct manifest *manifest_create(int64_t created_s)
{
    struct manifest *manifest = g_new0(struct manifest, 1);
    manifest->created_s = created_s;
    manifest->root = g_array_new(FALSE, TRUE, sizeof(struct seal_hash));
    manifest->ignored = g_ptr_array_new_with_free_func(g_free);
    manifest->records = g_ptr_array_new_with_free_func(record_free);
    manifest->references = g_ptr_array_new_with_free_func(reference_free);
    return manifest;
}

void manifest_destroy(struct manifest *manifest)
{
    if (!manifest)
        return;
    g_free(manifest->created);
    g_array_unref(manifest->root);
    g_ptr_array_unref(manifest->ignored);
    g_ptr_array_unref(manifest->records);
    g_ptr_array_unref(manifest->references);
    g_free(manifest);
}

struct seal_record *manifest_add(struct manifest *manifest, char *path, bool is_folder)
{
    struct seal_record *record = g_new0(struct seal_record, 1);
    *record = (struct seal_record){
        .path = path,
        .is_folder = is_folder,
        .size = -1,
        .modified_s = -1,
        .hashes = g_array_new(FALSE, TRUE, sizeof(struct seal_hash)),
    };
    g_ptr_array_add(manifest->records, record);
    return record;
}

void manifest_add_reference(struct manifest *manifest, const char *path, const char *c4)
{
    struct seal_reference *reference = g_new0(struct seal_reference, 1);
    reference->path = g_strdup(path);
    g_strlcpy(reference->c4, c4, sizeof reference->c4);
    g_ptr_array_add(manifest->references, reference);
}

bool manifest_can_ignore(const char *pattern)
{
    if (strlen(pattern) >= PATH_MAX || !g_utf8_validate(pattern, -1, NULL))
        return false;
    for (const char *p = pattern; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c < 0x20 || c == 0x7f || c == 0xfffe || c == 0xffff)
            return false;
    }
    return true;
}

bool manifest_can_name(const char *path)
{
    g_autofree char *framed = g_strconcat("/", path, "/", NULL);
    return path_is_inside(path) && !strstr(framed, "/./") && manifest_can_ignore(path);
}

struct writer {
    GString *out;
    const struct manifest *manifest;
};

static void put_element(GString *out, const char *indent, const char *name, const char *text)
{
    g_string_append_printf(out, "%s<%s>", indent, name);
    xml_put(out, text);
    g_string_append_printf(out, "</%s>\n", name);
}

/* `action` NULL: of a folder. */
static void put_hash(const struct writer *to, const char *indent, enum digest_format format,
                     const char *action, const char *text)
{
    g_string_append_printf(to->out, "%s<%s", indent, digest_names[format]);
    if (action)
        g_string_append_printf(to->out, " action=\"%s\"", action);
    g_string_append(to->out, " hashdate=\"");
    xml_put_time(to->out, to->manifest->created_s);
    g_string_append_printf(to->out, "\">%s</%s>\n", text, digest_names[format]);
}

static void put_folder_hashes(const struct writer *to, const char *indent, const GArray *hashes)
{
    static const char *const parts[] = {"content", "structure"};
    g_autofree char *deeper = g_strconcat(indent, "  ", NULL);
    for (int part = 0; part < 2; part++) {
        g_string_append_printf(to->out, "%s<%s>\n", indent, parts[part]);
        for (guint i = 0; i < hashes->len; i++) {
            const struct seal_hash *hash = &g_array_index(hashes, struct seal_hash, i);
            const char *text = part ? hash->structure : hash->text;
            if (*text)
                put_hash(to, deeper, hash->format, NULL, text);
        }
        g_string_append_printf(to->out, "%s</%s>\n", indent, parts[part]);
    }
}

static void put_file_hashes(const struct writer *to, const struct seal_record *record)
{
    static const char *const actions[] = {"original", "verified", "failed"};
    for (guint i = 0; i < record->hashes->len; i++) {
        const struct seal_hash *hash = &g_array_index(record->hashes, struct seal_hash, i);
        put_hash(to, "      ", hash->format, actions[hash->action], hash->text);
    }
}

static void put_record(const struct writer *to, const struct seal_record *record)
{
    const char *name = record->is_folder ? "directoryhash" : "hash";
    g_string_append_printf(to->out, "    <%s>\n      <path", name);
    if (record->size >= 0)
        g_string_append_printf(to->out, " size=\"%" G_GINT64_FORMAT "\"", record->size);
    if (record->modified_s >= 0) {
        g_string_append(to->out, " lastmodificationdate=\"");
        xml_put_time(to->out, record->modified_s);
        g_string_append_c(to->out, '"');
    }
    g_string_append_c(to->out, '>');
    xml_put(to->out, record->path);
    g_string_append(to->out, "</path>\n");
    if (record->is_folder)
        put_folder_hashes(to, "      ", record->hashes);
    else
        put_file_hashes(to, record);
    if (record->previous)
        put_element(to->out, "      ", "previousPath", record->previous);
    g_string_append_printf(to->out, "    </%s>\n", name);
}

static void put_head(const struct writer *to)
{
    g_string_append(to->out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                             "<hashlist version=\"2.0\" xmlns=\"urn:ASC:MHL:v2.0\">\n"
                             "  <creatorinfo>\n    <creationdate>");
    xml_put_time(to->out, to->manifest->created_s);
    g_string_append(to->out, "</creationdate>\n");
    g_autofree char *host = g_utf8_make_valid(g_get_host_name(), -1);
    put_element(to->out, "    ", "hostname", host);
    g_string_append(to->out, "    <tool version=\"" RUSHES_VERSION "\">rushes</tool>\n"
                             "  </creatorinfo>\n"
                             "  <processinfo>\n    <process>in-place</process>\n");
    if (to->manifest->root->len) {
        g_string_append(to->out, "    <roothash>\n");
        put_folder_hashes(to, "      ", to->manifest->root);
        g_string_append(to->out, "    </roothash>\n");
    }
    if (to->manifest->ignored->len) {
        g_string_append(to->out, "    <ignore>\n");
        for (guint i = 0; i < to->manifest->ignored->len; i++)
            put_element(to->out, "      ", "pattern", to->manifest->ignored->pdata[i]);
        g_string_append(to->out, "    </ignore>\n");
    }
    g_string_append(to->out, "  </processinfo>\n");
}

static void put_references(const struct writer *to)
{
    if (!to->manifest->references->len)
        return;
    g_string_append(to->out, "  <references>\n");
    for (guint i = 0; i < to->manifest->references->len; i++) {
        const struct seal_reference *reference = to->manifest->references->pdata[i];
        g_string_append(to->out, "    <hashlistreference>\n");
        put_element(to->out, "      ", "path", reference->path);
        put_element(to->out, "      ", "c4", reference->c4);
        g_string_append(to->out, "    </hashlistreference>\n");
    }
    g_string_append(to->out, "  </references>\n");
}

char *manifest_to_text(const struct manifest *manifest)
{
    struct writer to = {g_string_new(NULL), manifest};
    put_head(&to);
    if (manifest->records->len) {
        g_string_append(to.out, "  <hashes>\n");
        for (guint i = 0; i < manifest->records->len; i++)
            put_record(&to, manifest->records->pdata[i]);
        g_string_append(to.out, "  </hashes>\n");
    }
    put_references(&to);
    g_string_append(to.out, "</hashlist>\n");
    return g_string_free(to.out, FALSE);
}
