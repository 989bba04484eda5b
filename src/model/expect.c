/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expectations read: "-23 LUFS ±0.5" to a form and its numbers. */
#include "model/expect.h"

#include "base/unit.h"

#include <math.h>
#include <string.h>

struct check *check_make(const char *name, const char *expected, const char *measured, bool pass)
{
    struct check *check = g_new0(struct check, 1);
    check->name = g_strdup(name);
    check->expected = g_strdup(expected);
    check->measured = g_strdup(measured);
    check->pass = pass;
    return check;
}

struct check *check_copy(const struct check *check)
{
    struct check *copy = check_make(check->name, check->expected, check->measured, check->pass);
    copy->unjudged = check->unjudged;
    return copy;
}

void check_destroy(struct check *check)
{
    if (!check)
        return;
    g_free(check->name);
    g_free(check->expected);
    g_free(check->measured);
    g_free(check);
}

void expectation_destroy(struct expectation *e)
{
    if (!e)
        return;
    g_free(e->text);
    g_free(e->value);
    g_clear_pointer(&e->among, g_array_unref);
    g_free(e);
}

static enum unit unit_of(const struct fact *fact)
{
    for (enum unit unit = UNIT_NONE; unit <= UNIT_DEGREES; unit++)
        if (!strcmp(unit_name(unit), fact->unit))
            return unit;
    return UNIT_NONE;
}

static bool is_number(const struct fact *fact)
{
    return fact->type == FACT_INT || fact->type == FACT_COUNT || fact->type == FACT_INT64 ||
           fact->type == FACT_NUMBER || fact->type == FACT_RATIONAL;
}

static bool value_parse(const struct fact *fact, const char *text, double *out)
{
    if (fact->type != FACT_RATIONAL)
        return unit_parse(text, unit_of(fact), out);
    struct rational ratio;
    if (!rational_parse(text, &ratio))
        return false;
    *out = rational_value(ratio);
    return true;
}

/* A tolerance is a difference: LU and dB for levels, frames for times. */
static bool tolerance_parse(struct expectation *e, const char *text)
{
    enum unit unit = unit_of(e->fact);
    g_autofree char *plain = g_strdup(text);
    size_t length = strlen(plain);
    if (unit == UNIT_SECONDS && length && plain[length - 1] == 'f') {
        plain[length - 1] = '\0';
        e->tolerance_in_frames = true;
        unit = UNIT_NONE;
    }
    enum unit difference = unit == UNIT_LUFS                        ? UNIT_LU
                           : unit == UNIT_DBTP || unit == UNIT_DBFS ? UNIT_DB
                                                                    : unit;
    if (!unit_parse(g_strstrip(plain), difference, &e->high) && !unit_parse(plain, unit, &e->high))
        return false;
    return e->high >= 0;
}

/* Cuts "VALUE ±TOLERANCE" in two; NULL when there is none. */
static char *cut_tolerance(char *text)
{
    static const char *const signs[] = {"±", "+/-", "+-"};
    for (unsigned i = 0; i < G_N_ELEMENTS(signs); i++) {
        char *at = strstr(text, signs[i]);
        if (!at)
            continue;
        *at = '\0';
        g_strchomp(text);
        return g_strstrip(at + strlen(signs[i]));
    }
    return NULL;
}

static const char *after_any(const char *text, const char *const *prefixes)
{
    for (; *prefixes; prefixes++) {
        size_t length = strlen(*prefixes);
        if (!g_ascii_strncasecmp(text, *prefixes, length))
            return text + length + strspn(text + length, " ");
    }
    return NULL;
}

static const char *const most[] = {"at most ", "<=", "≤", NULL};

static bool limit_parse(struct expectation *e, const char *text, bool *found)
{
    static const char *const least[] = {"at least ", ">=", "≥", NULL};
    const char *value = after_any(text, most);
    *found = true;
    if (value) {
        e->form = EXPECT_AT_MOST;
        return value_parse(e->fact, value, &e->high);
    }
    value = after_any(text, least);
    *found = value;
    e->form = value ? EXPECT_AT_LEAST : e->form;
    return value && value_parse(e->fact, value, &e->low);
}

static bool source_parse(struct expectation *e, char *text)
{
    char *tolerance = cut_tolerance(text);
    e->form = EXPECT_SOURCE;
    e->high = e->fact->tolerance;
    if (strcmp(text, "source"))
        return false;
    return !tolerance || (is_number(e->fact) && tolerance_parse(e, tolerance));
}

