/* SPDX-License-Identifier: GPL-3.0-or-later
 * Branches: one output of a render, from its first decision to its finished file. */
#include "base/names.h"
#include "base/sequence.h"
#include "join.h"

#include <math.h>

void branch_note(struct branch *branch, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(branch->result->notes, g_strdup_vprintf(format, args));
    va_end(args);
}

const char *branch_form(const struct branch *branch)
{
    return branch->container ? branch->container->name : branch->output->encode->image.format;
}

void branch_lose(struct branch *branch, const struct failure *failure)
{
    fail(&branch->lost, failure->class, "%s", failure->message);
    g_atomic_int_set(&branch->failed, 1);
}

struct lane *branch_lane(const struct branch *branch, int stream)
{
    for (guint i = 0; i < branch->lanes->len; i++) {
        struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->stream == stream)
            return lane;
    }
    return NULL;
}

const struct chain *branch_chain(const struct branch *branch)
{
    for (guint i = 0; !branch->clock && i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->chain)
            return lane->chain;
    }
    return branch->clock;
}

bool branch_time_line(const struct branch *branch, struct time_line *line)
{
    const struct chain *chain = branch_chain(branch);
    *line = (struct time_line){branch->render->start_s, 1, NAN};
    return !chain || chain_time_line(chain, line);
}

/* --- opening --- */

/* Why the streams that the output could have had aren't in it; "" when there are none. */
static char *why_nothing(const struct branch *branch)
{
    const bool letters = container_is_subtitles(branch->container);
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < source_streams(branch->render->source); i++) {
        const char *why = g_hash_table_lookup(branch->reasons, GINT_TO_POINTER(i));
        const bool is_letters =
            source_stream(branch->render->source, i)->type == AVMEDIA_TYPE_SUBTITLE;
        g_autofree char *words = stream_words(branch->render->source, i);
        if (why && is_letters == letters)
            g_ptr_array_add(texts, g_strdup_printf("%s: %s", words, why));
    }
    return names_text_of(texts);
}

static bool has_lanes(struct branch *branch)
{
    if (branch->lanes->len)
        return true;
    struct failure *failure = &branch->result->failure;
    g_autofree char *why = why_nothing(branch);
    return why[0] ? fail(failure, FAIL_CONFIG, "nothing is left to be written: %s", why)
                  : fail(failure, FAIL_CONFIG, "the source has nothing that a %s file holds",
                         branch->container->name);
}

static bool start_writer(struct branch *branch)
{
    return has_lanes(branch) &&
           (!branch->writer || writer_start(branch->writer, &branch->result->failure));
}

bool branch_open_clock(struct branch *branch, int stream)
{
    struct failure *failure = &branch->result->failure;
    branch->clock = chain_branch(shared_of(branch->render, stream)->chain, failure);
    return branch->clock && apply_to_stream(branch->clock, branch->render, stream,
                                            branch->output->steps, branch->tags, failure);
}

/* Subtitles alone follow the picture's time, of which no frame is needed. */
static bool start_clock(struct branch *branch)
{
    int picture = branch->render->picture;
    return branch_add_streams(branch) &&
           (!shared_of(branch->render, picture) || branch_open_clock(branch, picture));
}

static bool open_container(struct branch *branch)
{
    const struct encode *encode = branch->output->encode;
    struct failure *failure = &branch->result->failure;
    branch->container = encode->container ? container_by_name(encode->container) : NULL;
    if (!branch->container)
        return fail(failure, FAIL_INTERNAL, "the task doesn't say which container to write");
    if (branch->container->muxer)
        branch->writer = writer_create(encode, branch->container, branch->output->files,
                                       branch->render->job->fds[branch->output->file], failure);
    if (branch->container->muxer && !branch->writer)
        return false;
    if (container_is_subtitles(branch->container))
        return start_clock(branch) && carry_over(branch) && start_writer(branch);
    if (!branch_add_streams(branch))
        return false;
    return has_lanes(branch) && carry_over(branch) && start_writer(branch);
}

static bool open_still(struct branch *branch)
{
    if (branch->render->picture < 0)
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "the source has no picture to take a still from");
    carry_picture_alone(branch);
    return lane_open_still(branch, branch->render->picture);
}

static void copy_tag(gpointer key, gpointer value, gpointer to)
{
    g_hash_table_insert(to, g_strdup(key), g_strdup(value));
}

