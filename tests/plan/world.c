/* SPDX-License-Identifier: GPL-3.0-or-later
 * A made-up world. */
#include "world.h"

#include "steps/list.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

static const char *const usual[] = {
    [KIND_VIDEO] = "{\"kind\":\"video\",\"container\":\"mov\",\"duration\":60,\"width\":1920,"
                   "\"height\":1080,\"fps\":25,\"frames\":1500,\"codec\":\"prores\",\"channels\":2,"
                   "\"sample_rate\":48000,\"audio_tracks\":1,\"timecode\":\"01:00:00:00\"}",
    [KIND_AUDIO] = "{\"kind\":\"audio\",\"container\":\"wav\",\"duration\":60,\"channels\":2,"
                   "\"sample_rate\":48000,\"audio_tracks\":1}",
    [KIND_IMAGE] = "{\"kind\":\"image\",\"container\":\"jpeg\",\"width\":6000,\"height\":4000}",
};

static void input_free(void *data)
{
    struct plan_input *input = data;
    g_free(input->path);
    g_free(input->relative);
    g_free(input->root);
    facts_destroy(input->facts);
    failure_clear(&input->failure);
    g_free(input);
}

static void known_free(void *data)
{
    known_output_clear(data);
    g_free(data);
}

static JsonObject *object_of(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) node = json_from_string(text, &error);
    g_assert_no_error(error);
    return json_object_ref(json_node_get_object(node));
}

static struct facts *facts_of(enum kind kind, const char *relative, const char *changes)
{
    g_autoptr(JsonObject) facts = object_of(usual[kind]);
    g_autofree char *hash = g_strdup_printf("hash of %s", relative);
    json_object_set_string_member(facts, "hash", hash);
    if (changes && *changes) {
        g_autoptr(JsonObject) other = object_of(changes);
        g_autoptr(GList) names = json_object_get_members(other);
        for (GList *name = names; name; name = name->next)
            json_object_set_member(facts, name->data,
                                   json_node_copy(json_object_get_member(other, name->data)));
    }
    return facts_from_json(facts);
}

static struct plan_input *add_file(struct made_up *world, const char *relative)
{
    struct plan_input *input = g_new0(struct plan_input, 1);
    input->root = g_strdup("/footage");
    input->relative = g_strdup(relative);
    input->path = g_build_filename(input->root, relative, NULL);
    g_ptr_array_add(world->inputs, input);
    return input;
}

struct plan_input *world_add(struct made_up *world, const char *relative, enum kind kind,
                             const char *facts)
{
    struct plan_input *input = add_file(world, relative);
    input->facts = facts_of(kind, relative, facts);
    return input;
}

static void add_damaged(struct made_up *world, const char *relative, const char *why)
{
    fail(&add_file(world, relative)->failure, FAIL_INPUT_DAMAGED, "%s", why);
}

static void set_word(const char *word, const char *const *words, int *value)
{
    for (int i = 0; words[i]; i++)
        if (strcmp(words[i], word) == 0)
            *value = i;
}

static void set_named(struct made_up *world, const char *relative)
{
    for (guint i = 0; i < world->inputs->len; i++) {
        struct plan_input *input = world->inputs->pdata[i];
        input->named |= strcmp(input->relative, relative) == 0;
    }
}

static void read_line(struct made_up *world, const char *what, const char *first, const char *rest)
{
    static const char *const policies[] = {"fail", "skip", "overwrite", "rename", NULL};
    static const char *const verifies[] = {"full", "quick", "off", NULL};
    static const char *const kinds[] = {"", "clip", "sound", "", "still", NULL};
    int kind = 0, policy = (int)world->params.on_exists, verify = (int)world->params.verify;
    set_word(what, kinds, &kind);
    if (kind)
        world_add(world, first, (enum kind)kind, rest);
    else if (strcmp(what, "named") == 0)
        set_named(world, first);
    else if (strcmp(what, "damaged") == 0)
        add_damaged(world, first, rest);
    else if (strcmp(what, "exists") == 0)
        g_hash_table_insert(world->exists, g_strdup(first), g_new0(struct file_stamp, 1));
    else if (strcmp(what, "folder") == 0) {
        g_hash_table_insert(world->exists, g_strdup(first), g_new0(struct file_stamp, 1));
        g_hash_table_add(world->folders, g_strdup(first));
    } else if (strcmp(what, "file") == 0)
        g_hash_table_insert(world->files, g_strdup(first), g_strdup_printf("hash of %s", first));
    else if (strcmp(what, "colours") == 0)
        world->colors_of = g_strdup(first);
    else if (strcmp(what, "only") == 0)
        world->params.only = world->only = g_strdup(first);
    else if (strcmp(what, "on-exists") == 0)
        set_word(first, policies, &policy);
    else if (strcmp(what, "verify") == 0)
        set_word(first, verifies, &verify);
    world->params.on_exists = (enum exists_policy)policy;
    world->params.verify = (enum verify_mode)verify;
}

