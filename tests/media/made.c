/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sources made in code. */
#include "made.h"

#include "media/writer.h"
#include "worker/run.h"

#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { WIDTH = 256, HEIGHT = 192, RATE = 48000 };

int made_file(void)
{
    char path[] = "/tmp/rushes-test-XXXXXX";
    int fd = mkstemp(path);
    g_assert_cmpint(fd, >=, 0);
    unlink(path);
    return fd;
}

static void write_all(struct writer *writer, int track, struct encoder *encoder,
                      const AVFrame *frame)
{
    struct failure failure = {0};
    AVPacket *packet = av_packet_alloc();
    g_assert_true(encoder_push(encoder, frame, &failure));
    while (encoder_pull(encoder, packet, &failure) > 0)
        g_assert_true(
            writer_write(writer, track, packet, encoder_context(encoder)->time_base, &failure));
    av_packet_free(&packet);
}

static AVFrame *picture(int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        memset(frame->data[plane], plane ? 128 : 20 + 2 * (n % 100),
               (size_t)frame->linesize[plane] * (plane ? HEIGHT / 2 : HEIGHT));
    frame->pts = n;
    frame->pkt_duration = 1;
    return frame;
}

static AVFrame *tone(int64_t at, int samples)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_SAMPLE_FMT_S16;
    frame->sample_rate = RATE;
    frame->nb_samples = samples;
    av_channel_layout_default(&frame->ch_layout, 2);
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    int16_t *out = (int16_t *)frame->data[0];
    for (int i = 0; i < samples; i++)
        out[2 * i] = out[2 * i + 1] = (int16_t)lrint(8000 * sin((at + i) * 0.05));
    frame->pts = at;
    return frame;
}

static struct encoder *picture_encoder(struct rational fps)
{
    struct failure failure = {0};
    struct encode *encode = encode_create();
    const struct video_shape shape = {
        .width = WIDTH,
        .height = HEIGHT,
        .sar = {1, 1},
        .fps = fps,
        .depth = 8,
        .chroma_w = 1,
        .chroma_h = 1,
        .pix_fmt = "yuv420p",
        .range = "tv",
        .matrix = "smpte170m",
        .primaries = "smpte170m",
        .transfer = "smpte170m",
    };
    const struct encoder_setup setup = {
        .codec = "ffv1",
        .container = "mkv",
        .time_base = {(int)fps.den, (int)fps.num},
        .nominal_fps = fps,
        .threads = 1,
    };
    struct encoder *encoder = encoder_open_picture(&encode->video, &shape, &setup, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    encode_destroy(encode);
    return encoder;
}

static struct encoder *sound_encoder(void)
{
    struct failure failure = {0};
    struct encode *encode = encode_create();
    const struct sound_shape shape = {.rate = RATE, .channels = 2, .layout = "stereo"};
    const struct encoder_setup setup = {
        .codec = "pcm_s16le", .container = "mov", .time_base = {1, RATE}, .threads = 1};
    struct encoder *encoder =
        encoder_open_sound(&encode->audio, &shape, AV_SAMPLE_FMT_S16, &setup, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    encode_destroy(encode);
    return encoder;
}

static int make(int frames, struct rational fps, bool sound, int chapters)
{
    struct failure failure = {0};
    struct claim claim = {0};
    int fd = made_file();
    struct encode *encode = encode_create();
    struct writer *writer = writer_create(encode, container_by_name("mkv"), NULL, fd, &failure);
    struct encoder *video = picture_encoder(fps), *audio = sound ? sound_encoder() : NULL;
    int track = writer_add_encoded(writer, video, NULL, &failure);
    int heard = sound ? writer_add_encoded(writer, audio, NULL, &failure) : -1;
    int64_t at = 0;
    for (int i = 0; i < chapters; i++)
        g_assert_true(writer_chapter(writer, i, i + 1, NULL, &failure));
    g_assert_true(writer_start(writer, &failure));
    for (int n = 0; n < frames; n++) {
        AVFrame *frame = picture(n);
        write_all(writer, track, video, frame);
        av_frame_free(&frame);
        int64_t until = rescale(n + 1, RATE * fps.den, fps.num);
        frame = tone(at, (int)(until - at));
        if (sound)
            write_all(writer, heard, audio, frame);
        av_frame_free(&frame);
        at = until;
    }
    write_all(writer, track, video, NULL);
    if (sound)
        write_all(writer, heard, audio, NULL);
    g_assert_true(writer_finish(writer, &claim, &failure));
    claim_clear(&claim);
    writer_destroy(writer);
    encoder_close(video);
    encoder_close(audio);
    encode_destroy(encode);
    return fd;
}

int made_source(int frames, struct rational fps, bool sound)
{
    return make(frames, fps, sound, 0);
}

int made_chapters(int frames, struct rational fps, int chapters)
{
    return make(frames, fps, true, chapters);
}

struct task *made_task(const char *container, const char *video, const char *audio)
{
    struct task *task = task_create(TASK_RENDER);
    task->threads = 2;
    task->media = KIND_VIDEO;
    task->source = facts_create();
    task_add_file(task, "/source", false);
    struct task_output *output = task_add_output(task, task_add_file(task, "/output", true));
    output->encode = encode_create();
    output->encode->container = g_strdup(container);
    output->encode->video.codec = g_strdup(video);
    output->encode->audio.codec = g_strdup(audio);
    output->kind = container_by_name(container)->kind;
    return task;
}

struct result *made_render(struct task *task, const int *fds)
{
    struct result *result = result_create();
    const struct job job = {.task = task, .fds = fds};
    worker_render_video(&job, result);
    return result;
}

void made_step(GPtrArray *steps, const char *name, ...)
{
    const struct mark nowhere = {0};
    struct node *params = node_map(nowhere);
    va_list args;
    va_start(args, name);
    for (const char *key; (key = va_arg(args, const char *));)
        node_put(params, key, nowhere, node_scalar(va_arg(args, const char *), nowhere));
    va_end(args);
    g_ptr_array_add(steps, step_call_create(name, params));
}
