/* SPDX-License-Identifier: GPL-3.0-or-later
 * What real runs were made of, on machines of several sizes: not slower than first come, first
 * served, and near the least that any order could take. */
#include "recorded.h"
#include "world.h"

#include <unistd.h>

static double ours_s(const struct recorded *set, int cores)
{
    struct world w = {.plan = set->plan};
    world_engine(&w);
    for (guint i = 0; i < set->seconds->len; i++)
        fake_act(w.fake, (int)i, (struct act){.seconds = g_array_index(set->seconds, double, i)});
    world_run(&w, (struct sched_params){.retries = 0, .cores = cores, .stall_s = 1e6});
    g_assert_cmpuint(count_of(w.events, "done\n"), ==, set->plan->outputs->len);
    double seconds = (double)w.fake->now_us / 1e6;
    world_leave_plan(&w);
    return seconds;
}

static const int machines[] = {1, 2, 3, 4, 8, 16};

/* Graham's bound for the longest first; rounding is to microseconds a task. */
static void compare(const char *path, int cores)
{
    struct recorded *set = recorded_load(path, true);
    double bound_s = MAX(recorded_critical_path_s(set), recorded_total_s(set) / cores);
    double fifo_s = recorded_fifo_s(set, cores), seconds = ours_s(set, cores);
    g_test_message("%s on %d: %.2f s, first come first served %.2f s, at least %.2f s", path, cores,
                   seconds, fifo_s, bound_s);
    g_assert_cmpfloat(seconds, <=, fifo_s + 0.001);
    g_assert_cmpfloat(seconds, <=, (4 / 3. - 1 / (3. * cores)) * bound_s + 0.001);
    recorded_destroy(set);
}

/* With what was guessed before anything was learned. */
static void compare_guessed(const char *path, int cores)
{
    struct recorded *set = recorded_load(path, false);
    double fifo_s = recorded_fifo_s(set, cores), seconds = ours_s(set, cores);
    g_test_message("%s on %d, guessed: %.2f s, first come first served %.2f s", path, cores,
                   seconds, fifo_s);
    g_assert_cmpfloat(seconds, <=, 1.05 * fifo_s);
    recorded_destroy(set);
}

static void near_the_best(gconstpointer path)
{
    for (guint i = 0; i < G_N_ELEMENTS(machines); i++)
        compare(path, machines[i]);
}

static void guesses_do_little_harm(gconstpointer path)
{
    for (guint i = 0; i < G_N_ELEMENTS(machines); i++)
        compare_guessed(path, machines[i]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (argc < 2 || chdir(argv[1]) != 0)
        return 2;
    static const char *const sets[] = {"mixed.tasks", "chain.tasks", "day.tasks"};
    for (guint i = 0; i < G_N_ELEMENTS(sets); i++) {
        g_autofree char *one = g_strdup_printf("/simulate/near_the_best/%s", sets[i]);
        g_autofree char *two = g_strdup_printf("/simulate/guesses_do_little_harm/%s", sets[i]);
        g_test_add_data_func(one, sets[i], near_the_best);
        g_test_add_data_func(two, sets[i], guesses_do_little_harm);
    }
    return g_test_run();
}
