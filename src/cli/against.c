/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files beside their references. */
#include "against.h"

#include "base/file.h"
#include "exit.h"
#include "golden_files.h"
#include "scan.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>

struct against {
    const struct against_how *how; /* while it runs */
    char *path;
    bool folder, goldens;
    GPtrArray *outputs;            /* char *: that the folder has goldens of */
    GPtrArray *references;         /* struct plan_input: media files of the folder */
    GHashTable *by_path, *by_stem; /* of these */
    GPtrArray *beside;             /* struct beside, of each input */
    GPtrArray *unmatched;          /* struct unmatched */
    struct scan_aside aside;       /* of the folder */
    GPtrArray *defaults;           /* struct expectation */
    struct look *look;             /* while it runs */
    GArray *tasks;                 /* int: the input of each task */
};

static void unmatched_free(struct unmatched *unmatched)
{
    g_free(unmatched->path);
    g_free(unmatched->why);
    g_free(unmatched);
}

static void add_unmatched(struct against *against, const char *path, const char *why)
{
    struct unmatched *unmatched = g_new(struct unmatched, 1);
    *unmatched = (struct unmatched){g_strdup(path), g_strdup(why)};
    g_ptr_array_add(against->unmatched, unmatched);
}

static void beside_free(struct beside *beside)
{
    g_ptr_array_unref(beside->checks);
    failure_clear(&beside->failure);
    if (beside->ssim.values)
        g_array_unref(beside->ssim.values);
    g_free(beside);
}

/* What is expected of a likeness that nobody named: 38 dB and 0.98 are where people begin to see a
 * difference beside the original; 20 ms is half a frame of film. Of the sound: 139 encodes of 16
 * recordings and of noise (AAC and MP3 of 128 and 192 kbit/s, Opus and Vorbis of 128, AC-3 of
 * 192, MP2 of 256, FLAC) correlate from 0.945 on, are within 0.46 dB, and in no band farther
 * than 1.03 dB (a 3 kHz low-pass took 2.4 dB at least from 11 others); their worst moments are
 * from 0.80 on (Opus' of pink noise; of recordings from 0.93), within 1.6 dB, and 4.1 dB in 10
 * ms, and nothing stands out (-3.3 dB at most). Where the reference is above -40 dBFS, 20 ms of
 * the other polarity are at 0.5 at most, 40 ms that are repeated at 0.72, what is muted for 30
 * ms 9 dB quieter at least; one sample of full scale in an otherwise equal copy stands 36 dB
 * out, in a coded one it is found where it is louder than what is around. */
static GPtrArray *make_defaults(void)
{
    static const char *const rows[][2] = {{"psnr", "at least 38 dB"},
                                          {"psnr_u", "at least 38 dB"},
                                          {"psnr_v", "at least 38 dB"},
                                          {"ssim", "at least 0.98"},
                                          {"worst_ssim", "at least 0.95"},
                                          {"audio_offset", "0s ±20ms"},
                                          {"audio_correlation", "at least 0.9"},
                                          {"audio_level", "0 dB ±0.75"},
                                          {"audio_band_level", "0 dB ±1.5"},
                                          {"worst_audio_correlation", "at least 0.75"},
                                          {"worst_audio_level", "0 dB ±4"},
                                          {"brief_audio_level", "0 dB ±8"},
                                          {"audio_click", "at most 3 dB"}};
    g_auto(diag_ptr) unsaid = diag_create();
    g_auto(node_ptr) map = node_map((struct mark){0});
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        node_put(map, rows[i][0], (struct mark){0}, node_scalar(rows[i][1], (struct mark){0}));
    return expect_parse(map, unsaid);
}

static char *without_extension(const char *path)
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    return dot && (!slash || dot > slash) ? g_strndup(path, (gsize)(dot - path)) : g_strdup(path);
}

