/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that follow one another: what comes out of each one's shared steps is moved to where the
 * one before ended, and its sound is made as long as its picture. */
#include "join.h"

#include "../audio/parts.h"
#include "media/captions.h"
#include "media/frame.h"

#include <libavutil/mathematics.h>
#include <math.h>
#include <string.h>

/* A stream of the whole, of which `stream` is the first film's. */
struct joined_track {
    int stream;
    GQueue held;   /* AVFrame: sound for which there is no picture yet */
    int64_t given; /* frames or samples */
};

struct joining {
    struct render *first;
    struct joined_cues *cues; /* of the film at hand */
    GArray *tracks;           /* struct joined_track, as the first's shared streams */
    int64_t before;           /* frames of the films that are through */
    int64_t frames;           /* of the one at hand */
    const char *wordless;     /* why that one loses its captions; NULL: it doesn't */
    unsigned captioned;       /* CAPTIONS_…: what came with its frames */
    const char *captions;     /* of the films that keep theirs; NULL none */
    bool damaged;             /* one of them, behind the first */
    GArray *ends;             /* int64_t: frames up to the end of each that is through */
    GPtrArray *notes;         /* char * */
    GPtrArray *rows;          /* struct carried_row */
    GPtrArray *said;          /* struct joined_said */
    void (*give)(struct render *render, struct message *message);
};

static struct joined_track *track_at(const struct joining *joining, guint i)
{
    return &g_array_index(joining->tracks, struct joined_track, i);
}

static struct chain *chain_at(const struct joining *joining, guint i)
{
    return g_array_index(joining->first->shared, struct shared, i).chain;
}

/* Where sound ends that is as long as so many frames. */
static int64_t samples_of(const struct joining *joining, guint i, int64_t frames)
{
    AVRational frame = chain_time_base(chain_at(joining, 0));
    return av_rescale_q(frames, frame, av_make_q(1, chain_sound(chain_at(joining, i))->rate));
}

static void give_sound(struct joining *joining, guint i, AVFrame *frame)
{
    struct joined_track *track = track_at(joining, i);
    const struct chain *chain = chain_at(joining, i);
    frame->pts =
        av_rescale_q(track->given, av_make_q(1, chain_sound(chain)->rate), chain_time_base(chain));
    track->given += frame->nb_samples;
    joining->give(joining->first, message_frame(track->stream, frame));
}

/* What has its picture by now; a frame that reaches beyond `until` only when it is `last`, cut. */
static void release(struct joining *joining, guint i, int64_t until, bool last)
{
    struct joined_track *track = track_at(joining, i);
    for (AVFrame *frame; (frame = g_queue_peek_head(&track->held));) {
        int64_t room = until - track->given;
        if (room <= 0 || (frame->nb_samples > room && !last))
            break;
        g_queue_pop_head(&track->held);
        if (frame->nb_samples > room)
            sound_cut(frame, 0, (int)room);
        give_sound(joining, i, frame);
        av_frame_free(&frame);
    }
}

static bool fill(struct joining *joining, guint i, int64_t until, struct failure *failure)
{
    enum { MOST = 4096 };
    struct joined_track *track = track_at(joining, i);
    while (track->given < until) {
        AVFrame *frame = chain_silence(chain_at(joining, i), (int)MIN(until - track->given, MOST));
        if (!frame)
            return fail(failure, FAIL_MEMORY, "no memory for a frame");
        give_sound(joining, i, frame);
        av_frame_free(&frame);
    }
    return true;
}

static void drop_held(struct joined_track *track)
{
    for (AVFrame *frame; (frame = g_queue_pop_head(&track->held));)
        av_frame_free(&frame);
}

static void take_picture(struct joining *joining, AVFrame *frame)
{
    joining->captioned |= captions_of_frame(frame);
    if (joining->wordless)
        captions_take(frame, NULL);
    struct joined_track *track = track_at(joining, 0);
    struct message *message = message_frame(track->stream, frame);
    joining->frames = MAX(joining->frames, frame->pts + 1);
    message->frame->pts += joining->before;
    joining->give(joining->first, message);
    for (guint i = 1; i < joining->tracks->len; i++)
        release(joining, i, samples_of(joining, i, joining->before + joining->frames), false);
}

