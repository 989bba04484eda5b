/* SPDX-License-Identifier: GPL-3.0-or-later
 * Folders on the command line → files that some job may want. */
#include "scan.h"

#include "watch/span.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct scan {
    const struct pipeline *pipeline;
    const char *root;
    const char *out_id; /* "device:inode" of the output folder; NULL: it isn't there yet */
    GPtrArray *found;
    const GPtrArray *only;
    const struct scan_eyes *eyes; /* may be NULL */
    struct scan_aside *aside;     /* likewise */
    GPtrArray *untaken;           /* media files in folders that no job's patterns speak of */
    GHashTable *seen; /* "device:inode" of folders, against loops; paths of files, against twins */
};

void plan_input_destroy(struct plan_input *input)
{
    if (!input)
        return;
    g_free(input->path);
    g_free(input->relative);
    g_free(input->root);
    facts_destroy(input->facts);
    failure_clear(&input->failure);
    g_free(input);
}

static const char *extension_of(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : "";
}

static bool is_media(const char *name)
{
    return kind_of_extension(extension_of(name)) != KIND_NONE;
}

static bool is_wanted(const struct scan *scan, const char *relative)
{
    static const struct sequence_rule plain = {.fps = {0, 1}};
    if (!scan->pipeline)
        return is_media(relative);
    for (unsigned i = 0; i < scan->pipeline->jobs->len; i++) {
        if (job_includes(scan->pipeline->jobs->pdata[i], relative, &plain))
            return true;
    }
    return false;
}

static bool is_excluded(const struct scan *scan, const char *relative)
{
    for (unsigned i = 0; i < scan->pipeline->jobs->len; i++) {
        const struct pipeline_job *job = scan->pipeline->jobs->pdata[i];
        for (guint k = 0; k < job->exclude->len; k++)
            if (glob_match(job->exclude->pdata[k], relative))
                return true;
    }
    return false;
}

/* A folder of cards has more kinds of files than a pipeline's author thought of. */
static void add_untaken(struct scan *scan, const char *relative)
{
    if (scan->pipeline && is_media(relative) && !is_wanted(scan, relative) &&
        !is_excluded(scan, relative))
        g_ptr_array_add(scan->untaken, path_display(relative));
}

/* No output may be named so, and lines of logs and scripts would break on it. */
static bool has_control_characters(const char *name)
{
    for (const char *c = name; *c; c++)
        if (g_ascii_iscntrl(*c))
            return true;
    return false;
}

static struct plan_input *add(struct scan *scan, const char *path, const char *relative, bool named,
                              const char *key)
{
    if (!g_hash_table_add(scan->seen, g_strdup(key)))
        return NULL;
    struct plan_input *input = g_new0(struct plan_input, 1);
    input->path = g_strdup(path);
    input->relative = g_strdup(relative);
    input->root = g_strdup(scan->root);
    input->named = named;
    if (has_control_characters(relative))
        fail(&input->failure, FAIL_UNSUPPORTED, "its name has control characters; rename it");
    g_ptr_array_add(scan->found, input);
    return input;
}

static const char *kind_of_file(mode_t mode)
{
    if (S_ISFIFO(mode))
        return "a pipe (FIFO)";
    if (S_ISSOCK(mode))
        return "a socket";
    return S_ISDIR(mode) ? "a folder" : "a device";
}

/* A folder that is called like a file is told of; one that `**` takes in is passed through. */
static bool is_plain_folder(const char *path, const struct stat *st)
{
    return S_ISDIR(st->st_mode) && !strchr(strrchr(path, '/'), '.');
}

static void add_entry(struct scan *scan, const char *path, const char *relative,
                      const struct stat *st)
{
    if (is_plain_folder(path, st) || !is_wanted(scan, relative))
        return;
    struct plan_input *input = add(scan, path, relative, false, path);
    if (!input)
        return;
    if (S_ISREG(st->st_mode))
        input->stamp = file_stamp_from(st);
    else
        fail(&input->failure, FAIL_INPUT_DAMAGED, "it is %s, not a file",
             kind_of_file(st->st_mode));
}

/* What its pictures lack is the sequence's failure, as damage is a file's. */
static void look_at_sequence(struct plan_input *input)
{
    g_autoptr(GError) error = NULL;
    g_auto(sequence_ptr) sequence = sequence_find(input->path, &input->sequence, &error);
    if (!sequence)
        fail(&input->failure, FAIL_INPUT_DAMAGED, "%s", error->message);
    else if (!sequence_stamp(sequence, &input->stamp))
        fail(&input->failure, FAIL_INPUT_DAMAGED, "one of its pictures can't be opened");
}

