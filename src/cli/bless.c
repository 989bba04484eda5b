/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes bless`: renders twice, and keeps what came out as goldens. */
#include "commands.h"
#include "exit.h"
#include "golden_files.h"
#include "interrupt.h"
#include "language.h"
#include "model/expect.h"
#include "run.h"

#include <stdio.h>
#include <string.h>

enum { RENDERS_OF_ONE = 2 };

/* One render, looked at. */
struct render {
    char *folder;
    struct look look;
    GPtrArray *seen; /* struct seen, of each input of the look */
};

static void render_clear(struct render *render)
{
    look_close(&render->look);
    if (render->seen)
        g_ptr_array_unref(render->seen);
    g_free(render->folder);
}

static int make(const struct args *args, struct render *render, const char *stamp)
{
    struct args own = *args;
    struct outcome outcome = {0};
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    own.out_dir = render->folder;
    int code = run_batch(&own, &(struct session_given){.silent = true}, &outcome);
    if (code != EXIT_DONE && outcome.report) {
        g_autofree char *text = report_to_text(outcome.report, false);
        fputs(text, stderr);
    }
    outcome_clear(&outcome);
    if (code != EXIT_DONE)
        return code;
    own.words = words;
    g_ptr_array_add(words, render->folder);
    code = look_open(&render->look, &own, false);
    if (code == EXIT_DONE)
        render->seen = golden_see(&render->look, &(struct see_how){.stamp = stamp}, &code);
    look_settle(&render->look);
    return code;
}

static const struct plan_input *input_at(const struct render *render, guint index)
{
    return render->look.inputs->pdata[index];
}

static const struct seen *seen_as(const struct render *render, const char *relative)
{
    for (guint i = 0; i < render->seen->len; i++)
        if (strcmp(input_at(render, i)->relative, relative) == 0)
            return render->seen->pdata[i];
    return NULL;
}

/* Whether all else is the same: lengths, tags, when the sound begins. */
static bool reads_alike(const struct plan_input *input, const struct seen *one,
                        const struct seen *other, const char *shown)
{
    bool alike = true;
    g_autoptr(GPtrArray) checks = golden_check(one->golden, other->golden, input->facts);
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        alike &= check->pass;
        if (!check->pass)
            fprintf(stderr,
                    "rushes: %s can't be blessed: its %s is %s, and %s in a second render\n", shown,
                    check->name, check->expected, check->measured);
    }
    return alike;
}

/* -1: none of a track that both have. */
static int64_t first_second(const struct golden *one, const struct golden *other, guint *track)
{
    for (*track = 0; *track < MIN(one->tracks->len, other->tracks->len); ++*track) {
        const int64_t second =
            golden_first_second(one->tracks->pdata[*track], other->tracks->pdata[*track], false);
        if (second >= 0)
            return second;
    }
    return -1;
}

/* Says what isn't the same in the two renders: which frame or second, first of all. */
static bool reproduces(const struct plan_input *input, const struct seen *one,
                       const struct seen *other)
{
    g_autofree char *shown = path_display(input->relative);
    if (!one->golden || !other || !other->golden) {
        fprintf(stderr, "rushes: %s can't be blessed: %s\n", shown,
                one->golden ? "the other render doesn't make it" : one->failure.message);
        return false;
    }
    const int64_t frame = golden_first_frame(one->golden, other->golden, false);
    guint track = 0;
    const int64_t second = first_second(one->golden, other->golden, &track);
    if (frame < 0 && second < 0)
        return reads_alike(input, one, other, shown);
    const double time_s =
        frame >= 0 && frame < (int64_t)one->golden->frames->len
            ? g_array_index(one->golden->frames, struct golden_frame, frame).time_s
            : 0;
    g_autofree char *where =
        frame >= 0
            ? golden_where(input->facts, frame, time_s)
            : g_strdup_printf("second %" G_GINT64_FORMAT " of sound track %u", second, track + 1);
    fprintf(stderr,
            "rushes: %s can't be blessed: %s isn't the same in two renders; with `reproducible: "
            "strict` the pipeline makes the same every time\n",
            shown, where);
    return false;
}

static bool all_reproduce(const struct render *renders)
{
    bool fine = true;
    for (guint i = 0; i < renders[0].seen->len; i++)
        fine &= reproduces(input_at(&renders[0], i), renders[0].seen->pdata[i],
                           seen_as(&renders[1], input_at(&renders[0], i)->relative));
    for (guint i = 0; i < renders[1].seen->len; i++)
        if (!seen_as(&renders[0], input_at(&renders[1], i)->relative))
            fine = reproduces(input_at(&renders[1], i), renders[1].seen->pdata[i], NULL);
    return fine;
}

