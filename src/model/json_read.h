/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading JSON that nobody vouches for: results of workers that opened hostile files, task files
 * edited by hand. Getters never fail: a member that is absent or of another type gives the
 * default. And texts for JSON, which takes UTF-8 only. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

/* The root object of a strict JSON text (no comments, at most 64 levels deep, 256 MB); NULL and
 * *error in words otherwise. New reference. */
JsonObject *json_read_object(const char *text, gssize length, GError **error);

const char *json_read_text(JsonObject *object, const char *name);     /* NULL; borrowed */
int json_read_int(JsonObject *object, const char *name, int unknown); /* clamped to int */
int64_t json_read_int64(JsonObject *object, const char *name, int64_t unknown);
double json_read_number(JsonObject *object, const char *name, double unknown); /* finite */
bool json_read_bool(JsonObject *object, const char *name);
JsonObject *json_read_member(JsonObject *object,
                             const char *name);                   /* an object or NULL; borrowed */
JsonArray *json_read_array(JsonObject *object, const char *name); /* an array or NULL; borrowed */
JsonObject *json_read_element(JsonArray *array, guint index);     /* an object or NULL; borrowed */
/* A node's own text or finite number. */
const char *json_read_node_text(JsonNode *node); /* NULL; borrowed */
bool json_read_node_number(JsonNode *node, double *out);

/* Adds a text, made valid UTF-8; nothing for NULL. */
void json_put_text(JsonObject *object, const char *name, const char *text);
/* Adds a number unless it is NAN or infinite. */
void json_put_number(JsonObject *object, const char *name, double number);
/* Indented text of an object; takes ownership of it. Caller frees. */
char *json_write_object(JsonObject *object);
