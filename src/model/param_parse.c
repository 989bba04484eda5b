/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text to described structs, with a sentence for everything that can be wrong. */
#include "model/param.h"

#include "param_private.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Where a value stands and how messages call it: "loudness" and its row. */
struct place {
    const struct params *table;
    const struct param *row;
    const char *where;
    struct mark at;
    struct diag *diag;
};

static char *place_name(const struct place *place)
{
    bool bare = !place->where || !*place->where;
    return bare ? g_strdup(place->row->name)
                : g_strdup_printf("%s.%s", place->where, place->row->name);
}

/* "give a number in LUFS, -70 to -5, for example -23 LUFS" */
static char *place_hint(const struct place *place)
{
    g_autofree char *type = param_type_text(place->row);
    g_autofree char *example = param_value_text(place->row, place->table->defaults);
    bool choice = place->row->type == PARAM_CHOICE || place->row->type == PARAM_BOOL;
    if (!example || !*example || choice)
        return g_strdup_printf("allowed: %s", type);
    return g_strdup_printf("allowed: %s; for example \"%s\"", type, example);
}

static bool refuse(const struct place *place, const char *text, const char *what)
{
    g_autofree char *name = place_name(place), *hint = place_hint(place);
    diag_error(place->diag, place->at, hint, "%s: \"%s\" %s", name, text, what);
    return false;
}

static const char *unit_noun(enum unit unit)
{
    static const char *const nouns[] = {
        [UNIT_NONE] = "is not a number",
        [UNIT_LUFS] = "is not a loudness",
        [UNIT_LU] = "is not a difference of loudness",
        [UNIT_DBTP] = "is not a true-peak level",
        [UNIT_DB] = "is not a gain",
        [UNIT_DBFS] = "is not a sample level",
        [UNIT_SECONDS] = "is not a length of time",
        [UNIT_HZ] = "is not a frequency",
        [UNIT_BITRATE] = "is not a bit rate",
        [UNIT_BYTES] = "is not a size in bytes",
        [UNIT_PERCENT] = "is not a percentage",
        [UNIT_PIXELS] = "is not a number of pixels",
        [UNIT_NIT] = "is not a luminance",
        [UNIT_STOPS] = "is not a number of stops",
        [UNIT_KELVIN] = "is not a temperature",
        [UNIT_DEGREES] = "is not an angle",
    };
    return nouns[unit];
}

static bool in_range(const struct place *place, const char *text, double value)
{
    const struct param *row = place->row;
    if (!param_limited(row) || (value >= row->min && value <= row->max))
        return true;
    return refuse(place, text, value < row->min ? "is too low" : "is too high");
}

static bool number(const struct place *place, const char *text, double *out)
{
    double value;
    if (!unit_parse(text, place->row->unit, &value) || !isfinite(value))
        return refuse(place, text, unit_noun(place->row->unit));
    if (!in_range(place, text, value))
        return false;
    *out = value;
    return true;
}

static bool integer(const struct place *place, const char *text, int *out)
{
    double value;
    if (!number(place, text, &value))
        return false;
    if (value != floor(value) || fabs(value) > INT_MAX)
        return refuse(place, text, "is not a whole number");
    *out = (int)value;
    return true;
}

static bool boolean(const struct place *place, const char *text, bool *out)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on"};
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++) {
        if (!g_ascii_strcasecmp(text, words[i])) {
            *out = i & 1;
            return true;
        }
    }
    return refuse(place, text, "is neither yes nor no");
}

static bool choice(const struct place *place, const char *text, int *out)
{
    const char *const *choices = place->row->choices;
    for (int i = 0; choices[i]; i++) {
        if (!strcmp(text, choices[i])) {
            *out = i;
            return true;
        }
    }
    g_autofree char *name = place_name(place), *hint = name_hint(text, choices);
    diag_error(place->diag, place->at, hint, "%s: \"%s\" is not a choice", name, text);
    return false;
}

