/* SPDX-License-Identifier: GPL-3.0-or-later
 * Bits a second. */
#include "rate.h"

#include <math.h>

static const double WINDOW_S = 1 - 1e-6;

struct sized {
    double at_s;
    int bytes;
};

void rate_meter_init(struct rate_meter *meter)
{
    *meter = (struct rate_meter){G_QUEUE_INIT, 0, 0, false};
}

void rate_meter_clear(struct rate_meter *meter)
{
    g_queue_clear_full(&meter->packets, g_free);
}

static bool is_of_second(const struct sized *packet, double end_s)
{
    return packet->at_s >= end_s - WINDOW_S && packet->at_s <= end_s;
}

void rate_meter_feed(struct rate_meter *meter, double at_s, int bytes)
{
    meter->timeless |= isnan(at_s);
    if (meter->timeless)
        return;
    struct sized *packet = g_new(struct sized, 1), *first;
    *packet = (struct sized){at_s, bytes};
    g_queue_push_tail(&meter->packets, packet);
    meter->bytes += bytes;
    while (!is_of_second(first = g_queue_peek_head(&meter->packets), at_s)) {
        meter->bytes -= first->bytes;
        g_free(g_queue_pop_head(&meter->packets));
    }
    meter->most = MAX(meter->most, meter->bytes);
}

void rate_meter_read(const struct rate_meter *meter, struct facts *facts)
{
    facts->max_bit_rate = meter->timeless ? NAN : 8.0 * (double)meter->most;
}
