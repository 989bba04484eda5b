/* SPDX-License-Identifier: GPL-3.0-or-later
 * The end of an output. */
#include "publish.h"

#include "base/bundle.h"

#include <glib/gstdio.h>
#include <unistd.h>

static bool disk(struct failure *failure, const GError *error)
{
    bool in_the_way = g_error_matches(error, G_FILE_ERROR, G_FILE_ERROR_EXIST);
    return fail(failure, in_the_way ? FAIL_CONFIG : FAIL_DISK, "%s", error->message);
}

/* The last two moments of an output: it is announced as what it will be, and gets its name. */
static bool put(const struct session *session, const struct plan_output *output, GError **error)
{
    enum publish_mode mode = output->replace ? PUBLISH_REPLACE : PUBLISH_NEW;
    return ledger_publishing(session->ledger, session->plan, output, error) &&
           part_publish(output->part, output->final, mode, error);
}

static bool put_folder(const struct session *session, const struct plan_output *output,
                       GError **error)
{
    g_autofree char *folder = bundle_folder(output->part);
    if (!bundle_unpack(output->part, folder, error))
        return false;
    bool done = ledger_publishing(session->ledger, session->plan, output, error) &&
                bundle_publish(folder, output->final, output->replace, error);
    if (done)
        g_unlink(output->part);
    else
        bundle_remove_folder(folder);
    return done;
}

bool publish_output(const struct session *session, const struct plan_output *output,
                    struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    struct file_stamp stamp;
    if (!(output->files ? put_folder : put)(session, output, &error))
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
        if (g_mkdir_with_parents(folder, 0755) == 0 &&
            (output->files ? bundle_unpack(output->part, place, NULL)
                           : g_rename(output->part, place) == 0))
            *kept = g_steal_pointer(&place);
    }
    g_unlink(output->part);
}
