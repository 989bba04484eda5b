/* SPDX-License-Identifier: GPL-3.0-or-later
 * A finished package read back. */
#include "base/bundle.h"
#include "base/language.h"
#include "media/cut.h"
#include "media/io.h"
#include "media/probe.h"
#include "media/readback.h"
#include "media/source.h"
#include "private.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static const char head[] = "_init.mp4";

/* The header of a rendition and its segments, which come behind it in the order of their numbers.
 */
static GArray *pieces_of(const struct bundle *bundle, const char *id)
{
    g_autofree char *first = g_strconcat(id, head, NULL), *rest = g_strconcat(id, "_", NULL);
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(struct io_piece));
    for (int pass = 0; pass < 2; pass++)
        for (guint i = 0; i < bundle->files->len; i++) {
            const struct bundle_file *file = &g_array_index(bundle->files, struct bundle_file, i);
            bool wanted =
                pass ? g_str_has_prefix(file->name, rest) && g_str_has_suffix(file->name, ".m4s")
                     : strcmp(file->name, first) == 0;
            struct io_piece piece = {file->offset, file->length};
            if (wanted)
                g_array_append_val(pieces, piece);
        }
    return pieces;
}

/* What is read of one rendition. */
struct reading {
    const char *id;
    const GArray *pieces;
    guint begun;        /* pieces that a packet of has come */
    int64_t next_piece; /* where the next begins, behind the header */
    int64_t frames;
};

/* A segment must begin with what needs nothing before it. */
static bool see_packet(struct reading *reading, const AVCodecParameters *par,
                       const AVPacket *packet, struct failure *failure)
{
    if (packet->pos < reading->next_piece || reading->begun + 1 >= reading->pieces->len)
        return true;
    reading->begun++;
    reading->next_piece += g_array_index(reading->pieces, struct io_piece, reading->begun).length;
    return cut_can_begin(par, packet) ||
           fail(failure, FAIL_INTERNAL, "segment %u of %s can't be decoded by itself",
                reading->begun, reading->id);
}

static bool is_whole(const struct source *source, const struct reading *reading,
                     struct failure *failure)
{
    struct source_health health;
    g_autofree char *sentence = NULL;
    source_health(source, &health);
    if (source_damaged(&health, &sentence))
        return fail(failure, FAIL_INTERNAL, "%s is damaged: %s", reading->id, sentence);
    return reading->begun + 1 == reading->pieces->len ||
           fail(failure, FAIL_INTERNAL, "%s has segments of which nothing is read", reading->id);
}

static bool read_rendition(struct source *source, struct reading *reading, struct failure *failure)
{
    const int picture = source_picture(source);
    const int stream = picture >= 0 ? picture : source_sound(source);
    const AVCodecParameters *par = source_stream(source, stream)->av->codecpar;
    struct source_item item;
    enum source_got got;
    if (!source_use(source, stream, SOURCE_DECODE | SOURCE_PACKETS, failure))
        return false;
    reading->next_piece = g_array_index(reading->pieces, struct io_piece, 0).length;
    while ((got = source_next(source, &item, failure)) == SOURCE_FRAME || got == SOURCE_PACKET) {
        reading->frames += got == SOURCE_FRAME;
        if (got == SOURCE_PACKET && !see_packet(reading, par, item.packet, failure))
            return false;
    }
    return got != SOURCE_FAILED && is_whole(source, reading, failure);
}

static void take_streams(struct facts *facts, struct facts *sound)
{
    facts->audio_tracks += sound->audio_tracks;
    for (guint i = 0; i < sound->streams->len; i++)
        ((struct stream_facts *)sound->streams->pdata[i])->index += (int)facts->streams->len;
    while (sound->streams->len)
        g_ptr_array_add(facts->streams, g_ptr_array_steal_index(sound->streams, 0));
}

static void take_first(struct facts *facts, struct facts *sound)
{
    facts->channels = sound->channels;
    facts->sample_rate = sound->sample_rate;
    facts->samples = sound->samples;
    facts->audio_codec = g_steal_pointer(&sound->audio_codec);
    facts->channel_layout = g_steal_pointer(&sound->channel_layout);
    facts->sample_format = g_steal_pointer(&sound->sample_format);
}

static void take_sound(struct facts *facts, struct facts *sound)
{
    if (!facts->audio_tracks)
        take_first(facts, sound);
    take_streams(facts, sound);
}

static bool read_facts(struct source *source, const struct reading *reading,
                       const struct claim *claim, struct facts *facts, struct failure *failure)
{
    g_auto(facts_ptr) own = facts_create();
    media_probe_source(source, own);
    if (own->kind == KIND_AUDIO) {
        take_sound(facts, own);
        return true;
    }
    if (reading->frames != claim->frames)
        return fail(failure, FAIL_INTERNAL, "%s has %" PRId64 " pictures instead of %" PRId64,
                    reading->id, reading->frames, claim->frames);
    facts->decoded_frames = reading->frames;
    if (own->width == claim->width && own->height == claim->height && !facts->streams->len)
        media_probe_source(source, facts);
    return true;
}

