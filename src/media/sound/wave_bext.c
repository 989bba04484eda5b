/* SPDX-License-Identifier: GPL-3.0-or-later
 * The Broadcast Wave chunk of an output, from its source and its tags. */
#include "media/tag_groups.h"
#include "wave_carry.h"

#include <stdio.h>
#include <string.h>

static const char *text_of(const AVDictionary *tags, const char *key)
{
    const AVDictionaryEntry *entry = av_dict_get(tags, key, NULL, 0);
    return entry ? entry->value : NULL;
}

/* A text that a step changed; what it left alone keeps its bytes. */
static void edit_text(char *field, size_t room, const struct sound_writer_setup *setup,
                      const char *key)
{
    const char *was = setup->from ? text_of(sound_file_tags(setup->from), key) : NULL;
    const char *is = text_of(setup->tags, key);
    if (g_strcmp0(was, is) != 0)
        bext_text(field, room, is ? is : "");
}

/* "2026-11-20", "2026-11-20T21:15:00Z": what begins like a date. */
static void edit_date(struct bext *bext, const struct sound_writer_setup *setup)
{
    const char *was = setup->from ? tags_date(sound_file_tags(setup->from)) : NULL;
    const char *is = tags_date(setup->tags);
    int year, month, day, hour, minute, second;
    char text[16];
    if (!is || g_strcmp0(was, is) == 0)
        return;
    int read =
        sscanf(is, "%4d-%2d-%2d%*1[T ]%2d:%2d:%2d", &year, &month, &day, &hour, &minute, &second);
    if (read >= 3) {
        snprintf(text, sizeof text, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month % 100,
                 (unsigned)day % 100);
        bext_text(bext->date, sizeof bext->date, text);
    }
    if (read == 6) {
        snprintf(text, sizeof text, "%02u-%02u-%02u", (unsigned)hour % 100, (unsigned)minute % 100,
                 (unsigned)second % 100);
        bext_text(bext->time, sizeof bext->time, text);
    }
}

static bool load(struct bext *bext, const struct sound_file *from)
{
    const struct wave_chunk *chunk =
        from ? wave_chunks_find(sound_file_chunks(from), "bext") : NULL;
    g_autoptr(GBytes) data = chunk ? sound_file_load(from, chunk) : NULL;
    return data && bext_parse(bext, data);
}

bool wave_bext_make(struct bext *bext, const struct wave_clock *clock,
                    const struct sound_writer_setup *setup, struct chain *chain,
                    const struct wave_format *format)
{
    bool had = load(bext, setup->from), timed = clock->of == CLOCK_TIMECODE;
    int choice = setup->encode->audio.bext;
    if (choice == BEXT_NEVER || (choice == BEXT_AUTO && !had && !timed && !setup->levelled)) {
        if (had) {
            chain_note(chain, "dropped: the Broadcast Wave chunk, as asked (bext: never)");
            bext_clear(bext);
        }
        return false;
    }
    if (!had)
        bext_init(bext);
    bext->time_reference = wave_clock_at(clock, chain, format->rate);
    edit_text(bext->description, sizeof bext->description, setup, "description");
    edit_text(bext->originator, sizeof bext->originator, setup, "originator");
    edit_text(bext->originator_reference, sizeof bext->originator_reference, setup,
              "originator_reference");
    edit_date(bext, setup);
    bext_made(bext, format->rate, format->bits, format->channels, format->floats);
    return true;
}
