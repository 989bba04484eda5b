/* SPDX-License-Identifier: GPL-3.0-or-later
 * Chunks from one WAVE file to another. */
#include "wave_carry.h"

#include "ixml.h"
#include "wave_info.h"

#include <math.h>
#include <string.h>

/* Of changed chunks and labels, for all of the render. */
static const gsize HELD_MAX = 64 << 20;

/* A chunk for after the samples. */
struct carried {
    struct wave_chunk chunk;
    GBytes *data; /* NULL: it stays what it is, and is read when it is written */
};

static void carried_free(void *data)
{
    struct carried *carried = data;
    g_clear_pointer(&carried->data, g_bytes_unref);
    g_free(carried);
}

void wave_carry_clear(struct wave_carry *carry)
{
    if (carry->has_bext)
        bext_clear(&carry->bext);
    g_clear_pointer(&carry->behind, g_ptr_array_unref);
    g_clear_pointer(&carry->labels, g_ptr_array_unref);
    g_clear_pointer(&carry->cues, g_bytes_unref);
}

static bool put(struct wave_file *file, const char *id, GBytes *data, struct failure *failure)
{
    gsize length;
    const void *bytes = g_bytes_get_data(data, &length);
    return wave_file_chunk(file, id, bytes, length, NULL, failure);
}

/* False when it is too much to hold. */
static bool may_hold(struct wave_carry *carry, GBytes *data, const char **why)
{
    gsize room = HELD_MAX - carry->held, length = g_bytes_get_size(data);
    *why = "with what is before it, it is too much to hold until the end";
    if (length > room)
        return false;
    carry->held += length;
    return true;
}

/* `data`: NULL for the chunk as it is. */
static bool put_behind(struct wave_carry *carry, const struct wave_chunk *chunk, GBytes *data,
                       const char **why)
{
    if (data && !may_hold(carry, data, why))
        return false;
    struct carried *carried = g_new0(struct carried, 1);
    *carried = (struct carried){*chunk, data ? g_bytes_ref(data) : NULL};
    g_ptr_array_add(carry->behind, carried);
    return true;
}

/* Of the same two files' words: then a text stays what it is, to the byte. */
static bool same_tags(const AVDictionary *a, const AVDictionary *b)
{
    const AVDictionaryEntry *entry = NULL;
    if (av_dict_count(a) != av_dict_count(b))
        return false;
    while ((entry = av_dict_get(a, "", entry, AV_DICT_IGNORE_SUFFIX))) {
        const AVDictionaryEntry *other = av_dict_get(b, entry->key, NULL, 0);
        if (!other || strcmp(entry->value, other->value) != 0)
            return false;
    }
    return true;
}

static bool words_stay(const struct wave_carry *carry)
{
    return !sound_stripped(carry->setup) &&
           same_tags(sound_file_tags(carry->setup->from), carry->setup->tags);
}

/* A step that gave them their places may have put as many into another order. */
static bool same_channels(const struct wave_carry *carry, const struct wave_format *format)
{
    return !carry->setup->placed &&
           sound_file_shape(carry->setup->from)->channels == format->channels;
}

static bool same_sound(const struct wave_carry *carry, const struct wave_format *format)
{
    return carry->part.whole && chain_is_empty(carry->chain) && same_channels(carry, format);
}

/* --- what becomes of a chunk: NULL with a reason, or what is written --- */

static void note_disagreement(const struct wave_carry *carry, const struct ixml_stamp *stamp)
{
    const struct wave_clock *clock = &carry->clock;
    int rate = stamp->rate ? stamp->rate : clock->rate;
    double other = (double)clock->samples / clock->rate;
    if (carry->part.same_start && fabs((double)stamp->samples - other * rate) > 0.5)
        chain_note(carry->chain, "the source's iXML and Broadcast Wave chunk disagree about when "
                                 "it starts: both are kept");
}

