/* SPDX-License-Identifier: GPL-3.0-or-later
 * rushes-worker-sound: serves the local pool. */
#include "worker/serve.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2 };

static const char usage[] =
    "usage: rushes-worker-sound --serve FD   serve tasks of sound files on a socket (started by "
    "rushes)\n"
    "       rushes-worker-sound --version | --help\n"
    "\n"
    "What it lacks, rushes-worker does; that is also the one to run a task.json with by hand.\n";

int main(int argc, char **argv)
{
    signal(SIGCHLD, SIG_DFL); /* where it is ignored, no end of a child is heard of */
    if (argc == 3 && strcmp(argv[1], "--serve") == 0)
        return worker_serve_text(argv[2]);
    if (argc == 2 && strcmp(argv[1], "--version") == 0)
        return puts("rushes-worker-sound " RUSHES_VERSION) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
    fputs(usage, stderr);
    return EXIT_USAGE;
}