static void read_comments(struct made_up *world, const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++) {
        if (!g_str_has_prefix(*line, "# "))
            continue;
        g_auto(GStrv) words = g_strsplit(*line + 2, " ", 3);
        if (g_strv_length(words) < 2 || !g_str_has_suffix(words[0], ":"))
            continue;
        words[0][strlen(words[0]) - 1] = '\0';
        read_line(world, words[0], words[1], words[2] ? words[2] : "");
    }
}

struct made_up *world_create(const char *file, const char *text)
{
    static const char *const dirs[] = {NULL}, *const set[] = {NULL};
    struct made_up *world = g_new0(struct made_up, 1);
    world->inputs = g_ptr_array_new_with_free_func(input_free);
    world->exists = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    world->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    world->finished = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, known_free);
    world->files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->contents = g_hash_table_new(g_str_hash, g_str_equal);
    world->measured =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)node_unref);
    world->learned = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    world->diag = diag_create();
    world->params = (struct plan_params){.out_dir = "/out",
                                         .run_token = "run",
                                         .date = "2026-11-21",
                                         .software = "rushes 1.0.0",
                                         .cores = 2,
                                         .now_us = 1767225600 * G_GINT64_CONSTANT(1000000)};
    read_comments(world, text);
    struct pipeline_options options = {
        .steps = steps_all, .step_count = steps_count, .preset_dirs = dirs, .set = set};
    world->pipeline = pipeline_load(file, &options, world->diag);
    return world;
}

struct made_up *world_from_text(const char *text)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("plan-XXXXXX.yaml", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct made_up *world = world_create(path, text);
    g_unlink(path);
    return world;
}

void world_destroy(struct made_up *world)
{
    pipeline_destroy(world->pipeline);
    g_ptr_array_unref(world->inputs);
    g_hash_table_unref(world->exists);
    g_hash_table_unref(world->folders);
    g_hash_table_unref(world->known);
    g_hash_table_unref(world->finished);
    g_hash_table_unref(world->files);
    g_hash_table_unref(world->contents);
    g_hash_table_unref(world->measured);
    g_hash_table_unref(world->learned);
    diag_destroy(world->diag);
    g_free(world->only);
    g_free(world->colors_of);
    g_free(world);
}

static enum place place(void *self, const char *path, struct file_stamp *stamp)
{
    const struct made_up *world = self;
    const struct file_stamp *found = g_hash_table_lookup(world->exists, path);
    if (found)
        *stamp = *found;
    return !found                                        ? PLACE_FREE
           : g_strcmp0(world->source_at, path) == 0      ? PLACE_SOURCE
           : g_hash_table_contains(world->folders, path) ? PLACE_FOLDER
                                                         : PLACE_FILE;
}

static bool stamp_of(void *self, const char *path, struct file_stamp *stamp)
{
    const struct made_up *world = self;
    *stamp = (struct file_stamp){.inode = 2};
    return g_strcmp0(world->still_there, path) == 0;
}

static bool unchanged(void *self, const char *path, const struct known_output *known,
                      const struct file_stamp *stamp)
{
    return g_strcmp0(((struct made_up *)self)->content, known->hash) == 0;
}