/* "date", or "artist, date". */
static bool words_text(const struct place *place, const char *text, unsigned *out)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    unsigned words = 0;
    for (char **part = parts; *part; part++) {
        int index;
        if (!choice(place, g_strstrip(*part), &index))
            return false;
        words |= 1u << index;
    }
    *out = words;
    return true;
}

static bool extent(const struct place *place, const char *text, struct extent *out)
{
    struct extent value = {.set = true};
    if (g_str_has_suffix(text, "%"))
        value.percent = unit_parse(text, UNIT_PERCENT, &value.value);
    if (!value.percent && !unit_parse(text, UNIT_PIXELS, &value.value))
        return refuse(place, text, "is neither pixels nor percent");
    if (!in_range(place, text, value.value))
        return false;
    *out = value;
    return true;
}

static bool rate(const struct place *place, const char *text, struct rational *out)
{
    struct rational value;
    if (!rational_parse(text, &value) || value.num <= 0)
        return refuse(place, text, "is not a rate or ratio");
    *out = value;
    return true;
}

/* "1.1" for all three, or "1.1, 1, 0.9". */
static bool triple_text(const struct place *place, const char *text, double out[3])
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 4);
    guint count = g_strv_length(parts);
    if (count != 1 && count != 3)
        return refuse(place, text, "is neither one number nor three");
    double values[3];
    for (guint i = 0; i < 3; i++)
        if (!number(place, g_strstrip(parts[count == 3 ? i : 0]), &values[i]))
            return false;
    memcpy(out, values, sizeof(values));
    return true;
}

/* "0.4, 0.3" */
static bool focal_text(const struct place *place, const char *text, struct focal *out)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", 3);
    struct focal value = {.set = true};
    if (g_strv_length(parts) != 2)
        return refuse(place, text, "is not two numbers");
    if (!number(place, g_strstrip(parts[0]), &value.x) ||
        !number(place, g_strstrip(parts[1]), &value.y))
        return false;
    *out = value;
    return true;
}

static bool number_list(const struct place *place, const struct node *list, guint count,
                        double *out)
{
    g_autofree char *name = place_name(place), *hint = place_hint(place);
    double values[3];
    if (node_length(list) != count) {
        diag_error(place->diag, place->at, hint, "%s: takes %s numbers, not %u", name,
                   count == 2 ? "two" : "three", node_length(list));
        return false;
    }
    for (guint i = 0; i < count; i++) {
        const struct node *item = node_item(list, i);
        struct place here = *place;
        here.at = item->at;
        if (item->kind != NODE_SCALAR)
            return refuse(&here, "a list or map", "is not a number");
        if (!number(&here, item->text, &values[i]))
            return false;
    }
    memcpy(out, values, count * sizeof *values);
    return true;
}

static bool focal_list(const struct place *place, const struct node *list, struct focal *out)
{
    double values[2];
    if (!number_list(place, list, 2, values))
        return false;
    *out = (struct focal){values[0], values[1], true};
    return true;
}

static bool ints_add(const struct place *place, const char *text, struct ints *out)
{
    if (out->count == INTS_MAX)
        return refuse(place, text, "is one number too many");
    return integer(place, text, &out->value[out->count++]);
}

/* "2", or "2, 1". */
static bool ints_text(const struct place *place, const char *text, struct ints *out)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    struct ints values = {0};
    for (guint i = 0; parts[i]; i++)
        if (!ints_add(place, g_strstrip(parts[i]), &values))
            return false;
    *out = values;
    return true;
}

static bool ints_list(const struct place *place, const struct node *list, struct ints *out)
{
    struct ints values = {0};
    if (!node_length(list))
        return refuse(place, "[]", "has no number in it");
    for (guint i = 0; i < node_length(list); i++) {
        const struct node *item = node_item(list, i);
        struct place here = *place;
        here.at = item->at;
        if (item->kind != NODE_SCALAR)
            return refuse(&here, "a list or map", "is not a number");
        if (!ints_add(&here, item->text, &values))
            return false;
    }
    *out = values;
    return true;
}