/* It goes on counting at a rate of its own, where that isn't the file's. */
static struct ixml_stamp new_stamp(const struct wave_carry *carry, int rate, GBytes *data)
{
    struct ixml_stamp stamp = {0};
    bool known = ixml_time_reference(data, &stamp);
    if (known && carry->clock.of == CLOCK_BEXT)
        note_disagreement(carry, &stamp);
    bool own = stamp.rate && stamp.rate != sound_file_shape(carry->setup->from)->rate;
    rate = own ? stamp.rate : rate;
    return (struct ixml_stamp){wave_clock_at(&carry->clock, carry->chain, rate), rate};
}

static GBytes *edit_ixml(struct wave_carry *carry, const struct wave_format *format, GBytes *data,
                         const char **why)
{
    bool tracks, stripped = sound_stripped(carry->setup);
    *why = stripped ? "its words are the source's" : "its times are the source's";
    if (stripped || chain_is_retimed(carry->chain))
        return NULL;
    const struct ixml_facts facts = {
        .rate = format->rate,
        .bits = format->bits,
        .moved = !carry->part.same_start,
        .time_reference = wave_clock_at(&carry->clock, carry->chain, format->rate),
        .stamp = new_stamp(carry, format->rate, data),
        .cut = carry->part.move.cut,
        .ratio = carry->part.move.ratio,
        .same_sound = same_sound(carry, format),
        .same_channels = same_channels(carry, format),
    };
    GBytes *edited = ixml_edited(data, &facts, &tracks);
    *why = "it can't be read, to be made true of the output";
    if (tracks && edited)
        chain_note(carry->chain, "dropped: the track names in iXML: other channels are written");
    return edited || facts.moved || !facts.same_channels ? edited : g_bytes_ref(data);
}

static GBytes *edit_list(struct wave_carry *carry, GBytes *data, const char **why)
{
    gsize length;
    const char *type = g_bytes_get_data(data, &length);
    if (length >= 4 && memcmp(type, "INFO", 4) == 0) {
        *why = NULL;
        return words_stay(carry) ? g_bytes_ref(data)
                                 : wave_info_edited(sound_stripped(carry->setup) ? NULL : data,
                                                    carry->setup->tags);
    }
    if (carry->part.whole)
        return g_bytes_ref(data);
    if (length >= 4 && memcmp(type, "adtl", 4) == 0) {
        if (!may_hold(carry, data, why))
            return NULL;
        g_ptr_array_add(carry->labels, g_bytes_ref(data));
        *why = NULL;
    }
    return NULL;
}

/* Words that may be in a tag, and pictures of the samples. */
static GBytes *keep(const struct wave_carry *carry, const struct wave_format *format,
                    const char *id, GBytes *data, const char **why)
{
    static const char *const words[] = {"id3 ", "ID3 ", "_PMX", NULL};
    static const char *const pictures[] = {"PEAK", "levl", "LGWV", "ovwf", NULL};
    static const char *const timeless[] = {"id3 ", "ID3 ", "inst", NULL};
    if (g_strv_contains(words, id) && !words_stay(carry)) {
        *why = "its words are the source's";
        return NULL;
    }
    if (g_strv_contains(pictures, id) && !same_sound(carry, format)) {
        *why = "it was drawn from the source's samples";
        return NULL;
    }
    return carry->part.whole || g_strv_contains(timeless, id) ? g_bytes_ref(data) : NULL;
}

static GBytes *edit(struct wave_carry *carry, const struct wave_format *format, const char *id,
                    GBytes *data, const char **why)
{
    *why = "it is about the whole of the source";
    if (strcmp(id, "iXML") == 0)
        return edit_ixml(carry, format, data, why);
    if (strcmp(id, "LIST") == 0)
        return edit_list(carry, data, why);
    if (strcmp(id, "chna") == 0 && !same_channels(carry, format)) {
        *why = "other channels are written";
        return NULL;
    }
    if (strcmp(id, "cue ") != 0 || carry->part.whole)
        return keep(carry, format, id, data, why);
    g_clear_pointer(&carry->cues, g_bytes_unref);
    carry->cues = g_bytes_ref(data);
    *why = NULL;
    return NULL;
}

