/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound as broadcasters take it: each channel in a track of its own, and silent tracks up to an
 * agreed number. */
#include "render.h"

/* Of broadcasters, where no sound says another. */
enum { USUAL_HZ = 48000 };

/* Where the silent tracks take their length from. */
static int main_sound(const struct render *render)
{
    int chosen = source_sound(render->source);
    return chosen >= 0 && shared_of(render, chosen) ? chosen : -1;
}

/* Why what comes behind has no track; caller frees. */
static char *filled(const struct branch *branch)
{
    const int tracks = branch->output->encode->audio.mono_tracks;
    return tracks == 1 ? g_strdup("there is one track of one channel, and another fills it")
                       : g_strdup_printf("there are %d tracks of one channel, and others fill them",
                                         tracks);
}

/* The last channels of a stream of which others have tracks. */
static void drop_channels(struct branch *branch, int stream, int dropped, int channels)
{
    g_autofree char *words = stream_words(branch->render->source, stream), *why = filled(branch);
    g_autofree char *what =
        g_strdup_printf("%d of the %d channels of %s", dropped, channels, words);
    const struct carried_row row = {
        .keep = KEEP_TRACKS, .stream = stream, .what = what, .fate = FATE_DROPPED, .why = why};
    branch_row(branch, &row);
}

static void drop_all(struct branch *branch, int stream)
{
    g_autofree char *why = filled(branch);
    branch_drop(branch, stream, "%s", why);
}

/* The channels of one stream, as far as there are tracks left. */
static bool add_stream(struct branch *branch, int stream, const char *codec, int *left)
{
    int channels = 1, used = 0;
    for (; used<channels && * left> 0; used++, --*left)
        if (!lane_open_channel(branch, stream, codec, used + 1, &channels))
            return false;
    if (used == 0)
        drop_all(branch, stream);
    else if (used < channels)
        drop_channels(branch, stream, channels - used, channels);
    return true;
}

static bool add_sound(struct branch *branch, int stream, const char *codec, int *left)
{
    if (shared_of(branch->render, stream))
        return add_stream(branch, stream, codec, left);
    branch_drop(branch, stream, "there is no decoder for it, and no channel of it can be copied");
    return true;
}

static bool add_silence(struct branch *branch, const char *codec)
{
    const struct encode *of = branch->output->encode;
    const struct encode_audio *encode = &of->audio;
    for (int i = 0; i < encode->mono_tracks; i++)
        if (writer_add_silence(branch->writer, of, codec,
                               encode->sample_rate ? encode->sample_rate : USUAL_HZ,
                               &branch->result->failure) < 0)
            return false;
    branch_note(branch,
                "sound in %d tracks of one channel, all of them silent: the source has none",
                encode->mono_tracks);
    return true;
}

bool branch_add_mono(struct branch *branch, const char *codec)
{
    struct render *render = branch->render;
    const int tracks = branch->output->encode->audio.mono_tracks, from = main_sound(render);
    int left = tracks, channels;
    g_autoptr(GArray) sounds = branch_sounds(branch);
    if (!sounds->len)
        return add_silence(branch, codec);
    for (guint n = 0; n < sounds->len; n++)
        if (!add_sound(branch, g_array_index(sounds, int, n), codec, &left))
            return false;
    if (from >= 0)
        branch_note(branch, "sound in %d tracks of one channel, %d of them silent", tracks, left);
    for (; from >= 0 && left > 0; left--)
        if (!lane_open_channel(branch, from, codec, 0, &channels))
            return false;
    return true;
}
