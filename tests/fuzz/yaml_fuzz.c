/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as YAML: a tree within the limits, or a message. */
#include "lang/yaml.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static unsigned count(const struct node *node, unsigned depth)
{
    unsigned nodes = 1;
    g_assert(depth <= YAML_MAX_DEPTH + 1);
    for (guint i = 0; i < node_length(node); i++)
        nodes += count(node_item(node, i), depth + 1);
    return nodes;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(node_ptr) node = yaml_parse("fuzz.yaml", (const char *)data, size, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert(!node == (diag_errors(diag) > 0));
    g_assert(!node || count(node, 1) <= YAML_MAX_NODES);
    g_assert(g_utf8_validate(text, -1, NULL));
    return 0;
}
