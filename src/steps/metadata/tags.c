/* SPDX-License-Identifier: GPL-3.0-or-later
 * `metadata`: of files with picture and sound. Both faces say the same, so that it doesn't matter
 * which of them an output has. */
#include "metadata.h"
#include "steps/faces.h"

video_face metadata_video;
audio_face metadata_audio;

/* An empty text removes. */
static void set_tag(const struct face_env *env, const char *key, const char *value)
{
    face_tag(env, key, *value ? value : NULL);
}

static void set_tags(const struct metadata *metadata, const struct face_env *env)
{
    const struct {
        const char *key, *value;
    } named[] = {{"title", metadata->title},
                 {"artist", metadata->artist},
                 {"copyright", metadata->copyright},
                 {"description", metadata->description},
                 {"comment", metadata->comment}};
    if (metadata->strip)
        face_tag(env, "*", NULL); /* all that the source says */
    for (unsigned i = 0; i < G_N_ELEMENTS(named); i++)
        if (named[i].value)
            set_tag(env, named[i].key, named[i].value);
    for (unsigned i = 0; metadata->tags && i + 1 < metadata->tags->len; i += 2)
        set_tag(env, metadata->tags->pdata[i], metadata->tags->pdata[i + 1]);
}

bool metadata_video(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    set_tags(params, env);
    return true;
}

bool metadata_audio(struct chain *chain, const void *params, const struct face_env *env,
                    struct failure *failure)
{
    set_tags(params, env);
    return true;
}
