/* SPDX-License-Identifier: GPL-3.0-or-later
 * For tests of the meter. */
#include "meter_help.h"

enum { PIECE = 4800, RATE_MOST = 192000 };

struct feed feed_open(const char *layout, int rate)
{
    struct failure failure = {FAIL_NONE, NULL};
    AVChannelLayout parsed = {0};
    g_assert_cmpint(av_channel_layout_from_string(&parsed, layout), ==, 0);
    struct feed feed = {loudness_meter_create(rate, &parsed, &failure), rate, parsed.nb_channels,
                        0};
    g_assert_nonnull(feed.meter);
    av_channel_layout_uninit(&parsed);
    return feed;
}

double amplitude_of(double db)
{
    return pow(10, db / 20);
}

/* A second of the tone at a rate. */
static const float *tone_at(int rate)
{
    static float tone[RATE_MOST];
    static int made;
    for (int i = 0; made != rate && i < rate; i++)
        tone[i] = (float)sin(2 * G_PI * 1000 * i / rate);
    made = rate;
    return tone;
}

void feed_tone(struct feed *feed, double seconds, const double *levels)
{
    static float samples[CHANNELS_MOST][PIECE];
    const float *channel[CHANNELS_MOST], *tone = tone_at(feed->rate);
    int64_t end = feed->at + llround(seconds * feed->rate);
    for (int count; feed->at < end; feed->at += count) {
        count = (int)MIN(end - feed->at, PIECE);
        for (int c = 0; c < feed->channels; c++) {
            float amplitude = (float)amplitude_of(levels[c]);
            for (int i = 0; i < count; i++)
                samples[c][i] = amplitude * tone[(feed->at + i) % feed->rate];
            channel[c] = samples[c];
        }
        g_assert_true(loudness_meter_feed(feed->meter, channel, count, NULL));
    }
}

void feed_part(struct feed *feed, struct part part)
{
    double levels[CHANNELS_MOST];
    for (int c = 0; c < feed->channels; c++)
        levels[c] = part.dbfs;
    feed_tone(feed, part.seconds, levels);
}

struct loudness feed_close(struct feed *feed)
{
    struct loudness read;
    loudness_meter_read(feed->meter, &read);
    read.gated = NULL;
    loudness_meter_destroy(feed->meter);
    return read;
}

struct loudness heard(const struct part *parts, int count, int times, int rate)
{
    struct feed feed = feed_open("stereo", rate);
    for (int i = 0; i < count * times; i++)
        feed_part(&feed, parts[i % count]);
    return feed_close(&feed);
}
