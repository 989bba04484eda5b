/* SPDX-License-Identifier: GPL-3.0-or-later
 * The comments, marks and cue sheet of a FLAC file that is written. libsndfile has a few comments,
 * and writes them before the first sample, when it isn't known which marks there will be: one as
 * long as all makes room for them. */
#include "../bytes/little.h"
#include "flac_blocks.h"
#include "media/tag_groups.h"
#include "media/writer.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

struct flac_head {
    GByteArray *comments;
    unsigned count;
    GBytes *sheet; /* NULL: none */
};

void flac_head_destroy(struct flac_head *head)
{
    if (!head)
        return;
    g_byte_array_unref(head->comments);
    g_clear_pointer(&head->sheet, g_bytes_unref);
    g_free(head);
}

static void add(GByteArray *to, const char *text, size_t length)
{
    uint8_t size[4];
    little_put(size, length, sizeof size);
    g_byte_array_append(to, size, sizeof size);
    g_byte_array_append(to, (const uint8_t *)text, (guint)length);
}

static unsigned add_marks(GByteArray *to, const GArray *marks, int rate)
{
    const guint most = MIN(marks->len, FLAC_MARKS_MAX);
    unsigned count = 0;
    for (guint i = 0; i < most; i++) {
        const struct sound_mark *mark = &g_array_index(marks, struct sound_mark, i);
        const uint64_t ms = (mark->sample * UINT64_C(1000) + (unsigned)rate / 2) / (unsigned)rate;
        g_autofree char *at = g_strdup_printf("CHAPTER%03u=%02u:%02u:%02u.%03u", i + 1,
                                              (unsigned)(ms / 3600000), (unsigned)(ms / 60000 % 60),
                                              (unsigned)(ms / 1000 % 60), (unsigned)(ms % 1000));
        g_autofree char *name = g_strdup_printf("CHAPTER%03uNAME=%s", i + 1, mark->name);
        add(to, at, strlen(at));
        if (*mark->name)
            add(to, name, strlen(name));
        count += *mark->name ? 2 : 1;
    }
    return count;
}

/* Names are of ASCII without "=" (RFC 9639, 8.6); of a text that is also a comment, as Broadcast
 * Wave has it, readers would make one of both. `data` is the tags. */
static bool holds(const void *data, const char *key)
{
    for (const char *c = key; *c; c++)
        if (*c < ' ' || *c > '}' || *c == '=')
            return false;
    return g_ascii_strcasecmp(key, "description") != 0 || !av_dict_get(data, "comment", NULL, 0);
}

static void add_tag(struct flac_head *head, const char *key, const char *value)
{
    g_autofree char *text = g_strconcat(flac_name_of(key), "=", value, NULL);
    add(head->comments, text, strlen(text));
    head->count++;
}

/* Values of one name are one tag with ";" between them, when they are read; where that is as it
 * was, they are as many again. `comments` are the source's. */
static void add_values(struct flac_head *head, const GPtrArray *comments,
                       const AVDictionaryEntry *tag)
{
    g_autoptr(GPtrArray) values = g_ptr_array_new();
    for (guint i = 0; i < comments->len; i++)
        if (flac_comment_is_of(comments->pdata[i], tag->key))
            g_ptr_array_add(values, strchr(comments->pdata[i], '=') + 1);
    g_ptr_array_add(values, NULL);
    g_autofree char *joined = g_strjoinv(";", (char **)values->pdata);
    if (strcmp(joined, tag->value) != 0)
        add_tag(head, tag->key, tag->value);
    for (guint i = 0; strcmp(joined, tag->value) == 0 && i + 1 < values->len; i++)
        add_tag(head, tag->key, values->pdata[i]);
}

static void add_tags(struct flac_head *head, const struct sound_writer_setup *setup)
{
    g_autoptr(GPtrArray) comments = flac_comments(setup->from ? sound_file_fd(setup->from) : -1);
    const AVDictionary *tags = setup->tags;
    const AVDictionaryEntry *entry = NULL;
    const char *date = tags_date(tags);
    while ((entry = av_dict_get(tags, "", entry, AV_DICT_IGNORE_SUFFIX)))
        if (*entry->value && holds(tags, entry->key) && !tag_is_date(entry->key) &&
            !writer_word_is_own(entry->key))
            add_values(head, comments, entry);
    if (date)
        add_tag(head, "date", date);
}

