/* SPDX-License-Identifier: GPL-3.0-or-later
 * `keep:`: what of the source may not be lost. */
#include "load.h"

static void keep_word(struct pipeline_output *output, const struct node *word, struct diag *diag)
{
    const char *text = word->kind == NODE_SCALAR ? word->text : "";
    enum keep keep = keep_from_word(text);
    if (keep == KEEP_COUNT) {
        g_autofree char *hint = name_hint(text, keep_names());
        diag_error(diag, word->at, hint, "\"%s\" is nothing that `keep` knows", text);
        return;
    }
    output->keep |= 1U << keep;
    if (output->container && !keep_is_possible(keep, output->container)) {
        g_autofree char *able = keep_containers(keep);
        g_autofree char *hint = g_strdup_printf("containers with a place for it: %s", able);
        diag_warning(diag, word->at, hint,
                     "a %s file has no place for %s: what has any will be out of spec",
                     output->container, keep_words[keep].word);
    }
}

void keep_load(struct loader *loader, struct pipeline_output *output, const struct node *keep)
{
    if (keep && keep->kind == NODE_SCALAR)
        keep_word(output, keep, loader->diag);
    for (guint i = 0; keep && keep->kind == NODE_LIST && i < node_length(keep); i++)
        keep_word(output, node_item(keep, i), loader->diag);
}
