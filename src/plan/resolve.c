/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps as written, with templates, to steps with final values. */
#include "build.h"

#include "model/still_format.h"

#include "base/hash.h"

#include <string.h>

/* The last call made from a step as written, and for which root its files were found. */
struct cached_call {
    struct call *call;
    const char *root; /* borrowed from an input; NULL: for all */
};

struct found_file {
    char *path, *hash; /* NULL: not there */
};

struct call *call_ref(struct call *call)
{
    g_atomic_ref_count_inc(&call->refs);
    return call;
}

void call_unref(void *data)
{
    struct call *call = data;
    if (!g_atomic_ref_count_dec(&call->refs))
        return;
    node_unref(call->params);
    g_free(call->token);
    g_free(call->leads);
    if (call->files)
        g_ptr_array_unref(call->files);
    g_free(call);
}

void *call_params(const struct call *call)
{
    g_auto(diag_ptr) ignored = diag_create();
    void *params = params_new(&call->step->params);
    params_parse(&call->step->params, call->params, call->step->name, false, params, ignored);
    return params;
}

void cached_call_free(void *data)
{
    struct cached_call *cached = data;
    call_unref(cached->call);
    g_free(cached);
}

void found_file_free(void *data)
{
    struct found_file *found = data;
    g_free(found->path);
    g_free(found->hash);
    g_free(found);
}

static void used_file_free(void *data)
{
    struct used_file *used = data;
    g_free(used->used_by);
    g_free(used->path);
    g_free(used);
}

bool node_has(const struct node *node, const char *what)
{
    if (node->kind == NODE_SCALAR)
        return node->text && strstr(node->text, what);
    for (guint i = 0; i < node_length(node); i++)
        if (node_has(node_item(node, i), what))
            return true;
    return false;
}

void resolve_error(struct builder *b, struct mark at, const struct plan_input *input,
                   const char *hint, const char *message)
{
    char *key = g_strdup_printf("%s:%d:%d:%s", at.file ? at.file : "", at.line, at.column, message);
    if (!g_hash_table_add(b->said, key))
        return;
    g_autofree char *name = path_display(input->relative);
    diag_error(b->diag, at, hint, "%s (input %s)", message, name);
}

void draft_refuse(struct draft *draft, struct mark at, const char *hint, const char *message)
{
    if (!draft->to || draft->to->blocked)
        return;
    draft->to->blocked = true;
    fail(&draft->to->failure, FAIL_CONFIG, "%s:%d: %s%s%s", at.file ? at.file : "", at.line,
         message, hint ? "; " : "", hint ? hint : "");
}

void group_refuse(struct group *group, enum kind faces, const struct finding *why)
{
    for (guint i = 0; i < group->drafts->len; i++) {
        struct draft *draft = draft_at(group, i);
        if (draft->source < 0 && draft->need & faces)
            draft_refuse(draft, why->at, why->hint, why->message);
    }
}

/* What was found with one input's values, said once. */
static void pass_on(struct builder *b, const struct diag *diag, const struct plan_input *input)
{
    const GPtrArray *findings = diag_findings(diag);
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *f = findings->pdata[i];
        if (f->severity == DIAG_ERROR)
            resolve_error(b, f->at, input, f->hint, f->message);
        else
            diag_report(b->diag, f->severity, f->at, f->hint, "%s", f->message);
    }
}

static const struct found_file *find(struct builder *b, const char *name, const char *beside,
                                     const char *root)
{
    g_autofree char *key = g_strdup_printf("%s\n%s\n%s", name, beside, root);
    struct found_file *found = g_hash_table_lookup(b->files, key);
    if (found)
        return found;
    found = g_new0(struct found_file, 1);
    found->path = b->world->find_file(b->world->self, name, beside, root, &found->hash);
    g_hash_table_insert(b->files, g_steal_pointer(&key), found);
    return found;
}

static struct mark value_mark(const struct step_use *use, const char *param)
{
    const struct node *value = use->params;
    if (value && value->kind == NODE_MAP)
        value = node_get(value, param);
    return value ? value->at : use->at;
}

static const char *folder_mark(const struct builder *b, struct mark at)
{
    return at.file && at.line > 0 ? at.file : b->plan->pipeline->file;
}

