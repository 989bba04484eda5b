/* SPDX-License-Identifier: GPL-3.0-or-later
 * A golden held to another one. */
#include "model/golden.h"

#include "base/timecode.h"
#include "base/unit.h"
#include "model/expect.h"

#include <math.h>
#include <string.h>

bool golden_same_stamp(const struct golden *a, const struct golden *b)
{
    return g_strcmp0(a->stamp, b->stamp) == 0;
}

int golden_cells_off(const struct golden_frame *a, const struct golden_frame *b)
{
    int most = 0;
    for (int i = 0; i < GOLDEN_CELLS; i++)
        most = MAX(most, abs(a->cells[i] - b->cells[i]));
    return most;
}

char *golden_time(const struct facts *facts, int64_t frame, double time_s)
{
    struct timecode tc;
    if (!facts->timecode || !timecode_parse(facts->timecode, facts->fps, &tc))
        return g_strdup_printf("%.3f s", time_s);
    tc.frame += frame;
    return timecode_text(tc);
}

char *golden_where(const struct facts *facts, int64_t frame, double time_s)
{
    if (facts->kind == KIND_IMAGE)
        return g_strdup("the picture");
    g_autofree char *time = golden_time(facts, frame, time_s);
    return g_strdup_printf("frame %" G_GINT64_FORMAT " at %s", frame, time);
}

static double rms_off_db(const struct golden_second *a, const struct golden_second *b)
{
    const double quiet = -80;
    return fabs(fmax(a->rms_dbfs, quiet) - fmax(b->rms_dbfs, quiet));
}

static bool late(double was, double is)
{
    return !(fabs(was - is) <= GOLDEN_TIME_TOLERANCE_S);
}

bool golden_frame_differs(const struct golden_frame *old, const struct golden_frame *now,
                          bool loose)
{
    return late(old->time_s, now->time_s) ||
           (loose ? golden_cells_off(old, now) > GOLDEN_CELL_TOLERANCE
                  : strcmp(old->hash, now->hash) != 0);
}

int64_t golden_first_frame(const struct golden *old, const struct golden *now, bool loose)
{
    const guint both = MIN(old->frames->len, now->frames->len);
    for (guint i = 0; i < both; i++) {
        const struct golden_frame *a = &g_array_index(old->frames, struct golden_frame, i);
        const struct golden_frame *b = &g_array_index(now->frames, struct golden_frame, i);
        if (golden_frame_differs(a, b, loose))
            return i;
    }
    return old->frames->len == now->frames->len ? -1 : (int64_t)both;
}

int64_t golden_first_second(const struct golden_track *old, const struct golden_track *now,
                            bool loose)
{
    const guint both = MIN(old->seconds->len, now->seconds->len);
    for (guint i = 0; i < both; i++) {
        const struct golden_second *a = &g_array_index(old->seconds, struct golden_second, i);
        const struct golden_second *b = &g_array_index(now->seconds, struct golden_second, i);
        if (loose ? rms_off_db(a, b) > GOLDEN_RMS_TOLERANCE_DB : strcmp(a->hash, b->hash) != 0)
            return i;
    }
    return old->seconds->len == now->seconds->len ? -1 : (int64_t)both;
}

static void add(GPtrArray *checks, const char *name, const char *expected, const char *measured)
{
    g_ptr_array_add(checks,
                    check_make(name, expected, measured, g_strcmp0(expected, measured) == 0));
}

/* "name" of "name value", and the value's place. */
static const char *value_of(const GPtrArray *facts, const char *line)
{
    const size_t length = strcspn(line, " ") + 1;
    for (guint i = 0; i < facts->len; i++)
        if (strncmp(facts->pdata[i], line, length) == 0)
            return (const char *)facts->pdata[i] + length;
    return NULL;
}

/* Only those that differ: a golden has dozens. */
static void check_facts(const struct golden *old, const struct golden *now, GPtrArray *checks)
{
    const GPtrArray *sides[] = {old->facts, now->facts};
    for (int side = 0; side < 2; side++)
        for (guint i = 0; i < sides[side]->len; i++) {
            const char *line = sides[side]->pdata[i];
            const char *was = value_of(old->facts, line), *is = value_of(now->facts, line);
            g_autofree char *name = g_strndup(line, strcspn(line, " "));
            if (g_strcmp0(was, is) != 0 && (side == 0 || !was))
                add(checks, name, was ? was : "unknown", is ? is : "unknown");
        }
}

struct counted {
    guint off;
    double most;
};

static struct counted count_frames(const struct golden *old, const struct golden *now, bool loose)
{
    struct counted counted = {0, 0};
    for (guint i = 0; i < MIN(old->frames->len, now->frames->len); i++) {
        const struct golden_frame *a = &g_array_index(old->frames, struct golden_frame, i);
        const struct golden_frame *b = &g_array_index(now->frames, struct golden_frame, i);
        counted.off += golden_frame_differs(a, b, loose);
        counted.most = fmax(counted.most, golden_cells_off(a, b));
    }
    return counted;
}

