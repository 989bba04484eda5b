/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the settings of an output say of its sound, before there is an encoder. */
#include "media/encoder.h"
#include "media/round_trip.h"

bool round_trip_is_lossy(const struct encode_audio *encode, const struct container *container)
{
    const struct codec *codec = codec_chosen(encode->codec, container->audio);
    return codec && codec->lossy;
}

int encoder_rate_asked(const struct encode_audio *encode, const struct container *container)
{
    return encode->sample_rate ? encode->sample_rate : container->sample_rate;
}
