/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bit rates that encoders of sound have. */
#include "model/encode.h"

#include <limits.h>
#include <math.h>
#include <string.h>

/* Vorbis: the rate_mapping tables of libvorbis 1.3.7, lib/modes/setup_*.h, beside which it has its
 * quality alone. Opus: what libavcodec lets through to libopus. */
static const struct reach {
    const char *codec;
    int channels; /* 0: any number */
    int from_hz, to_hz;
    double low, high; /* bit/s a channel */
} reaches[] = {
    {"vorbis", 2, 40000, 50000, 22500, 250001}, {"vorbis", 6, 40000, 70000, 14000, 240001},
    {"vorbis", 0, 40000, 50000, 32000, 240001}, {"vorbis", 2, 26000, 40000, 18000, 190000},
    {"vorbis", 0, 26000, 40000, 30000, 190000}, {"vorbis", 2, 19000, 26000, 15000, 86000},
    {"vorbis", 0, 19000, 26000, 16000, 90000},  {"vorbis", 2, 15000, 19000, 12000, 86000},
    {"vorbis", 0, 15000, 19000, 16000, 100000}, {"vorbis", 2, 9000, 15000, 8000, 44000},
    {"vorbis", 0, 9000, 15000, 12000, 50000},   {"vorbis", 2, 8000, 9000, 6000, 32000},
    {"vorbis", 0, 8000, 9000, 8000, 42000},     {"opus", 0, 1, INT_MAX, 500, 256000},
};

/* Of all channels together; `high` 0: it has none. */
struct span {
    double low, high;
};

static bool has_reach(const struct codec *codec)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(reaches); i++)
        if (!strcmp(reaches[i].codec, codec->name))
            return true;
    return false;
}

static struct span span_of(const struct codec *codec, int rate_hz, int channels)
{
    struct span span = {INFINITY, 0};
    for (unsigned i = 0; i < G_N_ELEMENTS(reaches); i++) {
        const struct reach *reach = &reaches[i];
        if (strcmp(reach->codec, codec->name) || rate_hz < reach->from_hz ||
            rate_hz > reach->to_hz || (reach->channels && reach->channels != channels))
            continue;
        span.low = MIN(span.low, reach->low * channels);
        span.high = MAX(span.high, reach->high * channels);
    }
    return span;
}

static bool fits(const struct codec *codec, const struct span *span, double bitrate)
{
    return !has_reach(codec) || (bitrate >= span->low && bitrate <= span->high);
}

double bitrate_usual(const struct codec *codec, int rate_hz, int channels)
{
    const struct span span = span_of(codec, rate_hz, channels);
    const double usual = llround(codec->bits_per_pixel) * channels;
    return fits(codec, &span, usual) ? usual : 0;
}

char *bitrate_refusal(const struct codec *codec, double bitrate, int rate_hz, int channels,
                      char **hint)
{
    const struct span span = span_of(codec, rate_hz, channels);
    g_autofree char *sound = g_strdup_printf("sound of %d Hz and %d channel%s", rate_hz, channels,
                                             channels == 1 ? "" : "s");
    *hint = NULL;
    if (isnan(bitrate) || fits(codec, &span, bitrate))
        return NULL;
    if (span.high <= 0) {
        *hint = g_strdup("leave `encode.audio.bitrate` out, and its quality decides, or ask for "
                         "`sample_rate: 48000`");
        return g_strdup_printf("%s: it has no bitrate for %s", codec->name, sound);
    }
    *hint = g_strdup_printf("ask for one of %g to %g kbit/s in `encode.audio.bitrate`, or leave it "
                            "out",
                            ceil(span.low / 1000), floor(span.high / 1000));
    return g_strdup_printf("%s: %g kbit/s is out of its reach for %s", codec->name, bitrate / 1000,
                           sound);
}
