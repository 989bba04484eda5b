/* SPDX-License-Identifier: GPL-3.0-or-later
 * What those that scale stills by zimg share: its filters by name, and memory as it wants it. */
#pragma once

#include <glib.h>
#include <zimg.h>

/* Of `kernel` of still_resize(). */
zimg_resample_filter_e zimg_filter(const char *kernel);
/* zimg's last error becomes libvips', if it has words for it. */
void zimg_words(void);

/* Aligned; freed by g_aligned_free(). */
void *rows_memory(gsize bytes);
/* Of one plane: `bytes` a row, as many rows at once as zimg's `count` asks for of a picture's
 * `height`; zimg 3.0.4 reads up to 64 bytes behind the last (weighted by 0), and may. */
void rows_make(zimg_image_buffer *rows, int plane, gsize bytes, gsize height, unsigned count);
void rows_free(zimg_image_buffer *rows);
void *rows_at(const zimg_image_buffer *rows, int plane, unsigned y);
zimg_image_buffer_const rows_read_only(const zimg_image_buffer *rows);
