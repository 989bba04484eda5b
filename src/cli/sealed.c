/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inputs against their seals. */
#include "sealed.h"

#include "base/digest.h"
#include "exit.h"
#include "interrupt.h"
#include "seal/history.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* What was found in folders so far. */
struct seals {
    struct session *session;
    GHashTable *by_folder; /* path → struct seal of it or of the nearest above, or NULL */
    GPtrArray *all;        /* struct seal, owned */
};

struct seal {
    struct history *history; /* NULL: it is broken */
    GError *error;
};

static void seal_free(void *data)
{
    struct seal *seal = data;
    history_destroy(seal->history);
    g_clear_error(&seal->error);
    g_free(seal);
}

static bool go_on(void *self, int64_t bytes)
{
    (void)self;
    (void)bytes;
    return !interrupt_count();
}

static const struct digest_ear ear = {go_on, NULL};

static struct seal *open_seal(struct seals *seals, const char *folder)
{
    struct seal *seal = g_new0(struct seal, 1);
    seal->history = history_open(folder, &ear, &seal->error);
    g_ptr_array_add(seals->all, seal);
    return seal;
}

static struct seal *nearest(struct seals *seals, const char *folder)
{
    gpointer found = NULL;
    if (g_hash_table_lookup_extended(seals->by_folder, folder, NULL, &found))
        return found;
    g_autofree char *above = g_path_get_dirname(folder);
    struct seal *seal = history_is_there(folder)     ? open_seal(seals, folder)
                        : strcmp(above, folder) == 0 ? NULL
                                                     : nearest(seals, above);
    g_hash_table_insert(seals->by_folder, g_strdup(folder), seal);
    return seal;
}

/* The checksum of a file, remembered by its stamp. NULL and `why` when it can't be read. */
static char *digest_of(struct seals *seals, const char *path, enum digest_format format, char **why)
{
    struct ledger *ledger = seals->session->ledger;
    struct file_stamp stamp;
    struct digest_texts texts;
    g_autoptr(GError) error = NULL;
    g_autofree char *key = g_strdup_printf("%s of %s", digest_names[format], path);
    bool stamped = file_stamp_of(path, &stamp);
    char *known = stamped ? ledger_file_hash(ledger, key, &stamp) : NULL;
    if (known)
        return known;
    bool fine = digest_file(path, DIGEST_BIT(format), &ear, &texts, &error);
    if (!fine)
        *why = g_strdup(error->message);
    if (fine && stamped && !file_stamp_is_racy(&stamp, g_get_real_time()))
        ledger_put_file_hash(ledger, key, &stamp, texts.of[format], NULL);
    return fine ? g_strdup(texts.of[format]) : NULL;
}

static const struct seal_known *known_of(const struct history *history, const char *path)
{
    bool is_root = strcmp(history->folder, "/") == 0;
    return history_find(history, path + strlen(history->folder) + !is_root);
}

/* Of the nearest that knows the file, or that is broken; NULL: there is none. */
static const struct seal *seal_of(struct seals *seals, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    const struct seal *seal = nearest(seals, folder);
    while (seal && seal->history && !known_of(seal->history, path)) {
        g_autofree char *above = g_path_get_dirname(seal->history->folder);
        seal = strcmp(above, seal->history->folder) == 0 ? NULL : nearest(seals, above);
    }
    return seal;
}

/* Compares one file; `hash` is its xxh128, or NULL. What is wrong becomes words, caller frees. */
static char *compare(struct seals *seals, const char *path, const char *hash)
{
    const struct seal *seal = seal_of(seals, path);
    if (!seal)
        return NULL;
    if (!seal->history)
        return g_strdup(seal->error->message);
    const struct history *history = seal->history;
    const struct seal_known *known = known_of(history, path);
    char *why = NULL;
    enum digest_format format = (enum digest_format)digest_quickest(known->formats);
    g_autofree char *now =
        hash && format == DIGEST_XXH128 ? g_strdup(hash) : digest_of(seals, path, format, &why);
    if (!now)
        return why;
    if (digest_equal(format, now, known->texts.of[format]))
        return NULL;
    g_autofree char *place = history_place(history, known->generation[format]);
    g_autofree char *shown = path_display(history->folder);
    return g_strdup_printf(
        "it isn't the file that was sealed: its %s is %s, and %s/%s says %s; copy it again",
        digest_names[format], now, shown, place, known->texts.of[format]);
}

static char *compare_pictures(struct seals *seals, const struct plan_input *input)
{
    g_auto(sequence_ptr) sequence = sequence_find(input->path, &input->sequence, NULL);
    for (guint i = 0; sequence && i < sequence->names->len && !interrupt_count(); i++) {
        const char *name = sequence->names->pdata[i];
        g_autofree char *path = name ? g_build_filename(sequence->folder, name, NULL) : NULL;
        g_autofree char *wrong = path ? compare(seals, path, NULL) : NULL;
        if (wrong)
            return g_strdup_printf("%s: %s", name, wrong);
    }
    return NULL;
}

static void check(struct seals *seals, struct plan_input *input)
{
    if (!input->facts)
        return;
    g_autofree char *wrong = sequence_rule_is_set(&input->sequence)
                                 ? compare_pictures(seals, input)
                                 : compare(seals, input->path, input->facts->hash);
    if (!wrong || interrupt_count())
        return;
    fail(&input->failure, FAIL_INPUT_DAMAGED, "%s", wrong);
    facts_destroy(g_steal_pointer(&input->facts));
}

int sealed_check(struct session *session)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new_with_free_func(seal_free);
    g_autoptr(GHashTable) by_folder = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct seals seals = {session, by_folder, all};
    for (guint i = 0; i < session->inputs->len && !interrupt_count(); i++)
        check(&seals, session->inputs->pdata[i]);
    return interrupt_count() ? interrupt_exit_code() : EXIT_DONE;
}
