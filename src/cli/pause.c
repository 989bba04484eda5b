/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes pause` and `rushes continue`. */
#include "pause.h"

#include "commands.h"
#include "exit.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

static char *pause_path(const char *out_dir)
{
    return g_build_filename(out_dir, ".rushes", "pause", NULL);
}

bool pause_is_asked(const char *out_dir)
{
    g_autofree char *path = pause_path(out_dir);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

void pause_forget(const char *out_dir)
{
    g_autofree char *path = pause_path(out_dir);
    g_unlink(path);
}

bool run_is_under_way(struct ledger *ledger, const char *run)
{
    struct ledger_totals totals;
    if (!ledger_totals(ledger, run, &totals, NULL))
        return false;
    bool running = strcmp(totals.status, "running") == 0;
    ledger_totals_clear(&totals);
    return running;
}

static int check_running(const char *dir)
{
    g_autoptr(GError) error = NULL;
    g_auto(ledger_ptr) ledger = ledger_open(dir, LEDGER_READ, &error);
    if (ledger && run_is_under_way(ledger, NULL))
        return EXIT_DONE;
    fprintf(stderr, "rushes: %s\n", error ? error->message : "no run is under way there");
    return EXIT_USAGE;
}

int command_pause(struct args *args)
{
    g_autoptr(GError) error = NULL;
    const char *dir = args->words->pdata[0];
    g_autofree char *path = pause_path(dir);
    int code = check_running(dir);
    if (code != EXIT_DONE || file_write_atomic(path, "", 0, &error))
        return code;
    fprintf(stderr, "rushes: %s\n", error->message);
    return EXIT_DISK;
}

int command_continue(struct args *args)
{
    const char *dir = args->words->pdata[0];
    int code = check_running(dir);
    if (code == EXIT_DONE && !pause_is_asked(dir))
        fprintf(stderr, "rushes: the run in %s is not paused\n", dir);
    else if (code == EXIT_DONE)
        pause_forget(dir);
    return code;
}
