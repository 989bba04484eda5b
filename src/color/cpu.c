/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cpu.h"

static enum cpu_path limit = CPU_AVX2;

enum cpu_path cpu_path(void)
{
#ifdef __x86_64__
    if (limit == CPU_AVX2 && __builtin_cpu_supports("avx2"))
        return CPU_AVX2;
#endif
    return CPU_PLAIN;
}

void cpu_limit(enum cpu_path most)
{
    limit = most;
}
