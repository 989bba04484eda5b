/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes watch`: looks, and renders what has arrived, until it is told to end. */
#include "watch.h"

#include "commands.h"
#include "exit.h"
#include "interrupt.h"
#include "pause.h"
#include "scan.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>

enum {
    POLL_S = 10,
    GATHER_US = 250000, /* what rings seldom rings once */
    LOOK_SHARE = 4,     /* a look at a very large folder is followed by so much longer rest */
};

void watch_say(struct watch *watch, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = g_strdup_vprintf(format, args);
    va_end(args);
    if (!g_hash_table_contains(watch->said, text) && !g_hash_table_contains(watch->holding, text))
        fprintf(stderr, "%s\n", text);
    g_hash_table_add(watch->holding, text);
}

static GHashTable *texts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* ------------------------------------------------------------------ a look */

static void hear(void *self, const char *folder)
{
    struct watch *watch = self;
    if (!bell_hear(watch->bell, folder))
        watch_say(watch, "rushes: note: no inotify watches left (fs.inotify.max_user_watches); "
                         "some folders are only looked at from time to time (--poll)");
}

static void see_unfinished(void *self, const char *root, const char *path,
                           const struct file_stamp *stamp)
{
    struct watch *watch = self;
    struct sighting sighting = {
        .path = path, .root = strlen(root), .stamp = *stamp, .unfinished = true};
    arrivals_see(watch->arrivals, &sighting);
}

static void say_line(void *self, const char *text)
{
    watch_say(self, "%s", text);
}

static GPtrArray *scan(struct watch *watch)
{
    struct scan_eyes eyes = {.self = watch,
                             .folder = hear,
                             .unfinished = see_unfinished,
                             .say = say_line,
                             .leave = watch_kept_folders};
    return scan_inputs(watch->folders, watch->pipeline, watch->out_dir, NULL, &eyes, NULL);
}

static void see(struct watch *watch, const struct plan_input *input)
{
    struct sighting sighting = {.path = input->path,
                                .root = strlen(input->root),
                                .stamp = input->stamp,
                                .network =
                                    file_is_on_network(watch, input->path, input->stamp.device)};
    arrivals_see(watch->arrivals, &sighting);
}

/* Says of each file that is written to still that it is busy; false when there is one. */
static bool all_free(struct watch *watch, const GPtrArray *paths)
{
    bool free = true;
    for (unsigned i = 0; i < paths->len; i++) {
        if (!file_is_written(watch, paths->pdata[i]))
            continue;
        g_autofree char *shown = path_display(paths->pdata[i]);
        watch_say(watch, "rushes: %s is still open for writing: it is waited for", shown);
        arrivals_busy(watch->arrivals, paths->pdata[i]);
        free = false;
    }
    return free;
}

/* Of what is there, what is ready and free; a part of a take that isn't holds back the others. */
static GPtrArray *ready_of(struct watch *watch, const GPtrArray *found)
{
    g_autoptr(GHashTable) by_path = g_hash_table_new(g_str_hash, g_str_equal);
    for (unsigned i = 0; i < found->len; i++)
        g_hash_table_insert(by_path, ((struct plan_input *)found->pdata[i])->path, found->pdata[i]);
    g_autoptr(GPtrArray) paths = arrivals_ready(watch->arrivals);
    if (!all_free(watch, paths)) {
        g_ptr_array_unref(paths);
        paths = arrivals_ready(watch->arrivals);
    }
    GPtrArray *inputs = g_ptr_array_new();
    for (unsigned i = 0; i < paths->len; i++)
        g_ptr_array_add(inputs, g_hash_table_lookup(by_path, paths->pdata[i]));
    return inputs;
}

/* NULL after saying why. */
static struct pipeline *load_pipeline(struct watch *watch)
{
    g_auto(diag_ptr) diag = diag_create();
    g_auto(pipeline_ptr) pipeline =
        pipeline_load(watch->args->words->pdata[0], &watch->language.options, diag);
    if (pipeline)
        pipeline_check_arriving(pipeline, diag);
    return say_findings(diag) ? g_steal_pointer(&pipeline) : NULL;
}

/* The pipeline's file is read again when it changed: what it takes may be more now. A wrong one is
 * explained, and the old one says what is looked for until it is mended. */
static void read_pipeline(struct watch *watch)
{
    struct file_stamp stamp;
    const char *file = watch->pipeline->file;
    if (!file_stamp_of(file, &stamp) || file_stamp_equal(&stamp, &watch->pipeline_stamp))
        return;
    watch->pipeline_stamp = stamp;
    struct pipeline *pipeline = load_pipeline(watch);
    if (!pipeline)
        return;
    pipeline_destroy(watch->pipeline);
    watch->pipeline = pipeline;
}

/* In microseconds from now; 0: it is open. */
static int64_t opens_in_us(const struct watch *watch)
{
    struct window window = window_asked(watch->args, watch->pipeline);
    int64_t now_us = g_get_real_time();
    return window_opens_us(&window, now_us) - now_us;
}

static void say_closed(struct watch *watch)
{
    struct window window = window_asked(watch->args, watch->pipeline);
    g_autofree char *waiting = window_waiting_text(&window, g_get_real_time());
    watch_say(watch, "rushes: what has arrived is %s", waiting);
}

/* Looks, and takes what is ready. False when there was nothing to take. */
static bool look(struct watch *watch)
{
    read_pipeline(watch);
    g_hash_table_unref(watch->said);
    watch->said = watch->holding;
    watch->holding = texts_new();
    arrivals_look(watch->arrivals, g_get_monotonic_time());
    g_autoptr(GPtrArray) found = scan(watch);
    for (unsigned i = 0; found && i < found->len; i++)
        see(watch, found->pdata[i]);
    g_autoptr(GPtrArray) inputs = found ? ready_of(watch, found) : g_ptr_array_new();
    bool open = inputs->len && opens_in_us(watch) == 0;
    if (open)
        watch_take(watch, inputs);
    else if (inputs->len)
        say_closed(watch);
    return open;
}

static void rest(struct watch *watch, int64_t looked_us)
{
    double poll_s = watch->args->poll_s > 0 ? watch->args->poll_s : POLL_S;
    int64_t now_us = g_get_monotonic_time();
    int64_t least_us = MAX(GATHER_US, looked_us * LOOK_SHARE);
    int64_t next_us = arrivals_next_us(watch->arrivals);
    int64_t until_us = MIN(next_us, now_us + (int64_t)(poll_s * G_USEC_PER_SEC));
    int64_t opens_us = opens_in_us(watch);
    if (opens_us)
        until_us = MIN(until_us, now_us + opens_us);
    bool rang = bell_wait(watch->bell, MAX(until_us - now_us, least_us));
    if (rang && interrupt_count() == 0)
        g_usleep((gulong)least_us);
}

static int loop(struct watch *watch)
{
    while (interrupt_count() == 0) {
        int64_t began_us = g_get_monotonic_time();
        if (!look(watch))
            rest(watch, g_get_monotonic_time() - began_us);
    }
    fprintf(stderr, "rushes: watching ends; the same command goes on where it was\n");
    return interrupt_exit_code();
}

/* ------------------------------------------------------------------ begin and end */

static bool open_folders(struct watch *watch)
{
    const GPtrArray *words = watch->args->words;
    watch->folders = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 1; i < words->len; i++) {
        if (!g_file_test(words->pdata[i], G_FILE_TEST_IS_DIR)) {
            g_autofree char *shown = path_display(words->pdata[i]);
            fprintf(stderr, "rushes: %s is no folder: only folders can be watched\n", shown);
            return false;
        }
        g_ptr_array_add(watch->folders, g_canonicalize_filename(words->pdata[i], NULL));
    }
    return true;
}

static bool open_pipeline(struct watch *watch)
{
    if (!language_init(&watch->language, watch->args, true))
        return false;
    watch->pipeline = load_pipeline(watch);
    if (watch->pipeline)
        file_stamp_of(watch->pipeline->file, &watch->pipeline_stamp);
    return watch->pipeline;
}

/* Held until the end: what is in the folder is ours to make. */
static bool open_ledger(struct watch *watch)
{
    g_autoptr(GError) error = NULL;
    watch->ledger = ledger_open(watch->out_dir, LEDGER_WRITE, &error);
    if (watch->ledger)
        pause_forget(watch->out_dir);
    else
        fprintf(stderr, "rushes: %s\n", error->message);
    return watch->ledger;
}

static int watch_open(struct watch *watch, const struct args *args)
{
    *watch = (struct watch){.args = args};
    watch->out_dir = g_canonicalize_filename(args->out_dir ? args->out_dir : "out", NULL);
    watch->arrivals = arrivals_create((int64_t)(args->settle_s * G_USEC_PER_SEC));
    watch->bell = bell_create();
    watch->networks = g_hash_table_new(NULL, NULL);
    watch->said = texts_new();
    watch->holding = texts_new();
    if (!open_folders(watch))
        return EXIT_NO_INPUT;
    if (!open_pipeline(watch))
        return EXIT_USAGE;
    return open_ledger(watch) ? EXIT_DONE : EXIT_DISK;
}

static void watch_close(struct watch *watch)
{
    ledger_close(watch->ledger);
    pipeline_destroy(watch->pipeline);
    language_finish(&watch->language);
    if (watch->folders)
        g_ptr_array_unref(watch->folders);
    g_hash_table_unref(watch->said);
    g_hash_table_unref(watch->holding);
    g_hash_table_unref(watch->networks);
    bell_destroy(watch->bell);
    arrivals_destroy(watch->arrivals);
    g_free(watch->out_dir);
}

static void greet(const struct watch *watch)
{
    for (unsigned i = 0; i < watch->folders->len; i++) {
        g_autofree char *folder = path_display(watch->folders->pdata[i]);
        g_autofree char *out_dir = path_display(watch->out_dir);
        fprintf(stderr, "rushes: watching %s for %s, into %s; Ctrl-C ends it\n", folder,
                watch->pipeline->file, out_dir);
    }
}

int command_watch(struct args *args)
{
    struct watch watch;
    interrupt_catch();
    interrupt_ignore_hangup();
    signal(SIGIO, SIG_IGN); /* of file_is_written() */
    int code = watch_open(&watch, args);
    if (code == EXIT_DONE) {
        greet(&watch);
        code = loop(&watch);
    }
    watch_close(&watch);
    return code;
}