/* What is neither decoded nor subtitles is the first film's alone. */
static bool place_packet(const struct joining *joining, const struct render *render,
                         struct message *message)
{
    const struct source_stream *stream = source_stream(render->source, message->stream);
    struct failure ignored = {0};
    if (!stream_is_cues(stream))
        return render == joining->first;
    AVRational frame = chain_time_base(chain_at(joining, 0));
    message->stream = joined_cues_take(joining->cues, stream->index, message->packet,
                                       (double)joining->before * av_q2d(frame), &ignored);
    failure_clear(&ignored);
    return message->stream >= 0;
}

void joining_take(struct joining *joining, const struct render *render, struct message *message)
{
    const struct shared *shared = shared_of(render, message->stream);
    if (message->kind == MESSAGE_PACKET && place_packet(joining, render, message)) {
        joining->give(joining->first, message);
        return;
    }
    if (message->kind == MESSAGE_FRAME && shared && shared->track == 0)
        take_picture(joining, message->frame);
    else if (message->kind == MESSAGE_FRAME && shared)
        g_queue_push_tail(&track_at(joining, (guint)shared->track)->held,
                          frame_copy(message->frame));
    message_destroy(message);
}

/* Once a film's pictures are conformed. */
static void choose_captions(struct joining *joining, const struct render *film)
{
    const struct chain *chain = g_array_index(film->shared, struct shared, 0).chain;
    joining->wordless = captions_lost_by(chain, promised_rate(film), 1);
}

static void end_captions(struct joining *joining, const struct render *film)
{
    const struct facts *facts = film->job->task->parts->pdata[film->part];
    const char *within = captions_within(facts->captions);
    const char *had = within ? within : captions_text(joining->captioned);
    if (had && joining->wordless)
        join_loses_captions(film, had, joining->wordless, joining->rows, joining->notes);
    else if (had)
        joining->captions = had;
    joining->captioned = CAPTIONS_NONE;
}

/* The film at hand is through: its sound is as long as its picture. */
static bool end_part(struct joining *joining, const struct render *film, struct failure *failure)
{
    end_captions(joining, film);
    joining->before += joining->frames;
    joining->frames = 0;
    g_array_append_val(joining->ends, joining->before);
    for (guint i = 1; i < joining->tracks->len; i++) {
        int64_t until = samples_of(joining, i, joining->before);
        release(joining, i, until, true);
        drop_held(track_at(joining, i));
        if (!fill(joining, i, until, failure))
            return false;
    }
    return true;
}

/* --- one film --- */

/* The n-th sound of a film goes with the n-th of the first. */
static void match_tracks(struct render *part, struct joining *joining)
{
    for (guint i = 0; i < part->shared->len; i++)
        g_array_index(part->shared, struct shared, i).track = (int)i;
    joined_cues_destroy(joining->cues);
    joining->cues = joined_cues_create(part, joining->first);
    join_losses(part, joining->first, joining->cues, joining->rows, joining->notes);
    g_ptr_array_add(joining->said, joined_said_create(part));
    for (guint i = joining->tracks->len; i < part->shared->len; i++) {
        struct shared *shared = &g_array_index(part->shared, struct shared, i);
        source_use(part->source, shared->stream, SOURCE_SKIP, NULL);
        chain_destroy(shared->chain);
    }
    g_array_set_size(part->shared, MIN(part->shared->len, joining->tracks->len));
}

static bool conform(struct render *part, const struct joining *joining, struct failure *failure)
{
    for (guint i = 0; i < part->shared->len; i++) {
        struct chain *chain = g_array_index(part->shared, struct shared, i).chain;
        const struct chain *to = chain_at(joining, i);
        bool fits = i == 0 ? chain_conform(chain, chain_video(to), failure)
                           : chain_deliver_sound(chain, failure, chain_sample_format(to),
                                                 chain_sound(to)->rate, chain_sound(to)->layout);
        if (!fits)
            return false;
    }
    return true;
}

static void add_chain_notes(const struct chain *chain, GPtrArray *texts)
{
    const GPtrArray *notes = chain_notes(chain);
    char *rate = chain_rate_text(chain);
    for (guint i = 0; i < notes->len; i++)
        g_ptr_array_add(texts, g_strdup(notes->pdata[i]));
    if (rate)
        g_ptr_array_add(texts, rate);
}

