/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every value of an output and the line that set it, and the colours that flow to it. */
#include "build.h"

#include <string.h>

struct page {
    GString *out;
    const struct plan *plan;
    const struct pipeline_output *output;
    struct template_env env;
};

static void append_mark(GString *out, struct mark at)
{
    if (!at.file) {
        g_string_append(out, "  (default)\n");
        return;
    }
    g_autofree char *file = path_display(at.file);
    g_string_append_printf(out, "  (%s", file);
    if (at.line > 0)
        g_string_append_printf(out, ":%d:%d", at.line, at.column);
    g_string_append(out, ")\n");
}

static void append_row(struct page *page, const char *name, const char *value, struct mark at)
{
    g_string_append_printf(page->out, "    %s = %s", name, value);
    g_autofree char *why = NULL;
    g_autofree char *filled =
        template_is(value) ? template_expand(value, &page->env, false, &why) : NULL;
    if (filled)
        g_string_append_printf(page->out, ", here %s", filled);
    append_mark(page->out, at);
}

/* A value of any shape, on one line. */
static void append_value(struct page *page, const char *name, const struct node *value)
{
    g_autofree char *canonical = value->kind == NODE_SCALAR ? NULL : node_canonical(value);
    append_row(page, name, canonical ? canonical : value->text, value->at);
}

static const struct node *value_of(const struct params *table, const struct param *row,
                                   const struct node *node)
{
    if (!node || node_is_null(node))
        return NULL;
    if (node->kind == NODE_MAP)
        return node_get(node, row->name);
    return table->shorthand && strcmp(table->shorthand, row->name) == 0 ? node : NULL;
}

static void append_table(struct page *page, const char *prefix, const struct params *table,
                         const struct node *node)
{
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        const struct node *value = value_of(table, row, node);
        g_autofree char *name = g_strdup_printf("%s.%s", prefix, row->name);
        g_autofree char *normal = value ? NULL : param_value_text(row, table->defaults);
        if (value)
            append_value(page, name, value);
        else if (normal)
            append_row(page, name, normal, (struct mark){0});
    }
}

/* The codec of the picture where the output copies it; else NULL. */
static const char *copied_codec(const struct page *page)
{
    const struct node *video = node_get(page->output->encode, "video");
    const char *codec = video ? node_get_text(video, "codec") : NULL;
    bool film = page->output->kind == KIND_VIDEO && page->env.facts->kind == KIND_VIDEO;
    return film && g_strcmp0(codec, "copy") == 0 ? page->env.facts->codec : NULL;
}

static void append_copied(const struct page *page, const struct step_use *use)
{
    const struct step *step = use->step;
    const char *codec = copied_codec(page);
    if (!codec || !step->copied)
        return;
    g_auto(diag_ptr) heard = diag_create();
    void *params = params_new(&step->params);
    params_parse(&step->params, use->params, step->name, true, params, heard);
    g_autofree char *what = step->copied(params, codec);
    params_free(&step->params, params);
    g_string_append_printf(page->out, "    %s\n", what);
}

static void append_steps(struct page *page, const char *whose, const GPtrArray *uses)
{
    for (guint i = 0; i < uses->len; i++) {
        const struct step_use *use = uses->pdata[i];
        g_string_append_printf(page->out, "  step %s of the %s", use->step->name, whose);
        append_mark(page->out, use->at);
        append_table(page, use->step->name, &use->step->params, use->params);
        append_copied(page, use);
    }
}

static void append_encode(struct page *page, const struct pipeline_output *output)
{
    const struct node *node = output->encode;
    const struct container *to = container_by_name(output->container);
    const bool still = output->kind == KIND_IMAGE ||
                       (page->env.facts->kind == KIND_IMAGE && to && container_still(to));
    g_string_append(page->out, "  encode\n");
    const struct node *container = node_get(node, "container");
    if (container)
        append_value(page, "encode.container", container);
    else
        append_row(page, "encode.container", output->container, output->at);
    if (still)
        append_table(page, "encode.image", &encode_image_params, node_get(node, "image"));
    if (output->kind == KIND_VIDEO && !still)
        append_table(page, "encode.video", &encode_video_params, node_get(node, "video"));
    if (!still)
        append_table(page, "encode.audio", &encode_audio_params, node_get(node, "audio"));
}

