/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions: what they come to, and how they are written. */
#include "lang/when.h"

#include "condition.h"

#include <math.h>
#include <string.h>

const char *const when_op_text[] = {"==", "!=", "<", "<=", ">", ">="};

struct when *when_new(enum when_kind kind)
{
    struct when *when = g_new0(struct when, 1);
    when->kind = kind;
    if (kind <= WHEN_NOT)
        when->parts = g_ptr_array_new_with_free_func((GDestroyNotify)when_destroy);
    return when;
}

void when_destroy(struct when *when)
{
    if (!when)
        return;
    g_clear_pointer(&when->parts, g_ptr_array_unref);
    g_free(when->text);
    g_free(when);
}

enum unit fact_unit(const struct fact *fact)
{
    for (enum unit unit = UNIT_NONE; unit <= UNIT_DEGREES; unit++)
        if (strcmp(unit_name(unit), fact->unit) == 0)
            return unit;
    return UNIT_NONE;
}

static bool in_order(enum when_op op, double a, double b)
{
    bool same = fabs(a - b) <= 1e-9 * fmax(1, fabs(b));
    switch (op) {
    case WHEN_EQUAL:
        return same;
    case WHEN_NOT_EQUAL:
        return !same;
    case WHEN_LESS:
        return a < b && !same;
    case WHEN_AT_MOST:
        return a < b || same;
    case WHEN_MORE:
        return a > b && !same;
    default:
        return a > b || same;
    }
}

/* A comparison with a fact that is unknown is false, whatever the operator. */
static bool compares(const struct when *w, const struct facts *facts)
{
    double number;
    g_autofree char *text = fact_text(w->fact, facts);
    if (!text)
        return false;
    if (w->fact->type == FACT_LIST)
        return fact_list_is(w->fact, w->text, text) == (w->op == WHEN_EQUAL);
    if (w->fact->type == FACT_TEXT || w->fact->type == FACT_KIND || w->fact->type == FACT_BOOL)
        return (g_ascii_strcasecmp(text, w->text) == 0) == (w->op == WHEN_EQUAL);
    return fact_number(w->fact, facts, &number) && in_order(w->op, number, w->value);
}

static bool is_true(const struct fact *fact, const struct facts *facts)
{
    double number;
    if (fact->type == FACT_SPANS) {
        GArray *spans = *(GArray *const *)((const char *)facts + fact->offset);
        return spans && spans->len > 0;
    }
    g_autofree char *text = fact_text(fact, facts);
    const char *no = fact->type == FACT_LIST ? "none" : "false";
    if (!text || strcmp(text, no) == 0)
        return false;
    return !fact_number(fact, facts, &number) || number != 0;
}

bool when_holds(const struct when *when, const struct facts *facts)
{
    switch (when->kind) {
    case WHEN_COMPARE:
        return compares(when, facts);
    case WHEN_KNOWN:
        return is_true(when->fact, facts);
    case WHEN_NOT:
        return !when_holds(when->parts->pdata[0], facts);
    default:
        for (guint i = 0; i < when->parts->len; i++)
            if (when_holds(when->parts->pdata[i], facts) == (when->kind == WHEN_OR))
                return when->kind == WHEN_OR;
        return when->kind == WHEN_AND;
    }
}

bool when_needs_measuring(const struct when *when)
{
    for (guint i = 0; when->parts && i < when->parts->len; i++)
        if (when_needs_measuring(when->parts->pdata[i]))
            return true;
    return when->fact && when->fact->measured;
}

static void append_quoted(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void append(GString *out, const struct when *w)
{
    if (w->kind >= WHEN_KNOWN) {
        g_string_append(out, w->fact->name);
        if (w->kind == WHEN_COMPARE)
            g_string_append_printf(out, " %s ", when_op_text[w->op]);
        if (w->kind == WHEN_COMPARE && (w->fact->type == FACT_TEXT || w->fact->type == FACT_LIST))
            append_quoted(out, w->text);
        else if (w->kind == WHEN_COMPARE)
            g_string_append(out, w->text);
        return;
    }
    for (guint i = 0; i < w->parts->len; i++) {
        const struct when *part = w->parts->pdata[i];
        bool group = part->kind <= WHEN_AND && part->kind <= w->kind;
        g_string_append(out, w->kind == WHEN_NOT   ? "not "
                             : i == 0              ? ""
                             : w->kind == WHEN_AND ? " and "
                                                   : " or ");
        g_string_append(out, group ? "(" : "");
        append(out, part);
        g_string_append(out, group ? ")" : "");
    }
}

char *when_text(const struct when *when)
{
    GString *out = g_string_new(NULL);
    append(out, when);
    return g_string_free(out, FALSE);
}
