/* SPDX-License-Identifier: GPL-3.0-or-later
 * Meters of moving picture, each on frames drawn here, of which it is known what is wrong. */
#include "media/meter.h"

#include <libavutil/frame.h>
#include <math.h>
#include <string.h>

enum { WIDTH = 320, HEIGHT = 180, FPS = 25 };

/* Draws frame n; luma 16-235, chroma 128 as it comes. */
typedef void draw(AVFrame *frame, int n);

static AVFrame *blank(int n)
{
    AVFrame *frame = av_frame_alloc();
    frame->format = AV_PIX_FMT_YUV420P;
    frame->width = WIDTH;
    frame->height = HEIGHT;
    frame->colorspace = AVCOL_SPC_BT709;
    g_assert_cmpint(av_frame_get_buffer(frame, 0), >=, 0);
    for (int plane = 0; plane < 3; plane++)
        memset(frame->data[plane], plane ? 128 : 16,
               (size_t)frame->linesize[plane] * (plane ? HEIGHT / 2 : HEIGHT));
    return frame;
}

static void fill(AVFrame *frame, int plane, int left, int top, int right, int bottom, int value)
{
    for (int y = top; y < bottom; y++)
        memset(frame->data[plane] + (ptrdiff_t)y * frame->linesize[plane] + left, value,
               (size_t)(right - left));
}

static void fill_all(AVFrame *frame, int value)
{
    fill(frame, 0, 0, 0, WIDTH, HEIGHT, value);
}

static struct facts *metered(draw *drawn, int frames)
{
    struct facts *facts = facts_create();
    struct picture_meter *meter = picture_meter_create();
    for (int n = 0; n < frames; n++) {
        AVFrame *frame = blank(n);
        drawn(frame, n);
        picture_meter_feed(meter, frame, (double)n / FPS, 1.0 / FPS);
        av_frame_free(&frame);
    }
    picture_meter_read(meter, facts);
    picture_meter_destroy(meter);
    return facts;
}

static void assert_span(const GArray *spans, guint at, double start_s, double end_s)
{
    g_assert_cmpuint(spans->len, >, at);
    struct span span = g_array_index(spans, struct span, at);
    g_assert_cmpfloat_with_epsilon(span.start_s, start_s, 1e-6);
    g_assert_cmpfloat_with_epsilon(span.end_s, end_s, 1e-6);
}

/* A soft pattern that moves by `speed` pixels a frame. */
static void draw_waves(AVFrame *frame, double shift)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            frame->data[0][y * frame->linesize[0] + x] =
                (uint8_t)lrint(120 + 60 * sin((x + shift) * 0.2) + 20 * cos(y * 0.15));
}

static void draw_moving(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * n);
}

/* --- black --- */

static void draw_black_at_both_ends(AVFrame *frame, int n)
{
    if (n >= 7 && n < 20)
        draw_waves(frame, n);
}

static void black_frames_at_the_head_and_the_tail_are_counted(void)
{
    g_auto(facts_ptr) facts = metered(draw_black_at_both_ends, 25);
    g_assert_cmpint(facts->black_head, ==, 7);
    g_assert_cmpint(facts->black_tail, ==, 5);
    g_assert_cmpuint(facts->black->len, ==, 2);
    assert_span(facts->black, 0, 0, 7.0 / FPS);
    assert_span(facts->black, 1, 20.0 / FPS, 25.0 / FPS);
}

static void draw_three_of_black(AVFrame *frame, int n)
{
    if (n < 10 || n > 12)
        draw_waves(frame, n);
}

static void a_few_black_frames_in_the_middle_are_a_span(void)
{
    g_auto(facts_ptr) facts = metered(draw_three_of_black, 25);
    g_assert_cmpuint(facts->black->len, ==, 1);
    assert_span(facts->black, 0, 10.0 / FPS, 13.0 / FPS);
}

/* --- moving picture that is as it should be --- */

static void nothing_is_wrong_with_a_moving_picture(void)
{
    g_auto(facts_ptr) facts = metered(draw_moving, 60);
    g_assert_cmpint(facts->black_head + facts->black_tail + facts->repeated_frames, ==, 0);
    g_assert_cmpint(facts->bar_top + facts->bar_bottom + facts->bar_left + facts->bar_right, ==, 0);
    g_assert_cmpuint(facts->odd_frames->len + facts->freeze->len + facts->flashes->len, ==, 0);
    g_assert_cmpuint(facts->out_of_range->len + facts->out_of_gamut->len, ==, 0);
    g_assert_cmpfloat(facts->combed_percent, ==, 0);
}

