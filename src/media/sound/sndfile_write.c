/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing sound files through libsndfile: AIFF, FLAC, W64, CAF. */
#include "aiff_marks.h"
#include "flac_blocks.h"
#include "sndfile_private.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *container;
    int type;
    bool large; /* than 4 GB */
} types[] = {
    {"aiff", SF_FORMAT_AIFF, false},
    {"flac", SF_FORMAT_FLAC, true},
    {"w64", SF_FORMAT_W64, true},
    {"caf", SF_FORMAT_CAF | SF_ENDIAN_LITTLE, true},
};

struct writing {
    struct sound_io io;
    SNDFILE *file;
    SF_INFO info;
    bool large;
    struct chain *chain;
    struct flac_head *head;        /* of a FLAC file, else NULL */
    bool has_marks;                /* an AIFF or FLAC file: those of */
    const struct sound_file *from; /* one of these, */
    const AVFormatContext *film;   /* or none */
    struct sound_format format;
    struct quantiser quantiser;
    int64_t samples;
    void *buffer; /* interleaved, of `room` samples of all channels */
    int room;
};

static void writing_destroy(void *state)
{
    struct writing *w = state;
    if (w->file)
        sf_close(w->file);
    flac_head_destroy(w->head);
    g_free(w->format.codec);
    g_free(w->buffer);
    g_free(w);
}

static bool broken(const struct writing *w, const char *doing, struct failure *failure)
{
    if (w->io.error)
        return fail(failure, FAIL_DISK, "%s the file: %s", doing, g_strerror(w->io.error));
    return fail(failure, FAIL_INTERNAL, "%s the file: %s", doing, sf_strerror(w->file));
}

/* That is FLAC's only one. */
static void set_options(struct writing *w, const struct encode_audio *encode)
{
    for (unsigned i = 0; encode->options && i + 1 < encode->options->len; i += 2) {
        double level = g_ascii_strtod(encode->options->pdata[i + 1], NULL) / SOUND_FLAC_LEVEL_MAX;
        sf_command(w->file, SFC_SET_COMPRESSION_LEVEL, &level, sizeof level);
    }
}

static bool is_a(const struct writing *w, int type)
{
    return (w->info.format & SF_FORMAT_TYPEMASK) == type;
}

static bool write_tags(struct writing *w, const struct sound_writer_setup *setup,
                       struct failure *failure)
{
    if (!is_a(w, SF_FORMAT_FLAC)) {
        sound_tags_write(w->file, &w->info, setup, w->chain);
        return true;
    }
    w->head = flac_head_create(w->file, setup, w->chain, failure);
    return w->head != NULL;
}

