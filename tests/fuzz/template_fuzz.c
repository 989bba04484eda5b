/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a template: what it expands to stays below its folder. */
#include "lang/template.h"

#include "base/file.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(diag_ptr) diag = diag_create();
    template_check(text, (struct mark){"fuzz", 1, 1, (int)size + 1}, diag);
    if (diag_errors(diag))
        return 0;
    struct facts *facts = facts_create();
    facts->title = g_strdup("../a\n");
    facts->reel = g_strdup("..");
    struct template_env env = {
        "a/b.mov", "job", "out", "mp4", 1, 1, "2026-11-21", facts,
    };
    g_autofree char *why = NULL;
    g_autofree char *path = template_expand(text, &env, true, &why);
    g_assert(path ? path_is_inside(path) : why != NULL);
    facts_destroy(facts);
    return 0;
}