/* --- frames --- */

static void draw_with_repeats(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * (n == 10 || n == 20 ? n - 1 : n));
}

static void repeated_frames_are_counted_within_moving_picture(void)
{
    g_auto(facts_ptr) facts = metered(draw_with_repeats, 30);
    g_assert_cmpint(facts->repeated_frames, ==, 2);
}

static void draw_a_run(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * (n < 10 ? n : MAX(n - 5, 10)));
}

static void repeats_in_a_row_are_counted(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_run, 40);
    g_assert_cmpint(facts->repeated_frames, ==, 5);
}

static void draw_a_long_run(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * (n < 10 ? n : MAX(n - 20, 10)));
}

static void what_stands_for_more_than_half_a_second_is_meant(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_long_run, 50);
    g_assert_cmpint(facts->repeated_frames, ==, 0);
}

/* What coding adds: of 219, 4 at most. */
static void add_noise(AVFrame *frame, guint32 seed)
{
    g_autoptr(GRand) noise = g_rand_new_with_seed(seed);
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            frame->data[0][y * frame->linesize[0] + x] += (uint8_t)g_rand_int_range(noise, 0, 5);
}

/* Picture 15 begins a group, and is 14 again. */
static void draw_a_repeat_coded_anew(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * (n == 15 ? 14 : n));
    add_noise(frame, (guint32)n);
    frame->pict_type = n % 15 ? AV_PICTURE_TYPE_P : AV_PICTURE_TYPE_I;
}

static void a_repeat_that_begins_a_group_is_counted(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_repeat_coded_anew, 30);
    g_assert_cmpint(facts->repeated_frames, ==, 1);
}

static void draw_a_freeze_coded_anew(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * MIN(n, 5));
    add_noise(frame, n < 5 ? (guint32)n : (guint32)n / 15 + 100);
    frame->pict_type = n % 15 ? AV_PICTURE_TYPE_P : AV_PICTURE_TYPE_I;
}

static void a_freeze_goes_on_where_a_group_begins(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_freeze_coded_anew, 75);
    g_assert_cmpuint(facts->freeze->len, ==, 1);
    assert_span(facts->freeze, 0, 5.0 / FPS, 75.0 / FPS);
}

static int held;

static void draw_a_short_freeze(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * (n < 10 ? n : MAX(n - held, 10)));
}

/* From one frame on it is the one or the other. */
static void what_stands_still_is_a_freeze_or_repeats(void)
{
    for (held = 1; held < 50; held++) {
        g_auto(facts_ptr) facts = metered(draw_a_short_freeze, 80);
        g_assert_cmpint(facts->repeated_frames > 0 || facts->freeze->len == 1, ==, 1);
    }
}

static void draw_a_hold(AVFrame *frame, int n)
{
    draw_waves(frame, 2 * CLAMP(n, 0, 10));
}

static void a_picture_that_stands_still_repeats_nothing(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_hold, 40);
    g_assert_cmpint(facts->repeated_frames, ==, 0);
}

static void draw_a_stray(AVFrame *frame, int n)
{
    draw_waves(frame, n / 4.0);
    if (n == 12)
        fill(frame, 0, 0, 0, WIDTH, HEIGHT / 2, 235);
}

static void a_frame_unlike_both_neighbours_is_odd(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_stray, 30);
    g_assert_cmpuint(facts->odd_frames->len, ==, 1);
    assert_span(facts->odd_frames, 0, 12.0 / FPS, 13.0 / FPS);
}

static void draw_a_cut(AVFrame *frame, int n)
{
    if (n < 12)
        draw_waves(frame, n);
    else
        fill_all(frame, 60 + n);
}

static void a_cut_is_no_odd_frame(void)
{
    g_auto(facts_ptr) facts = metered(draw_a_cut, 30);
    g_assert_cmpuint(facts->odd_frames->len, ==, 0);
}

/* --- levels: EBU R 103 v3, 5 to 246 of 8 bits, 1 % of the area --- */

/* Of a tenth of the rows. */
static int columns_at, level_at;

static void draw_levels(AVFrame *frame, int n)
{
    fill_all(frame, 120);
    if (n == 5 || n == 6)
        fill(frame, 0, 0, 0, columns_at, HEIGHT / 10, level_at);
}