/* Under its path below the folder, and, where no other has it, that without the extension. */
static void name_references(struct against *against)
{
    for (guint i = 0; i < against->references->len; i++) {
        struct plan_input *reference = against->references->pdata[i];
        char *stem = without_extension(reference->relative);
        g_hash_table_insert(against->by_path, reference->relative, reference);
        if (g_hash_table_contains(against->by_stem, stem))
            g_free(stem);
        else
            g_hash_table_insert(against->by_stem, stem, reference);
    }
}

static bool find_references(struct against *against)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    if (!against->folder) {
        against->goldens = g_str_has_suffix(against->path, GOLDEN_SUFFIX);
        return true;
    }
    against->outputs = golden_outputs(against->path);
    against->goldens = against->outputs->len > 0;
    g_ptr_array_add(words, against->path);
    if (!against->goldens)
        against->references = scan_inputs(words, NULL, NULL, NULL, NULL, &against->aside);
    if (against->references)
        name_references(against);
    return against->goldens || (against->references && against->references->len);
}

struct against *against_open(const char *reference, int *code)
{
    g_autofree char *shown = path_display(reference);
    *code = EXIT_USAGE;
    if (!g_file_test(reference, G_FILE_TEST_EXISTS)) {
        fprintf(stderr, "rushes: --against %s: there is no such file or folder\n", shown);
        return NULL;
    }
    struct against *against = g_new0(struct against, 1);
    against->path = g_canonicalize_filename(reference, NULL);
    against->folder = g_file_test(reference, G_FILE_TEST_IS_DIR);
    against->beside = g_ptr_array_new_with_free_func((GDestroyNotify)beside_free);
    against->unmatched = g_ptr_array_new_with_free_func((GDestroyNotify)unmatched_free);
    against->aside = scan_aside_create();
    against->by_path = g_hash_table_new(g_str_hash, g_str_equal);
    against->by_stem = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    against->defaults = make_defaults();
    against->tasks = g_array_new(FALSE, FALSE, sizeof(int));
    if (find_references(against))
        return against;
    fprintf(stderr,
            "rushes: --against %s: there is neither a golden (rushes bless makes them) nor a media "
            "file in it\n",
            shown);
    against_close(against);
    *code = EXIT_NO_INPUT;
    return NULL;
}

void against_close(struct against *against)
{
    if (!against)
        return;
    g_free(against->path);
    g_hash_table_unref(against->by_path);
    g_hash_table_unref(against->by_stem);
    if (against->outputs)
        g_ptr_array_unref(against->outputs);
    if (against->references)
        g_ptr_array_unref(against->references);
    g_ptr_array_unref(against->beside);
    g_ptr_array_unref(against->unmatched);
    scan_aside_clear(&against->aside);
    g_ptr_array_unref(against->defaults);
    g_array_unref(against->tasks);
    g_free(against);
}

const struct beside *against_of(const struct against *against, guint input)
{
    return input < against->beside->len ? against->beside->pdata[input] : NULL;
}

const GPtrArray *against_unmatched(const struct against *against)
{
    return against->unmatched;
}

struct check *unmatched_check(const struct unmatched *unmatched, const char *made)
{
    g_autofree char *there = g_strdup_printf("%s, as the reference has one", made);
    return unmatched->why ? check_make("reference", "what can be looked at", unmatched->why, false)
                          : check_make("there", there, "none", false);
}

static bool names_likeness(const GPtrArray *expectations, bool sound)
{
    for (guint i = 0; i < expectations->len; i++) {
        const struct fact *fact = ((const struct expectation *)expectations->pdata[i])->fact;
        if (fact_is_beside(fact) && fact->sound == sound)
            return true;
    }
    return false;
}

/* Those whose fact is known: what isn't comparable is said on its own. */
void against_defaults(const struct against *against, const struct facts *facts,
                      GPtrArray *expectations)
{
    const bool named[] = {names_likeness(expectations, false), names_likeness(expectations, true)};
    for (guint i = 0; !against->goldens && i < against->defaults->len; i++) {
        const struct expectation *e = against->defaults->pdata[i];
        double value;
        if (!named[e->fact->sound] && fact_number(e->fact, facts, &value))
            g_ptr_array_add(expectations, (void *)e);
    }
}

