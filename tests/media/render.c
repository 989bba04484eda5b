/* SPDX-License-Identifier: GPL-3.0-or-later
 * Rendering through libav: what goes in comes out, counted, tagged, in time. */
#include "made.h"

#include "media/source.h"
#include "worker/run.h"

#include <libavutil/pixdesc.h>
#include <unistd.h>

struct seen {
    int64_t frames, samples, first_luma, last_luma;
    double start_s, end_s;
};

static void look(struct seen *seen, const struct source_item *item)
{
    const AVFrame *frame = item->frame;
    if (!frame->width) {
        seen->samples += frame->nb_samples;
        return;
    }
    bool deep = av_pix_fmt_desc_get(frame->format)->comp[0].depth > 8;
    int luma = deep ? ((const uint16_t *)frame->data[0])[8] / 4 : frame->data[0][8];
    if (!seen->frames++) {
        seen->first_luma = luma;
        seen->start_s = item->time_s;
    }
    seen->last_luma = luma;
    seen->end_s = item->time_s;
}

/* Decodes all of a finished file. */
static struct seen read_back(int fd)
{
    struct failure failure = {0};
    struct seen seen = {0};
    struct source_item item;
    enum source_got got;
    struct source *source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    for (int i = 0; i < source_streams(source); i++)
        if (source_stream(source, i)->type == AVMEDIA_TYPE_VIDEO ||
            source_stream(source, i)->type == AVMEDIA_TYPE_AUDIO)
            g_assert_true(source_use(source, i, SOURCE_DECODE, &failure));
    while ((got = source_next(source, &item, &failure)) != SOURCE_END) {
        g_assert_cmpint(got, ==, SOURCE_FRAME);
        look(&seen, &item);
    }
    source_close(source);
    return seen;
}

static const struct claim *claim_of(const struct result *result)
{
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    return &output->claim;
}

static const struct {
    const char *container, *video, *audio;
} pairs[] = {
    {"mp4", "h264", "aac"},        {"mov", "prores", "pcm_s24le"}, {"mkv", "ffv1", "flac"},
    {"mxf", "dnxhd", "pcm_s16le"}, {"webm", "vp9", "opus"},        {"mkv", "hevc", "pcm_s16le"},
    {"mov", "dnxhd", "pcm_s16le"},
};

static void test_frames_in_are_frames_out(void)
{
    static const int counts[] = {1, 2, 3, 101};
    for (unsigned i = 0; i < G_N_ELEMENTS(pairs); i++)
        for (unsigned j = 0; j < G_N_ELEMENTS(counts); j++) {
            int fds[] = {made_source(counts[j], (struct rational){30000, 1001}, true), made_file()};
            struct task *task = made_task(pairs[i].container, pairs[i].video, pairs[i].audio);
            struct result *result = made_render(task, fds);
            const struct claim *claim = claim_of(result);
            struct seen seen = read_back(fds[1]);
            g_test_message("%s %s %d", pairs[i].container, pairs[i].video, counts[j]);
            g_assert_cmpint(claim->frames, ==, counts[j]);
            g_assert_cmpint(seen.frames, ==, counts[j]);
            g_assert_cmpfloat_with_epsilon(claim->video_s, counts[j] * 1001 / 30000., 1e-9);
            /* 6.5 ms: the priming of Opus counts as the start of a WebM file. */
            g_assert_cmpfloat_with_epsilon(seen.start_s, 0, 0.0081);
            g_assert_cmpint(claim->samples, ==, rescale(counts[j], 48048, 30));
            result_destroy(result);
            task_destroy(task);
            close(fds[0]);
            close(fds[1]);
        }
}

static const struct rational fps25 = {25, 1};

static void finish(struct task *task, struct result *result, const int *fds, int count)
{
    result_destroy(result);
    task_destroy(task);
    for (int i = 0; i < count; i++)
        close(fds[i]);
}

