/* SPDX-License-Identifier: GPL-3.0-or-later
 * Cues that overlap, as samples of timed text. */
#include "timed_text.h"

#include "media/frame.h"

#include <glib.h>
#include <libavutil/intreadwrite.h>
#include <string.h>

/* 3GPP TS 26.245, 5.17: a sample is the length of its text in bytes, the text, and boxes. Of the
 * boxes, those of styles name the characters that they are for. */
enum { LENGTH = 2, BOX = 8, STYLES = BOX + 2, STYLE = 12, TEXT_MOST = 0xffff };

struct shown {
    AVPacket *cue;
    int64_t end;
    bool overlaps;
};

struct timed_text {
    GArray *shown; /* struct shown: all that are shown at `at`, or begin there */
    int64_t at, portion, overlaps;
    GQueue samples;
};

static void clear_shown(gpointer shown)
{
    av_packet_free(&((struct shown *)shown)->cue);
}

struct timed_text *timed_text_create(int64_t portion)
{
    struct timed_text *text = g_new0(struct timed_text, 1);
    text->shown = g_array_new(FALSE, FALSE, sizeof(struct shown));
    g_array_set_clear_func(text->shown, clear_shown);
    text->portion = portion;
    text->at = portion ? 0 : INT64_MIN;
    g_queue_init(&text->samples);
    return text;
}

void timed_text_destroy(struct timed_text *text)
{
    if (!text)
        return;
    g_array_unref(text->shown);
    for (AVPacket *sample; (sample = timed_text_next(text));)
        av_packet_free(&sample);
    g_free(text);
}

static size_t text_length(const AVPacket *cue)
{
    if (cue->size < LENGTH)
        return 0;
    return MIN(AV_RB16(cue->data), (size_t)cue->size - LENGTH);
}

static const char *text_of(const AVPacket *cue)
{
    return (const char *)cue->data + LENGTH;
}

/* Text may be in UTF-16 as well, which says so first. */
static bool is_utf8(const AVPacket *cue)
{
    return g_utf8_validate(text_of(cue), (gssize)text_length(cue), NULL);
}

static void put_16(GByteArray *out, unsigned value)
{
    const guint8 bytes[] = {(guint8)(value >> 8), (guint8)value};
    g_byte_array_append(out, bytes, sizeof bytes);
}

/* The styles of a cue whose first character is the sample's `first`. */
static void add_styles(const AVPacket *cue, unsigned first, GByteArray *styles)
{
    const uint8_t *end = cue->data + cue->size, *box = cue->data + LENGTH + text_length(cue);
    for (size_t size;
         end - box >= BOX && (size = AV_RB32(box)) >= BOX && size <= (size_t)(end - box);
         box += size) {
        if (memcmp(box + 4, "styl", 4) != 0 || size < STYLES)
            continue;
        const unsigned count = (unsigned)MIN(AV_RB16(box + BOX), (size - STYLES) / STYLE);
        for (const uint8_t *style = box + STYLES; style < box + STYLES + count * STYLE;
             style += STYLE) {
            put_16(styles, AV_RB16(style) + first);
            put_16(styles, AV_RB16(style + 2) + first);
            g_byte_array_append(styles, style + 4, STYLE - 4);
        }
    }
}

/* `characters`: of the words so far. */
static void add_cue(const AVPacket *cue, GString *words, unsigned *characters, GByteArray *styles)
{
    const gssize length = (gssize)text_length(cue);
    if (words->len + 1 + (size_t)length > TEXT_MOST || !is_utf8(cue))
        return;
    if (words->len) {
        g_string_append_c(words, '\n');
        ++*characters;
    }
    add_styles(cue, *characters, styles);
    g_string_append_len(words, text_of(cue), length);
    *characters += (unsigned)g_utf8_strlen(text_of(cue), length);
}

static AVPacket *packet_of(int size)
{
    AVPacket *packet = packet_new();
    if (av_new_packet(packet, size) < 0)
        g_error("no memory for a packet");
    return packet;
}

