/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films of which only the sound is corrected. */
#include "corrected.h"

#include "made.h"

#include <unistd.h>

static int mix_in(struct task *task, const struct film *mixed)
{
    int file = task_add_file(task, "/music", false);
    ((struct task_file *)task->files->pdata[file])->used_by = g_strdup("mix/file/music");
    made_step(task->steps, "mix", "file", "music", "gain", "3 dB", NULL);
    return film_make(mixed);
}

int corrected(int source, const struct correction *correction)
{
    int fds[] = {source, made_file(), -1};
    struct task *task = made_task(correction->container, NULL, correction->codec);
    struct task_output *output = task->outputs->pdata[0];
    output->encode->audio.tracks = correction->tracks;
    task->source->duration_s = 2;
    made_step(output->steps, "gain", "gain", "-3 dB", NULL);
    if (correction->step)
        made_step(task->steps, correction->step, correction->key, correction->value, NULL);
    if (correction->mixed)
        fds[2] = mix_in(task, correction->mixed);
    struct result *result = made_render(task, fds);
    const struct output_result *made = result->outputs->pdata[0];
    g_assert_cmpstr(made->failure.message, ==, NULL);
    for (guint i = 0; i < made->notes->len; i++)
        g_test_message("%s", (const char *)made->notes->pdata[i]);
    result_destroy(result);
    task_destroy(task);
    close(source);
    if (fds[2] >= 0)
        close(fds[2]);
    return fds[1];
}

struct pair pair_of(const struct film *film, const struct correction *correction)
{
    struct pair pair;
    int source = film_make(film);
    pair.before = cert_of(source);
    int output = corrected(source, correction);
    pair.after = cert_of(output);
    close(output);
    return pair;
}

void pair_clear(struct pair *pair)
{
    cert_free(pair->before);
    cert_free(pair->after);
}

const struct cert_stream *picture_of(const struct cert *cert)
{
    return cert_stream(cert, AVMEDIA_TYPE_VIDEO, 0);
}

const struct cert_stream *sound_of(const struct cert *cert, unsigned n)
{
    return cert_stream(cert, AVMEDIA_TYPE_AUDIO, n);
}

double pts_of(const struct cert_stream *stream, unsigned n)
{
    return g_array_index(stream->pts_s, double, n);
}

double dts_of(const struct cert_stream *stream, unsigned n)
{
    return g_array_index(stream->dts_s, double, n);
}
