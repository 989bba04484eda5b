/* SPDX-License-Identifier: GPL-3.0-or-later
 * Renders sound to files that hold nothing else. What libsndfile reads or writes goes sample by
 * sample through one pass; all other sound goes the way of films (worker/branch.h). */
#include "../apply.h"
#include "../snap.h"
#include "../unmeasured.h"
#include "fan.h"
#include "foreseen.h"
#include "lengths.h"
#include "lost.h"
#include "settle.h"
#include "steps/programme.h"
#include "table.h"
#include "tags.h"
#include "worker/branch.h"

#include <math.h>
#include <string.h>

/* One output. */
struct voice {
    const struct task_output *output;
    struct output_result *result;
    struct chain *chain;
    struct sound_writer *writer;
    GHashTable *tags;
};

struct voices {
    const struct job *job;
    struct sound_input input;
    struct chain *shared;
    double start_s;   /* where the programme starts, before any step */
    GHashTable *tags; /* by shared steps */
    GPtrArray *notes; /* of sources that are joined to the first */
    unsigned count;
    struct voice *voice; /* `result` NULL: not ours */
    struct sound_sink *sinks;
};

static bool take(void *data, const AVFrame *frame, struct failure *failure)
{
    return sound_writer_push(((struct voice *)data)->writer, frame, failure);
}

static void copy_tag(gpointer key, gpointer value, gpointer to)
{
    g_hash_table_insert(to, g_strdup(key), g_strdup(value));
}

static bool has_step(const struct voices *voices, const struct voice *voice, const char *name)
{
    const GPtrArray *lists[] = {voices->job->task->steps, voice->output->steps};
    for (unsigned l = 0; l < G_N_ELEMENTS(lists); l++)
        for (unsigned i = 0; i < lists[l]->len; i++)
            if (strcmp(((const struct step_call *)lists[l]->pdata[i])->name, name) == 0)
                return true;
    return false;
}

static const AVDictionary *track_words(const struct sound_input *input)
{
    return input->stream >= 0 ? source_stream(input->source, input->stream)->av->metadata : NULL;
}

static bool open_voice(struct voices *voices, struct voice *voice)
{
    struct failure *failure = &voice->result->failure;
    const struct encode *encode = voice->output->encode;
    const struct container *container =
        encode && encode->container ? container_by_name(encode->container) : NULL;
    if (!container || !container->audio[0])
        return fail(failure, FAIL_CONFIG, "a sound file can't become a %s file",
                    container ? container->name : "nameless");
    g_hash_table_foreach(voices->tags, copy_tag, voice->tags);
    voice->chain = chain_branch(voices->shared, failure);
    if (!voice->chain ||
        !apply_steps(voice->chain, voices->job, voice->output->steps, voice->tags, failure))
        return false;
    const struct facts *facts = voices->job->task->source;
    AVDictionary *tags = tags_edited(sound_input_tags(&voices->input), voice->tags);
    struct loudness loudness;
    bool foreseen = foreseen_loudness(voice->output, &loudness);
    const struct sound_writer_setup setup = {
        .encode = encode,
        .container = container,
        .fd = voices->job->fds[voice->output->file],
        .tags = tags,
        .track = track_words(&voices->input),
        .from = voices->input.file,
        .film = voices->input.source ? source_format(voices->input.source) : NULL,
        .timecode = facts ? facts->timecode : NULL,
        .fps = facts ? facts->fps : (struct rational){0, 1},
        .timecode_s = voices->start_s,
        .levelled = has_step(voices, voice, "loudness"),
        .loudness = foreseen ? &loudness : NULL,
        .placed = has_step(voices, voice, "channels"),
        .edits = voice->tags,
    };
    voice->writer = sound_writer_create(voice->chain, &setup, failure);
    av_dict_free(&tags);
    return voice->writer != NULL;
}

static void open_voices(struct voices *voices)
{
    for (unsigned i = 0; i < voices->count; i++) {
        struct voice *voice = &voices->voice[i];
        struct sound_sink *sink = &voices->sinks[i];
        if (!voice->result)
            continue;
        if (open_voice(voices, voice))
            *sink = (struct sound_sink){voice->chain, take, voice, &voice->result->failure, false};
        else
            fail(&voice->result->failure, FAIL_INTERNAL, "the output couldn't be opened");
    }
}

static void add_texts(GPtrArray *notes, const GPtrArray *more)
{
    for (unsigned i = 0; i < more->len; i++)
        g_ptr_array_add(notes, g_strdup(more->pdata[i]));
}