static void fill_facts(struct facts *facts, int frames)
{
    facts->kind = KIND_VIDEO;
    facts->fps = fps25;
    facts->width = 256;
    facts->height = 192;
    facts->frames = frames;
    facts->duration_s = frames / 25.;
    facts->sample_rate = 48000;
    facts->channels = 2;
    facts->timecode = g_strdup("00:59:59:20");
}

static void test_a_trim_is_exact_and_moves_the_timecode(void)
{
    int fds[] = {made_source(100, fps25, true), made_file()};
    struct task *task = made_task("mov", "prores", "pcm_s16le");
    struct task_output *output = task->outputs->pdata[0];
    fill_facts(task->source, 100);
    made_step(output->steps, "trim", "from", "10f", "to", "35f", NULL);
    struct result *result = made_render(task, fds);
    const struct claim *claim = claim_of(result);
    struct seen seen = read_back(fds[1]);
    g_assert_cmpint(seen.frames, ==, 25);
    g_assert_cmpint(claim->frames, ==, 25);
    g_assert_cmpint(seen.samples, ==, 48000);
    g_assert_cmpint(ABS(seen.first_luma - (20 + 2 * 10)), <=, 1);
    g_assert_cmpint(ABS(seen.last_luma - (20 + 2 * 34)), <=, 1);
    g_assert_cmpstr(claim->timecode, ==, "01:00:00:05");
    finish(task, result, fds, 2);
}

static void test_shared_steps_run_for_all_outputs(void)
{
    int fds[] = {made_source(50, fps25, true), made_file(), made_file()};
    struct task *task = made_task("mkv", "ffv1", "flac");
    struct task_output *second = task_add_output(task, task_add_file(task, "/second", true));
    second->encode = encode_create();
    second->encode->container = g_strdup("mp4");
    second->kind = KIND_VIDEO;
    fill_facts(task->source, 50);
    made_step(task->steps, "trim", "from", "1s", NULL);
    struct result *result = made_render(task, fds);
    claim_of(result);
    g_assert_cmpint(read_back(fds[1]).frames, ==, 25);
    g_assert_cmpint(read_back(fds[2]).frames, ==, 25);
    finish(task, result, fds, 3);
}

static void test_a_failing_output_drops_only_itself(void)
{
    int fds[] = {made_source(10, fps25, true), made_file(), made_file()};
    struct task *task = made_task("mkv", "ffv1", "flac");
    struct task_output *second = task_add_output(task, task_add_file(task, "/second", true));
    second->encode = encode_create();
    second->encode->container = g_strdup("mp4");
    second->encode->video.codec = g_strdup("h264");
    second->encode->video.options = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(second->encode->video.options, g_strdup("rc-lookahed"));
    g_ptr_array_add(second->encode->video.options, g_strdup("20"));
    second->kind = KIND_VIDEO;
    struct result *result = made_render(task, fds);
    const struct output_result *failed = result->outputs->pdata[1];
    claim_of(result);
    g_assert_cmpint(read_back(fds[1]).frames, ==, 10);
    g_assert_cmpint(failed->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failed->failure.message, "rc-lookahead"));
    finish(task, result, fds, 3);
}

/* Or an encoder that holds many frames would be taken for one that stands still. */
static void test_what_is_written_when_all_was_read_is_progress(void)
{
    int fds[] = {made_source(20, fps25, false), made_file()}, events = made_file();
    struct task *task = made_task("mp4", "h264", NULL);
    struct result *result = result_create();
    struct speaker *speaker = speaker_create(events);
    char told[4096] = "";
    worker_render_video(&(struct job){.task = task, .fds = fds, .speaker = speaker}, result);
    claim_of(result);
    g_assert_cmpint(pread(events, told, sizeof told - 1, 0), >, 0);
    g_assert_nonnull(strstr(told, "\"finish\""));
    speaker_destroy(speaker);
    close(events);
    finish(task, result, fds, 2);
}

