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
    bool done = ledger_publishing(session->ledger, session->plan, output, error) &&
                bundle_publish(folder, output->final, output->replace, error);
    if (done)
        g_unlink(output->part);
    else
        bundle_remove_folder(folder);
    return done;
}

static bool publish(const struct session *session, const struct plan_output *output,
                    struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    struct file_stamp stamp;
    struct stat there;
    if (output->replace && lstat(output->final, &there) == 0 &&
        sources_have(session->sources, output->final, &there))
        return fail(failure, FAIL_CONFIG,
                    "%s became an input, or a folder with one, during the run: sources are never "
                    "touched",
                    output->path);
    if (!(output->files ? put_folder : put)(session, output, &error))
        return disk(failure, error);
    if (!file_stamp_of(output->final, &stamp))
        return fail(failure, FAIL_DISK, "%s vanished after it was published", output->path);
    if (!ledger_published(session->ledger, session->plan, output, &stamp, true, &error))
        return disk(failure, error);
    return true;
}

/* --- one after another --- */

struct waiting {
    int output;
    const struct plan_output *planned;
    GError *error; /* its folder couldn't be made */
};

struct publisher {
    const struct session *session;
    GThreadPool *folders;
    GAsyncQueue *waiting; /* struct waiting: what can get its name now */
    GCancellable *stop;
    unsigned underway;
};

static void waiting_free(void *data)
{
    struct waiting *of = data;
    g_clear_error(&of->error);
    g_free(of);
}

static void make_folder(void *data, void *user_data)
{
    const struct publisher *publisher = user_data;
    struct waiting *of = data;
    g_autofree char *folder = bundle_folder(of->planned->part);
    bundle_unpack(of->planned->part, folder, publisher->stop, &of->error);
    g_async_queue_push(publisher->waiting, of);
}

struct publisher *publisher_create(const struct session *session)
{
    struct publisher *publisher = g_new0(struct publisher, 1);
    publisher->session = session;
    publisher->waiting = g_async_queue_new_full(waiting_free);
    publisher->stop = g_cancellable_new();
    publisher->folders = g_thread_pool_new(make_folder, publisher, 1, FALSE, NULL);
    return publisher;
}

void publisher_destroy(struct publisher *publisher)
{
    if (!publisher)
        return;
    g_thread_pool_free(publisher->folders, FALSE, TRUE);
    g_async_queue_unref(publisher->waiting);
    g_object_unref(publisher->stop);
    g_free(publisher);
}

void publisher_add(struct publisher *publisher, int output)
{
    struct waiting *of = g_new0(struct waiting, 1);
    *of = (struct waiting){output, publisher->session->plan->outputs->pdata[output], NULL};
    if (!of->planned->files) {
        g_async_queue_push(publisher->waiting, of);
        return;
    }
    publisher->underway++;
    g_thread_pool_push(publisher->folders, of, NULL);
}

bool publisher_next(struct publisher *publisher, int *output, struct failure *failure)
{
    struct waiting *of = g_async_queue_try_pop(publisher->waiting);
    if (!of)
        return false;
    *output = of->output;
    publisher->underway -= of->planned->files != NULL;
    if (of->error)
        disk(failure, of->error);
    else
        publish(publisher->session, of->planned, failure);
    waiting_free(of);
    return true;
}

void publisher_stop(struct publisher *publisher)
{
    g_cancellable_cancel(publisher->stop);
}

unsigned publisher_underway(const struct publisher *publisher)
{
    return publisher->underway;
}

void leave_output(const struct session *session, const struct plan_output *output)
{
    g_autofree char *part = NULL;
    g_auto(result_ptr) finished = ledger_finished(session->ledger, output, &part);
    g_autofree char *folder = output->part ? bundle_folder(output->part) : NULL;
    if (finished && g_strcmp0(part, output->part) == 0)
        bundle_remove_folder(folder);
    else
        discard_output(session, output, false, NULL);
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
            (output->files ? bundle_unpack(output->part, place, NULL, NULL)
                           : g_rename(output->part, place) == 0))
            *kept = g_steal_pointer(&place);
    }
    part_remove(output->part);
}
