/* SPDX-License-Identifier: GPL-3.0-or-later
 * The moments nearest to one that was asked for, in words. */
#include "media/cut.h"

#include <math.h>

static void moments_are_said(void)
{
    static const struct {
        struct cut_moments found;
        double zero_s;
        const char *words;
    } rows[] = {
        {{1, 2}, 0, "the nearest are 1.000 s and 2.000 s"},
        {{11.04, 12.0801},
         10,
         "the nearest are 1.040 s and 2.080 s"}, /* of what is shown at 10 s */
        {{1, NAN}, 0, "the nearest is 1.000 s"},
        {{NAN, 2.5}, 0.5, "the nearest is 2.000 s"},
        {{0.9999, NAN}, 1, "the nearest is 0.000 s"}, /* not -0.000 */
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *words = cut_words(&rows[i].found, rows[i].zero_s);
        g_assert_cmpstr(words, ==, rows[i].words);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cut/words", moments_are_said);
    return g_test_run();
}
