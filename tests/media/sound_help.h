/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of sound: files in memory, tasks on them, and what came out. */
#pragma once

#include "worker/run.h"

#include <sndfile.h>

/* A value of channel `c` at sample `i`. */
typedef float signal_of(int c, int64_t i, double amplitude);
signal_of sound_tone; /* 1 kHz at 48 kHz, the same in all channels */

/* An open file in memory, `format` as libsndfile says it. */
int sound_make(int format, int rate, int channels, double seconds, signal_of *signal,
               double amplitude);
int sound_empty(void);
int sound_cut_at(int fd, double share); /* a copy of its first part */
/* Through libsndfile, from the start; closing it leaves fd open. */
SNDFILE *sound_open(int fd, SF_INFO *info);

/* A task on a file, with one file after the source for each output. */
struct bench {
    struct task *task;
    struct result *result;
    int fds[9];
};
struct bench *bench_create(int source); /* takes the descriptor */
void bench_destroy(struct bench *bench);
typedef struct bench *bench_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(bench_ptr, bench_destroy, NULL)
/* `encode` is JSON: {"container": "wav", "audio": {"codec": "pcm_s16le"}}; NULL: a meter. `steps`
 * is a list of maps: [{"gain": {"gain": "-3 dB"}}]; NULL: none. */
void bench_output(struct bench *bench, const char *encode, const char *steps);
/* Steps before all outputs. */
void bench_share(struct bench *bench, const char *steps);
void bench_render(struct bench *bench);
void bench_measure(struct bench *bench);
/* Measures the source, and hands what was found to all steps. */
void bench_know_loudness(struct bench *bench);
const struct output_result *bench_result(const struct bench *bench, unsigned output);
int bench_fd(const struct bench *bench, unsigned output);
bool bench_noted(const struct bench *bench, unsigned output, const char *text);

/* Reads an output back. */
struct heard {
    SF_INFO info;
    float *samples; /* interleaved */
    int *whole;     /* the same, left-justified */
};
struct heard *heard_of(const struct bench *bench, unsigned output);
void heard_free(struct heard *heard);
typedef struct heard *heard_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(heard_ptr, heard_free, NULL)