static void add_sequence(struct scan *scan, const char *folder, const char *relative,
                         const struct sequence_rule *rule, bool named)
{
    g_autofree char *name = g_path_get_basename(relative), *fps = rational_text(rule->fps);
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *key = g_strdup_printf("%s\n%s %d %a", path, fps, rule->hold, rule->still_s);
    struct plan_input *input = add(scan, path, relative, named, key);
    if (!input)
        return;
    input->sequence = *rule;
    if (input->failure.class == FAIL_NONE)
        look_at_sequence(input);
}

/* The films that a file is a picture of, one for each rule that jobs have for it. */
static bool add_sequences_of(struct scan *scan, const char *folder, const char *relative,
                             bool named)
{
    bool any = false;
    for (unsigned i = 0; scan->pipeline && i < scan->pipeline->jobs->len; i++) {
        const struct pipeline_job *job = scan->pipeline->jobs->pdata[i];
        const struct sequence_rule *rule;
        g_autofree char *path = job_film_of(job, relative, &rule);
        if (path)
            add_sequence(scan, folder, path, rule, named);
        any |= path != NULL;
    }
    return any;
}

static char *id_of(const struct stat *st)
{
    return g_strdup_printf("%ju:%ju", (uintmax_t)st->st_dev, (uintmax_t)st->st_ino);
}

struct entry {
    char *name;
    bool file; /* as the folder says: then what it is called tells whether it is wanted */
};

static void entry_free(void *data)
{
    struct entry *entry = data;
    g_free(entry->name);
    g_free(entry);
}

static int by_name(const void *a, const void *b)
{
    const struct entry *const *one = a, *const *other = b;
    return strcmp((*one)->name, (*other)->name);
}

static bool is_shown(const struct scan *scan, const char *name)
{
    return name[0] != '.' || (scan->eyes && name[1] && !g_str_equal(name, ".."));
}

/* Of struct entry. *error: it can't be read, or not to its end. */
static GPtrArray *entries_of(const struct scan *scan, const char *folder, int *error)
{
    GPtrArray *entries = g_ptr_array_new_with_free_func(entry_free);
    DIR *dir = opendir(folder);
    *error = dir ? 0 : errno;
    while (dir) {
        errno = 0;
        const struct dirent *found = readdir(dir);
        *error = errno;
        if (!found)
            break;
        if (!is_shown(scan, found->d_name))
            continue;
        struct entry *entry = g_new(struct entry, 1);
        *entry = (struct entry){g_strdup(found->d_name), found->d_type == DT_REG};
        g_ptr_array_add(entries, entry);
    }
    if (dir)
        closedir(dir);
    g_ptr_array_sort(entries, by_name);
    return entries;
}

static void say(const struct scan *scan, const char *text)
{
    if (scan->eyes)
        scan->eyes->say(scan->eyes->self, text);
    else
        fprintf(stderr, "%s\n", text);
}

/* Takes `text`. */
static void note(const struct scan *scan, char *text)
{
    g_autofree char *owned = text, *said = g_strconcat("rushes: note: ", text, NULL);
    say(scan, said);
    if (scan->aside)
        g_ptr_array_add(scan->aside->notes, g_steal_pointer(&owned));
}

/* What only `watch` looks at. True when the entry is none for anybody else. */
static bool is_under_way(const struct scan *scan, const char *folder, const char *name,
                         const char *relative)
{
    struct file_stamp stamp;
    if (!scan->eyes)
        return false;
    g_autofree char *final = unfinished_name(name);
    if (!final)
        return name[0] == '.';
    g_autofree char *below = *relative ? g_strconcat(relative, "/", final, NULL) : g_strdup(final);
    g_autofree char *part = g_build_filename(folder, name, NULL);
    g_autofree char *path = g_build_filename(folder, final, NULL);
    if (is_wanted(scan, below) && file_stamp_of(part, &stamp))
        scan->eyes->unfinished(scan->eyes->self, scan->root, path, &stamp);
    return true;
}

static bool is_left_alone(const struct scan *scan, const char *relative)
{
    return scan->eyes && g_strv_contains(scan->eyes->leave, relative);
}

static bool is_on_the_way(const struct scan *scan, const char *folder)
{
    for (guint i = 0; scan->only && i < scan->only->len; i++) {
        const char *path = scan->only->pdata[i];
        if (g_str_has_prefix(path, folder) && path[strlen(folder)] == '/')
            return true;
    }
    return !scan->only;
}

static void walk(struct scan *scan, const char *folder, const char *relative,
                 const struct stat *st);