static void add_notes(const struct render *part, const struct joining *joining, const char *damage)
{
    g_autoptr(GPtrArray) texts = source_remarks(part->source);
    for (guint i = 0; i < part->shared->len; i++)
        add_chain_notes(g_array_index(part->shared, struct shared, i).chain, texts);
    if (damage)
        g_ptr_array_add(texts, g_strdup_printf(NOTE_DAMAGED "%s", damage));
    int64_t refused = joined_cues_refused(joining->cues);
    if (refused)
        g_ptr_array_add(texts, g_strdup_printf("dropped: %" PRId64 " cues that aren't text in "
                                               "UTF-8: convert the file",
                                               refused));
    sound_part_say(part->job->task, part->part, texts, joining->notes);
}

static bool has_picture(const struct render *part, struct failure *failure)
{
    const struct shared *leads =
        part->shared->len ? &g_array_index(part->shared, struct shared, 0) : NULL;
    if (!leads || leads->stream != part->picture)
        return fail(failure, FAIL_CONFIG, "there is no picture to be joined");
    return source_has_whole_pictures(source_stream(part->source, part->picture), failure);
}

static bool run_part(struct joining *joining, unsigned number, struct failure *failure)
{
    const struct render *first = joining->first;
    const struct job *job = first->job;
    g_autofree char *damage = NULL;
    struct render part = *first;
    part.part = number;
    part.picture = -1;
    part.shared = g_array_new(FALSE, TRUE, sizeof(struct shared));
    part.tags = tags_new();
    part.first = NULL;
    part.hdr = (struct hdr_static){0};
    part.inbox = NULL;
    part.primed = (GQueue)G_QUEUE_INIT;
    part.primed_ended = false;
    const struct source_opts how = job_source_opts(job, number, job->task->threads);
    part.source = source_open(job->fds[number], &how, failure);
    bool fine = part.source && render_prepare(&part, NULL, failure) && has_picture(&part, failure);
    if (fine) {
        match_tracks(&part, joining);
        fine = conform(&part, joining, failure);
        choose_captions(joining, &part);
        fine = fine && render_read(&part, &damage, failure) && end_part(joining, &part, failure);
        joining->damaged |= damage != NULL;
        add_notes(&part, joining, damage);
    }
    sound_part_blame(job->task, number, failure);
    g_clear_pointer(&joining->cues, joined_cues_destroy);
    render_clear_source(&part);
    return fine;
}

/* --- all of them --- */

static void add_track(struct joining *joining, const struct shared *shared)
{
    struct joined_track track = {.stream = shared->stream, .held = G_QUEUE_INIT};
    g_array_append_val(joining->tracks, track);
}

/* Pictures are numbered, so that those of all films can be counted on. */
static bool number_frames(struct joining *joining, struct failure *failure)
{
    struct render *render = joining->first;
    struct chain *chain = chain_at(joining, 0);
    struct rational fps = chain_video(chain)->fps;
    if (!fps.num) {
        fps = nominal_rate(render);
        g_autofree char *text = rational_text(fps);
        chain_note(chain, "variable frame rate conformed to %s fps", text);
    }
    return chain_constant_rate(chain, failure, fps);
}

static void forget(void *said)
{
    joined_said_destroy(said);
}

struct joining *joining_create(struct render *first,
                               void (*give)(struct render *render, struct message *message),
                               struct failure *failure)
{
    if (!has_picture(first, failure))
        return NULL;
    struct joining *joining = g_new0(struct joining, 1);
    joining->first = first;
    joining->give = give;
    joining->tracks = g_array_new(FALSE, TRUE, sizeof(struct joined_track));
    joining->ends = g_array_new(FALSE, FALSE, sizeof(int64_t));
    joining->notes = g_ptr_array_new_with_free_func(g_free);
    joining->rows = carried_new();
    joining->said = g_ptr_array_new_with_free_func(forget);
    for (guint i = 0; i < first->shared->len; i++) {
        struct shared *shared = &g_array_index(first->shared, struct shared, i);
        shared->track = (int)i;
        add_track(joining, shared);
    }
    sound_parts_note(first->job, joining->notes);
    if (number_frames(joining, failure)) {
        for (guint i = 0; i < first->shared->len; i++)
            chain_lengthen(chain_at(joining, i), programme_joined_length(first->job->task));
        joining->cues = joined_cues_create(first, first);
        choose_captions(joining, first);
        return joining;
    }
    joining_destroy(joining);
    return NULL;
}

void joining_destroy(struct joining *joining)
{
    if (!joining)
        return;
    for (guint i = 0; i < joining->tracks->len; i++)
        drop_held(track_at(joining, i));
    g_array_unref(joining->tracks);
    g_array_unref(joining->ends);
    g_ptr_array_unref(joining->notes);
    g_ptr_array_unref(joining->rows);
    g_ptr_array_unref(joining->said);
    joined_cues_destroy(joining->cues);
    g_free(joining);
}

