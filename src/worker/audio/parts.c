/* SPDX-License-Identifier: GPL-3.0-or-later
 * The sources of a task one by one. */
#include "parts.h"

#include "../apply.h"
#include "base/names.h"
#include "lost.h"
#include "steps/programme.h"
#include "tags.h"

#include <string.h>

static const struct task_file *file_at(const struct task *task, unsigned part)
{
    return task->files->pdata[part];
}

/* The first is called so below the folder it was found in; so are the others, if they are in it. */
char *sound_part_name(const struct task *task, unsigned part)
{
    const char *first = file_at(task, 0)->path, *path = file_at(task, part)->path;
    size_t below = strlen(first);
    if (task->source_name && g_str_has_suffix(first, task->source_name))
        below -= strlen(task->source_name);
    if (below < strlen(first) && strncmp(first, path, below) == 0)
        return path_display(path + below);
    g_autofree char *name = g_path_get_basename(path);
    return path_display(name);
}

void sound_part_blame(const struct task *task, unsigned part, struct failure *failure)
{
    if (!task_joins(task) || failure->class == FAIL_NONE)
        return;
    g_autofree char *name = sound_part_name(task, part);
    g_autofree char *message = g_strdup(failure->message);
    enum failure_class class = failure->class;
    failure_clear(failure);
    fail(failure, class, "%s: %s", name, message);
}

/* To the shared steps, each part is the source. */
static bool apply_shared(struct chain *chain, const struct job *job, unsigned part,
                         GHashTable *tags, struct failure *failure)
{
    struct task task = *job->task;
    if (task_joins(&task)) {
        task.source = task.parts->pdata[part];
        task.parts = NULL;
    }
    const struct job one = {.task = &task, .fds = job->fds, .speaker = job->speaker};
    return apply_steps(chain, &one, task.steps, tags, failure);
}

struct chain *sound_part_chain(const struct sound_input *input, const struct job *job,
                               unsigned part, GHashTable *tags, struct failure *failure)
{
    g_auto(chain_ptr) chain = sound_input_chain(input, failure);
    if (chain && job->task->changes_conform)
        chain_fit_changes(chain);
    if (!chain || !apply_shared(chain, job, part, tags, failure)) {
        sound_part_blame(job->task, part, failure);
        return NULL;
    }
    if (part == 0 && task_joins(job->task))
        chain_lengthen(chain, programme_joined_length(job->task));
    return g_steal_pointer(&chain);
}

static bool make_chain(struct sound_part *of, const struct job *job, unsigned part,
                       const struct chain *first, struct failure *failure)
{
    const struct sound_shape *shape = chain_sound(first);
    g_autoptr(GHashTable) tags = tags_new(); /* the first's are the output's */
    of->chain = sound_part_chain(&of->input, job, part, tags, failure);
    if (!of->chain)
        return false;
    bool fits = chain_deliver_sound(of->chain, failure, chain_sample_format(first), shape->rate,
                                    shape->layout);
    if (!fits)
        sound_part_blame(job->task, part, failure);
    return fits;
}

static bool has_sound(const struct sound_part *of, const struct job *job, unsigned part,
                      struct failure *failure)
{
    if (sound_input_has_sound(&of->input))
        return true;
    fail(failure, FAIL_CONFIG, "the source has no sound");
    sound_part_blame(job->task, part, failure);
    return false;
}

bool sound_part_open(struct sound_part *of, const struct job *job, unsigned part,
                     const struct chain *first, struct failure *failure)
{
    *of = (struct sound_part){.chain = NULL};
    if (!sound_input_open(&of->input, job, part, failure))
        return false;
    if (has_sound(of, job, part, failure) && make_chain(of, job, part, first, failure))
        return true;
    sound_part_close(of);
    return false;
}

void sound_part_close(struct sound_part *of)
{
    chain_destroy(g_steal_pointer(&of->chain));
    sound_input_close(&of->input);
}

void sound_parts_note(const struct job *job, GPtrArray *notes)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < task_sources(job->task); i++)
        g_ptr_array_add(names, sound_part_name(job->task, i));
    g_autofree char *text = names_text_of(names);
    g_ptr_array_add(notes, g_strdup_printf("joined: %s", text));
}

static bool has_text(const GPtrArray *texts, const char *text)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)texts, text, g_str_equal, NULL);
}

static const char *tag_of(const struct sound_input *input, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(sound_input_tags(input), key, NULL, 0);
    return entry ? entry->value : NULL;
}

/* Words of a file that libav reads; those of a sound file are in its chunks. */
static char *other_tags(const struct sound_input *input, const struct sound_input *first)
{
    static const char *const keys[] = {"title", "artist",  "album",     "date",
                                       "genre", "comment", "copyright", "description"};
    GString *names = g_string_new(NULL);
    for (unsigned i = 0; !input->file && i < G_N_ELEMENTS(keys); i++) {
        const char *value = tag_of(input, keys[i]);
        if (value && g_strcmp0(value, tag_of(first, keys[i])) != 0)
            g_string_append_printf(names, "%s%s", names->len ? ", " : "the tags ", keys[i]);
    }
    return g_string_free(names, names->len == 0);
}

static void add_named(GPtrArray *notes, const char *name, const char *note)
{
    static const char lost[] = "dropped: ";
    bool is_lost = g_str_has_prefix(note, lost);
    g_ptr_array_add(notes, g_strdup_printf("%s%s: %s", is_lost ? lost : "", name,
                                           is_lost ? note + strlen(lost) : note));
}

void sound_part_say(const struct task *task, unsigned part, const GPtrArray *texts,
                    GPtrArray *notes)
{
    g_autofree char *name = task_joins(task) ? sound_part_name(task, part) : NULL;
    for (guint i = 0; i < texts->len; i++) {
        if (name)
            add_named(notes, name, texts->pdata[i]);
        else
            g_ptr_array_add(notes, g_strdup(texts->pdata[i]));
    }
}

void sound_part_note(const struct sound_part *of, const struct job *job, unsigned part,
                     const struct sound_input *first, const struct chain *chain, GPtrArray *notes)
{
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    const GPtrArray *done = chain_notes(of->chain);
    g_autofree char *chunks = of->input.file ? sound_file_extras(of->input.file) : NULL;
    g_autofree char *tags = other_tags(&of->input, first);
    const char *left[] = {chunks, tags};
    for (guint i = 0; i < done->len; i++)
        if (!has_text(chain_notes(chain), done->pdata[i]))
            g_ptr_array_add(texts, g_strdup(done->pdata[i]));
    note_lost(texts, job->task->parts->pdata[part],
              of->input.file ? NULL : "only the first file's can be kept", true);
    if (of->input.mute)
        g_ptr_array_add(texts, g_strdup(NOTE_MUTE));
    for (unsigned i = 0; i < G_N_ELEMENTS(left); i++)
        if (left[i])
            g_ptr_array_add(
                texts, g_strdup_printf("dropped: %s: only the first file's are kept", left[i]));
    sound_part_say(job->task, part, texts, notes);
}
