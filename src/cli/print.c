/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results on standard output. */
#include "print.h"

#include "exit.h"

#include <stdio.h>

int print_text(char *text)
{
    fputs(text, stdout);
    g_free(text);
    return EXIT_DONE;
}

int print_json(JsonNode *node)
{
    g_autofree char *text = json_to_string(node, TRUE);
    json_node_unref(node);
    puts(text);
    return EXIT_DONE;
}
