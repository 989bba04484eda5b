/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every diagnostic once: for each X.yaml of a folder, the findings are those of X.err, or, where
 * there are none, what the pipeline comes to is X.out. `golden_test DIR --update` writes them.
 * Lines "# set: NAME=VALUE" are --set, "# catalogue" checks encoders with catalogue.json. */
#include "fake.h"

#include <string.h>
#include <unistd.h>

static bool update;

static char **settings_of(const char *text)
{
    GPtrArray *set = g_ptr_array_new();
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line; line++)
        if (g_str_has_prefix(*line, "# set: "))
            g_ptr_array_add(set, g_strdup(*line + strlen("# set: ")));
    g_ptr_array_add(set, NULL);
    return (char **)g_ptr_array_free(set, FALSE);
}

static void dump_steps(GString *out, const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++) {
        const struct step_use *use = steps->pdata[i];
        g_autofree char *params = node_canonical(use->params);
        g_string_append_printf(out, "    %s %s\n", use->step->name, params);
    }
}

/* The deadline as it is next, seen from the first hour of 2026. */
static void dump_urgency(GString *out, const struct urgency *urgency)
{
    if (urgency->priority)
        g_string_append_printf(out, "    priority %d\n", urgency->priority);
    if (!urgency->deliver_by.set)
        return;
    int64_t due_us = deadline_us(&urgency->deliver_by, 1767225600 * G_GINT64_CONSTANT(1000000));
    g_autofree char *due = moment_text(due_us);
    g_string_append_printf(out, "    deliver by %s\n", due);
}

static void dump_output(GString *out, const struct pipeline_output *output)
{
    g_autofree char *encode = node_canonical(output->encode);
    g_autofree char *expect = node_canonical(output->expect);
    g_autofree char *when = output->when ? when_text(output->when) : g_strdup("-");
    g_string_append_printf(out, "  output %s: %s .%s %s to %s from %d when %s%s\n", output->name,
                           output->container, output->extension, kind_name(output->kind),
                           output->to ? output->to : "-", output->from, when,
                           output->each_job ? " each job" : "");
    dump_urgency(out, &output->urgency);
    dump_steps(out, output->steps);
    g_string_append_printf(out, "    encode %s\n    expect %s\n", encode, expect);
}

static char *dump(const struct pipeline *pipeline)
{
    GString *out = g_string_new(NULL);
    if (pipeline->window.from_min != pipeline->window.to_min) {
        g_autofree char *window = window_text(&pipeline->window);
        g_string_append_printf(out, "window %s\n", window);
    }
    for (guint i = 0; i < HOOK_COUNT; i++)
        if (pipeline->hooks[i]) {
            g_autofree char *words = g_strjoinv("|", pipeline->hooks[i]);
            g_string_append_printf(out, "hook %s %s\n", hook_names[i], words);
        }
    for (guint i = 0; i < pipeline->jobs->len; i++) {
        const struct pipeline_job *job = pipeline->jobs->pdata[i];
        g_autofree char *when = job->when ? when_text(job->when) : g_strdup("-");
        g_string_append_printf(out, "job %s: damaged %s when %s\n", job->name,
                               job->damaged_allow ? "allow" : "fail", when);
        for (guint k = 0; k < job->include->len; k++)
            g_string_append_printf(out, "  include %s\n", (char *)job->include->pdata[k]);
        for (guint k = 0; k < job->exclude->len; k++)
            g_string_append_printf(out, "  exclude %s\n", (char *)job->exclude->pdata[k]);
        dump_steps(out, job->steps);
        for (guint k = 0; k < job->outputs->len; k++)
            dump_output(out, job->outputs->pdata[k]);
    }
    return g_string_free(out, FALSE);
}

static struct catalogue *load_catalogue(void)
{
    g_autofree char *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents("catalogue.json", &text, &length, NULL));
    struct catalogue *catalogue = catalogue_from_text(text, (gssize)length, NULL);
    g_assert_nonnull(catalogue);
    return catalogue;
}

static void expect_text(const char *file, const char *extension, const char *got)
{
    g_autofree char *stem = g_strndup(file, strlen(file) - strlen(".yaml"));
    g_autofree char *path = g_strconcat(stem, extension, NULL), *wanted = NULL;
    if (update)
        g_assert_true(g_file_set_contents(path, got, -1, NULL));
    if (!g_file_get_contents(path, &wanted, NULL, NULL))
        g_error("%s: no golden file %s; got:\n%s", file, path, got);
    g_assert_cmpstr(got, ==, wanted);
}

static void check_file(gconstpointer data)
{
    static const char *const dirs[] = {"presets", NULL};
    const char *file = data;
    g_autofree char *text = NULL;
    gsize length;
    g_assert_true(g_file_get_contents(file, &text, &length, NULL));
    g_auto(GStrv) set = settings_of(text);
    g_auto(catalogue_ptr) catalogue = strstr(text, "# catalogue\n") ? load_catalogue() : NULL;
    struct pipeline_options options = {.steps = fake_steps,
                                       .step_count = fake_step_count,
                                       .preset_dirs = dirs,
                                       .set = (const char *const *)set,
                                       .catalogue = catalogue};
    g_auto(diag_ptr) diag = diag_create();
    g_auto(pipeline_ptr) pipeline = pipeline_load(file, &options, diag);
    g_autofree char *got = pipeline ? dump(pipeline) : diag_text(diag, false);
    g_assert_true(!pipeline == (diag_errors(diag) > 0));
    expect_text(file, pipeline ? ".out" : ".err", got);
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
        g_autofree char *name = g_strdup_printf("/lang/%s", file);
        g_test_add_data_func(name, files->pdata[files->len - 1], check_file);
    }
    g_dir_close(dir);
    return g_test_run();
}
