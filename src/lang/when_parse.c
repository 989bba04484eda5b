/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions from text: a recursive descent over one line. */
#include "condition.h"
#include "text.h"

#include <string.h>

enum { MAX_DEPTH = 64 };

struct reader {
    const char *text, *p;
    struct mark at;
    struct diag *diag;
    unsigned depth;
};

static struct when *read_or(struct reader *r);

static void skip_space(struct reader *r)
{
    while (g_ascii_isspace(*r->p))
        r->p++;
}

static bool is_word_byte(char c)
{
    return g_ascii_isalnum(c) || (unsigned char)c >= 0x80 || (c && strchr("_.-+%:/;", c));
}

static size_t word_length(const char *p)
{
    size_t n = 0;
    while (is_word_byte(p[n]))
        n++;
    return n;
}

static bool is_word(const char *p, const char *word)
{
    size_t n = word_length(p);
    return n == strlen(word) && strncmp(p, word, n) == 0;
}

static bool is_logic(const char *p)
{
    return is_word(p, "and") || is_word(p, "or") || is_word(p, "not");
}

static bool take_word(struct reader *r, const char *word)
{
    skip_space(r);
    if (!is_word(r->p, word))
        return false;
    r->p += strlen(word);
    return true;
}

static struct mark here(const struct reader *r, const char *start, size_t length)
{
    return mark_within(r->at, r->text, (size_t)(start - r->text), length);
}

static const char *stray_hint(const char *p)
{
    if (*p == '&' || *p == '|')
        return "write \"and\" or \"or\"";
    if (*p == '!')
        return "write \"not\"";
    return "a condition is like: kind == video and duration > 2s";
}

static struct when *unexpected(struct reader *r, const char *wanted)
{
    size_t n = word_length(r->p);
    if (!n)
        n = *r->p ? (size_t)(g_utf8_next_char(r->p) - r->p) : 0;
    g_autofree char *found = n ? g_strdup_printf("\"%.*s\"", (int)n, r->p) : g_strdup("the end");
    diag_error(r->diag, here(r, r->p, n), stray_hint(r->p), "expected %s, found %s", wanted, found);
    return NULL;
}

static const struct fact *read_fact(struct reader *r)
{
    const char *start = r->p;
    while (g_ascii_isalnum(*r->p) || *r->p == '_')
        r->p++;
    g_autofree char *name = g_strndup(start, (gsize)(r->p - start));
    const struct fact *fact = fact_find(name);
    if (fact)
        return fact;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < fact_count; i++) {
        g_ptr_array_add(names, (gpointer)fact_table[i].name);
        if (fact_table[i].alias)
            g_ptr_array_add(names, (gpointer)fact_table[i].alias);
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(name, (const char *const *)names->pdata);
    diag_error(r->diag, here(r, start, (size_t)(r->p - start)), hint, "there is no fact \"%s\"",
               name);
    return NULL;
}

static bool read_op(struct reader *r, enum when_op *op)
{
    static const enum when_op longest_first[] = {WHEN_EQUAL,    WHEN_NOT_EQUAL, WHEN_AT_MOST,
                                                 WHEN_AT_LEAST, WHEN_LESS,      WHEN_MORE};
    skip_space(r);
    for (size_t i = 0; i < G_N_ELEMENTS(longest_first); i++) {
        const char *text = when_op_text[longest_first[i]];
        if (g_str_has_prefix(r->p, text)) {
            *op = longest_first[i];
            r->p += strlen(text);
            return true;
        }
    }
    return false;
}

static char *read_quoted(struct reader *r)
{
    char quote = *r->p++;
    GString *out = g_string_new(NULL);
    for (; *r->p && *r->p != quote; r->p++) {
        r->p += r->p[0] == '\\' && r->p[1];
        g_string_append_c(out, *r->p);
    }
    if (!*r->p)
        return g_string_free(out, TRUE);
    r->p++;
    return g_string_free(out, FALSE);
}

/* A value: quoted, or a word, or a number with its unit behind a space. */
static char *read_value(struct reader *r)
{
    skip_space(r);
    const char *start = r->p;
    if (*r->p == '"' || *r->p == '\'') {
        char *text = read_quoted(r);
        if (!text)
            diag_error(r->diag, here(r, start, strlen(start)), "close it with the same quote",
                       "this text is not closed");
        return text;
    }
    bool number = g_ascii_isdigit(*start) ||
                  ((*start == '-' || *start == '+' || *start == '.') && word_length(start) > 1);
    r->p += word_length(r->p);
    const char *end = r->p;
    skip_space(r);
    if (number && word_length(r->p) && !is_logic(r->p)) {
        r->p += word_length(r->p);
        end = r->p;
    }
    if (end == start)
        return (char *)unexpected(r, "a value");
    return g_strndup(start, (gsize)(end - start));
}

static bool parse_bool(const char *text, bool *out)
{
    static const char *const yes[] = {"true", "yes", "on", NULL};
    static const char *const no[] = {"false", "no", "off", NULL};
    *out = g_strv_contains(yes, text);
    return *out || g_strv_contains(no, text);
}

static bool set_ratio(struct when *w, const char *text)
{
    struct rational ratio;
    if (!rational_parse(text, &ratio))
        return false;
    w->value = rational_value(ratio);
    w->text = rational_text(ratio);
    return true;
}