static void report_missing(struct builder *b, struct mark at, const char *where, const char *row,
                           const char *name, const struct plan_input *input)
{
    g_autofree char *shown = path_display(name);
    g_autofree char *message = g_strdup_printf("%s.%s: there is no file \"%s\"", where, row, shown);
    g_autofree char *root = path_display(input->root);
    g_autofree char *hint =
        g_strdup_printf("looked for beside %s, then below %s", folder_mark(b, at), root);
    resolve_error(b, at, input, hint, message);
}

/* The worker gets the path that was found; the identity is of the name and the content. */
static void add_file(struct call *call, struct mark at, const struct param *row, const char *name,
                     const struct found_file *found, hash_state *hash)
{
    if (!call->files)
        call->files = g_ptr_array_new_with_free_func(used_file_free);
    if (g_utf8_validate(found->path, -1, NULL)) {
        node_put(call->params, row->name, at, node_scalar(found->path, at));
        name = found->path;
    }
    struct used_file *used = g_new(struct used_file, 1);
    used->used_by = g_strdup_printf("%s/%s/%s", call->step->name, row->name, name);
    used->path = g_strdup(found->path);
    used->row = row;
    used->at = at;
    g_ptr_array_add(call->files, used);
    hash_text(hash, row->name);
    hash_text(hash, found->hash);
}

/* Whether the step does without a file that isn't there. */
static bool may_lack(const struct step *step, const struct param *row, const void *data)
{
    for (unsigned i = 0; row->missing_by && i < step->params.count; i++) {
        const struct param *policy = &step->params.rows[i];
        if (strcmp(policy->name, row->missing_by) == 0)
            return *(const int *)((const char *)data + policy->offset) > 0;
    }
    return false;
}

static bool add_files(struct builder *b, struct call *call, const struct step_use *use,
                      const void *data, const struct plan_input *input, hash_state *hash)
{
    bool fine = true;
    const struct params *table = &call->step->params;
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        if (row->type != PARAM_FILE)
            continue;
        const char *name = *(char *const *)((const char *)data + row->offset);
        if (!name || !*name)
            continue;
        struct mark at = value_mark(use, row->name);
        const struct found_file *found = find(b, name, folder_mark(b, at), input->root);
        if (found->path) {
            add_file(call, at, row, name, found, hash);
        } else if (may_lack(call->step, row, data)) {
            call->lacks = row;
        } else {
            report_missing(b, at, call->step->name, row->name, name, input);
            fine = false;
        }
    }
    return fine;
}

/* Checked values to a call; NULL after reporting a missing file. */
static struct call *make_call(struct builder *b, const struct step_use *use, const void *data,
                              const struct plan_input *input)
{
    g_autoptr(hash_state) hash = hash_create();
    struct call *call = g_new0(struct call, 1);
    g_atomic_ref_count_init(&call->refs);
    call->step = use->step;
    call->at = use->at;
    call->params = params_print(&use->step->params, data);
    g_autofree char *canonical = node_canonical(call->params);
    hash_text(hash, canonical);
    hash_update(hash, &use->step->version, sizeof use->step->version);
    const char *leads = NULL;
    call->grouped = use->step->group && use->step->group(data, &leads);
    call->leads = g_strdup(leads);
    if (!add_files(b, call, use, data, input, hash)) {
        call_unref(call);
        return NULL;
    }
    char digest[HASH_TEXT_SIZE];
    hash_finish(hash, digest);
    call->token = g_strdup_printf("%s=%.16s", use->step->name, digest);
    return call;
}

static struct call *parse_call(struct builder *b, const struct step_use *use,
                               const struct node *params, const struct plan_input *input)
{
    const struct step *step = use->step;
    g_auto(diag_ptr) diag = diag_create();
    void *data = params_new(&step->params);
    bool fine = params_parse(&step->params, params, step->name, false, data, diag);
    if (fine && step->check)
        fine = step->check(data, use->at, diag);
    pass_on(b, diag, input);
    struct call *call = fine ? make_call(b, use, data, input) : NULL;
    params_free(&step->params, data);
    return call;
}

static struct node *expand(struct builder *b, const struct node *node, struct mark at,
                           const char *what, const struct template_env *env,
                           const struct plan_input *input)
{
    g_autofree char *why = NULL;
    struct node *expanded = template_expand_tree(node, env, &why);
    if (expanded)
        return expanded;
    g_autofree char *message = g_strdup_printf("%s: %s", what, why);
    resolve_error(b, at, input, NULL, message);
    return NULL;
}