static double range_of(int columns, int level, guint *spans)
{
    columns_at = columns;
    level_at = level;
    g_auto(facts_ptr) facts = metered(draw_levels, 10);
    *spans = facts->out_of_range->len;
    if (*spans)
        assert_span(facts->out_of_range, 0, 5.0 / FPS, 7.0 / FPS);
    return facts->out_of_range_percent;
}

static void levels_of_ebu_r_103_are_kept_to(void)
{
    guint spans;
    g_assert_cmpfloat(range_of(WIDTH, 246, &spans), ==, 0);
    g_assert_cmpuint(spans, ==, 0);
    g_assert_cmpfloat(range_of(WIDTH, 5, &spans), ==, 0);
    g_assert_cmpfloat_with_epsilon(range_of(WIDTH, 247, &spans), 10, 0.6);
    g_assert_cmpuint(spans, ==, 1);
    g_assert_cmpfloat_with_epsilon(range_of(WIDTH, 4, &spans), 10, 0.6);
    g_assert_cmpuint(spans, ==, 1);
}

static void one_percent_of_the_area_is_ignored(void)
{
    guint spans;
    range_of(WIDTH / 20, 250, &spans);
    g_assert_cmpuint(spans, ==, 0);
    range_of(WIDTH / 5, 250, &spans);
    g_assert_cmpuint(spans, ==, 1);
}

/* BT.709 Y' 63, Cb 102, Cr 240 is its red of 100 %, B' of which is 0; Y' 40 there is darker than a
 * red of that chroma can be. */
static void draw_colors(AVFrame *frame, int n)
{
    fill_all(frame, level_at);
    fill(frame, 1, 0, 0, WIDTH / 2, HEIGHT / 2, 102);
    fill(frame, 2, 0, 0, WIDTH / 2, HEIGHT / 2, 240);
}

static void colors_that_no_display_has_are_out_of_gamut(void)
{
    level_at = 63;
    g_auto(facts_ptr) legal = metered(draw_colors, 3);
    g_assert_cmpfloat(legal->out_of_gamut_percent, ==, 0);
    level_at = 40;
    g_auto(facts_ptr) illegal = metered(draw_colors, 3);
    g_assert_cmpfloat(illegal->out_of_gamut_percent, ==, 100);
    assert_span(illegal->out_of_gamut, 0, 0, 3.0 / FPS);
    g_assert_cmpuint(illegal->out_of_range->len, ==, 0);
}

/* --- combing --- */

/* A bar that moves by 8 pixels a frame; odd rows are of half a frame later. */
static void draw_fields(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y++) {
        const int left = 20 + 8 * n + (y % 2 ? 4 : 0);
        fill(frame, 0, 0, y, WIDTH, y + 1, 60);
        fill(frame, 0, left, y, left + 40, y + 1, 200);
    }
}

static void fields_of_two_moments_are_combed(void)
{
    g_auto(facts_ptr) facts = metered(draw_fields, 25);
    g_assert_cmpfloat(facts->combed_percent, >, 90);
}

static void draw_fields_said(AVFrame *frame, int n)
{
    draw_fields(frame, n);
    frame->interlaced_frame = 1;
}

static void fields_that_are_said_are_not(void)
{
    g_auto(facts_ptr) facts = metered(draw_fields_said, 25);
    g_assert_cmpfloat(facts->combed_percent, ==, 0);
}

static void draw_fields_in_order(AVFrame *frame, int n)
{
    draw_fields_said(frame, n);
    frame->top_field_first = 1;
}

static void draw_fields_at_rest(AVFrame *frame, int n)
{
    draw_fields_said(frame, 0);
}

static void fields_that_move_the_other_way_are_misordered(void)
{
    g_auto(facts_ptr) wrong = metered(draw_fields_said, 25);
    g_assert_cmpfloat(wrong->misordered_percent, ==, 100);
    g_auto(facts_ptr) right = metered(draw_fields_in_order, 25);
    g_assert_cmpfloat(right->misordered_percent, ==, 0);
    g_auto(facts_ptr) still = metered(draw_fields_at_rest, 25);
    g_assert_cmpfloat(still->misordered_percent, ==, 0);
}

static void draw_stripes(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y++)
        fill(frame, 0, 0, y, WIDTH, y + 1, y % 2 ? 200 : 60);
    fill(frame, 0, 8 * n, 30, 8 * n + 60, 120, 120);
}

static void draw_stripes_that_move(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y++)
        fill(frame, 0, 0, y, WIDTH, y + 1, (y + n) % 2 ? 200 : 60);
}

