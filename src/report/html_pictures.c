/* SPDX-License-Identifier: GPL-3.0-or-later
 * The stills and previews of a run, inside the page, so that it can be mailed. Only what is small
 * enough. */
#include "html.h"

#include "escape.h"
#include "model/task.h"

enum { PICTURES = 24, PICTURE_BYTES = 512 * 1024 };

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
    if (size == 0 || size > PICTURE_BYTES)
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

static void put_pictures(GString *out, const struct report *report, bool previews)
{
    const char *id = previews ? "previews" : "pictures", *title = previews ? "Grades" : "Stills";
    unsigned shown = 0;
    for (guint i = 0; i < report->outputs->len && shown < PICTURES; i++) {
        const struct report_output *output = output_at(report, i);
        g_autofree char *data = is_preview(output) == previews ? still_data(report, output) : NULL;
        if (!data)
            continue;
        if (shown++ == 0)
            append_markup(out,
                          "<section aria-labelledby=\"%s\">\n<h2 id=\"%s\">%s</h2>\n<ul "
                          "class=\"%s\">\n",
                          id, id, title, id);
        append_markup(out, "<li><img src=\"%s\" alt=\"\"><bdi>%s</bdi></li>\n", data, output->path);
    }
    if (shown)
        g_string_append(out, "</ul>\n</section>\n");
}

void html_pictures(GString *out, const struct report *report)
{
    put_pictures(out, report, true);
    put_pictures(out, report, false);
}
