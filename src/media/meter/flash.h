/* SPDX-License-Identifier: GPL-3.0-or-later
 * Flashes, after ITU-R BT.1702-3 and Ofcom's guidance to rule 2.12: screening, no certified test.
 *
 * A flash is a pair of opposing changes of luminance of 20 cd/m2 and more whose darker side is
 * below 160 cd/m2 (of HDR above that, a Michelson contrast of 1/17 and more), or of colour by 0.2
 * and more in CIE 1976 u'v' from or to saturated red, R / (R + G + B) >= 0.8 of light. More than
 * three of them in a second, which is seven changes in less than one, over more than 25 % of the
 * picture, are too many. Patterns aren't looked for.
 *
 * The picture is taken as tiles of 32 x 18, each by its mean. They change together when more than
 * 25 % of all changed in one direction within the last 80 ms, and twice as many as in the other:
 * texture that moves changes tiles both ways at once. */
#pragma once

#include "picture.h"
#include "spans.h"

enum { FLASH_COLUMNS = 32, FLASH_ROWS = 18, FLASH_TILES = FLASH_COLUMNS * FLASH_ROWS };
enum { FLASH_CHANGES = 7, FLASH_LEVELS = 1024 };

/* The last change of a tile. */
struct flash_turn {
    int direction; /* 1 up, -1 down; 0 none so far */
    double at_s;
};

/* What changes together, in luminance or in red. */
struct flash_sight {
    struct flash_turn tiles[FLASH_TILES];
    int direction;                 /* of the last change of all */
    double changes[FLASH_CHANGES]; /* when the last ones were, a ring */
    unsigned count;
    struct spans spans;
};

struct flash_tile {
    double low_nit, high_nit; /* since its last change */
    struct flash_color {
        double redness, u, v;
    } reddest, palest; /* since it became red, or ceased to be */
};

struct flash_meter {
    struct flash_sight light, red;
    struct flash_tile tiles[FLASH_TILES];
    float nit[FLASH_LEVELS]; /* of luma, of the transfer and range at hand */
    int transfer, full;
    bool begun;
};

struct flash_meter *flash_meter_create(void);
void flash_meter_destroy(struct flash_meter *meter);
void flash_meter_feed(struct flash_meter *meter, const struct picture *picture);
void flash_meter_read(struct flash_meter *meter, double end_s, struct facts *facts);
