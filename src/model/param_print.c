/* SPDX-License-Identifier: GPL-3.0-or-later
 * Described structs to canonical text. */
#include "model/param.h"

#include "param_private.h"

#include <math.h>

static char *number_of(const struct param *row, double value)
{
    return isfinite(value) ? unit_text(value, row->unit) : NULL;
}

static char *extent_text(struct extent extent)
{
    if (!extent.set)
        return NULL;
    return unit_text(extent.value, extent.percent ? UNIT_PERCENT : UNIT_NONE);
}

static char *triple_text(const struct param *row, const double *values)
{
    if (!isfinite(values[0]) || !isfinite(values[1]) || !isfinite(values[2]))
        return NULL;
    g_autofree char *a = number_of(row, values[0]);
    if (values[0] == values[1] && values[1] == values[2])
        return g_steal_pointer(&a);
    g_autofree char *b = number_of(row, values[1]), *c = number_of(row, values[2]);
    return g_strdup_printf("%s, %s, %s", a, b, c);
}

static char *focal_text(const struct param *row, const struct focal *focal)
{
    if (!focal->set)
        return NULL;
    g_autofree char *x = number_of(row, focal->x), *y = number_of(row, focal->y);
    return g_strdup_printf("%s, %s", x, y);
}

static char *ints_text(const struct ints *ints)
{
    if (!ints->count)
        return NULL;
    GString *text = g_string_new(NULL);
    for (int i = 0; i < ints->count; i++)
        g_string_append_printf(text, "%s%d", i ? ", " : "", ints->value[i]);
    return g_string_free(text, FALSE);
}

static char *dict_text(const GPtrArray *dict)
{
    if (!dict || !dict->len)
        return NULL;
    GString *text = g_string_new("{");
    for (guint i = 0; i + 1 < dict->len; i += 2)
        g_string_append_printf(text, "%s%s: %s", i ? ", " : "", (char *)dict->pdata[i],
                               (char *)dict->pdata[i + 1]);
    g_string_append_c(text, '}');
    return g_string_free(text, FALSE);
}

static char *choice_text(const struct param *row, int index)
{
    unsigned count = g_strv_length((char **)row->choices);
    return index >= 0 && (unsigned)index < count ? g_strdup(row->choices[index]) : NULL;
}

static char *words_text(const struct param *row, unsigned words)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; row->choices[i]; i++)
        if (words & 1u << i)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", row->choices[i]);
    return g_string_free(text, FALSE);
}

static char *position_or_null(const struct position *position)
{
    return position->kind == POSITION_NONE ? NULL : position_text(position);
}

char *param_value_text(const struct param *row, const void *data)
{
    switch (row->type) {
    case PARAM_NUMBER:
        return number_of(row, *PARAM_OF(row, data, double));
    case PARAM_INT:
        return number_of(row, *PARAM_OF(row, data, int));
    case PARAM_BOOL:
        return g_strdup(*PARAM_OF(row, data, bool) ? "true" : "false");
    case PARAM_TEXT:
    case PARAM_FILE:
        return g_strdup(*PARAM_OF(row, data, char *));
    case PARAM_CHOICE:
        return choice_text(row, *PARAM_OF(row, data, int));
    case PARAM_POSITION:
        return position_or_null(PARAM_OF(row, data, struct position));
    case PARAM_RATE:
        return PARAM_OF(row, data, struct rational)->num
                   ? rational_text(*PARAM_OF(row, data, struct rational))
                   : NULL;
    case PARAM_EXTENT:
        return extent_text(*PARAM_OF(row, data, struct extent));
    case PARAM_COLOR:
        return color_text(*PARAM_OF(row, data, struct rgba));
    case PARAM_TRIPLE:
        return triple_text(row, PARAM_OF(row, data, double));
    case PARAM_FOCAL:
        return focal_text(row, PARAM_OF(row, data, struct focal));
    case PARAM_INTS:
        return ints_text(PARAM_OF(row, data, struct ints));
    case PARAM_WORDS:
        return words_text(row, *PARAM_OF(row, data, unsigned));
    case PARAM_DICT:
        return dict_text(*PARAM_OF(row, data, GPtrArray *));
    }
    return NULL;
}

static struct node *quoted(const char *text)
{
    struct node *scalar = node_scalar(text, (struct mark){0});
    scalar->quoted = true;
    return scalar;
}

static struct node *dict_node(const GPtrArray *dict)
{
    struct node *map = node_map((struct mark){0});
    for (guint i = 0; i + 1 < dict->len; i += 2)
        node_put(map, dict->pdata[i], (struct mark){0}, quoted(dict->pdata[i + 1]));
    return map;
}

struct node *params_print(const struct params *table, const void *data)
{
    struct node *map = node_map((struct mark){0});
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        g_autofree char *value = param_value_text(row, data);
        g_autofree char *normal = param_value_text(row, table->defaults);
        if (!value || (!row->required && !g_strcmp0(value, normal)))
            continue;
        struct node *node =
            row->type == PARAM_DICT ? dict_node(*PARAM_OF(row, data, GPtrArray *)) : quoted(value);
        node_put(map, row->name, (struct mark){0}, node);
    }
    return map;
}
