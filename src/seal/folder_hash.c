/* SPDX-License-Identifier: GPL-3.0-or-later
 * Hashes of hashes. */
#include "folder_hash.h"

#include <string.h>

void folder_hash_begin(struct folder_hash *hash, unsigned formats)
{
    *hash = (struct folder_hash){.formats = formats, .whole = true};
    for (int i = 0; i < DIGEST_COUNT; i++) {
        hash->content[i] = g_ptr_array_new_with_free_func(g_free);
        hash->structure[i] = g_ptr_array_new_with_free_func(g_free);
    }
}

void folder_hash_clear(struct folder_hash *hash)
{
    for (int i = 0; i < DIGEST_COUNT; i++) {
        g_ptr_array_unref(hash->content[i]);
        g_ptr_array_unref(hash->structure[i]);
    }
}

static void add(struct folder_hash *hash, enum digest_format format, const char *name,
                const char *content, const char *structure)
{
    struct digest_texts texts;
    struct digest_state *state = digest_begin(DIGEST_BIT(format));
    digest_update(state, name, strlen(name));
    digest_update_text(state, format, structure);
    digest_end(state, &texts);
    g_ptr_array_add(hash->content[format], g_strdup(content));
    g_ptr_array_add(hash->structure[format], g_strdup(texts.of[format]));
}

void folder_hash_add_file(struct folder_hash *hash, const char *name,
                          const struct digest_texts *texts)
{
    for (int i = 0; i < DIGEST_COUNT; i++)
        if (hash->formats & DIGEST_BIT(i))
            add(hash, (enum digest_format)i, name, texts->of[i], texts->of[i]);
}

void folder_hash_add_folder(struct folder_hash *hash, const char *name, const GArray *of)
{
    hash->whole &= of->len > 0;
    for (guint i = 0; i < of->len; i++) {
        const struct seal_hash *child = &g_array_index(of, struct seal_hash, i);
        add(hash, child->format, name, child->text, child->structure);
    }
}

static gint by_bytes(gconstpointer a, gconstpointer b)
{
    const char *const *one = a, *const *other = b;
    return strcmp(*one, *other);
}

static void hash_list(GPtrArray *list, enum digest_format format, char out[DIGEST_TEXT_SIZE])
{
    struct digest_texts texts;
    struct digest_state *state = digest_begin(DIGEST_BIT(format));
    g_ptr_array_sort(list, by_bytes);
    for (guint i = 0; i < list->len; i++)
        digest_update_text(state, format, list->pdata[i]);
    digest_end(state, &texts);
    memcpy(out, texts.of[format], DIGEST_TEXT_SIZE);
}

void folder_hash_end(const struct folder_hash *hash, GArray *out)
{
    for (int i = 0; hash->whole && i < DIGEST_COUNT; i++) {
        struct seal_hash made = {.format = (enum digest_format)i};
        if (!(hash->formats & DIGEST_BIT(i)))
            continue;
        hash_list(hash->content[i], made.format, made.text);
        hash_list(hash->structure[i], made.format, made.structure);
        g_array_append_val(out, made);
    }
}

const char *folder_hashes_differ(const GArray *was, const GArray *is)
{
    for (guint i = 0; was && i < was->len; i++)
        for (guint k = 0; k < is->len; k++) {
            const struct seal_hash *a = &g_array_index(was, struct seal_hash, i);
            const struct seal_hash *b = &g_array_index(is, struct seal_hash, k);
            if (a->format != b->format)
                continue;
            if (*a->text && !digest_equal(a->format, a->text, b->text))
                return "content";
            if (*a->structure && !digest_equal(a->format, a->structure, b->structure))
                return "structure";
        }
    return NULL;
}
