/* SPDX-License-Identifier: GPL-3.0-or-later
 * rushes-webhook: posts what is on its standard input, JSON, to RUSHES_WEBHOOK_URL. An address
 * that can't be reached, or whose server has trouble of its own (429, 5xx), is tried three times in
 * all. Certificates are checked; a redirection is not followed, since the report is meant for the
 * address that was written. Exit 0 taken, 1 not, with a sentence on standard error. */
#include <gio/gunixinputstream.h>
#include <libsoup/soup.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { TOO_MANY_REQUESTS = 429, TRIES = 3, TIMEOUT_S = 10, PAUSE_S = 1 };

/* Says nothing of the path and the query: there may be a secret in them. */
static void say(GUri *uri, const char *why)
{
    fprintf(stderr, "rushes-webhook: %s: %s\n", g_uri_get_host(uri), why);
}

static GBytes *standard_input(GError **error)
{
    g_autoptr(GInputStream) input = g_unix_input_stream_new(STDIN_FILENO, FALSE);
    g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable();
    if (g_output_stream_splice(memory, input, G_OUTPUT_STREAM_SPLICE_CLOSE_TARGET, NULL, error) < 0)
        return NULL;
    return g_memory_output_stream_steal_as_bytes(G_MEMORY_OUTPUT_STREAM(memory));
}

static bool is_worth_another_try(SoupMessage *message, const GError *error)
{
    guint status = soup_message_get_status(message);
    if (error)
        return !g_error_matches(error, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE);
    return status == TOO_MANY_REQUESTS || status == SOUP_STATUS_REQUEST_TIMEOUT || status >= 500;
}

static char *words(SoupMessage *message, const GError *error)
{
    if (error)
        return g_strdup(error->message);
    guint status = soup_message_get_status(message);
    const char *location =
        soup_message_headers_get_one(soup_message_get_response_headers(message), "Location");
    if (status / 100 == 3 && location)
        return g_strdup_printf("it answers %u, ask elsewhere: write the new address into the "
                               "pipeline (%s)",
                               status, location);
    return g_strdup_printf("it answers %u %s", status, soup_message_get_reason_phrase(message));
}

/* NULL when it was taken, else why not; `again` when that may pass. Caller frees. */
static char *post(SoupSession *session, GUri *uri, GBytes *report, bool *again)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(SoupMessage) message = soup_message_new_from_uri(SOUP_METHOD_POST, uri);
    soup_message_add_flags(message, SOUP_MESSAGE_NO_REDIRECT);
    soup_message_set_request_body_from_bytes(message, "application/json", report);
    g_autoptr(GBytes) answer = soup_session_send_and_read(session, message, NULL, &error);
    if (answer && SOUP_STATUS_IS_SUCCESSFUL(soup_message_get_status(message)))
        return NULL;
    *again = is_worth_another_try(message, error);
    return words(message, error);
}

static bool deliver(GUri *uri, GBytes *report)
{
    g_autoptr(SoupSession) session = soup_session_new_with_options(
        "timeout", TIMEOUT_S, "user-agent", "rushes/" RUSHES_VERSION, NULL);
    bool again = true;
    for (int try = 1; again; try++) {
        g_autofree char *why = post(session, uri, report, &again);
        if (!why)
            return true;
        say(uri, why);
        again = again && try < TRIES;
        if (again)
            sleep(PAUSE_S << (2 * (try - 1)));
    }
    return false;
}

int main(void)
{
    g_autoptr(GError) error = NULL;
    const char *url = getenv("RUSHES_WEBHOOK_URL");
    g_autoptr(GUri) uri = url ? g_uri_parse(url, SOUP_HTTP_URI_FLAGS, &error) : NULL;
    if (!uri || !g_uri_get_host(uri)) {
        fprintf(stderr, "rushes-webhook: RUSHES_WEBHOOK_URL must be an address, https://…\n");
        return EXIT_FAILURE;
    }
    g_autoptr(GBytes) report = standard_input(&error);
    if (!report) {
        say(uri, error->message);
        return EXIT_FAILURE;
    }
    return deliver(uri, report) ? EXIT_SUCCESS : EXIT_FAILURE;
}
