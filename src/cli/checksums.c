/* SPDX-License-Identifier: GPL-3.0-or-later
 * CHECKSUMS.xxh128 and its like: read, kept true while a run goes on, and written. */
#include "checksums.h"

#include "base/digest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct checksums {
    enum digest_format format;
    char *out_dir, *file;
    GPtrArray *others;  /* char *: lines that aren't of this form, in their order */
    GTree *lines;       /* path below the folder → hash; "": to be read */
    GPtrArray *held;    /* char *: had a line, and will be rendered */
    int64_t written_ns; /* when the file was written; 0: there is none */
};

/* The length of the checksum in "<hexadecimal digits>  <path>", 0 when it is no such line; md5sum
 * and its like write '*' for binary. */
static gsize digits_of(const struct checksums *checksums, const char *line)
{
    gsize length = strcspn(line, " ");
    g_autofree char *digits = g_strndup(line, length);
    bool fine = digest_is_text(checksums->format, digits) && line[length] && line[length + 1] &&
                strchr(" *", line[length + 1]) && line[length + 2];
    return fine ? length : 0;
}

static void take_line(struct checksums *checksums, const char *line)
{
    gsize digits = digits_of(checksums, line);
    if (digits)
        g_tree_insert(checksums->lines, g_strdup(line + digits + 2), g_strndup(line, digits));
    else if (*line)
        g_ptr_array_add(checksums->others, g_strdup(line));
}

static bool load(struct checksums *checksums, GError **error)
{
    g_autofree char *text = NULL;
    struct file_stamp stamp;
    if (!file_stamp_of(checksums->file, &stamp))
        return true;
    checksums->written_ns = stamp.mtime_ns;
    if (!g_file_get_contents(checksums->file, &text, NULL, error))
        return false;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        take_line(checksums, *line);
    return true;
}

static gboolean print_line(gpointer path, gpointer hash, gpointer text)
{
    if (*(const char *)hash)
        g_string_append_printf(text, "%s  %s\n", (const char *)hash, (const char *)path);
    return FALSE;
}

static bool save(const struct checksums *checksums, GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < checksums->others->len; i++)
        g_string_append_printf(text, "%s\n", (const char *)checksums->others->pdata[i]);
    g_tree_foreach(checksums->lines, print_line, text);
    return file_write_atomic(checksums->file, text->str, (gssize)text->len, error);
}

/* A run whose pipeline wanted no checksums may have published it since. */
static bool is_newer(const struct checksums *checksums, const struct plan_output *output)
{
    struct file_stamp stamp;
    return file_stamp_of(output->final, &stamp) && stamp.ctime_ns >= checksums->written_ns;
}

struct below {
    const char *folder; /* with its slash */
    GPtrArray *paths;
};

static gboolean add_below(gpointer path, gpointer hash, gpointer data)
{
    struct below *below = data;
    if (g_str_has_prefix(path, below->folder))
        g_ptr_array_add(below->paths, g_strdup(path));
    return FALSE;
}

/* The lines of an output: of one that is a folder those of its files. */
static GPtrArray *lines_of(const struct checksums *checksums, const struct plan_output *output)
{
    GPtrArray *paths = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_strconcat(output->path, "/", NULL);
    if (output->files)
        g_tree_foreach(checksums->lines, add_below, &(struct below){folder, paths});
    else if (g_tree_lookup(checksums->lines, output->path))
        g_ptr_array_add(paths, g_strdup(output->path));
    return paths;
}

/* What is up to date and has no line of now is read at the end; what has work loses its lines until
 * then. */
static bool prepare(struct checksums *checksums, const struct plan *plan, GError **error)
{
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *output = plan->outputs->pdata[i];
        g_autoptr(GPtrArray) known = lines_of(checksums, output);
        bool fresh = output->stale == FRESH && !output->blocked && !output->skipped;
        for (guint k = 0; output_has_work(output) && k < known->len; k++)
            g_ptr_array_add(checksums->held, g_strdup(known->pdata[k]));
        if (!output_has_work(output) && fresh && (!known->len || is_newer(checksums, output)))
            checksums_put(checksums, output, NULL);
    }
    for (guint i = 0; i < checksums->held->len; i++)
        g_tree_remove(checksums->lines, checksums->held->pdata[i]);
    return !checksums->held->len || save(checksums, error);
}

