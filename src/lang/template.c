/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a template consists of: pieces, names, filters; checking it. */
#include "lang/template.h"

#include "pieces.h"
#include "text.h"

#include <string.h>

const char template_filter_help[] =
    "filters: lower, upper, slug, 03 (pad a number to 3 digits), 8 (first 8 characters)";

const struct template_name template_names[] = {
    {"stem", "file name of the source without its extension"},
    {"name", "file name of the source"},
    {"ext", "extension of the source; at the very end of a path: of the output"},
    {"dir", "folder of the source below the input folder"},
    {"output", "name of the output"},
    {"job", "name of the job"},
    {"index", "number of the source in its job, from 1"},
    {"page", "number of a contact sheet among those of its job's stills, from 1"},
    {"date", "day of the run, YYYY-MM-DD"},
    {"width", "width of the source as displayed, in pixels"},
    {"height", "height of the source as displayed, in pixels"},
    {"fps", "frame rate of the source"},
    {"timecode", "timecode of the first frame"},
    {"reel", "reel or tape name"},
    {"hash", "hash of the source's content; \"hash|8\" for its first 8 digits"},
};
const unsigned template_name_count = G_N_ELEMENTS(template_names);

bool template_name_known(const char *name)
{
    for (unsigned i = 0; i < template_name_count; i++)
        if (strcmp(template_names[i].name, name) == 0)
            return true;
    const struct fact *fact = fact_find(name);
    return fact && !fact_is_beside(fact);
}

/* All names, NULL-terminated; caller frees the array only. */
static const char **name_list(GHashTable *vars)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    g_autoptr(GList) own = vars ? g_hash_table_get_keys(vars) : NULL;
    own = g_list_sort(own, (GCompareFunc)strcmp);
    for (const GList *name = own; name; name = name->next)
        g_ptr_array_add(names, name->data);
    for (unsigned i = 0; i < template_name_count; i++)
        g_ptr_array_add(names, (gpointer)template_names[i].name);
    for (unsigned i = 0; i < fact_count; i++) {
        guint unused;
        if (fact_is_beside(&fact_table[i]))
            continue;
        if (!g_ptr_array_find_with_equal_func(names, fact_table[i].name, g_str_equal, &unused))
            g_ptr_array_add(names, (gpointer)fact_table[i].name);
        if (fact_table[i].alias)
            g_ptr_array_add(names, (gpointer)fact_table[i].alias);
    }
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_steal(names, NULL);
}

static void read_name(const char *body, size_t length, struct piece *piece)
{
    g_autofree char *inside = g_strndup(body, length);
    g_auto(GStrv) parts = g_strsplit(inside, "|", -1);
    for (char **part = parts; *part; part++)
        g_strstrip(*part);
    piece->name = g_strdup(parts[0] ? parts[0] : "");
    piece->filters = g_strdupv(parts[0] ? parts + 1 : parts);
}

bool piece_next(const char *text, size_t *offset, struct piece *piece)
{
    const char *p = text + *offset;
    *piece = (struct piece){.start = *offset};
    if (!*p)
        return false;
    if (strncmp(p, "$${", 3) == 0) {
        piece->kind = PIECE_DOLLAR;
        piece->length = 3;
    } else if (strncmp(p, "${", 2) == 0) {
        const char *end = strchr(p, '}');
        piece->kind = end ? PIECE_NAME : PIECE_BAD;
        piece->length = end ? (size_t)(end + 1 - p) : strlen(p);
        if (end)
            read_name(p + 2, (size_t)(end - p) - 2, piece);
    } else {
        size_t n = 1;
        while (p[n] && strncmp(p + n, "${", 2) != 0 && strncmp(p + n, "$${", 3) != 0)
            n++;
        piece->length = n;
    }
    *offset += piece->length;
    return true;
}

void piece_clear(struct piece *piece)
{
    g_free(piece->name);
    g_strfreev(piece->filters);
    *piece = (struct piece){0};
}

static bool is_width(const char *filter)
{
    size_t digits = strspn(filter, "0123456789");
    return digits > 0 && digits <= 3 && !filter[digits] && g_ascii_strtoll(filter, NULL, 10) > 0;
}

