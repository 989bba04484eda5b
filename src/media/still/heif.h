/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the boxes of a HEIF or AVIF say of its picture (ISO/IEC 23008-12; MIAF, ISO/IEC 23000-22):
 * properties of the primary item that libvips 8.14 doesn't hand over, and where coded pictures lie.
 * Bytes come from strangers: what points outside, or isn't understood, says nothing. */
#pragma once

#include "coding.h"

/* Fills what is said: `coding` of "colr" with "nclx" (ISO/IEC 14496-12, 12.1.5), *depth of "pixi"
 * (23008-12, 6.5.6), else of "av1C" or "hvcC": bits a component. Else both stay. */
void heif_read(int fd, struct still_coding *coding, int *depth);

/* Calls `take` with the place in the file of each piece of each coded picture (HEVC, AV1, AVC,
 * JPEG), tiles and thumbnails included, as "iloc" has them (14496-12, 8.11.3); they may lie outside
 * the file. Those within other items ("idat") aren't told. */
typedef void heif_take(int64_t from, int64_t size, void *data);
void heif_each_extent(int fd, heif_take *take, void *data);
