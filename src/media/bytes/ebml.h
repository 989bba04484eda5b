/* SPDX-License-Identifier: GPL-3.0-or-later
 * Elements of EBML (RFC 8794), of which Matroska and WebM are made, in a file, by their ids. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct ebml {
    uint32_t id;        /* with its marker: 0x1654AE6B */
    int64_t start, end; /* of its body; EBML_ENDLESS: it has no size */
};
#define EBML_ENDLESS INT64_MAX

/* The element at `from`, whose head is before `end`; its body may reach behind that. */
bool ebml_read(int fd, int64_t from, int64_t end, struct ebml *element);
/* The first element of this id among those between `from` and `end`, where the last one ends. */
bool ebml_find(int fd, int64_t from, int64_t end, uint32_t id, struct ebml *element);
/* The value of an unsigned integer; 0 for what is none. */
uint64_t ebml_number(int fd, const struct ebml *element);
/* The value of a string; NULL for one of more than a MiB. Caller frees. */
char *ebml_text(int fd, const struct ebml *element);
