/* SPDX-License-Identifier: GPL-3.0-or-later
 * Saturation: each channel's own share, and the shares of all three that make grey. */
#pragma once

#include "op.h"
#include "vec.h"

/* Of what is finite; not held to anything. */
INLINED void saturate(const struct op_saturation *n, vec rgb[3])
{
    const vec grey =
        vec_fused(vec_all(n->grey[0]), rgb[0],
                  vec_fused(vec_all(n->grey[1]), rgb[1], vec_all(n->grey[2]) * rgb[2]));
    for (int c = 0; c < 3; c++)
        rgb[c] = vec_fused(vec_all(n->own), rgb[c], grey);
}
