/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checks and rows. */
#include "hold.h"

#include "golden_files.h"

#include <string.h>

void hold_check(struct report_output *row, struct check *check)
{
    if (!check->pass && (row->status == OUTPUT_DONE || row->status == OUTPUT_UP_TO_DATE))
        row->status = OUTPUT_OUT_OF_SPEC;
    g_ptr_array_add(row->checks, check);
}

void hold_failure(struct report_output *row, const struct failure *failure)
{
    if (row->status == OUTPUT_FAILED)
        return;
    row->status = OUTPUT_FAILED;
    fail(&row->failure, failure->class, "%s", failure->message);
}

/* The fact that tells when one is worst: worst_audio_level_at. */
static char *moment_of(const struct fact *fact, const struct facts *facts)
{
    g_autofree char *name = g_strconcat(fact->alias ? fact->alias : fact->name, "_at", NULL);
    const struct fact *moment = fact_find(name);
    return moment ? fact_text(moment, facts) : NULL;
}

/* Which picture to look at, where to listen; NULL: that isn't about one moment. Caller frees. */
static char *where_to_look(const struct fact *fact, const struct facts *facts)
{
    const struct alike *alike = &facts->alike;
    const double fps = rational_value(facts->fps);
    g_autofree char *moment = fact_is_beside(fact) ? moment_of(fact, facts) : NULL;
    if (moment)
        return g_strconcat("at ", moment, NULL);
    if (!fact_is_beside(fact) || fact->sound || !alike->worst_timecode)
        return NULL;
    if (strcmp(fact->name, "frame_hashes") != 0)
        return g_strdup_printf("worst: frame %" G_GINT64_FORMAT " at %s", alike->worst_frame,
                               alike->worst_timecode);
    if (alike->different_frame < 0)
        return NULL;
    g_autofree char *first = golden_where(facts, alike->different_frame,
                                          (double)alike->different_frame / (fps > 0 ? fps : 1));
    return g_strconcat("first: ", first, NULL);
}

void hold_expectation(struct report_output *row, const struct expectation *e,
                      const struct facts *facts)
{
    struct check *check = expectation_check(e, facts, NULL);
    g_autofree char *where = check->pass ? NULL : where_to_look(e->fact, facts);
    if (where) {
        char *measured = g_strdup_printf("%s (%s)", check->measured, where);
        g_free(check->measured);
        check->measured = measured;
    }
    hold_check(row, check);
}

static bool is_named(const char *fact, const GPtrArray *expectations)
{
    bool named = false;
    for (guint i = 0; i < expectations->len && !named; i++)
        named = strcmp(((const struct expectation *)expectations->pdata[i])->fact->name, fact) == 0;
    return named;
}

void hold_beside(struct report_output *row, const struct beside *beside,
                 const GPtrArray *expectations)
{
    if (!beside)
        return;
    row->seconds += beside->seconds;
    if (beside->failure.class != FAIL_NONE)
        hold_failure(row, &beside->failure);
    for (guint i = 0; i < beside->checks->len; i++) {
        const struct check *check = beside->checks->pdata[i];
        if (!is_named(check->name, expectations))
            hold_check(row, check_copy(check));
    }
}
