/* SPDX-License-Identifier: GPL-3.0-or-later
 * `contact_sheet` and `sprite`: every thumbnail is the frame of its moment, where it belongs. */
#include "picture_help.h"

#include "base/bundle.h"
#include "contact_sheet/contact_sheet.h"
#include "media/thumbnails.h"
#include "steps/faces.h"

#include <glib/gstdio.h>
#include <math.h>
#include <unistd.h>
#include <vips/vips.h>

/* 50 frames in limited range; frame n has luma 20 + 4n, so R'G'B' is (4 + 4n) / 219 of 255. */
static AVFrame *sheet_of(struct chain *chain, const struct video_shape *shape)
{
    for (int n = 0; n < 50; n++)
        picture_push(chain, picture_frame(shape, n, 20 + 4 * (unsigned)n));
    g_autoptr(GPtrArray) out = picture_end(chain);
    g_assert_cmpuint(out->len, ==, 1);
    return av_frame_clone(out->pdata[0]);
}

static int frame_at(const AVFrame *sheet, int x, int y)
{
    const uint8_t *pixel = sheet->data[0] + (ptrdiff_t)y * sheet->linesize[0] + 3 * (ptrdiff_t)x;
    g_assert_cmpint(pixel[0], ==, pixel[1]);
    return (int)lround((pixel[0] / 255.0 * 219 + 16 - 20) / 4);
}

/* Every half second of two is frames 0, 12.5 (which is 12 at 0.48 s), 25, 37. */
static void sprite_has_exact_frames(void)
{
    static const int frames[] = {0, 12, 25, 37};
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", 64, 36);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "sprite", "every", "500ms", "width", "32",
                               "columns", "3", NULL));
    AVFrame *sheet = sheet_of(chain, &shape);
    g_assert_cmpint(sheet->width, ==, 96);
    g_assert_cmpint(sheet->height, ==, 36);
    for (int k = 0; k < 4; k++) {
        const int x = k % 3 * 32, y = k / 3 * 18;
        g_assert_cmpint(frame_at(sheet, x, y), ==, frames[k]);
        g_assert_cmpint(frame_at(sheet, x + 31, y + 17), ==, frames[k]);
    }
    av_frame_free(&sheet);
}

/* Parts of a sixth; the middles are 4.2, 12.5, 20.8, 29.2, 37.5 and 45.8 frames on. */
static void contact_sheet_shows_the_middles(void)
{
    static const int frames[] = {4, 12, 20, 29, 37, 45};
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv422p10le", 64, 36);
    shape.sar = (struct rational){2, 1};
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "contact_sheet", "columns", "3", "rows", "2",
                               "width", "320", NULL));
    AVFrame *sheet = sheet_of(chain, &shape);
    /* Margins of 4, gaps of 2: columns of 102 by 29. */
    g_assert_cmpint(sheet->width, ==, 320);
    const int row = (sheet->height - 4) / 2 - 10;
    for (int k = 0; k < 6; k++)
        g_assert_cmpint(
            frame_at(sheet, 4 + k % 3 * 104 + 50, k < 3 ? row - 20 : sheet->height - 35), ==,
            frames[k]);
    av_frame_free(&sheet);
}

/* Twice as much sound as picture: all six moments are of the picture. */
static void longer_sound_is_not_seen(void)
{
    struct failure failure = {0};
    const struct video_shape shape = picture_shape("yuv420p", 64, 36);
    g_auto(facts_ptr) facts = facts_create();
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    stream->kind = g_strdup("video");
    stream->duration_s = 2;
    g_ptr_array_add(facts->streams, stream);
    facts->kind = KIND_VIDEO;
    facts->duration_s = 4;
    facts->fps = shape.fps;
    g_auto(task_ptr) task = task_create(TASK_RENDER);
    const struct face_env env = {.source = facts, .task = task};
    const struct contact_sheet wanted = {.columns = 6, .rows = 1, .width = 640};
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(faces_find("contact_sheet")->video(chain, &wanted, &env, &failure));
    AVFrame *sheet = sheet_of(chain, &shape);
    g_assert_cmpint(frame_at(sheet, 50, sheet->height - 20), ==, 4);
    g_assert_cmpint(frame_at(sheet, 590, sheet->height - 20), ==, 45);
    av_frame_free(&sheet);
}

/* The second field is another picture. */
static void one_field_is_shown(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.interlaced = true;
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(
        picture_step(chain, &failure, NULL, "sprite", "every", "5s", "width", "64", NULL));
    AVFrame *frame = picture_frame(&shape, 0, 40);
    for (int y = 1; y < 36; y += 2)
        picture_fill(frame, 0, 0, y, 64, y + 1, 200);
    picture_push(chain, frame);
    g_autoptr(GPtrArray) out = picture_end(chain);
    for (int y = 0; y < 36; y++)
        g_assert_cmpint(frame_at(out->pdata[0], 5, y), ==, 5);
}

