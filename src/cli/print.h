/* SPDX-License-Identifier: GPL-3.0-or-later
 * Results on standard output. Whether they got there is found out once, when main ends. */
#pragma once

#include <json-glib/json-glib.h>

/* Both take ownership and return EXIT_DONE. */
int print_text(char *text);
int print_json(JsonNode *node);
