/* SPDX-License-Identifier: GPL-3.0-or-later
 * iXML that stays true. */
#include "ixml.h"

#include <inttypes.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <math.h>
#include <string.h>

typedef xmlDoc *doc_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(doc_ptr, xmlFreeDoc, NULL)

/* Chunks are often filled up with NULs. */
static xmlDoc *parse(GBytes *text)
{
    gsize length;
    const char *data = g_bytes_get_data(text, &length);
    while (length && data[length - 1] == '\0')
        length--;
    g_auto(doc_ptr) doc =
        length && length < G_MAXINT
            ? xmlReadMemory(data, (int)length, NULL, NULL,
                            XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING)
            : NULL;
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    return root && !strcmp((const char *)root->name, "BWFXML") ? g_steal_pointer(&doc) : NULL;
}

static xmlNode *child(const xmlNode *of, const char *name)
{
    for (xmlNode *node = of ? of->children : NULL; node; node = node->next)
        if (node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name))
            return node;
    return NULL;
}

static bool get(const xmlNode *of, const char *name, uint64_t *value)
{
    const xmlNode *node = child(of, name);
    xmlChar *text = node ? xmlNodeGetContent(node) : NULL;
    bool read = text && g_ascii_string_to_unsigned(g_strstrip((char *)text), 10, 0, G_MAXUINT64,
                                                   value, NULL);
    xmlFree(text);
    return read;
}

/* 64 bits in two elements. */
static bool get_halves(const xmlNode *of, const char *high, const char *low, uint64_t *value)
{
    uint64_t upper = 0, lower;
    get(of, high, &upper);
    if (!get(of, low, &lower))
        return false;
    *value = upper << 32 | lower;
    return true;
}

/* Only where there is one, and it says something else. */
static bool set(const xmlNode *of, const char *name, uint64_t value)
{
    uint64_t was;
    xmlNode *node = child(of, name);
    if (!node || (get(of, name, &was) && was == value))
        return false;
    g_autofree char *text = g_strdup_printf("%" PRIu64, value);
    xmlNodeSetContent(node, (const xmlChar *)text);
    return true;
}

static bool set_halves(const xmlNode *of, const char *high, const char *low, uint64_t value)
{
    bool changed = set(of, high, value >> 32);
    return set(of, low, value & UINT32_MAX) || changed;
}

static bool remove_node(xmlNode *node)
{
    xmlUnlinkNode(node);
    xmlFreeNode(node);
    return true;
}

/* One that counts from the start of the file moves with it; false when it was before it. */
static bool move_sync_point(const xmlNode *point, const struct ixml_facts *facts, bool *changed)
{
    uint64_t was;
    const xmlNode *kind = child(point, "SYNC_POINT_TYPE");
    xmlChar *text = kind ? xmlNodeGetContent(kind) : NULL;
    bool relative = text && strstr((const char *)text, "RELATIVE");
    xmlFree(text);
    if (!get_halves(point, "SYNC_POINT_HIGH", "SYNC_POINT_LOW", &was))
        return true;
    double at = ((double)was - (relative ? facts->cut : 0)) * facts->ratio;
    if (at < 0 || at >= 0x1p63)
        return false;
    *changed |= set_halves(point, "SYNC_POINT_HIGH", "SYNC_POINT_LOW", (uint64_t)rint(at));
    return true;
}

static bool move_sync_points(const xmlNode *root, const struct ixml_facts *facts)
{
    const xmlNode *list = child(root, "SYNC_POINT_LIST");
    xmlNode *next, *node = list ? list->children : NULL;
    uint64_t kept = 0;
    bool changed = false;
    for (; node; node = next) {
        next = node->next;
        if (node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, "SYNC_POINT") != 0)
            continue;
        if (move_sync_point(node, facts, &changed))
            kept++;
        else
            changed = remove_node(node);
    }
    if (changed)
        set(list, "SYNC_POINT_COUNT", kept);
    return changed;
}

/* iXML 3 has the loudness of bext v2 in two places. */
static bool remove_loudness(const xmlNode *root)
{
    static const char *const names[] = {"BWF_LOUDNESS_VALUE", "BWF_LOUDNESS_RANGE",
                                        "BWF_MAX_TRUE_PEAK_LEVEL", "BWF_MAX_MOMENTARY_LOUDNESS",
                                        "BWF_MAX_SHORT_TERM_LOUDNESS"};
    const xmlNode *bext = child(root, "BEXT");
    xmlNode *node = child(root, "LOUDNESS");
    bool changed = node && remove_node(node);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++)
        if ((node = child(bext, names[i])))
            changed = remove_node(node);
    return changed;
}

static bool edit(const xmlNode *root, const struct ixml_facts *facts, bool *tracks)
{
    const xmlNode *speed = child(root, "SPEED"), *bext = child(root, "BEXT");
    xmlNode *list = child(root, "TRACK_LIST");
    uint64_t reference = facts->time_reference;
    bool changed = set(speed, "AUDIO_BIT_DEPTH", (uint64_t)facts->bits);
    if (facts->ratio != 1)
        changed |= set(speed, "FILE_SAMPLE_RATE", (uint64_t)facts->rate);
    if (facts->moved) {
        changed |= set(speed, "TIMESTAMP_SAMPLE_RATE", (uint64_t)facts->stamp.rate);
        changed |= set_halves(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
                              "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", facts->stamp.samples);
        changed |= set_halves(bext, "BWF_TIME_REFERENCE_HIGH", "BWF_TIME_REFERENCE_LOW", reference);
        changed |= move_sync_points(root, facts);
    }
    if (!facts->same_sound)
        changed |= remove_loudness(root);
    *tracks = list && !facts->same_channels;
    return *tracks ? remove_node(list) : changed;
}

GBytes *ixml_edited(GBytes *text, const struct ixml_facts *facts, bool *tracks)
{
    g_auto(doc_ptr) doc = parse(text);
    xmlChar *printed = NULL;
    int length = 0;
    *tracks = false;
    if (!doc)
        return NULL;
    if (!edit(xmlDocGetRootElement(doc), facts, tracks))
        return g_bytes_ref(text);
    const char *encoding = doc->encoding ? (const char *)doc->encoding : "UTF-8";
    xmlDocDumpMemoryEnc(doc, &printed, &length, encoding);
    GBytes *edited = printed && length > 0 ? g_bytes_new(printed, (gsize)length) : NULL;
    xmlFree(printed);
    return edited;
}

bool ixml_time_reference(GBytes *text, struct ixml_stamp *stamp)
{
    g_auto(doc_ptr) doc = parse(text);
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    const xmlNode *speed = child(root, "SPEED");
    uint64_t rate = 0;
    if (get_halves(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
                   "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", &stamp->samples))
        get(speed, "TIMESTAMP_SAMPLE_RATE", &rate);
    else if (!get_halves(child(root, "BEXT"), "BWF_TIME_REFERENCE_HIGH", "BWF_TIME_REFERENCE_LOW",
                         &stamp->samples))
        return false;
    stamp->rate = rate <= 10000000 ? (int)rate : 0;
    return true;
}
