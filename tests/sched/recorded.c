/* SPDX-License-Identifier: GPL-3.0-or-later
 * Recorded task sets, and the simplest scheduler there is. */
#include "recorded.h"

#include <math.h>
#include <string.h>

static enum task_kind kind_named(const char *name)
{
    for (int kind = TASK_PROBE; kind <= TASK_VERIFY; kind++)
        if (strcmp(task_kind_name((enum task_kind)kind), name) == 0)
            return (enum task_kind)kind;
    g_assert_not_reached();
}

static struct plan_task *task_at(const struct recorded *set, guint task)
{
    return set->plan->tasks->pdata[task];
}

static double took_s(const struct recorded *set, guint task)
{
    return g_array_index(set->seconds, double, task);
}

/* The next output of the render that has no verify task yet. */
static void verifies(const struct recorded *set, int verify)
{
    struct plan_task *planned = task_at(set, (guint)verify);
    const struct plan_task *render = task_at(set, (guint)g_array_index(planned->needs, int, 0));
    for (guint i = 0; i < render->outputs->len; i++) {
        int output = g_array_index(render->outputs, int, i);
        if (fake_output(set->plan, output)->verify >= 0)
            continue;
        fake_output(set->plan, output)->verify = verify;
        g_array_append_val(planned->outputs, output);
        return;
    }
    g_assert_not_reached();
}

static void add_task(struct recorded *set, char **words, bool foreseen)
{
    enum task_kind kind = kind_named(words[1]);
    double seconds = g_ascii_strtod(words[3], NULL);
    double predicted_s = foreseen ? seconds : g_ascii_strtod(words[2], NULL);
    unsigned outputs = (unsigned)g_ascii_strtoull(words[5], NULL, 10);
    int id = kind == TASK_RENDER ? fake_render(set->plan, predicted_s, outputs, false)
                                 : fake_task(set->plan, kind, predicted_s);
    struct plan_task *planned = task_at(set, (guint)id);
    g_assert_cmpint(id, ==, g_ascii_strtoll(words[0], NULL, 10));
    planned->memory_bytes = g_ascii_strtod(words[4], NULL) * 1e6;
    planned->threads_most = 1;
    for (char **need = words + 6; *need; need++)
        fake_need(set->plan, id, (int)g_ascii_strtoll(*need, NULL, 10));
    g_array_append_val(set->seconds, seconds);
}

struct recorded *recorded_load(const char *path, bool foreseen)
{
    g_autofree char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    struct recorded *set = g_new0(struct recorded, 1);
    set->plan = fake_plan();
    set->seconds = g_array_new(FALSE, FALSE, sizeof(double));
    g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
    for (char **line = lines; *line; line++) {
        g_auto(GStrv) words = g_strsplit(*line, " ", -1);
        if (**line != '#')
            add_task(set, words, foreseen);
    }
    for (guint i = 0; i < set->plan->tasks->len; i++)
        if (task_at(set, i)->task->kind == TASK_VERIFY)
            verifies(set, (int)i);
    return set;
}

void recorded_destroy(struct recorded *set)
{
    fake_plan_destroy(set->plan);
    g_array_unref(set->seconds);
    g_free(set);
}

double recorded_total_s(const struct recorded *set)
{
    double sum = 0;
    for (guint i = 0; i < set->seconds->len; i++)
        sum += took_s(set, i);
    return sum;
}

static double path_s(const struct recorded *set, guint task)
{
    double longest = 0;
    const GArray *needs = task_at(set, task)->needs;
    for (guint i = 0; i < needs->len; i++)
        longest = MAX(longest, path_s(set, (guint)g_array_index(needs, int, i)));
    return longest + took_s(set, task);
}

double recorded_critical_path_s(const struct recorded *set)
{
    double longest = 0;
    for (guint i = 0; i < set->seconds->len; i++)
        longest = MAX(longest, path_s(set, i));
    return longest;
}

/* NAN: not started. */
static bool is_ready(const struct recorded *set, const double *ends_s, guint task, double now_s)
{
    const GArray *needs = task_at(set, task)->needs;
    for (guint i = 0; i < needs->len; i++)
        if (!(ends_s[g_array_index(needs, int, i)] <= now_s))
            return false;
    return isnan(ends_s[task]);
}

static int first_ready(const struct recorded *set, const double *ends_s, double now_s)
{
    for (guint i = 0; i < set->seconds->len; i++)
        if (is_ready(set, ends_s, i, now_s))
            return (int)i;
    return -1;
}

static int running(const struct recorded *set, const double *ends_s, double now_s, double *next_s)
{
    int count = 0;
    *next_s = INFINITY;
    for (guint i = 0; i < set->seconds->len; i++)
        if (ends_s[i] > now_s) {
            count++;
            *next_s = MIN(*next_s, ends_s[i]);
        }
    return count;
}

double recorded_fifo_s(const struct recorded *set, int cores)
{
    g_autofree double *ends_s = g_new(double, set->seconds->len);
    double now_s = 0, next_s;
    for (guint i = 0; i < set->seconds->len; i++)
        ends_s[i] = NAN;
    for (;;) {
        int task = -1, busy = running(set, ends_s, now_s, &next_s);
        if (busy < cores && (task = first_ready(set, ends_s, now_s)) >= 0)
            ends_s[task] = now_s + took_s(set, (guint)task);
        else if (busy > 0)
            now_s = next_s;
        else
            return now_s;
    }
}
