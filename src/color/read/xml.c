/* SPDX-License-Identifier: GPL-3.0-or-later
 * XML as a small tree. GLib parses and says where it is at each event; the text itself is looked at
 * again from there, so nothing large is copied. */
#include "xml.h"
#include "xml_place.h"

#include <string.h>

#define WORDS_MAX 500
#define WARNINGS_MAX 100 /* more aren't kept by anybody */

struct tree {
    struct scan *scan;
    struct xml *root;
    GPtrArray *open; /* struct xml *, the innermost last */
    int elements;
    struct xml_place place;
};

void xml_destroy(struct xml *node)
{
    if (!node)
        return;
    g_free(node->name);
    g_strfreev(node->keys);
    g_strfreev(node->values);
    g_ptr_array_unref(node->children);
    g_free(node->words);
    g_free(node);
}

static void destroy_child(gpointer node)
{
    xml_destroy(node);
}

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

/* Whether `tag` is one of `name`: begins with `open` ("<" or "</"), and ends in ">". */
static bool is_tag_of(struct span tag, const char *open, const char *name)
{
    const gsize length = (gsize)(tag.end - tag.start), before = strlen(open), of = strlen(name);
    return length > before + of && memcmp(tag.start, open, before) == 0 &&
           memcmp(tag.start + before, name, of) == 0 && tag.end[-1] == '>';
}

/* What is read from a wrong place would be another table. */
static void lost(const char *name, GError **error)
{
    g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
                "the tag of <%s> can't be found in the text: write < and > in attributes as &lt; "
                "and &gt;",
                name);
}

static void copy_attributes(struct xml *node, const char **keys, const char **values)
{
    g_autoptr(GStrvBuilder) names = g_strv_builder_new();
    g_autoptr(GStrvBuilder) texts = g_strv_builder_new();
    for (; *keys; keys++, values++)
        if (!g_str_has_prefix(*keys, "xmlns")) {
            g_strv_builder_add(names, local_name(*keys));
            g_strv_builder_add(texts, *values);
        }
    node->keys = g_strv_builder_end(names);
    node->values = g_strv_builder_end(texts);
}

static bool is_allowed(struct tree *tree, const char *name, const char **keys, GError **error)
{
    if (tree->open->len == XML_DEPTH || ++tree->elements > XML_ELEMENTS)
        g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
                    "more than %d elements, or %d inside of one another", XML_ELEMENTS, XML_DEPTH);
    else if (g_strv_length((char **)keys) > XML_ATTRIBUTES)
        g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, "more than %d attributes",
                    XML_ATTRIBUTES);
    else if (tree->root && !tree->open->len)
        g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE, "a second <%s> after the first",
                    name);
    else
        return true;
    return false;
}

static void on_start(GMarkupParseContext *context, const char *name, const char **keys,
                     const char **values, gpointer data, GError **error)
{
    struct tree *tree = data;
    if (!is_allowed(tree, name, keys, error))
        return;
    struct xml *node = g_new0(struct xml, 1);
    node->name = g_strdup(local_name(name));
    node->children = g_ptr_array_new_with_free_func(destroy_child);
    copy_attributes(node, keys, values);
    node->words = g_strdup("");
    node->tag = xml_place_tag(&tree->place, context);
    node->inside.start = node->inside.end = node->tag.end;
    if (tree->open->len) {
        struct xml *parent = tree->open->pdata[tree->open->len - 1];
        g_ptr_array_add(parent->children, node);
    } else {
        tree->root = node;
    }
    g_ptr_array_add(tree->open, node);
    if (!is_tag_of(node->tag, "<", name))
        lost(name, error);
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    struct tree *tree = data;
    struct xml *node = tree->open->pdata[tree->open->len - 1];
    const struct span tag = xml_place_tag(&tree->place, context);
    const bool is_empty = tag.start == node->tag.start && tag.end == node->tag.end;
    if (!is_empty && (tag.start < node->tag.end || !is_tag_of(tag, "</", name)))
        lost(name, error);
    else if (!is_empty)
        node->inside.end = tag.start;
    g_ptr_array_set_size(tree->open, (gint)tree->open->len - 1);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                    GError **error)
{
    struct tree *tree = data;
    if (!tree->open->len)
        return;
    struct xml *node = tree->open->pdata[tree->open->len - 1];
    GString *words = g_string_new(node->words);
    for (gsize i = 0; i < length && words->len < WORDS_MAX; i++)
        if (!g_ascii_isspace(text[i]))
            g_string_append_c(words, text[i]);
        else if (words->len && words->str[words->len - 1] != ' ')
            g_string_append_c(words, ' ');
    g_free(node->words);
    node->words = g_string_free(words, FALSE);
}