static void draw_stripes_that_fall(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y++)
        fill(frame, 0, 0, y, WIDTH, y + 1, (y + n) % 3 ? 200 : 60);
}

static void fine_stripes_are_not_combed(void)
{
    static draw *const all[] = {draw_stripes, draw_stripes_that_move, draw_stripes_that_fall};
    for (unsigned i = 0; i < G_N_ELEMENTS(all); i++) {
        g_auto(facts_ptr) facts = metered(all[i], 25);
        g_assert_cmpfloat(facts->combed_percent, ==, 0);
    }
}

/* --- bars --- */

static void draw_bars(AVFrame *frame, int n)
{
    draw_waves(frame, n);
    fill(frame, 0, 0, 0, WIDTH, 23, 16);
    fill(frame, 0, 0, HEIGHT - 22, WIDTH, HEIGHT, 16);
    fill(frame, 0, 0, 0, 10, HEIGHT, 17);
}

static void bars_are_told_to_the_pixel(void)
{
    g_auto(facts_ptr) facts = metered(draw_bars, 30);
    g_assert_cmpint(facts->bar_top, ==, 23);
    g_assert_cmpint(facts->bar_bottom, ==, 22);
    g_assert_cmpint(facts->bar_left, ==, 10);
    g_assert_cmpint(facts->bar_right, ==, 0);
}

/* --- blocks --- */

static int block_step;

static void draw_blocks(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            frame->data[0][y * frame->linesize[0] + x] =
                (uint8_t)(60 + x % 8 % 2 * 2 + x / 8 % 2 * block_step);
}

/* Steps of 2 within the blocks; between them 2 less or more, or 2 +- 20. */
static void steps_between_blocks_are_blockiness(void)
{
    block_step = 0;
    g_auto(facts_ptr) smooth = metered(draw_blocks, 2);
    g_assert_cmpfloat_with_epsilon(smooth->blockiness, 1, 1e-9);
    block_step = 20;
    g_auto(facts_ptr) blocky = metered(draw_blocks, 2);
    g_assert_cmpfloat_with_epsilon(blocky->blockiness, 10, 0.3);
}

/* --- flashes: ITU-R BT.1702-3 --- */

static struct {
    int half;      /* frames of each state */
    int flashes;   /* how many */
    int high, low; /* luma */
    int columns;   /* of the width */
} flash;

static bool is_lit(int n)
{
    return n / flash.half % 2 && n / flash.half < 2 * flash.flashes;
}

static void draw_flash(AVFrame *frame, int n)
{
    fill_all(frame, flash.low);
    if (is_lit(n))
        fill(frame, 0, 0, 0, flash.columns, HEIGHT, flash.high);
}

/* Display light of luma by BT.1702: 60 is 7.3 cd/m2, 100 26.6, 110 33.6, 222 175. */
static void more_than_three_flashes_a_second_are_too_many(void)
{
    static const struct {
        int half, flashes, low, high, columns;
        guint found;
    } rows[] = {
        {3, 8, 16, 235, WIDTH, 1},          /* 4.17 Hz */
        {4, 8, 16, 235, WIDTH, 1},          /* 3.125 Hz */
        {5, 8, 16, 235, WIDTH, 0},          /* 2.5 Hz */
        {3, 3, 16, 235, WIDTH, 0},          /* three, and no more */
        {1, 20, 16, 235, WIDTH, 1},         /* 12.5 Hz */
        {3, 8, 60, 110, WIDTH, 1},          /* 26.3 cd/m2 apart */
        {3, 8, 60, 100, WIDTH, 0},          /* 19.3 cd/m2 apart */
        {3, 8, 222, 235, WIDTH, 0},         /* darker side of more than 160 cd/m2 */
        {3, 8, 16, 235, WIDTH * 3 / 10, 1}, /* 30 % of the area */
        {3, 8, 16, 235, WIDTH / 5, 0},      /* 20 % */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        flash.half = rows[i].half;
        flash.flashes = rows[i].flashes;
        flash.low = rows[i].low;
        flash.high = rows[i].high;
        flash.columns = rows[i].columns;
        g_auto(facts_ptr) facts = metered(draw_flash, 60);
        if (facts->flashes->len != rows[i].found)
            g_error("row %u: %u spans", i, facts->flashes->len);
    }
}

static void draw_checks_that_change(AVFrame *frame, int n)
{
    for (int y = 0; y < HEIGHT; y += 10)
        for (int x = 0; x < WIDTH; x += 10)
            fill(frame, 0, x, y, x + 10, y + 10, ((x + y) / 10 + n / 3) % 2 ? 220 : 30);
}

