/* SPDX-License-Identifier: GPL-3.0-or-later
 * What has arrived in a watched folder: which files are whole, and which belong together. Pure: it
 * is told what was seen and when, and touches neither the disk nor a clock.
 *
 *     arrivals_look(a, now_us);
 *     arrivals_see(a, &sighting);            …each file that is there, whatever its state
 *     paths = arrivals_ready(a);             …those to be taken now
 *     arrivals_taken(a, path, &stamp);       …in the state they were taken in
 *
 * A file is settled when its size, mtime and ctime are those of a look at least the settling time
 * ago. A group (see watch/span.h) is ready when all of its members that weren't taken are settled;
 * a member that isn't there yet but under the name of an unfinished copy holds it back as well. A
 * file that was taken is passed over until it changes; then it settles anew. */
#pragma once

#include "base/file.h"

enum {
    ARRIVALS_SETTLE_S = 2,
    ARRIVALS_NETWORK_SETTLE_S = 10,  /* attributes are cached, and copies pause for longer */
    ARRIVALS_EMPTY_FACTOR = 10,      /* so much longer: a copy that has only begun is empty */
    ARRIVALS_UNFINISHED_S = 10 * 60, /* a part file that doesn't grow for so long is left over */
};

struct sighting {
    const char *path;
    gsize root; /* how long the path of the watched folder is, at its start */
    struct file_stamp stamp;
    bool network;    /* on a file system where attributes are late */
    bool unfinished; /* under a temporary name; `path` is the one it will get */
};

struct arrivals;
/* `settle_us` 0: the times above. */
struct arrivals *arrivals_create(int64_t settle_us);
void arrivals_destroy(struct arrivals *arrivals);
typedef struct arrivals *arrivals_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(arrivals_ptr, arrivals_destroy, NULL)

/* A new look: what isn't seen until arrivals_ready() is gone, and forgotten. */
void arrivals_look(struct arrivals *arrivals, int64_t now_us);
void arrivals_see(struct arrivals *arrivals, const struct sighting *sighting);
/* char *, sorted. They are ready at every look until one of the next three is said of them. */
GPtrArray *arrivals_ready(struct arrivals *arrivals);

void arrivals_taken(struct arrivals *arrivals, const char *path, const struct file_stamp *stamp);
/* Somebody still writes to it: as if it had changed now. */
void arrivals_busy(struct arrivals *arrivals, const char *path);
/* It couldn't be taken: not before `at_us` again, unless it changes. */
void arrivals_later(struct arrivals *arrivals, const char *path, int64_t at_us);

/* When a look may find something ready that isn't now; INT64_MAX: nothing is awaited. */
int64_t arrivals_next_us(const struct arrivals *arrivals);
