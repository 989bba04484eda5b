/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of sound. */
#include "sound_help.h"

#include <math.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

float sound_tone(int c, int64_t i, double amplitude)
{
    return (float)(amplitude * sin(2 * G_PI * 1000 * (double)i / 48000));
}

int sound_empty(void)
{
    int fd = memfd_create("sound", 0);
    g_assert_cmpint(fd, >=, 0);
    return fd;
}

int sound_make(int format, int rate, int channels, double seconds, signal_of *signal,
               double amplitude)
{
    int fd = sound_empty();
    SF_INFO info = {.format = format, .samplerate = rate, .channels = channels};
    SNDFILE *file = sf_open_fd(dup(fd), SFM_WRITE, &info, SF_TRUE);
    g_assert_nonnull(file);
    int64_t frames = llround(seconds * rate);
    g_autofree float *samples = g_new(float, (gsize)(frames * channels));
    for (int64_t i = 0; i < frames; i++)
        for (int c = 0; c < channels; c++)
            samples[i * channels + c] = signal(c, i, amplitude);
    sf_command(file, SFC_SET_CLIPPING, NULL, SF_TRUE);
    g_assert_cmpint(sf_writef_float(file, samples, frames), ==, frames);
    g_assert_cmpint(sf_close(file), ==, 0);
    return fd;
}

int sound_cut_at(int fd, double share)
{
    int copy = sound_empty();
    gsize length = (gsize)((double)lseek(fd, 0, SEEK_END) * share);
    g_autofree char *data = g_malloc(length);
    g_assert_cmpint(pread(fd, data, length, 0), ==, (gssize)length);
    g_assert_cmpint(write(copy, data, length), ==, (gssize)length);
    return copy;
}

SNDFILE *sound_open(int fd, SF_INFO *info)
{
    memset(info, 0, sizeof *info);
    lseek(fd, 0, SEEK_SET);
    SNDFILE *file = sf_open_fd(dup(fd), SFM_READ, info, SF_TRUE);
    g_assert_nonnull(file);
    return file;
}

struct bench *bench_create(int source)
{
    struct bench *bench = g_new0(struct bench, 1);
    bench->task = task_create(TASK_RENDER);
    bench->task->media = KIND_AUDIO;
    bench->task->threads = 1;
    bench->task->source = facts_create();
    bench->task->source->kind = KIND_AUDIO;
    bench->result = result_create();
    bench->fds[task_add_file(bench->task, "/source", false)] = source;
    return bench;
}

void bench_destroy(struct bench *bench)
{
    for (unsigned i = 0; i < bench->task->files->len; i++)
        close(bench->fds[i]);
    task_destroy(bench->task);
    result_destroy(bench->result);
    g_free(bench);
}

static struct node *node_of(const char *text)
{
    g_autoptr(JsonNode) json = json_from_string(text, NULL);
    g_assert_nonnull(json);
    return node_from_json(json);
}

static void add_steps(GPtrArray *steps, const char *text)
{
    g_auto(node_ptr) list = node_of(text);
    for (unsigned i = 0; i < node_length(list); i++) {
        const struct node *item = node_item(list, i);
        const char *name = node_key_at(item, 0);
        g_ptr_array_add(steps, step_call_create(name, node_ref(node_get(item, name))));
    }
}

static struct encode *encode_of(const char *text)
{
    g_auto(node_ptr) node = node_of(text);
    g_auto(diag_ptr) diag = diag_create();
    struct encode *encode = encode_create();
    g_assert_true(encode_parse(node, false, encode, diag));
    return encode;
}

void bench_output(struct bench *bench, const char *encode, const char *steps)
{
    int file = encode ? task_add_file(bench->task, "/output", true) : -1;
    struct task_output *output = task_add_output(bench->task, file);
    output->kind = KIND_AUDIO;
    if (encode) {
        bench->fds[file] = sound_empty();
        output->encode = encode_of(encode);
    }
    if (steps)
        add_steps(output->steps, steps);
}

void bench_share(struct bench *bench, const char *steps)
{
    add_steps(bench->task->steps, steps);
}

static void run(struct bench *bench, void (*work)(const struct job *, struct result *))
{
    const struct job job = {.task = bench->task, .fds = bench->fds};
    work(&job, bench->result);
    g_assert_cmpuint(bench->result->outputs->len, ==, bench->task->outputs->len);
    for (unsigned i = 0; i < bench->result->outputs->len; i++)
        if (bench_result(bench, i)->failure.message)
            g_test_message("output %u: %s", i, bench_result(bench, i)->failure.message);
}

void bench_render(struct bench *bench)
{
    run(bench, bench->task->media == KIND_VIDEO ? worker_render_video : worker_render_audio);
}

void bench_measure(struct bench *bench)
{
    run(bench, worker_measure);
}

const struct output_result *bench_result(const struct bench *bench, unsigned output)
{
    return bench->result->outputs->pdata[output];
}

int bench_fd(const struct bench *bench, unsigned output)
{
    const struct task_output *of = bench->task->outputs->pdata[output];
    return bench->fds[of->file];
}

void bench_know_loudness(struct bench *bench)
{
    g_auto(bench_ptr) meter = bench_create(dup(bench->fds[0]));
    bench_output(meter, NULL, NULL);
    bench_measure(meter);
    const struct facts *facts = bench_result(meter, 0)->measured;
    g_assert_nonnull(facts);
    for (unsigned i = 0; i < bench->task->outputs->len; i++) {
        const struct task_output *output = bench->task->outputs->pdata[i];
        for (unsigned s = 0; s < output->steps->len; s++) {
            struct step_call *call = output->steps->pdata[s];
            call->measured = facts_measured(facts);
        }
    }
}

bool bench_noted(const struct bench *bench, unsigned output, const char *text)
{
    const GPtrArray *notes = bench_result(bench, output)->notes;
    bool found = false;
    for (unsigned i = 0; i < notes->len; i++) {
        g_test_message("note: %s", (char *)notes->pdata[i]);
        found |= strstr(notes->pdata[i], text) != NULL;
    }
    return found;
}

struct heard *heard_of(const struct bench *bench, unsigned output)
{
    g_assert_cmpstr(bench_result(bench, output)->failure.message, ==, NULL);
    struct heard *heard = g_new0(struct heard, 1);
    SNDFILE *file = sound_open(bench_fd(bench, output), &heard->info);
    gsize count = (gsize)(heard->info.frames * heard->info.channels);
    heard->samples = g_new(float, count + 1);
    heard->whole = g_new(int, count + 1);
    sf_readf_float(file, heard->samples, heard->info.frames);
    sf_seek(file, 0, SEEK_SET);
    sf_readf_int(file, heard->whole, heard->info.frames);
    sf_close(file);
    return heard;
}

void heard_free(struct heard *heard)
{
    g_free(heard->samples);
    g_free(heard->whole);
    g_free(heard);
}