static gint by_bytes(gconstpointer a, gconstpointer b, gpointer unused)
{
    (void)unused;
    return strcmp(a, b);
}

struct checksums *checksums_open(const struct session *session, GError **error)
{
    const char *word = session->pipeline->checksums;
    int format = word ? digest_named(word) : -1;
    if (format < 0)
        return NULL;
    struct checksums *checksums = g_new0(struct checksums, 1);
    g_autofree char *name = g_strconcat("CHECKSUMS.", word, NULL);
    checksums->format = (enum digest_format)format;
    checksums->out_dir = g_strdup(session->out_dir);
    checksums->file = g_build_filename(session->out_dir, name, NULL);
    checksums->others = g_ptr_array_new_with_free_func(g_free);
    checksums->held = g_ptr_array_new_with_free_func(g_free);
    checksums->lines = g_tree_new_full(by_bytes, NULL, g_free, g_free);
    if (load(checksums, error) && prepare(checksums, session->plan, error))
        return checksums;
    checksums_destroy(checksums);
    return NULL;
}

static void put(struct checksums *checksums, const char *path, const char *hash)
{
    g_tree_replace(checksums->lines, g_strdup(path), g_strdup(hash ? hash : ""));
}

static void put_files(struct checksums *checksums, const struct plan_output *output)
{
    g_autoptr(GDir) dir = g_dir_open(output->final, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(output->path, name, NULL);
        if (*name != '.')
            put(checksums, path, NULL);
    }
}

void checksums_put(struct checksums *checksums, const struct plan_output *output, const char *hash)
{
    if (output->files)
        put_files(checksums, output);
    else
        put(checksums, output->path, checksums->format == DIGEST_XXH128 ? hash : NULL);
}

static char *read_hash(const struct checksums *checksums, const char *path, GError **error)
{
    struct digest_texts texts;
    g_autofree char *full = g_build_filename(checksums->out_dir, path, NULL);
    return digest_file(full, DIGEST_BIT(checksums->format), NULL, &texts, error)
               ? g_strdup(texts.of[checksums->format])
               : NULL;
}

static gboolean list_missing(gpointer path, gpointer hash, gpointer missing)
{
    if (!*(const char *)hash)
        g_ptr_array_add(missing, path);
    return FALSE;
}

/* An output that failed left the file of before, or none. */
static void take_back(struct checksums *checksums)
{
    for (guint i = 0; i < checksums->held->len; i++) {
        const char *path = checksums->held->pdata[i];
        g_autofree char *full = g_build_filename(checksums->out_dir, path, NULL);
        if (!g_tree_lookup(checksums->lines, path) && g_file_test(full, G_FILE_TEST_IS_REGULAR))
            put(checksums, path, NULL);
    }
}

bool checksums_write(struct checksums *checksums, GError **error)
{
    take_back(checksums);
    g_autoptr(GPtrArray) missing = g_ptr_array_new();
    g_tree_foreach(checksums->lines, list_missing, missing);
    for (guint i = 0; i < missing->len; i++) {
        char *hash = read_hash(checksums, missing->pdata[i], error);
        if (!hash)
            return false;
        g_tree_insert(checksums->lines, g_strdup(missing->pdata[i]), hash);
    }
    return save(checksums, error);
}

void checksums_destroy(struct checksums *checksums)
{
    if (!checksums)
        return;
    g_tree_unref(checksums->lines);
    g_ptr_array_unref(checksums->others);
    g_ptr_array_unref(checksums->held);
    g_free(checksums->out_dir);
    g_free(checksums->file);
    g_free(checksums);
}