/* What was done, from the source to the file, and what was left out. */
static void add_notes(const struct voices *voices, const struct voice *voice, GPtrArray *notes)
{
    const struct task *task = voices->job->task;
    const struct encode *encode = voice->output->encode;
    const struct container *container = container_by_name(encode->container);
    const char *no_chapters = sound_no_chapters(container, voice->chain);
    add_texts(notes, chain_notes(voices->shared));
    if (task_joins(task))
        sound_parts_note(voices->job, notes);
    add_texts(notes, voices->notes);
    add_texts(notes, chain_notes(voice->chain));
    g_autoptr(GPtrArray) lost = g_ptr_array_new_with_free_func(g_free);
    if (voices->input.mute)
        g_ptr_array_add(lost, g_strdup(NOTE_MUTE));
    note_lost(lost, task_joins(task) ? task->parts->pdata[0] : task->source,
              voices->input.file ? NULL : no_chapters, sound_container_has_time(encode, container));
    sound_part_say(task, 0, lost, notes);
}

static void tabulate(const struct voices *voices, const struct voice *voice, struct claim *claim)
{
    const struct encode *encode = voice->output->encode;
    const struct container *container = container_by_name(encode->container);
    const struct sound_made made = {
        .container = container,
        .fd = voices->job->fds[voice->output->file],
        .source = voices->input.source,
        .layout = chain_sound(voice->chain)->layout,
        .has_time = sound_container_has_time(encode, container),
        .no_chapters = sound_no_chapters(container, voice->chain),
        .tags = voice->tags,
    };
    sound_table(voices->job, &made, claim);
}

static bool begins_before(const struct sound_input *input, double start_s)
{
    return input->source && input->stream >= 0 &&
           source_stream(input->source, input->stream)->start_s < start_s;
}

/* A film's sound may be over before a trim begins, or the picture. */
static bool has_samples(const struct voices *voices, const struct voice *voice)
{
    struct output_result *result = voice->result;
    if (result->claim.samples != 0)
        return true;
    if (chain_origin(voice->chain) > voices->start_s)
        return fail(&result->failure, FAIL_CONFIG,
                    "the steps leave nothing of the sound: look at `trim`");
    return !begins_before(&voices->input, voices->start_s) ||
           fail(&result->failure, FAIL_CONFIG, "%s", SOUND_ENDS_EARLY);
}

static void finish_voice(struct voices *voices, struct voice *voice, const char *damage)
{
    struct output_result *result = voice->result;
    if (!voice->writer || result->failure.class != FAIL_NONE ||
        !sound_writer_finish(voice->writer, &result->claim, &result->failure) ||
        !has_samples(voices, voice))
        return;
    double length_s = programme_length(voices->job->task, voice->output);
    result->claim.programme_s = isnan(length_s) ? result->claim.audio_s : length_s;
    result->claim.damaged = damage != NULL;
    add_notes(voices, voice, result->notes);
    tabulate(voices, voice, &result->claim);
    if (damage)
        g_ptr_array_add(result->notes, g_strdup_printf(NOTE_DAMAGED "%s", damage));
}

static bool run(struct voices *voices, struct failure *failure)
{
    g_autofree char *damage = NULL;
    voices->shared = sound_part_chain(&voices->input, voices->job, 0, voices->tags, failure);
    if (!voices->shared)
        return false;
    voices->start_s = sound_input_start(&voices->input);
    open_voices(voices);
    const struct sound_fan fan = {voices->job,   &voices->input, voices->shared,
                                  voices->sinks, voices->count,  voices->notes};
    if (!sound_fan_run(&fan, &damage, failure))
        return false;
    for (unsigned i = 0; i < voices->count; i++)
        if (voices->voice[i].result)
            finish_voice(voices, &voices->voice[i], damage);
    return true;
}

static void clear(struct voices *voices)
{
    for (unsigned i = 0; i < voices->count; i++) {
        sound_writer_destroy(voices->voice[i].writer);
        chain_destroy(voices->voice[i].chain);
        g_hash_table_unref(voices->voice[i].tags);
    }
    chain_destroy(voices->shared);
    g_hash_table_unref(voices->tags);
    g_ptr_array_unref(voices->notes);
    sound_input_close(&voices->input);
    g_free(voices->voice);
    g_free(voices->sinks);
}

static void fail_all(struct result *result, const bool *not_ours, const struct failure *failure)
{
    for (unsigned i = 0; i < result->outputs->len; i++)
        if (!not_ours[i])
            fail(&((struct output_result *)result->outputs->pdata[i])->failure, failure->class,
                 "%s", failure->message);
}

