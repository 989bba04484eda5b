/* SPDX-License-Identifier: GPL-3.0-or-later
 * What muxers write in memory, as files of a bundle. */
#include "../chain/private.h"
#include "private.h"

#include <errno.h>

bool package_add(struct bundle_writer *bundle, const char *name, const void *data, size_t length,
                 struct failure *failure)
{
    return bundle_add(bundle, name, data, length) ||
           fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(errno));
}

bool package_put(AVFormatContext *mux, struct bundle_writer *bundle, const char *name,
                 int64_t *bytes, struct failure *failure)
{
    uint8_t *data = NULL;
    avio_flush(mux->pb);
    const int error = mux->pb->error;
    const int length = avio_close_dyn_buf(mux->pb, &data);
    mux->pb = NULL;
    *bytes = length;
    bool added = error < 0 ? fail_av(failure, FAIL_MEMORY, error, "packing %s", name)
                           : package_add(bundle, name, data, (size_t)length, failure);
    av_free(data);
    return added;
}

void package_drop(AVFormatContext *mux)
{
    uint8_t *data = NULL;
    if (mux && mux->pb)
        avio_close_dyn_buf(mux->pb, &data);
    if (mux)
        mux->pb = NULL;
    av_free(data);
    avformat_free_context(mux);
}
