/* SPDX-License-Identifier: GPL-3.0-or-later
 * The outputs as a table for spreadsheets. */
#include "base/file.h"
#include "base/unit.h"
#include "private.h"

#include <string.h>

struct table {
    GString *out;
    GPtrArray *facts, *checks; /* char *: names of columns, in the order they came up */
    GHashTable *facts_of,
        *seen; /* struct report_output → JsonObject; "fact NAME" and "check NAME" */
};

static bool looks_like_formula(const char *text)
{
    double number;
    return *text && strchr("=+-@\t\r", *text) && !number_parse(text, &number);
}

static void put_cell(GString *out, const char *text)
{
    g_autofree char *shown = g_utf8_make_valid(text ? text : "", -1);
    bool quoted = strpbrk(shown, "\",\r\n");
    if (out->len && out->str[out->len - 1] != '\n')
        g_string_append_c(out, ',');
    if (quoted)
        g_string_append_c(out, '"');
    if (looks_like_formula(shown))
        g_string_append_c(out, '\'');
    for (const char *p = shown; *p; p++)
        g_string_append(out, *p == '"' ? "\"\"" : (char[]){*p, '\0'});
    if (quoted)
        g_string_append_c(out, '"');
}

static void put_number(GString *out, double value)
{
    g_autofree char *text = number_text(value);
    put_cell(out, text);
}

static void end_row(GString *out)
{
    g_string_append(out, "\r\n");
}

static void add_column(struct table *table, GPtrArray *columns, const char *kind, const char *name)
{
    char *key = g_strdup_printf("%s %s", kind, name);
    if (g_hash_table_add(table->seen, key))
        g_ptr_array_add(columns, g_strdup(name));
}

static void learn(struct table *table, const struct report_output *output)
{
    for (guint i = 0; i < output->checks->len; i++)
        add_column(table, table->checks, "check",
                   ((const struct check *)output->checks->pdata[i])->name);
    if (!output->facts)
        return;
    JsonObject *facts = facts_to_json(output->facts);
    g_autoptr(GList) names = json_object_get_members(facts);
    g_hash_table_insert(table->facts_of, (void *)output, facts);
    for (GList *at = names; at; at = at->next)
        if (JSON_NODE_HOLDS_VALUE(json_object_get_member(facts, at->data)))
            add_column(table, table->facts, "fact", at->data);
}

static void put_fact(GString *out, JsonNode *node)
{
    GType type = node && JSON_NODE_HOLDS_VALUE(node) ? json_node_get_value_type(node) : 0;
    if (type == G_TYPE_STRING)
        put_cell(out, json_node_get_string(node));
    else if (type == G_TYPE_BOOLEAN)
        put_cell(out, json_node_get_boolean(node) ? "true" : "false");
    else if (type)
        put_number(out, json_node_get_double(node));
    else
        put_cell(out, "");
}

static const struct check *check_named(const struct report_output *output, const char *name)
{
    for (guint i = 0; i < output->checks->len; i++) {
        const struct check *check = output->checks->pdata[i];
        if (strcmp(check->name, name) == 0)
            return check;
    }
    return NULL;
}

static const char *const fixed[] = {"job",         "output",  "input",  "path",   "status",
                                    "error_class", "message", "damage", "seconds"};
static const char *const of_check[] = {"expected", "measured", "pass"};

static void put_head(const struct table *table)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(fixed); i++)
        put_cell(table->out, fixed[i]);
    for (guint i = 0; i < table->facts->len; i++)
        put_cell(table->out, table->facts->pdata[i]);
    for (guint i = 0; i < table->checks->len; i++)
        for (unsigned k = 0; k < G_N_ELEMENTS(of_check); k++) {
            g_autofree char *name =
                g_strdup_printf("check %s %s", (char *)table->checks->pdata[i], of_check[k]);
            put_cell(table->out, name);
        }
    end_row(table->out);
}

static void put_unread(const struct table *table, const struct report_unread *unread)
{
    const char *texts[] = {unread->job,
                           unread->output,
                           unread->input,
                           "",
                           "unread",
                           failure_name(unread->failure.class),
                           unread_sentence(unread)};
    const guint rest = G_N_ELEMENTS(fixed) - G_N_ELEMENTS(texts) + table->facts->len +
                       table->checks->len * G_N_ELEMENTS(of_check);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        put_cell(table->out, texts[i]);
    for (guint i = 0; i < rest; i++)
        put_cell(table->out, "");
    end_row(table->out);
}

static void put_row(const struct table *table, const struct report_output *output)
{
    bool good = output->status == OUTPUT_DONE || output->status == OUTPUT_UP_TO_DATE;
    g_autofree char *sentence = good ? NULL : failure_sentence(output);
    g_autofree char *damage = damage_sentence(output);
    const char *texts[] = {output->job,
                           output->output,
                           output->input,
                           output->path,
                           output_status_name(output->status),
                           output->status == OUTPUT_FAILED ? failure_name(output->failure.class)
                                                           : "",
                           sentence,
                           damage};
    JsonObject *facts = g_hash_table_lookup(table->facts_of, output);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        put_cell(table->out, texts[i]);
    put_number(table->out, output->seconds);
    for (guint i = 0; i < table->facts->len; i++)
        put_fact(table->out, facts ? json_object_get_member(facts, table->facts->pdata[i]) : NULL);
    for (guint i = 0; i < table->checks->len; i++) {
        const struct check *check = check_named(output, table->checks->pdata[i]);
        put_cell(table->out, check ? check->expected : "");
        put_cell(table->out, check ? check->measured : "");
        put_cell(table->out, !check ? "" : check->pass ? "true" : "false");
    }
    end_row(table->out);
}

char *report_to_csv(const struct report *report)
{
    g_autoptr(GPtrArray) facts = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) checks = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GHashTable) facts_of =
        g_hash_table_new_full(NULL, NULL, NULL, (GDestroyNotify)json_object_unref);
    struct table table = {g_string_new(NULL), facts, checks, facts_of, seen};
    for (guint i = 0; i < report->outputs->len; i++)
        learn(&table, output_at(report, i));
    put_head(&table);
    for (guint i = 0; i < report->outputs->len; i++)
        put_row(&table, output_at(report, i));
    for (guint i = 0; i < report->unread->len; i++)
        put_unread(&table, unread_at(report, i));
    return g_string_free(table.out, FALSE);
}