/* libsndfile 1.2, and what is built on it, lose their way behind an odd chunk of an RF64. */
static bool may_stand_before(const struct wave_carry *carry, const struct wave_chunk *chunk,
                             const struct wave_format *format, GBytes *data)
{
    const struct sound_shape *shape = chain_sound(carry->chain);
    double bytes = shape->duration_s * format->rate * format->channels * format->bits / 8;
    return !chunk->behind && (g_bytes_get_size(data) % 2 == 0 || bytes < 4e9);
}

static bool carry_chunk(struct wave_carry *carry, const struct wave_chunk *chunk,
                        struct wave_file *file, struct failure *failure)
{
    const char *why = "it is too large, or can't be read";
    g_autoptr(GBytes) data = sound_file_load(carry->setup->from, chunk);
    g_autoptr(GBytes) edited = data ? edit(carry, &file->format, chunk->id, data, &why) : NULL;
    if (edited && may_stand_before(carry, chunk, &file->format, edited))
        return put(file, chunk->id, edited, failure);
    bool behind = edited && put_behind(carry, chunk, edited == data ? NULL : edited, &why);
    if (!behind && why) {
        g_autofree char *id = g_utf8_make_valid(chunk->id, -1);
        chain_note(carry->chain, "dropped: the %s chunk: %s", g_strchomp(id), why);
    }
    return true;
}

static bool has_info(const struct sound_file *from)
{
    const GArray *chunks = sound_file_chunks(from);
    for (guint i = 0; i < chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(chunks, struct wave_chunk, i);
        g_autoptr(GBytes) data =
            strcmp(chunk->id, "LIST") == 0 ? sound_file_load(from, chunk) : NULL;
        if (data && g_bytes_get_size(data) >= 4 &&
            memcmp(g_bytes_get_data(data, NULL), "INFO", 4) == 0)
            return true;
    }
    return false;
}

/* Tags that came from elsewhere, or from a step. */
static bool put_info(struct wave_carry *carry, struct wave_file *file, struct failure *failure)
{
    const struct sound_file *from = carry->setup->from;
    if (from && (has_info(from) || (sound_file_chunks(from)->len && words_stay(carry))))
        return true;
    g_autoptr(GBytes) info = wave_info_edited(NULL, carry->setup->tags);
    return !info || put(file, "LIST", info, failure);
}

/* `data` is the carry. */
static bool holds(const void *data, const char *key)
{
    static const char *const bext[] = {"description", "originator", "originator_reference", NULL};
    const struct wave_carry *carry = data;
    return wave_info_holds(key) || (carry->has_bext && g_strv_contains(bext, key));
}

static bool put_bext(struct wave_carry *carry, struct wave_file *file, struct failure *failure)
{
    wave_clock_read(&carry->clock, carry->setup, carry->chain);
    carry->has_bext =
        wave_bext_make(&carry->bext, &carry->clock, carry->setup, carry->chain, &file->format);
    if (!carry->has_bext)
        return true;
    gsize length;
    g_autoptr(GBytes) data = bext_print(&carry->bext);
    const void *bytes = g_bytes_get_data(data, &length);
    return wave_file_chunk(file, "bext", bytes, length, &carry->bext_at, failure);
}

