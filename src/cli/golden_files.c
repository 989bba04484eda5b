/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goldens in a folder. */
#include "golden_files.h"

#include "base/file.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- the folder --- */

static void walk(const char *folder, const char *below, GPtrArray *found)
{
    g_autofree char *path = g_build_filename(folder, below, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *relative = *below ? g_build_filename(below, name, NULL) : g_strdup(name);
        g_autofree char *whole = g_build_filename(folder, relative, NULL);
        if (g_file_test(whole, G_FILE_TEST_IS_SYMLINK) || name[0] == '.')
            continue;
        if (g_file_test(whole, G_FILE_TEST_IS_DIR))
            walk(folder, relative, found);
        else if (g_str_has_suffix(name, GOLDEN_SUFFIX))
            g_ptr_array_add(found, g_strndup(relative, strlen(relative) - strlen(GOLDEN_SUFFIX)));
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

GPtrArray *golden_outputs(const char *folder)
{
    GPtrArray *found = g_ptr_array_new_with_free_func(g_free);
    walk(folder, "", found);
    g_ptr_array_sort(found, by_name);
    return found;
}

char *golden_path(const char *folder, const char *output)
{
    g_autofree char *name = g_strconcat(output, GOLDEN_SUFFIX, NULL);
    return g_build_filename(folder, name, NULL);
}

/* Of ten hours at 50 pictures a second. */
static const gsize largest_golden = 1 << 30;

/* A regular file, and no link to one. */
static GMappedFile *open_text(const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s is a link: a golden is a file of its own", path);
        return NULL;
    }
    const int fd = file_open_input(path, error);
    if (fd < 0)
        return NULL;
    GMappedFile *file = g_mapped_file_new_from_fd(fd, FALSE, error);
    close(fd);
    if (file && g_mapped_file_get_length(file) > largest_golden) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL,
                    "%s is larger than 1 GiB: it is no golden", path);
        g_clear_pointer(&file, g_mapped_file_unref);
    }
    return file;
}

struct golden *golden_read(const char *path, GError **error)
{
    g_autoptr(GMappedFile) file = open_text(path, error);
    if (!file)
        return NULL;
    struct golden *golden = golden_from_text(g_mapped_file_get_contents(file),
                                             (gssize)g_mapped_file_get_length(file), error);
    if (!golden)
        g_prefix_error(error, "%s: ", path);
    return golden;
}

static bool write_strip(const char *strip, const char *path, GError **error)
{
    g_autofree char *name = g_strconcat(path, ".png", NULL), *picture = NULL;
    gsize length;
    return g_file_get_contents(strip, &picture, &length, error) &&
           file_write_atomic(name, picture, (gssize)length, error);
}

bool golden_write(const struct golden *golden, const char *strip, const char *path, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path), *text = golden_to_text(golden);
    if (g_mkdir_with_parents(folder, 0777) != 0) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_FAILED, "the folder %s can't be made",
                    folder);
        return false;
    }
    return file_write_atomic(path, text, -1, error) && (!strip || write_strip(strip, path, error));
}

/* --- what files are seen to be --- */

static void seen_free(struct seen *seen)
{
    golden_destroy(seen->golden);
    g_ptr_array_unref(seen->checks);
    g_free(seen->strip);
    failure_clear(&seen->failure);
    g_free(seen);
}

struct seeing {
    const struct look *look;
    const struct see_how *how;
    GPtrArray *seen;
    GArray *inputs; /* int: of each task */
};

/* Of the header; not what changes with every encoder or every day. */
static void add_facts(struct golden *golden, const struct facts *facts)
{
    static const char *const passing[] = {"size_bytes", "hash", "bit_rate", "date", NULL};
    for (unsigned i = 0; i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        if (fact->measured || g_strv_contains(passing, fact->name))
            continue;
        g_autofree char *text = fact_text(fact, facts);
        if (text && *text)
            g_ptr_array_add(golden->facts, g_strconcat(fact->name, " ", text, NULL));
    }
    g_ptr_array_sort(golden->facts, by_name);
}

