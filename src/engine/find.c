/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where rushes-worker is. */
#include "local.h"

#include <errno.h>
#include <unistd.h>

static char *beside_us(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    return g_build_filename(folder, "rushes-worker", NULL);
}

char *worker_find(const char *worker, GError **error)
{
    g_autofree char *beside = worker ? g_strdup(worker) : beside_us();
    const char *const candidates[] = {beside, worker ? NULL : RUSHES_LIBEXECDIR "/rushes-worker"};
    for (unsigned i = 0; i < G_N_ELEMENTS(candidates) && candidates[i]; i++)
        if (access(candidates[i], X_OK) == 0)
            return g_canonicalize_filename(candidates[i], NULL);
    int number = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                "%s: can't be started: %s; rushes needs its rushes-worker beside it", beside,
                g_strerror(number));
    return NULL;
}
