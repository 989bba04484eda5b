/* SPDX-License-Identifier: GPL-3.0-or-later
 * Asking for the sandbox. */
#include "guard.h"

#include "exit.h"
#include "interrupt.h"
#include "model/sandbox.h"

static int say(const struct guard *guard, struct display *display)
{
    unsigned missing = SANDBOX_ALL & ~guard->layers;
    if (!missing)
        return EXIT_DONE;
    g_autofree char *sentence = sandbox_missing(missing);
    g_autofree char *line =
        guard->required
            ? g_strdup_printf("rushes: error: --require-sandbox: %s; nothing was run", sentence)
            : g_strdup_printf("rushes: warning: %s", sentence);
    display_message(display, line);
    return guard->required ? EXIT_USAGE : EXIT_DONE;
}

int guard_check(struct guard *guard, struct display *display)
{
    struct failure failure = {FAIL_NONE, NULL};
    if (guard->asked)
        return EXIT_DONE;
    guard->asked = guard->engine->ops->layers(guard->engine, &guard->layers, &failure);
    if (guard->asked)
        return say(guard, display);
    if (interrupt_count()) {
        failure_clear(&failure);
        return interrupt_exit_code();
    }
    g_autofree char *line = g_strdup_printf("rushes: error: %s", failure.message);
    if (guard->required)
        display_message(display, line);
    failure_clear(&failure);
    return guard->required ? EXIT_USAGE : EXIT_DONE; /* else each task says that it can't start */
}