static char *scratch_path(const struct look *look, int input, const char *end)
{
    g_autofree char *name = g_strdup_printf("seen-%d%s", input, end);
    return g_build_filename(look->scratch, name, NULL);
}

static void take(void *data, int task, const struct result *result)
{
    const struct seeing *seeing = data;
    const int index = g_array_index(seeing->inputs, int, task);
    struct plan_input *input = seeing->look->inputs->pdata[index];
    struct seen *seen = seeing->seen->pdata[index];
    g_autoptr(GError) error = NULL;
    g_autofree char *text = scratch_path(seeing->look, index, GOLDEN_SUFFIX);
    g_autofree char *strip = scratch_path(seeing->look, index, ".png");
    struct stat st;
    failure_clear(&seen->failure);
    seen->seconds = result->seconds;
    if (result->failure.class != FAIL_NONE) {
        fail(&seen->failure, result->failure.class, "%s", result->failure.message);
        return;
    }
    seen->golden = golden_read(text, &error);
    if (!seen->golden) {
        fail(&seen->failure, FAIL_INTERNAL, "%s", error->message);
        return;
    }
    if (result->facts) {
        facts_destroy(input->facts);
        input->facts = facts_copy(result->facts);
    }
    for (guint i = 0; i < result->checks->len; i++)
        g_ptr_array_add(seen->checks, check_copy(result->checks->pdata[i]));
    seen->golden->stamp = g_strdup(seeing->how->stamp);
    add_facts(seen->golden, input->facts);
    if (stat(strip, &st) == 0 && st.st_size > 0)
        seen->strip = g_steal_pointer(&strip);
}

static void add_old(struct task *task, const struct see_old *old)
{
    g_autofree char *strip = old->golden ? g_strconcat(old->golden, ".png", NULL) : NULL;
    if (!strip || !old->drift || !g_file_test(strip, G_FILE_TEST_IS_REGULAR))
        return;
    task_add_file(task, old->golden, false);
    task_add_file(task, strip, false);
    task_add_file(task, old->drift, true);
    task->hash = !old->loose;
}

static void add_task(struct seeing *seeing, struct plan *plan, int index)
{
    const struct plan_input *input = seeing->look->inputs->pdata[index];
    struct plan_task *planned = errand_add(plan, TASK_FINGERPRINT);
    g_autofree char *text = scratch_path(seeing->look, index, GOLDEN_SUFFIX);
    g_autofree char *strip = scratch_path(seeing->look, index, ".png");
    task_add_file(planned->task, input->path, false);
    task_add_file(planned->task, text, true);
    task_add_file(planned->task, strip, true);
    if (seeing->how->old)
        add_old(planned->task, &seeing->how->old[index]);
    planned->task->measure = seeing->how->measure;
    planned->task->trust = input->trust;
    planned->task->max_megapixels = input->max_megapixels;
    planned->task->label = g_strconcat("fingerprint ", input->relative, NULL);
    planned->seconds = 1 + (double)input->stamp.size / 20e6;
    g_array_append_val(seeing->inputs, index);
}

GPtrArray *golden_see(const struct look *look, const struct see_how *how, int *code)
{
    const GPtrArray *inputs = look->inputs;
    g_autoptr(GArray) of = g_array_new(FALSE, FALSE, sizeof(int));
    GPtrArray *seen = g_ptr_array_new_with_free_func((GDestroyNotify)seen_free);
    struct seeing seeing = {look, how, seen, of};
    g_auto(errand_ptr) plan = errand_plan(inputs);
    for (guint i = 0; i < inputs->len; i++) {
        const struct plan_input *input = inputs->pdata[i];
        struct seen *one = g_new0(struct seen, 1);
        one->checks = g_ptr_array_new_with_free_func((GDestroyNotify)check_destroy);
        g_ptr_array_add(seen, one);
        if (input->facts) {
            add_task(&seeing, plan, (int)i);
            fail(&one->failure, FAIL_INTERNAL, "it wasn't looked at");
        } else {
            fail(&one->failure, input->failure.class, "%s", input->failure.message);
        }
    }
    *code = errand_run(&look->errand, plan, -1, take, &seeing);
    return seen;
}
