/* SPDX-License-Identifier: GPL-3.0-or-later
 * What steps say of the files they name: each is read once. */
#include "build.h"

struct looked_into {
    const struct step_files *files;
    void *content; /* NULL: it is wrong, or wasn't read */
    char *wrong;   /* why it can't be used; NULL: it can, as far as that is known */
    const char *hint;
};

void looked_into_free(void *data)
{
    struct looked_into *looked = data;
    if (looked->content)
        looked->files->destroy(looked->content);
    g_free(looked->wrong);
    g_free(looked);
}

static void read_file(struct builder *b, struct looked_into *looked, const struct step *step,
                      const struct used_file *used)
{
    gsize length = 0;
    g_autofree char *text =
        b->world->read_file(b->world->self, used->path, STEP_FILE_MAX_BYTES, &length);
    if (!text)
        return;
    looked->content = step->files->read(used->row->name, used->path, text, length, b->diag);
    if (looked->content)
        return;
    g_autofree char *path = path_display(used->path);
    looked->wrong =
        g_strdup_printf("%s.%s: this file can't be used: %s", step->name, used->row->name, path);
    looked->hint = "what is wrong in it is said above";
}

static struct looked_into *looked_into_new(struct builder *b, const struct step *step,
                                           const struct used_file *used)
{
    struct looked_into *looked = g_new0(struct looked_into, 1);
    g_autofree char *name = g_path_get_basename(used->path);
    looked->files = step->files;
    looked->wrong = step->files->misnamed(used->row->name, name);
    if (!looked->wrong && b->world->read_file && step->files->reads(used->row->name, name))
        read_file(b, looked, step, used);
    return looked;
}

static const struct looked_into *look_into(struct builder *b, const struct step *step,
                                           const struct used_file *used)
{
    g_autofree char *key = g_strdup_printf("%s/%s/%s", step->name, used->row->name, used->path);
    struct looked_into *looked = g_hash_table_lookup(b->contents, key);
    if (!looked) {
        looked = looked_into_new(b, step, used);
        g_hash_table_insert(b->contents, g_steal_pointer(&key), looked);
    }
    return looked;
}

/* Whose file it is, for notes and errors. */
struct user {
    const struct call *call;
    const char *who;
    const struct plan_input *input;
    const struct facts *source; /* of what the step gets; NULL: unknown */
};

static void check_fit(struct builder *b, const struct user *user, const struct used_file *used,
                      const void *content, const void *params)
{
    g_autofree char *why = NULL;
    switch (user->call->step->files->fit(content, params, used->row->name, user->source, &why)) {
    case FILE_FITS:
        break;
    case FILE_LACKS:
        note_none_in_file(b, user->who, user->input, user->call, used->row);
        break;
    case FILE_REFUSED:
        resolve_error(b, used->at, user->input, NULL, why);
        break;
    }
}

static void check_file(struct builder *b, const struct user *user, const struct used_file *used,
                       const void *params)
{
    const struct looked_into *looked = look_into(b, user->call->step, used);
    if (looked->wrong)
        resolve_error(b, used->at, user->input, looked->hint, looked->wrong);
    else if (looked->content)
        check_fit(b, user, used, looked->content, params);
}

/* The values of a call were checked when it was made. */
static void check_call(struct builder *b, const struct user *user)
{
    const struct call *call = user->call;
    if (!call->files || !call->step->files)
        return;
    void *params = call_params(call);
    for (guint i = 0; i < call->files->len; i++)
        check_file(b, user, call->files->pdata[i], params);
    params_free(&call->step->params, params);
}

static void check_calls(struct builder *b, const GPtrArray *calls, struct user user)
{
    for (guint i = 0; i < calls->len; i++) {
        user.call = calls->pdata[i];
        check_call(b, &user);
    }
}

/* True when steps that are shared are applied. */
static bool check_own(struct builder *b, const struct group *group, const struct draft *draft,
                      struct user user)
{
    const struct pipeline_output *output = output_at(b->plan, group->job, draft->output);
    g_autofree char *who = g_strdup_printf("%s/%s", user.who, output->name);
    const bool chained = draft->source >= 0;
    user.who = who;
    if (chained)
        user.source = NULL;
    check_calls(b, draft->calls, user);
    return !chained;
}

void files_of_group(struct builder *b, const struct group *group, bool all)
{
    const struct plan_input *input = input_at(b->plan, group->input);
    const struct user user = {.who = job_at(b->plan, group->job)->name,
                              .input = input,
                              .source = group->joined ? NULL : input->facts};
    bool shared = false;
    for (guint i = 0; i < group->drafts->len; i++) {
        const struct draft *draft = draft_at(group, i);
        if (all || draft_renders(draft))
            shared |= check_own(b, group, draft, user);
    }
    if (shared)
        check_calls(b, group->shared, user);
}
