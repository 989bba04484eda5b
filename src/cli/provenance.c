/* SPDX-License-Identifier: GPL-3.0-or-later
 * <output>.rushes.json. */
#include "provenance.h"

#include "base/digest.h"
#include "base/json_out.h"
#include "model/catalogue.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static bool is_wanted(const struct session *session)
{
    return session->args->provenance || session->pipeline->provenance;
}

static void put_path(struct json_out *to, const char *key, const char *path)
{
    g_autofree char *shown = path_display(path);
    json_out_text(to, key, shown);
}

static void put_texts(struct json_out *to, const char *key, const GPtrArray *texts)
{
    json_out_open(to, key, '[');
    for (guint i = 0; i < texts->len; i++)
        put_path(to, NULL, texts->pdata[i]);
    json_out_close(to, ']');
}

static void add_file(GPtrArray *files, const char *file)
{
    if (file && !g_ptr_array_find_with_equal_func(files, file, g_str_equal, NULL))
        g_ptr_array_add(files, (void *)file);
}

static void add_files(GPtrArray *files, const struct node *node)
{
    if (!node)
        return;
    add_file(files, node->at.file);
    for (guint i = 0; i < node_length(node); i++)
        add_files(files, node_item(node, i));
}

/* The pipeline, and each preset that a value came from. */
static GPtrArray *files_of(const struct session *session, const struct plan_output *output)
{
    GPtrArray *files = g_ptr_array_new();
    const struct pipeline_job *job = session->pipeline->jobs->pdata[output->job];
    const struct pipeline_output *written = job->outputs->pdata[output->output];
    add_file(files, session->pipeline->file);
    add_files(files, written->encode);
    add_files(files, written->expect);
    for (guint i = 0; i < written->steps->len; i++)
        add_files(files, ((const struct step_use *)written->steps->pdata[i])->params);
    return files;
}

static void put_file(struct json_out *to, const char *file)
{
    gsize length = 0;
    g_autofree char *text = NULL;
    g_autofree char *path = g_canonicalize_filename(file, NULL);
    if (!g_file_get_contents(path, &text, &length, NULL))
        return;
    struct digest_texts hash;
    struct digest_state *state = digest_begin(DIGEST_BIT(DIGEST_XXH128));
    digest_update(state, text, length);
    digest_end(state, &hash);
    json_out_open(to, NULL, '{');
    put_path(to, "path", path);
    json_out_text(to, "xxh128", hash.of[DIGEST_XXH128]);
    if (g_utf8_validate(text, (gssize)length, NULL))
        json_out_text(to, "text", text);
    json_out_close(to, '}');
}

static void put_files(struct json_out *to, const struct session *session,
                      const struct plan_output *output)
{
    g_autoptr(GPtrArray) files = files_of(session, output);
    json_out_open(to, "pipeline", '[');
    for (guint i = 0; i < files->len; i++)
        put_file(to, files->pdata[i]);
    json_out_close(to, ']');
}

static void put_input(struct json_out *to, const struct plan_input *input)
{
    json_out_open(to, NULL, '{');
    put_path(to, "path", input->path);
    put_path(to, "root", input->named || !input->root ? input->path : input->root);
    json_out_int(to, "bytes", input->stamp.size);
    if (input->facts && input->facts->hash)
        json_out_text(to, "xxh128", input->facts->hash);
    json_out_close(to, '}');
}

static void put_inputs(struct json_out *to, const struct session *session,
                       const struct plan_output *output)
{
    const struct plan_joined *joined = output->joined;
    json_out_open(to, "inputs", '[');
    if (!joined)
        put_input(to, session->inputs->pdata[output->input]);
    for (guint i = 0; joined && i < joined->inputs->len; i++)
        put_input(to, session->inputs->pdata[g_array_index(joined->inputs, int, i)]);
    json_out_close(to, ']');
}

static void put_command(struct json_out *to, const struct session *session,
                        const struct report_output *row)
{
    g_autofree char *cwd = g_get_current_dir();
    put_path(to, "folder", cwd);
    if (session->pipeline->is_preset)
        put_path(to, "preset", session->args->words->pdata[0]);
    json_out_text(to, "job", row->job);
    json_out_text(to, "output", row->output);
    put_path(to, "path", row->path);
    json_out_open(to, "set", '[');
    for (guint i = 0; i + 1 < session->args->set->len; i++)
        json_out_text(to, NULL, session->args->set->pdata[i]);
    json_out_close(to, ']');
}

/* "encode.video.crf = 19 (web.yaml:21:29)" */
static void put_settings(struct json_out *to, const struct session *session,
                         const struct plan_output *output)
{
    g_autofree char *text = plan_explain(session->plan, output->path);
    g_auto(GStrv) lines = g_strsplit(text ? text : "", "\n", -1);
    json_out_open(to, "settings", '[');
    for (char **line = lines; *line; line++)
        if (*g_strstrip(*line))
            put_path(to, NULL, *line);
    json_out_close(to, ']');
}

static void put_checks(struct json_out *to, const struct report_output *row)
{
    json_out_open(to, "checks", '[');
    for (guint i = 0; i < row->checks->len; i++) {
        const struct check *check = row->checks->pdata[i];
        json_out_open(to, NULL, '{');
        json_out_text(to, "name", check->name);
        json_out_text(to, "expected", check->expected);
        json_out_text(to, "measured", check->measured);
        json_out_bool(to, "pass", check->pass);
        json_out_close(to, '}');
    }
    json_out_close(to, ']');
}

