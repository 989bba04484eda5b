/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of layers. */
#include "model/sandbox.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

const struct sandbox_row sandbox_rows[] = {
    {SANDBOX_NO_NEW_PRIVS, "no-new-privs", "keep the privileges it was started with"},
    {SANDBOX_RLIMITS, "rlimits", "take all memory and leave core dumps"},
    {SANDBOX_LANDLOCK, "landlock", "read any file that you can read"},
    {SANDBOX_SECCOMP, "seccomp", "use the network, write files and start programs"},
};
const unsigned sandbox_row_count = G_N_ELEMENTS(sandbox_rows);

static char *joined(unsigned layers, bool names, const char *between)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < sandbox_row_count; i++)
        if (layers & sandbox_rows[i].layer)
            g_string_append_printf(text, "%s%s", text->len ? between : "",
                                   names ? sandbox_rows[i].name : sandbox_rows[i].without);
    return g_string_free(text, FALSE);
}

char *sandbox_names(unsigned layers)
{
    return layers & SANDBOX_ALL ? joined(layers, true, ", ") : g_strdup("none");
}

char *sandbox_missing(unsigned missing)
{
    g_autofree char *names = sandbox_names(missing);
    g_autofree char *acts = joined(missing, false, "; ");
    return g_strdup_printf("the sandbox lacks %s: a hostile media file may %s", names, acts);
}

static bool add_name(const char *name, unsigned *layers)
{
    for (unsigned i = 0; i < sandbox_row_count; i++)
        if (strcmp(sandbox_rows[i].name, name) == 0) {
            *layers |= sandbox_rows[i].layer;
            return true;
        }
    return false;
}

bool sandbox_from_names(const char *names, unsigned *layers)
{
    *layers = strcmp(names, "all") == 0 ? SANDBOX_ALL : 0;
    if (*layers || strcmp(names, "off") == 0)
        return true;
    g_auto(GStrv) words = g_strsplit_set(names, ", ", -1);
    for (char **word = words; *word; word++)
        if (**word && !add_name(*word, layers))
            return false;
    return *layers != 0;
}