static bool open_file(struct writing *w, const struct sound_writer_setup *setup,
                      struct failure *failure)
{
    const struct sound_shape *shape = chain_sound(w->chain);
    unsigned row = 0;
    while (row < G_N_ELEMENTS(types) - 1 && strcmp(types[row].container, setup->container->name))
        row++;
    w->large = types[row].large;
    w->info.format = types[row].type | w->format.subtype;
    w->info.samplerate = shape->rate;
    w->info.channels = shape->channels;
    if (shape->channels > SOUND_CHANNELS_MAX || !sf_format_check(&w->info))
        return fail(failure, FAIL_CONFIG, "a %s file can't hold %d channels at %d Hz",
                    setup->container->name, shape->channels, shape->rate);
    w->io.fd = setup->fd;
    w->file = sound_io_open(&w->io, SFM_WRITE, &w->info);
    if (!w->file)
        return broken(w, "starting", failure);
    sf_command(w->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    sf_command(w->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE);
    sound_layout_write(w->file, &w->info, w->chain);
    if (!write_tags(w, setup, failure))
        return false;
    if (setup->from)
        sound_chunks_leave(setup, w->chain);
    w->has_marks = sound_container_cues(setup->container);
    w->from = setup->from;
    w->film = setup->film;
    set_options(w, &setup->encode->audio);
    return true;
}

static void *writing_create(struct chain *chain, const struct sound_writer_setup *setup,
                            struct failure *failure)
{
    struct writing *w = g_new0(struct writing, 1);
    w->chain = chain;
    if (!sound_format_choose(chain, setup, &w->format, failure) || !open_file(w, setup, failure)) {
        writing_destroy(w);
        return NULL;
    }
    sound_format_quantiser(&w->format, chain, &w->quantiser);
    return w;
}

static int64_t write_some(struct writing *w, int frames)
{
    if (!w->format.floats)
        return sf_writef_int(w->file, w->buffer, frames);
    return w->format.bits == 64 ? sf_writef_double(w->file, w->buffer, frames)
                                : sf_writef_float(w->file, w->buffer, frames);
}

static bool writing_push(void *state, const AVFrame *frame, struct failure *failure)
{
    struct writing *w = state;
    if (frame->nb_samples > w->room) {
        w->room = frame->nb_samples;
        w->buffer = g_realloc_n(w->buffer, (size_t)w->room * (size_t)w->info.channels, 8);
    }
    if (frame->ch_layout.nb_channels != w->info.channels ||
        !sound_interleave(&w->format, &w->quantiser, frame, w->buffer))
        return fail(failure, FAIL_INTERNAL, "a frame of another format");
    int64_t written = write_some(w, frame->nb_samples);
    w->samples += frame->nb_samples;
    if (!w->large && w->io.size > UINT32_MAX - (16 << 20))
        return fail(failure, FAIL_UNSUPPORTED,
                    "the sound is longer than the file can hold (4 GB): write wav, w64 or caf");
    return (written == frame->nb_samples && !w->io.error) || broken(w, "writing", failure);
}

/* libsndfile 1.2 counts the pad byte of an odd number of bytes as sound, which readers take for the
 * beginning of another sample: the size of SSND is without it (AIFF 1.3). */
static bool mend_aiff(const struct writing *w, struct failure *failure)
{
    uint32_t size, right;
    int64_t at, bytes = w->samples * w->info.channels * w->format.bits / 8;
    if (!is_a(w, SF_FORMAT_AIFF) || bytes % 2 == 0)
        return true;
    right = GUINT32_TO_BE((uint32_t)bytes + 8);
    if (aiff_find(w->io.fd, "SSND", &at, &size))
        return pwrite(w->io.fd, &right, sizeof right, at - 4) == sizeof right ||
               fail(failure, FAIL_DISK, "finishing the file: %s", g_strerror(errno));
    return fail(failure, FAIL_DISK, "finishing the file: its sound can't be read back");
}

static GArray *marks_of(const struct writing *w)
{
    if (w->has_marks && w->from)
        return sound_cue_marks(w->from, w->chain, w->samples);
    if (w->has_marks && w->film)
        return sound_chapter_marks(w->film, w->chain, w->samples);
    return sound_marks_new();
}

static bool put_marks(const struct writing *w, struct failure *failure)
{
    g_autoptr(GArray) marks = marks_of(w);
    if (w->head)
        return flac_head_write(w->head, w->io.fd, marks, w->info.samplerate,
                               w->from && sound_part_of(w->from, w->chain).whole, failure);
    return !marks->len || aiff_marks_add(w->io.fd, marks, failure);
}

static bool writing_finish(void *state, struct claim *claim, struct failure *failure)
{
    struct writing *w = state;
    int error = sf_close(w->file);
    w->file = NULL;
    if (error || w->io.error)
        return broken(w, "finishing", failure);
    if (!mend_aiff(w, failure) || !put_marks(w, failure))
        return false;
    sound_format_note(&w->quantiser, w->chain);
    sound_format_claim(&w->format, chain_sound(w->chain), w->samples, claim);
    return true;
}

const struct sound_backend sound_backend_sndfile = {writing_create, writing_push, writing_finish,
                                                    writing_destroy};
