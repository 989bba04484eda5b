/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing sound-only files: which library does it. */
#include "aiff_marks.h"
#include "flac_blocks.h"
#include "sndfile_private.h"

#include <string.h>

struct sound_writer {
    const struct sound_backend *backend;
    void *state;
};

char *sound_codec(const struct sound_writer_setup *setup)
{
    const char *asked = setup->encode->audio.codec, *list = setup->container->audio;
    return asked ? g_strdup(asked) : g_strndup(list, strcspn(list, " "));
}

static bool is_wave(const struct container *container)
{
    return strcmp(container->name, "wav") == 0;
}

bool sound_container_has_time(const struct encode *encode, const struct container *container)
{
    return is_wave(container) && encode->audio.bext != BEXT_NEVER;
}

guint sound_container_cues(const struct container *container)
{
    return is_wave(container)                     ? G_MAXUINT
           : strcmp(container->name, "aiff") == 0 ? AIFF_MARKS_MAX
           : strcmp(container->name, "flac") == 0 ? FLAC_MARKS_MAX
                                                  : 0;
}

struct sound_writer *sound_writer_create(struct chain *chain,
                                         const struct sound_writer_setup *setup,
                                         struct failure *failure)
{
    const struct sound_backend *backend = is_wave(setup->container) ? &sound_backend_wave
                                          : setup->container->muxer ? &sound_backend_av
                                                                    : &sound_backend_sndfile;
    if (setup->encode->audio.bext == BEXT_ALWAYS && !is_wave(setup->container)) {
        fail(failure, FAIL_CONFIG,
             "a %s file has no Broadcast Wave chunk: write wav, or remove "
             "`bext`",
             setup->container->name);
        return NULL;
    }
    void *state = backend->create(chain, setup, failure);
    if (!state)
        return NULL;
    struct sound_writer *writer = g_new(struct sound_writer, 1);
    *writer = (struct sound_writer){backend, state};
    return writer;
}

void sound_writer_destroy(struct sound_writer *writer)
{
    if (!writer)
        return;
    writer->backend->destroy(writer->state);
    g_free(writer);
}

bool sound_writer_push(struct sound_writer *writer, const AVFrame *frame, struct failure *failure)
{
    return writer->backend->push(writer->state, frame, failure);
}

bool sound_writer_finish(struct sound_writer *writer, struct claim *claim, struct failure *failure)
{
    return writer->backend->finish(writer->state, claim, failure);
}