/* Whether a pattern of files may have one below a folder: part by part, up to "**". */
static bool reaches(const char *pattern, const char *folder)
{
    const char *brace = strchr(pattern, '{');
    if (brace && strchr(brace, '/'))
        return true;
    g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
    g_auto(GStrv) names = g_strsplit(folder, "/", -1);
    for (guint i = 0; names[i]; i++) {
        if (!parts[i] || !parts[i + 1])
            return false;
        if (g_str_equal(parts[i], "**"))
            return true;
        if (!glob_match(parts[i], names[i]))
            return false;
    }
    return true;
}

static bool job_looks_into(const struct pipeline_job *job, const char *folder)
{
    g_autofree char *any = g_strconcat(folder, "/any", NULL);
    bool in = job->include->len == 0;
    for (guint i = 0; !in && i < job->include->len; i++)
        in = reaches(job->include->pdata[i], folder);
    for (guint i = 0; in && i < job->exclude->len; i++)
        in =
            !glob_match(job->exclude->pdata[i], folder) && !glob_match(job->exclude->pdata[i], any);
    return in;
}

static bool is_looked_into(const struct scan *scan, const char *path, const char *relative)
{
    bool in = !scan->pipeline;
    for (guint i = 0; !in && i < scan->pipeline->jobs->len; i++)
        in = job_looks_into(scan->pipeline->jobs->pdata[i], relative);
    return in && is_on_the_way(scan, path) && !is_left_alone(scan, relative) &&
           !g_str_has_suffix(path, "/lost+found");
}

static void add_unread(const struct scan *scan, const char *path, const char *relative,
                       const char *why)
{
    g_autofree char *shown = path_display(path);
    g_autofree char *text = g_strdup_printf("rushes: warning: %s: %s", shown, why);
    if (!is_looked_into(scan, path, relative))
        return;
    say(scan, text);
    if (!scan->aside)
        return;
    struct plan_input *unread = g_new0(struct plan_input, 1);
    unread->path = g_strdup(path);
    unread->relative = *relative ? g_strdup(relative) : g_path_get_basename(path);
    unread->root = g_strdup(scan->root);
    fail(&unread->failure, FAIL_INPUT_DAMAGED, "%s", why);
    g_ptr_array_add(scan->aside->unread, unread);
}

/* What can't be looked at is a file where its name says so: of a link into nothing, and in a folder
 * that may be listed only, that is all there is to tell. What was just removed is no loss. */
static void add_absent(struct scan *scan, const char *path, const char *below, bool file,
                       int number)
{
    struct stat link;
    bool wanted = is_wanted(scan, below);
    struct plan_input *input = wanted ? add(scan, path, below, false, path) : NULL;
    if (input)
        fail(&input->failure, FAIL_INPUT_DAMAGED, "it can't be opened: %s", g_strerror(number));
    if (wanted || file || (lstat(path, &link) != 0 && errno == ENOENT))
        return;
    g_autofree char *target = g_file_read_link(path, NULL);
    g_autofree char *shown = target ? path_display(target) : NULL;
    g_autofree char *why = shown ? g_strdup_printf("it is a link to %s, which can't be opened: %s",
                                                   shown, g_strerror(number))
                                 : g_strdup_printf("it can't be opened: %s", g_strerror(number));
    add_unread(scan, path, below, why);
}

static void walk_entry(struct scan *scan, const char *folder, const char *relative,
                       const struct entry *found)
{
    const char *name = found->name;
    g_autofree char *path = g_build_filename(folder, name, NULL);
    g_autofree char *below = *relative ? g_strconcat(relative, "/", name, NULL) : g_strdup(name);
    struct stat entry;
    if (is_under_way(scan, folder, name, relative))
        return;
    if (stat(path, &entry) != 0) {
        add_absent(scan, path, below, found->file, errno);
        return;
    }
    if (S_ISDIR(entry.st_mode) && (is_left_alone(scan, below) || !is_on_the_way(scan, path)))
        return;
    if (S_ISREG(entry.st_mode) && !add_sequences_of(scan, folder, below, false))
        add_untaken(scan, below);
    add_entry(scan, path, below, &entry);
    if (S_ISDIR(entry.st_mode))
        walk(scan, path, below, &entry);
}

/* Deliverables aren't sources unless that is said. */
static bool is_another_output(const struct scan *scan, const char *folder, const char *relative)
{
    g_autofree char *ledger = g_build_filename(folder, ".rushes", "ledger.sqlite", NULL);
    if (!scan->pipeline || !*relative || !g_file_test(ledger, G_FILE_TEST_EXISTS))
        return false;
    g_autofree char *shown = path_display(folder);
    note(scan, g_strdup_printf("%s is left out: it is an output folder of rushes; name "
                               "it as an input itself to take from it",
                               shown));
    return true;
}

