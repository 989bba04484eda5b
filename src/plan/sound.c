/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that an output doesn't hold: of more channels than its codec does, where nothing among the
 * steps changes their number; at a bitrate that it hasn't; or copied with another rate than its
 * container's. */
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

static void check_channels(const struct group *group, struct draft *draft,
                           const struct pipeline_output *output, const struct facts *facts)
{
    const struct codec *codec = draft->written->audio;
    if (codec && codec->channels && channels_of(group, draft, facts) > codec->channels)
        refuse_channels(draft, output, channels_of(group, draft, facts));
}

static bool any_resamples(const GPtrArray *calls)
{
    for (guint i = 0; i < calls->len; i++)
        if (!strcmp(((const struct call *)calls->pdata[i])->step->name, "resample"))
            return true;
    return false;
}

/* That comes to the encoder; 0: that isn't known. */
static int rate_of(const struct group *group, const struct draft *draft,
                   const struct pipeline_output *output, const struct facts *facts)
{
    const struct container *container = container_by_name(output->container);
    const int asked_hz = draft->written->encode->audio.sample_rate;
    const bool set = any_resamples(group->shared) || any_resamples(draft->calls);
    if (asked_hz)
        return asked_hz;
    if (container && container->sample_rate)
        return container->sample_rate;
    return set ? 0 : facts->sample_rate;
}

static void check_bitrate(const struct group *group, struct draft *draft,
                          const struct pipeline_output *output, const struct facts *facts)
{
    const struct codec *codec = draft->written->audio;
    const int channels = channels_of(group, draft, facts);
    const int rate_hz = rate_of(group, draft, output, facts);
    if (!codec || !channels || !rate_hz)
        return;
    g_autofree char *hint = NULL;
    g_autofree char *message =
        bitrate_refusal(codec, draft->written->encode->audio.bitrate, rate_hz, channels, &hint);
    if (message)
        draft_refuse(draft, mark_of(output), hint, message);
}

static void check_copied_rate(struct draft *draft, const struct pipeline_output *output,
                              const struct facts *facts)
{
    const struct container *container = container_by_name(output->container);
    const int rate_hz = draft->written->copies_audio && container ? container->sample_rate : 0;
    if (!rate_hz || !facts->sample_rate || facts->sample_rate == rate_hz)
        return;
    g_autofree char *message =
        g_strdup_printf("%s holds sound of %d Hz alone, and the sound to copy has %d Hz",
                        container->name, rate_hz, facts->sample_rate);
    g_autofree char *hint =
        g_strdup_printf("name a codec (%s) instead of `copy`, which resamples it, or keep such "
                        "inputs out with `when: sample_rate == %d`",
                        container->audio, rate_hz);
    draft_refuse(draft, mark_of(output), hint, message);
}

void sound_of_draft(const struct builder *b, const struct group *group, struct draft *draft)
{
    const struct pipeline_output *output = output_at(b->plan, group->job, draft->output);
    const struct facts *facts = group_facts(b->plan, group);
    if (!draft->written || !facts || draft_source(group, draft))
        return;
    check_channels(group, draft, output, facts);
    check_bitrate(group, draft, output, facts);
    check_copied_rate(draft, output, facts);
}
