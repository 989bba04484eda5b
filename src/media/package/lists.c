/* SPDX-License-Identifier: GPL-3.0-or-later
 * What players read first: playlists and the manifest. */
#include "base/language.h"
#include "private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void add_segment(GString *out, const struct rendition *rendition, guint index)
{
    g_autofree char *name = rendition_file(rendition, index + 1);
    g_string_append_printf(
        out, "#EXTINF:%.6f,\n%s\n",
        rendition_seconds(rendition, rendition_segment(rendition, index)->duration), name);
}

char *hls_media(const struct rendition *rendition)
{
    GString *out = g_string_new("#EXTM3U\n#EXT-X-VERSION:7\n");
    g_string_append_printf(out, "#EXT-X-TARGETDURATION:%ld\n",
                           MAX(1, lround(rendition_longest(rendition))));
    g_string_append(out, "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    if (!rendition_is_text(rendition))
        g_string_append_printf(out, "#EXT-X-MAP:URI=\"%s_init.mp4\"\n", rendition->id);
    for (guint i = 0; i < rendition->segments->len; i++)
        add_segment(out, rendition, i);
    g_string_append(out, "#EXT-X-ENDLIST\n");
    return g_string_free(out, FALSE);
}

/* The highest of a group that a rung may be played with. */
static int64_t most(const GPtrArray *group, int64_t (*rate)(const struct rendition *))
{
    int64_t highest = 0;
    for (guint i = 0; i < group->len; i++)
        highest = MAX(highest, rate(group->pdata[i]));
    return highest;
}

/* Each once: "avc1.64001e,mp4a.40.2". */
static char *codecs_of(const struct rendition *rung, const GPtrArray *sounds)
{
    g_autoptr(GPtrArray) words = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(words, rendition_codec(rung));
    for (guint i = 0; i < sounds->len; i++) {
        g_autofree char *codec = rendition_codec(sounds->pdata[i]);
        if (!g_ptr_array_find_with_equal_func(words, codec, g_str_equal, NULL))
            g_ptr_array_add(words, g_steal_pointer(&codec));
    }
    g_ptr_array_add(words, NULL);
    return g_strjoinv(",", (char **)words->pdata);
}

static int64_t together(const struct rendition *rung, const struct renditions *all,
                        int64_t (*rate)(const struct rendition *))
{
    return rate(rung) + most(all->sounds, rate) + most(all->texts, rate);
}

static void add_rung(GString *out, const struct rendition *rung, const struct renditions *all)
{
    g_autofree char *names = codecs_of(rung, all->sounds);
    g_string_append_printf(out,
                           "#EXT-X-STREAM-INF:BANDWIDTH=%" PRId64 ",AVERAGE-BANDWIDTH=%" PRId64
                           ",CODECS=\"%s\",RESOLUTION=%dx%d,FRAME-RATE=%.3f%s%s\n%s.m3u8\n",
                           together(rung, all, rendition_peak), together(rung, all, rendition_mean),
                           names, rung->par->width, rung->par->height, av_q2d(rung->fps),
                           all->sounds->len ? ",AUDIO=\"sound\"" : "",
                           all->texts->len ? ",SUBTITLES=\"text\"" : "", rung->id);
}

/* By its language; each of a group has another name (RFC 8216, 4.3.4.1.1). Caller frees. */
static char *name_of(const GPtrArray *group, guint index)
{
    const struct rendition *own = group->pdata[index];
    const char *tag = language_tag(own->language);
    guint before = 0;
    for (guint i = 0; i < index; i++)
        before += g_strcmp0(((struct rendition *)group->pdata[i])->language, own->language) == 0;
    const char *base = tag ? tag : rendition_is_sound(own) ? "Main" : "Subtitles";
    return before ? g_strdup_printf("%s %u", base, before + 1) : g_strdup(base);
}

static char *marks_of(const struct rendition *rendition)
{
    GString *out = g_string_new(NULL);
    unsigned at = 0;
    for (const char *mark; (mark = rendition_mark(rendition, true, &at));)
        g_string_append_printf(out, "%s,", mark);
    return g_string_free(out, FALSE);
}

/* A player may choose by the language of its system and by what is asked of it: what has a language
 * and is the first of that language for that (4.3.4.1.1). */
static bool is_distinct(const GPtrArray *group, guint index, const char *marks)
{
    const struct rendition *own = group->pdata[index];
    for (guint i = 0; i < index; i++) {
        const struct rendition *other = group->pdata[i];
        g_autofree char *others = marks_of(other);
        if (g_strcmp0(other->language, own->language) == 0 && strcmp(others, marks) == 0)
            return false;
    }
    return own->language;
}

/* One of a group; by default the first sound is played, and no text shown. */
static void add_media(GString *out, const GPtrArray *group, guint index)
{
    const struct rendition *own = group->pdata[index];
    const bool sound = rendition_is_sound(own), chosen = sound && index == 0;
    const char *tag = language_tag(own->language);
    g_autofree char *name = name_of(group, index), *marks = marks_of(own);
    g_string_append_printf(out, "#EXT-X-MEDIA:TYPE=%s,GROUP-ID=\"%s\",NAME=\"%s\",",
                           sound ? "AUDIO" : "SUBTITLES", sound ? "sound" : "text", name);
    if (tag)
        g_string_append_printf(out, "LANGUAGE=\"%s\",", tag);
    g_string_append_printf(out, "DEFAULT=%s,AUTOSELECT=%s,%s", chosen ? "YES" : "NO",
                           chosen || is_distinct(group, index, marks) ? "YES" : "NO", marks);
    if (sound)
        g_string_append_printf(out, "CHANNELS=\"%d\",", own->par->ch_layout.nb_channels);
    g_string_append_printf(out, "URI=\"%s.m3u8\"\n", own->id);
}

char *hls_master(const struct renditions *all)
{
    GString *out = g_string_new("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n");
    for (guint i = 0; i < all->sounds->len; i++)
        add_media(out, all->sounds, i);
    for (guint i = 0; i < all->texts->len; i++)
        add_media(out, all->texts, i);
    for (guint i = 0; i < all->rungs->len; i++)
        add_rung(out, all->rungs->pdata[i], all);
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
        rendition->time_base.den, rendition_offset(rendition));
    for (guint i = 0; i < rendition->segments->len; i++)
        g_string_append_printf(out, "          <S t=\"%" PRId64 "\" d=\"%" PRId64 "\"/>\n",
                               rendition_segment(rendition, i)->start,
                               rendition_segment(rendition, i)->duration);
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

static void begin_set(GString *out, const char *type, const struct rendition *rendition)
{
    const char *tag = language_tag(rendition->language);
    g_string_append_printf(out, "    <AdaptationSet contentType=\"%s\"", type);
    if (tag)
        g_string_append_printf(out, " lang=\"%s\"", tag);
}

static void add_role(GString *out, const char *role)
{
    g_string_append_printf(
        out, "      <Role schemeIdUri=\"urn:mpeg:dash:role:2011\" value=\"%s\"/>\n", role);
}

/* What it is for. */
static void add_marks(GString *out, const struct rendition *rendition)
{
    unsigned at = 0;
    for (const char *mark; (mark = rendition_mark(rendition, false, &at));)
        add_role(out, mark);
}

static void add_sound(GString *out, const GPtrArray *sounds, guint index)
{
    const struct rendition *sound = sounds->pdata[index];
    g_autofree char *codec = rendition_codec(sound);
    begin_set(out, "audio", sound);
    g_string_append(out, " mimeType=\"audio/mp4\" segmentAlignment=\"true\" startWithSAP=\"1\">\n");
    if (sounds->len > 1)
        add_role(out, index ? "alternate" : "main");
    add_marks(out, sound);
    g_string_append_printf(
        out,
        "      <Representation id=\"%s\" bandwidth=\"%" PRId64
        "\" codecs=\"%s\" audioSamplingRate=\"%d\">\n"
        "      <AudioChannelConfiguration "
        "schemeIdUri=\"urn:mpeg:dash:23003:3:audio_channel_configuration:2011\" value=\"%d\"/>\n",
        sound->id, rendition_peak(sound), codec, sound->par->sample_rate,
        sound->par->ch_layout.nb_channels);
    add_timeline(out, sound);
    g_string_append(out, "      </Representation>\n    </AdaptationSet>\n");
}

/* A file beside the segments, as players take WebVTT. */
static void add_text(GString *out, const struct rendition *text)
{
    g_autofree char *name = rendition_file(text, 1);
    begin_set(out, "text", text);
    g_string_append(out, " mimeType=\"text/vtt\">\n");
    add_role(out, "subtitle");
    add_marks(out, text);
    g_string_append_printf(out,
                           "      <Representation id=\"%s\" bandwidth=\"%" PRId64 "\">\n"
                           "        <BaseURL>%s</BaseURL>\n"
                           "      </Representation>\n    </AdaptationSet>\n",
                           text->id, rendition_peak(text), name);
}

char *dash_manifest(const struct renditions *all)
{
    const struct rendition *first = all->rungs->pdata[0];
    GString *out = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append_printf(out,
                           "<MPD xmlns=\"urn:mpeg:dash:schema:mpd:2011\" type=\"static\" "
                           "profiles=\"urn:mpeg:dash:profile:isoff-live:2011,"
                           "urn:mpeg:dash:profile:cmaf:2019\" "
                           "mediaPresentationDuration=\"PT%.3fS\" minBufferTime=\"PT%.3fS\">\n"
                           "  <Period id=\"0\" start=\"PT0S\">\n"
                           "    <AdaptationSet contentType=\"video\" mimeType=\"video/mp4\" "
                           "segmentAlignment=\"true\" startWithSAP=\"1\">\n",
                           rendition_total(first), rendition_longest(first));
    for (guint i = 0; i < all->rungs->len; i++)
        add_picture(out, all->rungs->pdata[i]);
    g_string_append(out, "    </AdaptationSet>\n");
    for (guint i = 0; i < all->sounds->len; i++)
        add_sound(out, all->sounds, i);
    for (guint i = 0; i < all->texts->len; i++)
        add_text(out, all->texts->pdata[i]);
    g_string_append(out, "  </Period>\n</MPD>\n");
    return g_string_free(out, FALSE);
}