bool wave_carry_front(struct wave_carry *carry, struct wave_file *file, struct failure *failure)
{
    const struct sound_file *from = carry->setup->from;
    const GArray *chunks = from ? sound_file_chunks(from) : NULL;
    GBytes *labels;
    carry->behind = g_ptr_array_new_with_free_func(carried_free);
    carry->labels = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    carry->from = from;
    carry->film = carry->setup->film;
    if (from)
        carry->part = sound_part_of(from, carry->chain);
    if (from && sound_markers(from, &carry->cues, &labels))
        g_ptr_array_add(carry->labels, labels);
    if (!put_bext(carry, file, failure))
        return false;
    for (guint i = 0; chunks && i < chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(chunks, struct wave_chunk, i);
        if (strcmp(chunk->id, "bext") != 0 && !carry_chunk(carry, chunk, file, failure))
            return false;
    }
    sound_tags_lost(carry->setup, carry->chain, holds, carry);
    return put_info(carry, file, failure);
}

/* --- behind the samples --- */

/* They are in samples of the output. */
static void take_chapters(struct wave_carry *carry, int64_t frames)
{
    GBytes *labels;
    g_autoptr(GArray) marks = sound_chapter_marks(carry->film, carry->chain, frames);
    if (sound_marks_cues(marks, &carry->cues, &labels))
        g_ptr_array_add(carry->labels, labels);
    carry->part = (struct sound_part){.own = INT64_MAX, .move = {.ratio = 1}};
}

static bool put_cues(struct wave_carry *carry, struct wave_file *file, struct failure *failure)
{
    struct cue_move *move = &carry->part.move;
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(guint32));
    if (carry->film)
        take_chapters(carry, wave_file_frames(file));
    move->frames = MIN(wave_file_frames(file), carry->part.own);
    if (!carry->cues)
        return true;
    if (chain_is_retimed(carry->chain)) {
        chain_note(carry->chain, "dropped: cue points, whose times are the source's");
        return true;
    }
    g_autoptr(GBytes) cues = cues_moved(carry->cues, move, gone);
    if (gone->len)
        chain_note(carry->chain, "dropped: %u cue points outside of the part", gone->len);
    bool fine = !cues || put(file, "cue ", cues, failure);
    for (guint i = 0; cues && fine && i < carry->labels->len; i++) {
        g_autoptr(GBytes) kept = cue_labels_kept(carry->labels->pdata[i], move, gone);
        fine = !kept || put(file, "LIST", kept, failure);
    }
    return fine;
}

/* And where it starts, which a stage may have found only now. */
static bool put_loudness(struct wave_carry *carry, struct wave_file *file,
                         const struct loudness *loudness, struct failure *failure)
{
    static const struct loudness unknown = {.integrated_lufs = NAN,
                                            .lra_lu = NAN,
                                            .true_peak_dbtp = NAN,
                                            .max_momentary_lufs = NAN,
                                            .max_short_term_lufs = NAN};
    gsize length;
    if (!carry->has_bext)
        return true;
    carry->bext.time_reference = wave_clock_at(&carry->clock, carry->chain, file->format.rate);
    bext_loudness(&carry->bext, loudness ? loudness : &unknown);
    g_autoptr(GBytes) data = bext_print(&carry->bext);
    const void *bytes = g_bytes_get_data(data, &length);
    return wave_file_over(file, carry->bext_at, bytes, length, failure);
}

static bool put_carried(const struct wave_carry *carry, struct wave_file *file,
                        const struct carried *carried, struct failure *failure)
{
    g_autoptr(GBytes) data =
        carried->data ? g_bytes_ref(carried->data) : sound_file_load(carry->from, &carried->chunk);
    g_autofree char *id = g_utf8_make_valid(carried->chunk.id, -1);
    return data ? put(file, carried->chunk.id, data, failure)
                : fail(failure, FAIL_INPUT_DAMAGED, "the %s chunk can't be read any more", id);
}

bool wave_carry_back(struct wave_carry *carry, struct wave_file *file,
                     const struct loudness *loudness, struct failure *failure)
{
    bool fine = put_loudness(carry, file, loudness, failure);
    for (guint i = 0; fine && i < carry->behind->len; i++)
        fine = put_carried(carry, file, carry->behind->pdata[i], failure);
    return fine && put_cues(carry, file, failure);
}
