/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in characters that DejaVu Sans lacks. */
#include "media/glyphs.h"
#include "media/chain_run.h"

#include <math.h>

/* The last of private use (Unicode 15, 23.5), for which no font has anything; arcs that are in
 * DejaVu Sans Mono, and not in DejaVu Sans 2.37. */
#define NOWHERE "\U0010FFFD"
#define ELSEWHERE "⌒⌓"

static void characters_that_no_font_has_are_named(void)
{
    struct failure failure = {0};
    g_autofree char *note = NULL;
    g_assert_false(
        glyphs_check_text("a" NOWHERE "b" NOWHERE "\U0010FFFC", "text", &note, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    g_assert_true(g_str_has_prefix(failure.message, "text: no font of this machine has " NOWHERE
                                                    " (U+10FFFD), \U0010FFFC (U+10FFFC);"));
    failure_clear(&failure);
}

static void fonts_besides_the_own_are_named(void)
{
    struct failure failure = {0};
    g_autofree char *note = NULL;
    g_assert_true(glyphs_check_text("an arc " ELSEWHERE, "text", &note, &failure));
    g_assert_nonnull(strstr(note, "DejaVu Sans lacks some of the characters"));
    g_assert_nonnull(strstr(note, "this machine's DejaVu Sans Mono"));
}

/* A wide space, marks of direction, a joiner, a choice of how it looks, and a line's end. */
static void what_is_not_seen_is_not_missing(void)
{
    struct failure failure = {0};
    g_autofree char *note = NULL;
    g_assert_true(
        glyphs_check_text("a\u3000\u2066b\u2069\u200d☺\ufe0f\tc\r\nd", "text", &note, &failure));
    g_assert_cmpstr(note, ==, NULL);
}

static struct chain *chain(void)
{
    static const struct video_shape shape = {.width = 320,
                                             .height = 128,
                                             .sar = {1, 1},
                                             .fps = {25, 1},
                                             .duration_s = 4,
                                             .depth = 8,
                                             .chroma_w = 1,
                                             .chroma_h = 1,
                                             .pix_fmt = "yuv420p",
                                             .range = "tv",
                                             .matrix = "bt709",
                                             .primaries = "bt709",
                                             .transfer = "bt709"};
    struct failure failure = {0};
    const struct chain_input input = {.time_base = {1, 25}, .threads = 1, .video = &shape};
    return chain_create_video(&input, &failure);
}

static bool say(struct chain *on, const char *text, struct failure *failure)
{
    const struct text_look look = {.text = text, .size = 20, .laid = {.from_s = NAN, .to_s = NAN}};
    return chain_text(on, failure, &look);
}

static void text_that_would_be_boxes_is_refused(void)
{
    struct failure failure = {0};
    g_auto(chain_ptr) on = chain();
    g_assert_false(say(on, NOWHERE, &failure));
    g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
    failure_clear(&failure);
}

static void text_in_other_fonts_is_told(void)
{
    struct failure failure = {0};
    g_auto(chain_ptr) on = chain();
    g_assert_true(say(on, ELSEWHERE, &failure));
    g_assert_cmpuint(chain_notes(on)->len, ==, 1);
    g_assert_nonnull(strstr(chain_notes(on)->pdata[0], "DejaVu Sans Mono"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/glyphs/characters that no font has are named",
                    characters_that_no_font_has_are_named);
    g_test_add_func("/glyphs/fonts besides the own are named", fonts_besides_the_own_are_named);
    g_test_add_func("/glyphs/what isn't seen isn't missing", what_is_not_seen_is_not_missing);
    g_test_add_func("/glyphs/text that would be boxes is refused",
                    text_that_would_be_boxes_is_refused);
    g_test_add_func("/glyphs/text in other fonts is told", text_in_other_fonts_is_told);
    return g_test_run();
}
