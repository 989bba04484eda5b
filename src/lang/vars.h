/* SPDX-License-Identifier: GPL-3.0-or-later
 * Variables: declared with a default, which gives them their type, overridden by --set. A value set
 * in the pipeline goes before one of a preset with the same name. */
#pragma once

#include "base/diag.h"
#include "base/node.h"

#include <stdbool.h>

struct vars;
/* `set`: NULL-terminated "name=value", or NULL. Reports what isn't of that form. */
struct vars *vars_create(const char *const *set, struct diag *diag);
void vars_destroy(struct vars *vars);

/* Adds the variables of a `vars` map (may be NULL) to `values` (name → text) where they have none
 * yet. */
void vars_declare(struct vars *vars, const struct node *map, GHashTable *values, struct diag *diag);
/* Reports each --set of a name that no vars_declare had. */
void vars_finish(struct vars *vars, struct diag *diag);

/* name → text, owning both. */
GHashTable *values_new(const GHashTable *from);
