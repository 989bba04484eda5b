/* SPDX-License-Identifier: GPL-3.0-or-later
 * Places that are not in a file. */
#include "base/mark.h"

struct mark mark_option(const char *what)
{
    return (struct mark){.file = g_intern_string(what)};
}
