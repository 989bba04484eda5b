/* SPDX-License-Identifier: GPL-3.0-or-later
 * The classes of failure, and a failure in hand. */
#include "model/failure.h"

#include <errno.h>
#include <glib.h>
#include <stdarg.h>
#include <string.h>

const struct failure_row failure_rows[FAIL_INTERNAL + 1] = {
    [FAIL_NONE] = {"none", "no failure", 0, false},
    [FAIL_INPUT_DAMAGED] = {"input_damaged", "the source is damaged", 0, false},
    [FAIL_UNSUPPORTED] = {"unsupported", "the source or the format is not supported", 0, false},
    [FAIL_CONFIG] = {"config", "the pipeline asks for what this input can't give", 0, false},
    [FAIL_DISK] = {"disk", "the output could not be written", 1, false},
    [FAIL_MEMORY] = {"memory", "memory ran out", 1, true},
    [FAIL_TIMEOUT] = {"timeout", "the task took too long", 1, false},
    [FAIL_CRASH] = {"crash", "the worker died", 1, true},
    [FAIL_INTERNAL] = {"internal", "the output is not what was asked for", 1, false},
};

const char *failure_name(enum failure_class class)
{
    return failure_rows[(unsigned)class <= FAIL_INTERNAL ? class : FAIL_INTERNAL].name;
}

enum failure_class failure_from_name(const char *name)
{
    for (unsigned i = 0; name && i <= FAIL_INTERNAL; i++)
        if (!strcmp(failure_rows[i].name, name))
            return i;
    return FAIL_INTERNAL;
}

/* Messages end in the system's own words, which no locale of ours translates. */
bool failure_is_full(const struct failure *failure)
{
    const int causes[] = {ENOSPC, EDQUOT};
    for (unsigned i = 0; failure->class == FAIL_DISK && i < G_N_ELEMENTS(causes); i++)
        if (failure->message && strstr(failure->message, g_strerror(causes[i])))
            return true;
    return false;
}

void failure_clear(struct failure *failure)
{
    g_free(failure->message);
    *failure = (struct failure){FAIL_NONE, NULL};
}

bool fail(struct failure *failure, enum failure_class class, const char *format, ...)
{
    if (failure->class != FAIL_NONE)
        return false;
    va_list args;
    va_start(args, format);
    failure->message = g_strdup_vprintf(format, args);
    va_end(args);
    failure->class = class;
    return false;
}
