/* SPDX-License-Identifier: GPL-3.0-or-later
 * Black bars at the sides of a picture. A row or column is picture when at least one in 50 of its
 * samples was brighter than 5 % of the range for a second in all, or for a tenth of a short
 * programme, as `autocrop` has it. A programme that is black from end to end has none. */
#pragma once

#include "model/facts.h"
#include "picture.h"

/* How long each row, or column, was seen. */
struct edge {
    double *seen_s;
    int count;
};

/* Zeroed before the first frame. */
struct bars_meter {
    struct edge rows, columns;
    int *bright;   /* of each column of the frame at hand: samples */
    double seen_s; /* of frames that weren't black */
};

void bars_meter_clear(struct bars_meter *meter);
void bars_meter_feed(struct bars_meter *meter, const struct picture *picture);
void bars_meter_read(const struct bars_meter *meter, struct facts *facts);
