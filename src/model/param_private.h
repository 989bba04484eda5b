/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of param share. */
#pragma once

#include "model/param.h"

/* A row's field, typed at the call. */
#define PARAM_AT(row, data, T) ((T *)((char *)(data) + (row)->offset))
#define PARAM_OF(row, data, T) ((const T *)((const char *)(data) + (row)->offset))

static inline bool param_limited(const struct param *row)
{
    return row->min < row->max;
}

/* NULL-terminated names of the rows; caller frees the array only. */
const char **param_names(const struct params *table);
const struct param *param_find(const struct params *table, const char *name);

extern const char color_names[]; /* "black white …", for messages */
bool color_parse(const char *text, struct rgba *out);
char *color_text(struct rgba color);
