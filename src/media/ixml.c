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

/* 64 bits in two elements. */
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

/* Those that count from the start of the file move with it; those before it are gone. */
static bool move_sync_points(const xmlNode *root, const struct ixml_facts *facts)
{
    const xmlNode *list = child(root, "SYNC_POINT_LIST");
    xmlNode *next, *node = list ? list->children : NULL;
    bool changed = false;
    for (; node; node = next) {
        uint64_t high = 0, low;
        next = node->next;
        if (node->type != XML_ELEMENT_NODE)
            continue;
        const xmlNode *kind = child(node, "SYNC_POINT_TYPE");
        xmlChar *text = kind ? xmlNodeGetContent(kind) : NULL;
        bool relative = text && strstr((const char *)text, "RELATIVE");
        xmlFree(text);
        get(node, "SYNC_POINT_HIGH", &high);
        if (!get(node, "SYNC_POINT_LOW", &low))
            continue;
        double at = ((double)(high << 32 | low) - (relative ? facts->cut : 0)) * facts->ratio;
        if (at < 0)
            changed = remove_node(node);
        else if (at < 0x1p63)
            changed |= set_halves(node, "SYNC_POINT_HIGH", "SYNC_POINT_LOW", (uint64_t)rint(at));
    }
    return changed;
}

static bool edit(const xmlNode *root, const struct ixml_facts *facts, bool *tracks)
{
    const xmlNode *speed = child(root, "SPEED"), *bext = child(root, "BEXT");
    xmlNode *list = child(root, "TRACK_LIST");
    uint64_t reference = facts->time_reference;
    bool changed = set(speed, "AUDIO_BIT_DEPTH", (uint64_t)facts->bits);
    if (facts->ratio != 1) {
        changed |= set(speed, "FILE_SAMPLE_RATE", (uint64_t)facts->rate);
        changed |= set(speed, "TIMESTAMP_SAMPLE_RATE", (uint64_t)facts->rate);
    }
    if (facts->moved) {
        changed |= set_halves(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI",
                              "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", reference);
        changed |= set_halves(bext, "BWF_TIME_REFERENCE_HIGH", "BWF_TIME_REFERENCE_LOW", reference);
        changed |= move_sync_points(root, facts);
    }
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
    xmlDocDumpMemory(doc, &printed, &length);
    GBytes *edited = g_bytes_new(printed, (gsize)length);
    xmlFree(printed);
    return edited;
}

bool ixml_time_reference(GBytes *text, uint64_t *samples)
{
    g_auto(doc_ptr) doc = parse(text);
    const xmlNode *speed = doc ? child(xmlDocGetRootElement(doc), "SPEED") : NULL;
    uint64_t high = 0, low;
    get(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI", &high);
    if (!get(speed, "TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO", &low))
        return false;
    *samples = high << 32 | low;
    return true;
}
