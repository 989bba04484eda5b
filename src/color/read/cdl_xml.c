/* SPDX-License-Identifier: GPL-3.0-or-later
 * CDLs in XML. A table says which element may stand in which; GMarkup gives the elements in order,
 * and what it says about places is used for messages only. */
#include "cdl_xml.h"

#include <string.h>

enum { UNKNOWN_TOLD_MAX = 10 };

#define IN_ANY (IN(LIST) | IN(COLLECTION) | IN(DECISION) | IN(CORRECTION) | IN(SOP) | IN(SAT))

static const struct {
    const char *name;
    enum element element;
    unsigned parents;
    bool text; /* it has text, and no elements */
} elements[] = {
    {"ColorDecisionList", LIST, IN(ROOT), false},
    {"ColorCorrectionCollection", COLLECTION, IN(ROOT), false},
    {"ColorDecision", DECISION, IN(LIST), false},
    {"MediaRef", MEDIA, IN(DECISION), false},
    {"ColorCorrectionRef", REFERENCE, IN(DECISION), false},
    {"ColorCorrection", CORRECTION, IN(ROOT) | IN(LIST) | IN(COLLECTION) | IN(DECISION), false},
    {"SOPNode", SOP, IN(CORRECTION), false},
    {"ASC_SOP", SOP, IN(CORRECTION), false},
    {"SatNode", SAT, IN(CORRECTION), false},
    {"ASC_SAT", SAT, IN(CORRECTION), false},
    {"Slope", SLOPE, IN(SOP), true},
    {"Offset", OFFSET, IN(SOP), true},
    {"Power", POWER, IN(SOP), true},
    {"Saturation", SATURATION, IN(SAT), true},
    {"Description", DESCRIPTION, IN_ANY, true},
    {"InputDescription", INPUT_DESCRIPTION, IN_ANY, true},
    {"ViewingDescription", VIEWING_DESCRIPTION, IN_ANY, true},
};

static gsize elements_row(enum element element)
{
    gsize i = 0;
    while (elements[i].element != element)
        i++;
    return i;
}

const char *xml_name(enum element element)
{
    return elements[elements_row(element)].name;
}

/* Ends the parsing; what is wrong was reported. */
static void stop(GError **error)
{
    g_set_error_literal(error, G_MARKUP_ERROR, G_MARKUP_ERROR_INVALID_CONTENT, "stopped");
}

static void stop_after_many(struct cdl_xml *r, GError **error)
{
    if (r->scan->errors >= CDL_ERRORS_MAX)
        stop(error);
}

static enum element parent_of(const struct cdl_xml *r)
{
    return r->depth ? r->open[r->depth - 1] : ROOT;
}

