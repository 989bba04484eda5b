/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words in sound files, and the chunks of Broadcast Wave (EBU Tech 3285). */
#include "sndfile_private.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

static const struct {
    int string;
    const char *key;
} rows[] = {
    {SF_STR_TITLE, "title"}, {SF_STR_ARTIST, "artist"},     {SF_STR_ALBUM, "album"},
    {SF_STR_DATE, "date"},   {SF_STR_COMMENT, "comment"},   {SF_STR_COPYRIGHT, "copyright"},
    {SF_STR_GENRE, "genre"}, {SF_STR_TRACKNUMBER, "track"},
};

/* With a coding history of up to 8 KiB; a longer one loses its end. */
typedef SF_BROADCAST_INFO_VAR(8192) broadcast;

static bool get_broadcast(SNDFILE *file, broadcast *bext)
{
    memset(bext, 0, sizeof *bext);
    return sf_command(file, SFC_GET_BROADCAST_INFO, bext, sizeof *bext) == SF_TRUE;
}

static void set_word(AVDictionary **tags, const char *key, const char *text, size_t room)
{
    g_autofree char *whole = g_strndup(text, room);
    g_autofree char *valid = g_utf8_make_valid(whole, -1);
    if (*g_strstrip(valid))
        av_dict_set(tags, key, valid, AV_DICT_DONT_OVERWRITE);
}

void sound_tags_read(SNDFILE *file, AVDictionary **tags)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const char *text = sf_get_string(file, rows[i].string);
        if (text)
            set_word(tags, rows[i].key, text, strlen(text));
    }
    g_autofree broadcast *bext = g_new(broadcast, 1);
    if (!get_broadcast(file, bext))
        return;
    set_word(tags, "description", bext->description, sizeof bext->description);
    set_word(tags, "originator", bext->originator, sizeof bext->originator);
    set_word(tags, "date", bext->origination_date, sizeof bext->origination_date);
}

/* Films have their date under another name. */
void sound_tags_write(SNDFILE *file, const AVDictionary *tags)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const AVDictionaryEntry *entry = av_dict_get(tags, rows[i].key, NULL, 0);
        if (!entry && rows[i].string == SF_STR_DATE)
            entry = av_dict_get(tags, "creation_time", NULL, 0);
        if (entry)
            sf_set_string(file, rows[i].string, entry->value);
    }
}

/* Samples since midnight count at the file's rate and start where its programme starts. The
 * loudness that version 2 has was the source's: version 1 has none. */
static void carry_broadcast(SNDFILE *to, const struct sound_file *from, struct chain *chain,
                            double from_s)
{
    g_autofree broadcast *bext = g_new(broadcast, 1);
    if (!get_broadcast(sound_file_handle(from), bext))
        return;
    uint64_t reference = (uint64_t)bext->time_reference_high << 32 | bext->time_reference_low;
    int was = sound_file_shape(from)->rate, rate = chain_sound(chain)->rate;
    if (reference || from_s > 0)
        reference = (uint64_t)llround((double)rate / was * (double)reference + from_s * rate);
    bext->time_reference_low = (uint32_t)reference;
    bext->time_reference_high = (uint32_t)(reference >> 32);
    if (!chain_is_empty(chain)) {
        bext->version = MIN(bext->version, 1);
        bext->loudness_value = bext->loudness_range = bext->max_true_peak_level = 0;
        bext->max_momentary_loudness = bext->max_shortterm_loudness = 0;
    }
    bext->coding_history_size = (uint32_t)strnlen(bext->coding_history, 8000);
    size_t size = offsetof(broadcast, coding_history) + bext->coding_history_size + 1;
    if (sf_command(to, SFC_SET_BROADCAST_INFO, bext, (int)size) != SF_TRUE)
        chain_note(chain, "dropped: the Broadcast Wave chunk (this format has no place for it)");
}

static bool carry_chunk(SNDFILE *to, const SF_CHUNK_ITERATOR *at, SF_CHUNK_INFO *chunk)
{
    if (sf_get_chunk_size(at, chunk) != SF_ERR_NO_ERROR || chunk->datalen > 64 << 20)
        return false;
    g_autofree char *data = g_malloc0(chunk->datalen + 1);
    chunk->data = data;
    return sf_get_chunk_data(at, chunk) == SF_ERR_NO_ERROR &&
           sf_set_chunk(to, chunk) == SF_ERR_NO_ERROR;
}

/* iXML repeats the time reference, so it is only true of a programme that keeps its start. */
static void carry_texts(SNDFILE *to, const struct sound_file *from, struct chain *chain,
                        bool same_start)
{
    static const char *const names[] = {"iXML", "axml", "_PMX"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        SF_CHUNK_INFO chunk = {.id_size = 4};
        memcpy(chunk.id, names[i], 4);
        SF_CHUNK_ITERATOR *at = sf_get_chunk_iterator(sound_file_handle(from), &chunk);
        if (at && (!same_start || !carry_chunk(to, at, &chunk)))
            chain_note(chain, "dropped: the %s chunk%s", names[i],
                       same_start ? "" : ", whose times are those of the source");
    }
}

void sound_chunks_carry(SNDFILE *to, const struct sound_file *from, struct chain *chain)
{
    double from_s, to_s;
    uint32_t cues = 0;
    chain_span(chain, &from_s, &to_s);
    bool same = from_s <= 0 && chain_sound(chain)->rate == sound_file_shape(from)->rate &&
                !chain_is_retimed(chain);
    carry_broadcast(to, from, chain, from_s);
    carry_texts(to, from, chain, same);
    if (sf_command(sound_file_handle(from), SFC_GET_CUE_COUNT, &cues, sizeof cues) == SF_TRUE &&
        cues > 0)
        chain_note(chain, "dropped: %u cue points", cues);
}
