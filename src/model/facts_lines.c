/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts as the ledger keeps them: "name<TAB>value" a line, in the table's order, what is unknown
 * left out. A folder of a hundred thousand files is read back at every run, and JSON takes ten
 * times as long. */
#include "model/facts.h"

#include "facts_private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MEASURED_LINE "measured"
#define STREAM_LINE "stream"

/* Tabs, line ends and backslashes have a letter after a backslash. */
static void put_escaped(GString *out, const char *text)
{
    for (; *text; text++) {
        if (*text == '\t' || *text == '\n' || *text == '\\') {
            g_string_append_c(out, '\\');
            g_string_append_c(out, *text == '\t' ? 't' : *text == '\n' ? 'n' : '\\');
        } else {
            g_string_append_c(out, *text);
        }
    }
}

static char *unescaped(const char *text, size_t length)
{
    char *out = g_strndup(text, length), *to = out;
    if (!memchr(out, '\\', length))
        return out;
    for (const char *from = out; *from; from++) {
        if (*from == '\\' && from[1])
            from++, *to++ = (char)(*from == 't' ? '\t' : *from == 'n' ? '\n' : *from);
        else
            *to++ = *from;
    }
    *to = '\0';
    return out;
}

static void put_number(GString *out, double number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_append(out, g_ascii_dtostr(text, sizeof text, number));
}

static void put_integer(GString *out, int64_t value)
{
    g_string_append_printf(out, "%" G_GINT64_FORMAT, value);
}

static void put_spans(GString *out, const GArray *spans)
{
    for (guint i = 0; i < spans->len; i++) {
        struct span span = g_array_index(spans, struct span, i);
        g_string_append(out, i ? " " : "");
        put_number(out, span.start_s);
        g_string_append_c(out, ' ');
        put_number(out, span.end_s);
    }
}

static bool is_known(const struct fact *fact, const struct facts *facts)
{
    switch (fact->type) {
    case FACT_TEXT:
    case FACT_LIST:
        return *FACT_OF(fact, facts, char *);
    case FACT_INT:
    case FACT_COUNT:
        return *FACT_OF(fact, facts, int);
    case FACT_INT64:
        return *FACT_OF(fact, facts, int64_t);
    case FACT_NUMBER:
        return isfinite(*FACT_OF(fact, facts, double)) && *FACT_OF(fact, facts, double) != 0;
    case FACT_BOOL:
        return *FACT_OF(fact, facts, bool);
    case FACT_RATIONAL:
        return FACT_OF(fact, facts, struct rational)->num;
    case FACT_KIND:
        return *FACT_OF(fact, facts, enum kind);
    case FACT_SPANS:
        return *FACT_OF(fact, facts, GArray *);
    }
    return false;
}

static void put_value(GString *out, const struct fact *fact, const struct facts *facts)
{
    switch (fact->type) {
    case FACT_TEXT:
    case FACT_LIST:
        put_escaped(out, *FACT_OF(fact, facts, char *));
        break;
    case FACT_INT:
    case FACT_COUNT:
        put_integer(out, *FACT_OF(fact, facts, int));
        break;
    case FACT_INT64:
        put_integer(out, *FACT_OF(fact, facts, int64_t));
        break;
    case FACT_NUMBER:
        put_number(out, *FACT_OF(fact, facts, double));
        break;
    case FACT_BOOL:
        g_string_append_c(out, '1');
        break;
    case FACT_RATIONAL:
        put_integer(out, FACT_OF(fact, facts, struct rational)->num);
        g_string_append_c(out, ' ');
        put_integer(out, FACT_OF(fact, facts, struct rational)->den);
        break;
    case FACT_KIND:
        g_string_append(out, kind_name(facts->kind));
        break;
    case FACT_SPANS:
        put_spans(out, *FACT_OF(fact, facts, GArray *));
        break;
    }
}

/* Its texts, which may be NULL, in this order; then its numbers. */
enum { STREAM_TEXTS = 6 };

static void put_stream(GString *out, const struct stream_facts *stream)
{
    const char *const texts[STREAM_TEXTS] = {stream->kind,  stream->codec,       stream->language,
                                             stream->title, stream->disposition, stream->left_out};
    g_string_append_printf(out, STREAM_LINE "\t%d", stream->index);
    for (int i = 0; i < STREAM_TEXTS; i++) {
        g_string_append_c(out, '\t');
        if (texts[i])
            put_escaped(out, texts[i]);
    }
    g_string_append_c(out, '\t');
    put_number(out, stream->start_s);
    g_string_append_c(out, '\t');
    put_number(out, stream->duration_s);
    g_string_append_c(out, '\n');
}

/* A text that isn't in the table. */
static void put_own(GString *out, const char *name, const char *text)
{
    if (!text)
        return;
    g_string_append_printf(out, "%s\t", name);
    put_escaped(out, text);
    g_string_append_c(out, '\n');
}

