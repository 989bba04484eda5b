/* SPDX-License-Identifier: GPL-3.0-or-later
 * `metadata`: stills. */
#include "metadata.h"
#include "steps/faces.h"

image_face metadata_image;

static bool set(struct still *still, const char *name, const char *value, struct failure *failure)
{
    return !value || still_tag(still, failure, name, *value ? value : NULL);
}

bool metadata_image(struct still *still, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    const struct metadata *metadata = params;
    if (metadata->strip && !still_strip(still, failure))
        return false;
    if (!set(still, "title", metadata->title, failure) ||
        !set(still, "artist", metadata->artist, failure) ||
        !set(still, "copyright", metadata->copyright, failure) ||
        !set(still, "description", metadata->description, failure) ||
        !set(still, "comment", metadata->comment, failure))
        return false;
    for (guint i = 0; metadata->tags && i + 1 < metadata->tags->len; i += 2)
        if (!set(still, metadata->tags->pdata[i], metadata->tags->pdata[i + 1], failure))
            return false;
    return true;
}