struct branch *branch_open(struct render *render, int index)
{
    struct branch *branch = g_new0(struct branch, 1);
    branch->render = render;
    branch->index = index;
    branch->output = render->job->task->outputs->pdata[index];
    branch->result = render->result->outputs->pdata[index];
    branch->noted = branch->result->notes->len;
    branch->length_s = programme_length(render->job->task, branch->output);
    branch->lanes = g_array_new(FALSE, TRUE, sizeof(struct lane));
    branch->tags = tags_new();
    branch->table = carried_new();
    branch->reasons = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, g_free);
    g_hash_table_foreach(render->tags, copy_tag, branch->tags);
    bool opened = branch->output->kind == KIND_IMAGE ? open_still(branch) : open_container(branch);
    if (!opened) {
        fail(&branch->result->failure, FAIL_INTERNAL, "the output couldn't be opened");
        branch->failed = 1;
    }
    return branch;
}

void branch_destroy(struct branch *branch)
{
    for (guint i = 0; i < branch->lanes->len; i++)
        lane_close(&g_array_index(branch->lanes, struct lane, i));
    g_array_unref(branch->lanes);
    writer_destroy(branch->writer);
    g_hash_table_unref(branch->tags);
    g_hash_table_unref(branch->reasons);
    g_ptr_array_unref(branch->table);
    chain_destroy(branch->clock);
    g_free(branch->chapters_lost);
    inbox_destroy(branch->inbox);
    failure_clear(&branch->lost);
    g_free(branch->damage);
    g_free(branch);
}

/* --- running --- */

static void count(struct branch *branch)
{
    struct claim *claim = &branch->result->claim;
    const bool fitted = branch->writer && !strcmp(branch->container->name, "mxf");
    const int sound = branch->writer && !fitted ? writer_sound(branch->writer) : -1;
    bool picture = false;
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->mixed && lane->track == sound)
            claim->channels = 0;
        if (!lane->encoder)
            continue;
        if (chain_type(lane->chain) == AVMEDIA_TYPE_VIDEO && !picture) {
            picture = true;
            claim->frames = encoder_count(lane->encoder);
            claim->video_s = encoder_seconds(lane->encoder);
        } else if (chain_type(lane->chain) == AVMEDIA_TYPE_AUDIO && lane->track == sound) {
            claim->samples = encoder_count(lane->encoder);
            claim->audio_s = encoder_seconds(lane->encoder);
        }
    }
}

static void add_notes(struct branch *branch, const struct chain *chain)
{
    g_autofree char *rate = chain_rate_text(chain);
    const GPtrArray *notes = chain_notes(chain);
    for (guint i = 0; i < notes->len; i++)
        branch_note(branch, "%s", (const char *)notes->pdata[i]);
    if (rate)
        branch_note(branch, "%s", rate);
}

/* What was done so that sound begins and goes on where it did. */
static void note_sync(struct branch *branch, const struct lane *lane)
{
    if (chain_type(lane->chain) != AVMEDIA_TYPE_AUDIO)
        return;
    const struct source_stream *stream = source_stream(branch->render->source, lane->stream);
    int64_t filled = chain_sound_filled(shared_of(branch->render, lane->stream)->chain,
                                        chain_origin(lane->chain)) -
                     llround(lane->late_s * stream->av->codecpar->sample_rate);
    if (lane->late_s > 0)
        branch_note(branch, "sound starts %.3f s after the picture, as it did", lane->late_s);
    if (filled > 0)
        branch_note(branch, "sound kept in sync: %" PRId64 " samples of silence added", filled);
}

static void note_empty(struct branch *branch, const struct lane *lane)
{
    g_autofree char *words = stream_words(branch->render->source, lane->stream);
    g_autofree char *refused = lane_refused(lane);
    if (refused)
        branch_note(branch, "dropped: %s: %s", words, refused);
    else if (!lane->packets)
        branch_note(branch, "dropped: %s: %s", words, lane_empty(lane));
}

static void drop_late_cues(struct branch *branch, const struct lane *lane, const char *words)
{
    g_autofree char *what = g_strdup_printf("%" PRId64 " cue%s of %s", lane->late_cues,
                                            lane->late_cues == 1 ? "" : "s", words);
    g_autofree char *why = g_strdup_printf("behind the programme's end, %.3f s", branch->length_s);
    const struct source *source = branch->render->source;
    const enum keep keep = stream_keep(source, source_stream(source, lane->stream));
    const struct carried_row row = {
        .keep = keep, .stream = -1, .what = what, .fate = FATE_DROPPED, .why = why};
    branch_row(branch, &row);
}

