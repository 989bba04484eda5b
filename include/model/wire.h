/* SPDX-License-Identifier: GPL-3.0-or-later
 * How the supervisor and its warm worker talk: fixed-size messages over a SOCK_SEQPACKET socket
 * between two programs of one build on one machine. Descriptors travel beside them (SCM_RIGHTS).
 *
 *     supervisor                          worker
 *                                         HELLO version, layers of the sandbox
 *     FILES task  + up to WIRE_FDS_MAX descriptors of task->files, in order; repeated
 *     RUN task    + WIRE_SERVICE_FDS: task.json, log, result.json, events
 *     FORGET task   instead of RUN: the descriptors sent so far are closed
 *     KILL task
 *                                         ENDED task, how
 *
 * ENDED follows every RUN exactly once. The end of the connection ends the other side. */
#pragma once

#include <stdint.h>

enum {
    WIRE_VERSION = 2,
    WIRE_FDS_MAX = 250, /* the kernel takes 253 in a message */
    WIRE_SERVICE_FDS = 4,
    WIRE_EXIT_UNWRITTEN = 74, /* of a task that could not write result.json */
    WIRE_EXIT_NO_MEMORY = 75, /* of one that was refused memory for a frame or a packet */
    WIRE_EXIT_ELSEWHERE = 76  /* of one that the sound worker lacks something for: it is to be run
                                 by the full one (worker/serve.h) */
};

enum wire_kind { WIRE_HELLO, WIRE_FILES, WIRE_RUN, WIRE_FORGET, WIRE_KILL, WIRE_ENDED };
enum wire_service { WIRE_TASK, WIRE_LOG, WIRE_RESULT, WIRE_EVENTS };

struct wire {
    uint32_t kind;
    int32_t task;                        /* HELLO: the version */
    int32_t status;                      /* HELLO: enum sandbox_layer; ENDED: as from wait() */
    int32_t error;                       /* ENDED: errno of a fork that failed; else 0 */
    int64_t wall_us, cpu_us, peak_bytes; /* ENDED */
};

/* One message with `count` descriptors. False with errno set. Never raises SIGPIPE. */
_Bool wire_send(int socket, const struct wire *message, const int *fds, unsigned count);
/* Bytes read: sizeof *message; 0 at the end of the connection; -1 with errno set (EPROTO for
 * what isn't a message). `fds` has room for WIRE_FDS_MAX; they are the caller's, O_CLOEXEC. */
int wire_receive(int socket, struct wire *message, int *fds, unsigned *count);
