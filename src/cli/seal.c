/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes seal`: folders held against their seals, and sealed. */
#include "seal/seal.h"

#include "base/file.h"
#include "base/json_out.h"
#include "commands.h"
#include "exit.h"
#include "interrupt.h"

#include <gio/gio.h>
#include <stdio.h>
#include <unistd.h>

struct reading {
    const char *folder;
    bool shown; /* on a terminal: one line, drawn again in place */
    int files;
    int64_t bytes, done, drawn_us;
};

static void begin(void *self, int files, int64_t bytes)
{
    struct reading *reading = self;
    reading->files = files;
    reading->bytes = bytes;
}

static bool hear(void *self, int64_t bytes)
{
    struct reading *reading = self;
    int64_t now_us = g_get_monotonic_time();
    reading->done += bytes;
    if (reading->shown && now_us - reading->drawn_us > 200000) {
        g_autofree char *all = g_format_size((guint64)reading->bytes);
        double part = reading->bytes ? (double)reading->done / (double)reading->bytes : 1;
        fprintf(stderr, "\r%s: %.0f%% of %s in %d files\033[K", reading->folder, 100 * MIN(part, 1),
                all, reading->files);
        reading->drawn_us = now_us;
    }
    return !interrupt_count();
}

static bool is_worth_telling(const struct seal_finding *finding, bool verifying)
{
    return finding->verdict != SEAL_SAME && (verifying || finding->verdict != SEAL_NEW);
}

static void say_findings_of(const struct seal_outcome *outcome, bool verifying)
{
    for (guint i = 0; i < outcome->findings->len; i++) {
        const struct seal_finding *finding = outcome->findings->pdata[i];
        g_autofree char *path = path_display(finding->path);
        if (is_worth_telling(finding, verifying))
            printf("%s: %s%s%s\n", seal_verdict_names[finding->verdict], path,
                   finding->text ? ": " : "", finding->text ? finding->text : "");
    }
}

static void say_outcome(const char *folder, const struct seal_outcome *outcome, bool verifying)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *size = g_format_size((guint64)outcome->bytes);
    say_findings_of(outcome, verifying);
    for (int i = 0; i < SEAL_VERDICTS; i++)
        if (outcome->counts[i])
            g_string_append_printf(text, "%s%u %s", text->len ? ", " : "", outcome->counts[i],
                                   seal_verdict_names[i]);
    printf("%s: %s, %s read", folder, text->len ? text->str : "no files", size);
    if (outcome->manifest)
        printf(", %s written", outcome->manifest);
    putchar('\n');
}

static void put_outcome(struct json_out *to, const char *folder, const struct seal_outcome *outcome,
                        bool verifying)
{
    json_out_open(to, NULL, '{');
    json_out_text(to, "folder", folder);
    json_out_open(to, "counts", '{');
    for (int i = 0; i < SEAL_VERDICTS; i++)
        json_out_int(to, seal_verdict_names[i], outcome->counts[i]);
    json_out_close(to, '}');
    json_out_int(to, "bytes", outcome->bytes);
    if (outcome->manifest)
        json_out_text(to, "manifest", outcome->manifest);
    json_out_open(to, "findings", '[');
    for (guint i = 0; i < outcome->findings->len; i++) {
        const struct seal_finding *finding = outcome->findings->pdata[i];
        g_autofree char *path = path_display(finding->path);
        if (!is_worth_telling(finding, verifying))
            continue;
        json_out_open(to, NULL, '{');
        json_out_text(to, "path", path);
        json_out_text(to, "verdict", seal_verdict_names[finding->verdict]);
        if (finding->text)
            json_out_text(to, "message", finding->text);
        json_out_close(to, '}');
    }
    json_out_close(to, ']');
    json_out_close(to, '}');
}

static int code_of_error(const GError *error)
{
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return interrupt_exit_code();
    return error->domain == SEAL_ERROR ? EXIT_OUT_OF_SPEC : EXIT_DISK;
}

static int code_of(const struct seal_outcome *outcome, bool verifying)
{
    if (outcome->counts[SEAL_UNREADABLE])
        return EXIT_FAILED;
    bool unsealed = verifying && (outcome->counts[SEAL_NEW] || outcome->counts[SEAL_UNCHECKED]);
    return seal_outcome_is_good(outcome) && !unsealed ? EXIT_DONE : EXIT_OUT_OF_SPEC;
}

/* EXIT_DONE when there is something to do. */
static int look(const char *folder, const struct args *args)
{
    if (!g_file_test(folder, G_FILE_TEST_IS_DIR))
        fprintf(stderr, "rushes: %s is no folder; a seal is of a folder with all that is in it\n",
                folder);
    else if (args->verify_only && !history_is_there(folder))
        fprintf(stderr,
                "rushes: %s isn't sealed (there is nothing in its " SEAL_FOLDER
                "); rushes seal %s seals it\n",
                folder, folder);
    else
        return EXIT_DONE;
    return EXIT_NO_INPUT;
}

static bool can_ignore(const GPtrArray *patterns)
{
    for (guint i = 0; i + 1 < patterns->len; i++) {
        g_autofree char *shown = path_display(patterns->pdata[i]);
        if (!manifest_can_ignore(patterns->pdata[i])) {
            fprintf(stderr,
                    "rushes: --ignore %s: an MHL can't hold that pattern; give one in UTF-8, "
                    "without control characters\n",
                    shown);
            return false;
        }
    }
    return true;
}

static int seal_one(const char *folder, const struct args *args, struct json_out *json)
{
    struct reading reading = {.folder = folder,
                              .shown = isatty(STDERR_FILENO) && args->progress == PROGRESS_AUTO};
    struct digest_ear ear = {hear, &reading};
    struct seal_params params = {.formats = args->hash ? args->hash : DIGEST_BIT(DIGEST_XXH128),
                                 .ignored = (const char *const *)args->ignore->pdata,
                                 .append = !args->verify_only,
                                 .ear = &ear,
                                 .begin = begin};
    struct seal_outcome outcome;
    g_autoptr(GError) error = NULL;
    g_autofree char *shown = path_display(folder);
    bool fine = seal_folder(folder, &params, &outcome, &error);
    if (reading.shown)
        fputs("\r\033[K", stderr);
    if (!fine)
        fprintf(stderr, "rushes: %s\n", error->message);
    else if (args->json)
        put_outcome(json, shown, &outcome, args->verify_only);
    else
        say_outcome(shown, &outcome, args->verify_only);
    int code = fine ? code_of(&outcome, args->verify_only) : code_of_error(error);
    seal_outcome_clear(&outcome);
    return code;
}

/* What is worse of two exit codes: what ended the work, then what is wrong with it. */
static int worse(int one, int other)
{
    static const int order[] = {EXIT_TERMINATED, EXIT_INTERRUPTED, EXIT_DISK,
                                EXIT_NO_INPUT,   EXIT_FAILED,      EXIT_OUT_OF_SPEC};
    for (unsigned i = 0; i < G_N_ELEMENTS(order); i++)
        if (one == order[i] || other == order[i])
            return order[i];
    return EXIT_DONE;
}

int command_seal(struct args *args)
{
    int code = EXIT_DONE;
    g_autoptr(GString) text = g_string_new(NULL);
    struct json_out json = {.text = text};
    if (!can_ignore(args->ignore))
        return EXIT_USAGE;
    interrupt_catch();
    json_out_open(&json, NULL, '[');
    for (guint i = 0; i < args->words->len && !interrupt_count(); i++) {
        const char *folder = args->words->pdata[i];
        int found = look(folder, args);
        code = worse(code, found == EXIT_DONE ? seal_one(folder, args, &json) : found);
    }
    json_out_close(&json, ']');
    if (args->json)
        puts(text->str);
    return code;
}
