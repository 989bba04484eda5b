/* SPDX-License-Identifier: GPL-3.0-or-later
 * Where our other programs are. */
#include "base/file.h"

#include <errno.h>
#include <unistd.h>

char *program_find(const char *name, GError **error)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *folder = self ? g_path_get_dirname(self) : g_strdup(".");
    g_autofree char *beside = g_build_filename(folder, name, NULL);
    g_autofree char *moved = g_build_filename(folder, "..", "libexec", "rushes", name, NULL);
    g_autofree char *installed = g_build_filename(RUSHES_LIBEXECDIR, name, NULL);
    const char *const candidates[] = {beside, moved, installed};
    for (unsigned i = 0; i < G_N_ELEMENTS(candidates); i++)
        if (access(candidates[i], X_OK) == 0)
            return g_canonicalize_filename(candidates[i], NULL);
    int number = errno;
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(number),
                "%s: can't be started: %s; rushes needs its %s beside it", beside,
                g_strerror(number), name);
    return NULL;
}