static void put_facts(struct json_out *to, const struct report_output *row)
{
    if (!row->facts)
        return;
    g_autoptr(JsonNode) node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, facts_to_json(row->facts));
    json_out_node(to, "facts", node);
}

static void put_content(struct json_out *to, const struct plan_output *output, const char *hash)
{
    struct file_stamp stamp;
    if (file_stamp_of(output->final, &stamp))
        json_out_int(to, "bytes", stamp.size);
    if (hash)
        json_out_text(to, "xxh128", hash);
}

static bool is_shown_as_it_is(const char *path)
{
    g_autofree char *shown = path_display(path);
    return strcmp(shown, path) == 0;
}

static bool can_name(const struct session *session, const struct plan_output *output)
{
    const struct plan_joined *joined = output->joined;
    bool can = is_shown_as_it_is(output->path);
    for (guint i = 0; i < (joined ? joined->inputs->len : 1); i++) {
        int index = joined ? g_array_index(joined->inputs, int, i) : output->input;
        const struct plan_input *input = session->inputs->pdata[index];
        can &= is_shown_as_it_is(input->path);
    }
    return can;
}

static bool has_place(const struct plan_output *output)
{
    g_autofree char *name = g_path_get_basename(output->final);
    return strlen(name) + strlen(PROVENANCE_SUFFIX) <= NAME_MAX;
}

void provenance_note(struct session *session)
{
    const struct plan *plan = session->plan;
    for (guint i = 0; is_wanted(session) && i < plan->outputs->len; i++) {
        const struct plan_output *output = plan->outputs->pdata[i];
        g_autofree char *shown = path_display(output->path);
        if (!has_place(output))
            g_ptr_array_add(plan->notes,
                            g_strdup_printf("%s: its name is too long for a " PROVENANCE_SUFFIX
                                            " beside it, so none is written",
                                            shown));
    }
}

/* Of all that begins as write_beside() writes it. */
static bool is_ours(const char *path)
{
    static const char first[] = "{\n  \"rushes\": \"", second[] = "\"worker\": \"";
    char head[256] = "";
    int fd = file_open_input(path, NULL);
    ssize_t got = fd < 0 ? -1 : read(fd, head, sizeof head - 1);
    if (fd >= 0)
        close(fd);
    return got > 0 && g_str_has_prefix(head, first) && strstr(head, second);
}

static bool write_beside(const struct session *session, const struct plan_output *output,
                         const char *path, const struct report_output *row, const char *hash,
                         GError **error)
{
    g_autoptr(GString) text = g_string_new(NULL);
    struct json_out to = {.text = text};
    const struct catalogue *catalogue = session->language.catalogue;
    json_out_open(&to, NULL, '{');
    json_out_text(&to, "rushes", RUSHES_VERSION);
    json_out_text(&to, "worker", catalogue ? catalogue_build(catalogue) : "");
    json_out_text(&to, "software", output->software ? output->software : "");
    json_out_text(&to, "parameters", output->parameters ? output->parameters : "");
    json_out_text(&to, "run", session->run_id);
    put_command(&to, session, row);
    put_inputs(&to, session, output);
    put_files(&to, session, output);
    put_settings(&to, session, output);
    put_texts(&to, "steps", row->steps);
    put_texts(&to, "lost", row->lost);
    put_checks(&to, row);
    put_facts(&to, row);
    put_content(&to, output, hash);
    json_out_close(&to, '}');
    g_string_append_c(text, '\n');
    return file_write_atomic(path, text->str, (gssize)text->len, error);
}

static void note(const struct session *session, const struct report_output *row, const char *why)
{
    g_autofree char *text = g_strconcat("rushes: note: ", row->path, PROVENANCE_SUFFIX, why, NULL);
    display_message(session->display, text);
}

/* A file system of shorter names than usual says so only now: the plan has said it of others. */
static bool write_noted(const struct session *session, const struct plan_output *output,
                        const char *path, const struct report_output *row, const char *hash,
                        GError **error)
{
    g_autoptr(GError) why = NULL;
    if (!can_name(session, output))
        note(
            session, row,
            ": its name, or a source's, has bytes that JSON can't hold: rushes rerender won't find "
            "it");
    if (write_beside(session, output, path, row, hash, &why))
        return true;
    if (g_error_matches(why, G_FILE_ERROR, G_FILE_ERROR_NAMETOOLONG)) {
        display_message(session->display, why->message);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&why));
    return false;
}

bool provenance_keep(const struct session *session, const struct plan_output *output,
                     enum output_status status, const struct report_output *row, GError **error)
{
    const bool made = status == OUTPUT_DONE, wanted = is_wanted(session) && has_place(output);
    if (!made && (status != OUTPUT_UP_TO_DATE || output->skipped || !wanted))
        return true;
    g_autofree char *path = g_strconcat(output->final, PROVENANCE_SUFFIX, NULL);
    const bool there = g_file_test(path, G_FILE_TEST_EXISTS | G_FILE_TEST_IS_SYMLINK),
               ours = there && is_ours(path);
    if (made && !wanted && ours)
        unlink(path);
    if (!wanted || (!made && there))
        return true;
    if (there && !ours) {
        note(session, row,
             " is a file that rushes didn't make: it stays, and where the output comes from isn't "
             "written");
        return true;
    }
    /* Of what was made without: what was measured then isn't in it. */
    g_autofree char *then =
        made ? NULL : ledger_hash_then(session->ledger, output->path, session->run_id);
    const char *now = row->facts ? row->facts->hash : NULL;
    return write_noted(session, output, path, row, made ? now : then, error);
}
