/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a file says of itself, before and after. */
#include "media/tag_groups.h"

#include "model/carried.h"

#include <libavformat/avformat.h>

static enum carried_fate fate_of(const char *key, const char *before, const char *after)
{
    AVFormatContext *source = avformat_alloc_context(), *made = avformat_alloc_context();
    g_autoptr(GPtrArray) rows = carried_new();
    av_dict_set(&source->metadata, key, before, 0);
    av_dict_set(&made->metadata, "creation_time", after, 0);
    tags_compare(source, made, "mp4", NULL, rows);
    avformat_free_context(source);
    avformat_free_context(made);
    g_assert_cmpuint(rows->len, >, 0);
    return ((const struct carried_row *)rows->pdata[0])->fate;
}

/* ISO 8601. */
static void a_date_is_kept_as_the_same_moment(void)
{
    static const struct {
        const char *before, *after;
        enum carried_fate fate;
    } cases[] = {
        {"2026-01-31T10:00:00.09Z", "2026-01-31T10:00:00.090000Z", FATE_KEPT},
        {"2026-01-31T10:00:00Z", "2026-01-31T10:00:00.000000Z", FATE_KEPT},
        {"2026-01-31T11:00:00+01:00", "2026-01-31T10:00:00Z", FATE_KEPT},
        {"2026-01-31T10:00:00.09Z", "2026-01-31T10:00:00.000000Z", FATE_CHANGED},
        {"2026-01-31T10:00:00", "2026-01-31T10:00:00Z", FATE_CHANGED},
        {"last winter", "2026-01-31T10:00:00Z", FATE_CHANGED},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s %s", cases[i].before, cases[i].after);
        g_assert_cmpint(fate_of("date", cases[i].before, cases[i].after), ==, cases[i].fate);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tag_groups/moment", a_date_is_kept_as_the_same_moment);
    return g_test_run();
}
