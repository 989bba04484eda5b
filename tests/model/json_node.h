/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pipeline values for tests, written as JSON. */
#pragma once

#include "base/node.h"

static inline struct node *from_json(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonNode) json = json_from_string(text, &error);
    g_assert_no_error(error);
    return node_from_json(json);
}