struct call *resolve_call(struct builder *b, const struct step_use *use,
                          const struct template_env *env, const struct plan_input *input)
{
    struct cached_call *cached = g_hash_table_lookup(b->calls, use);
    if (cached && (!cached->root || strcmp(cached->root, input->root) == 0))
        return call_ref(cached->call);
    if (use->params && node_has(use->params, "${")) {
        g_auto(node_ptr) params = expand(b, use->params, use->at, use->step->name, env, input);
        return params ? parse_call(b, use, params, input) : NULL;
    }
    struct call *call = parse_call(b, use, use->params, input);
    if (!call)
        return NULL;
    cached = g_new(struct cached_call, 1);
    *cached = (struct cached_call){call_ref(call), call->files || call->lacks ? input->root : NULL};
    g_hash_table_replace(b->calls, (void *)use, cached);
    return call;
}

struct call *resolve_implied(struct builder *b, const struct step *step, const char *value,
                             struct mark at, const struct plan_input *input)
{
    const struct step_use use = {.step = step, .at = at};
    g_auto(node_ptr) params = node_scalar(value, at);
    return parse_call(b, &use, params, input);
}

void written_free(void *data)
{
    struct written *written = data;
    g_free(written->token);
    g_free(written->software);
    if (written->profile)
        used_file_free(written->profile);
    g_free(written);
}

static bool is(const char *codec, const char *word)
{
    return codec && strcmp(codec, word) == 0;
}

static void fill_codecs(struct written *written, const struct pipeline_output *output,
                        enum kind kind)
{
    const struct encode *encode = written->encode;
    const struct container *container = container_by_name(output->container);
    const char *video = container ? container->video : "";
    written->kind = kind;
    if (kind == KIND_IMAGE) {
        written->image = codec_find(encode->image.format);
        written->has_video = true;
        return;
    }
    written->copies_video = is(encode->video.codec, "copy");
    written->copies_audio = is(encode->audio.codec, "copy");
    written->has_video = kind == KIND_VIDEO && !is(encode->video.codec, "none");
    written->has_audio = !is(encode->audio.codec, "none");
    if (written->has_video && !written->copies_video)
        written->video = codec_chosen(encode->video.codec, video);
    if (written->has_audio && !written->copies_audio)
        written->audio = codec_chosen(encode->audio.codec, container ? container->audio : "");
}

static bool is_made_by(const struct written *written, const struct codec *again,
                       const char *encoder)
{
    const struct encode *encode = written->encode;
    const char *video = encode->video.encoder ? encode->video.encoder
                        : written->video      ? written->video->encoder
                                              : NULL;
    return g_strcmp0(video, encoder) == 0 || (again && g_strcmp0(again->encoder, encoder) == 0) ||
           (written->audio && g_strcmp0(written->audio->encoder, encoder) == 0);
}

/* "libx264 164" matters to what it writes. The processor's class changes how libswresample rounds
 * sound and libvips stills; the number of threads, which changes what libx264, libx265 and
 * libsvtav1 write for a bit rate and libvpx always, is the scheduler's affair: no output is wrong
 * for having been written by two. */
static bool matters(const struct written *written, const struct codec *again, const char *part)
{
    g_autofree char *name = g_strndup(part, strcspn(part, " "));
    if (is(name, "cpu"))
        return written->audio || written->image;
    for (unsigned i = 0; i < codec_count; i++)
        if (codecs[i].encoder && is(name, codecs[i].encoder))
            return is_made_by(written, again, name);
    return true;
}

static char *software_of(const struct written *written, const struct codec *again, const char *all)
{
    g_auto(GStrv) parts = g_strsplit(all, ", ", -1);
    GString *out = g_string_new(NULL);
    for (char **part = parts; *part; part++)
        if (matters(written, again, *part))
            g_string_append_printf(out, "%s%s", out->len ? ", " : "", *part);
    g_string_append_printf(out, ", %s writing %u", kind_name(written->kind),
                           kind_writing(written->kind));
    return g_string_free(out, FALSE);
}

char *resolve_software(const struct builder *b, const struct draft *draft)
{
    return software_of(draft->written, draft->again, b->params->software);
}

