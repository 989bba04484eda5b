/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tags of FLV (Adobe Flash Video File Format Specification 10.1, E.3 and E.4.1): before each stands
 * how long the one before it is. */
#pragma once

#include <stdint.h>

/* The byte where the tag begins from which so many of pictures, or all there are, come up to the
 * file's end; -1 where it doesn't end in tags, or they are too far from there. */
int64_t flv_last_pictures(int fd, int64_t size, int pictures);
