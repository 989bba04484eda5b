/* SPDX-License-Identifier: GPL-3.0-or-later
 * What counting and drawing of scopes share. */
#pragma once

#include "color/scope.h"

struct scope {
    enum scope_kind kind;
    int width, height;
    struct luma_weights weights;
    guint64 total;   /* pixels of the picture counted */
    guint32 *counts; /* width x height */
};

/* Of a colour's place: to the right and up, in pixels from the scope's middle. */
double scope_scale(const struct scope *scope);
void scope_chroma(const struct luma_weights *weights, double r, double g, double b, double *cb,
                  double *cr);
