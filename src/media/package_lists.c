/* SPDX-License-Identifier: GPL-3.0-or-later
 * What players read first: playlists and the manifest. */
#include "package_private.h"

#include <inttypes.h>
#include <math.h>

double rendition_seconds(const struct rendition *rendition, int64_t ticks)
{
    return (double)ticks * av_q2d(rendition->time_base);
}

static const struct segment *segment_at(const struct rendition *rendition, guint index)
{
    return &g_array_index(rendition->segments, struct segment, index);
}

static double longest(const struct rendition *rendition)
{
    double most = 0;
    for (guint i = 0; i < rendition->segments->len; i++)
        most = fmax(most, rendition_seconds(rendition, segment_at(rendition, i)->duration));
    return most;
}

static double total(const struct rendition *rendition, int64_t *bytes)
{
    double seconds = 0;
    *bytes = 0;
    for (guint i = 0; i < rendition->segments->len; i++) {
        const struct segment *segment = segment_at(rendition, i);
        seconds += rendition_seconds(rendition, segment->duration);
        *bytes += segment->bytes;
    }
    return seconds;
}

int64_t rendition_mean(const struct rendition *rendition)
{
    int64_t bytes;
    double seconds = total(rendition, &bytes);
    return seconds > 0 ? (int64_t)ceil(8 * (double)bytes / seconds) : 0;
}

int64_t rendition_peak(const struct rendition *rendition)
{
    const double target = longest(rendition);
    int64_t peak = rendition_mean(rendition);
    for (guint from = 0; from < rendition->segments->len; from++) {
        double seconds = 0, bytes = 0;
        for (guint i = from; i < rendition->segments->len; i++) {
            seconds += rendition_seconds(rendition, segment_at(rendition, i)->duration);
            bytes += (double)segment_at(rendition, i)->bytes;
            if (seconds > 1.5 * target)
                break;
            if (seconds >= 0.5 * target)
                peak = MAX(peak, (int64_t)ceil(8 * bytes / seconds));
        }
    }
    return peak;
}

char *rendition_codec(const struct rendition *rendition)
{
    const AVCodecParameters *par = rendition->par;
    const uint8_t *extra = par->extradata;
    if (par->codec_id == AV_CODEC_ID_H264 && par->extradata_size >= 4 && extra[0] == 1)
        return g_strdup_printf("avc1.%02x%02x%02x", extra[1], extra[2], extra[3]);
    int object = par->profile >= 0 ? par->profile + 1 : 2; /* libavcodec counts from 0 */
    return par->codec_id == AV_CODEC_ID_AAC ? g_strdup_printf("mp4a.40.%d", object) : NULL;
}