static bool words_list(const struct place *place, const struct node *list, unsigned *out)
{
    unsigned words = 0;
    if (!node_length(list))
        return refuse(place, "[]", "has no word in it");
    for (guint i = 0; i < node_length(list); i++) {
        const struct node *item = node_item(list, i);
        struct place here = *place;
        unsigned word;
        here.at = item->at;
        if (item->kind != NODE_SCALAR)
            return refuse(&here, "a list or map", "is not a word");
        if (!words_text(&here, item->text, &word))
            return false;
        words |= word;
    }
    *out = words;
    return true;
}

static bool dict(const struct place *place, const struct node *map, GPtrArray **out)
{
    g_autofree char *name = place_name(place);
    g_autoptr(GPtrArray) pairs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < node_length(map); i++) {
        const struct node *value = node_item(map, i);
        if (value->kind != NODE_SCALAR) {
            diag_error(place->diag, value->at, "write one value", "%s.%s: takes no list or map",
                       name, node_key_at(map, i));
            return false;
        }
        g_ptr_array_add(pairs, g_strdup(node_key_at(map, i)));
        g_ptr_array_add(pairs, g_strdup(value->text));
    }
    g_clear_pointer(out, g_ptr_array_unref);
    *out = g_steal_pointer(&pairs);
    return true;
}

static bool text_value(char **out, const char *text)
{
    g_free(*out);
    *out = g_strdup(text);
    return true;
}

static bool position(const struct place *place, const char *text, struct position *out)
{
    return position_parse(text, out) || refuse(place, text, "is not a place in time");
}

static bool color(const struct place *place, const char *text, struct rgba *out)
{
    return color_parse(text, out) || refuse(place, text, "is not a colour");
}

static bool scalar(const struct place *place, const char *text, void *data)
{
    const struct param *row = place->row;
    switch (row->type) {
    case PARAM_NUMBER:
        return number(place, text, PARAM_AT(row, data, double));
    case PARAM_INT:
        return integer(place, text, PARAM_AT(row, data, int));
    case PARAM_BOOL:
        return boolean(place, text, PARAM_AT(row, data, bool));
    case PARAM_TEXT:
    case PARAM_FILE:
        return text_value(PARAM_AT(row, data, char *), text);
    case PARAM_CHOICE:
        return choice(place, text, PARAM_AT(row, data, int));
    case PARAM_POSITION:
        return position(place, text, PARAM_AT(row, data, struct position));
    case PARAM_RATE:
        return rate(place, text, PARAM_AT(row, data, struct rational));
    case PARAM_EXTENT:
        return extent(place, text, PARAM_AT(row, data, struct extent));
    case PARAM_COLOR:
        return color(place, text, PARAM_AT(row, data, struct rgba));
    case PARAM_TRIPLE:
        return triple_text(place, text, PARAM_AT(row, data, double));
    case PARAM_FOCAL:
        return focal_text(place, text, PARAM_AT(row, data, struct focal));
    case PARAM_INTS:
        return ints_text(place, text, PARAM_AT(row, data, struct ints));
    case PARAM_WORDS:
        return words_text(place, text, PARAM_AT(row, data, unsigned));
    case PARAM_DICT:
        break;
    }
    return refuse(place, text, "is not a map");
}

/* Anything in it still to be expanded? Then it is checked after that. */
static bool has_template(const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return strstr(node->text, "${");
    for (guint i = 0; i < node_length(node); i++)
        if (has_template(node_item(node, i)))
            return true;
    return false;
}

