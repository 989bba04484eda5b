/* SPDX-License-Identifier: GPL-3.0-or-later
 * Smart cuts: a picture that is copied, and encoded all the same. */
#include "build.h"

#include <string.h>

static bool any_smart(const GPtrArray *calls)
{
    for (guint i = 0; i < calls->len; i++) {
        const struct call *call = calls->pdata[i];
        if (!strcmp(call->step->name, "trim") &&
            !g_strcmp0(node_get_text(call->params, "smart"), "true"))
            return true;
    }
    return false;
}

/* Of the file that a draft makes; NULL: of the input. */
static const char *codec_of(const struct builder *b, const struct group *group,
                            const struct draft *draft)
{
    if (!draft)
        return group_facts(b->plan, group)->codec;
    if (!draft->written)
        return NULL;
    if (draft->written->copies_video)
        return codec_of(b, group, draft_source(group, draft));
    return draft->written->video ? draft->written->video->name : NULL;
}

const struct codec *smart_codec(const struct builder *b, const struct group *group,
                                const struct draft *draft)
{
    const struct draft *source = draft_source(group, draft);
    bool smart = any_smart(draft->calls) || (!source && any_smart(group->shared));
    bool copied = draft->written->has_video && draft->written->copies_video;
    return smart && copied ? codec_find(codec_of(b, group, source)) : NULL;
}
