/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is shipped is right: every preset, every pipeline, every example of a step, and the manual
 * and the schema of them all. Run with the source folder; --schema prints the schema. */
#include "lang/manual.h"
#include "lang/yaml.h"
#include "steps/list.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const preset_dirs[] = {"presets", NULL};
static struct pipeline_options options;

static void loads(const char *path)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(pipeline_ptr) pipeline = pipeline_load(path, &options, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    g_assert_nonnull(pipeline);
}

static unsigned loads_all(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    unsigned count = 0;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (!g_str_has_suffix(name, ".yaml"))
            continue;
        loads(path);
        count++;
    }
    return count;
}

static void every_pipeline_loads(void)
{
    g_assert_cmpuint(loads_all("pipelines"), >, 0);
}

static void every_preset_loads_and_says_where_it_is_from(void)
{
    g_autoptr(GPtrArray) presets = preset_list(&options);
    g_assert_cmpuint(loads_all("presets"), ==, presets->len);
    for (guint i = 0; i < presets->len; i++) {
        const struct preset_info *info = presets->pdata[i];
        g_autofree char *upper = g_ascii_strup(info->name, -1);
        loads(upper);
        if (!info->description || !info->source)
            g_error("%s has no description or source", info->name);
    }
}

static void every_example_of_a_step_is_one(void)
{
    for (unsigned i = 0; i < steps_count; i++) {
        const struct step *step = steps_all[i];
        g_auto(diag_ptr) diag = diag_create();
        g_auto(node_ptr) tree = yaml_parse(step->name, step->example, strlen(step->example), diag);
        void *data = params_new(&step->params);
        bool map = tree && tree->kind == NODE_MAP;
        params_parse(&step->params, map ? node_item(tree, 0) : NULL, step->name, true, data, diag);
        g_autofree char *text = diag_text(diag, false);
        g_assert_cmpstr(text, ==, "");
        g_assert_cmpstr(map ? node_key_at(tree, 0) : tree->text, ==, step->name);
        params_free(&step->params, data);
    }
}

static void has_all(const char *text, const char *const *words)
{
    for (; *words; words++)
        if (!strstr(text, *words))
            g_error("no \"%s\" in:\n%s", *words, text);
}

static void the_manual_names_every_parameter(void)
{
    g_autofree char *list = manual_steps(&options);
    for (unsigned i = 0; i < steps_count; i++) {
        g_autofree char *page = manual_step(steps_all[i]);
        g_assert_nonnull(strstr(list, steps_all[i]->summary));
        g_assert_nonnull(strstr(page, steps_all[i]->example));
        for (unsigned k = 0; k < steps_all[i]->params.count; k++)
            g_assert_nonnull(strstr(page, steps_all[i]->params.rows[k].help));
        g_assert_null(strstr(page, " \n"));
    }
}

static void the_manual_prints_presets_facts_and_settings(void)
{
    g_autofree char *presets = manual_presets(&options), *facts = manual_facts();
    g_autofree char *preset = manual_preset(&options, "H264-web-1080p");
    g_autofree char *encode = manual_encode(), *templates = manual_templates();
    has_all(presets, (const char *[]){"h264-web-1080p", "prores-422-hq", NULL});
    has_all(preset, (const char *[]){"crf", "h264", "resize", "at most 1920", NULL});
    has_all(facts, (const char *[]){"loudness", "LUFS", "measured", NULL});
    has_all(encode, (const char *[]){"pix_fmt", "mp4", "prores", "quality", NULL});
    has_all(templates, (const char *[]){"stem", "lower", NULL});
    g_assert_null(manual_preset(&options, "nothing"));
}

static void the_schema_is_json(void)
{
    g_autofree char *text = schema_text(&options);
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) schema = json_from_string(text, &error);
    g_assert_no_error(error);
    g_assert_true(JSON_NODE_HOLDS_OBJECT(schema));
    has_all(text, (const char *[]){"$defs", "\"trim\"", "\"loudness\"", "\"outputs\"", NULL});
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    options = (struct pipeline_options){
        .steps = steps_all, .step_count = steps_count, .preset_dirs = preset_dirs};
    if (argc < 2 || chdir(argv[1]) != 0)
        return 2;
    if (argc > 2 && strcmp(argv[2], "--schema") == 0) {
        g_autofree char *schema = schema_text(&options);
        puts(schema);
        return 0;
    }
    g_test_add_func("/shipped/every_pipeline_loads", every_pipeline_loads);
    g_test_add_func("/shipped/every_preset_loads_and_says_where_it_is_from",
                    every_preset_loads_and_says_where_it_is_from);
    g_test_add_func("/shipped/every_example_of_a_step_is_one", every_example_of_a_step_is_one);
    g_test_add_func("/shipped/the_manual_names_every_parameter", the_manual_names_every_parameter);
    g_test_add_func("/shipped/the_manual_prints_presets_facts_and_settings",
                    the_manual_prints_presets_facts_and_settings);
    g_test_add_func("/shipped/the_schema_is_json", the_schema_is_json);
    return g_test_run();
}
