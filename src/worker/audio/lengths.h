/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long the sources of a task are that are joined: what the outputs' steps count on. Containers
 * round, MP3 guesses, and over many parts that adds up; so what isn't a sound file that counts its
 * samples is decoded once for its length. A film is as long as its picture. */
#pragma once

#include "worker/run.h"

/* A job like another, but for the lengths of its parts. */
struct counted_job {
    struct job job;
    struct task task;
    GPtrArray *parts;
};

/* Nothing is counted where nothing is joined, or nobody asks. A part that can't be read keeps its
 * length: reading it says why. */
void counted_job_init(struct counted_job *counted, const struct job *job);
void counted_job_clear(struct counted_job *counted);