static AVPacket *sample_of(const GString *words, const GByteArray *styles)
{
    const unsigned count = MIN(styles->len / STYLE, UINT16_MAX);
    const unsigned box = count ? STYLES + count * STYLE : 0;
    AVPacket *sample = packet_of((int)(LENGTH + words->len + box));
    uint8_t *out = sample->data;
    AV_WB16(out, words->len);
    memcpy(out + LENGTH, words->str, words->len);
    out += LENGTH + words->len;
    if (count) {
        AV_WB32(out, box);
        memcpy(out + 4, "styl", 4);
        AV_WB16(out + BOX, count);
        memcpy(out + STYLES, styles->data, (size_t)count * STYLE);
    }
    return sample;
}

static AVPacket *joined(const GArray *shown)
{
    g_autoptr(GString) words = g_string_new(NULL);
    g_autoptr(GByteArray) styles = g_byte_array_new();
    unsigned characters = 0;
    for (guint i = 0; i < shown->len; i++)
        add_cue(g_array_index(shown, struct shown, i).cue, words, &characters, styles);
    return sample_of(words, styles);
}

static void give_sample(struct timed_text *text, int64_t end)
{
    const GArray *shown = text->shown;
    AVPacket *sample =
        shown->len == 1 ? packet_copy(g_array_index(shown, struct shown, 0).cue) : joined(shown);
    sample->pts = sample->dts = text->at;
    sample->duration = end < INT64_MAX ? end - text->at : 0;
    sample->flags |= AV_PKT_FLAG_KEY;
    g_queue_push_tail(&text->samples, sample);
}

AVPacket *timed_text_next(struct timed_text *text)
{
    return g_queue_pop_head(&text->samples);
}

/* Where the first of those that are shown ends. */
static int64_t next_end(const struct timed_text *text)
{
    int64_t end = INT64_MAX;
    for (guint i = 0; i < text->shown->len; i++)
        end = MIN(end, g_array_index(text->shown, struct shown, i).end);
    return end;
}

static void leave_ended(struct timed_text *text)
{
    for (guint i = text->shown->len; i > 0; i--)
        if (g_array_index(text->shown, struct shown, i - 1).end <= text->at)
            g_array_remove_index(text->shown, i - 1);
}

/* What lasts beyond `until` goes on, since it isn't known with what. */
void timed_text_pass(struct timed_text *text, int64_t until)
{
    for (int64_t end; text->shown->len && (end = next_end(text)) <= until;) {
        give_sample(text, end);
        text->at = end;
        leave_ended(text);
    }
    if (text->shown->len || !text->portion || until - text->at < text->portion)
        return;
    const int64_t end = until < INT64_MAX ? until : text->at + 1;
    give_sample(text, end);
    text->at = end;
}

/* What is shown is so up to `at`; what lasts for longer goes on from there. */
static void part_at(struct timed_text *text, int64_t at)
{
    if ((text->shown->len || text->portion) && at > text->at)
        give_sample(text, at);
    text->at = at;
    for (guint i = 0; i < text->shown->len; i++) {
        struct shown *shown = &g_array_index(text->shown, struct shown, i);
        if (shown->end == INT64_MAX)
            shown->end = at;
    }
    leave_ended(text);
}

static void count_overlaps(struct timed_text *text)
{
    for (guint i = 0; text->shown->len > 1 && i < text->shown->len; i++) {
        struct shown *shown = &g_array_index(text->shown, struct shown, i);
        text->overlaps += !shown->overlaps;
        shown->overlaps = true;
    }
}

void timed_text_put(struct timed_text *text, const AVPacket *cue)
{
    const int64_t start = MAX(cue->pts, text->at);
    const struct shown shown = {
        .cue = text_length(cue) ? packet_copy(cue) : NULL,
        .end = cue->duration > 0 ? cue->pts + cue->duration : INT64_MAX,
    };
    timed_text_pass(text, start);
    part_at(text, start);
    if (shown.cue)
        g_array_append_val(text->shown, shown);
    leave_ended(text);
    count_overlaps(text);
}

int64_t timed_text_overlaps(const struct timed_text *text)
{
    return text->overlaps;
}
