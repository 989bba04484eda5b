/* SPDX-License-Identifier: GPL-3.0-or-later
 * Plans as text: for each X.yaml of a folder, what is said of its world and what the plan comes to
 * is X.plan. `golden_test DIR --update` writes them. */
#include "world.h"

#include <string.h>
#include <unistd.h>

static bool update;

static void dump_steps(GString *out, const char *where, const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const struct step_call *call = steps->pdata[i];
        g_autofree char *params = node_canonical(call->params);
        g_autofree char *measured = call->measured ? node_canonical(call->measured) : NULL;
        g_string_append_printf(out, "  %s %s %s%s%s\n", where, call->name, params,
                               measured ? " measured " : "", measured ? measured : "");
    }
}

static void dump_needs(GString *out, const GArray *needs)
{
    for (guint i = 0; i < needs->len; i++)
        g_string_append_printf(out, "%s %d", i ? "" : ", needs", g_array_index(needs, int, i));
}

static void dump_files(GString *out, const GPtrArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        const struct task_file *file = files->pdata[i];
        g_string_append_printf(out, "  file %s%s%s%s\n", file->path, file->write ? ", written" : "",
                               file->used_by ? ", for " : "", file->used_by ? file->used_by : "");
    }
}

static void dump_task(GString *out, const struct plan_task *planned)
{
    const struct task *task = planned->task;
    g_string_append_printf(out, "%d %s: %s (%s", task->id, task_kind_name(task->kind), task->label,
                           kind_name(task->media));
    dump_needs(out, planned->needs);
    if (planned->priority)
        g_string_append_printf(out, "; priority %d", planned->priority);
    if (planned->deadline_us) {
        g_autofree char *due = moment_text(planned->deadline_us);
        g_string_append_printf(out, "; by %s", due);
    }
    g_string_append_printf(out, "; %s)\n", planned->cost_key);
    dump_files(out, task->files);
    dump_steps(out, "all:", task->steps);
    for (guint i = 0; i < task->outputs->len; i++) {
        const struct task_output *output = task->outputs->pdata[i];
        g_autofree char *where = g_strdup_printf("%s/%s:", output->job, output->output);
        dump_steps(out, where, output->steps);
    }
    for (guint i = 0; task->kind == TASK_VERIFY && i < task->expect->len; i++)
        g_string_append_printf(out, "  expects %s: %s\n",
                               ((struct expectation *)task->expect->pdata[i])->fact->name,
                               ((struct expectation *)task->expect->pdata[i])->text);
}

static void dump_colors(GString *out, const struct plan *plan, const char *path)
{
    g_autofree char *page = plan_explain(plan, path);
    g_assert_nonnull(page);
    for (const char *from = page; (from = strstr(from, "  colours\n"));) {
        const char *to = strstr(from, "  identity\n");
        g_assert_nonnull(to);
        g_string_append_len(out, from, to - from);
        from = to;
    }
}

static void dump_plan(GString *out, const struct plan *plan)
{
    g_autofree char *text = plan_text(plan);
    g_string_append_printf(out, "%s\n", text);
    for (guint i = 0; i < plan->tasks->len; i++)
        dump_task(out, plan->tasks->pdata[i]);
    for (guint i = 0; i < plan->feeds->len; i++) {
        const struct plan_feed *feed = &g_array_index(plan->feeds, struct plan_feed, i);
        g_string_append_printf(out, "feed %d.%d to %d.%d step %d\n", feed->from_task,
                               feed->from_output, feed->to_task, feed->to_output, feed->to_step);
    }
}

static void expect_text(const char *file, const char *got)
{
    g_autofree char *stem = g_strndup(file, strlen(file) - strlen(".yaml"));
    g_autofree char *path = g_strconcat(stem, ".plan", NULL), *wanted = NULL;
    if (update)
        g_assert_true(g_file_set_contents(path, got, -1, NULL));
    if (!g_file_get_contents(path, &wanted, NULL, NULL))
        g_error("%s: no golden file %s; got:\n%s", file, path, got);
    g_assert_cmpstr(got, ==, wanted);
}

static void check_file(gconstpointer data)
{
    const char *file = data;
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(file, &text, NULL, NULL));
    g_auto(world_ptr) world = world_create(file, text);
    g_auto(plan_ptr) plan = world->pipeline ? world_plan(world) : NULL;
    GString *out = g_string_new(NULL);
    g_autofree char *said = diag_text(world->diag, false);
    g_string_append(out, said);
    g_assert_true(!plan == (diag_errors(world->diag) > 0));
    if (plan) {
        dump_plan(out, plan);
        if (world->colors_of)
            dump_colors(out, plan, world->colors_of);
        g_autofree char *json = plan_json(plan);
        g_autoptr(JsonNode) parsed = json_from_string(json, NULL);
        g_assert_nonnull(parsed);
    }
    g_autofree char *got = g_string_free(out, FALSE);
    expect_text(file, got);
}

int main(int argc, char **argv)
{
    g_setenv("TZ", "UTC0", TRUE);
    g_test_init(&argc, &argv, NULL);
    update = argc > 2 && strcmp(argv[2], "--update") == 0;
    if (argc < 2 || chdir(argv[1]) != 0)
        return 2;
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    GDir *dir = g_dir_open(".", 0, NULL);
    for (const char *file; (file = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(file, ".yaml"))
            continue;
        g_ptr_array_add(files, g_strdup(file));
        g_autofree char *name = g_strdup_printf("/plan/%s", file);
        g_test_add_data_func(name, files->pdata[files->len - 1], check_file);
    }
    g_dir_close(dir);
    return g_test_run();
}
