/* SPDX-License-Identifier: GPL-3.0-or-later
 * Was the file whole? What the container declared against what was read. */
#include "source.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Containers round durations, and count the last packet of sound or not. */
static const double SLACK_S = 0.25, SLACK_SHARE = 0.005;

bool source_is_capture(const struct source *source)
{
    static const char *const names[] = {"mpegts", "mpeg", "mpegvideo", "h264", "hevc", NULL};
    return g_strv_contains(names, source->health.container);
}

/* Formats whose header counts the samples exactly. */
static bool counts_samples(const char *container)
{
    static const char *const names[] = {"flac", "tta", "wv", "ape", "tak", NULL};
    return g_strv_contains(names, container);
}

static double longest(double a, double b)
{
    return isnan(a) || b > a ? b : a;
}

static void account_lengths(const struct source *source, struct source_health *health)
{
    health->declared_s = health->read_s = NAN;
    for (int i = 0; i < source->count; i++) {
        const struct track *track = &source->tracks[i];
        enum AVMediaType type = track->facts.type;
        if (type != AVMEDIA_TYPE_VIDEO && type != AVMEDIA_TYPE_AUDIO)
            continue;
        double start = isnan(track->facts.start_s) ? 0 : track->facts.start_s;
        health->declared_s = longest(health->declared_s, start + track->facts.duration_s);
        health->read_s = longest(health->read_s, track->end_s);
    }
}

static void account_packets(const struct source *source, struct source_health *health)
{
    health->short_stream = -1;
    for (int i = 0; i < source->count && health->short_stream < 0 && !source->seeked; i++) {
        const struct track *track = &source->tracks[i];
        if (track->declared_packets <= track->packets + track->pairs)
            continue;
        health->short_stream = i;
        health->counted_packets = track->declared_packets;
        health->read_packets = track->packets + track->pairs;
    }
}

void source_health(const struct source *source, struct source_health *health)
{
    *health = source->health;
    health->complete = source->ended;
    account_lengths(source, health);
    account_packets(source, health);
    health->declared_samples = health->read_samples = -1;
    if (source->picture >= 0) {
        const struct track *track = &source->tracks[source->picture];
        if (track->facts.fps.num > 0)
            health->frame_s = 1 / rational_value(track->facts.fps);
        const double from_s = isnan(track->frame_s) ? track->key_s : track->frame_s;
        if (!source->seeked && !isnan(from_s))
            *(source_is_capture(source) ? &health->unseen_s : &health->lost_s) =
                fmax(0, from_s - track->packet_s);
    }
    if (source->sound >= 0 && counts_samples(health->container)) {
        const struct track *track = &source->tracks[source->sound];
        if (!isnan(track->facts.duration_s))
            health->declared_samples =
                llrint(track->facts.duration_s * track->facts.av->codecpar->sample_rate);
        if (track->use & SOURCE_DECODE && !source->seeked)
            health->read_samples = track->samples;
    }
}

/* In the midst of a Matroska libavformat passes over what it doesn't know. */
static char *packets_sentence(const struct source_health *h)
{
    if (!strstr(h->container, "matroska"))
        return g_strdup_printf("has %" PRId64 " of %" PRId64 " frames: the file is cut short",
                               h->read_packets, h->counted_packets);
    return g_strdup_printf("stream %d has %" PRId64 " of the %" PRId64
                           " packets that its tags count: the others are damaged",
                           h->short_stream, h->read_packets, h->counted_packets);
}

static char *short_sentence(const struct source_health *h)
{
    double slack = fmax(fmax(SLACK_S, h->frame_s), SLACK_SHARE * h->declared_s);
    if (h->declared_s - h->read_s > slack)
        return g_strdup_printf("ends after %.2f s of %.2f s: the file is cut short", h->read_s,
                               h->declared_s);
    if (h->short_stream >= 0)
        return packets_sentence(h);
    if (h->read_samples == 0 && h->declared_samples > 0)
        return g_strdup("nothing of the sound can be decoded");
    if (h->read_samples >= 0 && h->declared_samples > h->read_samples)
        return g_strdup_printf("has %" PRId64 " of %" PRId64 " samples: the file is cut short",
                               h->read_samples, h->declared_samples);
    return NULL;
}

static char *error_sentence(const struct source_health *h)
{
    int64_t errors = h->decode_errors + h->corrupt_packets;
    g_autofree char *where = isnan(h->first_error_s)
                                 ? g_strdup("")
                                 : g_strdup_printf(", the first at %.2f s", h->first_error_s);
    if (errors == 0)
        return g_strdup_printf("%" PRId64 " damaged frame%s concealed%s", h->corrupt_frames,
                               h->corrupt_frames == 1 ? " was" : "s were", where);
    return g_strdup_printf("%" PRId64 " error%s while decoding, %" PRId64 " frame%s damaged%s",
                           errors, errors == 1 ? "" : "s", h->corrupt_frames,
                           h->corrupt_frames == 1 ? "" : "s", where);
}

static char *beginning_sentence(const struct source_health *h)
{
    return h->lost_s > fmax(SLACK_S, h->frame_s)
               ? g_strdup_printf(
                     "the first %.2f s of the picture can't be decoded: it doesn't begin "
                     "with a key frame",
                     h->lost_s)
               : NULL;
}

bool source_damaged(const struct source_health *health, char **sentence)
{
    *sentence = NULL;
    if (health->bytes_missing > 0)
        *sentence = g_strdup_printf("cut short: the last %" PRId64 " bytes of the file are missing",
                                    health->bytes_missing);
    else if (health->complete)
        *sentence = short_sentence(health);
    if (!*sentence && health->picture)
        *sentence = g_strdup(health->picture);
    if (!*sentence)
        *sentence = beginning_sentence(health);
    if (!*sentence && health->decode_errors + health->corrupt_frames + health->corrupt_packets > 0)
        *sentence = error_sentence(health);
    return *sentence != NULL;
}