const char *xml_local_name(const char *name)
{
    const char *const colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static enum element element_of(const char *name)
{
    if (g_ascii_strcasecmp(name, "SATNode") == 0)
        return SAT;
    for (gsize i = 0; i < G_N_ELEMENTS(elements); i++)
        if (g_ascii_strcasecmp(name, elements[i].name) == 0)
            return elements[i].element;
    return UNKNOWN;
}

static void pass_over(struct cdl_xml *r, const char *name)
{
    if (g_hash_table_size(r->told) >= UNKNOWN_TOLD_MAX ||
        !g_hash_table_add(r->told, g_strdup(name)))
        return;
    const struct span tag = xml_tag(r);
    scan_place(r->scan, tag.start);
    scan_warning(r->scan, tag, "passed over with all that is in it",
                 "<%s> is no element of ASC CDL files", name);
}

/* A known element in a wrong place is refused: to pass it over would be another grade. */
static enum element place(struct cdl_xml *r, const char *name)
{
    const enum element parent = parent_of(r), element = element_of(name);
    if (parent == UNKNOWN)
        return UNKNOWN;
    const bool belongs =
        element != UNKNOWN && (elements[elements_row(element)].parents & IN(parent));
    if (belongs && !(parent == ROOT && r->rooted))
        return element;
    if (parent == ROOT && r->rooted)
        xml_error(r, xml_tag(r), "one ColorCorrectionCollection holds many corrections",
                  "a second element stands beside the first");
    else if (parent == ROOT)
        xml_error(r, xml_tag(r),
                  "allowed: ColorCorrection, ColorCorrectionCollection, ColorDecisionList",
                  "an ASC CDL doesn't begin with <%s>", name);
    else if (element == UNKNOWN)
        pass_over(r, name);
    else
        xml_error(r, xml_tag(r), NULL, "<%s> doesn't belong into %s", name, xml_name(parent));
    return UNKNOWN;
}

static void on_start(GMarkupParseContext *context, const char *name, const char **names,
                     const char **values, void *data, GError **error)
{
    struct cdl_xml *r = data;
    if (r->depth == XML_DEPTH_MAX) {
        xml_error(r, xml_tag(r), NULL, "elements stand more than %d deep", XML_DEPTH_MAX);
        stop(error);
        return;
    }
    const enum element element = place(r, xml_local_name(name));
    if (element != UNKNOWN)
        xml_begin(r, element, names, values);
    r->open[r->depth++] = element;
    r->rooted = true;
    r->inside = xml_here(r);
    g_string_truncate(r->text, 0);
    if (r->depth == 1 && element == UNKNOWN)
        stop(error);
    else
        stop_after_many(r, error);
}

static void on_end(GMarkupParseContext *context, const char *name, void *data, GError **error)
{
    struct cdl_xml *r = data;
    xml_end(r, r->open[r->depth - 1]);
    r->depth--;
    r->inside = xml_here(r);
    g_string_truncate(r->text, 0);
    stop_after_many(r, error);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize length, void *data,
                    GError **error)
{
    struct cdl_xml *r = data;
    const enum element element = parent_of(r);
    if (element == ROOT || element == UNKNOWN)
        return;
    if (elements[elements_row(element)].text) {
        g_string_append_len(r->text, text, (gssize)length);
        return;
    }
    const struct span stray = span_trim((struct span){text, text + length});
    if (stray.start == stray.end)
        return;
    g_autofree char *shown = span_shown(stray);
    const struct span at = {r->inside, r->inside};
    xml_error(r, at, NULL, "\"%s\" stands in %s, where only elements may", shown,
              xml_name(element));
    stop_after_many(r, error);
}

/* Comments and processing instructions; a document type could define entities. */
static void on_passthrough(GMarkupParseContext *context, const char *text, gsize length, void *data,
                           GError **error)
{
    struct cdl_xml *r = data;
    if (length >= 9 && g_ascii_strncasecmp(text, "<!DOCTYPE", 9) == 0) {
        const struct span at = {r->inside, r->inside};
        xml_error(r, at, "an ASC CDL needs none: remove it", "document types are not read");
        stop(error);
    }
}

/* GMarkup's sentence, in whatever language, without its own place: "Error on line 1 char 2: ". */
static const char *words_of(const GError *error)
{
    const char *const colon = strstr(error->message, ": ");
    return colon ? colon + 2 : error->message;
}

static void tell_malformed(struct cdl_xml *r, const GError *error)
{
    const struct span at = {xml_here(r), xml_here(r)};
    xml_error(r, at, NULL, "this is not well-formed XML: %s", words_of(error));
}

/* GMarkup goes on after bytes in a comment that aren't UTF-8. */
static bool is_utf8(struct cdl_xml *r)
{
    const struct span text = r->scan->text;
    struct span bad = {text.end, text.end};
    if (g_utf8_validate(text.start, text.end - text.start, &bad.start))
        return true;
    bad.end = bad.start;
    xml_error(r, bad, "save it as UTF-8", "this is not UTF-8");
    return false;
}

static void parse(struct cdl_xml *r)
{
    static const GMarkupParser parser = {on_start, on_end, on_text, on_passthrough, NULL};
    const struct span text = r->scan->text;
    g_autoptr(GError) error = NULL;
    r->context = g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, r, NULL);
    if ((!g_markup_parse_context_parse(r->context, text.start, text.end - text.start, &error) ||
         !g_markup_parse_context_end_parse(r->context, &error)) &&
        r->scan->errors == 0)
        tell_malformed(r, error);
    g_markup_parse_context_free(r->context);
}

void cdl_xml_read(struct scan *s, struct cdl_file *file)
{
    struct cdl_xml r = {.scan = s,
                        .file = file,
                        .inside = s->text.start,
                        .text = g_string_new(NULL),
                        .ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                        .told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    xml_place_init(&r.place, s->text);
    if (is_utf8(&r))
        parse(&r);
    if (r.correction)
        cdl_correction_destroy(r.correction);
    g_string_free(r.text, TRUE);
    g_free(r.media);
    xml_descriptions_clear(&r.outer);
    xml_descriptions_clear(&r.own);
    g_hash_table_unref(r.ids);
    g_hash_table_unref(r.told);
}