static void test_a_cut_short_source_gives_nothing(void)
{
    int fds[] = {made_source(100, fps25, true), made_file()};
    struct task *task = made_task("mp4", "h264", "aac");
    g_assert_cmpint(ftruncate(fds[0], lseek(fds[0], 0, SEEK_END) / 2), ==, 0);
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpint(output->failure.class, ==, FAIL_INPUT_DAMAGED);
    g_assert_cmpint(lseek(fds[1], 0, SEEK_END), ==, 0); /* it was known before rendering */
    finish(task, result, fds, 2);
}

static void test_untouched_streams_are_copied(void)
{
    int fds[] = {made_source(25, fps25, true), made_file()};
    struct task *task = made_task("mkv", NULL, NULL);
    struct result *result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(claim_of(result)->video_codec, ==, "ffv1");
    g_assert_cmpstr(output->notes->pdata[0], ==, "picture copied unchanged");
    g_assert_cmpint(read_back(fds[1]).samples, ==, 48000);
    finish(task, result, fds, 2);
}

static void test_without_edit_lists_there_is_none(void)
{
    int fds[] = {made_source(25, fps25, true), made_file()};
    struct task *task = made_task("mp4", "h264", "aac");
    ((struct task_output *)task->outputs->pdata[0])->encode->edit_lists = false;
    struct result *result = made_render(task, fds);
    claim_of(result);
    off_t size = lseek(fds[1], 0, SEEK_END);
    g_autofree char *bytes = g_malloc(size);
    g_assert_cmpint(pread(fds[1], bytes, size, 0), ==, size);
    const char *moov = memmem(bytes, size, "moov", 4), *mdat = memmem(bytes, size, "mdat", 4);
    g_assert_null(memmem(bytes, size, "elst", 4));
    g_assert_true(moov && mdat && moov < mdat);
    struct seen seen = read_back(fds[1]);
    g_assert_cmpfloat_with_epsilon(seen.start_s, 0, 1e-6);
    finish(task, result, fds, 2);
}

static void test_another_rate_keeps_the_length(void)
{
    int fds[] = {made_source(50, fps25, false), made_file()};
    struct task *task = made_task("mkv", "ffv1", NULL);
    fill_facts(task->source, 50);
    made_step(((struct task_output *)task->outputs->pdata[0])->steps, "fps", "rate", "50", NULL);
    struct result *result = made_render(task, fds);
    g_assert_cmpint(claim_of(result)->frames, ==, 100);
    g_assert_cmpint(read_back(fds[1]).frames, ==, 100);
    finish(task, result, fds, 2);
}

static void test_a_graded_picture_is_stored_as_its_source_was(void)
{
    static const char *const written[] = {"h264", "hevc", "ffv1"};
    for (unsigned i = 0; i < G_N_ELEMENTS(written); i++) {
        int fds[] = {made_source(5, fps25, false), made_file()};
        struct task *task = made_task("mkv", written[i], NULL);
        fill_facts(task->source, 5);
        made_step(task->steps, "grade", "slope", "0.9", NULL);
        struct result *result = made_render(task, fds);
        g_assert_cmpstr(claim_of(result)->pix_fmt, ==, "yuv420p");
        finish(task, result, fds, 2);
    }
}

/* BT.601 in limited range, as the source's size says: ITU-R BT.601 gives 81, 90, 240 for red. */
static void test_colours_are_of_the_picture_s_own_space(void)
{
    static const struct {
        const char *color;
        int luma;
    } rows[] = {{"black", 16}, {"white", 235}, {"red", 81}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fds[] = {made_source(10, fps25, false), made_file()};
        struct task *task = made_task("mkv", "ffv1", NULL);
        fill_facts(task->source, 10);
        made_step(task->steps, "fade", "in", "5f", "color", rows[i].color, NULL);
        struct result *result = made_render(task, fds);
        claim_of(result);
        struct seen seen = read_back(fds[1]);
        g_assert_cmpint(seen.first_luma, ==, rows[i].luma);
        g_assert_cmpint(seen.last_luma, ==, 20 + 2 * 9);
        finish(task, result, fds, 2);
    }
}

