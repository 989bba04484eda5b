/* SPDX-License-Identifier: GPL-3.0-or-later
 * Described structs in memory: made from their defaults, freed by their rows. */
#include "model/param.h"

#include "param_private.h"

#include <string.h>

static GPtrArray *dict_copy(const GPtrArray *dict)
{
    if (!dict)
        return NULL;
    GPtrArray *copy = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < dict->len; i++)
        g_ptr_array_add(copy, g_strdup(dict->pdata[i]));
    return copy;
}

void params_init(const struct params *table, void *data)
{
    memcpy(data, table->defaults, table->size);
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        if (row->type == PARAM_TEXT || row->type == PARAM_FILE) {
            char **text = PARAM_AT(row, data, char *);
            *text = g_strdup(*text);
        } else if (row->type == PARAM_DICT) {
            GPtrArray **dict = PARAM_AT(row, data, GPtrArray *);
            *dict = dict_copy(*dict);
        }
    }
}

void params_finish(const struct params *table, void *data)
{
    for (unsigned i = 0; i < table->count; i++) {
        const struct param *row = &table->rows[i];
        if (row->type == PARAM_TEXT || row->type == PARAM_FILE)
            g_clear_pointer(PARAM_AT(row, data, char *), g_free);
        else if (row->type == PARAM_DICT)
            g_clear_pointer(PARAM_AT(row, data, GPtrArray *), g_ptr_array_unref);
    }
}

void *params_new(const struct params *table)
{
    void *data = g_malloc0(MAX(table->size, 1));
    params_init(table, data);
    return data;
}

void params_free(const struct params *table, void *data)
{
    if (!data)
        return;
    params_finish(table, data);
    g_free(data);
}

const char **param_names(const struct params *table)
{
    const char **names = g_new0(const char *, table->count + 1);
    for (unsigned i = 0; i < table->count; i++)
        names[i] = table->rows[i].name;
    return names;
}

const struct param *param_find(const struct params *table, const char *name)
{
    for (unsigned i = 0; name && i < table->count; i++)
        if (!strcmp(table->rows[i].name, name))
            return &table->rows[i];
    return NULL;
}
