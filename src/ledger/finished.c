/* SPDX-License-Identifier: GPL-3.0-or-later
 * What was rendered whole and isn't published yet. A render ends when its files are on the disk;
 * from then on a kill costs its verification only. */
#include "private.h"

#include "base/bundle.h"

#include <string.h>

static bool put(struct ledger *ledger, const struct plan_output *output, const char *result,
                GError **error)
{
    struct file_stamp stamp;
    if (!file_stamp_of(output->part, &stamp))
        return true; /* gone: whoever verifies it will say so */
    g_autofree char *part = g_path_get_basename(output->part);
    return db_run(&ledger->db, error, SQL_FINISHED_PUT, "ttttiiiiitt", output->path,
                  output->input_hash, output->parameters, output->software, stamp.size,
                  stamp.mtime_ns, stamp.ctime_ns, (int64_t)stamp.inode, (int64_t)stamp.device, part,
                  result);
}

/* Of a render's result what is about one output. */
static char *part_of_result(const struct result *result, guint index)
{
    g_autoptr(GPtrArray) one = g_ptr_array_new();
    g_ptr_array_add(one, result->outputs->pdata[index]);
    return result_to_text(&(struct result){.outputs = one, .checks = result->checks});
}

/* At once: it may have taken hours. What nobody will verify isn't kept. */
bool finished_put(struct ledger *ledger, const struct plan *plan, const struct plan_task *render,
                  const struct result *result, GError **error)
{
    for (guint i = 0; i < MIN(render->outputs->len, result->outputs->len); i++) {
        const struct output_result *made = result->outputs->pdata[i];
        const struct plan_output *output =
            plan->outputs->pdata[g_array_index(render->outputs, int, i)];
        if (made->failure.class != FAIL_NONE || output->verify < 0)
            continue;
        g_autofree char *text = part_of_result(result, i);
        if (!put(ledger, output, text, error))
            return false;
    }
    return db_commit(&ledger->db, error);
}

/* The part file of a row that begins with its stamp, if it is as it was; or NULL. Caller frees. */
static char *whole_part(const struct ledger *ledger, sqlite3_stmt *row, const char *path)
{
    g_autofree char *part = part_of_row(ledger, path, db_text(row, 5));
    struct file_stamp then = stamp_from_row(row, 0), now;
    bool whole = part && file_stamp_of(part, &now) && file_stamp_equal(&now, &then);
    return whole ? g_steal_pointer(&part) : NULL;
}

static struct result *result_of_one(const char *text)
{
    g_auto(result_ptr) result = text ? result_from_text(text, -1, NULL) : NULL;
    return result && result->outputs->len == 1 ? g_steal_pointer(&result) : NULL;
}

struct result *ledger_finished(void *self, const struct plan_output *planned, char **part)
{
    struct ledger *ledger = self;
    sqlite3_stmt *row = db_query(&ledger->db, SQL_FINISHED_GET, "tttt", planned->path,
                                 planned->input_hash, planned->parameters, planned->software);
    if (!db_row(row))
        return NULL;
    g_autofree char *found = whole_part(ledger, row, planned->path);
    struct result *result = found ? result_of_one(db_text(row, 6)) : NULL;
    db_done(row);
    if (result)
        ledger_note_partial(ledger, planned, result->outputs->pdata[0]);
    *part = result ? g_steal_pointer(&found) : NULL;
    return result;
}

/* Removes the part files of all rows but those that `keeps`, and forgets them. */
static bool keep_only(struct ledger *ledger,
                      bool (*keeps)(const struct ledger *, sqlite3_stmt *row, const void *data),
                      const void *data, GError **error)
{
    g_autoptr(GPtrArray) gone = g_ptr_array_new_with_free_func(g_free);
    sqlite3_stmt *row = db_query(&ledger->db, SQL_FINISHED_LIST, "");
    while (db_row(row)) {
        if (keeps(ledger, row, data))
            continue;
        remove_part(ledger, db_text(row, 6), db_text(row, 5));
        g_ptr_array_add(gone, g_strdup(db_text(row, 6)));
    }
    for (guint i = 0; i < gone->len; i++)
        if (!db_run(&ledger->db, error, SQL_FINISHED_DROP, "t", gone->pdata[i]))
            return false;
    return true;
}

static bool is_whole(const struct ledger *ledger, sqlite3_stmt *row, const void *unused)
{
    (void)unused;
    g_autofree char *part = whole_part(ledger, row, db_text(row, 6));
    return part != NULL;
}

/* Folders that a killed run was making of part files; they are made anew. */
static void remove_halves(struct ledger *ledger)
{
    sqlite3_stmt *row = db_query(&ledger->db, SQL_FINISHED_LIST, "");
    while (db_row(row)) {
        g_autofree char *part = part_of_row(ledger, db_text(row, 6), db_text(row, 5));
        g_autofree char *half = part ? bundle_folder(part) : NULL;
        if (half && g_file_test(half, G_FILE_TEST_IS_DIR))
            bundle_remove_folder(half);
    }
}

bool finished_check(struct ledger *ledger, GError **error)
{
    if (!keep_only(ledger, is_whole, NULL, error))
        return false;
    remove_halves(ledger);
    return true;
}

static bool is_taken_over(const struct ledger *ledger, sqlite3_stmt *row, const void *taken)
{
    g_autofree char *part = part_of_row(ledger, db_text(row, 6), db_text(row, 5));
    return part && g_hash_table_contains((GHashTable *)taken, part);
}

bool finished_keep_only(struct ledger *ledger, const struct plan *plan, GError **error)
{
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *output = plan->outputs->pdata[i];
        if (output->finished)
            g_hash_table_add(taken, output->part);
    }
    return keep_only(ledger, is_taken_over, taken, error);
}
