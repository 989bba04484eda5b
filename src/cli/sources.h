/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which files the inputs are, by device and inode: whatever names and links lead to them. Pictures
 * of a sequence are files of their own. */
#pragma once

#include "plan/plan.h"

#include <sys/stat.h>

struct sources;
struct sources *sources_of(const GPtrArray *inputs); /* struct plan_input; nothing is kept of it */
void sources_free(struct sources *sources);          /* accepts NULL */

/* Whether what has this name, of which `st` is what lstat() says, is one of them (a link is itself,
 * not what it leads to), or a folder, or a link to one, that one of them is in, which is lost with
 * it. */
bool sources_have(const struct sources *sources, const char *path, const struct stat *st);
