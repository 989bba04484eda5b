/* SPDX-License-Identifier: GPL-3.0-or-later
 * Goldens as text, both ways. */
#include "model/golden.h"

#include <gio/gio.h>
#include <math.h>
#include <string.h>

static const char first_line[] = "rushes golden 1", last_line[] = "end";

static void track_free(void *data)
{
    struct golden_track *track = data;
    g_free(track->sound);
    g_array_unref(track->seconds);
    g_free(track);
}

struct golden *golden_create(void)
{
    struct golden *golden = g_new0(struct golden, 1);
    golden->facts = g_ptr_array_new_with_free_func(g_free);
    golden->frames = g_array_new(FALSE, TRUE, sizeof(struct golden_frame));
    golden->tracks = g_ptr_array_new_with_free_func(track_free);
    return golden;
}

struct golden_track *golden_add_track(struct golden *golden, const char *sound)
{
    struct golden_track *track = g_new0(struct golden_track, 1);
    track->sound = g_strdup(sound);
    track->seconds = g_array_new(FALSE, TRUE, sizeof(struct golden_second));
    g_ptr_array_add(golden->tracks, track);
    return track;
}

int64_t golden_stride(const struct golden *golden)
{
    int64_t stride = 1;
    while (((int64_t)golden->frames->len + stride - 1) / stride > GOLDEN_MOMENTS)
        stride *= 2;
    return stride;
}

void golden_destroy(struct golden *golden)
{
    if (!golden)
        return;
    g_free(golden->stamp);
    g_free(golden->reason);
    g_free(golden->picture);
    g_ptr_array_unref(golden->facts);
    g_array_unref(golden->frames);
    g_ptr_array_unref(golden->tracks);
    g_free(golden);
}

int golden_moments(const struct golden *golden)
{
    const int64_t stride = golden_stride(golden);
    return (int)(((int64_t)golden->frames->len + stride - 1) / stride);
}

int golden_moment(const struct golden *golden, int64_t frame)
{
    const int64_t stride = golden_stride(golden);
    return (int)MIN((frame + stride / 2) / stride, golden_moments(golden) - 1);
}

/* --- written --- */

/* A line each: what is in a text that would end it is a blank. */
static void put_line(GString *out, const char *word, const char *text)
{
    if (!text)
        return;
    g_autofree char *plain = g_strdelimit(g_strdup(text), "\r\n", ' ');
    g_string_append_printf(out, "%s %s\n", word, plain);
}

static void put_number(GString *out, const char *format, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_formatd(text, sizeof text, format, number));
}

static void put_frame(GString *out, guint number, const struct golden_frame *frame)
{
    g_string_append_printf(out, "frame %u ", number);
    put_number(out, "%.6f", frame->time_s);
    g_string_append_printf(out, " %s ", frame->hash);
    for (int i = 0; i < GOLDEN_CELLS; i++)
        g_string_append_printf(out, "%02x", frame->cells[i]);
    g_string_append_c(out, '\n');
}

static void put_second(GString *out, guint number, const struct golden_second *second)
{
    g_string_append_printf(out, "second %u %s ", number, second->hash);
    put_number(out, "%.2f", second->rms_dbfs);
    g_string_append_c(out, '\n');
}

static void put_track(GString *out, const struct golden_track *track)
{
    put_line(out, "sound", track->sound);
    g_string_append(out, "begins ");
    put_number(out, "%.6f", track->start_s);
    g_string_append_c(out, '\n');
    for (guint i = 0; i < track->seconds->len; i++)
        put_second(out, i, &g_array_index(track->seconds, struct golden_second, i));
}

char *golden_to_text(const struct golden *golden)
{
    GString *out = g_string_new(first_line);
    g_string_append_c(out, '\n');
    put_line(out, "stamp", golden->stamp);
    put_line(out, "reason", golden->reason);
    for (guint i = 0; i < golden->facts->len; i++)
        put_line(out, "fact", golden->facts->pdata[i]);
    put_line(out, "picture", golden->picture);
    for (guint i = 0; i < golden->frames->len; i++)
        put_frame(out, i, &g_array_index(golden->frames, struct golden_frame, i));
    for (guint i = 0; i < golden->tracks->len; i++)
        put_track(out, golden->tracks->pdata[i]);
    g_string_append_printf(out, "%s\n", last_line);
    return g_string_free(out, FALSE);
}

/* --- read --- */

