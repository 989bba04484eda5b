/* SPDX-License-Identifier: GPL-3.0-or-later
 * Ctrl-C and SIGTERM, counted. */
#include "interrupt.h"

#include "exit.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t count, first;

static void on_signal(int signal_number)
{
    if (!count)
        first = signal_number;
    count++;
}

void interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = on_signal}; /* no SA_RESTART: waits must wake up */
    struct sigaction hangup = {.sa_handler = SIG_DFL};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, NULL, &hangup);
    if (hangup.sa_handler != SIG_IGN) /* under nohup the night outlives its shell */
        sigaction(SIGHUP, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file size limit is an error of write(), like a full disk */
}

static void on_hangup(int signal_number)
{
}

void interrupt_ignore_hangup(void)
{
    struct sigaction action = {.sa_handler = on_hangup};
    sigemptyset(&action.sa_mask);
    sigaction(SIGHUP, &action, NULL);
}

unsigned interrupt_count(void)
{
    return (unsigned)count;
}

int interrupt_exit_code(void)
{
    return first == SIGTERM || first == SIGHUP ? EXIT_TERMINATED : EXIT_INTERRUPTED;
}
