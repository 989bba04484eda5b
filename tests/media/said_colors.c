/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colours that only a container says, or that it says otherwise than the pictures. */
#include "made.h"
#include "media/probe.h"
#include "media/source.h"
#include "reel.h"
#include "worker/run.h"

#include <unistd.h>

static const struct reel none = {.range = AVCOL_RANGE_UNSPECIFIED,
                                 .matrix = AVCOL_SPC_UNSPECIFIED,
                                 .primaries = AVCOL_PRI_UNSPECIFIED,
                                 .transfer = AVCOL_TRC_UNSPECIFIED};
static const struct reel pq = {.range = AVCOL_RANGE_MPEG,
                               .matrix = AVCOL_SPC_BT2020_NCL,
                               .primaries = AVCOL_PRI_BT2020,
                               .transfer = AVCOL_TRC_SMPTE2084};
static const struct reel full = {.range = AVCOL_RANGE_JPEG,
                                 .matrix = AVCOL_SPC_BT709,
                                 .primaries = AVCOL_PRI_BT709,
                                 .transfer = AVCOL_TRC_BT709};
static const struct reel limited = {.range = AVCOL_RANGE_MPEG,
                                    .matrix = AVCOL_SPC_BT709,
                                    .primaries = AVCOL_PRI_BT709,
                                    .transfer = AVCOL_TRC_BT709};

/* Of each whether libavcodec's decoder leaves what the container says, puts "unspecified" in its
 * place, or limited range. */
static const struct {
    const char *codec;
    enum AVPixelFormat format;
} coders[] = {{"libx265", AV_PIX_FMT_YUV420P},     {"libx264", AV_PIX_FMT_YUV420P},
              {"prores_ks", AV_PIX_FMT_YUV422P10}, {"libvpx-vp9", AV_PIX_FMT_YUV420P},
              {"mpeg2video", AV_PIX_FMT_YUV420P},  {"libsvtav1", AV_PIX_FMT_YUV420P}};

static int film_of(const char *codec, enum AVPixelFormat format, const struct reel *container,
                   const struct reel *pictures)
{
    struct reel reel = *container;
    reel.width = 256;
    reel.height = 128;
    reel.frames = 3;
    reel.fps = (AVRational){25, 1};
    reel.format = format;
    reel.codec = codec;
    reel.coded = pictures;
    return reel_make(&reel);
}

static struct facts *facts_of(int fd)
{
    struct facts *facts = facts_create();
    struct failure failure = {0};
    media_probe(fd, &(struct probe_told){0}, facts, &failure);
    g_assert_cmpstr(failure.message, ==, NULL);
    return facts;
}

static void frames_say(int fd, const struct reel *colors)
{
    struct failure failure = {0};
    struct source_item item;
    g_auto(source_ptr) source = source_open(fd, NULL, &failure);
    g_assert_true(source_use(source, 0, SOURCE_DECODE, &failure));
    g_assert_cmpint(source_next(source, &item, &failure), ==, SOURCE_FRAME);
    g_assert_cmpint(item.frame->color_primaries, ==, colors->primaries);
    g_assert_cmpint(item.frame->color_trc, ==, colors->transfer);
    g_assert_cmpint(item.frame->colorspace, ==, colors->matrix);
    g_assert_cmpint(item.frame->color_range, ==, colors->range);
}

static void what_only_a_container_says_counts(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(coders); i++) {
        const int hdr = film_of(coders[i].codec, coders[i].format, &pq, &none);
        const int wide = film_of(coders[i].codec, coders[i].format, &full, &none);
        g_auto(facts_ptr) of_hdr = facts_of(hdr), of_wide = facts_of(wide);
        g_test_message("%s", coders[i].codec);
        g_assert_cmpstr(of_hdr->color_transfer, ==, "smpte2084");
        g_assert_cmpstr(of_hdr->color_matrix, ==, "bt2020nc");
        g_assert_true(of_hdr->hdr);
        g_assert_cmpstr(of_wide->color_range, ==, "pc");
        frames_say(hdr, &pq);
        frames_say(wide, &full);
        close(hdr);
        close(wide);
    }
}

static struct output_result *made(int fd, const char *container, const char *codec, int out,
                                  struct result **result)
{
    struct task *task = made_task(container, codec, NULL);
    *result = made_render(task, (int[]){fd, out});
    task_destroy(task);
    return (*result)->outputs->pdata[0];
}

static void says_in(const struct reel *said, const char *container, const char *codec)
{
    const int fd = film_of("libx265", AV_PIX_FMT_YUV420P10, said, &none), out = made_file();
    struct result *result;
    struct reel_seen seen;
    const struct output_result *output = made(fd, container, codec, out, &result);
    g_test_message("%s into %s", codec, container);
    g_assert_cmpstr(output->failure.message, ==, NULL);
    reel_look(out, &seen);
    g_assert_cmpint(seen.told->color_primaries, ==, said->primaries);
    g_assert_cmpint(seen.told->color_trc, ==, said->transfer);
    g_assert_cmpint(seen.told->color_space, ==, said->matrix);
    if (strcmp(container, "mov"))
        g_assert_cmpint(seen.told->color_range, ==, said->range);
    reel_clear(&seen);
    result_destroy(result);
    close(fd);
    close(out);
}

static void outputs_say_it_too(void)
{
    says_in(&pq, "mkv", "copy");
    says_in(&pq, "mp4", "copy");
    says_in(&pq, "mov", "copy");
    says_in(&pq, "mp4", "hevc");
}

