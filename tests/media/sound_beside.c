/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps of sound in films: the sound moves, a copied picture stays where it is. */
#include "made.h"
#include "media/source.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

struct film {
    GArray *sound; /* double, full scale = 32768: the first channel */
    int pictures;
    double first_picture_s;
};

static void film_take(struct film *film, const struct source_item *item)
{
    const AVFrame *frame = item->frame;
    if (frame->width) {
        if (!film->pictures++)
            film->first_picture_s = item->time_s;
        return;
    }
    for (int i = 0; i < frame->nb_samples; i++) {
        int at = i * frame->ch_layout.nb_channels;
        double sample = frame->format == AV_SAMPLE_FMT_S16
                            ? ((const int16_t *)frame->data[0])[at]
                            : 32768 * (double)((const float *)frame->data[0])[at];
        g_array_append_val(film->sound, sample);
    }
}

static struct film film_read(int fd)
{
    struct failure failure = {FAIL_NONE, NULL};
    struct film film = {.sound = g_array_new(FALSE, FALSE, sizeof(double))};
    struct source_item item;
    g_auto(source_ptr) source = source_open(fd, &(struct source_opts){.threads = 1}, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    if (source_picture(source) >= 0)
        g_assert_true(source_use(source, source_picture(source), SOURCE_DECODE, &failure));
    g_assert_true(source_use(source, source_sound(source), SOURCE_DECODE, &failure));
    while (source_next(source, &item, &failure) == SOURCE_FRAME)
        film_take(&film, &item);
    return film;
}

/* A film of two seconds with one step on its sound, and a copied picture if the container has one.
 */
static struct film rendered(const char *container, const char *step, const char *key,
                            const char *value)
{
    int fds[] = {made_source(50, rational_make(25, 1), true), made_file()};
    g_auto(task_ptr) task = made_task(container, "copy", "pcm_s16le");
    task->source->fps = rational_make(25, 1);
    task->source->duration_s = 2;
    if (step)
        made_step(((struct task_output *)task->outputs->pdata[0])->steps, step, key, value, NULL);
    g_auto(result_ptr) result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    struct film film = film_read(fds[1]);
    close(fds[0]);
    close(fds[1]);
    return film;
}

static void a_delay_leaves_a_copied_picture(void)
{
    static const struct {
        const char *by;
        int samples;
    } rows[] = {{"-2f", -3840}, {"40ms", 1920}};
    struct film plain = rendered("mkv", NULL, NULL, NULL);
    for (unsigned r = 0; r < G_N_ELEMENTS(rows); r++) {
        struct film film = rendered("mkv", "delay", "by", rows[r].by);
        g_assert_cmpint(film.pictures, ==, 50);
        g_assert_cmpfloat(film.first_picture_s, ==, 0);
        g_assert_cmpuint(film.sound->len, ==, plain.sound->len);
        for (int i = 0; i < (int)film.sound->len; i++) {
            int from = i - rows[r].samples;
            bool inside = from >= 0 && from < (int)plain.sound->len;
            g_assert_cmpfloat(g_array_index(film.sound, double, i), ==,
                              inside ? g_array_index(plain.sound, double, from) : 0);
        }
        g_array_unref(film.sound);
    }
    g_array_unref(plain.sound);
}

/* A film of ten seconds, compressed by a compressor that never recovers, and cut. */
static struct film compressed(const char *from)
{
    int fds[] = {made_source(250, rational_make(25, 1), true), made_file()};
    g_auto(task_ptr) task = made_task("mkv", "ffv1", "pcm_f32le");
    GPtrArray *steps = ((struct task_output *)task->outputs->pdata[0])->steps;
    task->source->fps = rational_make(25, 1);
    task->source->duration_s = 10;
    made_step(steps, "compress", "threshold", "-40 dBFS", "attack", "2s", "release", "10s", NULL);
    if (from)
        made_step(steps, "trim", "from", from, NULL);
    g_auto(result_ptr) result = made_render(task, fds);
    const struct output_result *output = result->outputs->pdata[0];
    g_assert_cmpstr(output->failure.message, ==, NULL);
    struct film film = film_read(fds[1]);
    close(fds[0]);
    close(fds[1]);
    return film;
}

static void a_trim_behind_a_compressor_forgets_nothing(void)
{
    struct film whole = compressed(NULL), part = compressed("6s");
    g_assert_cmpint(part.pictures, ==, 100);
    g_assert_cmpuint(part.sound->len, ==, 4 * 48000);
    for (int i = 0; i < 4 * 48000; i++)
        g_assert_cmpfloat(g_array_index(part.sound, double, i), ==,
                          g_array_index(whole.sound, double, i + 6 * 48000));
    g_array_unref(whole.sound);
    g_array_unref(part.sound);
}

/* libav writes the film, libsndfile the sound file. */
static bool noted(const struct output_result *output, const char *text)
{
    for (unsigned i = 0; i < output->notes->len; i++)
        if (strstr(output->notes->pdata[i], text))
            return true;
    return false;
}

/* In an output of sound alone, too. */
static void chapters_dont_follow_another_speed(void)
{
    for (unsigned i = 0; i < 2; i++) {
        int fds[] = {made_chapters(50, rational_make(25, 1), 2), made_file()};
        g_auto(task_ptr) task = made_task("m4a", NULL, "alac");
        struct task_output *of = task->outputs->pdata[0];
        task->source->fps = rational_make(25, 1);
        task->source->duration_s = 2;
        of->kind = KIND_AUDIO;
        if (i)
            made_step(of->steps, "speed", "factor", "2", NULL);
        g_auto(result_ptr) result = made_render(task, fds);
        const struct output_result *output = result->outputs->pdata[0];
        struct failure failure = {FAIL_NONE, NULL};
        g_assert_cmpstr(output->failure.message, ==, NULL);
        g_auto(source_ptr) made =
            source_open(fds[1], &(struct source_opts){.threads = 1}, &failure);
        g_assert_cmpuint(source_format(made)->nb_chapters, ==, i ? 0 : 2);
        g_assert_true(noted(output, "dropped: 2 chapters: they can't follow") == (i == 1));
        close(fds[0]);
        close(fds[1]);
    }
}

static void a17_a_film_has_the_dither_of_a_sound_file(void)
{
    struct film film = rendered("mkv", "gain", "gain", "-40 dB");
    struct film alone = rendered("wav", "gain", "gain", "-40 dB");
    gsize bytes = film.sound->len * sizeof(double);
    g_assert_cmpuint(film.sound->len, ==, 96000);
    g_assert_cmpmem(film.sound->data, bytes, alone.sound->data, alone.sound->len * sizeof(double));
    double sum = 0; /* a sine of 80 steps: half a step of rounding, and a little more of dither */
    for (int i = 0; i < 96000; i++) {
        double error = g_array_index(film.sound, double, i) -
                       lrint(8000 * sin(i * 0.05)) * pow(10, -40 / 20.0);
        sum += error * error;
    }
    g_assert_cmpfloat_with_epsilon(sum / 96000, 0.25, 0.01);
    g_array_unref(film.sound);
    g_array_unref(alone.sound);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/beside/delay", a_delay_leaves_a_copied_picture);
    g_test_add_func("/beside/trim", a_trim_behind_a_compressor_forgets_nothing);
    g_test_add_func("/beside/A17 dither", a17_a_film_has_the_dither_of_a_sound_file);
    g_test_add_func("/beside/chapters don't follow another speed",
                    chapters_dont_follow_another_speed);
    return g_test_run();
}
