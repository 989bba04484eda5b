/* SPDX-License-Identifier: GPL-3.0-or-later
 * Patterns, matched in a time that no pattern can make grow. */
#include "seal/ignore.h"

#include <string.h>

struct rule {
    char *pattern; /* "" of those that match nothing */
    bool takes_back, folders_only, at_any_depth;
};

struct ignore {
    GArray *rules; /* struct rule */
};

static void clear_rule(gpointer data)
{
    g_free(((struct rule *)data)->pattern);
}

/* Behind "[a-z]" or "[!a-z]"; NULL when it doesn't end. */
static const char *class_end(const char *from)
{
    const char *first = from + 1 + (from[1] == '!' || from[1] == '^');
    const char *end = *first ? strchr(first + 1, ']') : NULL;
    return end ? end + 1 : NULL;
}

static bool class_has(const char *from, const char *end, char c)
{
    bool negated = from[1] == '!' || from[1] == '^', found = false;
    const char *p = from + 1 + negated, *last = end - 1;
    while (p < last) {
        bool range = p + 2 < last && p[1] == '-';
        guint8 low = (guint8)p[0], high = (guint8)p[range ? 2 : 0], at = (guint8)c;
        found |= low <= at && at <= high;
        p += range ? 3 : 1;
    }
    return found != negated;
}

/* Behind the one element of a pattern that takes this character, or NULL. */
static const char *take_one(const char *pattern, char c)
{
    const char *end = *pattern == '[' ? class_end(pattern) : NULL;
    if (c == '/')
        return *pattern == '/' ? pattern + 1 : NULL;
    if (end)
        return class_has(pattern, end, c) ? end : NULL;
    if (*pattern == '?')
        return pattern + 1;
    pattern += *pattern == '\\' && pattern[1];
    return *pattern && *pattern == c ? pattern + 1 : NULL;
}

/* Where matching goes on when what follows a star doesn't fit: the star takes one more. */
struct star {
    const char *pattern; /* behind it; NULL: there was none */
    const char *path;    /* what follows it began here */
};

/* "**" with its slashes, or at the end, stands for any folders: it takes whole names. */
static bool is_deep(const char *whole, const char *p)
{
    return p[0] == '*' && p[1] == '*' && (p == whole || p[-1] == '/') && (!p[2] || p[2] == '/');
}

static bool grow(struct star *star, bool by_names)
{
    if (!star->pattern)
        return false;
    const char *slash = by_names ? strchr(star->path, '/') : NULL;
    bool can = by_names ? slash != NULL : *star->path && *star->path != '/';
    if (can)
        star->path = by_names ? slash + 1 : star->path + 1;
    return can;
}

/* Of each kind of star only the last one is gone back to: what an earlier one could take instead,
 * the later takes as well. So the time is bounded by the product of both lengths, and that twice
 * for "**". */
static bool matches(const char *whole, const char *path)
{
    struct star star = {NULL, NULL}, deep = {NULL, NULL};
    const char *p = whole;
    while (*p || *path) {
        const char *next = NULL;
        if (is_deep(whole, p)) {
            if (!p[2])
                return *path != '\0';
            p += 3;
            deep = (struct star){p, path};
            star.pattern = NULL;
        } else if (*p == '*') {
            p += strspn(p, "*");
            star = (struct star){p, path};
        } else if (*path && (next = take_one(p, *path))) {
            p = next;
            star.pattern = *path == '/' ? NULL : star.pattern;
            path++;
        } else if (grow(&star, false)) {
            p = star.pattern;
            path = star.path;
        } else if (grow(&deep, true)) {
            star.pattern = NULL;
            p = deep.pattern;
            path = deep.path;
        } else {
            return false;
        }
    }
    return true;
}

static bool rule_has(const struct rule *rule, const char *path)
{
    const char *name = strrchr(path, '/');
    return *rule->pattern && matches(rule->pattern, rule->at_any_depth && name ? name + 1 : path);
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
    rule.at_any_depth = !strchr(text, '/');
    rule.pattern = g_strdup(text + (*text == '/'));
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
        if ((is_folder || !rule->folders_only) && rule_has(rule, path))
            return !rule->takes_back;
    }
    return false;
}
