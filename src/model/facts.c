/* SPDX-License-Identifier: GPL-3.0-or-later
 * Facts in memory: life cycle, and each fact as text and as a number. */
#include "model/facts.h"

#include "base/language.h"
#include "base/unit.h"
#include "facts_private.h"

#include <math.h>
#include <string.h>

struct facts *facts_create(void)
{
    struct facts *facts = g_new0(struct facts, 1);
    facts->fps = facts->sar = (struct rational){0, 1};
    facts->streams = g_ptr_array_new_with_free_func((GDestroyNotify)stream_facts_destroy);
    for (unsigned i = 0; i < fact_count; i++)
        if (fact_table[i].measured && fact_table[i].type == FACT_NUMBER)
            *FACT_AT(&fact_table[i], facts, double) = NAN;
    return facts;
}

void facts_destroy(struct facts *facts)
{
    if (!facts)
        return;
    for (unsigned i = 0; i < fact_count; i++) {
        if (fact_table[i].type == FACT_TEXT || fact_table[i].type == FACT_LIST)
            g_free(*FACT_AT(&fact_table[i], facts, char *));
        if (fact_table[i].type == FACT_SPANS)
            g_clear_pointer(FACT_AT(&fact_table[i], facts, GArray *), g_array_unref);
    }
    g_clear_pointer(&facts->streams, g_ptr_array_unref);
    g_clear_pointer(&facts->tracks, g_ptr_array_unref);
    g_free(facts->gated_blocks);
    g_free(facts->seen);
    g_free(facts);
}

void facts_add_track(struct facts *facts, struct facts *track)
{
    if (!facts->tracks)
        facts->tracks = g_ptr_array_new_with_free_func((GDestroyNotify)facts_destroy);
    g_ptr_array_add(facts->tracks, track);
}

static bool is_text_beside(const struct fact *fact)
{
    return fact_is_beside(fact) && fact->type == FACT_TEXT;
}

void facts_copy_alike(const struct facts *from, struct facts *to)
{
    for (unsigned i = 0; i < fact_count; i++)
        if (is_text_beside(&fact_table[i]))
            g_free(*FACT_AT(&fact_table[i], to, char *));
    to->alike = from->alike;
    for (unsigned i = 0; i < fact_count; i++)
        if (is_text_beside(&fact_table[i]))
            *FACT_AT(&fact_table[i], to, char *) = g_strdup(*FACT_OF(&fact_table[i], from, char *));
}

const char *field_order_first(const char *order)
{
    static const char *const rows[][2] = {{"tt", "top"},
                                          {"tb", "top"},
                                          {"bb", "bottom"},
                                          {"bt", "bottom"},
                                          {"progressive", "progressive"}};
    for (unsigned i = 0; order && i < G_N_ELEMENTS(rows); i++)
        if (!strcmp(order, rows[i][0]))
            return rows[i][1];
    return NULL;
}

bool stream_facts_is(const struct stream_facts *stream, const char *kind)
{
    return !stream->left_out && g_strcmp0(stream->kind, kind) == 0;
}

double facts_picture_s(const struct facts *facts)
{
    for (unsigned i = 0; facts->kind == KIND_VIDEO && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        if (stream_facts_is(stream, "video"))
            return stream->duration_s;
    }
    return NAN;
}

double facts_frames_s(const struct facts *facts)
{
    const double length_s = facts_picture_s(facts), fps = rational_value(facts->fps);
    return facts->fps.num && !facts->vfr ? round(length_s * fps) / fps : length_s;
}

bool facts_sound_is_plain(const struct facts *facts)
{
    return facts->codec &&
           (g_str_has_prefix(facts->codec, "pcm_") || strcmp(facts->codec, "flac") == 0);
}