static void on_aside(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                     GError **error)
{
    if (length > 9 && memcmp(text, "<!DOCTYPE", 9) == 0)
        g_set_error(error, G_MARKUP_ERROR, G_MARKUP_ERROR_PARSE,
                    "a document type (DOCTYPE) is not taken");
}

/* GLib's words without the place, which the message has of its own. */
static void report(struct tree *tree, GMarkupParseContext *context, const GError *error)
{
    const char *const colon =
        g_str_has_prefix(error->message, "Error on line") ? strstr(error->message, ": ") : NULL;
    const char *const last = tree->scan->text.end - 1;
    const char *const at = MIN(xml_place_here(&tree->place, context), last);
    xml_error(tree->scan, ((struct span){at, at}), "the file is XML in UTF-8",
              "this is not XML that can be read: %s", colon ? colon + 2 : error->message);
}

static const GMarkupParser parser = {on_start, on_end, on_text, on_aside, NULL};

struct xml *xml_read(struct scan *s)
{
    const gssize length = s->text.end - s->text.start;
    if (length == 0) {
        scan_error(s, s->text, "the file is XML in UTF-8", "the file is empty");
        return NULL;
    }
    struct tree tree = {.scan = s, .open = g_ptr_array_new()};
    xml_place_init(&tree.place, s->text);
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, G_MARKUP_DEFAULT_FLAGS, &tree, NULL);
    g_autoptr(GError) error = NULL;
    const bool good = g_markup_parse_context_parse(context, s->text.start, length, &error) &&
                      g_markup_parse_context_end_parse(context, &error);
    if (!good)
        report(&tree, context, error);
    else if (!tree.root)
        scan_error(s, s->text, "a declaration alone is no file", "the file holds no element");
    g_ptr_array_unref(tree.open);
    if (good)
        return tree.root;
    xml_destroy(tree.root);
    return NULL;
}

const char *xml_attribute(const struct xml *node, const char *key)
{
    for (guint i = 0; node->keys[i]; i++)
        if (strcmp(node->keys[i], key) == 0)
            return node->values[i];
    return NULL;
}

const struct xml *xml_child(const struct xml *node, const char *name)
{
    for (guint i = 0; i < node->children->len; i++) {
        const struct xml *child = node->children->pdata[i];
        if (strcmp(child->name, name) == 0)
            return child;
    }
    return NULL;
}

static bool begins(struct span s, const char *text)
{
    return (gsize)(s.end - s.start) >= strlen(text) && memcmp(s.start, text, strlen(text)) == 0;
}

static void skip_blanks_and_comments(struct span *rest)
{
    for (;;) {
        while (rest->start < rest->end && g_ascii_isspace(*rest->start))
            rest->start++;
        if (!begins(*rest, "<!--"))
            return;
        while (!begins(*rest, "-->"))
            rest->start++;
        rest->start += 3;
    }
}

bool xml_word(struct span *rest, struct span *word)
{
    skip_blanks_and_comments(rest);
    const char *p = rest->start;
    while (p < rest->end && !g_ascii_isspace(*p) && *p != '<')
        p++;
    *word = (struct span){rest->start, p};
    rest->start = p;
    return word->end > word->start;
}

void xml_report(struct scan *s, enum severity severity, struct span at, const char *hint,
                const char *format, ...)
{
    if (severity == DIAG_WARNING && diag_warnings(s->diag) >= WARNINGS_MAX)
        return;
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    scan_place(s, at.start);
    const char *const line_end = memchr(at.start, '\n', (gsize)(at.end - at.start));
    at.end = line_end ? line_end : at.end;
    scan_report(s, severity, at, hint, "%s", message);
}
