/* SPDX-License-Identifier: GPL-3.0-or-later
 * The collection behind `struct diag`, shared by its keeper and its printer. */
#pragma once

#include "base/diag.h"

struct diag {
    GPtrArray *findings; /* of struct finding */
    GHashTable *sources; /* file name -> GBytes */
    unsigned errors, warnings;
    unsigned hidden; /* reported, but not kept */
};
