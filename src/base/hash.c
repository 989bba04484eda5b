/* SPDX-License-Identifier: GPL-3.0-or-later
 * XXH3-128, streamed. */
#include "base/hash.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

enum { READ_SIZE = 1 << 20 };

struct hash_state {
    XXH3_state_t *xxh;
};

hash_state *hash_create(void)
{
    hash_state *state = g_new(hash_state, 1);
    state->xxh = XXH3_createState();
    if (!state->xxh)
        g_error("out of memory");
    XXH3_128bits_reset(state->xxh);
    return state;
}

void hash_update(hash_state *state, const void *data, gsize length)
{
    if (length > 0)
        XXH3_128bits_update(state->xxh, data, length);
}

void hash_text(hash_state *state, const char *text)
{
    gsize length = text ? strlen(text) : 0;
    guint64 prefix = GUINT64_TO_LE(text ? (guint64)length : UINT64_MAX);
    hash_update(state, &prefix, sizeof prefix);
    hash_update(state, text, length);
}

void hash_finish(hash_state *state, char out[HASH_TEXT_SIZE])
{
    XXH128_canonical_t digest;
    XXH128_canonicalFromHash(&digest, XXH3_128bits_digest(state->xxh));
    for (size_t i = 0; i < sizeof digest.digest; i++)
        g_snprintf(out + 2 * i, 3, "%02x", digest.digest[i]);
}

void hash_destroy(hash_state *state)
{
    if (!state)
        return;
    XXH3_freeState(state->xxh);
    g_free(state);
}

gboolean hash_fd(int fd, void (*reading)(void *data, double fraction), void *data,
                 char out[HASH_TEXT_SIZE])
{
    g_autoptr(hash_state) state = hash_create();
    g_autofree char *buffer = g_malloc(READ_SIZE);
    struct stat st;
    const double size = fstat(fd, &st) == 0 && st.st_size > 0 ? (double)st.st_size : 1;
    for (off_t offset = 0;;) {
        ssize_t got = pread(fd, buffer, READ_SIZE, offset);
        if (got == 0)
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return FALSE;
        hash_update(state, buffer, (gsize)got);
        offset += got;
        if (reading)
            reading(data, MIN((double)offset / size, 1));
    }
    hash_finish(state, out);
    return TRUE;
}
