/* SPDX-License-Identifier: GPL-3.0-or-later
 * The manual, printed from the tables that parse. */
#include "lang/manual.h"

#include "columns.h"
#include "keys.h"
#include "lang/template.h"
#include "model/encode.h"
#include "pieces.h"

#include <string.h>

static char *kinds_text(enum kind kinds)
{
    GString *out = g_string_new(NULL);
    for (unsigned kind = KIND_VIDEO; kind <= KIND_IMAGE; kind <<= 1)
        if (kinds & kind)
            g_string_append_printf(out, "%s%s", out->len ? ", " : "", kind_name(kind));
    return g_string_free(out, FALSE);
}

char *manual_steps(const struct pipeline_options *options)
{
    GString *out = g_string_new("Steps, for `steps:` (more: rushes steps NAME)\n\n");
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < options->step_count; i++) {
        const struct step *step = options->steps[i];
        g_autofree char *faces = kinds_text(step->faces);
        columns_add(columns, step->name, faces, step->summary, NULL);
    }
    columns_finish(columns, out);
    g_string_append(
        out, "\nThe rest of the language: rushes steps encode, facts, templates, hooks, keep\n");
    return g_string_free(out, FALSE);
}

static void append_params(GString *out, const struct params *table)
{
    struct columns *columns = columns_create();
    void *defaults = params_new(table);
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        g_autofree char *type = param_type_text(row), *value = param_value_text(row, defaults);
        g_autofree char *normal = row->required     ? g_strdup("required")
                                  : row->implied    ? g_strdup_printf("default %s", row->implied)
                                  : value && *value ? g_strdup_printf("default %s", value)
                                                    : NULL;
        columns_add(columns, row->name, type, normal, row->help);
    }
    params_free(table, defaults);
    columns_finish(columns, out);
}

char *manual_step(const struct step *step)
{
    GString *out = g_string_new(NULL);
    g_autofree char *faces = kinds_text(step->faces);
    g_string_append_printf(out, "%s: %s\nfor %s%s\n", step->name, step->summary, faces,
                           step->measures ? "; measures the whole programme first" : "");
    if (step->help && *step->help)
        g_string_append_printf(out, "\n%s\n", step->help);
    if (step->params.count) {
        g_string_append(out, "\nParameters\n\n");
        append_params(out, &step->params);
    }
    if (step->params.shorthand)
        g_string_append_printf(out, "\nA single value is %s: \"%s: VALUE\".\n",
                               step->params.shorthand, step->name);
    if (step->example && *step->example)
        g_string_append_printf(out, "\nExample\n\n  %s\n", step->example);
    return g_string_free(out, FALSE);
}

char *manual_presets(const struct pipeline_options *options)
{
    GString *out = g_string_new("Presets, for `preset:` or `rushes run NAME` (more: rushes presets "
                                "NAME)\n\n");
    g_autoptr(GPtrArray) presets = preset_list(options);
    struct columns *columns = columns_create();
    for (guint i = 0; i < presets->len; i++) {
        const struct preset_info *info = presets->pdata[i];
        columns_add(columns, info->name, info->description, NULL, NULL);
    }
    columns_finish(columns, out);
    return g_string_free(out, FALSE);
}

static void append_node(GString *out, const struct node *node, int indent)
{
    for (guint i = 0; i < node_length(node); i++) {
        const struct node *item = node_item(node, i);
        const char *key = node_key_at(node, i);
        g_string_append_printf(out, "%*s%s%s", indent, "", key ? key : "-", key ? ":" : "");
        if (item->kind == NODE_SCALAR) {
            g_string_append_printf(out, " %s\n", item->text);
        } else {
            g_string_append_c(out, '\n');
            append_node(out, item, indent + 2);
        }
    }
}

static void append_section(GString *out, const char *title, const struct node *node)
{
    if (!node_length(node))
        return;
    g_string_append_printf(out, "\n%s:\n", title);
    append_node(out, node, 2);
}

/* What the preset comes to, with all that it extends. */
static void append_merged(GString *out, const struct pipeline *pipeline)
{
    const struct pipeline_job *job = pipeline->jobs->pdata[0];
    const struct pipeline_output *output = job->outputs->pdata[0];
    g_auto(node_ptr) steps = node_list(output->at);
    for (guint i = 0; i < output->steps->len; i++) {
        const struct step_use *use = output->steps->pdata[i];
        struct node *step = node_map(use->at);
        node_put(step, use->step->name, use->at, node_ref(use->params));
        node_append(steps, step);
    }
    append_section(out, "steps", steps);
    append_section(out, "encode", output->encode);
    append_section(out, "expect", output->expect);
}

static void append_line(GString *out, const char *label, const char *text)
{
    if (text)
        g_string_append_printf(out, "%s: %s\n", label, text);
}

