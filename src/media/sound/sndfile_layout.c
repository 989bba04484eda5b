/* SPDX-License-Identifier: GPL-3.0-or-later
 * Channels: libsndfile's names and libav's, the order in the file and libav's order. */
#include "sndfile_private.h"

#include <string.h>

static const struct {
    int file;
    enum AVChannel channel;
} rows[] = {
    {SF_CHANNEL_MAP_MONO, AV_CHAN_FRONT_CENTER},
    {SF_CHANNEL_MAP_CENTER, AV_CHAN_FRONT_CENTER},
    {SF_CHANNEL_MAP_FRONT_CENTER, AV_CHAN_FRONT_CENTER},
    {SF_CHANNEL_MAP_LEFT, AV_CHAN_FRONT_LEFT},
    {SF_CHANNEL_MAP_FRONT_LEFT, AV_CHAN_FRONT_LEFT},
    {SF_CHANNEL_MAP_RIGHT, AV_CHAN_FRONT_RIGHT},
    {SF_CHANNEL_MAP_FRONT_RIGHT, AV_CHAN_FRONT_RIGHT},
    {SF_CHANNEL_MAP_LFE, AV_CHAN_LOW_FREQUENCY},
    {SF_CHANNEL_MAP_REAR_LEFT, AV_CHAN_BACK_LEFT},
    {SF_CHANNEL_MAP_REAR_RIGHT, AV_CHAN_BACK_RIGHT},
    {SF_CHANNEL_MAP_REAR_CENTER, AV_CHAN_BACK_CENTER},
    {SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER, AV_CHAN_FRONT_LEFT_OF_CENTER},
    {SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER, AV_CHAN_FRONT_RIGHT_OF_CENTER},
    {SF_CHANNEL_MAP_SIDE_LEFT, AV_CHAN_SIDE_LEFT},
    {SF_CHANNEL_MAP_SIDE_RIGHT, AV_CHAN_SIDE_RIGHT},
    {SF_CHANNEL_MAP_TOP_CENTER, AV_CHAN_TOP_CENTER},
    {SF_CHANNEL_MAP_TOP_FRONT_LEFT, AV_CHAN_TOP_FRONT_LEFT},
    {SF_CHANNEL_MAP_TOP_FRONT_RIGHT, AV_CHAN_TOP_FRONT_RIGHT},
    {SF_CHANNEL_MAP_TOP_FRONT_CENTER, AV_CHAN_TOP_FRONT_CENTER},
    {SF_CHANNEL_MAP_TOP_REAR_LEFT, AV_CHAN_TOP_BACK_LEFT},
    {SF_CHANNEL_MAP_TOP_REAR_RIGHT, AV_CHAN_TOP_BACK_RIGHT},
    {SF_CHANNEL_MAP_TOP_REAR_CENTER, AV_CHAN_TOP_BACK_CENTER},
};

static enum AVChannel channel_of(int file)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (rows[i].file == file)
            return rows[i].channel;
    return AV_CHAN_NONE;
}

/* RFC 9639 §9.1.3; libsndfile gives no map for it. */
static const char *flac_layout(const SF_INFO *info)
{
    static const char *const flac[] = {"mono", "stereo", "3.0", "quad", "5.0", "5.1", "6.1", "7.1"};
    bool is_flac = (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
    return is_flac && info->channels <= (int)G_N_ELEMENTS(flac) ? flac[info->channels - 1] : NULL;
}

/* What a count of channels means where the file doesn't say. */
static void usual(const SF_INFO *info, AVChannelLayout *layout)
{
    const char *flac = flac_layout(info);
    if (!flac || av_channel_layout_from_string(layout, flac) < 0)
        av_channel_layout_default(layout, info->channels);
}

bool sound_layout_read(SNDFILE *file, const SF_INFO *info, AVChannelLayout *layout,
                       int place[SOUND_CHANNELS_MAX])
{
    int map[SOUND_CHANNELS_MAX] = {0};
    uint64_t mask = 0;
    for (int i = 0; i < info->channels; i++)
        place[i] = i;
    bool known = sf_command(file, SFC_GET_CHANNEL_MAP_INFO, map,
                            info->channels * (int)sizeof map[0]) == SF_TRUE;
    for (int i = 0; known && i < info->channels; i++) {
        enum AVChannel channel = channel_of(map[i]);
        known = channel != AV_CHAN_NONE && !(mask >> channel & 1);
        if (known)
            mask |= UINT64_C(1) << channel;
    }
    if (!known || av_channel_layout_from_mask(layout, mask) < 0) {
        usual(info, layout);
        return flac_layout(info) != NULL;
    }
    for (int i = 0; i < info->channels; i++)
        place[av_channel_layout_index_from_channel(layout, channel_of(map[i]))] = i;
    return true;
}

static bool write_map(SNDFILE *file, const AVChannelLayout *layout)
{
    int map[SOUND_CHANNELS_MAX] = {0};
    for (int i = 0; i < layout->nb_channels; i++) {
        enum AVChannel channel = av_channel_layout_channel_from_index(layout, (unsigned)i);
        unsigned row = 0;
        while (row < G_N_ELEMENTS(rows) && rows[row].channel != channel)
            row++;
        if (row == G_N_ELEMENTS(rows))
            return false;
        map[i] = rows[row].file;
    }
    return sf_command(file, SFC_SET_CHANNEL_MAP_INFO, map,
                      layout->nb_channels * (int)sizeof map[0]) == SF_TRUE;
}

/* Surround channels may be called those of the side or of the back. */
static bool is_the_same(const char *layout, const char *read)
{
    return strcmp(layout, read) == 0 || (strncmp(layout, read, strlen(read)) == 0 &&
                                         strcmp(layout + strlen(read), "(side)") == 0);
}

void sound_layout_write(SNDFILE *file, const SF_INFO *info, struct chain *chain)
{
    const char *layout = chain_sound(chain)->layout, *flac = flac_layout(info);
    AVChannelLayout places = {0};
    if (info->channels <= 2 || (flac && is_the_same(layout, flac)))
        return;
    bool known = av_channel_layout_from_string(&places, layout) >= 0 &&
                 places.order == AV_CHANNEL_ORDER_NATIVE;
    if (flac)
        chain_note(chain, "FLAC has no name for the layout %s: it is read as %s", layout, flac);
    else if (known && !write_map(file, &places))
        chain_note(chain,
                   "dropped: the names of the channels (%s): this format has no place for "
                   "them",
                   layout);
    av_channel_layout_uninit(&places);
}
