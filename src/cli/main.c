/* SPDX-License-Identifier: GPL-3.0-or-later
 * rushes, the front end. The map:
 *
 *   args.c help.c       the command line, from its tables      commands.c   the table of commands
 *   language.c          steps, presets, encoders: what may be written in a pipeline
 *   session.c           pipeline -scan.c-> files -ingest.c-> + facts -plan-> task graph
 *   run.c               task graph -sched, engine-> events -> ledger, journal.c, progress
 *                       verified output -publish.c-> its name;  collect.c -> report
 *   world.c             what the planner may ask of the disk and the ledger
 *   look.c errand.c     files looked at, and tasks run, without a pipeline: probe.c check.c bless.c
 *   plan.c lint.c …     one file a command
 *
 * No media library is linked here: whatever opens a media file is a task of rushes-worker. */
#include "args.h"
#include "engine/engine.h"
#include "exit.h"
#include "print.h"

#include "model/catalogue.h"

#include <locale.h>
#include <malloc.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Results that nobody got aren't done: a full disk behind `>` is an error like any other. */
static int close_output(int code)
{
    bool fine = !ferror(stdout);
    fine = fclose(stdout) == 0 && fine;
    if (fine)
        return code;
    fprintf(stderr,
            "rushes: standard output can't be written: the disk is full or the reader is gone\n");
    return code == EXIT_DONE ? EXIT_DISK : code;
}

static int print_version(void)
{
    printf("rushes " RUSHES_VERSION "\n");
    g_autofree char *text = engine_catalogue_text(NULL, NULL);
    struct catalogue *catalogue = text ? catalogue_from_text(text, -1, NULL) : NULL;
    if (catalogue)
        printf("%s\n", catalogue_build(catalogue));
    catalogue_destroy(catalogue);
    return EXIT_DONE;
}

/* `rushes help COMMAND` is `rushes COMMAND --help`. */
static int print_help(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;
    if (!name || command)
        return print_text(help_text(command));
    fprintf(stderr, "rushes: there is no command \"%s\"; rushes --help lists them\n", name);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    /* glibc joins all of its small free chunks whenever a large one is freed: a seventh of the time
     * of a run with 100,000 outputs, which frees small and large ones in turn. */
    mallopt(M_MXFAST, 0);
    signal(SIGCHLD, SIG_DFL); /* where it is ignored, no end of a task is heard of */
    setlocale(LC_CTYPE, "");  /* only what letters are: numbers never depend on the locale */
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
                     strcmp(argv[1], "help") == 0))
        return close_output(print_help(argc > 2 ? argv[2] : NULL));
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return close_output(print_version());
    struct args args;
    int code = EXIT_USAGE;
    if (args_parse(&args, argc, argv))
        code = args.help ? print_text(help_text(args.command)) : args.command->run(&args);
    args_finish(&args);
    return close_output(code);
}
