/* SPDX-License-Identifier: GPL-3.0-or-later
 * Reading sound files through libsndfile. */
#include "media/sndfile.h"

#include "../source/source.h"
#include "media/log.h"
#include "sndfile_private.h"
#include "wave_info.h"

#include <math.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FRAMES = 8192 };

struct sound_file {
    struct sound_io io;
    SNDFILE *file;
    SF_INFO info;
    struct sound_shape shape;
    enum AVSampleFormat format;
    AVChannelLayout layout;
    int place[SOUND_CHANNELS_MAX];
    int64_t position;
    int64_t errors;
    bool ended;
    const char *container; /* libav's name */
    AVDictionary *tags;
    bool has_places; /* of its channels */
    GArray *chunks;
    int64_t bytes; /* of the file */
    struct wave_view view;
    void *interleaved; /* FRAMES of them */
};

/* What a file begins with, and libav's name for it. */
static const struct {
    const char *head, *form; /* form: at offset 8 */
    const char *container;
} heads[] = {
    {"RIFF", "WAVE", "wav"},  {"RIFX", "WAVE", "wav"}, {"RF64", "WAVE", "wav"},
    {"BW64", "WAVE", "wav"},  {"riff", NULL, "w64"},   {"FORM", "AIFF", "aiff"},
    {"FORM", "AIFC", "aiff"}, {"fLaC", NULL, "flac"},  {"caff", NULL, "caf"},
    {".snd", NULL, "au"},
};

static const char *container_of(int fd)
{
    char head[12];
    if (pread(fd, head, sizeof head, 0) != (ssize_t)sizeof head)
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(heads); i++)
        if (!memcmp(head, heads[i].head, 4) &&
            (!heads[i].form || !memcmp(head + 8, heads[i].form, 4)))
            return heads[i].container;
    return NULL;
}

static enum AVSampleFormat format_of(const SF_INFO *info)
{
    switch (info->format & SF_FORMAT_SUBMASK) {
    case SF_FORMAT_PCM_S8:
    case SF_FORMAT_PCM_U8:
    case SF_FORMAT_PCM_16:
    case SF_FORMAT_ULAW:
    case SF_FORMAT_ALAW:
        return AV_SAMPLE_FMT_S16P;
    case SF_FORMAT_PCM_24:
    case SF_FORMAT_PCM_32:
        return AV_SAMPLE_FMT_S32P;
    case SF_FORMAT_FLOAT:
        return AV_SAMPLE_FMT_FLTP;
    case SF_FORMAT_DOUBLE:
        return AV_SAMPLE_FMT_DBLP;
    default:
        return AV_SAMPLE_FMT_NONE;
    }
}

/* Also texts that libsndfile isn't shown, or passes over. */
static void read_info(struct sound_file *file)
{
    for (guint i = 0; i < file->chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(file->chunks, struct wave_chunk, i);
        g_autoptr(GBytes) data =
            strcmp(chunk->id, "LIST") == 0 ? wave_chunk_load(file->io.fd, chunk) : NULL;
        if (data)
            wave_info_read(data, &file->tags);
    }
}

static void read_tags(struct sound_file *file)
{
    struct bext bext;
    const struct wave_chunk *chunk = wave_chunks_find(file->chunks, "bext");
    g_autoptr(GBytes) data = chunk ? wave_chunk_load(file->io.fd, chunk) : NULL;
    bool known = data && bext_parse(&bext, data);
    flac_tags_read(file->io.fd, &file->tags);
    read_info(file);
    sound_tags_read(file->file, known ? &bext : NULL, &file->tags);
    if (known)
        bext_clear(&bext);
}

static bool describe(struct sound_file *file)
{
    char text[128] = "";
    file->format = format_of(&file->info);
    if (file->format == AV_SAMPLE_FMT_NONE || file->info.frames <= 0 ||
        file->info.samplerate <= 0 || file->info.frames == SF_COUNT_MAX ||
        file->info.channels > SOUND_CHANNELS_MAX)
        return false;
    file->has_places = sound_layout_read(file->file, &file->info, &file->layout, file->place);
    av_channel_layout_describe(&file->layout, text, sizeof text);
    file->shape = (struct sound_shape){
        .rate = file->info.samplerate,
        .channels = file->info.channels,
        .layout = g_intern_string(text),
        .assumed = !file->has_places,
        .duration_s = (double)file->info.frames / file->info.samplerate,
    };
    read_tags(file);
    return true;
}

/* libsndfile 1.2 doesn't know BW64 (ITU-R BS.2088), loses its way in an RF64 behind a chunk of odd
 * length, and takes what stands for no size for one. */
static bool open_file(struct sound_file *file)
{
    const bool viewed = wave_view_open(&file->view, file->io.fd, file->bytes);
    if (!file->view.endless)
        file->file = sound_io_open(&file->io, SFM_READ, &file->info);
    if (file->file || !viewed)
        return file->file != NULL;
    sound_io_clear(&file->io);
    file->io = (struct sound_io){
        .fd = file->io.fd,
        .size = (int64_t)file->view.head_length + file->view.data_length,
        .view = &file->view,
    };
    file->info = (SF_INFO){0};
    file->file = sound_io_open(&file->io, SFM_READ, &file->info);
    return file->file != NULL;
}

