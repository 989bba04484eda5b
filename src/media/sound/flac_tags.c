/* SPDX-License-Identifier: GPL-3.0-or-later
 * The comments of a FLAC file: libsndfile reads only those that it has numbers for. */
#include "../bytes/little.h"
#include "base/names.h"
#include "flac_blocks.h"
#include "model/carried.h"

#include <string.h>

/* Where libav has another name. */
static const char *const names[][2] = {{"albumartist", "album_artist"},
                                       {"tracknumber", "track"},
                                       {"discnumber", "disc"},
                                       {"description", "comment"}};

const char *flac_tag_of(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i][0]) == 0)
            return names[i][1];
    return name;
}

const char *flac_name_of(const char *tag)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if (g_ascii_strcasecmp(tag, names[i][1]) == 0)
            return names[i][0];
    return tag;
}

static void add(GPtrArray *comments, const char *comment, size_t length)
{
    g_autofree char *text = g_strndup(comment, length);
    char *value = strchr(text, '=');
    if (!value || value == text || !value[1])
        return;
    *value++ = '\0';
    g_autofree char *name = g_ascii_strdown(text, -1), *valid = g_utf8_make_valid(value, -1);
    g_ptr_array_add(comments, g_strconcat(name, "=", valid, NULL));
}

/* A length of 32 bits, and so many bytes. */
static bool next(const uint8_t *block, size_t length, size_t *at, const char **text, size_t *size)
{
    if (length - *at < 4 || little_get(block + *at, 4) > length - *at - 4)
        return false;
    *size = (size_t)little_get(block + *at, 4);
    *text = (const char *)block + *at + 4;
    *at += 4 + *size;
    return true;
}

GPtrArray *flac_comments(int fd)
{
    GPtrArray *comments = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GBytes) data = flac_block_load(fd, FLAC_COMMENTS);
    size_t length = 0, at = 0, size;
    const uint8_t *block = data ? g_bytes_get_data(data, &length) : NULL;
    const char *text;
    if (!block || !next(block, length, &at, &text, &size) || length - at < 4) /* who wrote them */
        return comments;
    uint64_t count = little_get(block + at, 4);
    at += 4;
    for (uint64_t i = 0; i < count && next(block, length, &at, &text, &size); i++)
        add(comments, text, size);
    return comments;
}

bool flac_comment_is_mark(const char *comment)
{
    const char *end = comment + strlen("chapter000");
    if (strlen(comment) <= strlen("chapter000") || !g_str_has_prefix(comment, "chapter"))
        return false;
    for (const char *digit = end - 3; digit < end; digit++)
        if (!g_ascii_isdigit(*digit))
            return false;
    return *end == '=' || g_str_has_prefix(end, "name=");
}

bool flac_comment_is_of(const char *comment, const char *tag)
{
    g_autofree char *name = g_strndup(comment, strcspn(comment, "="));
    return g_ascii_strcasecmp(flac_tag_of(name), tag) == 0;
}

static void add_tag(AVDictionary **tags, const char *comment)
{
    const char *value = strchr(comment, '=') + 1;
    g_autofree char *name = g_strndup(comment, (gsize)(value - comment) - 1);
    const char *tag = flac_tag_of(name);
    if (av_dict_get(*tags, tag, NULL, 0))
        av_dict_set(tags, tag, ";", AV_DICT_APPEND);
    av_dict_set(tags, tag, value, AV_DICT_APPEND);
}

void flac_tags_read(int fd, AVDictionary **tags)
{
    g_autoptr(GPtrArray) comments = flac_comments(fd);
    for (guint i = 0; i < comments->len; i++)
        if (!flac_comment_is_mark(comments->pdata[i]))
            add_tag(tags, comments->pdata[i]);
}

static bool is_among(GPtrArray *tags, const char *tag)
{
    return g_ptr_array_find_with_equal_func(tags, tag, g_str_equal, NULL);
}

/* What more than one comment is of. */
static GPtrArray *given_again(int fd)
{
    g_autoptr(GPtrArray) comments = flac_comments(fd);
    g_autoptr(GPtrArray) once = g_ptr_array_new_with_free_func(g_free);
    GPtrArray *again = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < comments->len; i++) {
        const char *comment = comments->pdata[i];
        g_autofree char *name = g_strndup(comment, strcspn(comment, "="));
        const char *tag = flac_tag_of(name);
        g_ptr_array_add(is_among(once, tag) ? again : once, g_strdup(tag));
    }
    return again;
}

static bool is_as_before(const AVDictionary *before, const AVDictionary *made, const char *tag)
{
    const AVDictionaryEntry *was = av_dict_get(before, tag, NULL, 0);
    const AVDictionaryEntry *is = av_dict_get(made, tag, NULL, 0);
    return was && is && strcmp(was->value, is->value) == 0;
}

void sound_tags_joined(int source, int after, const AVDictionary *made, GPtrArray *rows)
{
    g_autoptr(GPtrArray) again = given_again(source), kept = given_again(after);
    g_autoptr(GPtrArray) joined = g_ptr_array_new();
    AVDictionary *before = NULL;
    flac_tags_read(source, &before);
    for (guint i = 0; i < again->len; i++) {
        const char *tag = again->pdata[i];
        if (is_as_before(before, made, tag) && !is_among(kept, tag) && !is_among(joined, tag))
            g_ptr_array_add(joined, (char *)tag);
    }
    av_dict_free(&before);
    g_autofree char *list = names_text_of(joined);
    const struct carried_row row = {.keep = KEEP_TAGS,
                                    .stream = -1,
                                    .what = (char *)"tags given again",
                                    .before = list,
                                    .after = list,
                                    .fate = FATE_CHANGED,
                                    .why = (char *)"those of one name are one, with ; between"};
    if (joined->len)
        g_ptr_array_add(rows, carried_copy(&row));
}
