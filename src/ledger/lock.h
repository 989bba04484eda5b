/* SPDX-License-Identifier: GPL-3.0-or-later
 * One writer a folder: an open-file-description lock on DIR/.rushes/lock, which the kernel drops
 * when its holder dies, however it dies. The file's text says who holds it, for people. */
#pragma once

#include <glib.h>
#include <stdbool.h>

/* `folder` is DIR/.rushes, and exists. A descriptor to keep, close releases it; -1 and *error
 * (G_FILE_ERROR_AGAIN names the holder). */
int lock_take(const char *folder, GError **error);
/* Does anybody hold it? */
bool lock_is_held(const char *folder);
