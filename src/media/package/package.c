/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films cut into segments, in a bundle. The pictures first, which say where; then the sounds; then
 * subtitles. */
#include "media/package.h"

#include "media/source.h"
#include "media/subtitle.h"
#include "private.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static const double LATE_S = 0.001; /* sound behind its picture */

struct package {
    const struct package_file *files;
    unsigned count;
    const struct package_opts *opts;
    struct bundle_writer *bundle;
    struct renditions all;
    GPtrArray *tracks; /* struct package_track */
};

void package_track_free(void *data)
{
    struct package_track *track = data;
    g_free(track->why);
    g_free(track);
}

/* Takes `why`. */
static void tell(struct package *package, unsigned file, int stream, bool packed, char *why)
{
    struct package_track *track = g_new(struct package_track, 1);
    *track = (struct package_track){file, stream, packed, why};
    g_ptr_array_add(package->tracks, track);
}

/* --- the rungs --- */

/* "v1080"; of several so high the later ones are "v1080-2" … */
static char *rung_id(const struct package *package, int height)
{
    g_autofree char *word = g_strdup_printf("v%d", height);
    guint before = 0;
    for (guint i = 0; i < package->all.rungs->len; i++)
        before += ((struct rendition *)package->all.rungs->pdata[i])->par->height == height;
    return rendition_numbered(word, before);
}

static bool add_rung(struct package *package, struct source *source, unsigned number,
                     struct failure *failure)
{
    const int picture = source_picture(source);
    const struct cuts cuts = {.segment_s = package->opts->segment_s};
    if (picture < 0)
        return true;
    const struct source_stream *stream = source_stream(source, picture);
    struct rendition *rung = rendition_new(rung_id(package, stream->av->codecpar->height), stream);
    g_ptr_array_add(package->all.rungs, rung);
    tell(package, number, picture, true, NULL);
    return rendition_cut(rung, &package->files[number], picture, &cuts, package->bundle, failure);
}

static bool are_near(const struct rendition *one, int64_t ticks, const struct rendition *other,
                     int64_t others)
{
    return fabs(rendition_seconds(one, ticks) - rendition_seconds(other, others)) <=
           rendition_half_frame(one);
}

/* A player changes from one to another at any segment. */
static bool are_aligned(const struct rendition *one, const struct rendition *other)
{
    if (one->segments->len != other->segments->len || one->packets != other->packets)
        return false;
    for (guint i = 0; i < one->segments->len; i++)
        if (!are_near(one, rendition_segment(one, i)->start, other,
                      rendition_segment(other, i)->start))
            return false;
    const guint last = one->segments->len - 1;
    return are_near(one, rendition_segment(one, last)->duration, other,
                    rendition_segment(other, last)->duration);
}

static bool check(const struct package *package, struct failure *failure)
{
    const GPtrArray *rungs = package->all.rungs;
    if (!rungs->len)
        return fail(failure, FAIL_CONFIG, "none of the outputs it is made from has a picture");
    for (guint i = 1; i < rungs->len; i++)
        if (!are_aligned(rungs->pdata[0], rungs->pdata[i]))
            return fail(failure, FAIL_CONFIG,
                        "the segments of %s and %s aren't of the same pictures: let all rungs have "
                        "one frame rate and length",
                        ((struct rendition *)rungs->pdata[0])->id,
                        ((struct rendition *)rungs->pdata[i])->id);
    return true;
}

/* --- the sounds --- */

static bool pack_sound(struct package *package, const struct source *source, unsigned number,
                       int stream, struct failure *failure)
{
    GPtrArray *sounds = package->all.sounds;
    const struct package_file *file = &package->files[number];
    const struct cuts cuts = {.segment_s = package->opts->segment_s,
                              .like = package->all.rungs->pdata[0]};
    struct rendition *sound =
        rendition_new(rendition_numbered("sound", sounds->len), source_stream(source, stream));
    g_ptr_array_add(sounds, sound);
    tell(package, number, stream, true, NULL);
    if (!rendition_cut(sound, file, stream, &cuts, package->bundle, failure))
        return false;
    double late_s = rendition_seconds(sound, sound->first);
    return late_s < LATE_S ||
           fail(failure, FAIL_CONFIG, "the sound of %s begins %.3f s after its picture", file->name,
                late_s);
}

