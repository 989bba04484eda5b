/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "envelope.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>

enum { BOXES = 3 };

/* A reduction of all is WHOLE; below NOTHING (0.0001 dB) a release is over. Boxes of up to 1400
 * samples keep WHOLE times their lengths below 2^62. */
static const int64_t WHOLE = 1 << 30, NOTHING = 1 << 14;
enum { LONGEST_BOX = 1400 };

/* The sum of the last `length` values. */
struct box {
    int length, at;
    int64_t sum, *values;
};

/* The values of a window that no later one exceeds, greatest first: a ring of a power of two. */
struct greatest {
    int window;
    unsigned mask, first, count;
    struct held {
        int64_t time, value;
    } * held;
};

struct envelope {
    int attack, reach;
    double decay; /* a sample */
    int64_t time, reduction;
    struct greatest greatest;
    struct box boxes[BOXES];
    double weights; /* of all boxes together, times WHOLE */
};

struct envelope *envelope_create(int attack, int reach, double release)
{
    struct envelope *envelope = g_new0(struct envelope, 1);
    int rest = CLAMP(attack, 1, BOXES * (LONGEST_BOX - 1)) + BOXES - 1;
    envelope->attack = rest - (BOXES - 1);
    envelope->reach = reach;
    envelope->decay = exp(-1 / release);
    envelope->weights = (double)WHOLE;
    envelope->greatest.window = reach + envelope->attack - 1;
    envelope->greatest.mask = (1U << g_bit_storage((gulong)envelope->greatest.window)) - 1;
    envelope->greatest.held = g_new(struct held, envelope->greatest.mask + 1UL);
    for (int i = 0; i < BOXES; i++) {
        struct box *box = &envelope->boxes[i];
        box->length = rest / (BOXES - i);
        box->values = g_new0(int64_t, (gsize)box->length);
        envelope->weights *= box->length;
        rest -= box->length;
    }
    return envelope;
}

void envelope_destroy(struct envelope *envelope)
{
    if (!envelope)
        return;
    for (int i = 0; i < BOXES; i++)
        g_free(envelope->boxes[i].values);
    g_free(envelope->greatest.held);
    g_free(envelope);
}

int envelope_latency(const struct envelope *envelope)
{
    return envelope->reach - envelope->reach / 2 + envelope->attack - 2;
}

static struct held *held_at(struct greatest *greatest, unsigned index)
{
    return &greatest->held[(greatest->first + index) & greatest->mask];
}

static int64_t greatest_next(struct greatest *greatest, int64_t time, int64_t value)
{
    if (greatest->count && held_at(greatest, 0)->time <= time - greatest->window) {
        greatest->first++;
        greatest->count--;
    }
    while (greatest->count && held_at(greatest, greatest->count - 1)->value <= value)
        greatest->count--;
    *held_at(greatest, greatest->count++) = (struct held){time, value};
    return held_at(greatest, 0)->value;
}

static int64_t box_next(struct box *box, int64_t value)
{
    box->sum += value - box->values[box->at];
    box->values[box->at] = value;
    box->at = box->at + 1 < box->length ? box->at + 1 : 0;
    return box->sum;
}

double envelope_next(struct envelope *envelope, double need)
{
    int64_t asked = need < 1 ? (int64_t)ceil((1 - need) * (double)WHOLE) : 0;
    int64_t held = greatest_next(&envelope->greatest, envelope->time++, asked);
    int64_t decayed = (int64_t)((double)envelope->reduction * envelope->decay);
    envelope->reduction = MAX(held, decayed < NOTHING ? 0 : decayed);
    int64_t sum = envelope->reduction;
    for (int i = 0; i < BOXES; i++)
        sum = box_next(&envelope->boxes[i], sum);
    return 1 - (double)sum / envelope->weights;
}
