/* SPDX-License-Identifier: GPL-3.0-or-later
 * Builds the tree from libyaml's events. libyaml has no limits of its own, is quadratic in depth
 * and in the number of tag directives, and leaves aliases to its user: everything is checked
 * before the next event is asked for. */
#include "lang/yaml.h"

#include "yaml_text.h"

#include <string.h>
#include <yaml.h>

/* An open list or map. */
struct frame {
    struct node *node;
    struct node *key;  /* map: the key whose value comes next, or NULL */
    GHashTable *known; /* map: keys so far, borrowed from the node */
};

struct builder {
    struct yaml_source source;
    struct diag *diag;
    yaml_parser_t parser;
    struct node *root;
    GArray *open;        /* struct frame */
    GHashTable *anchors; /* name → struct node */
    unsigned events, anchor_count, nodes;
    gsize text_bytes;
    bool failed;
};

static bool fail_at(struct builder *b, struct mark at, const char *hint, const char *message)
{
    b->failed = true;
    diag_error(b->diag, at, hint, "%s", message);
    return false;
}

static struct mark event_mark(struct builder *b, const yaml_event_t *event)
{
    return yaml_mark(&b->source, &event->start_mark, &event->end_mark);
}

static struct frame *top(struct builder *b)
{
    return b->open->len ? &g_array_index(b->open, struct frame, b->open->len - 1) : NULL;
}

static void frame_clear(gpointer data)
{
    struct frame *frame = data;
    g_clear_pointer(&frame->known, g_hash_table_unref);
    node_unref(frame->key);
}

/* Takes ownership. A key that can't be one still takes its value, so that reading goes on. */
static void take_key(struct builder *b, struct frame *frame, struct node *node)
{
    frame->key = node;
    if (strlen(node->text) > YAML_MAX_KEY_BYTES) {
        fail_at(b, node->at, NULL, "this key is too long");
    } else if (g_hash_table_contains(frame->known, node->text)) {
        b->failed = true;
        diag_error(b->diag, node->at, "each key may stand once in a map: remove one of them",
                   "\"%s\" is already there", node->text);
    } else {
        g_hash_table_add(frame->known, node->text);
    }
}

/* Puts a node where the text has it. Takes ownership. */
static void place(struct builder *b, struct node *node)
{
    struct frame *frame = top(b);
    if (!frame) {
        b->root = node;
    } else if (frame->node->kind == NODE_LIST) {
        node_append(frame->node, node);
    } else if (!frame->key) {
        if (node->kind == NODE_SCALAR) {
            take_key(b, frame, node);
        } else {
            fail_at(b, node->at, "write the key as plain text", "a key must be text");
            node_unref(node);
        }
    } else {
        g_ptr_array_add(frame->node->keys, g_steal_pointer(&frame->key));
        g_ptr_array_add(frame->node->items, node);
    }
}

/* Counts a node, and everything below it, against the limits. */
static bool count(struct builder *b, const struct node *node, struct mark at)
{
    b->text_bytes += node->text ? strlen(node->text) : 0;
    if (++b->nodes > YAML_MAX_NODES || b->text_bytes > YAML_MAX_TEXT_BYTES)
        return fail_at(b, at, "write less, or use fewer aliases",
                       "this grows too large (aliases count as what they stand for)");
    for (guint i = 0; i < node_length(node); i++)
        if (!count(b, node_item(node, i), at))
            return false;
    return true;
}

static unsigned depth_of(const struct node *node)
{
    unsigned deepest = 0;
    for (guint i = 0; i < node_length(node); i++) {
        unsigned depth = depth_of(node_item(node, i));
        deepest = MAX(deepest, depth);
    }
    return deepest + 1;
}

static bool remember(struct builder *b, const yaml_char_t *anchor, struct node *node)
{
    if (!anchor)
        return true;
    if (++b->anchor_count > YAML_MAX_ANCHORS)
        return fail_at(b, node->at, NULL, "there are more than 256 anchors");
    g_hash_table_replace(b->anchors, g_strdup((const char *)anchor), node);
    return true;
}

static bool on_alias(struct builder *b, const yaml_event_t *event)
{
    struct mark at = event_mark(b, event);
    const char *name = (const char *)event->data.alias.anchor;
    struct node *node = g_hash_table_lookup(b->anchors, name);
    if (!node) {
        diag_error(b->diag, at, NULL, "there is no anchor \"&%s\" before this alias", name);
        b->failed = true;
        place(b, node_scalar("", at));
        return true;
    }
    for (guint i = 0; i < b->open->len; i++)
        if (g_array_index(b->open, struct frame, i).node == node)
            return fail_at(b, at, NULL, "an alias can't stand inside what it stands for");
    if (b->open->len + depth_of(node) > YAML_MAX_DEPTH)
        return fail_at(b, at, NULL, "this is nested more than 64 levels deep");
    if (!count(b, node, at))
        return false;
    place(b, node_copy(node));
    return true;
}

