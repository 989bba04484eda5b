/* SPDX-License-Identifier: GPL-3.0-or-later
 * YAML text → node tree, from untrusted text: through libyaml's event API, with limits checked
 * before anything is built. Duplicate keys, unknown tags, several documents, aliases that contain
 * themselves and trees that grow by aliases are errors, each at its place. */
#pragma once

#include "base/diag.h"
#include "base/node.h"

#include <stdbool.h>

/* Limits, from tests of libyaml 0.2.5, which has none and is quadratic in depth. */
enum {
    YAML_MAX_BYTES = 1 << 20,
    YAML_MAX_DEPTH = 64,
    YAML_MAX_EVENTS = 200000,
    YAML_MAX_ANCHORS = 256,
    YAML_MAX_NODES = 100000,       /* after aliases are expanded */
    YAML_MAX_TEXT_BYTES = 8 << 20, /* of all scalars, after aliases are expanded */
    YAML_MAX_KEY_BYTES = 256,
};

/* The tree, or NULL after reporting. Adds the text to diag's sources. An empty text is an error.
 * What an alias stands for is copied; its marks are those of the anchor. */
struct node *yaml_parse(const char *file, const char *text, gsize length, struct diag *diag);
struct node *yaml_load(const char *path, struct diag *diag);
