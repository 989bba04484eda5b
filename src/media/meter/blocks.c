/* SPDX-License-Identifier: GPL-3.0-or-later
 * Blockiness. */
#include "blocks.h"

#include <stdlib.h>

enum { BLOCK = 8 };

void blocks_meter_feed(struct blocks_meter *meter, const struct picture *picture)
{
    const struct raster *columns = &picture->columns;
    const int blocks = columns->width / BLOCK;
    if (blocks < 2)
        return;
    for (int y = 0; y < columns->height; y++) {
        const guint16 *row = columns->data + (gsize)y * (gsize)columns->width;
        guint32 all = 0, between = 0;
        for (int x = 1; x < blocks * BLOCK; x++)
            all += (guint32)abs(row[x] - row[x - 1]);
        for (int x = BLOCK; x < blocks * BLOCK; x += BLOCK)
            between += (guint32)abs(row[x] - row[x - 1]);
        meter->between += between;
        meter->within += all - between;
    }
    meter->edges += (guint64)(blocks - 1) * (guint64)columns->height;
    meter->inner += (guint64)blocks * (BLOCK - 1) * (guint64)columns->height;
}

void blocks_meter_read(const struct blocks_meter *meter, struct facts *facts)
{
    const double between = (double)meter->between / (double)MAX(meter->edges, 1);
    const double within = (double)meter->within / (double)MAX(meter->inner, 1);
    facts->blockiness = within > 0 ? between / within : 1;
}