/* The most that marks can take: as many as before, as late as can be. */
static size_t marks_room(const struct sound_writer_setup *setup, int rate)
{
    g_autoptr(GByteArray) room = g_byte_array_new();
    g_autoptr(GArray) marks = sound_marks_before(setup->from, setup->film);
    for (guint i = 0; i < marks->len; i++)
        g_array_index(marks, struct sound_mark, i).sample = UINT32_MAX;
    add_marks(room, marks, rate);
    return room->len;
}

static bool make_room(SNDFILE *file, size_t room, struct failure *failure)
{
    g_autofree char *blank = g_strnfill(room, ' ');
    if (room > FLAC_BLOCK_MAX)
        return fail(failure, FAIL_CONFIG,
                    "a FLAC file holds 16 MiB of tags and chapters, and these are %zu bytes: "
                    "remove some with `metadata`",
                    room);
    return sf_set_string(file, SF_STR_COMMENT, blank) == 0 ||
           fail(failure, FAIL_INTERNAL, "libsndfile: %s", sf_strerror(file));
}

struct flac_head *flac_head_create(SNDFILE *file, const struct sound_writer_setup *setup,
                                   struct chain *chain, struct failure *failure)
{
    struct flac_head *head = g_new0(struct flac_head, 1);
    head->comments = g_byte_array_new();
    head->sheet = setup->from ? flac_cue_sheet(sound_file_fd(setup->from)) : NULL;
    add_tags(head, setup);
    sound_tags_lost(setup, chain, holds, setup->tags);
    const size_t sheet = head->sheet ? FLAC_BLOCK_HEAD + g_bytes_get_size(head->sheet) : 0;
    const size_t room =
        head->comments->len + marks_room(setup, chain_sound(chain)->rate) + sheet + FLAC_BLOCK_HEAD;
    if (make_room(file, room, failure))
        return head;
    flac_head_destroy(head);
    return NULL;
}

/* What libFLAC says of itself, and all of ours. */
static GByteArray *comments_of(const struct flac_head *head, GBytes *written, const GArray *marks,
                               int rate)
{
    g_autoptr(GByteArray) chapters = g_byte_array_new();
    const uint8_t *vendor = g_bytes_get_data(written, NULL);
    GByteArray *comments = g_byte_array_new();
    uint8_t count[4];
    little_put(count, head->count + add_marks(chapters, marks, rate), sizeof count);
    g_byte_array_append(comments, vendor, 4 + (guint)little_get(vendor, 4));
    g_byte_array_append(comments, count, sizeof count);
    g_byte_array_append(comments, head->comments->data, head->comments->len);
    g_byte_array_append(comments, chapters->data, chapters->len);
    return comments;
}

static bool put(int fd, const GByteArray *blocks, int64_t at, struct failure *failure)
{
    return pwrite(fd, blocks->data, blocks->len, at) == (ssize_t)blocks->len ||
           fail(failure, FAIL_DISK, "writing the tags: %s", g_strerror(errno));
}

bool flac_head_write(const struct flac_head *head, int fd, const GArray *marks, int rate,
                     bool whole, struct failure *failure)
{
    int64_t at;
    size_t length;
    g_autoptr(GArray) none = sound_marks_new();
    g_autoptr(GBytes) written = flac_block_load(fd, FLAC_COMMENTS);
    GBytes *sheet = whole ? head->sheet : NULL;
    if (!written || !flac_block_find(fd, FLAC_COMMENTS, &at, &length))
        return fail(failure, FAIL_DISK, "finishing the file: its tags can't be read back");
    g_autoptr(GByteArray) comments = comments_of(head, written, sheet ? none : marks, rate);
    g_autoptr(GByteArray) blocks = g_byte_array_new();
    flac_block_add(blocks, FLAC_COMMENTS, false, comments->data, comments->len);
    if (sheet)
        flac_block_add(blocks, FLAC_CUE_SHEET, false, g_bytes_get_data(sheet, NULL),
                       g_bytes_get_size(sheet));
    if (length < blocks->len)
        return fail(failure, FAIL_INTERNAL, "the tags are longer than the room for them");
    const size_t left = length - blocks->len;
    g_autofree uint8_t *padding = g_malloc0(left + 1);
    flac_block_add(blocks, FLAC_PADDING, true, padding, left);
    return put(fd, blocks, at - FLAC_BLOCK_HEAD, failure);
}
