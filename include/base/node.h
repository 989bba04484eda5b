/* SPDX-License-Identifier: GPL-3.0-or-later
 * A tree of plain values that remember where they were written: what a YAML or JSON text becomes
 * before anybody knows what it means. Scalars stay text; only parameter tables give them a type.
 * The YAML reader (lang) and the JSON reader (task files) make the same tree, so that one table
 * parses both. */
#pragma once

#include "base/mark.h"

#include <json-glib/json-glib.h>
#include <stdbool.h>

enum node_kind { NODE_SCALAR, NODE_LIST, NODE_MAP };

struct node {
    gatomicrefcount refs;
    enum node_kind kind;
    struct mark at;
    bool quoted;      /* scalar: written in quotes, so never null */
    char *text;       /* scalar: its text, UTF-8 */
    GPtrArray *items; /* list: struct node; map: the values */
    GPtrArray *keys;  /* map: struct node (scalars), same length and order as items */
};

struct node *node_scalar(const char *text, struct mark at);
struct node *node_list(struct mark at);
struct node *node_map(struct mark at);
struct node *node_ref(const struct node *node);
void node_unref(struct node *node);
typedef struct node *node_ptr; /* for `g_auto(node_ptr) node = node_map(at);` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(node_ptr, node_unref, NULL)

/* Both take ownership of `value`; node_put replaces the value of an existing key (and the key's
 * mark) in place. */
void node_append(struct node *list, struct node *value);
void node_put(struct node *map, const char *key, struct mark key_at, struct node *value);

/* The value of a key, or NULL; node_key is the key itself (for its mark). Borrowed. */
struct node *node_get(const struct node *map, const char *key);
const struct node *node_key(const struct node *map, const char *key);
/* The text of a scalar value of a map, or NULL when absent or not a scalar. Borrowed. */
const char *node_get_text(const struct node *map, const char *key);

/* An unquoted empty, `~` or `null` scalar, or NULL. */
bool node_is_null(const struct node *node);

guint node_length(const struct node *node); /* list or map; 0 for a scalar or NULL */
struct node *node_item(const struct node *node, guint index);
const char *node_key_at(const struct node *map, guint index);

struct node *node_copy(const struct node *node); /* deep; marks kept */

/* JSON both ways. From JSON: numbers become their shortest exact text, booleans true/false, null
 * an unquoted empty scalar; marks are empty. To JSON: null stays null, every other scalar becomes a
 * string. The canonical form (sorted keys, no white space) is what identities are hashed from. */
struct node *node_from_json(JsonNode *json);
JsonNode *node_to_json(const struct node *node);
char *node_canonical(const struct node *node);
