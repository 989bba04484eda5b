/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expectations held against facts. */
#include "model/expect.h"

#include "base/unit.h"
#include "facts_private.h"

#include <math.h>
#include <string.h>

#define EPSILON 1e-9

/* What a check is made of. */
struct look {
    const struct expectation *e;
    const struct facts *facts, *source;
    struct check *check;
};

static bool verdict(const struct look *look, bool pass, char *measured)
{
    look->check->measured = measured;
    return pass;
}

static char *known_text(const struct fact *fact, const struct facts *facts)
{
    char *text = fact_said(fact, facts);
    return text ? text : g_strdup("unknown");
}

static bool has_fact(const struct fact *fact, const struct facts *facts)
{
    g_autofree char *text = fact_text(fact, facts);
    return text != NULL;
}

static bool has_sound(const struct facts *facts)
{
    return facts->channels > 0 || facts->audio_tracks > 0;
}

/* What a fact is of and the file has not: loudness of what has no sound, black of a sound file;
 * NULL: it has. */
static const char *missing(const struct fact *fact, const struct facts *facts)
{
    if (!facts || !facts->kind || !(fact->measured || fact->sound))
        return NULL;
    if (fact->sound && !has_sound(facts))
        return "no sound";
    if (fact_applies(fact, facts))
        return NULL;
    return fact->kinds & KIND_VIDEO ? "no moving picture" : "no still picture";
}

/* Of the file, or else its source; where neither has a rate, on average. */
static double frame_seconds(const struct look *look)
{
    const struct facts *facts = look->facts;
    double fps = rational_value(facts->fps);
    if (fps <= 0 && look->source)
        fps = rational_value(look->source->fps);
    if (fps <= 0 && facts->decoded_frames > 0 && facts->decoded_video_s > 0)
        fps = (double)facts->decoded_frames / facts->decoded_video_s;
    return 1 / (fps > 0 ? fps : 25);
}

static double tolerance(const struct look *look)
{
    const struct expectation *e = look->e;
    return e->tolerance_in_frames ? e->high * frame_seconds(look) : e->high;
}

static bool near(double value, double target, double allowed)
{
    return fabs(value - target) <= allowed + EPSILON * fmax(1, fabs(target));
}

static bool is_among(const struct expectation *e, double value)
{
    bool found = false;
    for (guint i = 0; i < e->among->len && !found; i++)
        found = near(value, g_array_index(e->among, double, i), e->high);
    return found;
}

static bool number_holds(const struct look *look, double value)
{
    const struct expectation *e = look->e;
    double slack = e->fact->measured ? 0.5 / fact_places(e->fact) : EPSILON;
    switch (e->form) {
    case EXPECT_EQUAL:
        return near(value, e->low, tolerance(look));
    case EXPECT_AMONG:
        return is_among(e, value);
    case EXPECT_BETWEEN:
        return value >= e->low - slack && value <= e->high + slack;
    case EXPECT_AT_MOST:
        return value <= e->high + slack;
    case EXPECT_AT_LEAST:
        return value >= e->low - slack;
    case EXPECT_NONE:
    case EXPECT_SOURCE:
    case EXPECT_ANY:
        break;
    }
    return false;
}

static char *dual_mono_text(const struct fact *fact, double mono)
{
    g_autofree char *text = number_text(round((mono + UNIT_DUAL_MONO_LU) * 100) / 100);
    return g_strdup_printf("%s %s as dual mono", text, fact->unit);
}

static bool number_check(const struct look *look)
{
    const struct fact *fact = look->e->fact;
    double value;
    if (fact_number(fact, look->facts, &value))
        return look->e->dual_mono && look->facts->channels == 1
                   ? verdict(look, number_holds(look, value + UNIT_DUAL_MONO_LU),
                             dual_mono_text(fact, value))
                   : verdict(look, number_holds(look, value), known_text(fact, look->facts));
    if (fact_is_beside(fact))
        return verdict(look, false,
                       g_strdup(look->facts->alike.known ? "not measurable" : "no reference"));
    bool silent = fact->measured && look->facts->measured;
    if (silent && (look->e->form == EXPECT_AT_MOST || look->e->unmeasurable))
        return verdict(look, true, g_strdup("not measurable: silence"));
    return verdict(look, false, g_strdup(silent ? "not measurable: silence" : "unknown"));
}

