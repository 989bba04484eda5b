/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes rerender`: an output made again from what was written beside it, and compared. */
#include "base/bundle.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/sequence.h"
#include "commands.h"
#include "exit.h"
#include "interrupt.h"
#include "ledger/ledger.h"
#include "provenance.h"
#include "run.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { LARGEST = 16 << 20 /* bytes of a sidecar */, DEEPEST = 64 };

static const char *text_of(JsonObject *from, const char *name)
{
    JsonNode *node = json_object_get_member(from, name);
    bool is_text =
        node && JSON_NODE_HOLDS_VALUE(node) && json_node_get_value_type(node) == G_TYPE_STRING;
    return is_text ? json_node_get_string(node) : NULL;
}

/* An array of objects that each have these texts; NULL when it isn't. */
static JsonArray *list_of(JsonObject *from, const char *name, const char *const *members)
{
    JsonNode *node = json_object_get_member(from, name);
    JsonArray *list = node && JSON_NODE_HOLDS_ARRAY(node) ? json_node_get_array(node) : NULL;
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonNode *item = json_array_get_element(list, i);
        for (const char *const *member = members; *member; member++)
            if (!JSON_NODE_HOLDS_OBJECT(item) || !text_of(json_node_get_object(item), *member))
                return NULL;
    }
    return list && json_array_get_length(list) ? list : NULL;
}

/* What a sidecar says, borrowed from its tree. */
struct sidecar {
    JsonParser *parser;
    JsonObject *root;
    JsonArray *inputs, *files;
    const char *folder, *job, *output, *path, *hash;
    char *file; /* its own path, absolute */
};

static bool refuse(const char *path, const char *why)
{
    fprintf(stderr, "rushes: %s is no " PROVENANCE_SUFFIX " of an output: %s\n", path, why);
    return false;
}

static bool take_members(struct sidecar *sidecar, const char *path)
{
    static const char *const of_input[] = {"path", "root", NULL};
    static const char *const of_file[] = {"path", "xxh128", "text", NULL};
    sidecar->inputs = list_of(sidecar->root, "inputs", of_input);
    sidecar->files = list_of(sidecar->root, "pipeline", of_file);
    sidecar->folder = text_of(sidecar->root, "folder");
    sidecar->job = text_of(sidecar->root, "job");
    sidecar->output = text_of(sidecar->root, "output");
    sidecar->path = text_of(sidecar->root, "path");
    sidecar->hash = text_of(sidecar->root, "xxh128");
    if (!sidecar->inputs || !sidecar->files || !sidecar->folder || !sidecar->job ||
        !sidecar->output || !sidecar->path)
        return refuse(path, "it lacks what is needed to make the output again");
    for (guint i = 0; i < json_array_get_length(sidecar->inputs); i++)
        if (!g_path_is_absolute(text_of(json_array_get_object_element(sidecar->inputs, i), "root")))
            return refuse(path, "a source has no absolute path");
    if (!sidecar->hash)
        return refuse(path,
                      "it has no checksum of the output, as of a folder or with --verify off");
    return path_is_inside(sidecar->path) || refuse(path, "its output lies outside of the folder");
}

/* Whether no more than DEEPEST arrays and objects are inside of one another, which json-glib puts
 * on the stack, and nothing is there that only json-glib takes (comments, other quotes). */
static bool is_shallow(const char *text, gsize length)
{
    int depth = 0;
    bool quoted = false;
    for (gsize i = 0; i < length && depth <= DEEPEST; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (quoted)
            i += text[i] == '\\';
        else if (text[i] && strchr("/#'", text[i]))
            return false;
        else
            depth += (text[i] == '[' || text[i] == '{') - (text[i] == ']' || text[i] == '}');
    }
    return depth <= DEEPEST;
}

/* LARGEST and one more byte at most; NULL after it was said why. */
static GString *read_sidecar(const char *path)
{
    g_autoptr(GError) error = NULL;
    int fd = file_open_input(path, &error);
    if (fd < 0) {
        refuse(path, error->message);
        return NULL;
    }
    GString *text = g_string_sized_new(1 << 16);
    char part[1 << 14];
    for (ssize_t got; text->len <= LARGEST && (got = read(fd, part, sizeof part)) > 0;)
        g_string_append_len(text, part, got);
    close(fd);
    return text;
}

static bool sidecar_open(struct sidecar *sidecar, const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GString) text = read_sidecar(path);
    if (!text)
        return false;
    if (text->len > LARGEST)
        return refuse(path, "it is larger than 16 MB");
    if (!is_shallow(text->str, text->len))
        return refuse(path, "it isn't plain JSON, or nested more than 64 deep");
    sidecar->parser = json_parser_new_immutable();
    if (!json_parser_load_from_data(sidecar->parser, text->str, (gssize)text->len, &error))
        return refuse(path, error->message);
    JsonNode *root = json_parser_get_root(sidecar->parser);
    if (!root || !JSON_NODE_HOLDS_OBJECT(root))
        return refuse(path, "it holds no JSON object");
    sidecar->root = json_node_get_object(root);
    return take_members(sidecar, path);
}

/* Of a file, or of a folder of numbered pictures. */
static char *hash_of(const char *path)
{
    char folder[HASH_TEXT_SIZE];
    struct digest_texts texts;
    if (g_file_test(path, G_FILE_TEST_IS_DIR))
        return folder_hash(path, folder) ? g_strdup(folder) : NULL;
    return digest_file(path, DIGEST_BIT(DIGEST_XXH128), NULL, &texts, NULL)
               ? g_strdup(texts.of[DIGEST_XXH128])
               : NULL;
}

static bool is_as_recorded(JsonObject *file)
{
    g_autofree char *now = hash_of(text_of(file, "path"));
    return g_strcmp0(now, text_of(file, "xxh128")) == 0;
}

/* The pipeline where it was, or its text of then in the new folder, as `*copied`, when it is
 * another now. Of a preset that was run by its name that name. */
static char *pipeline_of(const struct sidecar *sidecar, const char *out_dir, char **copied)
{
    g_autoptr(GError) error = NULL;
    JsonObject *file = json_array_get_object_element(sidecar->files, 0);
    const char *path = text_of(file, "path"), *text = text_of(file, "text");
    const char *preset = text_of(sidecar->root, "preset");
    if (preset || is_as_recorded(file))
        return g_strdup(preset ? preset : path);
    g_autofree char *name = g_strdup_printf("rerender-%d.yaml", (int)getpid());
    g_autofree char *folder = g_build_filename(out_dir, ".rushes", NULL);
    char *copy = g_build_filename(folder, name, NULL);
    if (g_mkdir_with_parents(folder, 0755) == 0 && file_write_atomic(copy, text, -1, &error)) {
        fprintf(stderr,
                "rushes: note: %s isn't what it was: its text of then is taken, and files it "
                "names are looked for below the inputs' root\n",
                path);
        *copied = g_strdup(copy);
        return copy;
    }
    fprintf(stderr, "rushes: can't write %s\n", copy);
    g_free(copy);
    return NULL;
}

static void add_words(GPtrArray *argv, const struct sidecar *sidecar, const char *pipeline)
{
    JsonNode *set = json_object_get_member(sidecar->root, "set");
    JsonArray *list = set && JSON_NODE_HOLDS_ARRAY(set) ? json_node_get_array(set) : NULL;
    g_ptr_array_add(argv, g_strdup_printf("--only=%s/%s", sidecar->job, sidecar->output));
    for (guint i = 0; list && i < json_array_get_length(list); i++) {
        JsonNode *value = json_array_get_element(list, i);
        if (json_node_get_value_type(value) == G_TYPE_STRING)
            g_ptr_array_add(argv, g_strdup_printf("--set=%s", json_node_get_string(value)));
    }
    g_ptr_array_add(argv, g_strdup("--"));
    g_ptr_array_add(argv, g_strdup(pipeline));
    for (guint i = 0; i < json_array_get_length(sidecar->inputs); i++) {
        const char *root = text_of(json_array_get_object_element(sidecar->inputs, i), "root");
        if (!g_ptr_array_find_with_equal_func(argv, root, g_str_equal, NULL))
            g_ptr_array_add(argv, g_strdup(root));
    }
}

static GPtrArray *paths_of(const struct sidecar *sidecar)
{
    GPtrArray *paths = g_ptr_array_new();
    for (guint i = 0; i < json_array_get_length(sidecar->inputs); i++)
        g_ptr_array_add(paths,
                        (void *)text_of(json_array_get_object_element(sidecar->inputs, i), "path"));
    return paths;
}

static int make(const struct sidecar *sidecar, const char *worker, const char *out_dir,
                int progress, struct outcome *outcome)
{
    g_autofree char *copied = NULL;
    g_autofree char *pipeline = pipeline_of(sidecar, out_dir, &copied);
    if (!pipeline)
        return EXIT_DISK;
    g_autoptr(GPtrArray) paths = paths_of(sidecar);
    g_autoptr(GPtrArray) argv = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(argv, g_strdup("rushes"));
    g_ptr_array_add(argv, g_strdup("run"));
    g_ptr_array_add(argv, g_strdup("--fresh"));
    add_words(argv, sidecar, pipeline);
    g_ptr_array_add(argv, NULL);
    struct args args;
    int code = EXIT_USAGE;
    if (args_parse(&args, (int)argv->len - 1, (char **)argv->pdata)) {
        args.out_dir = out_dir;
        args.worker = worker;
        args.progress = progress;
        struct session_given given = {.only = paths};
        code = run_batch(&args, &given, outcome);
    }
    args_finish(&args);
    if (copied)
        unlink(copied);
    return code;
}

/* Whether there is one; so all that follow. */
static bool say_difference(const char *what, const char *then, const char *now)
{
    if (g_strcmp0(then, now) == 0)
        return false;
    printf("  %s: then %s, now %s\n", what, then ? then : "unknown", now ? now : "not there");
    return true;
}

/* Which pictures of a sequence were written after the sidecar, which has one hash of them all. */
static bool say_written_since(const struct sidecar *sidecar, const char *path)
{
    static const struct sequence_rule any = {.fps = {1, 1}, .hold = true};
    g_auto(sequence_ptr) sequence = sequence_find(path, &any, NULL);
    struct file_stamp then, now;
    const char *first = NULL;
    unsigned since = 0;
    for (guint i = 0; sequence && i < sequence->names->len; i++) {
        g_autofree char *file = sequence->names->pdata[i] ? sequence_file(sequence, i) : NULL;
        if (!file || !file_stamp_of(sidecar->file, &then) || !file_stamp_of(file, &now) ||
            now.mtime_ns <= then.mtime_ns)
            continue;
        first = since++ ? first : sequence->names->pdata[i];
    }
    if (since)
        printf("  %s: %u of its %u pictures %s written since, the first is %s\n", path, since,
               sequence->names->len, since == 1 ? "was" : "were", first);
    return since > 0;
}

/* Which files of a folder that is still there, beside its sidecar, aren't as they were. */
static void say_files(const struct sidecar *sidecar, const char *made)
{
    g_autofree char *then = g_strdup(sidecar->file);
    if (g_str_has_suffix(then, PROVENANCE_SUFFIX))
        then[strlen(then) - strlen(PROVENANCE_SUFFIX)] = '\0';
    g_autoptr(GDir) dir = g_dir_open(then, 0, NULL);
    g_autofree char *hash = dir ? hash_of(then) : NULL;
    g_autofree char *first = NULL;
    unsigned count = 0, off = 0;
    if (g_strcmp0(hash, sidecar->hash) != 0)
        return;
    for (const char *name; (name = g_dir_read_name(dir)); count++) {
        g_autofree char *old = g_build_filename(then, name, NULL);
        g_autofree char *new = g_build_filename(made, name, NULL);
        g_autofree char *was = hash_of(old), *is = hash_of(new);
        if (g_strcmp0(was, is) == 0)
            continue;
        off++;
        if (!first || strcmp(name, first) < 0) {
            g_free(first);
            first = g_strdup(name);
        }
    }
    if (off)
        printf("  %u of its %u files differ%s, the first is %s\n", off, count, off == 1 ? "s" : "",
               first);
}

static bool say_differences(const struct sidecar *sidecar, const char *out_dir)
{
    bool any = false;
    struct ledger_story story = {0};
    struct ledger *ledger = ledger_open(out_dir, LEDGER_READ, NULL);
    for (guint i = 0; i < json_array_get_length(sidecar->inputs); i++) {
        JsonObject *input = json_array_get_object_element(sidecar->inputs, i);
        const char *path = text_of(input, "path");
        g_autofree char *now = hash_of(path);
        if (strstr(path, "##"))
            any |= say_written_since(sidecar, path);
        else if (text_of(input, "xxh128"))
            any |= say_difference(path, text_of(input, "xxh128"), now);
    }
    for (guint i = 0; i < json_array_get_length(sidecar->files); i++) {
        JsonObject *file = json_array_get_object_element(sidecar->files, i);
        g_autofree char *now = hash_of(text_of(file, "path"));
        any |= say_difference(text_of(file, "path"), text_of(file, "xxh128"), now);
    }
    if (ledger && ledger_story(ledger, sidecar->path, &story)) {
        any |= say_difference("settings", text_of(sidecar->root, "parameters"), story.parameters);
        any |= say_difference("software", text_of(sidecar->root, "software"), story.software);
        ledger_story_clear(&story);
    }
    ledger_close(ledger);
    return any;
}

static int compare(const struct sidecar *sidecar, const char *out_dir)
{
    g_autofree char *made = g_build_filename(out_dir, sidecar->path, NULL);
    g_autofree char *hash = hash_of(made);
    if (g_strcmp0(hash, sidecar->hash) == 0) {
        printf("identical: %s, xxh128 %s\n", sidecar->path, hash);
        return EXIT_DONE;
    }
    printf("not identical: %s: xxh128 then %s, now %s\n", sidecar->path, sidecar->hash,
           hash ? hash : "none: it has another name");
    say_files(sidecar, made);
    if (!say_differences(sidecar, out_dir) && hash)
        puts("  nothing it depends on differs; an encoder with several threads may differ from run "
             "to run: `reproducible: strict` says it may not");
    return EXIT_OUT_OF_SPEC;
}

/* Whether a folder has the sidecar, by whatever way it is reached, or has published the output: it
 * would be replaced, and what is to be compared be gone. */
static bool is_where_it_was(const char *path, const struct sidecar *sidecar, const char *out_dir)
{
    struct ledger_story story = {0};
    g_autofree char *new = g_strconcat(out_dir, "/", sidecar->path, PROVENANCE_SUFFIX, NULL);
    struct ledger *ledger = ledger_open(out_dir, LEDGER_READ, NULL);
    bool known = ledger && ledger_story(ledger, sidecar->path, &story);
    ledger_story_clear(&story);
    ledger_close(ledger);
    return known || file_is_same(path, new);
}

static int rerender(const struct sidecar *sidecar, const struct args *args)
{
    struct outcome outcome = {0};
    const char *path = args->words->pdata[0];
    g_autofree char *out_dir =
        g_canonicalize_filename(args->out_dir ? args->out_dir : "rerendered", NULL);
    if (is_where_it_was(path, sidecar, out_dir)) {
        fprintf(stderr,
                "rushes: -o %s: %s was made there already, and would be made over; name another "
                "folder\n",
                out_dir, sidecar->path);
        return EXIT_USAGE;
    }
    g_autofree char *worker = args->worker ? g_canonicalize_filename(args->worker, NULL) : NULL;
    if (chdir(sidecar->folder) != 0)
        fprintf(stderr,
                "rushes: note: %s, where it was made, can't be entered: presets are looked "
                "for from here\n",
                sidecar->folder);
    int code = make(sidecar, worker, out_dir, args->progress, &outcome);
    outcome_clear(&outcome);
    return code == EXIT_DONE || code == EXIT_OUT_OF_SPEC ? compare(sidecar, out_dir) : code;
}

int command_rerender(struct args *args)
{
    struct sidecar sidecar = {.file = g_canonicalize_filename(args->words->pdata[0], NULL)};
    interrupt_catch();
    int code =
        sidecar_open(&sidecar, args->words->pdata[0]) ? rerender(&sidecar, args) : EXIT_USAGE;
    g_clear_object(&sidecar.parser);
    g_free(sidecar.file);
    return code;
}
