/* SPDX-License-Identifier: GPL-3.0-or-later
 * What became of a still's tags. */
#include "told.h"

#include "../private.h"

#include <string.h>

struct carried_row *told_row(const GPtrArray *told, const char *what)
{
    for (guint i = 0; i < told->len; i++)
        if (strcmp(((struct carried_row *)told->pdata[i])->what, what) == 0)
            return told->pdata[i];
    return NULL;
}

struct carried_row *told_tell(GPtrArray *told, enum keep keep, const char *what)
{
    struct carried_row *row = told_row(told, what);
    if (row)
        return row;
    row = carried_copy(
        &(struct carried_row){.keep = keep, .stream = -1, .what = (char *)what, .fate = FATE_KEPT});
    g_ptr_array_add(told, row);
    return row;
}

void told_drop(GPtrArray *told, enum keep keep, const char *what, const char *why)
{
    if (!what)
        return;
    struct carried_row *row = told_tell(told, keep, what);
    row->fate = FATE_DROPPED;
    g_clear_pointer(&row->after, g_free);
    g_free(row->why);
    row->why = g_strdup(why);
}

bool told_dropped(const GPtrArray *told, const char *what)
{
    const struct carried_row *row = told_row(told, what);
    return row && row->fate == FATE_DROPPED;
}

void told_note(struct still *still, const GPtrArray *told)
{
    g_autoptr(GString) list = g_string_new(NULL);
    for (guint i = 0; i < told->len; i++) {
        const struct carried_row *row = told->pdata[i];
        if (row->fate == FATE_DROPPED)
            g_string_append_printf(list, "%s%s", list->len ? ", " : "", row->what);
    }
    if (list->len)
        still_note(still, "dropped: %s", list->str);
}

void told_keep(struct still *still, const GPtrArray *told)
{
    if (!still->carried && told->len)
        still->carried = carried_new();
    for (guint i = 0; i < told->len; i++)
        g_ptr_array_add(still->carried, carried_copy(told->pdata[i]));
}

void told_lose(struct still *still, enum keep keep, const char *what, const char *why)
{
    g_autoptr(GPtrArray) told = carried_new();
    told_drop(told, keep, what, why);
    told_note(still, told);
    told_keep(still, told);
}

void told_lose_others(struct still *still, int count, const char *things)
{
    g_autofree char *what = g_strdup_printf("all but the first of %d %s", count, things);
    told_lose(still, KEEP_TRACKS, what, "the output is one picture");
}

const GPtrArray *still_carried(const struct still *still)
{
    return still->carried;
}
