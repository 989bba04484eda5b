/* SPDX-License-Identifier: GPL-3.0-or-later
 * Every processor gives the same values: the paths of an operation against its plain one. */
#include "op_cube.c"

#include <math.h>
#include <string.h>

enum { COUNT = 1000, SIZE = 17 };

static void fill(float *values, guint32 seed)
{
    static const float odd[] = {NAN, INFINITY, -INFINITY, 0, -0.0f, 1, 0.5f, 1e30f, -1e30f, 1e-40f};
    g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
    for (int i = 0; i < COUNT; i++) {
        bool on_a_point = g_rand_int_range(dice, 0, 4) == 0; /* ties between the parts */
        values[i] = on_a_point ? (float)g_rand_int_range(dice, 0, SIZE) / (SIZE - 1)
                               : (float)g_rand_double_range(dice, -0.1, 1.1);
        if (i % 7 == 0)
            values[i] = odd[g_rand_int_range(dice, 0, G_N_ELEMENTS(odd))];
    }
}

static void cubes_are_the_same_by_every_path(void)
{
#ifdef __x86_64__
    static float cube[SIZE * SIZE * SIZE][3], a[3][COUNT], b[3][COUNT];
    if (!__builtin_cpu_supports("avx2")) {
        g_test_skip("this processor has one path only");
        return;
    }
    for (int i = 0; i < SIZE * SIZE * SIZE; i++)
        for (int c = 0; c < 3; c++)
            cube[i][c] = sinf((float)(i * (c + 2)));
    struct lut lut = {
        .cube_size = SIZE, .cube_domain = {{0, 0.01f, -0.02f}, {1, 0.99f, 1.1f}}, .cube = cube};
    struct op op = op_cube(&lut);
    for (int c = 0; c < 3; c++)
        fill(a[c], 20261127 + (guint32)c);
    memcpy(b, a, sizeof a);
    apply_cube(&op, (float *const[]){a[0], a[1], a[2]}, COUNT);
    apply_cube_avx2(&op, (float *const[]){b[0], b[1], b[2]}, COUNT);
    g_assert_cmpmem(a, sizeof a, b, sizeof b);
    op_finish(&op);
#endif
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/paths/cube", cubes_are_the_same_by_every_path);
    return g_test_run();
}