static void add_check(struct beside *beside, const char *name, const char *expected,
                      const char *measured, bool pass)
{
    g_ptr_array_add(beside->checks, check_make(name, expected, measured, pass));
}

/* Where the picture of what differs is put; NULL: nowhere. Caller frees. */
static char *picture_path(const struct against *against, const struct plan_input *input)
{
    if (!against->how->pictures)
        return NULL;
    g_autofree char *name = g_strconcat(input->relative, ".difference.png", NULL);
    g_autofree char *path = g_build_filename(against->how->pictures, name, NULL);
    return g_canonicalize_filename(path, NULL);
}

/* There is none; and of its folders none that would be empty. */
static void drop_picture(const struct against *against, const char *picture)
{
    g_autofree char *folder = g_path_get_dirname(picture);
    g_autofree char *root = g_canonicalize_filename(against->how->pictures, NULL);
    g_unlink(picture);
    while (strlen(folder) > strlen(root) && g_rmdir(folder) == 0)
        *strrchr(folder, '/') = '\0';
}

/* Of a comparison: both pictures decoded and as floats, and the decoders' others. */
static const double pixel_bytes = 80;

static struct plan_task *add_comparison(struct against *against, struct plan *plan, int index,
                                        const char *path, const char *reference)
{
    const struct plan_input *input = against->look->inputs->pdata[index];
    struct plan_task *planned = errand_add(plan, TASK_COMPARE);
    g_autofree char *picture = picture_path(against, input);
    task_add_file(planned->task, path, false);
    task_add_file(planned->task, reference, false);
    if (picture)
        task_add_file(planned->task, picture, true);
    planned->task->measure = against->how->measure;
    planned->task->trust = input->trust;
    planned->task->max_megapixels = input->max_megapixels;
    planned->task->label = g_strconcat("compare ", input->relative, NULL);
    planned->seconds = 1 + (double)input->stamp.size / 2e6;
    planned->memory_bytes += pixel_bytes * input->facts->width * input->facts->height;
    g_array_append_val(against->tasks, index);
    return planned;
}

/* --- media --- */

/* By its path below the folder, else by that without the extension. */
static const struct plan_input *reference_of(const struct against *against, const char *relative)
{
    g_autofree char *stem = without_extension(relative);
    const struct plan_input *same = g_hash_table_lookup(against->by_path, relative);
    return same ? same : g_hash_table_lookup(against->by_stem, stem);
}

/* The time of the worst picture as the file counts. */
static void take_alike(const struct facts *from, struct facts *facts)
{
    const char *time = from->alike.worst_timecode;
    facts_copy_alike(from, facts);
    if (!time)
        return;
    g_free(facts->alike.worst_timecode);
    facts->alike.worst_timecode =
        golden_time(facts, from->alike.worst_frame, g_ascii_strtod(time, NULL));
}

static void take_compared(void *data, int task, const struct result *result)
{
    struct against *against = data;
    const int index = g_array_index(against->tasks, int, task);
    struct plan_input *input = against->look->inputs->pdata[index];
    struct beside *beside = against->beside->pdata[index];
    g_autofree char *picture = picture_path(against, input);
    failure_clear(&beside->failure);
    beside->seconds = result->seconds;
    if (result->failure.class != FAIL_NONE) {
        if (picture)
            drop_picture(against, picture);
        fail(&beside->failure, result->failure.class, "%s", result->failure.message);
        look_told(against->look, &beside->failure);
        return;
    }
    if (result->facts && result->facts->measured) {
        facts_destroy(input->facts);
        input->facts = facts_copy(result->facts);
    }
    for (guint i = 0; i < result->checks->len; i++)
        g_ptr_array_add(beside->checks, check_copy(result->checks->pdata[i]));
    if (result->facts)
        take_alike(result->facts, input->facts);
    if (result->glance && result->glance->ssim.values) {
        beside->ssim = result->glance->ssim;
        g_array_ref(beside->ssim.values);
    }
    if (picture && g_strcmp0(input->facts->alike.frame_hashes, "different") != 0)
        drop_picture(against, picture);
}

