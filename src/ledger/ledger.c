/* SPDX-License-Identifier: GPL-3.0-or-later
 * Opening the ledger, and what it remembers about files: facts, hashes, measurements, costs and
 * the identities of what was published. */
#include "ledger/ledger.h"

#include "lock.h"
#include "private.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>

static bool make_folder(struct ledger *ledger, GError **error)
{
    if (g_mkdir_with_parents(ledger->folder, 0777) == 0)
        return true;
    g_autofree char *name = path_display(ledger->folder);
    g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(errno),
                "can't make the folder %s: %s; choose another with -o", name, g_strerror(errno));
    return false;
}

static bool open_writing(struct ledger *ledger, const char *path, GError **error)
{
    if (!make_folder(ledger, error) || (ledger->lock = lock_take(ledger->folder, error)) < 0 ||
        !db_open(&ledger->db, path, true, error))
        return false;
    file_stamp_of(path, &ledger->at); /* gone already: the first publication will say so */
    return ledger_recover(ledger, error);
}

static bool open_reading(struct ledger *ledger, const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
        return db_open(&ledger->db, path, false, error);
    g_autofree char *name = path_display(ledger->out_dir);
    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                "%s has no ledger: no run has written there; name the folder given to -o", name);
    return false;
}

struct ledger *ledger_open(const char *out_dir, enum ledger_mode mode, GError **error)
{
    g_auto(ledger_ptr) ledger = g_new0(struct ledger, 1);
    ledger->mode = mode;
    ledger->out_dir = g_canonicalize_filename(out_dir, NULL);
    ledger->folder = g_build_filename(ledger->out_dir, ".rushes", NULL);
    ledger->lock = -1;
    ledger->off_spec = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ledger->partial = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    ledger->hashes = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    ledger->forgotten = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *path = g_build_filename(ledger->folder, "ledger.sqlite", NULL);
    bool open = mode == LEDGER_WRITE  ? open_writing(ledger, path, error)
                : mode == LEDGER_READ ? open_reading(ledger, path, error)
                                      : db_open(&ledger->db, NULL, true, error);
    return open ? g_steal_pointer(&ledger) : NULL;
}

void ledger_close(struct ledger *ledger)
{
    if (!ledger)
        return;
    db_close(&ledger->db);
    if (ledger->lock >= 0)
        close(ledger->lock);
    g_hash_table_destroy(ledger->off_spec);
    g_hash_table_destroy(ledger->partial);
    g_hash_table_destroy(ledger->hashes);
    g_ptr_array_unref(ledger->forgotten);
    g_free(ledger->folder);
    g_free(ledger->out_dir);
    g_free(ledger);
}

bool ledger_flush(struct ledger *ledger, GError **error)
{
    return db_commit(&ledger->db, error);
}

/* The one text a query gives, or NULL. */
static char *answer(sqlite3_stmt *row)
{
    if (!db_row(row))
        return NULL;
    char *text = g_strdup(db_text(row, 0));
    db_done(row);
    return text;
}

/* What an older probe read otherwise is read again. */
static char *facts_stamp(const struct file_stamp *stamp)
{
    g_autofree char *text = file_stamp_text(stamp);
    return g_strdup_printf("%s/%d", text, FACTS_VERSION);
}

struct facts *ledger_facts(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                           bool measured)
{
    g_autofree char *stamp_text = facts_stamp(stamp);
    g_autofree char *text =
        answer(db_query(&ledger->db, SQL_FACTS_GET, "tti", path, stamp_text, (int64_t)measured));
    return text ? facts_from_lines(text) : NULL;
}

char *facts_text(const struct facts *facts)
{
    g_autoptr(JsonNode) json = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(json, facts_to_json(facts));
    return json_to_string(json, false);
}

bool ledger_put_facts(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                      const struct facts *facts, GError **error)
{
    if (ledger->mode == LEDGER_READ)
        return true;
    g_autofree char *stamp_text = facts_stamp(stamp);
    g_autofree char *text = facts_to_lines(facts);
    return db_run(&ledger->db, error, SQL_FACTS_PUT, "ttit", path, stamp_text,
                  (int64_t)facts->measured, text) &&
           (facts->measured ? db_commit(&ledger->db, error) : db_commit_due(&ledger->db, error));
}

static char *glance_key(const char *path, bool published)
{
    return g_strconcat(published ? "glance " : "rejected glance ", path, NULL);
}

static struct glance *glance_at(struct ledger *ledger, const char *path, bool published)
{
    g_autofree char *key = glance_key(path, published);
    g_autofree char *text = answer(db_query(&ledger->db, SQL_MEASUREMENT_GET, "t", key));
    return glance_from_text(text);
}