static void digest(const struct node *node, char out[HASH_TEXT_SIZE])
{
    g_autofree char *canonical = node_canonical(node);
    g_autoptr(hash_state) hash = hash_create();
    hash_text(hash, canonical);
    hash_finish(hash, out);
}

/* Stands in an identity only where something is to be kept. */
static void add_keep(struct written *written, unsigned keep)
{
    g_autofree char *words = keep_text(keep);
    g_autofree char *token = written->token;
    written->token = keep ? g_strdup_printf("%s keep=%s", token, g_strdelimit(words, " ", ','))
                          : g_steal_pointer(&token);
}

static struct mark profile_mark(const struct node *encode)
{
    const struct node *profile = node_get(node_get(encode, "image"), "profile");
    return profile ? profile->at : encode->at;
}

/* As add_file: the worker gets the path, the identity is of the content. */
static bool add_profile(struct builder *b, struct written *written, struct mark at,
                        const struct plan_input *input)
{
    char **name = &written->encode->image.profile;
    if (!*name || !encode_profile_is_file(*name))
        return true;
    const struct found_file *found = find(b, *name, folder_mark(b, at), input->root);
    if (!found->path) {
        report_missing(b, at, "encode.image", "profile", *name, input);
        return false;
    }
    if (g_utf8_validate(found->path, -1, NULL)) {
        g_free(*name);
        *name = g_strdup(found->path);
    }
    g_autofree char *token = written->token;
    written->token = g_strdup_printf("%s profile=%.16s", token, found->hash);
    written->profile = g_new0(struct used_file, 1);
    written->profile->used_by = g_strconcat(ENCODE_PROFILE, *name, NULL);
    written->profile->path = g_strdup(found->path);
    written->profile->at = at;
    return true;
}

/* The format of a still; else the container's. */
static void set_format(struct encode *encode, const struct pipeline_output *output)
{
    const struct container *container = container_by_name(output->container);
    const char *still = container_still(container);
    if (!encode->image.format)
        encode->image.format = g_strdup(still ? still : codec_chosen(NULL, container->video)->name);
}

static struct written *parse_written(struct builder *b, const struct pipeline_output *output,
                                     const struct node *node, const struct plan_input *input,
                                     enum kind kind)
{
    g_auto(diag_ptr) diag = diag_create();
    struct encode *encode = encode_create();
    g_ptr_array_add(b->plan->encodes, encode);
    bool fine = encode_parse(node, false, encode, diag);
    if (fine && kind == KIND_IMAGE) {
        set_format(encode, output);
        fine = still_format_check(NULL, encode, node, diag);
    }
    pass_on(b, diag, input);
    if (!fine)
        return NULL;
    g_free(encode->container); /* the resolved one: the worker sees no file name */
    encode->container = g_strdup(output->container);
    struct written *written = g_new0(struct written, 1);
    written->encode = encode;
    fill_codecs(written, output, kind);
    g_auto(node_ptr) printed = encode_print(encode);
    if (output->files)
        node_put(printed, "files", output->at, node_scalar(output->files, output->at));
    char how[HASH_TEXT_SIZE], what[HASH_TEXT_SIZE];
    digest(printed, how);
    digest(output->expect, what);
    written->software = software_of(written, NULL, b->params->software);
    written->token = g_strdup_printf("encode=%.16s expect=%.16s", how, what);
    add_keep(written, output->keep);
    if (add_profile(b, written, profile_mark(node), input))
        return written;
    written_free(written);
    return NULL;
}

const struct written *resolve_written(struct builder *b, const struct pipeline_output *output,
                                      const struct template_env *env,
                                      const struct plan_input *input, enum kind kind)
{
    GHashTable *known = kind == output->kind ? b->written : b->stills;
    struct written *written = g_hash_table_lookup(known, output);
    if (written)
        return written;
    if (!node_has(output->encode, "${")) {
        written = parse_written(b, output, output->encode, input, kind);
        if (written && !written->profile) /* which is looked for below each input's root */
            g_hash_table_insert(known, (void *)output, written);
        else if (written)
            g_ptr_array_add(b->own_written, written);
        return written;
    }
    g_auto(node_ptr) node = expand(b, output->encode, output->at, "encode", env, input);
    written = node ? parse_written(b, output, node, input, kind) : NULL;
    if (written)
        g_ptr_array_add(b->own_written, written);
    return written;
}