static void a_copy_has_those_that_are_said_alone(void)
{
    struct reel curve = none, range = none;
    curve.transfer = AVCOL_TRC_SMPTE2084;
    curve.range = AVCOL_RANGE_MPEG;
    range.range = AVCOL_RANGE_JPEG;
    says_in(&curve, "mp4", "copy");
    says_in(&curve, "mov", "copy");
    says_in(&range, "mp4", "copy");
    says_in(&range, "mkv", "copy");
}

static bool is_noted(const struct output_result *output, const char *words)
{
    for (guint i = 0; i < output->notes->len; i++)
        if (strstr(output->notes->pdata[i], words))
            return true;
    return false;
}

static void contradictions_are_told_and_the_pictures_believed(void)
{
    const int fd = film_of("libx265", AV_PIX_FMT_YUV420P10, &limited, &pq), out = made_file();
    g_auto(facts_ptr) facts = facts_of(fd);
    struct result *result;
    const struct output_result *output = made(fd, "mkv", "copy", out, &result);
    g_assert_cmpstr(facts->color_transfer, ==, "smpte2084");
    g_assert_cmpstr(facts->container_colors, ==, "1-1-1");
    g_assert_true(is_noted(output, "(1-1-1, limited range)"));
    g_assert_true(is_noted(output, "(9-16-9, limited range)"));
    result_destroy(result);
    close(fd);
    close(out);
}

static void what_agrees_is_not_told(void)
{
    const int fd = film_of("libx265", AV_PIX_FMT_YUV420P10, &pq, &none), out = made_file();
    struct result *result;
    const struct output_result *output = made(fd, "mkv", "copy", out, &result);
    g_assert_false(is_noted(output, "other colours"));
    result_destroy(result);
    close(fd);
    close(out);
}

static void full_range_is_not_copied_where_nothing_says_it(void)
{
    const int fd = film_of("libx265", AV_PIX_FMT_YUV420P, &full, &none), out = made_file();
    struct result *result;
    const struct output_result *output = made(fd, "mov", "copy", out, &result);
    g_assert_cmpint(output->failure.class, ==, FAIL_CONFIG);
    g_assert_nonnull(strstr(output->failure.message, "full range"));
    result_destroy(result);
    close(fd);
    close(out);
}

/* Two bits that libavcodec's encoder leaves at BT.709; 3 leaves it to the container. */
static void pictures_of_dnxhr_say_their_matrix(void)
{
    static const enum AVColorSpace matrices[] = {AVCOL_SPC_BT709, AVCOL_SPC_BT2020_NCL,
                                                 AVCOL_SPC_SMPTE170M};
    static const enum AVColorSpace seen_by_itself[] = {AVCOL_SPC_BT709, AVCOL_SPC_BT2020_NCL,
                                                       AVCOL_SPC_BT709 /* the decoder's own */};
    for (unsigned i = 0; i < G_N_ELEMENTS(matrices); i++) {
        struct reel said = limited;
        struct result *result;
        struct reel_seen seen;
        said.matrix = matrices[i];
        const int fd = film_of(NULL, AV_PIX_FMT_YUV422P10, &said, NULL), out = made_file();
        const struct output_result *output = made(fd, "mov", "dnxhd", out, &result);
        g_assert_cmpstr(output->failure.message, ==, NULL);
        reel_look(out, &seen);
        g_assert_cmpint(seen.first->colorspace, ==, seen_by_itself[i]);
        reel_clear(&seen);
        frames_say(out, &said);
        result_destroy(result);
        close(fd);
        close(out);
    }
}

static struct result *verified(int fd, bool encoded)
{
    struct result *result = result_create();
    g_auto(task_ptr) task = task_create(TASK_VERIFY);
    task_add_file(task, "/made", false);
    task->claim.fields = encoded ? g_strdup("progressive") : NULL;
    worker_verify(&(struct job){.task = task, .fds = &fd}, result);
    return result;
}

/* A copy's are as its source's. */
static void an_encoded_picture_that_contradicts_its_container_is_refused(void)
{
    const int fd = film_of("libx265", AV_PIX_FMT_YUV420P10, &limited, &pq);
    const int good = film_of("libx265", AV_PIX_FMT_YUV420P10, &pq, &pq);
    struct result *of_good = verified(good, true);
    struct result *encoded = verified(fd, true), *copied = verified(fd, false);
    g_assert_cmpstr(of_good->failure.message, ==, NULL);
    g_assert_cmpint(encoded->failure.class, ==, FAIL_INTERNAL);
    g_assert_nonnull(strstr(encoded->failure.message, "other colours"));
    g_assert_cmpstr(copied->failure.message, ==, NULL);
    result_destroy(of_good);
    result_destroy(encoded);
    result_destroy(copied);
    close(fd);
    close(good);
}

int main(int argc, char **argv)
{
    av_log_set_level(AV_LOG_FATAL);
    g_setenv("SVT_LOG", "1", TRUE);
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/said_colors/what only a container says counts",
                    what_only_a_container_says_counts);
    g_test_add_func("/said_colors/outputs say it too", outputs_say_it_too);
    g_test_add_func("/said_colors/a copy has those that are said alone",
                    a_copy_has_those_that_are_said_alone);
    g_test_add_func("/said_colors/contradictions are told, and the pictures believed",
                    contradictions_are_told_and_the_pictures_believed);
    g_test_add_func("/said_colors/what agrees isn't told", what_agrees_is_not_told);
    g_test_add_func("/said_colors/full range isn't copied where nothing says it",
                    full_range_is_not_copied_where_nothing_says_it);
    g_test_add_func("/said_colors/pictures of DNxHR say their matrix",
                    pictures_of_dnxhr_say_their_matrix);
    g_test_add_func("/said_colors/an encoded picture that contradicts its container is refused",
                    an_encoded_picture_that_contradicts_its_container_is_refused);
    return g_test_run();
}