static bool take_text(char **to, const char *text)
{
    g_free(*to);
    *to = g_strdup(text);
    return true;
}

static bool take_hash(char to[HASH_TEXT_SIZE], const char *text)
{
    return text && strlen(text) < HASH_TEXT_SIZE &&
           g_strlcpy(to, text, HASH_TEXT_SIZE) < HASH_TEXT_SIZE;
}

/* All of the text. */
static bool take_number(double *to, const char *text)
{
    char *end;
    *to = g_ascii_strtod(text, &end);
    return end != text && !*end && isfinite(*to);
}

static bool take_place(guint place, const char *text)
{
    guint64 number;
    return g_ascii_string_to_unsigned(text, 10, 0, G_MAXUINT, &number, NULL) && number == place;
}

static bool take_cells(uint8_t *cells, const char *text)
{
    if (!text || strlen(text) != (size_t)2 * GOLDEN_CELLS)
        return false;
    for (int i = 0; i < GOLDEN_CELLS; i++) {
        const int high = g_ascii_xdigit_value(text[2 * i]);
        const int low = g_ascii_xdigit_value(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        cells[i] = (uint8_t)(16 * high + low);
    }
    return true;
}

static bool take_frame(struct golden *golden, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 4);
    struct golden_frame frame = {0};
    if (g_strv_length(parts) != 4 || !take_place(golden->frames->len, parts[0]) ||
        !take_number(&frame.time_s, parts[1]) || !take_hash(frame.hash, parts[2]) ||
        !take_cells(frame.cells, parts[3]))
        return false;
    g_array_append_val(golden->frames, frame);
    return true;
}

static struct golden_track *last_track(const struct golden *golden)
{
    return golden->tracks->len ? golden->tracks->pdata[golden->tracks->len - 1] : NULL;
}

static bool take_second(const struct golden *golden, const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, " ", 3);
    const struct golden_track *track = last_track(golden);
    struct golden_second second = {0};
    if (!track || g_strv_length(parts) != 3 || !take_place(track->seconds->len, parts[0]) ||
        !take_hash(second.hash, parts[1]) || !take_number(&second.rms_dbfs, parts[2]))
        return false;
    g_array_append_val(track->seconds, second);
    return true;
}

static bool take_start(const struct golden *golden, const char *text)
{
    struct golden_track *track = last_track(golden);
    return track && take_number(&track->start_s, text);
}

static bool take_line(struct golden *golden, const char *word, const char *text)
{
    if (strcmp(word, "stamp") == 0)
        return take_text(&golden->stamp, text);
    if (strcmp(word, "reason") == 0)
        return take_text(&golden->reason, text);
    if (strcmp(word, "picture") == 0)
        return take_text(&golden->picture, text);
    if (strcmp(word, "sound") == 0)
        return golden_add_track(golden, text) != NULL;
    if (strcmp(word, "begins") == 0)
        return take_start(golden, text);
    if (strcmp(word, "frame") == 0)
        return take_frame(golden, text);
    if (strcmp(word, "second") == 0)
        return take_second(golden, text);
    if (strcmp(word, "fact") != 0)
        return false;
    g_ptr_array_add(golden->facts, g_strdup(text));
    return true;
}

struct golden *golden_from_text(const char *text, gssize length, GError **error)
{
    g_autofree char *whole = length < 0 ? g_strdup(text) : g_strndup(text, (gsize)length);
    g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
    g_auto(golden_ptr) golden = golden_create();
    if (!*lines || strcmp(g_strchomp(*lines), first_line) != 0) {
        g_set_error(
            error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
            "it doesn't begin with \"%s\": it is no golden, or of another version of rushes",
            first_line);
        return NULL;
    }
    const guint count = g_strv_length(lines);
    if (count < 2 || *lines[count - 1] || strcmp(g_strchomp(lines[count - 2]), last_line) != 0) {
        g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                    "its last line isn't \"%s\": it is cut short; bless it again", last_line);
        return NULL;
    }
    for (guint i = 1; i < count - 2; i++) {
        char *line = g_strchomp(lines[i]), *gap = strchr(line, ' ');
        if (gap)
            *gap = '\0';
        if (*line && !take_line(golden, line, gap ? gap + 1 : "")) {
            g_set_error(error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA,
                        "its line %u can't be read: bless it again", i + 1);
            return NULL;
        }
    }
    return g_steal_pointer(&golden);
}