/* As much gets darker as gets brighter. */
static void texture_that_moves_is_no_flash(void)
{
    g_auto(facts_ptr) facts = metered(draw_checks_that_change, 60);
    g_assert_cmpuint(facts->flashes->len, ==, 0);
}

static int pale_cb, pale_cr;

/* BT.709 red of 100 % against another colour of about the same luma. */
static void draw_red(AVFrame *frame, int n)
{
    const bool lit = n / 3 % 2;
    fill_all(frame, 63);
    fill(frame, 1, 0, 0, WIDTH / 2, HEIGHT / 2, lit ? 102 : pale_cb);
    fill(frame, 2, 0, 0, WIDTH / 2, HEIGHT / 2, lit ? 240 : pale_cr);
}

static void flashes_to_saturated_red_are_told_apart(void)
{
    pale_cb = pale_cr = 128;
    g_auto(facts_ptr) grey = metered(draw_red, 60);
    g_assert_cmpuint(grey->red_flashes->len, ==, 1);
    g_assert_cmpuint(grey->flashes->len, ==, 0);
    pale_cb = 105;
    pale_cr = 225;
    g_auto(facts_ptr) reddish = metered(draw_red, 60);
    g_assert_cmpuint(reddish->red_flashes->len, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/qc_picture/nothing is wrong with a moving picture",
                    nothing_is_wrong_with_a_moving_picture);
    g_test_add_func("/qc_picture/black frames at the head and the tail are counted",
                    black_frames_at_the_head_and_the_tail_are_counted);
    g_test_add_func("/qc_picture/repeated frames are counted within moving picture",
                    repeated_frames_are_counted_within_moving_picture);
    g_test_add_func("/qc_picture/repeats in a row are counted", repeats_in_a_row_are_counted);
    g_test_add_func("/qc_picture/what stands for more than half a second is meant",
                    what_stands_for_more_than_half_a_second_is_meant);
    g_test_add_func("/qc_picture/a repeat that begins a group is counted",
                    a_repeat_that_begins_a_group_is_counted);
    g_test_add_func("/qc_picture/a freeze goes on where a group begins",
                    a_freeze_goes_on_where_a_group_begins);
    g_test_add_func("/qc_picture/a picture that stands still repeats nothing",
                    a_picture_that_stands_still_repeats_nothing);
    g_test_add_func("/qc_picture/a frame unlike both neighbours is odd",
                    a_frame_unlike_both_neighbours_is_odd);
    g_test_add_func("/qc_picture/a cut is no odd frame", a_cut_is_no_odd_frame);
    g_test_add_func("/qc_picture/levels of EBU R 103 are kept to", levels_of_ebu_r_103_are_kept_to);
    g_test_add_func("/qc_picture/one percent of the area is ignored",
                    one_percent_of_the_area_is_ignored);
    g_test_add_func("/qc_picture/colors that no display has are out of gamut",
                    colors_that_no_display_has_are_out_of_gamut);
    g_test_add_func("/qc_picture/fields of two moments are combed",
                    fields_of_two_moments_are_combed);
    g_test_add_func("/qc_picture/fields that are said are not", fields_that_are_said_are_not);
    g_test_add_func("/qc_picture/fields that move the other way are misordered",
                    fields_that_move_the_other_way_are_misordered);
    g_test_add_func("/qc_picture/a few black frames in the middle are a span",
                    a_few_black_frames_in_the_middle_are_a_span);
    g_test_add_func("/qc_picture/what stands still is a freeze or repeats",
                    what_stands_still_is_a_freeze_or_repeats);
    g_test_add_func("/qc_picture/fine stripes are not combed", fine_stripes_are_not_combed);
    g_test_add_func("/qc_picture/bars are told to the pixel", bars_are_told_to_the_pixel);
    g_test_add_func("/qc_picture/steps between blocks are blockiness",
                    steps_between_blocks_are_blockiness);
    g_test_add_func("/qc_picture/more than three flashes a second are too many (BT.1702-3)",
                    more_than_three_flashes_a_second_are_too_many);
    g_test_add_func("/qc_picture/texture that moves is no flash", texture_that_moves_is_no_flash);
    g_test_add_func("/qc_picture/flashes to saturated red are told apart",
                    flashes_to_saturated_red_are_told_apart);
    return g_test_run();
}
