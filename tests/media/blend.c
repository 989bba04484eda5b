/* SPDX-License-Identifier: GPL-3.0-or-later
 * `fps` with `mode: blend`: frames are mixed of their neighbours by their distance in time. */
#include "picture_help.h"

/* Frame n has luma lumas[n % 2]; of the chain's rate. */
static GPtrArray *blended(const char *pix_fmt, struct rational from, const char *rate, int frames)
{
    static const unsigned lumas[] = {40, 200};
    struct failure failure = {0};
    struct video_shape shape = picture_shape(pix_fmt, 64, 36);
    shape.fps = from;
    g_auto(chain_ptr) chain = picture_chain_in(&shape, (int)from.num);
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", rate, "mode", "blend", NULL));
    for (int n = 0; n < frames; n++)
        picture_push(chain, picture_frame(&shape, n, lumas[n % 2]));
    return picture_end(chain);
}

static void has_lumas(const GPtrArray *out, const unsigned *lumas, guint count)
{
    for (guint k = 0; k < out->len; k++) {
        const AVFrame *frame = out->pdata[k];
        g_assert_cmpint(frame->pts, ==, k);
        g_assert_cmpuint(picture_sample(frame, 0, 63, 35), ==, lumas[k % count]);
        g_assert_cmpuint(picture_sample(frame, 0, 0, 0), ==, lumas[k % count]);
    }
}

/* Frame k is at 5k/6 of a source frame: of 40 and 200 in turn 40 + 160 * 5/6 = 173.3, then from 200
 * to 40 at 4/6 93.3, at 3/6 120, at 2/6 146.7, at 1/6 66.7; the last has no frame behind it. */
static void twenty_five_to_thirty(void)
{
    static const unsigned lumas[] = {40, 173, 93, 120, 147, 67, 200, 67, 147, 120, 93, 173};
    g_autoptr(GPtrArray) out = blended("yuv420p", (struct rational){25, 1}, "30", 51);
    g_assert_cmpuint(out->len, ==, 61); /* 51 frames of 1/25 s are 61.2 of 1/30 s */
    g_ptr_array_set_size(out, 60);      /* the last stands where no frame follows */
    has_lumas(out, lumas, G_N_ELEMENTS(lumas));
}

/* Frame k is at 5k/2: whole frames in turn with halves of two. 10 bits: 160, 800, and 480. */
static void sixty_to_twenty_four(void)
{
    static const unsigned lumas[] = {160, 480, 800, 480};
    g_autoptr(GPtrArray) out = blended("yuv422p10le", (struct rational){60, 1}, "24", 60);
    g_assert_cmpuint(out->len, ==, 24);
    has_lumas(out, lumas, G_N_ELEMENTS(lumas));
}

/* At the moments of source frames there is nothing to mix. */
static void fifty_to_twenty_five_are_frames_of_the_source(void)
{
    static const unsigned lumas[] = {40};
    g_autoptr(GPtrArray) out = blended("yuv420p", (struct rational){50, 1}, "25", 51);
    g_assert_cmpuint(out->len, ==, 26); /* 25.5, as the nearest has them */
    has_lumas(out, lumas, 1);
}

/* R'G'B' at twice the rate: every second frame is half and half. */
static void twice_as_many_are_halves(void)
{
    static const unsigned lumas[] = {40, 120, 200, 120};
    g_autoptr(GPtrArray) out = blended("gbrp", (struct rational){25, 1}, "50", 10);
    g_assert_cmpuint(out->len, ==, 20);
    g_ptr_array_set_size(out, 19);
    has_lumas(out, lumas, G_N_ELEMENTS(lumas));
}

/* Frames at 0, 1 and 4 ticks of 1/10 s, whose rate nobody knows: between 1 and 4 the mix goes on
 * for three frames. */
