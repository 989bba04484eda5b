/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes plan`: everything run would do, and why. */
#include "commands.h"
#include "exit.h"
#include "interrupt.h"
#include "print.h"
#include "session.h"

#include <stdio.h>

static int print(const struct session *session)
{
    const struct args *args = session->args;
    g_autofree char *text = args->explain ? plan_explain(session->plan, args->explain)
                            : args->dot   ? plan_dot(session->plan)
                            : args->json  ? plan_json(session->plan)
                                          : plan_text(session->plan);
    if (!text) {
        fprintf(stderr, "rushes: no output or input is called \"%s\"; rushes plan lists them\n",
                args->explain);
        return EXIT_USAGE;
    }
    return print_text(g_steal_pointer(&text));
}

int command_plan(struct args *args)
{
    struct session session;
    interrupt_catch();
    int code = session_open(&session, args, &(struct session_given){0}, false);
    if (session.display)
        display_destroy(g_steal_pointer(&session.display));
    if (code == EXIT_DONE)
        code = print(&session);
    session_close(&session);
    return code;
}
