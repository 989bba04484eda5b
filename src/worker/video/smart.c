/* SPDX-License-Identifier: GPL-3.0-or-later
 * Smart cuts: a picture that is copied but for the ends, or else encoded as a whole. */
#include "render.h"

#include "steps/snap.h"

#include <math.h>

static bool any_smart(const GPtrArray *steps)
{
    for (guint i = 0; i < steps->len; i++)
        if (snap_is_smart(steps->pdata[i]))
            return true;
    return false;
}

bool smart_is_asked(const struct branch *branch)
{
    return any_smart(branch->render->job->task->steps) || any_smart(branch->output->steps);
}

static bool has_place(const struct branch *branch, const struct seams *seams,
                      struct failure *failure)
{
    return !seams->packets->len || list_has("mp4 mov mkv", branch->container->name) ||
           fail(failure, FAIL_UNSUPPORTED, "pictures aren't joined in %s", branch->container->name);
}

static bool make_seams(const struct branch *branch, struct seams *seams, struct failure *failure)
{
    const struct job *job = branch->render->job;
    const struct seams_opts opts = {job->task->threads, branch->output->encode->video.strict};
    const struct source_opts how = job_source_opts(job, 0, job->task->threads);
    struct cut cut;
    g_auto(source_ptr) source = source_open(job->fds[0], &how, failure);
    chain_span(branch->clock, &cut.from_s, &cut.to_s);
    return source && cut_hides_nothing(source, &cut, failure) &&
           seams_make(source, cut.from_s, cut.to_s, &opts, seams, failure) &&
           has_place(branch, seams, failure);
}

static void clear(struct seams *seams)
{
    seams_clear(seams);
    g_free(seams);
}

static bool open_whole(struct branch *branch, int stream, const char *codec, const char *why)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    if (!codec)
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "trim.smart: this picture can't be cut by copying (%s), and %s isn't encoded "
                    "into %s here: name a codec",
                    why, avcodec_get_name(from->av->codecpar->codec_id), branch->container->name);
    g_clear_pointer(&branch->clock, chain_destroy);
    branch_note(branch, "smart cut given up, all of the picture encoded: %s", why);
    return lane_open_picture(branch, stream, codec);
}

bool smart_open(struct branch *branch, int stream, const char *codec)
{
    const char *before = branch->render->anew[branch->index].cut;
    struct failure why = {FAIL_NONE, NULL};
    if (!branch->clock && !branch_open_clock(branch, stream))
        return false;
    if (before)
        return open_whole(branch, stream, codec, before);
    struct seams *seams = g_new0(struct seams, 1);
    bool made = make_seams(branch, seams, &why);
    if (made)
        return lane_open_seams(branch, stream, seams);
    clear(seams);
    bool opened = open_whole(branch, stream, codec, why.message);
    failure_clear(&why);
    return opened;
}

/* --- afterwards --- */

static void tell(void *data, int64_t pictures)
{
    const struct job *job = data;
    speak_progress(
        job->speaker,
        &(struct progress){
            .fraction = 0.999, .frames = pictures, .fps = NAN, .speed = NAN, .stage = "check"});
}

bool smart_check(struct branch *branch)
{
    const struct render *render = branch->render;
    const struct job *job = render->job;
    const struct lane *lane = branch_lane(branch, render->picture);
    struct failure why = {FAIL_NONE, NULL};
    const struct seams_files files = {job->fds[0], job->fds[branch->output->file],
                                      job->task->threads, tell, (void *)job};
    if (!lane || !lane->seams || !lane->seams->packets->len ||
        seams_check(lane->seams, &files, &why))
        return true;
    render->anew[branch->index].cut = g_strdup(why.message);
    g_ptr_array_set_size(branch->result->notes, (int)branch->noted);
    failure_clear(&why);
    return false;
}
