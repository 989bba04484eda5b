/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is called when a run is over. Only a pipeline's own file may say so: presets are passed
 * around and named by others. */
#include "lang/template.h"
#include "load.h"

#include <string.h>

const char *const hook_names[HOOK_COUNT] = {[HOOK_END] = "end", [HOOK_FAILURE] = "failure"};

static bool is_url(const char *text)
{
    return g_ascii_strncasecmp(text, "https://", 8) == 0 ||
           g_ascii_strncasecmp(text, "http://", 7) == 0;
}

bool hook_is_url(char *const *hook)
{
    return !hook[1] && is_url(hook[0]);
}

static bool url_check(const struct node *value, struct diag *diag)
{
    g_autoptr(GUri) uri = NULL;
    const char *hint =
        "a command is a list of words, [notify-send, done], and no shell reads it; a "
        "webhook is an address, https://…";
    if (!is_url(value->text)) {
        diag_error(diag, value->at, hint, "\"%s\" is neither a command nor an address",
                   value->text);
        return false;
    }
    uri = g_uri_parse(value->text, G_URI_FLAGS_NONE, NULL);
    if (uri && g_uri_get_host(uri) && *g_uri_get_host(uri))
        return true;
    diag_error(diag, value->at, hint, "\"%s\" is not a whole address", value->text);
    return false;
}

static bool word_check(const struct node *word, bool first, struct diag *diag)
{
    if (word->kind != NODE_SCALAR || (first && (node_is_null(word) || !*word->text))) {
        diag_error(diag, word->at, "for example [./tell.sh, night]",
                   "a command is a list of words, the first of them a program");
        return false;
    }
    if (!template_is(word->text))
        return true;
    diag_error(diag, word->at, "the report comes on standard input; vars are filled in",
               "\"%s\": a hook is about a run, not about a file", word->text);
    return false;
}

static char **words_of(const struct node *list, struct diag *diag)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    bool fine = node_length(list);
    if (!fine)
        diag_error(diag, list->at, "for example [./tell.sh, night]", "this command has no words");
    for (guint i = 0; i < node_length(list); i++) {
        fine = word_check(node_item(list, i), i == 0, diag) && fine;
        if (node_item(list, i)->kind == NODE_SCALAR)
            g_ptr_array_add(words, g_strdup(node_item(list, i)->text));
    }
    g_ptr_array_add(words, NULL);
    return fine ? g_strdupv((char **)words->pdata) : NULL;
}

static char **hook_load(const struct node *value, struct diag *diag)
{
    if (!value)
        return NULL;
    if (value->kind == NODE_LIST)
        return words_of(value, diag);
    char *const url[] = {value->text, NULL};
    return word_check(value, true, diag) && url_check(value, diag) ? g_strdupv((char **)url) : NULL;
}

void hooks_load(struct loader *loader, const struct node *hooks)
{
    g_auto(node_ptr) map = hooks ? node_copy(hooks) : NULL;
    if (!map || !keys_check(map, IN_HOOKS, "hooks", loader->diag))
        return;
    if (loader->pipeline->is_preset) {
        diag_error(loader->diag, map->at,
                   "write a pipeline file that uses the preset, and name it by its path",
                   "a preset may not have hooks");
        return;
    }
    for (unsigned i = 0; i < HOOK_COUNT; i++)
        loader->pipeline->hooks[i] = hook_load(node_get(map, hook_names[i]), loader->diag);
}