char *facts_to_lines(const struct facts *facts)
{
    GString *out = g_string_sized_new(512);
    if (facts->measured)
        g_string_append(out, MEASURED_LINE "\n");
    for (unsigned i = 0; i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        bool zero = fact->measured && fact->type == FACT_NUMBER &&
                    *FACT_OF(fact, facts, double) == 0; /* unmeasured is NAN */
        if (!zero && !is_known(fact, facts))
            continue;
        g_string_append(out, fact->name);
        g_string_append_c(out, '\t');
        put_value(out, fact, facts);
        g_string_append_c(out, '\n');
    }
    put_own(out, GATED_BLOCKS, facts->gated_blocks);
    put_own(out, FACTS_SEEN, facts->seen);
    for (guint i = 0; facts->tracks && i < facts->tracks->len; i++) {
        g_autofree char *lines = facts_to_lines(facts->tracks->pdata[i]);
        put_own(out, FACTS_TRACKS, lines);
    }
    for (guint i = 0; i < facts->streams->len; i++)
        put_stream(out, facts->streams->pdata[i]);
    return g_string_free(out, FALSE);
}

static GArray *spans_of(const char *text)
{
    GArray *spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    for (char *end;; text = end) {
        struct span span = {.start_s = g_ascii_strtod(text, &end)};
        if (end == text || *end != ' ')
            return spans;
        text = end;
        span.end_s = g_ascii_strtod(text, &end);
        if (end == text)
            return spans;
        g_array_append_val(spans, span);
    }
}

static struct rational ratio_of(const char *text)
{
    char *end;
    int64_t num = g_ascii_strtoll(text, &end, 10);
    int64_t den = g_ascii_strtoll(end, NULL, 10);
    return den > 0 ? rational_make(num, den) : (struct rational){0, 1};
}

/* A value ends at the end of its line, which no number runs over. */
static void take_value(struct facts *facts, const struct fact *fact, const char *text,
                       size_t length)
{
    switch (fact->type) {
    case FACT_TEXT:
    case FACT_LIST:
        *FACT_AT(fact, facts, char *) = unescaped(text, length);
        break;
    case FACT_INT:
    case FACT_COUNT:
        *FACT_AT(fact, facts, int) = (int)g_ascii_strtoll(text, NULL, 10);
        break;
    case FACT_INT64:
        *FACT_AT(fact, facts, int64_t) = g_ascii_strtoll(text, NULL, 10);
        break;
    case FACT_NUMBER:
        *FACT_AT(fact, facts, double) = g_ascii_strtod(text, NULL);
        break;
    case FACT_BOOL:
        *FACT_AT(fact, facts, bool) = true;
        break;
    case FACT_RATIONAL:
        *FACT_AT(fact, facts, struct rational) = ratio_of(text);
        break;
    case FACT_KIND: {
        g_autofree char *name = g_strndup(text, length);
        facts->kind = kind_from_name(name);
        break;
    }
    case FACT_SPANS:
        *FACT_AT(fact, facts, GArray *) = spans_of(text);
        break;
    }
}

/* The next of a line's parts, which end in tabs; NULL for an empty one. Caller frees. */
static char *next_part(const char **at)
{
    size_t length = strcspn(*at, "\t\n");
    char *part = length ? unescaped(*at, length) : NULL;
    *at += length + ((*at)[length] == '\t');
    return part;
}

static struct stream_facts *take_stream(const char *at)
{
    struct stream_facts *stream = g_new0(struct stream_facts, 1);
    char **const texts[STREAM_TEXTS] = {&stream->kind,  &stream->codec,       &stream->language,
                                        &stream->title, &stream->disposition, &stream->left_out};
    g_autofree char *index = next_part(&at);
    stream->index = index ? atoi(index) : 0;
    for (int i = 0; i < STREAM_TEXTS; i++)
        *texts[i] = next_part(&at);
    g_autofree char *start = next_part(&at);
    g_autofree char *duration = next_part(&at);
    stream->start_s = start ? g_ascii_strtod(start, NULL) : NAN;
    stream->duration_s = duration ? g_ascii_strtod(duration, NULL) : NAN;
    return stream;
}

static bool is_line_of(const char *line, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(line, name, length) == 0;
}

/* Lines come in the table's order: the search goes on where the last one ended. */
static const struct fact *next_fact(const char *line, size_t length, unsigned *from)
{
    for (unsigned i = *from; i < fact_count; i++)
        if (is_line_of(line, length, fact_table[i].name)) {
            *from = i + 1;
            return &fact_table[i];
        }
    return NULL;
}

struct facts *facts_from_lines(const char *text)
{
    struct facts *facts = facts_create();
    unsigned at = 0;
    for (const char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        size_t length = strcspn(line, "\t\n");
        const char *value = line + length + 1;
        const struct fact *fact = NULL;
        if (line[length] == '\n')
            facts->measured |= is_line_of(line, length, MEASURED_LINE);
        else if (is_line_of(line, length, STREAM_LINE))
            g_ptr_array_add(facts->streams, take_stream(value));
        else if (is_line_of(line, length, FACTS_TRACKS)) {
            g_autofree char *lines = unescaped(value, (size_t)(end - value));
            facts_add_track(facts, facts_from_lines(lines));
        } else if (is_line_of(line, length, GATED_BLOCKS) && !facts->gated_blocks)
            facts->gated_blocks = unescaped(value, (size_t)(end - value));
        else if (is_line_of(line, length, FACTS_SEEN) && !facts->seen)
            facts->seen = unescaped(value, (size_t)(end - value));
        else if ((fact = next_fact(line, length, &at)))
            take_value(facts, fact, value, (size_t)(end - value));
    }
    return facts;
}