static void drop_others(struct branch *branch, const char *words)
{
    g_autofree char *what =
        g_strdup_printf("captions beside those of the first field in %s", words);
    const struct carried_row row = {.keep = KEEP_CAPTIONS,
                                    .stream = -1,
                                    .what = what,
                                    .fate = FATE_DROPPED,
                                    .why = (char *)"libavformat writes and decodes these alone"};
    branch_row(branch, &row);
}

/* What of them is lost though no step asked for it. */
static void note_cues(struct branch *branch, const struct lane *lane)
{
    g_autofree char *words = stream_words(branch->render->source, lane->stream);
    if (lane->cut_cues)
        branch_note(branch, "%s: %" PRId64 " cue%s cut where the programme ends", words,
                    lane->cut_cues, lane->cut_cues == 1 ? "" : "s");
    const int64_t overlaps = lane->packets ? writer_overlaps(branch->writer, lane->track) : 0;
    if (overlaps)
        branch_note(branch,
                    "%s: %" PRId64 " cues overlap others: where they do, a cue of all their lines "
                    "is written, since %s shows one at a time",
                    words, overlaps, branch->container->name);
    if (lane->late_cues && lane->packets)
        drop_late_cues(branch, lane, words);
    if (lane_unloaded(lane))
        branch_note(branch, "%s: copied; %s", words, lane_unloaded(lane));
    if (lane->others)
        drop_others(branch, words);
}

static void note_over(struct branch *branch, const struct lane *lane)
{
    g_autofree char *words = stream_words(branch->render->source, lane->stream);
    if (lane_over(lane))
        branch_note(branch, "dropped: %s: %s", words, lane_over(lane));
}

static void drop_sound_behind(struct branch *branch, double cut_s)
{
    g_autofree char *what = g_strdup_printf("%.3f s of sound behind the picture", cut_s);
    const struct carried_row row = {.keep = KEEP_TRACKS,
                                    .stream = -1,
                                    .what = what,
                                    .fate = FATE_DROPPED,
                                    .why = (char *)"the tracks of MXF end together"};
    branch_row(branch, &row);
}

/* What is shorter than a millisecond is how samples fall into frames; than a tenth of a second, how
 * recorders stop. */
static void note_fit(struct branch *branch)
{
    static const double least_s = 0.001, loss_s = 0.1;
    const struct writer_fit fit =
        branch->writer ? writer_fit(branch->writer) : (struct writer_fit){0};
    if (fit.cut_s >= loss_s)
        drop_sound_behind(branch, fit.cut_s);
    else if (fit.cut_s >= least_s)
        branch_note(branch, "dropped: %.3f s of sound behind the picture", fit.cut_s);
    if (fit.filled_s >= least_s)
        branch_note(branch, "%.3f s of silence added behind the sound, up to the picture's end",
                    fit.filled_s);
}

/* What was done to the time of copies. */
static void note_clock(struct branch *branch)
{
    const struct lane *first = &g_array_index(branch->lanes, struct lane, 0);
    if (!branch->lanes->len || !first->cut)
        return;
    const struct chain *shared = shared_of(branch->render, first->stream)->chain;
    const GPtrArray *notes = chain_notes(shared);
    for (guint i = chain_source_notes(shared); i < notes->len; i++)
        branch_note(branch, "%s", (const char *)notes->pdata[i]);
    add_notes(branch, branch->clock);
}

/* Of copies; chains of sound say so themselves. */
static void note_early(struct branch *branch, const struct lane *lane)
{
    const struct render *render = branch->render;
    const bool sound = source_stream(render->source, lane->stream)->type == AVMEDIA_TYPE_AUDIO;
    g_autofree char *early =
        sound ? source_early_text(render->source, lane->stream, render->start_s) : NULL;
    if (early)
        branch_note(branch, "%s", early);
}

static void note_apart(struct branch *branch, const struct lane *lane)
{
    const double apart_s = lane->packets ? writer_apart(branch->writer, lane->track) : 0;
    if (apart_s != 0)
        branch_note(branch,
                    "the times of the sound run apart from its samples, in the end by %.3f s: "
                    "copied with its times, which players follow",
                    fabs(apart_s));
}

