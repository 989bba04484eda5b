/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rows made as wide as they need to be; what is much longer than the rest of its column sticks out.
 */
#include "columns.h"

enum { WIDTH_MAX = 72 };

struct columns {
    GPtrArray *texts; /* char *, COLUMNS a row */
    glong width[COLUMNS];
};

struct columns *columns_create(void)
{
    struct columns *columns = g_new0(struct columns, 1);
    columns->texts = g_ptr_array_new_with_free_func(g_free);
    return columns;
}

void columns_add(struct columns *columns, const char *a, const char *b, const char *c,
                 const char *d)
{
    const char *texts[COLUMNS] = {a, b, c, d};
    for (int i = 0; i < COLUMNS; i++) {
        const glong width = g_utf8_strlen(texts[i] ? texts[i] : "", -1);
        g_ptr_array_add(columns->texts, g_strdup(texts[i] ? texts[i] : ""));
        columns->width[i] = MAX(columns->width[i], MIN(width, WIDTH_MAX));
    }
}

static void append_row(GString *out, const struct columns *columns, guint row)
{
    GString *line = g_string_new(NULL);
    for (guint i = 0; i < COLUMNS; i++) {
        const char *text = columns->texts->pdata[row * COLUMNS + i];
        glong pad = MAX(columns->width[i] - g_utf8_strlen(text, -1), 0);
        if (columns->width[i])
            g_string_append_printf(line, "  %s%*s", text, (int)pad, "");
    }
    g_string_append_printf(out, "%s\n", g_strchomp(line->str));
    g_string_free(line, TRUE);
}

void columns_finish(struct columns *columns, GString *out)
{
    for (guint row = 0; row < columns->texts->len / COLUMNS; row++)
        append_row(out, columns, row);
    g_ptr_array_unref(columns->texts);
    g_free(columns);
}
