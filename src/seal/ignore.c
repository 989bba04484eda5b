/* SPDX-License-Identifier: GPL-3.0-or-later
 * A pattern becomes a regular expression for the whole path. */
#include "seal/ignore.h"

#include <string.h>

struct rule {
    GRegex *regex;
    bool takes_back, folders_only;
};

struct ignore {
    GArray *rules; /* struct rule */
};

static void clear_rule(gpointer data)
{
    g_regex_unref(((struct rule *)data)->regex);
}

/* "[a-z]" or "[!a-z]" from `from`; NULL when it doesn't end. */
static const char *put_class(GString *out, const char *from)
{
    bool negated = from[1] == '!' || from[1] == '^';
    const char *first = from + 1 + negated;
    const char *end = *first ? strchr(first + 1, ']') : NULL;
    if (!end)
        return NULL;
    g_string_append(out, negated ? "(?!/)[^" : "(?!/)[");
    for (const char *p = first; p < end; p++) {
        if (strchr("\\[]^", *p))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *p);
    }
    g_string_append_c(out, ']');
    return end + 1;
}

static const char *put_stars(GString *out, const char *start, const char *p)
{
    bool deep = p[1] == '*' && (p == start || p[-1] == '/');
    if (deep && p[2] == '/') {
        g_string_append(out, "(?:.*/)?");
        return p + 3;
    }
    g_string_append(out, deep && !p[2] ? ".+" : "[^/]*");
    return p + strspn(p, "*");
}

static void put_literal(GString *out, const char *p)
{
    g_autofree char *quoted = g_regex_escape_string(p, 1);
    g_string_append(out, quoted);
}

static void put_pattern(GString *out, const char *pattern)
{
    for (const char *p = pattern; *p;) {
        const char *behind = *p == '[' ? put_class(out, p) : NULL;
        if (behind) {
            p = behind;
        } else if (*p == '*') {
            p = put_stars(out, pattern, p);
        } else if (*p == '?') {
            g_string_append(out, "[^/]");
            p++;
        } else {
            p += *p == '\\' && p[1];
            put_literal(out, p++);
        }
    }
}

static char *without_trailing_blanks(const char *pattern)
{
    gsize length = strlen(pattern);
    while (length && pattern[length - 1] == ' ' && (length < 2 || pattern[length - 2] != '\\'))
        length--;
    return g_strndup(pattern, length);
}

static void add_rule(struct ignore *ignore, const char *pattern)
{
    g_autofree char *owned = without_trailing_blanks(pattern);
    char *text = owned;
    struct rule rule = {.takes_back = *text == '!'};
    text += rule.takes_back;
    gsize length = strlen(text);
    rule.folders_only = length > 1 && text[length - 1] == '/';
    if (rule.folders_only)
        text[length - 1] = '\0';
    g_autoptr(GString) regex = g_string_new(strchr(text, '/') ? "^" : "^(?:.*/)?");
    put_pattern(regex, text + (*text == '/'));
    g_string_append_c(regex, '$');
    rule.regex = *text ? g_regex_new(regex->str,
                                     G_REGEX_RAW | G_REGEX_DOTALL | G_REGEX_DOLLAR_ENDONLY, 0, NULL)
                       : NULL;
    if (rule.regex)
        g_array_append_val(ignore->rules, rule);
}

struct ignore *ignore_create(const GPtrArray *patterns)
{
    struct ignore *ignore = g_new0(struct ignore, 1);
    ignore->rules = g_array_new(FALSE, FALSE, sizeof(struct rule));
    g_array_set_clear_func(ignore->rules, clear_rule);
    for (guint i = 0; i < patterns->len; i++)
        add_rule(ignore, patterns->pdata[i]);
    return ignore;
}

void ignore_destroy(struct ignore *ignore)
{
    if (!ignore)
        return;
    g_array_unref(ignore->rules);
    g_free(ignore);
}

bool ignore_has(const struct ignore *ignore, const char *path, bool is_folder)
{
    for (guint i = ignore->rules->len; i > 0; i--) {
        const struct rule *rule = &g_array_index(ignore->rules, struct rule, i - 1);
        if ((is_folder || !rule->folders_only) && g_regex_match(rule->regex, path, 0, NULL))
            return !rule->takes_back;
    }
    return false;
}