/* Without an edit list, fragments have negative times for them (ISO/IEC 14496-12, 8.8.8: trun of
 * version 1), which is right to the boxes. */
static void note_held_back(struct branch *branch, const struct lane *lane)
{
    const struct encode *encode = branch->output->encode;
    if (!branch->writer || !encode_is_bare(encode, branch->container->name) ||
        encode->fragment.kind == POSITION_NONE || !lane->packets)
        return;
    const AVCodecParameters *par = writer_stream(branch->writer, lane->track)->codecpar;
    if (par->codec_type == AVMEDIA_TYPE_VIDEO && par->video_delay > 0)
        branch_note(branch, "in fragments without edit lists, players on FFmpeg and GStreamer show "
                            "the picture late, by what is held back for B frames: `b_frames: 0` "
                            "holds nothing back");
}

static void note_numbers(struct branch *branch)
{
    const unsigned width = branch->output->files ? sequence_width(branch->output->files) : 0;
    const int64_t last = branch->output->encode->first_frame + branch->result->claim.frames - 1;
    g_autofree char *number = g_strdup_printf("%" PRId64, last);
    if (width && strlen(number) > width)
        branch_note(branch, "pictures are numbered up to %s, in more digits than the %u of \"%s\"",
                    number, width, branch->output->files);
}

static void collect_notes(struct branch *branch)
{
    note_fit(branch);
    note_numbers(branch);
    note_clock(branch);
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->mode == LANE_COPY || lane->mode == LANE_SUBTITLE)
            note_empty(branch, lane);
        if (lane->mode == LANE_COPY) {
            note_early(branch, lane);
            note_apart(branch, lane);
        }
        note_held_back(branch, lane);
        note_cues(branch, lane);
        if (lane->cut)
            note_cut(branch, lane);
        note_over(branch, lane);
        if (!lane->chain || lane != branch_lane(branch, lane->stream))
            continue;
        add_notes(branch, shared_of(branch->render, lane->stream)->chain);
        note_sync(branch, lane);
        add_notes(branch, lane->chain);
        if (lane->dropped)
            branch_note(branch,
                        "%" PRId64 " frames dropped: more came than the source's frame rate says; "
                        "a step `fps` of a higher rate keeps them",
                        lane->dropped);
    }
}

static void count_cues(struct branch *branch)
{
    struct claim *claim = &branch->result->claim;
    if (!branch->container || !container_is_subtitles(branch->container))
        return;
    const struct lane *lane = &g_array_index(branch->lanes, struct lane, 0);
    claim->cues = (int)lane->packets;
    claim->cues_s = lane->end_s;
}

/* Where no step moved its start, the programme begins with the picture. */
static bool fail_empty_sound(struct branch *branch)
{
    const struct chain *chain = branch_chain(branch);
    const bool moved = chain && chain_origin(chain) > branch->render->start_s;
    const char *why = moved || branch->render->picture < 0
                          ? "the steps leave nothing of the sound: look at `trim`"
                          : SOUND_ENDS_EARLY;
    return fail(&branch->result->failure, FAIL_CONFIG, "%s", why);
}

/* Of which packets came, whether it begins in the programme or not. */
static bool is_copied_sound(const struct branch *branch, const struct lane *lane)
{
    return lane->mode == LANE_COPY && lane->met > 0 &&
           source_stream(branch->render->source, lane->stream)->type == AVMEDIA_TYPE_AUDIO;
}

/* A file without a single frame or sample is no deliverable; a picture that is copied is one. */
static bool check_not_empty(struct branch *branch)
{
    const struct render *render = branch->render;
    const struct lane *seen = branch_lane(branch, render->picture);
    if (seen && seen->mode == LANE_COPY && seen->packets > 0)
        return true;
    int64_t most = -1;
    bool picture = false, copied = false;
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->sound)
            most = MAX(most, branch->result->claim.samples);
        if (is_copied_sound(branch, lane)) {
            most = MAX(most, lane->packets);
            copied = true;
        }
        if (!lane->encoder || picture)
            continue;
        picture = chain_type(lane->chain) == AVMEDIA_TYPE_VIDEO;
        most = picture ? encoder_count(lane->encoder) : MAX(most, encoder_count(lane->encoder));
    }
    if (most != 0)
        return true;
    const char *what = picture ? "picture" : "sound";
    if (!copied &&
        !source_decoded(render->source, picture ? render->picture : source_sound(render->source)))
        return fail(&branch->result->failure, FAIL_INPUT_DAMAGED,
                    "nothing of the %s can be decoded", what);
    return picture ? fail(&branch->result->failure, FAIL_CONFIG,
                          "the steps leave nothing of the picture: look at `trim`")
                   : fail_empty_sound(branch);
}

