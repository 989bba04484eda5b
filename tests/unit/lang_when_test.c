/* SPDX-License-Identifier: GPL-3.0-or-later
 * Conditions over facts. */
#include "lang/when.h"

#include <math.h>
#include <string.h>

static struct when *parse(const char *text)
{
    g_auto(diag_ptr) diag = diag_create();
    struct when *when = when_parse(text, (struct mark){"t", 1, 1, 2}, diag);
    g_autofree char *problems = diag_text(diag, false);
    g_assert_cmpstr(problems, ==, "");
    return when;
}

static struct facts *clip(void)
{
    struct facts *facts = facts_create();
    facts->kind = KIND_VIDEO;
    facts->duration_s = 2.5;
    facts->width = 1920;
    facts->fps = rational_make(24000, 1001);
    facts->codec = g_strdup("prores");
    facts->hdr = true;
    facts->languages = g_strdup("pt-BR, ger");
    return facts;
}

static void conditions_hold_as_written(void)
{
    static const struct {
        const char *text;
        bool holds;
    } cases[] = {
        {"kind == video and duration > 2s", true},
        {"kind == audio or duration > 2s", true},
        {"duration > 2500ms", false},
        {"duration >= 2500 ms", true},
        {"duration == 2.5", true},
        {"fps == 23.976", true},
        {"fps != 24000/1001", false},
        {"fps < 24", true},
        {"codec == ProRes", true},
        {"codec == \"prores\"", true},
        {"codec != 'h264'", true},
        {"hdr", true},
        {"not hdr or width", true},
        {"hdr == false", false},
        {"vfr", false},
        {"not not hdr", true},
        {"not kind == video", false},
        {"hdr and (vfr or not vfr) and width >= 1920", true},
        {"vfr and vfr or hdr", true},
        {"vfr and (vfr or hdr)", false},
        {"languages == \"por, deu\"", true},
        {"languages != \"por, deu\"", false},
        {"languages == \"pt-PT, deu\"", false},
    };
    struct facts *facts = clip();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct when *when = parse(cases[i].text);
        if (when_holds(when, facts) != cases[i].holds)
            g_error("%s", cases[i].text);
        when_destroy(when);
    }
    facts_destroy(facts);
}

static void comparing_what_is_unknown_is_false(void)
{
    static const char *const cases[] = {"loudness < -20", "loudness >= -20", "reel == A001",
                                        "reel != A001",   "channels == 2",   "channels != 2",
                                        "silence",        "timecode"};
    struct facts *facts = clip();
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct when *when = parse(cases[i]);
        if (when_holds(when, facts))
            g_error("%s", cases[i]);
        when_destroy(when);
    }
    facts_destroy(facts);
}

static void text_reads_back_the_same(void)
{
    static const struct {
        const char *text, *canonical;
    } cases[] = {
        {"kind==video", "kind == video"},
        {"(hdr)", "hdr"},
        {"hdr and (vfr or alpha)", "hdr and (vfr or alpha)"},
        {"(hdr and vfr) or alpha", "hdr and vfr or alpha"},
        {"not (hdr or vfr)", "not (hdr or vfr)"},
        {"not hdr == yes", "not hdr == true"},
        {"duration > 2000ms", "duration > 2s"},
        {"fps == 23.976", "fps == 24000/1001"},
        {"codec == 'a\"b'", "codec == \"a\\\"b\""},
        {"loudness < -20", "integrated_lufs < -20 LUFS"},
        {"sample_rate == 48 kHz", "sample_rate == 48000 Hz"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct when *when = parse(cases[i].text);
        g_autofree char *text = when_text(when);
        g_assert_cmpstr(text, ==, cases[i].canonical);
        struct when *again = parse(text);
        g_autofree char *same = when_text(again);
        g_assert_cmpstr(same, ==, text);
        when_destroy(when);
        when_destroy(again);
    }
}

static void measured_facts_are_noticed(void)
{
    struct when *measured = parse("kind == video and (hdr or not loudness > -20)");
    struct when *probed = parse("kind == video and (hdr or not width > 20)");
    g_assert_true(when_needs_measuring(measured));
    g_assert_false(when_needs_measuring(probed));
    when_destroy(measured);
    when_destroy(probed);
}

static void refuses_nested(const char *open, unsigned times)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < times; i++)
        g_string_append(text, open);
    g_string_append(text, "hdr");
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(when_parse(text->str, (struct mark){"t", 1, 1, 2}, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 1);
    g_string_free(text, TRUE);
}

static void depth_is_refused(void)
{
    refuses_nested("(", 100000);
    refuses_nested("not ", 100000);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/when/conditions_hold_as_written", conditions_hold_as_written);
    g_test_add_func("/when/comparing_what_is_unknown_is_false", comparing_what_is_unknown_is_false);
    g_test_add_func("/when/text_reads_back_the_same", text_reads_back_the_same);
    g_test_add_func("/when/measured_facts_are_noticed", measured_facts_are_noticed);
    g_test_add_func("/when/depth_is_refused", depth_is_refused);
    return g_test_run();
}
