/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which path is taken. */
#include "cpu.h"

#include "loops.h"

static enum cpu_path limit = CPU_BEST;

static enum cpu_path best(void)
{
#ifdef __x86_64__
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512vnni"))
        return CPU_AVX512;
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return CPU_AVX2;
#endif
    return CPU_PLAIN;
}

enum cpu_path cpu_path(void)
{
    return MIN(best(), limit);
}

void cpu_limit(enum cpu_path most)
{
    limit = most;
}

const struct loops *loops_best(void)
{
    static const struct loops *const paths[CPU_PATHS] = {
        [CPU_PLAIN] = &loops_plain,
#ifdef __x86_64__
        [CPU_AVX2] = &loops_avx2,
        [CPU_AVX512] = &loops_avx512,
#endif
    };
    return paths[cpu_path()];
}
