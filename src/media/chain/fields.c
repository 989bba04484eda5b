/* SPDX-License-Identifier: GPL-3.0-or-later
 * Pictures stored as two fields: which one comes first. */
#include "private.h"

/* The same picture with as much chroma as it has rows: a shift by one row is the same for all. */
static bool unpair_rows(struct chain *chain, struct failure *failure)
{
    if (!chain_plain(chain, failure))
        return false;
    const struct video_shape *shape = &chain->video;
    if (!shape->chroma_h)
        return true;
    return chain_format(chain, failure,
                        shape->depth > 12   ? "yuv422p16le"
                        : shape->depth > 10 ? "yuv422p12le"
                        : shape->depth > 8  ? "yuv422p10le"
                                            : "yuv422p");
}

/* The picture moves by one row, so that the field that was second is still second in time. */
static bool swap_order(struct chain *chain, struct failure *failure, bool top_first)
{
    chain_note(chain, "field order changed to %s first: the picture moves by one row",
               top_first ? "top" : "bottom");
    return unpair_rows(chain, failure) &&
           chain_filter(chain, failure, "setfield", "mode",
                        chain->video.top_field_first ? "tff" : "bff", NULL) &&
           chain_filter(chain, failure, "fieldorder", "order", top_first ? "tff" : "bff", NULL);
}

bool chain_fields(struct chain *chain, struct failure *failure, bool top_first)
{
    struct video_shape *shape = &chain->video;
    if (!shape->interlaced)
        chain_note(chain, "whole frames stored as fields, %s first (segmented frames)",
                   top_first ? "top" : "bottom");
    else if (shape->top_field_first != top_first && !swap_order(chain, failure, top_first))
        return false;
    chain->stepped = true;
    shape->interlaced = true;
    shape->top_field_first = top_first;
    return true;
}
