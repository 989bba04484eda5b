/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.html: one page that needs nothing else. No script and no network, and a policy that
 * says so to the browser: names of files can't become more than text. */
#include "html.h"

#include "escape.h"
#include "model/sandbox.h"

#include <string.h>

static void put_head(GString *out, const char *title)
{
    g_string_append(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
                         "'none'; style-src 'unsafe-inline'; img-src data:\">\n"
                         "<meta name=\"viewport\" content=\"width=device-width\">\n"
                         "<meta name=\"referrer\" content=\"no-referrer\">\n");
    append_markup(out, "<title>%s</title>\n", title);
    g_string_append_printf(out, "<style>%s</style>\n</head>\n<body>\n", html_style);
}

static void put_bar(GString *out, const struct report *report)
{
    g_string_append(out, "<div class=\"bar\" aria-hidden=\"true\">");
    for (int i = 0; i <= OUTPUT_CANCELLED; i++)
        if (report->totals[i] > 0)
            append_markup(out, "<i class=\"%s\" style=\"flex-grow:%u\"></i>",
                          output_status_name((enum output_status)i), report->totals[i]);
    g_string_append(out, "</div>\n<ul class=\"counts\">\n");
    for (int i = 0; i <= OUTPUT_CANCELLED; i++)
        if (report->totals[i] > 0)
            append_markup(out, "<li><b class=\"%s\">%u</b><span>%s</span></li>\n",
                          output_status_name((enum output_status)i), report->totals[i],
                          status_words((enum output_status)i));
    g_string_append(out, "</ul>\n");
}

static const char *verdict(const struct report *report)
{
    const char *status = report_status(report);
    if (strcmp(status, "failed") == 0)
        return report->totals[OUTPUT_FAILED] > 0 ? "Some outputs failed"
               : report->unread->len > 0         ? "Some inputs can't be read"
                                                 : "The run failed";
    return strcmp(status, "done") == 0          ? "All done, all in spec"
           : strcmp(status, "out_of_spec") == 0 ? "Some outputs are out of spec"
                                                : "Interrupted";
}

/* "started 2026-11-21 22:00 UTC," of "2026-11-21T22:00:05Z". */
static char *started_text(const char *iso)
{
    g_autoptr(GDateTime) at = iso ? g_date_time_new_from_iso8601(iso, NULL) : NULL;
    return at ? g_date_time_format(at, "started %Y-%m-%d %H:%M UTC,") : g_strdup("it");
}

static void put_header(GString *out, const struct report *report)
{
    const char *status = report_status(report);
    const char *look = strcmp(status, "interrupted") == 0 ? "cancelled" : status;
    g_autofree char *time = seconds_text(report->seconds);
    append_markup(out, "<header>\n<p class=\"verdict %s\">%s</p>\n<h1>%s</h1>\n", look,
                  verdict(report), report->pipeline ? report->pipeline : "rushes");
    g_autofree char *started = started_text(report->started);
    append_markup(out, "<p class=\"quiet\">%s took %s \xc2\xb7 run %s \xc2\xb7 exit %d</p>\n",
                  started, time, report->run, report->exit_code);
    if (report->out_dir)
        append_markup(out, "<p class=\"quiet\">in <bdi class=\"path\">%s</bdi></p>\n",
                      report->out_dir);
    if (report->sandbox >= 0) {
        g_autofree char *layers = sandbox_names((unsigned)report->sandbox);
        append_markup(out, "<p class=\"quiet\">sandbox: %s</p>\n", layers);
    }
    put_bar(out, report);
    g_string_append(out, "</header>\n");
}

static void put_notes(GString *out, const GPtrArray *notes)
{
    if (notes->len == 0)
        return;
    g_string_append(out,
                    "<section aria-labelledby=\"notes\">\n<h2 id=\"notes\">Notes</h2>\n<ul>\n");
    for (guint i = 0; i < notes->len; i++)
        append_markup(out, "<li>%s</li>\n", (const char *)notes->pdata[i]);
    g_string_append(out, "</ul>\n</section>\n");
}

char *report_to_html(const struct report *report)
{
    GString *out = g_string_new(NULL);
    g_autofree char *title =
        g_strdup_printf("%s: %s", report->pipeline ? report->pipeline : "rushes", verdict(report));
    put_head(out, title);
    put_header(out, report);
    g_string_append(out, "<main>\n");
    html_problems(out, report);
    html_pictures(out, report);
    html_table(out, report);
    put_notes(out, report->notes);
    append_markup(out, "</main>\n<footer>rushes %s</footer>\n</body>\n</html>\n", report->version);
    return g_string_free(out, FALSE);
}
