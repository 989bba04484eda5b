/* SPDX-License-Identifier: GPL-3.0-or-later
 * The worker's catalogue, asked by the front end. */
#include "model/catalogue.h"

#include "base/diag.h"
#include "base/unit.h"
#include "json_read.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

struct catalogue {
    JsonObject *json, *encoders;
};

struct catalogue *catalogue_from_text(const char *text, gssize length, GError **error)
{
    g_autoptr(JsonObject) json = json_read_object(text, length, error);
    if (!json)
        return NULL;
    JsonObject *encoders = json_read_member(json, "encoders");
    if (!encoders || !json_read_text(json, "build")) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "not a catalogue: it has no build or no encoders");
        return NULL;
    }
    struct catalogue *catalogue = g_new0(struct catalogue, 1);
    catalogue->encoders = encoders;
    catalogue->json = g_steal_pointer(&json);
    return catalogue;
}

void catalogue_destroy(struct catalogue *catalogue)
{
    if (!catalogue)
        return;
    json_object_unref(catalogue->json);
    g_free(catalogue);
}

const char *catalogue_build(const struct catalogue *catalogue)
{
    return json_read_text(catalogue->json, "build");
}

bool catalogue_has_encoder(const struct catalogue *catalogue, const char *encoder)
{
    return json_read_member(catalogue->encoders, encoder);
}

/* The keys of an object, in its order. */
static const char **keys_of(JsonObject *object)
{
    g_autoptr(GList) members = object ? json_object_get_members(object) : NULL;
    const char **names = g_new0(const char *, g_list_length(members) + 1);
    unsigned n = 0;
    for (GList *m = members; m; m = m->next)
        names[n++] = m->data;
    return names;
}

const char **catalogue_encoder_options(const struct catalogue *catalogue, const char *encoder)
{
    JsonObject *entry = json_read_member(catalogue->encoders, encoder);
    return entry ? keys_of(json_read_member(entry, "options")) : NULL;
}

/* The texts of an array. */
static const char **texts_of(JsonArray *array)
{
    guint length = array ? json_array_get_length(array) : 0, n = 0;
    const char **texts = g_new0(const char *, length + 1);
    for (guint i = 0; i < length; i++) {
        const char *text = json_read_node_text(json_array_get_element(array, i));
        if (text)
            texts[n++] = text;
    }
    return texts;
}

const char **catalogue_encoder_formats(const struct catalogue *catalogue, const char *encoder)
{
    JsonObject *entry = json_read_member(catalogue->encoders, encoder);
    JsonArray *formats = json_read_array(entry, "pix_fmts");
    return texts_of(formats ? formats : json_read_array(entry, "sample_fmts"));
}

static char *unknown_option(const struct catalogue *catalogue, const char *encoder,
                            const char *name)
{
    g_autofree const char **names = catalogue_encoder_options(catalogue, encoder);
    const char *nearest = nearest_name(name, names);
    if (nearest)
        return g_strdup_printf("%s has no option \"%s\"; did you mean \"%s\"?", encoder, name,
                               nearest);
    return g_strdup_printf("%s has no option \"%s\"", encoder, name);
}

static bool is_choice(const char *const *choices, const char *value)
{
    return g_strv_contains(choices, value);
}

/* Numbers may be written with libav's suffixes (2M) or named by a choice. Flags, ratios, sizes and
 * texts have forms of their own that only the library reads. */
static char *check_number(JsonObject *option, const char *name, const char *value, bool whole)
{
    double number, min = json_read_number(option, "min", NAN);
    double max = json_read_number(option, "max", NAN);
    if (!number_parse(value, &number) && !unit_parse(value, UNIT_BITRATE, &number))
        return g_strdup_printf("%s: \"%s\" is not a number", name, value);
    if (whole && number != floor(number))
        return g_strdup_printf("%s: \"%s\" is not a whole number", name, value);
    if (number < min || number > max)
        return g_strdup_printf("%s: %s is outside %g to %g", name, value, min, max);
    return NULL;
}

static char *check_switch(const char *name, const char *value)
{
    static const char *const words[] = {"0",   "1",  "true", "false", "yes", "no", "on",
                                        "off", "-1", "auto", "y",     "n",   NULL};
    if (is_choice(words, value))
        return NULL;
    return g_strdup_printf("%s: \"%s\" is neither true nor false", name, value);
}

/* As encoders have it: "High" is "high", "fast-decode" is "fastdecode". */
static bool is_word(const char *const *choices, const char *word)
{
    g_auto(GStrv) parts = g_strsplit(word, "-", -1);
    g_autofree char *joined = g_strjoinv("", parts);
    for (; *choices; choices++)
        if (!g_ascii_strcasecmp(*choices, word) || !g_ascii_strcasecmp(*choices, joined))
            return true;
    return false;
}

/* Encoders take some of them joined ("film,fastdecode"), and presets as numbers. */
static char *check_words(const char *name, const char *value, const char *const *choices)
{
    double number;
    g_auto(GStrv) words = g_strsplit_set(value, ",./+", -1);
    for (char **word = words; *choices && *word; word++)
        if (!is_word(choices, *word) && !number_parse(*word, &number))
            return g_strdup_printf("%s: there is no \"%s\"", name, *word);
    return NULL;
}

char *catalogue_check_option(const struct catalogue *catalogue, const char *encoder,
                             const char *name, const char *value)
{
    JsonObject *entry = json_read_member(catalogue->encoders, encoder);
    if (!entry)
        return g_strdup_printf("there is no encoder \"%s\" in this build", encoder);
    JsonObject *option = json_read_member(json_read_member(entry, "options"), name);
    if (!option)
        return unknown_option(catalogue, encoder, name);
    const char *type = json_read_text(option, "type");
    g_autofree const char **choices = texts_of(json_read_array(option, "choices"));
    if (!type || is_choice(choices, value))
        return NULL;
    if (!strcmp(type, "bool"))
        return check_switch(name, value);
    bool whole = !strcmp(type, "int") || !strcmp(type, "int64") || !strcmp(type, "uint64");
    const bool number = whole || !strcmp(type, "float") || !strcmp(type, "double");
    if (!number && strcmp(type, "string"))
        return NULL;
    char *why =
        number ? check_number(option, name, value, whole) : check_words(name, value, choices);
    if (!why || !*choices)
        return why;
    g_autofree char *sentence = why, *list = g_strjoinv(", ", (char **)choices);
    return g_strdup_printf("%s; allowed by name: %s", sentence, list);
}