struct glance *ledger_glance(struct ledger *ledger, const char *path, const char *hash)
{
    for (int published = 1; hash && published >= 0; published--) {
        g_auto(glance_ptr) glance = glance_at(ledger, path, published);
        if (glance && g_strcmp0(glance->hash, hash) == 0)
            return g_steal_pointer(&glance);
    }
    return NULL;
}

bool ledger_put_glance(struct ledger *ledger, const char *path, bool published,
                       const struct glance *glance, GError **error)
{
    if (ledger->mode == LEDGER_READ)
        return true;
    g_autofree char *key = glance_key(path, published);
    g_autofree char *text = glance ? glance_to_text(glance) : NULL;
    bool done = text ? db_run(&ledger->db, error, SQL_MEASUREMENT_PUT, "tt", key, text)
                     : db_run(&ledger->db, error, SQL_MEASUREMENT_DROP, "t", key);
    return done && db_commit_due(&ledger->db, error);
}

char *ledger_file_hash(struct ledger *ledger, const char *path, const struct file_stamp *stamp)
{
    g_autofree char *stamp_text = file_stamp_text(stamp);
    return answer(db_query(&ledger->db, SQL_HASH_GET, "tt", path, stamp_text));
}

bool ledger_put_file_hash(struct ledger *ledger, const char *path, const struct file_stamp *stamp,
                          const char *hash, GError **error)
{
    if (ledger->mode == LEDGER_READ)
        return true;
    g_autofree char *stamp_text = file_stamp_text(stamp);
    return db_run(&ledger->db, error, SQL_HASH_PUT, "ttt", path, stamp_text, hash) &&
           db_commit_due(&ledger->db, error);
}

struct file_stamp stamp_from_row(sqlite3_stmt *row, int first)
{
    return (struct file_stamp){.size = sqlite3_column_int64(row, first),
                               .mtime_ns = sqlite3_column_int64(row, first + 1),
                               .ctime_ns = sqlite3_column_int64(row, first + 2),
                               .inode = (uint64_t)sqlite3_column_int64(row, first + 3),
                               .device = (uint64_t)sqlite3_column_int64(row, first + 4)};
}

bool ledger_known_output(void *self, const char *path, struct known_output *out)
{
    struct ledger *ledger = self;
    sqlite3_stmt *row = db_query(&ledger->db, SQL_KNOWN, "t", path);
    if (!db_row(row))
        return false;
    *out = (struct known_output){.input_hash = g_strdup(db_text(row, 0)),
                                 .parameters = g_strdup(db_text(row, 1)),
                                 .software = g_strdup(db_text(row, 2)),
                                 .stamp = stamp_from_row(row, 3),
                                 .in_spec = sqlite3_column_int(row, 8),
                                 .hash = g_strdup(db_text(row, 9)),
                                 .source = g_strdup(db_text(row, 10)),
                                 .run = sqlite3_column_int64(row, 11),
                                 .since = sqlite3_column_int64(row, 12)};
    db_done(row);
    return true;
}

void ledger_restamp(struct ledger *ledger, const char *path, const struct file_stamp *stamp)
{
    if (ledger->mode != LEDGER_READ)
        db_run(&ledger->db, NULL, SQL_RESTAMP, "iiiiit", stamp->size, stamp->mtime_ns,
               stamp->ctime_ns, (int64_t)stamp->inode, (int64_t)stamp->device, path);
}

char *ledger_twin(void *self, const struct plan_output *planned)
{
    struct ledger *ledger = self;
    g_autofree char *folder = g_path_get_dirname(planned->path);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_TWINS, "tttt", planned->input_hash,
                                 planned->parameters, planned->software, planned->path);
    while (db_row(row)) {
        g_autofree char *other = g_path_get_dirname(db_text(row, 0));
        if (!g_str_equal(other, folder))
            continue;
        char *path = g_strdup(db_text(row, 0));
        db_done(row);
        return path;
    }
    return NULL;
}

struct node *ledger_measurement(void *self, const char *key)
{
    struct ledger *ledger = self;
    g_autofree char *text = answer(db_query(&ledger->db, SQL_MEASUREMENT_GET, "t", key));
    g_autoptr(JsonNode) json = text ? json_from_string(text, NULL) : NULL;
    return json ? node_from_json(json) : NULL;
}

static double number_or_nan(sqlite3_stmt *row, int column)
{
    bool none = sqlite3_column_type(row, column) == SQLITE_NULL;
    return none ? NAN : sqlite3_column_double(row, column);
}

struct learned ledger_learned(void *self, const char *cost_key)
{
    struct ledger *ledger = self;
    sqlite3_stmt *row = db_query(&ledger->db, SQL_COST_GET, "t", cost_key);
    if (!db_row(row))
        return (struct learned){NAN, NAN};
    struct learned learned = {number_or_nan(row, 0), number_or_nan(row, 1)};
    db_done(row);
    return learned;
}
