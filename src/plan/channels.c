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
static int channels_of(const struct group *group, const struct draft *draft,
                       const struct facts *facts)
{
    const struct encode_audio *audio = &draft->written->encode->audio;
    bool set = any_sets(group->shared) || any_sets(draft->calls) || audio->mono_tracks;
    if (!(draft->need & KIND_AUDIO) || !facts->channels)
        return 0;
    return audio->channels ? audio->channels : set ? 0 : facts->channels;
}

static struct mark mark_of(const struct pipeline_output *output)
{
    const struct node *audio = node_get(output->encode, "audio");
    return audio ? audio->at : output->at;
}

static void refuse_channels(struct draft *draft, const struct pipeline_output *output, int channels)
{
    const struct codec *codec = draft->written->audio;
    const char *fewer = codec->channels < 6 ? "stereo" : "5.1";
    g_autofree char *message =
        g_strdup_printf("%s: it holds at most %d channels, and the sound has %d", codec->name,
                        codec->channels, channels);
    g_autofree char *hint =
        draft->written->encode->audio.channels
            ? g_strdup_printf("ask for %d in `encode.audio.channels`", codec->channels)
            : g_strdup_printf("put `- channels: %s` among the steps, or keep such inputs out with "
                              "`when: channels <= %d`",
                              fewer, codec->channels);
    draft_refuse(draft, mark_of(output), hint, message);
}

void channels_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct pipeline_output *output = output_at(b->plan, group->job, draft->output);
    const struct codec *codec = draft->written ? draft->written->audio : NULL;
    const struct facts *facts = group_facts(b->plan, group);
    if (!codec || !facts || draft_source(group, draft))
        return;
    const int channels = channels_of(group, draft, facts);
    if (codec->channels && channels > codec->channels)
        refuse_channels(draft, output, channels);
}
