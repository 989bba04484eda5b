/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where rushes-worker and rushes-worker-sound are. */
#include "local.h"

#include "base/file.h"

#include <errno.h>
#include <unistd.h>

char *worker_find(const char *worker, GError **error)
{
    if (!worker)
        return program_find("rushes-worker", error);
    if (access(worker, X_OK) == 0)
        return g_canonicalize_filename(worker, NULL);
    int number = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                "%s: can't be started: %s", worker, g_strerror(number));
    return NULL;
}

char *sound_worker_find(const struct local_params *params)
{
    if (params->sound_worker)
        return g_strdup(params->sound_worker);
    return params->worker ? NULL : program_find("rushes-worker-sound", NULL);
}
