/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a file of CDLs: read or refused with a message; what was read can be looked through
 * by every way, and grades. */
#pragma once

#include "color/cdl_file.h"

#include "color/grade.h"

#include <math.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline void apply(const struct cdl_file *file, const struct cdl_correction *correction,
                         const char *how)
{
    g_auto(look_ptr) look = cdl_file_look(file, correction, how, CDL_CLAMP_ASC);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    float r = 0.5f, g = -1, b = 2;
    grade_apply(grade, &r, &g, &b, 1);
    g_assert(isfinite(r) && isfinite(g) && isfinite(b));
    g_assert(g_utf8_validate(grade_describe(grade), -1, NULL));
}

static inline void find(const struct cdl_file *file, struct cdl_query query)
{
    for (query.by = CDL_BY_AUTO; query.by <= CDL_BY_TIMECODE; query.by++) {
        const struct cdl_correction *found = NULL;
        g_autofree char *text = NULL;
        const enum cdl_found result = cdl_file_find(file, &query, &found, &text);
        g_assert(text && g_utf8_validate(text, -1, NULL));
        g_assert((result == CDL_MISSING) == (found == NULL));
        if (result == CDL_FOUND)
            apply(file, found, text);
    }
}

static inline void read_cdls(const char *name, const uint8_t *data, size_t size)
{
    g_log_set_always_fatal(G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING);
    g_auto(diag_ptr) diag = diag_create();
    g_auto(cdl_file_ptr) file = cdl_file_read((const char *)data, size, name, diag);
    g_free(diag_text(diag, false));
    g_assert((file == NULL) == (diag_errors(diag) > 0));
    if (!file)
        return;
    const struct cdl_correction *last = file->corrections->pdata[file->corrections->len - 1];
    find(file, (struct cdl_query){.clip = "A001.mov"});
    find(file, (struct cdl_query){.id = "0", .clip = "A001.mov"});
    find(file, (struct cdl_query){.clip = last->clip,
                                  .reel = last->reel,
                                  .timecode = last->start,
                                  .fps = {30000, 1001},
                                  .frames = 100});
}