static bool known(void *self, const char *path, struct known_output *out)
{
    const struct known_output *found = g_hash_table_lookup(((struct made_up *)self)->known, path);
    if (!found)
        return false;
    *out = (struct known_output){g_strdup(found->input_hash),
                                 g_strdup(found->parameters),
                                 g_strdup(found->software),
                                 found->stamp,
                                 found->in_spec,
                                 g_strdup(found->hash),
                                 g_strdup(found->source),
                                 found->run,
                                 found->since};
    return true;
}

static struct result *finished(void *self, const struct plan_output *planned, char **part)
{
    const struct known_output *found =
        g_hash_table_lookup(((struct made_up *)self)->finished, planned->path);
    if (!found || !g_str_equal(found->input_hash, planned->input_hash) ||
        !g_str_equal(found->parameters, planned->parameters))
        return NULL;
    struct result *result = result_create();
    result_add_output(result)->claim.frames = 1500;
    *part = part_path(planned->final, "killed");
    return result;
}

static struct node *measurement(void *self, const char *key)
{
    struct node *found = g_hash_table_lookup(((struct made_up *)self)->measured, key);
    return found ? node_ref(found) : NULL;
}

static struct learned learned(void *self, const char *cost_key)
{
    struct learned *found = g_hash_table_lookup(((struct made_up *)self)->learned, cost_key);
    return found ? *found : (struct learned){NAN, NAN};
}

static char *find_file(void *self, const char *name, const char *pipeline_file, const char *root,
                       char **hash)
{
    const char *found = g_hash_table_lookup(((struct made_up *)self)->files, name);
    *hash = g_strdup(found);
    return found ? g_build_filename("/project", name, NULL) : NULL;
}

static char *read_file(void *self, const char *path, gsize most, gsize *length)
{
    struct made_up *world = self;
    g_autofree char *name = g_path_get_basename(path);
    const char *text = g_hash_table_lookup(world->contents, name);
    world->reads++;
    if (!text || strlen(text) > most)
        return NULL;
    *length = strlen(text);
    return g_strdup(text);
}

static char *twin(void *self, const struct plan_output *planned)
{
    GHashTableIter iter;
    void *path, *known;
    g_hash_table_iter_init(&iter, ((struct made_up *)self)->known);
    while (g_hash_table_iter_next(&iter, &path, &known)) {
        const struct known_output *other = known;
        g_autofree char *folder = g_path_get_dirname(planned->path);
        g_autofree char *its = g_path_get_dirname(path);
        if (g_str_equal(other->input_hash, planned->input_hash) && g_str_equal(folder, its) &&
            g_str_equal(other->parameters, planned->parameters) &&
            !g_str_equal(path, planned->path))
            return g_strdup(path);
    }
    return NULL;
}

struct plan *world_plan(struct made_up *world)
{
    struct plan_world seam = {world,       place,   stamp_of,  unchanged, known,    finished,
                              measurement, learned, find_file, twin,      read_file};
    return plan_build(world->pipeline, world->inputs, &world->params, &seam, world->diag);
}

static struct known_output *made_of(const struct plan *plan, const struct plan_output *planned,
                                    struct file_stamp stamp)
{
    const struct plan_input *input = plan->inputs->pdata[planned->input];
    struct known_output *made = g_new0(struct known_output, 1);
    *made = (struct known_output){g_strdup(planned->input_hash),
                                  g_strdup(planned->parameters),
                                  g_strdup(planned->software),
                                  stamp,
                                  true,
                                  g_strdup("as published"),
                                  g_strdup(input->path),
                                  1,
                                  1};
    return made;
}

void world_break_off(struct made_up *world, const struct plan *plan)
{
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        if (planned->render >= 0)
            g_hash_table_replace(world->finished, g_strdup(planned->path),
                                 made_of(plan, planned, (struct file_stamp){.size = 1 + i}));
    }
}

void world_publish(struct made_up *world, const struct plan *plan)
{
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        struct file_stamp stamp = {.size = 1 + i};
        if (planned->render < 0)
            continue;
        g_hash_table_replace(world->known, g_strdup(planned->path), made_of(plan, planned, stamp));
        g_hash_table_replace(world->exists, g_strdup(planned->path),
                             g_memdup2(&stamp, sizeof stamp));
    }
}