static char *describe(const struct pipeline_options *options, const struct preset_info *info)
{
    GString *out = g_string_new(NULL);
    g_auto(diag_ptr) diag = diag_create();
    g_auto(pipeline_ptr) pipeline = pipeline_load(info->file, options, diag);
    g_string_append_printf(out, "%s: %s\n", info->name, info->description ? info->description : "");
    append_line(out, "file", info->file);
    append_line(out, "extends", info->extends);
    append_line(out, "source of its numbers", info->source);
    if (pipeline) {
        append_merged(out, pipeline);
    } else {
        g_autofree char *text = diag_text(diag, false);
        g_string_append_printf(out, "\n%s", text);
    }
    return g_string_free(out, FALSE);
}

char *manual_preset(const struct pipeline_options *options, const char *name)
{
    g_autoptr(GPtrArray) presets = preset_list(options);
    for (guint i = 0; i < presets->len; i++) {
        const struct preset_info *info = presets->pdata[i];
        if (g_ascii_strcasecmp(info->name, name) == 0)
            return describe(options, info);
    }
    return NULL;
}

static void append_facts(GString *out, bool beside)
{
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        if (fact_is_beside(fact) != beside)
            continue;
        g_autofree char *names =
            fact->alias ? g_strdup_printf("%s, %s", fact->alias, fact->name) : g_strdup(fact->name);
        g_autofree char *kinds = kinds_text(fact->kinds);
        g_autofree char *help = g_strconcat(
            fact->help, fact->measured && !beside ? " (measured by decoding)" : "", NULL);
        columns_add(columns, names, fact->unit, kinds, help);
    }
    columns_finish(columns, out);
}

char *manual_facts(void)
{
    GString *out = g_string_new("Facts, for `when:`, `expect:` and ${…}\n\n");
    append_facts(out, false);
    g_string_append(out, "\nBeside a reference, for `expect:` where there is one (rushes run "
                         "--against REFERENCE, rushes check --against REFERENCE)\n\n");
    append_facts(out, true);
    return g_string_free(out, FALSE);
}

static void append_containers(GString *out)
{
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < container_count; i++) {
        const struct container *c = &containers[i];
        g_autofree char *extensions = g_strdup_printf(".%s", c->extensions);
        g_autofree char *taken =
            g_strjoin(*c->video && *c->audio ? " " : "", c->video, c->audio, NULL);
        columns_add(columns, c->name, extensions, c->help, taken);
    }
    columns_finish(columns, out);
}

static void append_codecs(GString *out)
{
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < codec_count; i++)
        columns_add(columns, codecs[i].name,
                    kind_name(codecs[i].kind & KIND_IMAGE ? KIND_IMAGE : codecs[i].kind),
                    codecs[i].encoder, codecs[i].help);
    columns_finish(columns, out);
}

char *manual_encode(void)
{
    GString *out = g_string_new("Settings of `encode:`\n\n");
    append_params(out, &encode_params);
    g_string_append(out, "\nvideo:\n");
    append_params(out, &encode_video_params);
    g_string_append(out, "\naudio:\n");
    append_params(out, &encode_audio_params);
    g_string_append(out, "\nimage:\n");
    append_params(out, &encode_image_params);
    g_string_append(out, "\nContainers, and the codecs they take (the first is the default)\n\n");
    append_containers(out);
    g_string_append(out, "\nCodecs\n\n");
    append_codecs(out);
    return g_string_free(out, FALSE);
}

char *manual_templates(void)
{
    GString *out = g_string_new("Names in ${…}, beside the variables of `vars:` and all facts\n\n");
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < template_name_count; i++)
        columns_add(columns, template_names[i].name, template_names[i].help, NULL, NULL);
    columns_finish(columns, out);
    g_string_append_printf(out, "\nwrite ${name|filter}; %s\n", template_filter_help);
    return g_string_free(out, FALSE);
}

char *manual_keep(void)
{
    GString *out = g_string_new("What of a source may not be lost, words of `keep:`\n\n");
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < KEEP_COUNT; i++) {
        g_autofree char *able = keep_containers(i);
        columns_add(columns, keep_words[i].word, keep_words[i].help, able ? able : "any container",
                    NULL);
    }
    columns_finish(columns, out);
    g_string_append(
        out,
        "\nEach is a check of the finished file: what its source has and it doesn't makes the\n"
        "output out of spec (exit 3); a source without any passes. What became of everything is\n"
        "in the report's table, `carried` in report.json.\n");
    return g_string_free(out, FALSE);
}

char *manual_hooks(void)
{
    GString *out = g_string_new("What a pipeline file has called when a run is over, `hooks:`\n\n");
    struct columns *columns = columns_create();
    for (unsigned i = 0; i < key_count; i++)
        if (key_table[i].places & IN_HOOKS)
            columns_add(columns, key_table[i].name, key_table[i].help, NULL, NULL);
    columns_finish(columns, out);
    g_string_append(
        out,
        "\nThe report's JSON comes on standard input, or as the body of a POST. A command runs\n"
        "in the folder of the pipeline's file, without a shell and for at most a minute, with\n"
        "RUSHES_RUN, RUSHES_STATUS, RUSHES_EXIT and RUSHES_OUT_DIR in its environment. A hook\n"
        "that fails is said and noted in the report, and changes nothing else.\n");
    return g_string_free(out, FALSE);
}