/* Half a second is within frame 12, from 0.48 to 0.52 s. */
static void a_still_is_the_frame_that_is_shown(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    g_strlcpy(shape.timecode, "10:00:00:00", sizeof shape.timecode);
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "still", "at", "500ms", NULL));
    g_assert_cmpstr(chain_video(chain)->timecode, ==, "10:00:00:12");
    AVFrame *still = sheet_of(chain, &shape);
    g_assert_cmpint(still->data[0][0], ==, 20 + 4 * 12);
    av_frame_free(&still);
}

/* 203 nit, reference white (BT.2408), which is the brightest here: PQ's code for it is 0.5807
 * (BT.2100), in limited range 143 of 8 bits. */
static void shown_as_srgb(const char *primaries)
{
    static const char *const steps[][5] = {{"sprite", "every", "2s", "width", "64"},
                                           {"contact_sheet", "columns", "1", "rows", "1"}};
    struct video_shape shape = picture_shape("yuv420p10le", 64, 36);
    shape.matrix = "bt2020nc";
    shape.primaries = primaries;
    shape.transfer = "smpte2084";
    shape.light_nit = 203;
    for (unsigned i = 0; i < G_N_ELEMENTS(steps); i++) {
        const char *const *s = steps[i];
        struct failure failure = {0};
        g_auto(chain_ptr) chain = picture_chain(&shape);
        g_assert_true(picture_step(chain, &failure, NULL, s[0], s[1], s[2], s[3], s[4], NULL));
        for (int n = 0; n < 50; n++)
            picture_push(chain, picture_frame(&shape, n, 143));
        g_autoptr(GPtrArray) out = picture_end(chain);
        const AVFrame *sheet = out->pdata[0];
        const ptrdiff_t middle = sheet->height / 2 * sheet->linesize[0] + sheet->width / 2 * 3;
        g_assert_cmpint(sheet->data[0][middle], >=, 253);
        g_assert_cmpstr(chain_video(chain)->transfer, !=, "smpte2084");
    }
    struct failure failure = {0};
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_true(picture_step(chain, &failure, NULL, "still", "at", "0s", NULL));
    g_assert_cmpstr(chain_video(chain)->transfer, ==, "iec61966-2-1");
}

static void hdr_is_shown_as_srgb(void)
{
    shown_as_srgb("bt2020");
}

static void hdr_of_no_known_primaries_is_too(void)
{
    shown_as_srgb("unknown");
    shown_as_srgb("film");
}

static void too_many_are_refused(void)
{
    struct failure failure = {0};
    struct video_shape shape = picture_shape("yuv420p", 64, 36);
    shape.duration_s = 36000;
    g_auto(chain_ptr) chain = picture_chain(&shape);
    g_assert_false(picture_step(chain, &failure, NULL, "sprite", "every", "1s", NULL));
    g_assert_cmpstr(failure.message, ==,
                    "sprite: 36000 thumbnails of 160x90 in 10 columns make a picture of "
                    "1600x324000, and 16383 is the most for a side: take them less often (every: 1 "
                    "s now) or smaller");
    failure_clear(&failure);
    shape.duration_s = 10;
    g_auto(chain_ptr) high = picture_chain(&shape);
    g_assert_false(picture_step(high, &failure, NULL, "contact_sheet", "columns", "1", "rows", "20",
                                "width", "15360", NULL));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(failure.message, "16383 is the most for a side"));
    failure_clear(&failure);
    g_auto(chain_ptr) narrow = picture_chain(&shape);
    g_assert_false(picture_step(narrow, &failure, NULL, "contact_sheet", "columns", "20", "width",
                                "320", "gap", "500", NULL));
    g_assert_cmpstr(failure.message, ==,
                    "contact_sheet: 20 columns with a gap of 500 pixels leave pictures no room in "
                    "a width of 320: the gap is at most 15, or take fewer columns");
    failure_clear(&failure);
    shape.duration_s = NAN;
    g_auto(chain_ptr) endless = picture_chain(&shape);
    g_assert_false(picture_step(endless, &failure, NULL, "contact_sheet", NULL));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    failure_clear(&failure);
}

/* --- the track --- */

/* A sheet of 96x36 as a part file holds it before its track is made. */
static int sheet_file(void)
{
    g_autofree char *name = NULL;
    const int fd = g_file_open_tmp("rushes-sheet-XXXXXX", &name, NULL);
    const uint8_t pixels[96 * 36 * 3] = {0};
    size_t length = 0;
    void *png = NULL;
    VipsImage *image =
        vips_image_new_from_memory_copy(pixels, sizeof pixels, 96, 36, 3, VIPS_FORMAT_UCHAR);
    g_assert_cmpint(vips_pngsave_buffer(image, &png, &length, NULL), ==, 0);
    g_assert_cmpint(write(fd, png, length), ==, (ssize_t)length);
    g_object_unref(image);
    g_free(png);
    g_unlink(name);
    return fd;
}