static bool text_check(const struct look *look)
{
    g_autofree char *text = fact_text(look->e->fact, look->facts);
    g_auto(GStrv) options = g_strsplit(look->e->value, " or ", -1);
    bool list = look->e->fact->type == FACT_LIST, pass = false;
    for (guint i = 0; options[i] && !pass; i++)
        pass = list ? fact_list_is(look->e->fact, options[i], text ? text : "unknown")
                    : !g_ascii_strcasecmp(g_strstrip(options[i]), text ? text : "none");
    return verdict(look, pass, known_text(look->e->fact, look->facts));
}

static bool spans_check(const struct look *look)
{
    const GArray *spans = *FACT_OF(look->e->fact, look->facts, GArray *);
    if (!spans)
        return verdict(look, false, g_strdup("unknown"));
    struct span worst = {0, -1};
    for (guint i = 0; i < spans->len; i++) {
        struct span span = g_array_index(spans, struct span, i);
        if (span.end_s - span.start_s > worst.end_s - worst.start_s)
            worst = span;
    }
    if (!spans->len)
        return verdict(look, true, g_strdup("none"));
    double longest = worst.end_s - worst.start_s;
    char *text =
        g_strdup_printf("%u, the longest %.2f s at %.2f s", spans->len, longest, worst.start_s);
    bool counted = look->e->form == EXPECT_AT_MOST;
    return verdict(look,
                   counted ? spans->len <= look->e->high
                           : look->e->high > 0 && longest <= look->e->high + EPSILON,
                   text);
}

static double picture_seconds(const struct facts *facts)
{
    for (guint i = 0; facts->streams && i < facts->streams->len; i++) {
        const struct stream_facts *stream = facts->streams->pdata[i];
        if (stream_facts_is(stream, "video"))
            return stream->duration_s;
    }
    return NAN;
}

/* Sound that is longer than the picture, or that its codec makes longer, doesn't count. */
static bool same_picture_length(const struct look *look)
{
    double ours = picture_seconds(look->facts), theirs = picture_seconds(look->source);
    bool asked = FACT_OF(look->e->fact, look->facts, double) == &look->facts->duration_s;
    return asked && ours > 0 && theirs > 0 && near(ours, theirs, tolerance(look));
}

static char *seconds_text(double seconds)
{
    g_autofree char *text = number_text(round(seconds * 100) / 100);
    return g_strdup_printf("%s s", text);
}

static char *picture_length_text(const struct look *look, const char *ours, const char *theirs)
{
    g_autofree char *picture = seconds_text(picture_seconds(look->facts));
    g_autofree char *source = seconds_text(picture_seconds(look->source));
    return g_strdup_printf("%s of picture (source: %s), in all %s (source: %s)", picture, source,
                           ours, theirs);
}

static bool source_check(const struct look *look)
{
    const struct fact *fact = look->e->fact;
    g_autofree char *ours = known_text(fact, look->facts);
    if (!look->source || !has_fact(fact, look->source)) {
        look->check->unjudged = true;
        return verdict(
            look, true,
            g_strdup_printf("%s (not judged: %s)", ours,
                            look->source ? "unknown of the source" : "no source to compare with"));
    }
    g_autofree char *theirs = known_text(fact, look->source);
    double value, target;
    const bool numbers =
        fact_number(fact, look->facts, &value) && fact_number(fact, look->source, &target);
    const bool same = numbers                   ? near(value, target, tolerance(look))
                      : fact->type == FACT_LIST ? fact_list_is(fact, theirs, ours)
                                                : !strcmp(ours, theirs);
    if (!same && numbers && same_picture_length(look))
        return verdict(look, true, picture_length_text(look, ours, theirs));
    return verdict(look, same, g_strdup_printf("%s (source: %s)", ours, theirs));
}

