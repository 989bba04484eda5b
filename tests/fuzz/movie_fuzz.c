/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a MOV: its boxes are walked, and no time in them overflows. */
#include "source/mov_lengths.h"
#include "source/source.h"

#include "on_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { TRACKS = 4 };
    int fd = on_file(data, size);
    mov_data_elsewhere(fd, (int64_t)size);
    g_assert(container_bytes_missing(fd, (int64_t)size, "mov,mp4,m4a,3gp,3g2,mj2") >= -1);
    for (int id = 0; id < TRACKS; id++) {
        struct mov_last last;
        mov_last_packet(fd, (int64_t)size, id, &last);
        g_autoptr(GArray) lengths = mov_lengths(fd, (int64_t)size, id);
        g_assert(mov_length_at(lengths, 0) >= 0);
        g_assert(last.samples >= 0 && last.lasts <= UINT32_MAX && last.lasts > -INT64_MAX / 2);
    }
    return 0;
}
