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

/* RFC 5646, 2.2.1: the shortest code there is. */
static void tag_is_the_shortest_code(void)
{
    static const char *const rows[][2] = {{"deu", "de"}, {"eng", "en"},  {"zho", "zh"},
                                          {"nob", "nb"}, {"gsw", "gsw"}, {"mul", "mul"}};
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
    g_test_add_func("/language/tag is the shortest code", tag_is_the_shortest_code);
    return g_test_run();
}
