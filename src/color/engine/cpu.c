/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which path is taken. */
#include "cpu.h"

#include "loops.h"

static enum cpu_path limit = CPU_AVX2;

enum cpu_path cpu_path(void)
{
#ifdef __x86_64__
    if (limit == CPU_AVX2 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return CPU_AVX2;
#endif
    return CPU_PLAIN;
}

void cpu_limit(enum cpu_path most)
{
    limit = most;
}

const struct loops *loops_best(void)
{
#ifdef __x86_64__
    if (cpu_path() == CPU_AVX2)
        return &loops_avx2;
#endif
    return &loops_plain;
}