static void test_speed_changes_picture_and_sound_alike(void)
{
    static const struct {
        const char *factor, *pitch;
        int frames;
    } rows[] = {{"2", "keep", 50}, {"2", "follow", 50}, {"0.4", "keep", 250}, {"10", "keep", 10}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fds[] = {made_source(100, fps25, true), made_file()};
        struct task *task = made_task("mov", "prores", "pcm_s16le");
        fill_facts(task->source, 100);
        made_step(task->steps, "speed", "factor", rows[i].factor, "pitch", rows[i].pitch, NULL);
        struct result *result = made_render(task, fds);
        const struct claim *claim = claim_of(result);
        g_assert_cmpint(claim->frames, ==, rows[i].frames);
        g_assert_cmpfloat_with_epsilon(claim->audio_s, claim->video_s, 0.04);
        g_assert_cmpstr(claim->timecode, ==, "00:59:59:20");
        finish(task, result, fds, 2);
    }
}

static void test_a_film_becomes_a_wave_file(void)
{
    int fds[] = {made_source(25, fps25, true), made_file(), made_file()};
    struct task *task = made_task("wav", NULL, NULL);
    struct task_output *second = task_add_output(task, task_add_file(task, "/second", true));
    second->encode = encode_create();
    second->encode->container = g_strdup("mkv");
    second->kind = KIND_VIDEO;
    fill_facts(task->source, 25);
    ((struct task_output *)task->outputs->pdata[0])->kind = KIND_AUDIO;
    struct result *result = made_render(task, fds);
    g_assert_cmpint(claim_of(result)->samples, ==, 48000);
    g_assert_cmpint(read_back(fds[1]).samples, ==, 48000);
    g_assert_cmpint(read_back(fds[2]).frames, ==, 25);
    finish(task, result, fds, 3);
}

static void test_containers_keep_what_they_are_given(void)
{
    static const struct {
        const char *container, *video, *audio;
    } rows[] = {{"mxf", "prores", "pcm_s24le"},
                {"mxf", "dnxhd", "pcm_s24le"},
                {"mp4", "mjpeg", "flac"},
                {"mov", "mjpeg", "alac"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fds[] = {made_source(3, fps25, true), made_file()};
        struct task *task = made_task(rows[i].container, rows[i].video, rows[i].audio);
        struct result *result = made_render(task, fds);
        claim_of(result);
        g_assert_cmpint(read_back(fds[1]).frames, ==, 3);
        finish(task, result, fds, 2);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/frames in are frames out", test_frames_in_are_frames_out);
    g_test_add_func("/render/a trim is exact and moves the timecode",
                    test_a_trim_is_exact_and_moves_the_timecode);
    g_test_add_func("/render/shared steps run for all outputs",
                    test_shared_steps_run_for_all_outputs);
    g_test_add_func("/render/a failing output drops only itself",
                    test_a_failing_output_drops_only_itself);
    g_test_add_func("/render/what is written when all was read is progress",
                    test_what_is_written_when_all_was_read_is_progress);
    g_test_add_func("/render/a cut short source gives nothing",
                    test_a_cut_short_source_gives_nothing);
    g_test_add_func("/render/untouched streams are copied", test_untouched_streams_are_copied);
    g_test_add_func("/render/without edit lists there is none",
                    test_without_edit_lists_there_is_none);
    g_test_add_func("/render/another rate keeps the length", test_another_rate_keeps_the_length);
    g_test_add_func("/render/a graded picture is stored as its source was",
                    test_a_graded_picture_is_stored_as_its_source_was);
    g_test_add_func("/render/colours are of the picture's own space",
                    test_colours_are_of_the_picture_s_own_space);
    g_test_add_func("/render/speed changes picture and sound alike",
                    test_speed_changes_picture_and_sound_alike);
    g_test_add_func("/render/a film becomes a wave file", test_a_film_becomes_a_wave_file);
    g_test_add_func("/render/containers keep what they are given",
                    test_containers_keep_what_they_are_given);
    return g_test_run();
}
