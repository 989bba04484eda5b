/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound of more channels than its codec holds, where nothing among the steps changes their number.
 */
#include "build.h"

static bool any_sets(const GPtrArray *calls)
{
    for (guint i = 0; i < calls->len; i++)
        if (((const struct call *)calls->pdata[i])->step->sets_channels)
            return true;
    return false;
}

/* As many as come to the encoder; 0: that isn't known. */
static int channels_of(const struct builder *b, const struct group *group,
                       const struct draft *draft)
{
    const struct encode_audio *audio = &draft->written->encode->audio;
    const struct facts *facts = group_facts(b->plan, group);
    bool set = any_sets(group->shared) || any_sets(draft->calls) || audio->mono_tracks;
    if (!facts || draft_source(group, draft) || !(draft->need & KIND_AUDIO) || set)
        return 0;
    return audio->channels ? audio->channels : facts->channels;
}

void channels_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct pipeline_output *output = output_at(b->plan, group->job, draft->output);
    const struct codec *codec = draft->written ? draft->written->audio : NULL;
    const int channels = codec && codec->channels ? channels_of(b, group, draft) : 0;
    if (!codec || channels <= codec->channels)
        return;
    const struct node *audio = node_get(output->encode, "audio");
    g_autofree char *message =
        g_strdup_printf("%s: it holds at most %d channels, and the sound has "
                        "%d",
                        codec->name, codec->channels, channels);
    g_autofree char *hint = g_strdup_printf(
        "put `- channels: %s` among the steps, or keep such inputs out with `when: channels <= %d`",
        codec->channels < 6 ? "stereo` or `- channels: mono" : "5.1", codec->channels);
    draft_refuse(draft, audio ? audio->at : output->at, hint, message);
}