/* Of a sound beside the first; NULL: nothing. Caller frees. */
static char *why_not(const struct package *package, const struct source_stream *stream)
{
    enum AVCodecID codec = stream->av->codecpar->codec_id;
    if (codec != AV_CODEC_ID_AAC)
        return g_strdup_printf("%s output: of sound only AAC is packed", package->opts->container);
    return stream->start_s < LATE_S || isnan(stream->start_s)
               ? NULL
               : g_strdup_printf("%s output: it begins %.3f s after the picture",
                                 package->opts->container, stream->start_s);
}

static bool add_other_sound(struct package *package, const struct source *source, unsigned number,
                            int stream, struct failure *failure)
{
    char *why = why_not(package, source_stream(source, stream));
    if (!why)
        return pack_sound(package, source, number, stream, failure);
    tell(package, number, stream, false, why);
    return true;
}

static bool add_sounds(struct package *package, struct source *source, unsigned number,
                       struct failure *failure)
{
    const int first = source_sound(source);
    if (first < 0 || package->all.sounds->len)
        return true;
    bool fine = pack_sound(package, source, number, first, failure);
    for (int i = 0; fine && i < source_streams(source); i++)
        if (i != first && source_stream(source, i)->type == AVMEDIA_TYPE_AUDIO)
            fine = add_other_sound(package, source, number, i, failure);
    return fine;
}

/* --- the subtitles --- */

static bool pack_text(struct package *package, const struct source *source, unsigned number,
                      int stream, struct failure *failure)
{
    GPtrArray *texts = package->all.texts;
    struct rendition *text =
        rendition_new(rendition_numbered("text", texts->len), source_stream(source, stream));
    char *why = NULL;
    bool fine = rendition_write_text(text, &package->files[number], stream,
                                     package->all.rungs->pdata[0], package->bundle, &why, failure);
    const bool there = text->segments->len > 0;
    tell(package, number, stream, there, why);
    if (there)
        g_ptr_array_add(texts, text);
    else
        rendition_free(text);
    return fine;
}

static bool add_text(struct package *package, const struct source *source, unsigned number,
                     int stream, struct failure *failure)
{
    if (subtitle_is_text(subtitle_codec(source_stream(source, stream)->av->codecpar)))
        return pack_text(package, source, number, stream, failure);
    tell(package, number, stream, false,
         g_strdup_printf("%s output: of subtitles only text is packed", package->opts->container));
    return true;
}

static bool add_texts(struct package *package, struct source *source, unsigned number,
                      struct failure *failure)
{
    bool fine = true;
    if (package->all.texts->len)
        return true;
    for (int i = 0; fine && i < source_streams(source); i++)
        if (source_stream(source, i)->type == AVMEDIA_TYPE_SUBTITLE)
            fine = add_text(package, source, number, i, failure);
    return fine;
}

/* --- the lists --- */

static bool add_list(struct package *package, const char *name, char *text, struct failure *failure)
{
    bool added = package_add(package->bundle, name, text, strlen(text), failure);
    g_free(text);
    return added;
}

static bool add_playlists(struct package *package, const GPtrArray *renditions,
                          struct failure *failure)
{
    bool fine = true;
    for (guint i = 0; fine && i < renditions->len; i++) {
        const struct rendition *rendition = renditions->pdata[i];
        g_autofree char *name = g_strconcat(rendition->id, ".m3u8", NULL);
        fine = add_list(package, name, hls_media(rendition), failure);
    }
    return fine;
}

