/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation as JSON: a part of claims. */
#pragma once

#include "model/carried.h"

#include <json-glib/json-glib.h>

JsonArray *carried_to_json(const GPtrArray *rows);
/* NULL for NULL; rows that can't be understood are passed over. */
GPtrArray *carried_from_json(JsonArray *list);