static bool holds(const struct look *look)
{
    const struct expectation *e = look->e;
    if (e->form == EXPECT_ANY)
        return verdict(look, true, known_text(e->fact, look->facts));
    const char *lacks = missing(e->fact, look->facts);
    const bool allowed = e->absent || missing(e->fact, look->source);
    if (lacks && (allowed || e->fact->measured))
        return verdict(look, allowed, g_strdup(lacks));
    if (e->form == EXPECT_SOURCE)
        return source_check(look);
    if (e->fact->type == FACT_SPANS)
        return spans_check(look);
    return e->value ? text_check(look) : number_check(look);
}

static bool is_known_of(const struct fact *fact, const struct facts *track)
{
    return fact->type == FACT_SPANS ? *FACT_OF(fact, track, GArray *) != NULL
                                    : has_fact(fact, track);
}

/* All channels throughout. */
static bool is_silent(const struct facts *track, double duration_s)
{
    const GArray *spans = track->silence;
    if (!spans || spans->len != 1)
        return false;
    const struct span all = g_array_index(spans, struct span, 0);
    return all.end_s - all.start_s >= 0.99 * duration_s;
}

static bool may_be_unused(const struct look *look, const struct facts *track)
{
    return look->e->unused && g_strcmp0(look->facts->container, "mxf") == 0 &&
           is_silent(track, look->facts->duration_s);
}

/* Of the tracks after the first, what is known of them; the first that doesn't hold is told. */
static bool tracks_hold(struct look *look)
{
    const struct expectation *e = look->e;
    const GPtrArray *tracks = look->facts->tracks;
    for (guint i = 0; tracks && i < tracks->len; i++) {
        struct check of_track = {0};
        const struct look at = {e, tracks->pdata[i], NULL, &of_track};
        if (!e->fact->sound || !e->fact->measured || e->form == EXPECT_SOURCE ||
            !is_known_of(e->fact, at.facts) || may_be_unused(look, at.facts))
            continue;
        const bool pass = holds(&at);
        g_autofree char *measured = of_track.measured;
        if (pass)
            continue;
        g_free(look->check->measured);
        look->check->measured = g_strdup_printf("%s (sound track %u)", measured, i + 2);
        return false;
    }
    return true;
}

struct check *expectation_check(const struct expectation *e, const struct facts *facts,
                                const struct facts *source)
{
    struct check *check = g_new0(struct check, 1);
    struct look look = {e, facts, source, check};
    check->name = g_strdup(e->fact->alias && e->fact->measured ? e->fact->alias : e->fact->name);
    check->expected = g_strdup(e->text);
    check->pass = holds(&look) && tracks_hold(&look);
    return check;
}

static JsonObject *fact_schema(const struct fact *fact)
{
    JsonObject *schema = json_object_new();
    JsonArray *types = json_array_new();
    const char *names[] = {"string", "number", "boolean", "array", "null"};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        json_array_add_string_element(types, names[i]);
    json_object_set_array_member(schema, "type", types);
    json_object_set_string_member(schema, "description", fact->help);
    return schema;
}

JsonNode *expect_schema(void)
{
    JsonObject *schema = json_object_new(), *properties = json_object_new();
    for (unsigned i = 0; i < fact_count; i++) {
        const struct fact *fact = &fact_table[i];
        json_object_set_object_member(properties, fact->name, fact_schema(fact));
        if (fact->alias)
            json_object_set_object_member(properties, fact->alias, fact_schema(fact));
    }
    json_object_set_string_member(schema, "type", "object");
    json_object_set_object_member(schema, "properties", properties);
    json_object_set_boolean_member(schema, "additionalProperties", FALSE);
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, schema);
    return node;
}
