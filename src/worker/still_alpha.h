/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transparency in the table of preservation of a still. */
#pragma once

#include "model/carried.h"
#include "model/encode.h"

/* Whether a format (its name, or a container's) holds transparency; `half_solid`: some pixels are
 * neither clear nor solid. *why, which the caller frees, says what became of what isn't held. */
enum carried_fate still_alpha_fate(const char *format, const struct encode_image *encode,
                                   bool half_solid, char **why);
