/* SPDX-License-Identifier: GPL-3.0-or-later
 * Codes of languages; the pairs are from the Library of Congress' list of ISO 639-2. */
#include "base/language.h"

#include <glib.h>

static void all_sets_become_the_terminological_one(void)
{
    static const char *const rows[][2] = {
        {"de", "deu"},  {"ger", "deu"}, {"deu", "deu"}, {"fre", "fra"},   {"zh", "zho"},
        {"chi", "zho"}, {"en", "eng"},  {"ENG", "eng"}, {"de-CH", "deu"}, {"pt_BR", "por"},
        {"mis", "mis"}, {"cze", "ces"}, {"gre", "ell"}, {"nb", "nob"},    {"wel", "cym"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(language_code(rows[i][0]), ==, rows[i][1]);
}

static void what_says_nothing_is_no_language(void)
{
    static const char *const none[] = {"und", "UND", "", "e", "english", "12", "x1", "e\xff"};
    g_assert_null(language_code(NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_null(language_code(none[i]));
}

/* RFC 5646, 2.1.1, has the letters of its examples, and 2.2.6 the extension. */
static void full_form_keeps_script_and_region(void)
{
    static const char *const rows[][2] = {
        {"chi", "zho"},
        {"zh-hant", "zh-Hant"},
        {"ES-419", "es-419"},
        {"por_br", "pt-BR"},
        {"MN-cYRL-mn", "mn-Cyrl-MN"},
        {"sl-ROZAJ", "sl-rozaj"},
        {"de-AT", "de-AT"},
        {"az-latn-X-LATN", "az-Latn-x-latn"},
        {"fre-ca", "fr-CA"},
        {"de-", "deu"},
        {"en-toolongapart", "eng"},
        {"en-a b", "eng"},
    };
    static const char *const none[] = {"und", "und-Latn", "i-klingon", ""};
    g_assert_null(language_full(NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_null(language_full(none[i]));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(language_full(rows[i][0]), ==, rows[i][1]);
}

static void language_is_matched_by_less_of_it(void)
{
    static const char *const yes[][2] = {{"por", "pt-BR"},
                                         {"pt-BR", "por-br"},
                                         {"ger", "de"},
                                         {"zh-Hant", "zh-Hant-TW"},
                                         {"chi", "zh-Hant-TW"}};
    static const char *const no[][2] = {{"pt-BR", "por"},
                                        {"zh-Hans", "zh-Hant"},
                                        {"und", "und"},
                                        {"zh-Ha", "zh-Hant"},
                                        {"eng", "deu"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_true(language_matches(yes[i][0], yes[i][1]));
    for (unsigned i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(language_matches(no[i][0], no[i][1]));
}

static void bibliographic_code_is_another_for_twenty_languages(void)
{
    static const char *const rows[][2] = {{"deu", "ger"}, {"zho", "chi"}, {"eng", "eng"}};
    g_assert_null(language_bibliographic(NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(language_bibliographic(rows[i][0]), ==, rows[i][1]);
}

/* RFC 5646, 2.2.1: the shortest code there is. */
static void tag_is_the_shortest_code(void)
{
    static const char *const rows[][2] = {{"deu", "de"},         {"eng", "en"},  {"zho", "zh"},
                                          {"nob", "nb"},         {"gsw", "gsw"}, {"mul", "mul"},
                                          {"zh-Hant", "zh-Hant"}};
    g_assert_null(language_tag(NULL));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpstr(language_tag(rows[i][0]), ==, rows[i][1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/language/all sets become the terminological one",
                    all_sets_become_the_terminological_one);
    g_test_add_func("/language/what says nothing is no language", what_says_nothing_is_no_language);
    g_test_add_func("/language/full form keeps script and region",
                    full_form_keeps_script_and_region);
    g_test_add_func("/language/a language is matched by less of it",
                    language_is_matched_by_less_of_it);
    g_test_add_func("/language/the bibliographic code is another for twenty languages",
                    bibliographic_code_is_another_for_twenty_languages);
    g_test_add_func("/language/tag is the shortest code", tag_is_the_shortest_code);
    return g_test_run();
}
