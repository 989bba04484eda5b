/* SPDX-License-Identifier: GPL-3.0-or-later
 * The bext chunk, to and from bytes. */
#include "bext.h"

#include "../bytes/little.h"

#include <math.h>
#include <string.h>

enum { VERSION = 2, HISTORY_AT = 602, UNKNOWN = 0x7FFF };

/* Where each text is, and what stands in between. Behind the loudness all is reserved, and 0. */
#define TEXTS(bext)                                                           \
    {                                                                         \
        {(bext)->description, 0, 256}, {(bext)->originator, 256, 32},         \
            {(bext)->originator_reference, 288, 32}, {(bext)->date, 320, 10}, \
            {(bext)->time, 330, 8},                                           \
    }
enum { TIME_REFERENCE_AT = 338, VERSION_AT = 346, UMID_AT = 348, LOUDNESS_AT = 412 };

void bext_init(struct bext *bext)
{
    *bext = (struct bext){.history = g_string_new(NULL)};
    for (unsigned i = 0; i < G_N_ELEMENTS(bext->loudness); i++)
        bext->loudness[i] = UNKNOWN;
}

void bext_clear(struct bext *bext)
{
    if (bext->history)
        g_string_free(bext->history, TRUE);
    bext->history = NULL;
}

bool bext_parse(struct bext *bext, GBytes *chunk)
{
    gsize length;
    const uint8_t *data = g_bytes_get_data(chunk, &length);
    if (length < HISTORY_AT)
        return false;
    bext_init(bext);
    const struct {
        void *to;
        size_t at, length;
    } texts[] = TEXTS(bext);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        memcpy(texts[i].to, data + texts[i].at, texts[i].length);
    bext->time_reference = little_get(data + TIME_REFERENCE_AT, 8);
    if (little_get(data + VERSION_AT, 2) >= 1)
        memcpy(bext->umid, data + UMID_AT, sizeof bext->umid);
    const char *history = (const char *)data + HISTORY_AT;
    g_string_append_len(bext->history, history, (gssize)strnlen(history, length - HISTORY_AT));
    return true;
}

GBytes *bext_print(const struct bext *bext)
{
    gsize length = HISTORY_AT + bext->history->len + (bext->history->len & 1);
    uint8_t *data = g_malloc0(length);
    const struct {
        const void *from;
        size_t at, length;
    } texts[] = TEXTS(bext);
    for (unsigned i = 0; i < G_N_ELEMENTS(texts); i++)
        memcpy(data + texts[i].at, texts[i].from, texts[i].length);
    little_put(data + TIME_REFERENCE_AT, bext->time_reference, 8);
    little_put(data + VERSION_AT, VERSION, 2);
    memcpy(data + UMID_AT, bext->umid, sizeof bext->umid);
    for (unsigned i = 0; i < G_N_ELEMENTS(bext->loudness); i++)
        little_put(data + LOUDNESS_AT + 2 * i, (uint16_t)bext->loudness[i], 2);
    memcpy(data + HISTORY_AT, bext->history->str, bext->history->len);
    return g_bytes_new_take(data, length);
}

void bext_text(char *field, size_t room, const char *text)
{
    size_t length = strlen(text);
    if (length > room) {
        length = room;
        while (length > 0 && ((uint8_t)text[length] & 0xC0) == 0x80)
            length--;
    }
    memset(field, 0, room);
    memcpy(field, text, length);
}

static int16_t hundredths(double value)
{
    static const double scale = 99.99;
    return isfinite(value) && fabs(value) <= scale ? (int16_t)lround(value * 100) : UNKNOWN;
}

void bext_loudness(struct bext *bext, const struct loudness *loudness)
{
    bext->loudness[0] = hundredths(loudness->integrated_lufs);
    bext->loudness[1] = hundredths(loudness->lra_lu);
    bext->loudness[2] = hundredths(loudness->true_peak_dbtp);
    bext->loudness[3] = hundredths(loudness->max_momentary_lufs);
    bext->loudness[4] = hundredths(loudness->max_short_term_lufs);
}

void bext_made(struct bext *bext, int rate, int bits, int channels, bool floats)
{
    GString *history = bext->history;
    if (history->len && history->str[history->len - 1] != '\n')
        g_string_append(history, "\r\n");
    g_string_append_printf(history, "A=PCM,F=%d,W=%d", rate, bits);
    if (channels <= 2)
        g_string_append(history, channels == 1 ? ",M=mono" : ",M=stereo");
    g_string_append(history, ",T=rushes " RUSHES_VERSION);
    if (floats)
        g_string_append(history, "; float");
    if (channels > 2)
        g_string_append_printf(history, "; %d channels", channels);
    g_string_append(history, "\r\n");
}