/* Takes the opened input. */
static void render(const struct job *job, struct sound_input input, const bool *not_ours,
                   struct result *result)
{
    struct failure failure = {FAIL_NONE, NULL};
    unsigned count = job->task->outputs->len;
    struct voices voices = {.job = job,
                            .input = input,
                            .tags = tags_new(),
                            .notes = g_ptr_array_new_with_free_func(g_free),
                            .count = count,
                            .voice = g_new0(struct voice, count),
                            .sinks = g_new0(struct sound_sink, count)};
    for (unsigned i = 0; i < count; i++) {
        voices.voice[i] = (struct voice){.output = job->task->outputs->pdata[i],
                                         .result = not_ours[i] ? NULL : result->outputs->pdata[i],
                                         .tags = tags_new()};
    }
    if (!run(&voices, &failure))
        fail_all(result, not_ours, &failure);
    clear(&voices);
    failure_clear(&failure);
}

/* libav copies packets, and makes everything that isn't a format of libsndfile. */
static bool by_libav(const struct task_output *output, bool from_film)
{
    const char *name = output->encode ? output->encode->container : NULL;
    const struct container *container = name ? container_by_name(name) : NULL;
    bool copies = output->encode && g_strcmp0(output->encode->audio.codec, "copy") == 0;
    bool only_sound = container && container->kind == KIND_AUDIO && !container->muxer;
    return copies || (from_film && !only_sound);
}

/* Who makes which output; those that have failed already nobody. */
struct shares {
    bool *libav, *others; /* the latter: not made by libsndfile */
    unsigned by_libav, by_sndfile;
};

static struct shares share(const struct job *job, bool from_film, const struct result *result)
{
    unsigned count = job->task->outputs->len;
    struct shares shares = {g_new0(bool, count), g_new0(bool, count), 0, 0};
    for (unsigned i = 0; i < count; i++) {
        const struct output_result *output = result->outputs->pdata[i];
        bool failed = output->failure.class != FAIL_NONE;
        bool libav = by_libav(job->task->outputs->pdata[i], from_film);
        shares.libav[i] = libav && !failed;
        shares.others[i] = libav || failed;
        shares.by_libav += shares.libav[i];
        shares.by_sndfile += !shares.others[i];
    }
    return shares;
}

static void shares_clear(struct shares *shares)
{
    g_free(shares->libav);
    g_free(shares->others);
}

/* Of a film's sound, or of several files' sound as one, to files of sound. */
static void render_sound(const struct job *job, const bool *not_ours, struct result *result)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct sound_input input;
    bool open = sound_input_open(&input, job, 0, &failure);
    if (open && sound_input_has_sound(&input)) {
        render(job, input, not_ours, result);
        return;
    }
    if (open) {
        fail(&failure, FAIL_CONFIG, "the source has no sound");
        sound_input_close(&input);
    }
    fail_all(result, not_ours, &failure);
    failure_clear(&failure);
}

static void render_film(const struct job *job, struct result *result)
{
    struct shares shares = share(job, true, result);
    if (shares.by_libav)
        render_branches(job, shares.libav, result);
    if (shares.by_sndfile)
        render_sound(job, shares.others, result);
    shares_clear(&shares);
}

void worker_render_video(const struct job *job, struct result *result)
{
    snap_trims(job);
    if (settle_outputs(job, result))
        render_film(job, result);
}

static void render_sound_file(const struct job *job, struct sound_input input,
                              struct result *result)
{
    struct shares shares = share(job, false, result);
    if (shares.by_sndfile)
        render(job, input, shares.others, result);
    else
        sound_input_close(&input);
    if (shares.by_libav)
        render_branches(job, shares.libav, result);
    shares_clear(&shares);
}

/* libav's containers as well: films have no part in it. */
static void render_counted(const struct job *job, struct result *result)
{
    measure_unmeasured(job, result);
    if (!settle_outputs(job, result))
        return;
    g_autofree bool *failed = g_new0(bool, result->outputs->len);
    for (unsigned i = 0; i < result->outputs->len; i++) {
        const struct output_result *output = result->outputs->pdata[i];
        failed[i] = output->failure.class != FAIL_NONE;
    }
    render_sound(job, failed, result);
}

static void render_joined(const struct job *job, struct result *result)
{
    struct counted_job counted;
    counted_job_init(&counted, job);
    render_counted(&counted.job, result);
    counted_job_clear(&counted);
}

void worker_render_audio(const struct job *job, struct result *result)
{
    if (task_joins(job->task)) {
        render_joined(job, result);
        return;
    }
    measure_unmeasured(job, result);
    if (!settle_outputs(job, result))
        return;
    struct sound_input input = {.file = sound_input_file(job, 0), .stream = -1};
    if (input.file)
        render_sound_file(job, input, result);
    else
        render_film(job, result);
}
