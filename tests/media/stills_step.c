/* SPDX-License-Identifier: GPL-3.0-or-later
 * A step's face for stills, as a pipeline calls it. */
#include "stills_step.h"

#include "../model/json_node.h"
#include "steps/faces.h"

static int no_file(const struct face_env *env, const char *param)
{
    return -1;
}

bool stills_step(struct still *still, struct failure *failure, const char *name, const char *params)
{
    const struct faces *faces = faces_find(name);
    const struct params *table = &faces->step->params;
    g_autofree char *json = g_strdelimit(g_strdup(params), "'", '"');
    g_auto(node_ptr) node = from_json(json);
    g_auto(diag_ptr) diag = diag_create();
    char source[] = "photo.jpg";
    struct task task = {.source_name = source};
    const struct face_env env = {.file = no_file, .task = &task};
    void *values = params_new(table);
    params_parse(table, node, name, false, values, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    const bool done = faces->image(still, values, &env, failure);
    params_free(table, values);
    return done;
}

const char *stills_note(const struct still *still)
{
    const GPtrArray *notes = still_notes(still);
    return notes->len ? notes->pdata[notes->len - 1] : "";
}
