/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a Matroska: its elements are walked, and none reaches behind the file. */
#include "source/matroska.h"
#include "source/source.h"

#include "on_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = on_file(data, size);
    struct ebml tracks;
    if (matroska_find_tracks(fd, &tracks))
        g_assert(tracks.start <= tracks.end && tracks.end <= (int64_t)size);
    g_assert(container_bytes_missing(fd, (int64_t)size, "matroska,webm") >= -1);
    struct matroska_made made = matroska_made(fd);
    matroska_made_clear(&made);
    g_autoptr(GArray) read = matroska_tracks(fd);
    for (guint i = 0; i < read->len; i++) {
        const struct source_crop *crop = &g_array_index(read, struct matroska_track, i).crop;
        g_assert(crop->left >= 0 && crop->left + crop->right >= 0);
    }
    return 0;
}