static void append_expect(struct page *page, const struct node *expect)
{
    if (node_length(expect))
        g_string_append(page->out, "  expect\n");
    for (guint i = 0; i < node_length(expect); i++) {
        g_autofree char *name = g_strdup_printf("expect.%s", node_key_at(expect, i));
        append_value(page, name, node_item(expect, i));
    }
}

static void append_keep(struct page *page, const struct pipeline_output *output)
{
    g_autofree char *words = keep_text(output->keep);
    if (*words)
        append_row(page, "keep", words, output->at);
}

static void append_colors(GString *out, const char *colors)
{
    g_auto(GStrv) lines = g_strsplit(colors ? colors : "", "\n", -1);
    if (*lines)
        g_string_append(out, "  colours\n");
    for (char **line = lines; *line && **line; line++)
        g_string_append_printf(out, "    %s\n", *line);
}

static struct template_env env_of(const struct plan *plan, const struct plan_output *planned)
{
    struct template_env env = env_of_input(
        plan, planned->job, output_at(plan, planned->job, planned->output), planned->input);
    env.index = planned->index;
    env.page = planned->joined ? planned->joined->page : 1;
    return env;
}

static void append_parts(GString *out, const struct plan *plan, const struct plan_joined *joined)
{
    for (guint i = 0; joined && i < joined->inputs->len; i++) {
        const struct plan_input *input = input_at(plan, g_array_index(joined->inputs, int, i));
        g_autofree char *path = path_display(input->path);
        g_string_append_printf(out, "  part %u: %s\n", i + 1, path);
    }
}

static void append_output(GString *out, const struct plan *plan, const struct plan_output *planned)
{
    const struct pipeline_job *job = job_at(plan, planned->job);
    const struct pipeline_output *output = job->outputs->pdata[planned->output];
    struct page page = {.out = out, .plan = plan, .output = output, .env = env_of(plan, planned)};
    g_autofree char *path = path_display(planned->path);
    g_autofree char *source = path_display(input_at(plan, planned->input)->path);
    const char *from = plan_source_name(plan, planned);
    g_string_append_printf(out, "%s\n  from %s%s%s: %s\n", path, from ? from : "",
                           from ? " of " : "", source,
                           planned->blocked ? planned->failure.message : planned->reason);
    append_parts(out, plan, planned->joined);
    g_string_append_printf(out, "  job %s", job->name);
    append_mark(out, job->at);
    g_string_append_printf(out, "  output %s", output->name);
    append_mark(out, output->at);
    if (output->preset)
        append_row(&page, "preset", output->preset, output->at);
    if (output->to)
        append_row(&page, "to", output->to, output->at);
    if (from)
        append_row(&page, "from", from, output->at);
    else
        append_steps(&page, "job", job->steps);
    for (guint i = 0; i < output->others->len; i++)
        append_row(&page, "from",
                   output_at(plan, planned->job, g_array_index(output->others, int, i))->name,
                   output->at);
    append_steps(&page, "output", output->steps);
    append_encode(&page, output);
    append_expect(&page, output->expect);
    append_keep(&page, output);
    append_colors(out, planned->colors);
    g_string_append_printf(out,
                           "  identity\n    input = %s\n    parameters = %s\n    software = %s\n",
                           planned->input_hash, planned->parameters, planned->software);
}

static bool is_input(const struct plan_input *input, const char *path)
{
    return strcmp(path, input->relative) == 0 || strcmp(path, input->path) == 0;
}

static bool is_meant(const struct plan *plan, const struct plan_output *planned, const char *path)
{
    const struct plan_joined *joined = planned->joined;
    for (guint i = 0; joined && i < joined->inputs->len; i++)
        if (is_input(input_at(plan, g_array_index(joined->inputs, int, i)), path))
            return true;
    return strcmp(path, planned->path) == 0 || strcmp(path, planned->final) == 0 ||
           is_input(input_at(plan, planned->input), path);
}

char *plan_explain(const struct plan *plan, const char *path)
{
    GString *out = g_string_new(NULL);
    for (guint i = 0; i < plan->outputs->len; i++) {
        const struct plan_output *planned = plan->outputs->pdata[i];
        if (!is_meant(plan, planned, path))
            continue;
        if (out->len)
            g_string_append_c(out, '\n');
        append_output(out, plan, planned);
    }
    return g_string_free(out, out->len == 0);
}