bool any_from_folder(const GPtrArray *inputs)
{
    for (guint i = 0; i < inputs->len; i++)
        if (!((const struct plan_input *)inputs->pdata[i])->named)
            return true;
    return false;
}

static void find_unmatched(struct against *against, GHashTable *used)
{
    for (guint i = 0; i < against->references->len; i++) {
        const struct plan_input *reference = against->references->pdata[i];
        if (!g_hash_table_contains(used, reference))
            add_unmatched(against, reference->relative, NULL);
    }
    for (guint i = 0; i < against->aside.unread->len; i++) {
        const struct plan_input *unread = against->aside.unread->pdata[i];
        add_unmatched(against, unread->relative, unread->failure.message);
    }
}

static int compare_media(struct against *against)
{
    const GPtrArray *inputs = against->look->inputs;
    g_autoptr(GHashTable) used = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_auto(errand_ptr) plan = errand_plan(inputs);
    for (guint i = 0; i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        const struct plan_input *reference =
            against->folder ? reference_of(against, input->relative) : NULL;
        const char *path = against->folder ? (reference ? reference->path : NULL) : against->path;
        g_hash_table_add(used, (void *)reference);
        if (!path)
            add_check(against->beside->pdata[i], "reference", "one of its name", "none", false);
        else if (input->facts) {
            add_comparison(against, plan, (int)i, input->path, path);
            fail(&((struct beside *)against->beside->pdata[i])->failure, FAIL_INTERNAL,
                 "it wasn't compared");
        }
    }
    if (against->folder && any_from_folder(inputs))
        find_unmatched(against, used);
    return errand_run(&against->look->errand, plan, -1, take_compared, against);
}

/* --- goldens --- */

/* The one output that has this name, in whatever folder; NULL: none, or several. Caller frees. */
static char *only_output(const struct against *against, const char *name)
{
    const GPtrArray *outputs = against->outputs;
    char *found = NULL;
    unsigned count = 0;
    for (guint i = 0; i < outputs->len; i++) {
        g_autofree char *base = g_path_get_basename(outputs->pdata[i]);
        if (strcmp(base, name) == 0 && count++ == 0)
            found = g_strdup(outputs->pdata[i]);
    }
    if (count > 1)
        g_clear_pointer(&found, g_free);
    return found;
}

/* Of an output: in the folder, or the one golden that was given. A file that was named by hand
 * doesn't say which folder it was made in. Caller frees. */
static char *golden_of(const struct against *against, const struct plan_input *input)
{
    if (!against->folder)
        return g_strdup(against->path);
    g_autofree char *path = golden_path(against->path, input->relative);
    g_autofree char *only = input->named && !g_file_test(path, G_FILE_TEST_EXISTS)
                                ? only_output(against, input->relative)
                                : NULL;
    return only ? golden_path(against->path, only) : g_steal_pointer(&path);
}

/* The golden of an input. */
struct held {
    char *path;
    struct golden *golden; /* NULL: unread says why; or there is none */
    GError *unread;
    char *picture;
};

static struct held *find_goldens(const struct against *against)
{
    const GPtrArray *inputs = against->look->inputs;
    struct held *held = g_new0(struct held, inputs->len + 1);
    for (guint i = 0; i < inputs->len; i++) {
        held[i].path = golden_of(against, inputs->pdata[i]);
        held[i].picture = picture_path(against, inputs->pdata[i]);
        if (g_file_test(held[i].path, G_FILE_TEST_EXISTS))
            held[i].golden = golden_read(held[i].path, &held[i].unread);
    }
    return held;
}

static void free_goldens(struct held *held, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_free(held[i].path);
        g_free(held[i].picture);
        golden_destroy(held[i].golden);
        g_clear_error(&held[i].unread);
    }
    g_free(held);
}

static bool is_loose(const struct against *against, const struct golden *golden)
{
    return g_strcmp0(golden->stamp, against->how->stamp) != 0;
}