static bool row_parse(const struct place *place, const struct node *value, bool templates,
                      void *data)
{
    if (node_is_null(value) || (templates && has_template(value)))
        return true;
    if (value->kind == NODE_SCALAR)
        return scalar(place, value->text, data);
    if (value->kind == NODE_LIST && place->row->type == PARAM_TRIPLE)
        return number_list(place, value, 3, PARAM_AT(place->row, data, double));
    if (value->kind == NODE_LIST && place->row->type == PARAM_FOCAL)
        return focal_list(place, value, PARAM_AT(place->row, data, struct focal));
    if (value->kind == NODE_LIST && place->row->type == PARAM_INTS)
        return ints_list(place, value, PARAM_AT(place->row, data, struct ints));
    if (value->kind == NODE_LIST && place->row->type == PARAM_WORDS)
        return words_list(place, value, PARAM_AT(place->row, data, unsigned));
    if (value->kind == NODE_MAP && place->row->type == PARAM_DICT)
        return dict(place, value, PARAM_AT(place->row, data, GPtrArray *));
    return refuse(place, value->kind == NODE_LIST ? "a list" : "a map", "is not what it takes");
}

static bool unknown_key(const struct params *table, const char *where, const struct node *key,
                        struct diag *diag)
{
    g_autofree const char **names = param_names(table);
    g_autofree char *hint =
        table->count ? name_hint(key->text, names) : g_strdup("it takes no parameters");
    bool bare = !where || !*where;
    diag_error(diag, key->at, hint, "%s%sthere is no parameter \"%s\"", bare ? "" : where,
               bare ? "" : ": ", key->text);
    return false;
}

static bool map_parse(const struct params *table, const struct node *map, const char *where,
                      bool templates, bool *seen, void *data, struct diag *diag)
{
    bool ok = true;
    for (guint i = 0; i < node_length(map); i++) {
        const struct node *key = map->keys->pdata[i], *value = node_item(map, i);
        const struct param *row = param_find(table, key->text);
        if (!row) {
            ok = unknown_key(table, where, key, diag);
            continue;
        }
        struct place place = {table, row, where, value->at, diag};
        if (seen[row - table->rows]) {
            g_autofree char *name = place_name(&place);
            diag_error(diag, key->at, "keep one of them", "%s: is given twice", name);
            ok = false;
            continue;
        }
        seen[row - table->rows] = true;
        ok = row_parse(&place, value, templates, data) && ok;
    }
    return ok;
}

static bool required_given(const struct params *table, const struct node *node, const char *where,
                           const bool *seen, struct diag *diag)
{
    bool ok = true;
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        bool given =
            seen[i] && !(node->kind == NODE_MAP && node_is_null(node_get(node, row->name)));
        if (!row->required || given)
            continue;
        struct place place = {table, row, where, node ? node->at : (struct mark){0}, diag};
        g_autofree char *name = place_name(&place), *type = param_type_text(row);
        g_autofree char *hint = g_strdup_printf("%s: %s", type, row->help);
        diag_error(diag, place.at, hint, "%s: is missing", name);
        ok = false;
    }
    return ok;
}

bool params_parse(const struct params *table, const struct node *node, const char *where,
                  bool templates, void *data, struct diag *diag)
{
    g_autofree bool *seen = g_new0(bool, table->count + 1);
    const struct param *shorthand = param_find(table, table->shorthand);
    bool ok = true;
    if (!node || node_is_null(node)) {
        ok = true;
    } else if (node->kind == NODE_MAP) {
        ok = map_parse(table, node, where, templates, seen, data, diag);
    } else if (shorthand && (node->kind == NODE_SCALAR || shorthand->type == PARAM_TRIPLE)) {
        struct place place = {table, shorthand, where, node->at, diag};
        seen[shorthand - table->rows] = true;
        ok = row_parse(&place, node, templates, data);
    } else {
        g_autofree const char **names = param_names(table);
        g_autofree char *list = g_strjoinv(", ", (char **)names);
        g_autofree char *hint = g_strdup_printf("write a map of: %s", list);
        diag_error(diag, node->at, table->count ? hint : "leave the value empty",
                   "%s: takes a map of its parameters", where && *where ? where : "this");
        return false;
    }
    return required_given(table, node, where, seen, diag) && ok;
}