static bool verify_rendition(int fd, const struct bundle *bundle, const char *id,
                             const struct claim *claim, struct facts *facts,
                             struct failure *failure)
{
    g_autoptr(GArray) pieces = pieces_of(bundle, id);
    const struct source_opts opts = {.threads = 1, .pieces = pieces};
    struct reading reading = {.id = id, .pieces = pieces};
    g_auto(source_ptr) source = source_open(fd, &opts, failure);
    return source && read_rendition(source, &reading, failure) &&
           read_facts(source, &reading, claim, facts, failure);
}

/* From the highest on: "v1080" is behind "v360". */
static bool verify_rungs(int fd, const struct bundle *bundle, const struct claim *claim,
                         struct facts *facts, struct failure *failure)
{
    int rungs = 0;
    for (guint i = bundle->files->len; i-- > 0;) {
        const char *name = g_array_index(bundle->files, struct bundle_file, i).name;
        if (*name != 'v' || !g_str_has_suffix(name, head))
            continue;
        g_autofree char *id = g_strndup(name, strlen(name) - strlen(head));
        if (!verify_rendition(fd, bundle, id, claim, facts, failure))
            return false;
        rungs++;
    }
    return rungs == claim->video_streams ||
           fail(failure, FAIL_INTERNAL, "there are %d rungs instead of %d", rungs,
                claim->video_streams);
}

static void set_text(char **text, char *value)
{
    g_free(*text);
    *text = value;
}

/* Of the sound that was read last: its segments' three letters are those of what its lists say. */
static bool verify_language(struct facts *facts, const char *id, const char *language,
                            struct failure *failure)
{
    struct stream_facts *stream = facts->streams->pdata[facts->streams->len - 1];
    const char *read = language_code(stream->language), *listed = language_code(language);
    if (g_strcmp0(read, listed) != 0)
        return fail(failure, FAIL_INTERNAL, "the language of %s is %s instead of %s", id,
                    read ? read : "unknown", language);
    if (listed)
        set_text(&stream->language, g_strdup(language));
    return true;
}

static bool verify_sounds(int fd, const struct bundle *bundle, char **languages,
                          const struct claim *claim, struct facts *facts, struct failure *failure)
{
    g_auto(GStrv) sounds = g_new0(char *, claim->audio_streams + 1);
    for (int i = 0; i < claim->audio_streams; i++) {
        g_autofree char *id = rendition_numbered("sound", (guint)i);
        if (!verify_rendition(fd, bundle, id, claim, facts, failure) ||
            !verify_language(facts, id, languages[i], failure))
            return false;
        sounds[i] = g_strdup(languages[i]);
    }
    set_text(&facts->languages, g_strjoinv(", ", sounds));
    return true;
}

static const struct bundle_file *file_of(const struct bundle *bundle, const char *name)
{
    for (guint i = 0; i < bundle->files->len; i++) {
        const struct bundle_file *file = &g_array_index(bundle->files, struct bundle_file, i);
        if (strcmp(file->name, name) == 0)
            return file;
    }
    return NULL;
}

static bool verify_text(int fd, const struct bundle *bundle, guint index, struct failure *failure)
{
    g_autofree char *id = rendition_numbered("text", index);
    g_autofree char *name = g_strconcat(id, "_00001.vtt", NULL);
    const struct bundle_file *file = file_of(bundle, name);
    g_auto(readback_ptr) text = file ? readback_open_piece(fd, file->offset, file->length) : NULL;
    double end_s;
    return (text && readback_cues(text, &end_s) > 0) ||
           fail(failure, FAIL_INTERNAL, "no subtitles are read of %s", name);
}

static void add_text(struct facts *facts, const char *language)
{
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    char *longer =
        g_strconcat(facts->subtitle_languages, facts->subtitle_tracks ? ", " : "", language, NULL);
    stream->index = (int)facts->streams->len;
    stream->kind = g_strdup("subtitle");
    stream->codec = g_strdup("webvtt");
    stream->language = g_strdup(language);
    stream->start_s = stream->duration_s = NAN;
    g_ptr_array_add(facts->streams, stream);
    g_free(facts->subtitle_languages);
    facts->subtitle_languages = longer;
    facts->subtitle_tracks++;
}

static bool verify_texts(int fd, const struct bundle *bundle, char **languages, struct facts *facts,
                         struct failure *failure)
{
    for (guint i = 0; languages[i]; i++) {
        if (!verify_text(fd, bundle, i, failure))
            return false;
        add_text(facts, languages[i]);
    }
    return true;
}

bool package_verify(int fd, const struct claim *claim, struct facts *facts, struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    g_auto(bundle_ptr) bundle = bundle_open(fd, &error);
    if (!bundle)
        return fail(failure, FAIL_INTERNAL, "%s", error->message);
    g_auto(GStrv) about = g_strsplit(bundle->about, " ", -1);
    const int tracks = claim->audio_streams + claim->subtitles;
    if ((int)g_strv_length(about) != 1 + tracks)
        return fail(failure, FAIL_INTERNAL, "there are not %d sounds and subtitles", tracks);
    if (!verify_rungs(fd, bundle, claim, facts, failure) ||
        !verify_sounds(fd, bundle, about + 1, claim, facts, failure) ||
        !verify_texts(fd, bundle, about + 1 + claim->audio_streams, facts, failure))
        return false;
    g_free(facts->container);
    facts->container = g_strdup(*about);
    for (guint i = 0; i < bundle->files->len; i++)
        facts->size_bytes += g_array_index(bundle->files, struct bundle_file, i).length;
    return true;
}
