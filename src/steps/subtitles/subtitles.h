/* SPDX-License-Identifier: GPL-3.0-or-later
 * What `subtitles` takes: words of a file or a track, drawn into the picture. */
#pragma once

#include "model/step.h"

#include "../place.h"

struct subtitles {
    char *file, *track;
    int place;
    struct extent size, margin;
    struct rgba color, box;
};

extern const struct step subtitles_step;
