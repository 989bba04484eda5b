/* SPDX-License-Identifier: GPL-3.0-or-later
 * On GLib's parser. */
#include "xml.h"

#include <string.h>

enum { MAX_DEPTH = 32, MAX_TEXT = 1 << 16 };

struct hearing {
    const struct xml_ears *ears;
    void *self;
    GString *text;
    int depth;
};

static const char *local_name(const char *name)
{
    const char *colon = strrchr(name, ':');
    return colon ? colon + 1 : name;
}

bool xml_wrong(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, message);
    return false;
}

static void on_start(GMarkupParseContext *context, const char *name, const char **keys,
                     const char **values, gpointer data, GError **error)
{
    struct hearing *hearing = data;
    g_string_truncate(hearing->text, 0);
    if (++hearing->depth > MAX_DEPTH)
        xml_wrong(error, "more than %d elements inside of one another", MAX_DEPTH);
    else
        hearing->ears->start(hearing->self, local_name(name), keys, values, error);
}

static void on_end(GMarkupParseContext *context, const char *name, gpointer data, GError **error)
{
    struct hearing *hearing = data;
    const char *local = local_name(name);
    char *said = hearing->text->str;
    hearing->depth--;
    hearing->ears->end(hearing->self, local,
                       g_strv_contains(hearing->ears->verbatim, local) ? said : g_strstrip(said),
                       error);
    g_string_truncate(hearing->text, 0);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                    GError **error)
{
    struct hearing *hearing = data;
    if (hearing->text->len + length > MAX_TEXT)
        xml_wrong(error, "a text of more than %d bytes", MAX_TEXT);
    else
        g_string_append_len(hearing->text, text, (gssize)length);
}

static void on_aside(GMarkupParseContext *context, const char *text, gsize length, gpointer data,
                     GError **error)
{
    if (length > 9 && memcmp(text, "<!DOCTYPE", 9) == 0)
        xml_wrong(error, "a document type (DOCTYPE) is not taken");
}

bool xml_hear(const char *text, gsize length, const struct xml_ears *ears, void *self,
              GError **error)
{
    static const GMarkupParser parser = {on_start, on_end, on_text, on_aside, NULL};
    g_autoptr(GString) words = g_string_new(NULL);
    struct hearing hearing = {.ears = ears, .self = self, .text = words};
    g_autoptr(GMarkupParseContext) context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, &hearing, NULL);
    return g_markup_parse_context_parse(context, text, (gssize)length, error) &&
           g_markup_parse_context_end_parse(context, error);
}

void xml_put(GString *out, const char *text)
{
    g_autofree char *escaped = g_markup_escape_text(text, -1);
    g_string_append(out, escaped);
}

void xml_put_time(GString *out, gint64 seconds)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seconds);
    g_autofree char *text =
        time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%S+00:00") : g_strdup("");
    g_string_append(out, text);
}