struct sound_file *sound_file_open(int fd)
{
    struct stat about;
    const char *container = container_of(fd);
    if (!container || fstat(fd, &about) < 0)
        return NULL;
    struct sound_file *file = g_new0(struct sound_file, 1);
    file->io = (struct sound_io){.fd = fd, .size = about.st_size};
    file->bytes = about.st_size;
    file->container = container;
    file->chunks = wave_chunks_read(fd, about.st_size);
    if (!open_file(file) || !describe(file)) {
        sound_file_close(file);
        return NULL;
    }
    size_t bytes = (size_t)av_get_bytes_per_sample(file->format);
    file->interleaved = g_malloc(FRAMES * bytes * (size_t)file->info.channels);
    return file;
}

void sound_file_close(struct sound_file *file)
{
    if (!file)
        return;
    if (file->file)
        sf_close(file->file);
    sound_io_clear(&file->io);
    av_channel_layout_uninit(&file->layout);
    av_dict_free(&file->tags);
    g_array_unref(file->chunks);
    g_free(file->interleaved);
    g_free(file);
}

SNDFILE *sound_file_handle(const struct sound_file *file)
{
    return file->file;
}

int sound_file_fd(const struct sound_file *file)
{
    return file->io.fd;
}

const GArray *sound_file_chunks(const struct sound_file *file)
{
    return file->chunks;
}

GBytes *sound_file_load(const struct sound_file *file, const struct wave_chunk *chunk)
{
    return wave_chunk_load(file->io.fd, chunk);
}

bool sound_file_has_places(const struct sound_file *file)
{
    return file->has_places;
}

const struct sound_shape *sound_file_shape(const struct sound_file *file)
{
    return &file->shape;
}

enum AVSampleFormat sound_file_format(const struct sound_file *file)
{
    return file->format;
}

const AVDictionary *sound_file_tags(const struct sound_file *file)
{
    return file->tags;
}

double sound_file_progress(const struct sound_file *file)
{
    return (double)file->position / (double)file->info.frames;
}

static int64_t read_some(struct sound_file *file)
{
    int64_t got;
    if (file->format == AV_SAMPLE_FMT_S16P)
        got = sf_readf_short(file->file, file->interleaved, FRAMES);
    else if (file->format == AV_SAMPLE_FMT_S32P)
        got = sf_readf_int(file->file, file->interleaved, FRAMES);
    else if (file->format == AV_SAMPLE_FMT_DBLP)
        got = sf_readf_double(file->file, file->interleaved, FRAMES);
    else
        got = sf_readf_float(file->file, file->interleaved, FRAMES);
    if (sf_error(file->file) != SF_ERR_NO_ERROR) {
        media_log("sndfile", "%s", sf_strerror(file->file));
        file->errors++;
    }
    return got;
}

#define SPREAD(type)                            \
    for (int i = 0; i < frame->nb_samples; i++) \
    ((type *)frame->extended_data[c])[i] =      \
        ((const type *)file->interleaved + file->place[c])[(size_t)i * channels]

static void deinterleave(const struct sound_file *file, AVFrame *frame)
{
    size_t channels = (size_t)file->info.channels;
    int bytes = av_get_bytes_per_sample(file->format);
    for (size_t c = 0; c < channels; c++) {
        if (bytes == 2)
            SPREAD(int16_t);
        else if (bytes == 4)
            SPREAD(int32_t);
        else
            SPREAD(int64_t);
    }
}

enum source_got sound_file_next(struct sound_file *file, AVFrame *frame, struct failure *failure)
{
    int64_t got = file->ended ? 0 : read_some(file);
    if (file->io.error) {
        fail(failure, FAIL_INPUT_DAMAGED, "reading: %s", g_strerror(file->io.error));
        return SOURCE_FAILED;
    }
    file->ended = got <= 0;
    if (file->ended)
        return SOURCE_END;
    av_frame_unref(frame);
    frame->format = file->format;
    frame->sample_rate = file->info.samplerate;
    frame->nb_samples = (int)got;
    if (av_channel_layout_copy(&frame->ch_layout, &file->layout) < 0 ||
        av_frame_get_buffer(frame, 0) < 0) {
        fail(failure, FAIL_MEMORY, "no memory for sound");
        return SOURCE_FAILED;
    }
    deinterleave(file, frame);
    frame->pts = file->position;
    frame->pkt_duration = got;
    frame->time_base = (AVRational){1, file->info.samplerate};
    file->position += got;
    return SOURCE_FRAME;
}

void sound_file_health(const struct sound_file *file, struct source_health *health)
{
    *health = (struct source_health){
        .complete = file->ended,
        .container = file->container,
        .bytes_missing = container_bytes_missing(file->io.fd, file->bytes, file->container),
        .declared_s = file->shape.duration_s,
        .read_s = (double)file->position / file->info.samplerate,
        .short_stream = -1,
        .declared_samples = file->info.frames,
        .read_samples = file->position,
        .decode_errors = file->errors,
        .first_error_s = NAN,
        .first_change_s = NAN,
    };
}

struct chain *chain_create_file(const struct sound_file *file, struct failure *failure)
{
    const struct sound_shape *shape = sound_file_shape(file);
    const struct chain_input input = {
        .time_base = {1, shape->rate},
        .threads = 1,
        .sound = shape,
        .sample_format = sound_file_format(file),
        .picture_fps = {0, 1},
    };
    return chain_create_sound(&input, failure);
}
