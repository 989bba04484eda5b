/* SPDX-License-Identifier: GPL-3.0-or-later
 * A fork of the warm worker, from its first instruction to its last. */
#pragma once

#include "model/wire.h"
#include "sandbox.h"

#include <sys/types.h>

/* What a request brought; owned by the caller. */
struct request {
    int service[WIRE_SERVICE_FDS]; /* enum wire_service */
    int *files;
    unsigned file_count;
};

/* Runs the request's task in the sandbox and leaves its result. `parent` is the warm worker. */
_Noreturn void child_run(const struct request *request, const struct sandbox *sandbox,
                         pid_t parent);