/* What was drawn, with its path; the empty file of what wasn't goes. */
static void say_picture(const struct against *against, const struct held *held,
                        const struct seen *seen, struct beside *beside)
{
    struct stat st;
    const bool there = held->picture && stat(held->picture, &st) == 0;
    const bool drawn = there && st.st_size > 0 && seen->checks->len;
    if (there && !drawn)
        drop_picture(against, held->picture);
    for (guint i = 0; i < seen->checks->len; i++) {
        const struct check *check = seen->checks->pdata[i];
        add_check(beside, check->name, check->expected, drawn ? held->picture : check->measured,
                  true);
    }
}

static void hold(struct against *against, int index, const struct held *held,
                 const struct seen *seen)
{
    const struct plan_input *input = against->look->inputs->pdata[index];
    struct beside *beside = against->beside->pdata[index];
    beside->seconds = seen->seconds;
    if (!seen->golden) {
        fail(&beside->failure, seen->failure.class, "%s", seen->failure.message);
        look_told(against->look, &beside->failure);
        if (held->picture)
            drop_picture(against, held->picture);
        return;
    }
    if (!held->golden) {
        add_check(beside, "golden", held->unread ? "one that can be read" : "one",
                  held->unread ? held->unread->message : "none: rushes bless makes it", false);
        return;
    }
    g_autoptr(GPtrArray) checks = golden_check(held->golden, seen->golden, input->facts);
    for (guint i = 0; i < checks->len; i++)
        g_ptr_array_add(beside->checks, check_copy(checks->pdata[i]));
    say_picture(against, held, seen, beside);
}

static void find_stale(struct against *against)
{
    const GPtrArray *inputs = against->look->inputs;
    g_autoptr(GHashTable) made = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < inputs->len; i++)
        g_hash_table_add(made, ((struct plan_input *)inputs->pdata[i])->relative);
    if (!against->folder || !any_from_folder(inputs))
        return;
    const GPtrArray *outputs = against->outputs;
    for (guint i = 0; i < outputs->len; i++)
        if (!g_hash_table_contains(made, outputs->pdata[i]))
            add_unmatched(against, outputs->pdata[i], NULL);
}

static int compare_goldens(struct against *against)
{
    int code;
    const guint count = against->look->inputs->len;
    struct held *held = find_goldens(against);
    g_autofree struct see_old *old = g_new0(struct see_old, count + 1);
    for (guint i = 0; i < count; i++)
        if (held[i].golden)
            old[i] =
                (struct see_old){held[i].path, is_loose(against, held[i].golden), held[i].picture};
    const struct see_how how = {against->how->stamp, against->how->measure, old};
    g_autoptr(GPtrArray) seen = golden_see(against->look, &how, &code);
    for (guint i = 0; code == EXIT_DONE && i < seen->len; i++)
        hold(against, (int)i, &held[i], seen->pdata[i]);
    find_stale(against);
    free_goldens(held, count);
    return code;
}

/* Goldens and pictures of what differs are kept by these names. False after reporting. */
static bool names_differ(const struct against *against, const GPtrArray *inputs)
{
    g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);
    const bool matter = against->goldens || against->how->pictures;
    for (guint i = 0; matter && i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        const char *other = g_hash_table_lookup(paths, input->relative);
        if (other) {
            g_autofree char *one = path_display(other), *shown = path_display(input->path);
            fprintf(stderr,
                    "rushes: %s and %s have one name below what was given, and so one golden and "
                    "one picture of what differs; check them one after the other\n",
                    one, shown);
            return false;
        }
        g_hash_table_insert(paths, input->relative, input->path);
    }
    return true;
}

int against_run(struct against *against, struct look *look, const struct against_how *how)
{
    against->look = look;
    against->how = how;
    if (!names_differ(against, look->inputs))
        return EXIT_USAGE;
    for (guint i = 0; i < look->inputs->len; i++) {
        struct beside *beside = g_new0(struct beside, 1);
        beside->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_destroy);
        g_ptr_array_add(against->beside, beside);
    }
    return against->goldens ? compare_goldens(against) : compare_media(against);
}