char *hls_media(const struct rendition *rendition)
{
    GString *out = g_string_new("#EXTM3U\n#EXT-X-VERSION:7\n");
    g_string_append_printf(out, "#EXT-X-TARGETDURATION:%ld\n", MAX(1, lround(longest(rendition))));
    g_string_append(out, "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    g_string_append_printf(out, "#EXT-X-MAP:URI=\"%s_init.mp4\"\n", rendition->id);
    for (guint i = 0; i < rendition->segments->len; i++)
        g_string_append_printf(out, "#EXTINF:%.6f,\n%s_%05u.m4s\n",
                               rendition_seconds(rendition, segment_at(rendition, i)->duration),
                               rendition->id, i + 1);
    g_string_append(out, "#EXT-X-ENDLIST\n");
    return g_string_free(out, FALSE);
}

static void add_rung(GString *out, const struct rendition *rung, const struct rendition *sound)
{
    g_autofree char *codec = rendition_codec(rung);
    g_autofree char *with = sound ? rendition_codec(sound) : NULL;
    int64_t peak = rendition_peak(rung) + (sound ? rendition_peak(sound) : 0);
    int64_t mean = rendition_mean(rung) + (sound ? rendition_mean(sound) : 0);
    g_string_append_printf(out,
                           "#EXT-X-STREAM-INF:BANDWIDTH=%" PRId64 ",AVERAGE-BANDWIDTH=%" PRId64
                           ",CODECS=\"%s%s%s\",RESOLUTION=%dx%d,FRAME-RATE=%.3f%s\n%s.m3u8\n",
                           peak, mean, codec, sound ? "," : "", sound ? with : "", rung->par->width,
                           rung->par->height, av_q2d(rung->fps), sound ? ",AUDIO=\"sound\"" : "",
                           rung->id);
}

char *hls_master(const GPtrArray *rungs, const struct rendition *sound)
{
    GString *out = g_string_new("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    if (sound)
        g_string_append_printf(out,
                               "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"sound\",NAME=\"Main\","
                               "DEFAULT=YES,AUTOSELECT=YES,CHANNELS=\"%d\",URI=\"%s.m3u8\"\n",
                               sound->par->ch_layout.nb_channels, sound->id);
    for (guint i = 0; i < rungs->len; i++)
        add_rung(out, rungs->pdata[i], sound);
    return g_string_free(out, FALSE);
}

/* --- DASH --- */

static void add_timeline(GString *out, const struct rendition *rendition)
{
    g_string_append_printf(
        out,
        "      <SegmentTemplate timescale=\"%d\" presentationTimeOffset=\"%" PRId64
        "\" initialization=\"$RepresentationID$_init.mp4\" "
        "media=\"$RepresentationID$_$Number%%05d$.m4s\" startNumber=\"1\">\n"
        "        <SegmentTimeline>\n",
        rendition->time_base.den, rendition->offset);
    for (guint i = 0; i < rendition->segments->len; i++)
        g_string_append_printf(out, "          <S t=\"%" PRId64 "\" d=\"%" PRId64 "\"/>\n",
                               segment_at(rendition, i)->start, segment_at(rendition, i)->duration);
    g_string_append(out, "        </SegmentTimeline>\n      </SegmentTemplate>\n");
}

static void add_picture(GString *out, const struct rendition *rung)
{
    g_autofree char *codec = rendition_codec(rung);
    g_string_append_printf(out,
                           "      <Representation id=\"%s\" bandwidth=\"%" PRId64
                           "\" codecs=\"%s\" width=\"%d\" height=\"%d\" frameRate=\"%d/%d\">\n",
                           rung->id, rendition_peak(rung), codec, rung->par->width,
                           rung->par->height, rung->fps.num, rung->fps.den);
    add_timeline(out, rung);
    g_string_append(out, "      </Representation>\n");
}

static void add_sound(GString *out, const struct rendition *sound)
{
    g_autofree char *codec = rendition_codec(sound);
    g_string_append_printf(
        out,
        "    <AdaptationSet contentType=\"audio\" mimeType=\"audio/mp4\" "
        "segmentAlignment=\"true\" startWithSAP=\"1\">\n"
        "      <Representation id=\"%s\" bandwidth=\"%" PRId64
        "\" codecs=\"%s\" audioSamplingRate=\"%d\">\n"
        "      <AudioChannelConfiguration "
        "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"%d\"/>\n",
        sound->id, rendition_peak(sound), codec, sound->par->sample_rate,
        sound->par->ch_layout.nb_channels);
    add_timeline(out, sound);
    g_string_append(out, "      </Representation>\n    </AdaptationSet>\n");
}

char *dash_manifest(const GPtrArray *rungs, const struct rendition *sound)
{
    int64_t bytes;
    double seconds = total(rungs->pdata[0], &bytes);
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(out,
                           "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
                           "profiles=\"urn:mpeg:dash:profile:isoff-live:2011,"
                           "urn:mpeg:dash:profile:cmaf:2019\" "
                           "mediaPresentationDuration=\"PT%.3fS\" minBufferTime=\"PT%.3fS\">\n"
                           "  <Period id=\"0\" start=\"PT0S\">\n"
                           "    <AdaptationSet contentType=\"video\" mimeType=\"video/mp4\" "
                           "segmentAlignment=\"true\" startWithSAP=\"1\">\n",
                           seconds, longest(rungs->pdata[0]));
    for (guint i = 0; i < rungs->len; i++)
        add_picture(out, rungs->pdata[i]);
    g_string_append(out, "    </AdaptationSet>\n");
    if (sound)
        add_sound(out, sound);
    g_string_append(out, "  </Period>\n</MPD>\n");
    return g_string_free(out, FALSE);
}
