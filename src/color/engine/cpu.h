/* SPDX-License-Identifier: GPL-3.0-or-later
 * The paths of a processor: the loops (loops.h) are compiled for what every x86-64 has, for AVX2
 * with FMA, and for AVX-512; which are used is chosen when the program runs. All give the same
 * bits: nothing is reordered or contracted, and what is fused is written as fused, which the C
 * library computes exactly, if slowly, where the processor can't. */
#pragma once

enum cpu_path { CPU_PLAIN, CPU_AVX2, CPU_AVX512, CPU_PATHS, CPU_BEST = CPU_PATHS - 1 };

/* The best path there is, or the one that cpu_limit allows. */
enum cpu_path cpu_path(void);
/* For tests and benches: what is made from now on takes no better path. Not thread-safe. */
void cpu_limit(enum cpu_path most);
