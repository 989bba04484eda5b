/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures inside the page, so that it can be mailed: of each output its source and itself at the
 * same moment, and the previews of grades, large. Only what is small enough. */
#include "html.h"

#include "escape.h"
#include "model/task.h"

#include <math.h>
#include <string.h>

/* With 500 outputs and all else that is said of them, the page stays below 20 MB. */
enum {
    PREVIEWS = 24,
    PREVIEW_BYTES = 512 * 1024,
    PREVIEWS_BYTES = 3 << 20,
    GLIMPSES_BYTES = 11 << 20
};

/* --- of each output --- */

static void put_glimpse(struct html_rows *rows, GBytes *picture, const char *what, double at_s)
{
    gsize size;
    const guchar *bytes = g_bytes_get_data(picture, &size);
    g_autofree char *code = g_base64_encode(bytes, size);
    g_autofree char *time = isfinite(at_s) ? seconds_text(at_s) : NULL;
    append_markup(rows->out, "<img class=\"%s\" src=\"data:image/jpeg;base64,%s\" alt=\"%s%s%s\">",
                  what, code, what, time ? " at " : "", time ? time : "");
    rows->picture_bytes += strlen(code);
}

void html_glimpses(struct html_rows *rows, const struct report_output *output)
{
    const struct glance *glance = output->glance;
    const bool any = glance_has_pictures(glance);
    const bool room = rows->picture_bytes < GLIMPSES_BYTES;
    g_string_append(rows->out, "<td role=\"cell\" class=\"pair\">");
    if (any && !room)
        g_string_append(rows->out, "<span class=\"quiet\">no room for more pictures</span>");
    if (any && room && glance->before)
        put_glimpse(rows, glance->before, "before", NAN);
    if (any && room && glance->after)
        put_glimpse(rows, glance->after, "after", glance->moment_s);
    g_string_append(rows->out, "</td>");
}

/* --- previews --- */

static const char *media_type(const char *path)
{
    static const char *const types[][2] = {{".jpg", "image/jpeg"},
                                           {".jpeg", "image/jpeg"},
                                           {".png", "image/png"},
                                           {".webp", "image/webp"},
                                           {".avif", "image/avif"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i][0]))
            return types[i][1];
    return NULL;
}

/* "data:image/jpeg;base64,…" of a published still, or NULL. */
static char *still_data(const struct report *report, const struct report_output *output)
{
    const char *type = output_is_published(output) ? media_type(output->path) : NULL;
    if (!type || !report->out_dir)
        return NULL;
    g_autofree char *path = g_build_filename(report->out_dir, output->path, NULL);
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, NULL);
    gsize size = file ? g_mapped_file_get_length(file) : 0;
    if (size == 0 || size > PREVIEW_BYTES)
        return NULL;
    g_autofree char *code = g_base64_encode((const guchar *)g_mapped_file_get_contents(file), size);
    return g_strdup_printf("data:%s;base64,%s", type, code);
}

static bool is_preview(const struct report_output *output)
{
    for (guint i = 0; i < output->steps->len; i++)
        if (g_str_has_prefix(output->steps->pdata[i], NOTE_PREVIEW))
            return true;
    return false;
}

void html_pictures(GString *out, const struct report *report)
{
    unsigned shown = 0;
    gsize bytes = 0;
    for (guint i = 0; i < report->outputs->len && shown < PREVIEWS && bytes < PREVIEWS_BYTES; i++) {
        const struct report_output *output = output_at(report, i);
        g_autofree char *data = is_preview(output) ? still_data(report, output) : NULL;
        if (!data)
            continue;
        if (shown++ == 0)
            g_string_append(out, "<section aria-labelledby=\"previews\">\n<h2 "
                                 "id=\"previews\">Grades</h2>\n<ul class=\"previews\">\n");
        append_markup(out,
                      "<li><img src=\"%s\" alt=\"moments before and after, with their "
                      "scopes\"><bdi>%s</bdi></li>\n",
                      data, output->path);
        bytes += strlen(data);
    }
    if (shown)
        g_string_append(out, "</ul>\n</section>\n");
}
