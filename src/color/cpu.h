/* SPDX-License-Identifier: GPL-3.0-or-later
 * The paths of this processor: the same C, compiled for what every x86-64 has and for AVX2, chosen
 * when the program runs. Both give the same bits, since nothing is reordered or contracted. */
#pragma once

#include <stdbool.h>

enum cpu_path { CPU_PLAIN, CPU_AVX2 };

/* The best path there is, or the one that cpu_limit allows. */
enum cpu_path cpu_path(void);
/* For tests: what is made from now on takes no better path. Not thread-safe. */
void cpu_limit(enum cpu_path most);

#define INLINED static inline __attribute__((always_inline))

#ifdef __x86_64__
#define FOR_AVX2 __attribute__((target("avx2")))
#else
#define FOR_AVX2
#endif

/* Of an inlined function `body` of these parameters, called with `arguments`: one function per
 * path, and body##_best(), which is the one to call. */
#define CPU_PATHS(body, parameters, arguments)                      \
    static void body##_plain parameters                             \
    {                                                               \
        body arguments;                                             \
    }                                                               \
    FOR_AVX2 static void body##_avx2 parameters                     \
    {                                                               \
        body arguments;                                             \
    }                                                               \
    static __typeof__(&body##_plain) body##_best(void)              \
    {                                                               \
        return cpu_path() == CPU_AVX2 ? body##_avx2 : body##_plain; \
    }
