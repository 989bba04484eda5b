/* SPDX-License-Identifier: GPL-3.0-or-later
 * Variables and the types of their values. */
#include "vars.h"

#include "base/unit.h"
#include "pieces.h"
#include "text.h"

#include <string.h>

enum { MAX_VALUE_BYTES = 4096 };

enum var_kind { VAR_TEXT, VAR_BOOL, VAR_NUMBER, VAR_RATIO, VAR_UNIT, VAR_TIME };

struct var_type {
    enum var_kind kind;
    enum unit unit; /* VAR_UNIT */
};

struct vars {
    GHashTable *set;   /* name → value of --set */
    GHashTable *known; /* names that were declared anywhere */
};

struct vars *vars_create(const char *const *set, struct diag *diag)
{
    struct vars *vars = g_new0(struct vars, 1);
    vars->set = values_new(NULL);
    vars->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (; set && *set; set++) {
        const char *equals = strchr(*set, '=');
        if (equals && equals != *set && strlen(equals) <= MAX_VALUE_BYTES)
            g_hash_table_replace(vars->set, g_strndup(*set, (gsize)(equals - *set)),
                                 g_strdup(equals + 1));
        else
            diag_error(diag, mark_option("--set"), "write --set NAME=VALUE",
                       "\"%s\" is not a variable and its value", *set);
    }
    return vars;
}

void vars_destroy(struct vars *vars)
{
    g_hash_table_unref(vars->set);
    g_hash_table_unref(vars->known);
    g_free(vars);
}

static void copy_value(gpointer name, gpointer text, gpointer to)
{
    g_hash_table_insert(to, g_strdup(name), g_strdup(text));
}

GHashTable *values_new(const GHashTable *from)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (from)
        g_hash_table_foreach((GHashTable *)from, copy_value, values);
    return values;
}

static bool is_bool(const char *text)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", NULL};
    return g_strv_contains(words, text);
}

/* The unit a text ends in; one that is written so before one that only accepts it. */
static enum unit unit_of(const char *text)
{
    double value;
    enum unit accepted = UNIT_NONE;
    for (enum unit unit = UNIT_NONE + 1; unit <= UNIT_DEGREES; unit++) {
        if (!unit_parse(text, unit, &value))
            continue;
        if (g_str_has_suffix(text, unit_name(unit)))
            return unit;
        accepted = accepted ? accepted : unit;
    }
    return accepted;
}

static struct var_type type_of(const char *text)
{
    double value;
    struct rational ratio;
    struct position position;
    if (is_bool(text))
        return (struct var_type){VAR_BOOL, UNIT_NONE};
    if (number_parse(text, &value))
        return (struct var_type){VAR_NUMBER, UNIT_NONE};
    enum unit unit = unit_of(text);
    if (unit && unit != UNIT_SECONDS)
        return (struct var_type){VAR_UNIT, unit};
    if (*text && position_parse(text, &position))
        return (struct var_type){VAR_TIME, UNIT_NONE};
    return (struct var_type){rational_parse(text, &ratio) ? VAR_RATIO : VAR_TEXT, UNIT_NONE};
}

static bool type_takes(struct var_type type, const char *text)
{
    double value;
    struct rational ratio;
    struct position position;
    switch (type.kind) {
    case VAR_BOOL:
        return is_bool(text);
    case VAR_NUMBER:
        return number_parse(text, &value);
    case VAR_RATIO:
        return rational_parse(text, &ratio);
    case VAR_UNIT:
        return unit_parse(text, type.unit, &value);
    case VAR_TIME: /* "16:9" reads as a time, too */
        return position_parse(text, &position) || rational_parse(text, &ratio);
    default:
        return true;
    }
}

static char *type_text(struct var_type type)
{
    static const char *const names[] = {[VAR_BOOL] = "true or false",
                                        [VAR_NUMBER] = "a number",
                                        [VAR_RATIO] = "a ratio",
                                        [VAR_TIME] = "a time"};
    return type.kind == VAR_UNIT ? g_strdup_printf("a number in %s", unit_name(type.unit))
                                 : g_strdup(names[type.kind]);
}

static bool name_check(const struct node *key, struct diag *diag)
{
    if (!is_identifier(key->text))
        diag_error(diag, key->at, "use letters (a to z), digits and \"_\", a letter first",
                   "\"%s\" can't be the name of a variable", key->text);
    else if (template_name_known(key->text))
        diag_error(diag, key->at, "give it another name",
                   "\"%s\" already means something: ${%s} is of the source", key->text, key->text);
    else
        return true;
    return false;
}

/* The value of a variable: its default, or what --set says when that is of its type. */
static const char *value_of(const struct vars *vars, const char *name, const struct node *node,
                            struct diag *diag)
{
    const char *text = g_hash_table_lookup(vars->set, name);
    struct var_type type = type_of(node->text);
    if (!text || type_takes(type, text))
        return text ? text : node->text;
    g_autofree char *wanted = type_text(type), *option = g_strdup_printf("--set %s", name);
    g_autofree char *hint = g_strdup_printf("its default is \"%s\"", node->text);
    diag_error(diag, mark_option(option), hint, "\"%s\" is not %s", text, wanted);
    return node->text;
}

void vars_declare(struct vars *vars, const struct node *map, GHashTable *values, struct diag *diag)
{
    for (guint i = 0; i < node_length(map); i++) {
        const struct node *key = g_ptr_array_index(map->keys, i), *node = node_item(map, i);
        if (!name_check(key, diag))
            continue;
        g_hash_table_add(vars->known, g_strdup(key->text));
        if (node->kind != NODE_SCALAR || strlen(node->text) > MAX_VALUE_BYTES)
            diag_error(diag, key->at, "write its default, one value",
                       "the variable \"%s\" must be one short text", key->text);
        else if (!g_hash_table_contains(values, key->text))
            g_hash_table_insert(values, g_strdup(key->text),
                                g_strdup(value_of(vars, key->text, node, diag)));
    }
}

void vars_finish(struct vars *vars, struct diag *diag)
{
    g_autoptr(GList) known = g_list_sort(g_hash_table_get_keys(vars->known), (GCompareFunc)strcmp);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (const GList *name = known; name; name = name->next)
        g_ptr_array_add(names, name->data);
    g_ptr_array_add(names, NULL);
    g_autoptr(GList) set = g_list_sort(g_hash_table_get_keys(vars->set), (GCompareFunc)strcmp);
    for (const GList *name = set; name; name = name->next) {
        if (g_hash_table_contains(vars->known, name->data))
            continue;
        g_autofree char *hint = name_hint(name->data, (const char *const *)names->pdata);
        g_autofree char *option = g_strdup_printf("--set %s", (const char *)name->data);
        diag_error(diag, mark_option(option), hint, "there is no variable \"%s\"",
                   (const char *)name->data);
    }
}
