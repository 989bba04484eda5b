/* SPDX-License-Identifier: GPL-3.0-or-later
 * An engine with the fake worker, and tasks for it, in a folder of their own. */
#pragma once

#include "engine/engine.h"

struct pool {
    char *dir;
    struct engine *engine;
};

void pool_open(struct pool *pool);
void pool_close(struct pool *pool);

/* A probe that does `act` (see fake_worker.c). Of some file, but "files" has only those added. */
struct task *pool_task(int id, const char *act);
/* Files below the pool's folder; an input is made, holding `text`. */
void pool_add_input(const struct pool *pool, struct task *task, const char *name, const char *text);
void pool_add_part(const struct pool *pool, struct task *task, const char *name);
char *pool_path(const struct pool *pool, const char *name);

/* True when started. */
bool pool_start(const struct pool *pool, const struct task *task, struct failure *failure);
/* The result of the next task that ends, and its id; fails the test after a few seconds. */
struct result *pool_ended(const struct pool *pool, int *task);
/* Starts, waits, frees the task. */
struct result *pool_run(const struct pool *pool, struct task *task);

#define TEST(name) g_test_add_func("/engine/" #name, name)
