/* SPDX-License-Identifier: GPL-3.0-or-later
 * The comments of a FLAC file: libsndfile reads only those that it has numbers for. */
#include "../bytes/little.h"
#include "sndfile_private.h"

#include <string.h>
#include <unistd.h>

enum { HEAD = 4, LAST = 0x80, COMMENTS = 4, BLOCKS_MAX = 128 };

/* Where libav has another name. */
static const char *const names[][2] = {{"albumartist", "album_artist"},
                                       {"tracknumber", "track"},
                                       {"discnumber", "disc"},
                                       {"description", "comment"}};

static void add(AVDictionary **tags, const char *comment, size_t length)
{
    g_autofree char *text = g_strndup(comment, length);
    char *value = strchr(text, '=');
    if (!value || value == text || !value[1])
        return;
    *value++ = '\0';
    g_autofree char *key = g_ascii_strdown(text, -1), *valid = g_utf8_make_valid(value, -1);
    const char *name = key;
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        name = strcmp(key, names[i][0]) == 0 ? names[i][1] : name;
    if (av_dict_get(*tags, name, NULL, 0))
        av_dict_set(tags, name, ";", AV_DICT_APPEND);
    av_dict_set(tags, name, valid, AV_DICT_APPEND);
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

static void read_block(const uint8_t *block, size_t length, AVDictionary **tags)
{
    size_t at = 0, size;
    const char *text;
    if (!next(block, length, &at, &text, &size) || length - at < 4) /* who wrote them */
        return;
    uint64_t count = little_get(block + at, 4);
    at += 4;
    for (uint64_t i = 0; i < count && next(block, length, &at, &text, &size); i++)
        add(tags, text, size);
}

static void load_block(int fd, off_t at, size_t length, AVDictionary **tags)
{
    g_autofree uint8_t *block = g_try_malloc(length + 1);
    if (block && pread(fd, block, length, at) == (ssize_t)length)
        read_block(block, length, tags);
}

void flac_tags_read(int fd, AVDictionary **tags)
{
    uint8_t head[HEAD];
    off_t at = 4;
    if (pread(fd, head, 4, 0) != 4 || memcmp(head, "fLaC", 4) != 0)
        return;
    for (unsigned i = 0; i < BLOCKS_MAX && pread(fd, head, HEAD, at) == HEAD; i++) {
        size_t length = (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
        if ((head[0] & ~LAST) == COMMENTS) {
            load_block(fd, at + HEAD, length, tags);
            return;
        }
        if (head[0] & LAST)
            return;
        at += HEAD + (off_t)length;
    }
}
