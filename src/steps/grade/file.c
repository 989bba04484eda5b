/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files that `grade` reads, whole. */
#include "parts.h"

#include <errno.h>
#include <unistd.h>

enum { MAX_FILE_BYTES = 256 << 20 }; /* a cube of 129 points is 60 MB of text */

char *grade_file(const struct face_env *env, const char *param, gsize *length,
                 struct failure *failure)
{
    const int fd = env->file(env, param);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    guint8 chunk[65536];
    for (ssize_t got; (got = pread(fd, chunk, sizeof chunk, (off_t)bytes->len)) != 0;) {
        if (got < 0 || bytes->len > MAX_FILE_BYTES) {
            fail(failure, FAIL_CONFIG, "grade.%s can't be read: %s", param,
                 got < 0 ? g_strerror(errno) : "it is too large");
            return NULL;
        }
        g_byte_array_append(bytes, chunk, (guint)got);
    }
    *length = bytes->len;
    g_byte_array_append(bytes, (const guint8 *)"", 1);
    return (char *)g_byte_array_free(g_steal_pointer(&bytes), FALSE);
}
