/* SPDX-License-Identifier: GPL-3.0-or-later
 * Times of frames. */
#include "times.h"

#include <math.h>

void times_meter_init(struct times_meter *meter)
{
    *meter = (struct times_meter){NAN, NAN, NAN, {0}};
    spans_init(&meter->gaps, 0);
}

void times_meter_clear(struct times_meter *meter)
{
    spans_clear(&meter->gaps);
}

void times_meter_feed(struct times_meter *meter, double at_s, double duration_s, double late_s)
{
    if (isnan(meter->first_s))
        meter->first_s = at_s;
    else if (at_s < meter->last_s)
        spans_add(&meter->gaps, (struct span){at_s, meter->last_s}, 0);
    else if (at_s - meter->end_s > late_s)
        spans_add(&meter->gaps, (struct span){meter->end_s, at_s}, 0);
    meter->last_s = at_s;
    meter->end_s = isnan(meter->end_s) ? at_s + duration_s : fmax(meter->end_s, at_s + duration_s);
}
