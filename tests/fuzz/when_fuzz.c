/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any text as a condition: refused, or one whose canonical text reads back the same. */
#include "lang/when.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    g_auto(diag_ptr) diag = diag_create();
    struct mark at = {"fuzz", 1, 1, (int)size + 1};
    struct when *when = when_parse(text, at, diag);
    g_assert(!when == (diag_errors(diag) > 0));
    if (!when)
        return 0;
    struct facts *facts = facts_create();
    facts->width = 1920;
    g_autofree char *canonical = when_text(when);
    struct when *again = when_parse(canonical, at, diag);
    g_assert(again);
    g_autofree char *same = when_text(again);
    g_assert(g_str_equal(canonical, same));
    g_assert(when_holds(when, facts) == when_holds(again, facts));
    when_destroy(when);
    when_destroy(again);
    facts_destroy(facts);
    return 0;
}
