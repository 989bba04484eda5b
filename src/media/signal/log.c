/* SPDX-License-Identifier: GPL-3.0-or-later
 * One line a message, whoever speaks. */
#include "media/log.h"

#include <glib.h>
#include <libavutil/log.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_MAX_BYTES = 1000 };

static struct {
    GMutex lock;
    char last[LINE_MAX_BYTES];
    unsigned repeats;
    GString *partial;    /* libav prints some lines in pieces */
    GHashTable *watched; /* speaker → struct errors */
} state;

struct errors {
    unsigned count;
    char *first;
};

static void print_repeats(void)
{
    if (state.repeats)
        fprintf(stderr, "    (the same %u more times)\n", state.repeats);
    state.repeats = 0;
}

static void print_line(const char *who, const char *text, gsize length)
{
    char line[LINE_MAX_BYTES];
    g_snprintf(line, sizeof line, "[%s] %.*s", who, (int)MIN(length, LINE_MAX_BYTES), text);
    for (char *c = line; *c; c++)
        if (g_ascii_iscntrl(*c))
            *c = ' ';
    g_strchomp(line);
    if (strcmp(line, state.last) == 0) {
        state.repeats++;
        return;
    }
    print_repeats();
    memcpy(state.last, line, sizeof line);
    fprintf(stderr, "%s\n", line);
}

static void print_lines(const char *who, const char *text)
{
    g_mutex_lock(&state.lock);
    for (const char *end; *text; text = *end ? end + 1 : end) {
        end = strchrnul(text, '\n');
        if (end > text)
            print_line(who, text, (gsize)(end - text));
    }
    g_mutex_unlock(&state.lock);
}

void media_log(const char *who, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    print_lines(who, text);
}

void media_log_flush(void)
{
    g_mutex_lock(&state.lock);
    print_repeats();
    state.last[0] = '\0';
    g_mutex_unlock(&state.lock);
}

int64_t media_log_end(void)
{
    struct stat log;
    media_log_flush();
    return fstat(STDERR_FILENO, &log) == 0 ? log.st_size : 0;
}

/* "x265 [error]: bad level.", "[libav libx265] Cannot open": what is said. */
static char *without_speaker(char *line)
{
    static const char error[] = "[error]: ", other[] = "] ";
    char *from = strstr(line, error), *by = *line == '[' ? strstr(line, other) : NULL;
    char *said = g_strstrip(from ? from + strlen(error) : by ? by + strlen(other) : line);
    if (g_str_has_suffix(said, "."))
        said[strlen(said) - 1] = '\0';
    return said;
}

static bool informs(const char *line)
{
    return strstr(line, "[info]") || strstr(line, "[warn");
}

char *media_log_complaint(int64_t since)
{
    char text[4 * LINE_MAX_BYTES + 1] = "";
    const int64_t begin = MAX(since, media_log_end() - (int64_t)(sizeof text - 1));
    if (pread(STDERR_FILENO, text, sizeof text - 1, begin) <= 0)
        return NULL;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GPtrArray) said = g_ptr_array_new();
    for (char **line = lines; *line; line++)
        if (**line && !informs(*line))
            g_ptr_array_add(said, without_speaker(*line));
    const char **last = (const char **)said->pdata + said->len;
    return said->len > 1   ? g_strdup_printf("%s; %s", last[-2], last[-1])
           : said->len > 0 ? g_strdup(last[-1])
                           : NULL;
}

static char *libav_line(const char *text)
{
    g_mutex_lock(&state.lock);
    g_string_append(state.partial, text);
    char *whole = NULL;
    if (g_str_has_suffix(text, "\n") || state.partial->len > LINE_MAX_BYTES) {
        whole = g_strdup(state.partial->str);
        g_string_truncate(state.partial, 0);
    }
    g_mutex_unlock(&state.lock);
    return whole;
}

static void free_errors(void *data)
{
    struct errors *errors = data;
    g_free(errors->first);
    g_free(errors);
}

/* NULL: isn't watched. With the lock. */
static struct errors *errors_of(const void *speaker)
{
    return state.watched ? g_hash_table_lookup(state.watched, speaker) : NULL;
}

void media_log_watch(const void *speaker)
{
    g_mutex_lock(&state.lock);
    if (!state.watched)
        state.watched = g_hash_table_new_full(NULL, NULL, NULL, free_errors);
    g_hash_table_insert(state.watched, (void *)speaker, g_new0(struct errors, 1));
    g_mutex_unlock(&state.lock);
}

void media_log_unwatch(const void *speaker)
{
    g_mutex_lock(&state.lock);
    if (state.watched)
        g_hash_table_remove(state.watched, speaker);
    g_mutex_unlock(&state.lock);
}

unsigned media_log_errors(const void *speaker)
{
    g_mutex_lock(&state.lock);
    const struct errors *errors = errors_of(speaker);
    const unsigned count = errors ? errors->count : 0;
    g_mutex_unlock(&state.lock);
    return count;
}

char *media_log_first_error(const void *speaker)
{
    g_mutex_lock(&state.lock);
    const struct errors *errors = errors_of(speaker);
    char *first = errors ? g_strdup(errors->first) : NULL;
    g_mutex_unlock(&state.lock);
    return first;
}

static void count_error(const void *speaker, const char *text)
{
    g_mutex_lock(&state.lock);
    struct errors *errors = errors_of(speaker);
    if (errors && errors->count++ == 0)
        errors->first = g_strchomp(g_strdup(text));
    g_mutex_unlock(&state.lock);
}

static void on_libav(void *speaker, int level, const char *format, va_list args)
{
    if (level > AV_LOG_WARNING)
        return;
    const AVClass *class = speaker ? *(const AVClass **)speaker : NULL;
    g_autofree char *who =
        class ? g_strdup_printf("libav %s", class->item_name(speaker)) : g_strdup("libav");
    g_autofree char *text = g_strdup_vprintf(format, args);
    if (level <= AV_LOG_ERROR)
        count_error(speaker, text);
    g_autofree char *whole = libav_line(text);
    if (whole)
        print_lines(who, whole);
}

static void on_glib(const char *domain, GLogLevelFlags level, const char *message, gpointer data)
{
    if ((level & G_LOG_LEVEL_MASK) > G_LOG_LEVEL_MESSAGE)
        return;
    g_autofree char *who = g_ascii_strdown(domain ? domain : "glib", -1);
    print_lines(who, message);
}

void media_log_start(void)
{
    if (state.partial)
        return;
    state.partial = g_string_new(NULL);
    av_log_set_callback(on_libav);
    g_log_set_default_handler(on_glib, NULL);
}
