/* SPDX-License-Identifier: GPL-3.0-or-later
 * Lists of names, and "did you mean": the nearest of one. */
#include "base/names.h"

#include "base/diag.h"

char *names_text(const char *const *names, guint count)
{
    enum { LISTED = 16 };
    GString *out = g_string_new(NULL);
    const guint shown = count > LISTED + 1 ? LISTED : count;
    for (guint i = 0; i < shown; i++) {
        g_autofree char *name = g_utf8_make_valid(names[i], -1);
        g_string_append_printf(out, "%s%s", i ? ", " : "", name);
    }
    if (shown < count)
        g_string_append_printf(out, " and %u more", count - shown);
    return g_string_free(out, FALSE);
}

char *names_text_of(const GPtrArray *names)
{
    return names_text((const char *const *)names->pdata, names->len);
}

static gunichar *folded(const char *text, glong *length)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    g_autofree char *fold = g_utf8_casefold(valid, -1);
    return g_utf8_to_ucs4_fast(fold, -1, length);
}

/* Optimal string alignment: insertions, deletions, replacements, and neighbours exchanged. */
static glong osa_distance(const gunichar *a, glong na, const gunichar *b, glong nb)
{
    g_autofree glong *rows = g_new(glong, 3 * (nb + 1));
    glong *before = rows, *last = rows + nb + 1, *row = rows + 2 * (nb + 1);
    for (glong j = 0; j <= nb; j++)
        last[j] = j;
    for (glong i = 1; i <= na; i++) {
        row[0] = i;
        for (glong j = 1; j <= nb; j++) {
            row[j] = MIN(MIN(last[j], row[j - 1]) + 1, last[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = MIN(row[j], before[j - 2] + 1);
        }
        glong *spare = before;
        before = last;
        last = row;
        row = spare;
    }
    return last[nb];
}

const char *nearest_name(const char *word, const char *const *candidates)
{
    glong length, other_length;
    g_autofree gunichar *wanted = folded(word, &length);
    glong best = MAX(1, length / 3) + 1;
    const char *nearest = NULL;
    for (; *candidates; candidates++) {
        g_autofree gunichar *other = folded(*candidates, &other_length);
        if (ABS(length - other_length) >= best)
            continue;
        glong distance = osa_distance(wanted, length, other, other_length);
        if (distance < best) {
            best = distance;
            nearest = *candidates;
        }
    }
    return nearest;
}

char *name_hint(const char *word, const char *const *candidates)
{
    GString *out = g_string_new(NULL);
    const char *nearest = nearest_name(word, candidates);
    if (nearest)
        g_string_append_printf(out, "did you mean \"%s\"? ", nearest);
    g_string_append(out, *candidates ? "allowed: " : "nothing is allowed here");
    g_autofree char *list = names_text(candidates, g_strv_length((char **)candidates));
    g_string_append(out, list);
    return g_string_free(out, FALSE);
}
