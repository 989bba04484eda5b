/* SPDX-License-Identifier: GPL-3.0-or-later
 * report.html: one page that needs nothing else. No network and no script but our own, and a policy
 * that says so to the browser (Content Security Policy 3, a hash source): names of files can't
 * become more than text. It is whole without the script. */
#include "html.h"

#include "escape.h"
#include "model/sandbox.h"

#include <string.h>

/* "sha256-…" of the script; caller frees. */
static char *script_hash(void)
{
    guint8 digest[32];
    gsize length = sizeof digest;
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    g_checksum_update(sum, (const guchar *)html_script, -1);
    g_checksum_get_digest(sum, digest, &length);
    g_autofree char *text = g_base64_encode(digest, length);
    return g_strconcat("sha256-", text, NULL);
}

static void put_head(GString *out, const char *title)
{
    g_autofree char *hash = script_hash();
    g_string_append_printf(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
        "'unsafe-inline'; img-src data:; script-src '%s'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width\">\n"
        "<meta name=\"referrer\" content=\"no-referrer\">\n",
        hash);
    append_markup(out, "<title>%s</title>\n", title);
    g_string_append_printf(out,
                           "<style>%s</style>\n</head>\n<body>\n<a class=\"skip\" "
                           "href=\"#outputs\">To the outputs</a>\n",
                           html_style);
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

static const char *title_of(const struct report *report)
{
    return report->name ? report->name : report->pipeline ? report->pipeline : "rushes";
}

static void put_header(GString *out, const struct report *report)
{
    const char *status = report_status(report);
    const char *look = strcmp(status, "interrupted") == 0 ? "cancelled" : status;
    g_autofree char *time = seconds_text(report->seconds);
    append_markup(out, "<header>\n<p class=\"verdict %s\">%s</p>\n<h1>%s</h1>\n", look,
                  verdict(report), title_of(report));
    if (report->name && report->pipeline)
        append_markup(out, "<p class=\"quiet\">by <bdi class=\"path\">%s</bdi></p>\n",
                      report->pipeline);
    g_autofree char *started = started_text(report->started);
    append_markup(out, "<p class=\"quiet\">%s took %s \xc2\xb7 run %s \xc2\xb7 exit code %d</p>\n",
                  started, time, report->run, report->exit_code);
    if (report->out_dir)
        append_markup(out, "<p class=\"quiet\">in <bdi class=\"path\">%s</bdi></p>\n",
                      report->out_dir);
    if (report->sandbox >= 0) {
        g_autofree char *layers = sandbox_names((unsigned)report->sandbox);
        append_markup(out, "<p class=\"quiet\">sandbox: %s (it locks decoders in)</p>\n", layers);
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

static void put_settings(GString *out, const GPtrArray *all)
{
    if (all->len == 0)
        return;
    g_string_append(out, "<section aria-labelledby=\"settings\">\n<h2 id=\"settings\">Settings"
                         "</h2>\n<p class=\"quiet\">Each value and the line that set it, by the "
                         "example of one file. <code>rushes plan --explain</code> says it of any."
                         "</p>\n<div class=\"panel padded\">\n");
    for (guint i = 0; i < all->len; i++) {
        const struct report_settings *settings = all->pdata[i];
        append_markup(out, "<details><summary>%s/%s</summary><pre>", settings->job,
                      settings->output);
        append_lines(out, settings->text);
        g_string_append(out, "</pre></details>\n");
    }
    g_string_append(out, "</div>\n</section>\n");
}

char *report_to_html(const struct report *report)
{
    GString *out = g_string_new(NULL);
    g_autofree char *title = g_strdup_printf("%s: %s", title_of(report), verdict(report));
    put_head(out, title);
    put_header(out, report);
    g_string_append(out, "<main>\n");
    html_problems(out, report);
    html_pictures(out, report);
    html_table(out, report);
    html_times(out, report);
    put_settings(out, report->settings);
    put_notes(out, report->notes);
    append_markup(out, "</main>\n<footer>rushes %s</footer>\n", report->version);
    g_string_append_printf(out, "<script>%s</script>\n</body>\n</html>\n", html_script);
    return g_string_free(out, FALSE);
}