static void a_variable_rate_is_mixed_by_its_times(void)
{
    static const int64_t at[] = {0, 1, 4};
    static const unsigned luma[] = {40, 40, 190}, lumas[] = {40, 40, 90, 140, 190};
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.fps = (struct rational){0, 1};
    g_auto(chain_ptr) chain = picture_chain_in(&shape, 10);
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", "10", "mode", "blend", NULL));
    for (int i = 0; i < 3; i++) {
        AVFrame *frame = picture_frame(&shape, i, luma[i]);
        frame->pts = at[i];
        picture_push(chain, frame);
    }
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 5);
    has_lumas(out, lumas, G_N_ELEMENTS(lumas));
    g_autofree char *notes = picture_notes(chain);
    g_assert_nonnull(strstr(notes, "2 of 5 frames mixed of two"));
}

/* As the one before, of a file that says 10 frames a second, in milliseconds: one time is rounded,
 * which isn't seen, and one frame lasts three times as long. */
static void a_rate_that_is_but_said_is_mixed_by_its_times(void)
{
    static const int64_t at[] = {0, 101, 400};
    static const unsigned luma[] = {40, 40, 190}, lumas[] = {40, 40, 90, 140, 190};
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.fps = (struct rational){10, 1};
    g_auto(chain_ptr) chain = picture_chain_in(&shape, 1000);
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", "20", "mode", "blend", NULL));
    for (int i = 0; i < 3; i++) {
        AVFrame *frame = picture_frame(&shape, i, luma[i]);
        frame->pts = at[i];
        frame->pkt_duration = 100;
        picture_push(chain, frame);
    }
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 10);
    for (guint k = 0; k < 5; k++)
        g_assert_cmpuint(picture_sample(out->pdata[2 * k], 0, 0, 0), ==, lumas[k]);
}

/* Halfway from luma 40, solid, to luma 200: what is seen is mixed by how much it is seen. Of a
 * frame that isn't there at all (alpha 0) no colour comes in; of a third (alpha 85 of 255) a
 * quarter of the sum does: 40 * 3/4 + 200 / 4 = 80. Chroma likewise, which stands for four pixels.
 */
static void colours_weigh_as_much_as_they_are_seen(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuva420p", 64, 36);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "fps", "rate", "50", "mode", "blend", NULL));
    AVFrame *from = picture_frame(&shape, 0, 40), *to = picture_frame(&shape, 1, 200);
    picture_fill(from, 1, 0, 0, 32, 18, 40);
    picture_fill(to, 1, 0, 0, 32, 18, 200);
    picture_fill(to, 3, 0, 0, 32, 36, 0);
    picture_fill(to, 3, 32, 0, 64, 36, 85);
    picture_push(chain, from);
    picture_push(chain, to);
    g_autoptr(GPtrArray) out = picture_end(chain);
    const AVFrame *half = out->pdata[1];
    g_assert_cmpuint(picture_sample(half, 0, 3, 3), ==, 40);
    g_assert_cmpuint(picture_sample(half, 1, 3, 3), ==, 40);
    g_assert_cmpuint(picture_sample(half, 3, 3, 3), ==, 128);
    g_assert_cmpuint(picture_sample(half, 0, 60, 3), ==, 80);
    g_assert_cmpuint(picture_sample(half, 1, 30, 3), ==, 80);
    g_assert_cmpuint(picture_sample(half, 3, 60, 3), ==, 170);
}

static void fields_are_refused(void)
{
    struct failure failure = {0};
    struct video_shape fields = picture_shape("yuv420p", 64, 36);
    fields.interlaced = true;
    g_auto(chain_ptr) one = picture_chain(&fields);
    g_assert_false(picture_step(one, &failure, NULL, "fps", "rate", "30", "mode", "blend", NULL));
    g_assert_nonnull(strstr(failure.message, "would mix its fields"));
    failure_clear(&failure);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/blend/25-30", twenty_five_to_thirty);
    g_test_add_func("/blend/60-24", sixty_to_twenty_four);
    g_test_add_func("/blend/50-25", fifty_to_twenty_five_are_frames_of_the_source);
    g_test_add_func("/blend/25-50", twice_as_many_are_halves);
    g_test_add_func("/blend/variable", a_variable_rate_is_mixed_by_its_times);
    g_test_add_func("/blend/said", a_rate_that_is_but_said_is_mixed_by_its_times);
    g_test_add_func("/blend/refused", fields_are_refused);
    g_test_add_func("/blend/alpha", colours_weigh_as_much_as_they_are_seen);
    return g_test_run();
}