bool filter_known(const char *filter)
{
    static const char *const names[] = {"lower", "upper", "slug", NULL};
    return g_strv_contains(names, filter) || is_width(filter);
}

/* Letters, digits and single dashes between them. */
static char *slug(const char *value)
{
    GString *out = g_string_new(NULL);
    for (const char *p = value; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (g_unichar_isalnum(c))
            g_string_append_unichar(out, g_unichar_tolower(c));
        else if (out->len && out->str[out->len - 1] != '-')
            g_string_append_c(out, '-');
    }
    if (out->len && out->str[out->len - 1] == '-')
        g_string_truncate(out, out->len - 1);
    return g_string_free(out, FALSE);
}

static char *pad(const char *value, size_t width)
{
    size_t sign = *value == '-', digits = strspn(value + sign, "0123456789");
    GString *out = g_string_new(value);
    for (; digits < width; digits++)
        g_string_insert_c(out, (gssize)sign, '0');
    return g_string_free(out, FALSE);
}

static char *filter_apply(const char *filter, const char *value)
{
    if (strcmp(filter, "lower") == 0)
        return g_utf8_strdown(value, -1);
    if (strcmp(filter, "upper") == 0)
        return g_utf8_strup(value, -1);
    if (strcmp(filter, "slug") == 0)
        return slug(value);
    glong width = (glong)g_ascii_strtoll(filter, NULL, 10);
    return *filter == '0' ? pad(value, (size_t)width)
                          : g_utf8_substring(value, 0, MIN(width, g_utf8_strlen(value, -1)));
}

char *filters_apply(const struct piece *piece, const char *value)
{
    if (!*piece->filters)
        return g_strdup(value);
    char *result = g_utf8_make_valid(value, -1);
    for (char **filter = piece->filters; *filter; filter++) {
        char *next = filter_apply(*filter, result);
        g_free(result);
        result = next;
    }
    return result;
}

bool template_is(const char *text)
{
    return strstr(text, "${") != NULL;
}

bool template_names_it(const char *text, const char *name)
{
    bool found = false;
    struct piece piece;
    for (size_t offset = 0; piece_next(text, &offset, &piece); piece_clear(&piece))
        found |= piece.kind == PIECE_NAME && strcmp(piece.name, name) == 0;
    return found;
}

static bool check_piece(const char *text, const struct piece *piece, struct mark at,
                        GHashTable *vars, struct diag *diag)
{
    struct mark here = mark_within(at, text, piece->start, piece->length);
    if (piece->kind == PIECE_BAD) {
        diag_error(diag, here, "close it with \"}\", or write \"$${\" for the characters \"${\"",
                   "\"${\" is not closed");
        return false;
    }
    if (!template_name_known(piece->name)) {
        g_autofree const char **names = name_list(vars);
        g_autofree char *hint = name_hint(piece->name, names);
        diag_error(diag, here, hint, "there is no \"${%s}\"", piece->name);
        return false;
    }
    for (char **filter = piece->filters; *filter; filter++) {
        if (!filter_known(*filter)) {
            diag_error(diag, here, template_filter_help, "there is no filter \"%s\"", *filter);
            return false;
        }
    }
    return true;
}

bool template_check_vars(const char *text, struct mark at, GHashTable *vars, struct diag *diag)
{
    bool fine = true;
    struct piece piece;
    for (size_t offset = 0; piece_next(text, &offset, &piece); piece_clear(&piece))
        if (piece.kind == PIECE_NAME || piece.kind == PIECE_BAD)
            fine &= check_piece(text, &piece, at, vars, diag);
    return fine;
}

bool template_check(const char *text, struct mark at, struct diag *diag)
{
    return template_check_vars(text, at, NULL, diag);
}

bool template_check_tree(const struct node *node, GHashTable *vars, struct diag *diag)
{
    bool fine = true;
    if (node && node->kind == NODE_SCALAR)
        return template_check_vars(node->text, node->at, vars, diag);
    for (guint i = 0; i < node_length(node); i++)
        fine &= template_check_tree(node_item(node, i), vars, diag);
    return fine;
}
