/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the settings of an output say of its sound, before there is an encoder. */
#include "media/encoder.h"
#include "media/round_trip.h"

#include <string.h>

bool round_trip_is_lossy(const struct encode_audio *encode, const struct container *container)
{
    const struct codec *codec = codec_chosen(encode->codec, container->audio);
    return codec && codec->lossy;
}

int encoder_rate_asked(const struct encode_audio *encode, const struct container *container)
{
    bool mxf = g_str_has_prefix(container->name, "mxf");
    return encode->sample_rate || !mxf ? encode->sample_rate : 48000;
}