static void walk(struct scan *scan, const char *folder, const char *relative, const struct stat *st)
{
    char *id = id_of(st);
    bool output = g_strcmp0(id, scan->out_id) == 0;
    int error;
    if (output && !*relative) {
        g_autofree char *shown = path_display(folder);
        g_autofree char *text =
            g_strdup_printf("rushes: warning: the input %s is the output folder too, where "
                            "nothing is taken from; name another with -o",
                            shown);
        say(scan, text);
    }
    if (!g_hash_table_add(scan->seen, id) || output || is_another_output(scan, folder, relative))
        return;
    if (scan->eyes)
        scan->eyes->folder(scan->eyes->self, folder);
    g_autoptr(GPtrArray) entries = entries_of(scan, folder, &error);
    for (unsigned i = 0; i < entries->len; i++)
        walk_entry(scan, folder, relative, entries->pdata[i]);
    if (!error)
        return;
    g_autofree char *why = g_strdup_printf("the folder can't be read%s: %s",
                                           entries->len ? " to its end" : "", g_strerror(error));
    add_unread(scan, folder, relative, why);
}

static bool scan_word(struct scan *scan, const char *word)
{
    g_autofree char *path = g_canonicalize_filename(word, NULL);
    struct stat st;
    if (stat(path, &st) != 0) {
        g_autofree char *shown = path_display(word);
        g_autofree char *text = g_strdup_printf("rushes: input %s: %s", shown, g_strerror(errno));
        say(scan, text);
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        scan->root = path;
        walk(scan, path, "", &st);
        return true;
    }
    g_autofree char *root = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    scan->root = root;
    if (S_ISREG(st.st_mode) && add_sequences_of(scan, root, name, true))
        return true;
    struct plan_input *input = add(scan, path, name, true, path);
    if (!input)
        return true;
    if (S_ISREG(st.st_mode))
        input->stamp = file_stamp_from(&st);
    else
        fail(&input->failure, FAIL_INPUT_DAMAGED, "it is %s, not a file", kind_of_file(st.st_mode));
    return true;
}

/* What its probe may open: what all jobs say that take it; each has its own word where it renders.
 * What was named by hand and no job looks for goes to all. */
static void say_how_to_open(const struct pipeline *pipeline, struct plan_input *input)
{
    bool any = false;
    for (unsigned i = 0; i < pipeline->jobs->len; i++)
        any |= job_includes(pipeline->jobs->pdata[i], input->relative, &input->sequence);
    for (unsigned i = 0; i < pipeline->jobs->len; i++) {
        const struct pipeline_job *job = pipeline->jobs->pdata[i];
        if (any ? !job_includes(job, input->relative, &input->sequence) : !input->named)
            continue;
        input->trust |= job->trust;
    }
}

static void note_untaken(const struct scan *scan)
{
    enum { NAMED = 3 };
    const GPtrArray *untaken = scan->untaken;
    GString *text = g_string_new(NULL);
    g_string_printf(text, "no job's `include` takes %u of the media files: ", untaken->len);
    for (guint i = 0; i < MIN(untaken->len, NAMED); i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (const char *)untaken->pdata[i]);
    if (untaken->len > NAMED)
        g_string_append_printf(text, " and %u more", untaken->len - NAMED);
    g_string_append(text, "; `exclude` them where that is meant");
    note(scan, g_string_free(text, FALSE));
}

GPtrArray *scan_inputs(const GPtrArray *words, const struct pipeline *pipeline, const char *out_dir,
                       const GPtrArray *only, const struct scan_eyes *eyes,
                       struct scan_aside *aside)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)plan_input_destroy);
    g_autoptr(GPtrArray) untaken = g_ptr_array_new_with_free_func(g_free);
    struct stat st;
    g_autofree char *out_id = out_dir && stat(out_dir, &st) == 0 ? id_of(&st) : NULL;
    struct scan scan = {.pipeline = pipeline,
                        .out_id = out_id,
                        .only = only,
                        .eyes = eyes,
                        .aside = aside,
                        .found = found,
                        .untaken = untaken,
                        .seen = seen};
    bool all = true;
    for (unsigned i = 0; i < words->len; i++)
        all = scan_word(&scan, words->pdata[i]) && all;
    for (unsigned i = 0; pipeline && i < found->len; i++)
        say_how_to_open(pipeline, found->pdata[i]);
    if (untaken->len && !eyes && !only)
        note_untaken(&scan);
    return all ? g_steal_pointer(&found) : NULL;
}

struct scan_aside scan_aside_create(void)
{
    return (struct scan_aside){
        .unread = g_ptr_array_new_with_free_func((GDestroyNotify)plan_input_destroy),
        .notes = g_ptr_array_new_with_free_func(g_free)};
}

void scan_aside_clear(struct scan_aside *aside)
{
    g_clear_pointer(&aside->unread, g_ptr_array_unref);
    g_clear_pointer(&aside->notes, g_ptr_array_unref);
}
