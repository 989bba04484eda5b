/* SPDX-License-Identifier: GPL-3.0-or-later
 * WAVE files byte by byte. */
#include "wave_help.h"

#include "sound_help.h"

#include <string.h>
#include <unistd.h>

static void add(GByteArray *to, guint64 value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        g_byte_array_append(to, (const guint8[]){(guint8)(value >> 8 * i)}, 1);
}

static void over(GByteArray *in, guint at, guint64 value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        in->data[at + (guint)i] = (guint8)(value >> 8 * i);
}

struct wave *wave_begin(int rate, int channels)
{
    struct wave *wave = g_new(struct wave, 1);
    *wave = (struct wave){g_byte_array_new(), rate, channels};
    g_byte_array_append(wave->bytes, (const guint8 *)"RIFF\0\0\0\0WAVEfmt \x10\0\0\0\1\0", 22);
    add(wave->bytes, (guint64)channels, 2);
    add(wave->bytes, (guint64)rate, 4);
    add(wave->bytes, (guint64)rate * (guint64)channels * 3, 4);
    add(wave->bytes, (guint64)channels * 3, 2);
    add(wave->bytes, 24, 2);
    return wave;
}

void wave_chunk(struct wave *wave, const char *id, const void *data, gsize length)
{
    g_byte_array_append(wave->bytes, (const guint8 *)id, 4);
    add(wave->bytes, length, 4);
    g_byte_array_append(wave->bytes, data, (guint)length);
    add(wave->bytes, 0, length & 1);
}

void wave_samples(struct wave *wave, int frames)
{
    g_autoptr(GByteArray) samples = g_byte_array_new();
    for (int i = 0; i < frames; i++)
        for (int c = 0; c < wave->channels; c++)
            add(samples, (guint64)i, 3);
    wave_chunk(wave, "data", samples->data, samples->len);
}

int wave_end(struct wave *wave)
{
    int fd = sound_empty();
    over(wave->bytes, 4, wave->bytes->len - 8, 4);
    g_assert_cmpint(write(fd, wave->bytes->data, wave->bytes->len), ==, wave->bytes->len);
    g_byte_array_unref(wave->bytes);
    g_free(wave);
    return fd;
}

GBytes *wave_find(int fd, const char *id, goffset *at)
{
    goffset pos = 12, size = lseek(fd, 0, SEEK_END);
    guint8 head[8];
    while (pos + 8 <= size && pread(fd, head, 8, pos) == 8) {
        gsize length = head[4] | (gsize)head[5] << 8 | (gsize)head[6] << 16 | (gsize)head[7] << 24;
        if (memcmp(head, id, 4) == 0) {
            g_autofree char *data = g_malloc(length + 1);
            g_assert_cmpint(pread(fd, data, length, pos + 8), ==, (gssize)length);
            if (at)
                *at = pos;
            if (!id[4] || (length >= 4 && memcmp(data, id + 4, 4) == 0))
                return g_bytes_new_take(g_steal_pointer(&data), length);
        }
        pos += 8 + (goffset)length + (goffset)(length & 1);
    }
    return NULL;
}

goffset wave_place(int fd, const char *id)
{
    goffset at;
    GBytes *chunk = wave_find(fd, id, &at);
    g_assert_nonnull(chunk);
    g_bytes_unref(chunk);
    return at;
}

guint64 wave_number(GBytes *chunk, gsize at, gsize bytes)
{
    gsize length;
    const guint8 *data = g_bytes_get_data(chunk, &length);
    guint64 value = 0;
    g_assert_cmpuint(at + bytes, <=, length);
    for (gsize i = bytes; i-- > 0;)
        value = value << 8 | data[at + i];
    return value;
}

void wave_ends(int fd, int channels, int *first, int *last)
{
    g_autoptr(GBytes) data = wave_find(fd, "data", NULL);
    *first = (int)wave_number(data, 0, 3);
    *last = (int)wave_number(data, g_bytes_get_size(data) - (gsize)channels * 3, 3);
}

GByteArray *wave_bext(guint64 time_reference, const char *history)
{
    GByteArray *bext = g_byte_array_new();
    g_byte_array_set_size(bext, BEXT_HISTORY);
    memset(bext->data, 0, BEXT_HISTORY);
    memcpy(bext->data + BEXT_DESCRIPTION, "Scene 12 take 3", 15);
    memcpy(bext->data + BEXT_ORIGINATOR, "Recorder", 8);
    memcpy(bext->data + BEXT_REFERENCE, "USABC1234", 9);
    memcpy(bext->data + BEXT_DATE, "2026-11-2021-15-00", 18);
    over(bext, BEXT_TIME_REFERENCE, time_reference, 8);
    over(bext, BEXT_VERSION, 1, 2);
    for (int i = 0; i < 64; i++)
        bext->data[BEXT_UMID + i] = (guint8)(i * 3 + 1);
    g_byte_array_append(bext, (const guint8 *)history, (guint)strlen(history));
    return bext;
}