/* Reads the value as the fact's type has it; false when it isn't one, with *hint. */
static bool set_value(struct when *w, const char *text, char **hint)
{
    switch (w->fact->type) {
    case FACT_TEXT:
    case FACT_LIST:
        w->text = g_strdup(text);
        return true;
    case FACT_KIND:
        *hint = g_strdup("allowed: video, audio, image");
        w->text = g_strdup(text);
        return kind_from_name(text) != KIND_NONE;
    case FACT_BOOL:
        *hint = g_strdup("allowed: true, false");
        if (!parse_bool(text, &w->truth))
            return false;
        w->text = g_strdup(w->truth ? "true" : "false");
        return true;
    case FACT_RATIONAL:
        *hint = g_strdup("write it like 25, 23.976 or 30000/1001");
        return set_ratio(w, text);
    default:
        *hint = g_strdup_printf("write a number%s%s", *w->fact->unit ? " in " : "", w->fact->unit);
        if (!unit_parse(text, fact_unit(w->fact), &w->value))
            return false;
        w->text = unit_text(w->value, fact_unit(w->fact));
        return true;
    }
}

static bool has_order(const struct fact *fact)
{
    return fact->type != FACT_TEXT && fact->type != FACT_LIST && fact->type != FACT_KIND &&
           fact->type != FACT_BOOL;
}

static bool read_comparison(struct reader *r, struct when *w, const char *fact_start,
                            const char *op_start)
{
    struct mark fact_at = here(r, fact_start, word_length(fact_start));
    if (w->fact->type == FACT_SPANS) {
        diag_error(r->diag, fact_at, "write it alone: true when there are any",
                   "%s has no value to compare", w->fact->name);
        return false;
    }
    if (w->op >= WHEN_LESS && !has_order(w->fact)) {
        diag_error(r->diag, here(r, op_start, strlen(when_op_text[w->op])),
                   "allowed: == !=", "%s can't be compared with \"%s\"", w->fact->name,
                   when_op_text[w->op]);
        return false;
    }
    skip_space(r);
    const char *start = r->p;
    g_autofree char *text = read_value(r), *hint = NULL;
    if (!text)
        return false;
    if (set_value(w, text, &hint))
        return true;
    diag_error(r->diag, here(r, start, strlen(text)), hint, "\"%s\" is not a value of %s", text,
               w->fact->name);
    return false;
}

static struct when *read_condition(struct reader *r)
{
    skip_space(r);
    const char *fact_start = r->p;
    if ((!g_ascii_isalpha(*r->p) && *r->p != '_') || is_logic(r->p))
        return unexpected(r, "the name of a fact");
    const struct fact *fact = read_fact(r);
    if (!fact)
        return NULL;
    struct when *w = when_new(WHEN_KNOWN);
    w->fact = fact;
    skip_space(r);
    const char *op_start = r->p;
    if (*r->p == '=' && r->p[1] != '=') {
        diag_error(r->diag, here(r, r->p, 1), "write \"==\"", "\"=\" is not a comparison");
        g_clear_pointer(&w, when_destroy);
    } else if (read_op(r, &w->op)) {
        w->kind = WHEN_COMPARE;
        if (!read_comparison(r, w, fact_start, op_start))
            g_clear_pointer(&w, when_destroy);
    }
    return w;
}

static bool go_deeper(struct reader *r)
{
    if (++r->depth <= MAX_DEPTH)
        return true;
    diag_error(r->diag, r->at, "write a simpler condition",
               "this condition is nested more than %d levels deep", MAX_DEPTH);
    return false;
}

static struct when *read_group(struct reader *r)
{
    r->p++;
    struct when *inner = read_or(r);
    skip_space(r);
    if (inner && *r->p == ')') {
        r->p++;
        return inner;
    }
    if (inner)
        unexpected(r, "\")\"");
    when_destroy(inner);
    return NULL;
}

static struct when *read_not(struct reader *r)
{
    struct when *result = NULL;
    skip_space(r);
    if (!go_deeper(r))
        return NULL;
    if (take_word(r, "not")) {
        struct when *inner = read_not(r);
        if (inner) {
            result = when_new(WHEN_NOT);
            g_ptr_array_add(result->parts, inner);
        }
    } else {
        result = *r->p == '(' ? read_group(r) : read_condition(r);
    }
    r->depth--;
    return result;
}

/* Parts joined by one word. A single part stands for itself. */
static struct when *read_joined(struct reader *r, enum when_kind kind, const char *word,
                                struct when *(*read_part)(struct reader *))
{
    struct when *joined = when_new(kind);
    do {
        struct when *part = read_part(r);
        if (!part) {
            when_destroy(joined);
            return NULL;
        }
        g_ptr_array_add(joined->parts, part);
    } while (take_word(r, word));
    if (joined->parts->len > 1)
        return joined;
    struct when *only = g_ptr_array_steal_index(joined->parts, 0);
    when_destroy(joined);
    return only;
}

static struct when *read_and(struct reader *r)
{
    return read_joined(r, WHEN_AND, "and", read_not);
}

static struct when *read_or(struct reader *r)
{
    return read_joined(r, WHEN_OR, "or", read_and);
}

struct when *when_parse(const char *text, struct mark at, struct diag *diag)
{
    struct reader r = {.text = text, .p = text, .at = at, .diag = diag};
    struct when *when = read_or(&r);
    if (!when)
        return NULL;
    skip_space(&r);
    if (!*r.p)
        return when;
    unexpected(&r, "\"and\", \"or\" or the end");
    when_destroy(when);
    return NULL;
}