/* "frame 12 at 0.480 s (it was at 0.400 s) is the first of 3 that differ, the cells by at most 7";
 * where no cell is off, by what they do. */
static char *first_text(const struct golden *old, const struct golden *now, int64_t first,
                        const struct counted *counted, const struct facts *facts)
{
    const struct golden_frame *was = &g_array_index(old->frames, struct golden_frame, first);
    const struct golden_frame *is = &g_array_index(now->frames, struct golden_frame, first);
    g_autofree char *where = golden_where(facts, first, is->time_s);
    g_autofree char *moved =
        late(was->time_s, is->time_s) ? g_strdup_printf(" (it was at %.3f s)", was->time_s) : NULL;
    g_autofree char *by =
        counted->most > 0 || moved
            ? g_strdup_printf("the cells by at most %g of 255", counted->most)
            : g_strdup_printf("by less than the golden's cells show: its hash is %s, and was %s",
                              is->hash, was->hash);
    return g_strdup_printf("%s%s is the first of %u that differ, %s", where, moved ? moved : "",
                           counted->off, by);
}

static void check_frames(const struct golden *old, const struct golden *now, bool loose,
                         const struct facts *facts, GPtrArray *checks)
{
    const int64_t first = golden_first_frame(old, now, loose);
    const struct counted counted = count_frames(old, now, loose);
    const guint both = MIN(old->frames->len, now->frames->len);
    g_autofree char *expected =
        loose ? g_strdup_printf("%u frames, cells within %d of 255 (another stamp)",
                                old->frames->len, GOLDEN_CELL_TOLERANCE)
              : g_strdup_printf("the golden's %u frame%s", old->frames->len,
                                old->frames->len == 1 ? "" : "s");
    g_autofree char *measured = NULL;
    if (first < 0) {
        measured = loose ? g_strdup_printf("%u frames, at most %g off", both, counted.most)
                         : g_strdup_printf("%u frames, all equal", both);
    } else if (first == (int64_t)both) {
        measured = g_strdup_printf("%u frames, those that both have %s", now->frames->len,
                                   counted.off ? "differ" : "are as before");
    } else {
        measured = first_text(old, now, first, &counted, facts);
    }
    g_ptr_array_add(checks, check_make("frames", expected, measured, first < 0));
}

/* "sound", "sound 2": the name of a check of a track. */
static char *track_name(guint number, const char *what)
{
    return number ? g_strdup_printf("sound %u%s", number + 1, what)
                  : g_strconcat("sound", what, NULL);
}

static void check_seconds(const struct golden_track *old, const struct golden_track *now,
                          bool loose, const char *name, GPtrArray *checks)
{
    const int64_t first = golden_first_second(old, now, loose);
    g_autofree char *expected =
        loose ? g_strdup_printf("%u seconds, RMS within %g dB (another stamp)", old->seconds->len,
                                GOLDEN_RMS_TOLERANCE_DB)
              : g_strdup_printf("the golden's %u second%s", old->seconds->len,
                                old->seconds->len == 1 ? "" : "s");
    g_autofree char *measured =
        first < 0
            ? g_strdup_printf("%u seconds, all %s", now->seconds->len, loose ? "near" : "equal")
            : g_strdup_printf("second %" G_GINT64_FORMAT " of %u is the first that differs", first,
                              now->seconds->len);
    g_ptr_array_add(checks, check_make(name, expected, measured, first < 0));
}

static void check_track(const struct golden *old, const struct golden *now, guint number,
                        bool loose, GPtrArray *checks)
{
    const struct golden_track *was = number < old->tracks->len ? old->tracks->pdata[number] : NULL;
    const struct golden_track *is = number < now->tracks->len ? now->tracks->pdata[number] : NULL;
    g_autofree char *name = track_name(number, ""), *form = track_name(number, " form"),
                    *begins = track_name(number, " begins");
    if (!was || !is || strcmp(was->sound, is->sound) != 0)
        add(checks, form, was ? was->sound : "none", is ? is->sound : "none");
    if (!was || !is)
        return;
    if (late(was->start_s, is->start_s)) {
        g_autofree char *before = g_strdup_printf("%.3f s", was->start_s);
        g_autofree char *after = g_strdup_printf("%.3f s", is->start_s);
        add(checks, begins, before, after);
    }
    if (was->seconds->len || is->seconds->len)
        check_seconds(was, is, loose, name, checks);
}

GPtrArray *golden_check(const struct golden *old, const struct golden *now,
                        const struct facts *facts)
{
    GPtrArray *checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_destroy);
    const bool loose = !golden_same_stamp(old, now);
    check_facts(old, now, checks);
    if (g_strcmp0(old->picture, now->picture) != 0)
        add(checks, "picture", old->picture ? old->picture : "none",
            now->picture ? now->picture : "none");
    if (old->frames->len || now->frames->len)
        check_frames(old, now, loose, facts, checks);
    for (guint i = 0; i < MAX(old->tracks->len, now->tracks->len); i++)
        check_track(old, now, i, loose, checks);
    return checks;
}