/* Old and new values of what isn't as before. */
static bool say_changes(const struct golden *old, const struct golden *now, const char *shown,
                        const struct facts *facts)
{
    g_autoptr(GPtrArray) checks = golden_check(old, now, facts);
    bool changed = !golden_same_stamp(old, now);
    for (guint i = 0; i < checks->len; i++)
        changed |= !((const struct check *)checks->pdata[i])->pass;
    printf("%s %s\n", changed ? "changed" : "as before", shown);
    if (!golden_same_stamp(old, now))
        printf("  stamp: %s -> %s\n", old->stamp ? old->stamp : "unknown", now->stamp);
    for (guint i = 0; i < checks->len; i++) {
        const struct check *check = checks->pdata[i];
        if (!check->pass)
            printf("  %s: %s -> %s\n", check->name, check->expected, check->measured);
    }
    return changed;
}

static bool keep(const struct args *args, const struct plan_input *input, const struct seen *seen)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *path = golden_path(args->golden, input->relative);
    g_autofree char *shown = path_display(input->relative);
    g_autofree char *strip = g_strconcat(path, ".png", NULL);
    g_autoptr(GError) unread = NULL;
    g_auto(golden_ptr) old = golden_read(path, &unread);
    const bool whole = !seen->strip || g_file_test(strip, G_FILE_TEST_EXISTS);
    if (old && !say_changes(old, seen->golden, shown, input->facts) && whole)
        return true;
    if (!old && g_file_test(path, G_FILE_TEST_EXISTS))
        printf("replaced %s, which couldn't be read: %s\n", shown, unread->message);
    else if (!old)
        printf("new %s\n", shown);
    seen->golden->reason = g_strdup(args->reason);
    if (golden_write(seen->golden, seen->strip, path, &error))
        return true;
    fprintf(stderr, "rushes: %s\n", error->message);
    return false;
}

/* Nothing is removed: another pipeline may have its goldens there. */
static void say_stale(const struct args *args, const struct render *render)
{
    g_autoptr(GPtrArray) outputs = golden_outputs(args->golden);
    for (guint i = 0; i < outputs->len; i++) {
        g_autofree char *path = golden_path(args->golden, outputs->pdata[i]);
        g_autofree char *shown = path_display(path);
        if (!seen_as(render, outputs->pdata[i]))
            printf("stale %s: this pipeline makes no such output from these inputs; remove it when "
                   "nothing else does\n",
                   shown);
    }
}

static int keep_all(const struct args *args, const struct render *render)
{
    for (guint i = 0; i < render->seen->len; i++)
        if (!keep(args, input_at(render, i), render->seen->pdata[i]))
            return EXIT_DISK;
    say_stale(args, render);
    return EXIT_DONE;
}

/* A render that failed was told with paths of what is left of it, and so is left there. */
static int bless(const struct args *args, const char *scratch, const char *stamp)
{
    struct render renders[RENDERS_OF_ONE] = {{0}};
    int code = EXIT_DONE;
    for (int i = 0; i < RENDERS_OF_ONE && code == EXIT_DONE; i++) {
        g_autofree char *name = g_strdup_printf("render-%d", i + 1);
        renders[i].folder = g_build_filename(scratch, name, NULL);
        code = make(args, &renders[i], stamp);
    }
    const bool left = code == EXIT_FAILED || code == EXIT_OUT_OF_SPEC;
    if (left)
        fprintf(stderr, "rushes: nothing is blessed; what was rendered is left in %s\n", scratch);
    if (code == EXIT_DONE)
        code = all_reproduce(renders) ? keep_all(args, &renders[0]) : EXIT_OUT_OF_SPEC;
    for (int i = 0; i < RENDERS_OF_ONE; i++)
        render_clear(&renders[i]);
    if (!left)
        remove_tree(scratch);
    return code;
}

/* CI services set CI to true, or 1. */
static bool is_ci(void)
{
    const char *ci = g_getenv("CI");
    return ci && *ci && g_ascii_strcasecmp(ci, "false") != 0 && strcmp(ci, "0") != 0;
}

int command_bless(struct args *args)
{
    g_autoptr(GError) error = NULL;
    if (is_ci()) {
        fprintf(stderr,
                "rushes: bless changes what is held to be right, so a person does it: not where "
                "CI=%s is in the environment\n",
                g_getenv("CI"));
        return EXIT_USAGE;
    }
    if (!args->golden) {
        fprintf(stderr, "rushes: bless needs --golden DIR, the folder that keeps the goldens\n");
        return EXIT_USAGE;
    }
    struct language language;
    if (!language_init(&language, args, true))
        return EXIT_USAGE;
    interrupt_catch();
    g_autofree char *scratch = g_dir_make_tmp("rushes-bless-XXXXXX", &error);
    int code = EXIT_DISK;
    if (scratch)
        code = bless(args, scratch, language.software);
    else
        fprintf(stderr, "rushes: %s\n", error->message);
    language_finish(&language);
    return code;
}
