/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of an output. */
#include "publish.h"

#include <glib/gstdio.h>
#include <unistd.h>

static bool disk(struct failure *failure, const GError *error)
{
    return fail(failure, FAIL_DISK, "%s", error->message);
}

bool publish_output(const struct session *session, const struct plan_output *output,
                    struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    struct file_stamp stamp;
    if (!ledger_publishing(session->ledger, session->plan, output, &error))
        return disk(failure, error);
    if (!part_publish(output->part, output->final, output->replace ? PUBLISH_REPLACE : PUBLISH_NEW,
                      &error))
        return disk(failure, error);
    if (!file_stamp_of(output->final, &stamp))
        return fail(failure, FAIL_DISK, "%s vanished after it was published", output->path);
    if (!ledger_published(session->ledger, session->plan, output, &stamp, true, &error))
        return disk(failure, error);
    return true;
}

void discard_output(const struct session *session, const struct plan_output *output, bool keep,
                    char **kept)
{
    if (!output->part)
        return;
    if (keep) {
        g_autofree char *place = g_build_filename(session->run_dir, "rejected", output->path, NULL);
        g_autofree char *folder = g_path_get_dirname(place);
        if (g_mkdir_with_parents(folder, 0755) == 0 && g_rename(output->part, place) == 0) {
            *kept = g_steal_pointer(&place);
            return;
        }
    }
    g_unlink(output->part);
}