/* Cuts ", WORDS" off the end; false when it isn't there. */
static bool cut_words(char *text, const char *words)
{
    g_autofree char *end = g_strdup_printf(", %s", words);
    bool there = g_str_has_suffix(text, end);
    if (there)
        text[strlen(text) - strlen(end)] = '\0';
    return there;
}

static bool can_be_unused(const struct fact *fact)
{
    return fact == fact_find("silence") || fact == fact_find("silent_channels");
}

/* One of what is allowed besides, in any order behind the value; false: there is no more. */
static bool cut_allowance(struct expectation *e, char *text)
{
    const bool number = e->fact->measured && is_number(e->fact);
    const struct {
        const char *words;
        bool *said, allowed;
    } rows[] = {{"dual mono", &e->dual_mono, number && unit_of(e->fact) == UNIT_LUFS},
                {"or unmeasurable", &e->unmeasurable, number},
                {"or unused", &e->unused, can_be_unused(e->fact)},
                {"or absent", &e->absent, e->fact->measured || e->fact->sound}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].allowed && !*rows[i].said && cut_words(text, rows[i].words))
            return *rows[i].said = true;
    return false;
}

static bool among_form(struct expectation *e, const char *text)
{
    g_auto(GStrv) values = g_strsplit(text, " or ", -1);
    e->form = EXPECT_AMONG;
    e->high = e->fact->tolerance;
    e->among = g_array_new(false, false, sizeof(double));
    for (char **value = values; *value; value++) {
        double number;
        if (!value_parse(e->fact, g_strstrip(*value), &number))
            return false;
        g_array_append_val(e->among, number);
    }
    return true;
}

static bool number_form(struct expectation *e, char *text)
{
    bool found;
    bool ok = limit_parse(e, text, &found);
    if (found)
        return ok;
    if (strstr(text, " or "))
        return among_form(e, text);
    char *to = strstr(text, " to ");
    if (to) {
        *to = '\0';
        e->form = EXPECT_BETWEEN;
        return value_parse(e->fact, g_strstrip(text), &e->low) &&
               value_parse(e->fact, g_strstrip(to + 4), &e->high) && e->low <= e->high;
    }
    char *tolerance = cut_tolerance(text);
    e->form = EXPECT_EQUAL;
    e->high = e->fact->tolerance;
    return value_parse(e->fact, text, &e->low) && (!tolerance || tolerance_parse(e, tolerance));
}

static bool spans_form(struct expectation *e, const char *text)
{
    static const char *const longer[] = {"none longer than ", "none over ", NULL};
    e->form = EXPECT_NONE;
    e->high = e->fact->tolerance;
    if (!strcmp(text, "none"))
        return true;
    const char *count = after_any(text, most);
    if (count) {
        e->form = EXPECT_AT_MOST;
        return unit_parse(count, UNIT_NONE, &e->high) && e->high >= 0;
    }
    const char *time = after_any(text, longer);
    return time && unit_parse(time, UNIT_SECONDS, &e->high) && e->high >= e->fact->least_s;
}

static bool switch_form(struct expectation *e, const char *text)
{
    static const char *const yes[] = {"true", "yes", "on", NULL};
    static const char *const no[] = {"false", "no", "off", NULL};
    g_autofree char *lower = g_ascii_strdown(text, -1);
    bool on = g_strv_contains(yes, lower);
    e->form = EXPECT_EQUAL;
    e->value = g_strdup(on ? "true" : "false");
    return on || g_strv_contains(no, lower);
}

static bool text_form(struct expectation *e, const char *text)
{
    e->form = EXPECT_EQUAL;
    e->value = g_strdup(text);
    return *text;
}

static bool form_parse(struct expectation *e, char *text)
{
    while (cut_allowance(e, text))
        ;
    if (!strcmp(text, "any")) {
        e->form = EXPECT_ANY;
        return true;
    }
    if (e->fact->type == FACT_SPANS)
        return spans_form(e, text);
    if (g_str_has_prefix(text, "source"))
        return source_parse(e, text);
    if (is_number(e->fact))
        return number_form(e, text);
    return e->fact->type == FACT_BOOL ? switch_form(e, text) : text_form(e, text);
}

