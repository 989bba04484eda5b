/* SPDX-License-Identifier: GPL-3.0-or-later
 * JSON as people like to read it: two spaces of indent, and numbers in their shortest form
 * (-23.02 and not -23.019999999999999, as json-glib writes it). Written straight out: a report can
 * have a hundred thousand outputs, and a tree of them takes a quarter of a gigabyte. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

struct json_out {
    GString *text;
    int depth;  /* -1: all on one line */
    bool after; /* something stands before at this depth */
};

/* Members of an object; `key` NULL: elements of an array, or the root. Texts are valid UTF-8. */
void json_out_open(struct json_out *to, const char *key, char bracket);
void json_out_close(struct json_out *to, char bracket);
void json_out_text(struct json_out *to, const char *key, const char *text);
void json_out_int(struct json_out *to, const char *key, gint64 value);
void json_out_number(struct json_out *to, const char *key, double value); /* null when not finite */
void json_out_bool(struct json_out *to, const char *key, bool value);
void json_out_node(struct json_out *to, const char *key, JsonNode *node);

/* A string as JSON has it, quotes and all; in valid UTF-8. */
void json_quote(GString *out, const char *text);

/* A tree. Ends with a newline. `one_line`: for events. Caller frees. */
char *json_text(JsonNode *node, bool one_line);