const char *stream_kind_words(const char *kind)
{
    static const char *const rows[][2] = {
        {"video", "picture track"},     {"audio", "sound track"}, {"data", "data track"},
        {"subtitle", "subtitle track"}, {"cover", "attachment"},  {"attachment", "attachment"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strcmp(kind, rows[i][0]) == 0)
            return rows[i][1];
    return "track";
}

char *stream_name(const char *kind, int number, const char *language, const char *codec)
{
    return g_strdup_printf("%s %d (%s%s%s)", stream_kind_words(kind), number,
                           language ? language : "", language ? ", " : "", codec);
}

void stream_facts_destroy(struct stream_facts *stream)
{
    if (!stream)
        return;
    g_free(stream->kind);
    g_free(stream->codec);
    g_free(stream->language);
    g_free(stream->title);
    g_free(stream->disposition);
    g_free(stream->left_out);
    g_free(stream);
}

bool fact_applies(const struct fact *fact, const struct facts *facts)
{
    return !facts->kind || fact->kinds & facts->kind;
}

/* The meters of a kind run together, and these spans come of them. */
static bool metered(const struct fact *fact, const struct facts *facts)
{
    return fact->sound ? facts->silence != NULL : facts->black != NULL;
}

/* An int's or int64's 0 is unknown, but for counts of a known kind and what was measured. */
static bool zero_known(const struct fact *fact, const struct facts *facts)
{
    if (fact_is_beside(fact))
        return facts->alike.known;
    if (fact->measured == FACT_METERED)
        return metered(fact, facts);
    if (fact->measured)
        return facts->measured && fact_applies(fact, facts);
    return fact->type == FACT_COUNT && facts->kind & fact->kinds;
}

static bool integer(const struct fact *fact, const struct facts *facts, int64_t *out)
{
    bool wide = fact->type == FACT_INT64;
    *out = wide ? *FACT_OF(fact, facts, int64_t) : *FACT_OF(fact, facts, int);
    return *out || zero_known(fact, facts);
}

bool fact_number(const struct fact *fact, const struct facts *facts, double *out)
{
    int64_t whole;
    double number;
    switch (fact->type) {
    case FACT_INT:
    case FACT_COUNT:
    case FACT_INT64:
        if (!integer(fact, facts, &whole))
            return false;
        *out = (double)whole;
        return true;
    case FACT_NUMBER:
        number = *FACT_OF(fact, facts, double);
        if (!isfinite(number) || (number == 0 && !fact->measured))
            return false;
        *out = number;
        return true;
    case FACT_RATIONAL:
        *out = rational_value(*FACT_OF(fact, facts, struct rational));
        return *out != 0;
    case FACT_TEXT:
    case FACT_LIST:
    case FACT_BOOL:
    case FACT_KIND:
    case FACT_SPANS:
        break;
    }
    return false;
}

static char *rounded_text(double seconds)
{
    return number_text(round(seconds * 1000) / 1000);
}

static char *spans_text(const GArray *spans)
{
    if (!spans)
        return NULL;
    if (!spans->len)
        return g_strdup("none");
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < spans->len; i++) {
        struct span span = g_array_index(spans, struct span, i);
        g_autofree char *start = rounded_text(span.start_s), *end = rounded_text(span.end_s);
        g_string_append_printf(text, "%s%s-%ss", i ? ", " : "", start, end);
    }
    return g_string_free(text, FALSE);
}

static char *list_text(const char *list)
{
    return list ? g_strdup(*list ? list : "none") : NULL;
}

static bool is_of_languages(const struct fact *fact)
{
    return fact->offset == offsetof(struct facts, languages) ||
           fact->offset == offsetof(struct facts, subtitle_languages);
}

bool fact_list_is(const struct fact *fact, const char *asked, const char *text)
{
    g_auto(GStrv) words = g_strsplit(asked, ",", -1), others = g_strsplit(text, ",", -1);
    const bool languages = is_of_languages(fact);
    guint i = 0;
    for (; words[i] && others[i]; i++) {
        const char *word = g_strstrip(words[i]), *other = g_strstrip(others[i]);
        if (g_ascii_strcasecmp(word, other) != 0 && !(languages && language_matches(word, other)))
            return false;
    }
    return !words[i] && !others[i];
}

char *fact_text(const struct fact *fact, const struct facts *facts)
{
    int64_t whole;
    double number;
    switch (fact->type) {
    case FACT_TEXT:
        return g_strdup(*FACT_OF(fact, facts, char *));
    case FACT_LIST:
        return list_text(*FACT_OF(fact, facts, char *));
    case FACT_INT:
    case FACT_COUNT:
    case FACT_INT64:
        return integer(fact, facts, &whole) ? g_strdup_printf("%" G_GINT64_FORMAT, whole) : NULL;
    case FACT_NUMBER:
        return fact_number(fact, facts, &number) ? number_text(number) : NULL;
    case FACT_BOOL:
        if (!(facts->kind & fact->kinds) || (fact->measured && !facts->measured))
            return NULL;
        return g_strdup(*FACT_OF(fact, facts, bool) ? "true" : "false");
    case FACT_RATIONAL:
        return fact_number(fact, facts, &number)
                   ? rational_text(*FACT_OF(fact, facts, struct rational))
                   : NULL;
    case FACT_KIND:
        return facts->kind ? g_strdup(kind_name(facts->kind)) : NULL;
    case FACT_SPANS:
        return spans_text(*FACT_OF(fact, facts, GArray *));
    }
    return NULL;
}

double fact_places(const struct fact *fact)
{
    const bool small = !*fact->unit || strcmp(fact->unit, "s") == 0;
    return fact_is_beside(fact) && small ? 10000 : 100;
}

/* Spans say their unit themselves, each. */
char *fact_said(const struct fact *fact, const struct facts *facts)
{
    double value;
    g_autofree char *text = fact_text(fact, facts);
    if (text && fact->type == FACT_NUMBER && fact_number(fact, facts, &value)) {
        g_free(text);
        text = number_text(round(value * fact_places(fact)) / fact_places(fact));
    }
    return text && *fact->unit && fact->type != FACT_SPANS
               ? g_strconcat(text, " ", fact->unit, NULL)
               : g_steal_pointer(&text);
}