static bool add_lists(struct package *package, struct failure *failure)
{
    const struct renditions *all = &package->all;
    if (strcmp(package->opts->container, "dash") == 0)
        return add_list(package, package->opts->name, dash_manifest(all), failure);
    return add_list(package, package->opts->name, hls_master(all), failure) &&
           add_playlists(package, all->rungs, failure) &&
           add_playlists(package, all->sounds, failure) &&
           add_playlists(package, all->texts, failure);
}

static void claim_sound(const struct rendition *sound, struct claim *claim)
{
    claim->audio_s = rendition_length(sound);
    claim->audio_codec = g_strdup(avcodec_get_name(sound->par->codec_id));
    claim->sample_rate = sound->par->sample_rate;
    claim->channels = sound->par->ch_layout.nb_channels;
}

static void fill_claim(const struct package *package, struct claim *claim)
{
    const struct renditions *all = &package->all;
    const struct rendition *best = all->rungs->pdata[0];
    claim->video_s = rendition_length(best);
    claim->frames = best->packets;
    claim->width = best->par->width;
    claim->height = best->par->height;
    claim->video_codec = g_strdup(avcodec_get_name(best->par->codec_id));
    claim->video_streams = (int)all->rungs->len;
    claim->audio_streams = (int)all->sounds->len;
    claim->subtitles = (int)all->texts->len;
    claim->copied = claim->video_streams + claim->audio_streams;
    if (all->sounds->len)
        claim_sound(all->sounds->pdata[0], claim);
}

/* --- the whole --- */

static bool each(struct package *package,
                 bool (*add)(struct package *, struct source *, unsigned, struct failure *),
                 struct failure *failure)
{
    for (unsigned i = 0; i < package->count; i++) {
        g_auto(source_ptr) source = source_open(package->files[i].fd, NULL, failure);
        if (!source || !add(package, source, i, failure))
            return false;
    }
    return true;
}

static void add_languages(GString *about, const GPtrArray *group)
{
    for (guint i = 0; i < group->len; i++) {
        const struct rendition *own = group->pdata[i];
        g_string_append_printf(about, " %s", own->language ? own->language : "und");
    }
}

/* "hls pt-BR eng und": what it is, and the languages of its sounds and of its subtitles, as its
 * lists have them. Its segments have three letters, and WebVTT has no word for it. */
static char *about_of(const struct package *package)
{
    GString *about = g_string_new(package->opts->container);
    add_languages(about, package->all.sounds);
    add_languages(about, package->all.texts);
    return g_string_free(about, FALSE);
}

static bool finish(struct package *package, struct claim *claim, struct failure *failure)
{
    if (!add_lists(package, failure))
        return false;
    fill_claim(package, claim);
    g_autofree char *about = about_of(package);
    return bundle_finish(package->bundle, about) ||
           fail(failure, FAIL_DISK, "the output can't be written: %s", g_strerror(errno));
}

bool package_write(const struct package_file *files, unsigned count,
                   const struct package_opts *opts, int out, GPtrArray *tracks, struct claim *claim,
                   struct failure *failure)
{
    struct package package = {.files = files,
                              .count = count,
                              .opts = opts,
                              .bundle = bundle_create(out),
                              .all = {.rungs = g_ptr_array_new_with_free_func(rendition_free),
                                      .sounds = g_ptr_array_new_with_free_func(rendition_free),
                                      .texts = g_ptr_array_new_with_free_func(rendition_free)},
                              .tracks = tracks};
    bool done = each(&package, add_rung, failure) && check(&package, failure) &&
                each(&package, add_sounds, failure) && each(&package, add_texts, failure) &&
                finish(&package, claim, failure);
    bundle_destroy(package.bundle);
    g_ptr_array_unref(package.all.rungs);
    g_ptr_array_unref(package.all.sounds);
    g_ptr_array_unref(package.all.texts);
    return done;
}