static bool check_tag(struct builder *b, const yaml_char_t *tag, struct mark at, const char *known)
{
    static const char prefix[] = "tag:yaml.org,2002:";
    const char *text = (const char *)tag;
    if (!text || !*text || strcmp(text, "!") == 0)
        return true;
    if (g_str_has_prefix(text, prefix)) {
        g_auto(GStrv) names = g_strsplit(known, " ", -1);
        if (g_strv_contains((const char *const *)names, text + strlen(prefix)))
            return true;
    }
    return fail_at(b, at, "remove the tag: types follow from what a value is for",
                   "tags are not used here");
}

static bool on_scalar(struct builder *b, const yaml_event_t *event)
{
    struct mark at = event_mark(b, event);
    if (!check_tag(b, event->data.scalar.tag, at, "str int float bool null"))
        return false;
    if (memchr(event->data.scalar.value, 0, event->data.scalar.length))
        return fail_at(b, at, NULL, "a text can't hold the character NUL");
    struct node *node = node_scalar((const char *)event->data.scalar.value, at);
    node->quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    bool fine = count(b, node, at) && remember(b, event->data.scalar.anchor, node);
    place(b, node);
    return fine;
}

static bool on_start(struct builder *b, const yaml_event_t *event)
{
    bool map = event->type == YAML_MAPPING_START_EVENT;
    struct mark at = event_mark(b, event);
    const yaml_char_t *tag = map ? event->data.mapping_start.tag : event->data.sequence_start.tag;
    const yaml_char_t *anchor =
        map ? event->data.mapping_start.anchor : event->data.sequence_start.anchor;
    struct frame *parent = top(b);
    if (b->open->len >= YAML_MAX_DEPTH)
        return fail_at(b, at, NULL, "this is nested more than 64 levels deep");
    if (!check_tag(b, tag, at, map ? "map" : "seq"))
        return false;
    if (parent && parent->node->kind == NODE_MAP && !parent->key)
        return fail_at(b, at, "write the key as plain text", "a key must be text");
    struct node *node = map ? node_map(at) : node_list(at);
    bool fine = count(b, node, at) && remember(b, anchor, node);
    place(b, node);
    struct frame frame = {.node = node,
                          .known = map ? g_hash_table_new(g_str_hash, g_str_equal) : NULL};
    g_array_append_val(b->open, frame);
    return fine;
}

/* A flow list or map is underlined to its end, when that is on the same line. */
static void on_end(struct builder *b, const yaml_event_t *event)
{
    struct node *node = top(b)->node;
    struct mark end = event_mark(b, event);
    if (end.line == node->at.line && event->end_mark.index > event->start_mark.index)
        node->at.end_column = end.end_column;
    g_array_set_size(b->open, b->open->len - 1);
}

static bool on_event(struct builder *b, const yaml_event_t *event)
{
    if (++b->events > YAML_MAX_EVENTS)
        return fail_at(b, event_mark(b, event), NULL, "this file has too many values");
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return on_alias(b, event);
    case YAML_SCALAR_EVENT:
        return on_scalar(b, event);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        return on_start(b, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        on_end(b, event);
        return true;
    case YAML_DOCUMENT_START_EVENT:
        return !b->root || fail_at(b, event_mark(b, event), "make one file of each",
                                   "a second document starts here");
    default:
        return true;
    }
}

static void syntax_error(struct builder *b)
{
    const yaml_parser_t *p = &b->parser;
    const yaml_mark_t *place = p->problem_mark.line || p->problem_mark.column || !p->context
                                   ? &p->problem_mark
                                   : &p->context_mark;
    struct mark at = yaml_mark(&b->source, place, place);
    const char *problem = p->problem ? p->problem : "this can't be read";
    b->failed = true;
    diag_error(b->diag, at, yaml_problem_hint(&b->source, at, problem), "YAML: %s%s%s", problem,
               p->context ? ", " : "", p->context ? p->context : "");
}

static void read_events(struct builder *b)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&b->parser, &event)) {
            syntax_error(b);
            return;
        }
        more = on_event(b, &event) && event.type != YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
}

static struct node *build(struct builder *b, gsize length)
{
    if (!yaml_parser_initialize(&b->parser))
        g_error("out of memory");
    yaml_parser_set_encoding(&b->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&b->parser, (const unsigned char *)b->source.text, length);
    b->open = g_array_new(FALSE, FALSE, sizeof(struct frame));
    g_array_set_clear_func(b->open, frame_clear);
    b->anchors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    read_events(b);
    g_array_unref(b->open);
    g_hash_table_unref(b->anchors);
    yaml_parser_delete(&b->parser);
    if (b->failed)
        g_clear_pointer(&b->root, node_unref);
    else if (!b->root || node_is_null(b->root))
        fail_at(b, (struct mark){.file = b->source.file},
                "write \"rushes: 1\", then a preset, steps, outputs or jobs",
                "there is nothing in this file");
    if (b->failed)
        g_clear_pointer(&b->root, node_unref);
    return b->root;
}

struct node *yaml_parse(const char *file, const char *text, gsize length, struct diag *diag)
{
    if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        length -= 3;
    }
    diag_add_source(diag, file, text, MIN(length, (gsize)YAML_MAX_BYTES));
    g_autofree char *copy = yaml_text_check(g_intern_string(file), text, length, diag);
    if (!copy)
        return NULL;
    struct builder b = {
        .source = {.file = g_intern_string(file), .text = copy, .line_text = copy},
        .diag = diag,
    };
    return build(&b, length);
}