static struct claim sheet_claim(void)
{
    struct claim claim = {0};
    claim_clear(&claim);
    claim.width = 96;
    claim.height = 36;
    return claim;
}

static const struct thumbnails four = {4, 3, 32, 18, 0.5, 1.9};

static void a_track_names_its_parts_without_gaps(void)
{
    const int fd = sheet_file();
    struct failure failure = {0};
    struct claim claim = sheet_claim();
    g_auto(facts_ptr) facts = facts_create();
    g_assert_true(thumbnails_bundle(fd, "a b.vtt", "png", &four, &claim, &failure));
    g_auto(bundle_ptr) bundle = bundle_open(fd, NULL);
    g_assert_cmpuint(bundle->files->len, ==, 2);
    const struct bundle_file *track = &g_array_index(bundle->files, struct bundle_file, 1);
    g_autofree char *data = bundle_read(fd, track);
    g_autofree char *text = g_strndup(data, (gsize)track->length);
    g_assert_cmpstr(text, ==,
                    "WEBVTT\n\n"
                    "00:00:00.000 --> 00:00:00.500\na%20b.png#xywh=0,0,32,18\n\n"
                    "00:00:00.500 --> 00:00:01.000\na%20b.png#xywh=32,0,32,18\n\n"
                    "00:00:01.000 --> 00:00:01.500\na%20b.png#xywh=64,0,32,18\n\n"
                    "00:00:01.500 --> 00:00:01.900\na%20b.png#xywh=0,18,32,18\n");
    g_assert_true(thumbnails_verify(fd, &claim, facts, &failure));
    g_assert_cmpstr(facts->container, ==, "thumbnails");
    g_assert_cmpint(facts->width, ==, 96);
    g_assert_cmpstr(facts->codec, ==, "png");
    claim_clear(&claim);
    close(fd);
}

/* What a track of our own mistakes would be: each is refused in its own words. */
static void a_track_that_is_wrong_is_found(void)
{
    static const char *const wrong[][2] = {
        {"00:00.000 --> 00:01.000\nt.png#xywh=0,0,32,18\n\n00:01.500 --> 00:02.000\n"
         "t.png#xywh=32,0,32,18\n",
         "cue 2 of the finished thumbnails doesn't begin where the one before ends"},
        {"00:00.000 --> 00:02.000\nt.png#xywh=65,0,32,18\n",
         "cue 1 of the finished thumbnails names a part that is outside the sheet"},
        {"00:00.000 --> 00:02.000\nu.png#xywh=0,0,32,18\n",
         "cue 1 of the finished thumbnails names another picture"},
        {"00:00.000 --> 00:02.000\nt.png#xywh=0,0,32,18px\n",
         "cue 1 of the finished thumbnails names no part of the sheet"},
        {"00:00.000 --> 00:02.000\nt.png#xywh=0,0,32,18\n",
         "the finished track has 1 cues instead of 2"},
        {"00:00.000 --> 00:01.000\nt.png#xywh=0,0,32,18\n\n00:01.000 --> 00:01.800\n"
         "t.png#xywh=32,0,32,18\n",
         "the finished track ends at 1.800 s instead of 2.000 s"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(wrong); i++) {
        const int fd = sheet_file();
        const struct bundle_file whole = {.length = lseek(fd, 0, SEEK_END)};
        struct failure failure = {0};
        struct claim claim = sheet_claim();
        g_auto(facts_ptr) facts = facts_create();
        g_autofree char *png = bundle_read(fd, &whole);
        g_autofree char *track = g_strconcat("WEBVTT\n\n", wrong[i][0], NULL);
        struct bundle_writer *writer = bundle_create(fd);
        g_assert_true(bundle_add(writer, "t.png", png, (size_t)whole.length));
        g_assert_true(bundle_add(writer, "t.vtt", track, strlen(track)));
        g_assert_true(bundle_finish(writer, "thumbnails"));
        bundle_destroy(writer);
        claim.cues = 2;
        claim.cues_s = 2;
        g_assert_false(thumbnails_verify(fd, &claim, facts, &failure));
        g_assert_cmpstr(failure.message, ==, wrong[i][1]);
        failure_clear(&failure);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tiles/sprite", sprite_has_exact_frames);
    g_test_add_func("/tiles/contact-sheet", contact_sheet_shows_the_middles);
    g_test_add_func("/tiles/sound", longer_sound_is_not_seen);
    g_test_add_func("/tiles/fields", one_field_is_shown);
    g_test_add_func("/tiles/still", a_still_is_the_frame_that_is_shown);
    g_test_add_func("/tiles/hdr", hdr_is_shown_as_srgb);
    g_test_add_func("/tiles/hdr-primaries", hdr_of_no_known_primaries_is_too);
    g_test_add_func("/tiles/refused", too_many_are_refused);
    g_test_add_func("/tiles/track", a_track_names_its_parts_without_gaps);
    g_test_add_func("/tiles/track/wrong", a_track_that_is_wrong_is_found);
    return g_test_run();
}
