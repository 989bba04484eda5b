/* SPDX-License-Identifier: GPL-3.0-or-later
 * The catalogue: encoders and options are found and checked by it. */
#include "model/catalogue.h"

#include <string.h>

static const char text[] =
    "{\"build\": \"lavc 59\", \"encoders\": {\"libx264\": {\"codec\": \"h264\", \"type\": "
    "\"video\","
    "\"pix_fmts\": [\"yuv420p\", \"yuv422p\", 3], \"options\": {"
    "\"crf\": {\"type\": \"float\", \"min\": -1, \"max\": 51},"
    "\"aq-mode\": {\"type\": \"int\", \"min\": -1, \"max\": 3, \"choices\": [\"none\", "
    "\"variance\"]},"
    "\"tune\": {\"type\": \"string\", \"choices\": [\"film\", \"fastdecode\"]},"
    "\"fastfirstpass\": {\"type\": \"bool\"}, \"x264-params\": {\"type\": \"dictionary\"}}},"
    "\"aac\": {\"sample_fmts\": [\"fltp\"]}, \"broken\": 3}}";

static void options_are_checked(void)
{
    static const struct {
        const char *encoder, *name, *value, *why;
    } cases[] = {
        {"libx264", "crf", "18.5", NULL},
        {"libx264", "crf", "60", "outside -1 to 51"},
        {"libx264", "crf", "good", "not a number"},
        {"libx264", "aq-mode", "variance", NULL},
        {"libx264", "aq-mode", "2", NULL},
        {"libx264", "aq-mode", "1.5", "not a whole number"},
        {"libx264", "aq-mode", "fancy", "none, variance"},
        {"libx264", "tune", "film,fastdecode", NULL},
        {"libx264", "tune", "2", NULL},
        {"libx264", "tune", "Film", NULL},
        {"libx264", "tune", "fast-decode", NULL},
        {"libx264", "tune", "film,fast", "no \"fast\"; allowed by name: film, fastdecode"},
        {"libx264", "fastfirstpass", "1", NULL},
        {"libx264", "fastfirstpass", "7", "neither true nor false"},
        {"libx264", "x264-params", "a=b", NULL},
        {"libx264", "aq_mode", "1", "did you mean \"aq-mode\""},
        {"aac", "crf", "1", "no option \"crf\""},
        {"broken", "crf", "1", "no encoder"},
        {"libx999", "crf", "1", "no encoder \"libx999\""},
    };
    g_autoptr(GError) error = NULL;
    g_auto(catalogue_ptr) catalogue = catalogue_from_text(text, -1, &error);
    g_assert_no_error(error);
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *why =
            catalogue_check_option(catalogue, cases[i].encoder, cases[i].name, cases[i].value);
        if (!why != !cases[i].why || (why && !strstr(why, cases[i].why)))
            g_error("%s=%s: %s", cases[i].name, cases[i].value, why);
    }
}

static void encoders_are_listed(void)
{
    g_auto(catalogue_ptr) catalogue = catalogue_from_text(text, -1, NULL);
    g_assert_cmpstr(catalogue_build(catalogue), ==, "lavc 59");
    g_assert_true(catalogue_has_encoder(catalogue, "libx264"));
    g_assert_false(catalogue_has_encoder(catalogue, "broken"));
    g_autofree const char **formats = catalogue_encoder_formats(catalogue, "libx264");
    g_assert_cmpstr(formats[1], ==, "yuv422p");
    g_assert_null(formats[2]);
    g_autofree const char **sound = catalogue_encoder_formats(catalogue, "aac");
    g_assert_cmpstr(sound[0], ==, "fltp");
    g_autofree const char **options = catalogue_encoder_options(catalogue, "libx264");
    g_assert_true(g_strv_contains(options, "crf"));
    g_autofree const char **unknown = catalogue_encoder_options(catalogue, "x");
    g_assert_null(unknown);
}

static void what_is_no_catalogue_is_refused(void)
{
    const char *const texts[] = {"", "{}", "[]", "{\"build\": 1, \"encoders\": {}}",
                                 "{\"build\": \"x\", \"encoders\": []}"};
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(catalogue_from_text(texts[i], -1, &error));
        g_assert_nonnull(error);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/catalogue/options-are-checked", options_are_checked);
    g_test_add_func("/catalogue/encoders-are-listed", encoders_are_listed);
    g_test_add_func("/catalogue/what-is-no-catalogue-is-refused", what_is_no_catalogue_is_refused);
    return g_test_run();
}
