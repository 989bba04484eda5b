/* SPDX-License-Identifier: GPL-3.0-or-later
 * Patterns of what a seal leaves out, in the syntax of .gitignore (ASC MHL specification 1.0,
 * appendix C): a later one goes before an earlier, "!" takes back in, a slash at the end is for
 * folders only, one elsewhere ties the pattern to the sealed folder. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct ignore;
struct ignore *ignore_create(const GPtrArray *patterns); /* char * */
void ignore_destroy(struct ignore *ignore);              /* accepts NULL */
typedef struct ignore *ignore_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ignore_ptr, ignore_destroy, NULL)

/* Of a path below the sealed folder whose folders aren't ignored. */
bool ignore_has(const struct ignore *ignore, const char *path, bool is_folder);