static bool end_lane(struct branch *branch, struct lane *lane)
{
    return lane_end_waiting(branch, lane) && lane_end_captions(branch, lane) &&
           lane_frame(branch, lane, NULL) && (!lane->cut || cut_finish(branch, lane));
}

static bool finish(struct branch *branch)
{
    struct failure *failure = &branch->result->failure;
    const struct failure *verdict = &branch->render->verdict;
    if (branch->given_up) {
        g_ptr_array_set_size(branch->result->notes, (int)branch->noted);
        return true;
    }
    if (verdict->class != FAIL_NONE)
        return fail(failure, verdict->class, "%s", verdict->message);
    for (guint i = 0; i < branch->lanes->len; i++)
        if (!end_lane(branch, &g_array_index(branch->lanes, struct lane, i)))
            return false;
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->sound && !sound_writer_finish(lane->sound, &branch->result->claim, failure))
            return false;
    }
    if (!check_not_empty(branch))
        return false;
    if (branch->render->joining && branch->writer && !joining_chapters(branch, true))
        return false;
    if (branch->writer && !writer_finish(branch->writer, &branch->result->claim, failure))
        return false;
    if (!smart_check(branch))
        return true;
    count(branch);
    count_cues(branch);
    struct claim *claim = &branch->result->claim;
    claim->programme_s =
        isnan(branch->length_s) && claim->video_streams <= 0 ? claim->audio_s : branch->length_s;
    claim->damaged = branch->damage || joining_damaged(branch->render->joining);
    collect_notes(branch);
    branch_tabulate(branch);
    g_autoptr(GPtrArray) remarks = source_remarks(branch->render->source);
    for (guint i = 0; i < remarks->len; i++)
        branch_note(branch, "%s", (const char *)remarks->pdata[i]);
    if (branch->damage)
        branch_note(branch, NOTE_DAMAGED "%s", branch->damage);
    return true;
}

static bool take_in_lane(struct branch *branch, struct lane *lane, struct message *message)
{
    if (message->kind == MESSAGE_PACKET)
        return (lane->mode != LANE_COPY && lane->mode != LANE_SUBTITLE) ||
               lane_packet(branch, lane, message->packet);
    if (message->kind == MESSAGE_STREAM_END && lane->mode == LANE_COPY)
        writer_end_track(branch->writer, lane->track);
    return lane_frame(branch, lane, message->kind == MESSAGE_FRAME ? message->frame : NULL);
}

static bool take(struct branch *branch, struct message *message)
{
    if (message->kind == MESSAGE_FINISH)
        return finish(branch);
    if (branch->given_up)
        return true;
    for (guint i = 0; i < branch->lanes->len; i++) {
        struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        if (lane->stream == message->stream && !take_in_lane(branch, lane, message))
            return false;
    }
    return true;
}

/* Subtitles end with what leads them; alone they go on to the end of the source. */
static bool has_enough(const struct branch *branch)
{
    bool led = false;
    if (branch->given_up)
        return true;
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *lane = &g_array_index(branch->lanes, struct lane, i);
        bool copy = lane->mode == LANE_COPY || lane->mode == LANE_SUBTITLE;
        bool loose =
            source_stream(branch->render->source, lane->stream)->type == AVMEDIA_TYPE_SUBTITLE;
        if (copy && !lane->cut ? !loose : !lane->ended)
            return false;
        led |= !loose;
    }
    return led && branch_chain(branch) != NULL;
}

void branch_take(struct branch *branch, struct message *message)
{
    if (!g_atomic_int_get(&branch->failed)) {
        if (!take(branch, message)) {
            fail(&branch->result->failure, FAIL_INTERNAL, "the output failed without a reason");
            g_atomic_int_set(&branch->failed, 1);
        } else if (has_enough(branch)) {
            g_atomic_int_set(&branch->enough, 1);
        }
    }
    message_destroy(message);
}