bool joining_run(struct joining *joining, struct failure *failure)
{
    unsigned parts = task_sources(joining->first->job->task);
    shared_end(joining->first);
    bool fine = end_part(joining, joining->first, failure);
    for (unsigned part = 1; fine && part < parts && anybody_left(joining->first); part++)
        fine = run_part(joining, part, failure);
    for (guint i = 0; fine && i < joining->tracks->len; i++)
        joining->give(joining->first,
                      message_plain(MESSAGE_STREAM_END, track_at(joining, i)->stream));
    return fine;
}

/* --- what belongs to the whole --- */

/* Of a film, as its name. */
static bool add_chapter(struct branch *branch, unsigned part, double from_s, double to_s)
{
    g_autofree char *name = sound_part_name(branch->render->job->task, part);
    AVDictionary *title = NULL;
    char *dot = strrchr(name, '.');
    if (dot)
        *dot = '\0';
    av_dict_set(&title, "title", name, 0);
    branch->chapters++;
    bool added = writer_chapter(branch->writer, from_s, to_s, title, &branch->result->failure);
    av_dict_free(&title);
    return added;
}

/* Of a film that begins at `start_s` of the whole; its length is as its facts say until it was
 * read.
 */
static double end_of(const struct branch *branch, unsigned part, double start_s)
{
    const struct joining *joining = branch->render->joining;
    if (part >= joining->ends->len)
        return start_s + programme_part_length(branch->render->job->task, part);
    return (double)g_array_index(joining->ends, int64_t, part) *
           av_q2d(chain_time_base(chain_at(joining, 0)));
}

static double length_of(const struct branch *branch)
{
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    return lane && lane->encoder && encoder_count(lane->encoder) ? encoder_seconds(lane->encoder)
                                                                 : branch->length_s;
}

/* From the time of all films, one behind the other, to the programme's. */
static bool joined_time_line(const struct branch *branch, const struct chain *chain,
                             struct time_line *line)
{
    const struct chain *shared = chain_at(branch->render->joining, 0);
    const bool follows = chain_time_line(chain, line);
    line->origin_s = (line->origin_s - chain_origin(shared)) / chain_pace(shared);
    line->pace /= chain_pace(shared);
    return follows;
}

static bool add_chapters(struct branch *branch, const struct time_line *line)
{
    const struct task *task = branch->render->job->task;
    double length_s = length_of(branch), end_s = 0;
    for (unsigned part = 0; part < task_sources(task); part++) {
        double start_s = end_s;
        end_s = end_of(branch, part, start_s);
        double from_s = start_s, to_s = end_s;
        if (isnan(end_s))
            return true;
        if (!time_line_cut(line, &from_s, &to_s))
            continue;
        to_s = MIN(to_s, length_s);
        if (to_s > from_s && !add_chapter(branch, part, from_s, to_s))
            return false;
    }
    return true;
}

/* The index of a file of fragments is written with the first of them. */
static bool is_fragmented(const struct branch *branch)
{
    return branch->output->encode->fragment.kind != POSITION_NONE;
}

bool joining_chapters(struct branch *branch, bool read)
{
    unsigned before = source_format(branch->render->source)->nb_chapters;
    if (read == is_fragmented(branch))
        return true;
    const struct chain *chain = branch_chain(branch);
    const bool held = branch_holds_chapters(branch) && chain;
    struct time_line line;
    if (held && !joined_time_line(branch, chain, &line)) {
        branch_lose_chapters(branch, task_sources(branch->render->job->task),
                             "those of the films can't follow a change of time");
        return true;
    }
    bool added = !held || add_chapters(branch, &line);
    if (added && before && !branch->chapters)
        branch_lose_chapters(
            branch, before,
            "films are the chapters of a joined output, and there is no place or no time "
            "for them");
    return added;
}

const GPtrArray *joining_notes(const struct joining *joining)
{
    return joining->notes;
}

bool joining_damaged(const struct joining *joining)
{
    return joining && joining->damaged;
}

const GPtrArray *joining_rows(const struct joining *joining)
{
    return joining->rows;
}

const GPtrArray *joining_said(const struct joining *joining)
{
    return joining->said;
}

const char *joining_captions(const struct joining *joining)
{
    return joining->captions;
}
