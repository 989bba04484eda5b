/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON as people like to read it: two spaces of indent, and numbers in their shortest form
 * (-23.02 and not -23.019999999999999, as json-glib writes it). */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* Ends with a newline. `one_line`: for events. Caller frees. */
char *json_text(JsonNode *node, bool one_line);