static char *forms_hint(const struct fact *fact)
{
    if (fact->type == FACT_SPANS && fact->least_s > 0) {
        g_autofree char *least = number_text(fact->least_s);
        return g_strdup_printf("allowed: none, none longer than 1s (%ss at least: shorter ones "
                               "aren't looked for), at most 3 (how many), any",
                               least);
    }
    if (fact->type == FACT_SPANS)
        return g_strdup("allowed: none, none longer than 1s, at most 3 (how many), any");
    if (fact->type == FACT_LIST)
        return g_strdup(
            "allowed: none, a list like [eng, deu], lists joined by \"or\", source, any");
    if (fact->type == FACT_BOOL)
        return g_strdup("allowed: yes, no, source, any");
    if (!is_number(fact))
        return g_strdup("allowed: a text, texts joined by \"or\", source, any");
    const char *unit = *fact->unit ? fact->unit : "a plain number";
    return g_strdup_printf("write a value in %s; value ±tolerance; values joined by \"or\"; low to "
                           "high; at most value; at least value; source, source ±tolerance; any",
                           unit);
}

static void unknown_fact(const char *name, struct mark at, struct diag *diag)
{
    g_autofree const char **names = g_new0(const char *, 2 * fact_count + 1);
    unsigned n = 0;
    for (unsigned i = 0; i < fact_count; i++) {
        names[n++] = fact_table[i].alias ? fact_table[i].alias : fact_table[i].name;
        if (fact_table[i].alias)
            names[n++] = fact_table[i].name;
    }
    g_autofree char *hint = name_hint(name, names);
    diag_error(diag, at, hint, "expect: there is no fact \"%s\"", name);
}

/* A scalar's text, or a list's joined by "or", of a fact that is one by commas; NULL for what is
 * neither. */
static char *value_text(const struct fact *fact, const struct node *value)
{
    const char *joint = fact->type == FACT_LIST ? ", " : " or ";
    if (value->kind == NODE_SCALAR)
        return g_strstrip(g_strdup(value->text));
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; value->kind == NODE_LIST && i < node_length(value); i++) {
        const struct node *item = node_item(value, i);
        if (item->kind != NODE_SCALAR)
            return NULL;
        g_string_append_printf(text, "%s%s", i ? joint : "", item->text);
    }
    if (value->kind != NODE_LIST)
        return NULL;
    return g_strdup(text->len || fact->type != FACT_LIST ? text->str : "none");
}

struct expectation *expectation_parse(const char *name, const struct node *value, struct diag *diag)
{
    const struct fact *fact = fact_find(name);
    if (!fact) {
        unknown_fact(name, value->at, diag);
        return NULL;
    }
    struct expectation *e = g_new0(struct expectation, 1);
    e->fact = fact;
    e->at = value->at;
    e->text = value_text(fact, value);
    g_autofree char *text = g_strdup(e->text);
    if (text && *text && form_parse(e, text))
        return e;
    g_autofree char *hint = forms_hint(fact);
    diag_error(diag, value->at, hint, "expect.%s: \"%s\" is not an expectation of it", name,
               e->text ? e->text : "a map");
    expectation_destroy(e);
    return NULL;
}

GPtrArray *expect_parse(const struct node *map, struct diag *diag)
{
    GPtrArray *list = g_ptr_array_new_with_free_func((GDestroyNotify)expectation_destroy);
    if (!map || node_is_null(map))
        return list;
    if (map->kind != NODE_MAP) {
        diag_error(diag, map->at, "for example {loudness: -23 LUFS ±0.5, width: 1920}",
                   "expect: takes a map of facts to what they must be");
        return list;
    }
    for (guint i = 0; i < node_length(map); i++) {
        if (node_is_null(node_item(map, i)))
            continue;
        struct expectation *e = expectation_parse(node_key_at(map, i), node_item(map, i), diag);
        if (e)
            g_ptr_array_add(list, e);
    }
    return list;
}

struct node *expect_print(const GPtrArray *expectations)
{
    struct node *map = node_map((struct mark){0});
    for (guint i = 0; expectations && i < expectations->len; i++) {
        const struct expectation *e = expectations->pdata[i];
        struct node *text = node_scalar(e->text, e->at);
        text->quoted = true;
        node_put(map, e->fact->name, e->at, text);
    }
    return map;
}

/* The sound of what only a film has is held against its picture. */
static enum kind needed(const struct fact *fact)
{
    if (!fact->sound)
        return KIND_VIDEO;
    return fact->kinds & KIND_AUDIO ? KIND_AUDIO : KIND_VIDEO | KIND_AUDIO;
}

bool expect_needs(const GPtrArray *expectations, enum kind kinds, enum fact_effort effort)
{
    for (guint i = 0; expectations && i < expectations->len; i++) {
        const struct fact *fact = ((const struct expectation *)expectations->pdata[i])->fact;
        enum kind of = needed(fact);
        if (fact->measured >= effort && (of & kinds))
            return true;
    }
    return false;
}
