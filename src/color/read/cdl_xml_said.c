/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the elements of a CDL file say. */
#include "cdl_xml.h"

#include <string.h>

static const char *attribute(const char **names, const char **values, const char *name)
{
    for (int i = 0; names[i]; i++)
        if (g_ascii_strcasecmp(xml_local_name(names[i]), name) == 0)
            return *values[i] ? values[i] : NULL;
    return NULL;
}

static void begin_correction(struct cdl_xml *r, const char *id)
{
    r->tag = xml_tag(r);
    scan_place(r->scan, r->tag.start);
    r->seen = 0;
    r->correction = cdl_correction_create(r->scan);
    r->correction->id = g_strdup(id);
    r->file->alone = r->depth == 0;
    if (id && !g_hash_table_add(r->ids, g_strdup(id)))
        xml_error(r, r->tag, "which of them is meant can't be told: rename one",
                  "two corrections have the id \"%s\"", id);
}

static void begin_media(struct cdl_xml *r, const char *reference)
{
    if (!reference || r->media)
        return;
    const char *name = reference;
    for (const char *p = reference; *p; p++)
        if (*p == '/' || *p == '\\')
            name = p + 1;
    r->media = *name ? g_strdup(name) : NULL;
}

static void begin_reference(struct cdl_xml *r)
{
    const struct span tag = xml_tag(r);
    scan_place(r->scan, tag.start);
    scan_warning(r->scan, tag, "name the file that holds the correction instead",
                 "a ColorCorrectionRef is not followed");
}

/* SOP and SAT stand once in a correction, and their numbers once in them. */
static void begin_once(struct cdl_xml *r, enum element element)
{
    const struct span tag = xml_tag(r);
    if (r->seen & IN(element))
        xml_error(r, tag, "keep one of the two", "the correction has a second %s",
                  xml_name(element));
    r->seen |= IN(element);
}

void xml_begin(struct cdl_xml *r, enum element element, const char **names, const char **values)
{
    switch (element) {
    case CORRECTION:
        begin_correction(r, attribute(names, values, "id"));
        break;
    case MEDIA:
        begin_media(r, attribute(names, values, "ref"));
        break;
    case REFERENCE:
        begin_reference(r);
        break;
    case SOP:
    case SAT:
    case SLOPE:
    case OFFSET:
    case POWER:
    case SATURATION:
        begin_once(r, element);
        break;
    default:
        break;
    }
}

static void end_numbers(struct cdl_xml *r, enum element element, int count, double *out)
{
    const struct span text = {r->text->str, r->text->str + r->text->len};
    scan_place(r->scan, r->inside);
    cdl_numbers(r->scan, xml_find(r, span_trim(text)), xml_name(element), count, out);
}

/* Cut between characters. What is full isn't touched, so that it stays shared. */
static void append(struct description *to, const char *text)
{
    if (!to->text)
        to->text = g_string_new(NULL);
    if (to->is_full)
        return;
    g_string_append(to->text, to->text->len ? "; " : "");
    g_string_append_len(to->text, text, (gssize)MIN(strlen(text), CDL_DESCRIPTION_MAX + 1));
    if (to->text->len > CDL_DESCRIPTION_MAX) {
        const char *const end = to->text->str + CDL_DESCRIPTION_MAX + 1;
        const char *const cut = g_utf8_find_prev_char(to->text->str, end);
        g_string_truncate(to->text, (gsize)(cut - to->text->str));
        to->is_full = true;
    }
    g_clear_pointer(&to->shared, g_ref_string_release);
}

static void end_description(struct cdl_xml *r, enum element element)
{
    const bool is_outer = r->open[r->depth - 2] == LIST || r->open[r->depth - 2] == COLLECTION;
    struct descriptions *d = is_outer ? &r->outer : &r->own;
    g_strstrip(r->text->str);
    if (*r->text->str)
        append(element == DESCRIPTION         ? &d->plain
               : element == INPUT_DESCRIPTION ? &d->input
                                              : &d->viewing,
               r->text->str);
}

static void end_sop(struct cdl_xml *r)
{
    for (enum element e = SLOPE; e <= POWER; e++)
        if (!(r->seen & IN(e)))
            xml_error(r, xml_tag(r), "write all three: slope, offset, power",
                      "the correction's SOPNode has no %s", xml_name(e));
}

static void end_sat(struct cdl_xml *r)
{
    if (!(r->seen & IN(SATURATION)))
        xml_error(r, xml_tag(r), NULL, "the correction's SatNode has no Saturation");
}

static void description_clear(struct description *d)
{
    if (d->text)
        g_string_free(d->text, TRUE);
    g_clear_pointer(&d->shared, g_ref_string_release);
    *d = (struct description){NULL, NULL, false};
}

void xml_descriptions_clear(struct descriptions *d)
{
    description_clear(&d->plain);
    description_clear(&d->input);
    description_clear(&d->viewing);
}

static GRefString *nearer(struct description *own, struct description *outer)
{
    struct description *const d = own->text ? own : outer;
    if (!d->text)
        return NULL;
    if (!d->shared)
        d->shared = g_ref_string_new(d->text->str);
    return g_ref_string_acquire(d->shared);
}

static void end_correction(struct cdl_xml *r)
{
    struct cdl_correction *correction = g_steal_pointer(&r->correction);
    correction->clip = g_strdup(r->media);
    correction->description = nearer(&r->own.plain, &r->outer.plain);
    correction->input_description = nearer(&r->own.input, &r->outer.input);
    correction->viewing_description = nearer(&r->own.viewing, &r->outer.viewing);
    xml_descriptions_clear(&r->own);
    cdl_take(r->scan, r->file, correction, r->tag);
}

static void end_decision(struct cdl_xml *r)
{
    g_clear_pointer(&r->media, g_free);
    xml_descriptions_clear(&r->own);
}

void xml_end(struct cdl_xml *r, enum element element)
{
    struct cdl *cdl = r->correction ? &r->correction->cdl : NULL;
    switch (element) {
    case SLOPE:
        end_numbers(r, element, 3, cdl->slope);
        break;
    case OFFSET:
        end_numbers(r, element, 3, cdl->offset);
        break;
    case POWER:
        end_numbers(r, element, 3, cdl->power);
        break;
    case SATURATION:
        end_numbers(r, element, 1, &cdl->saturation);
        break;
    case DESCRIPTION:
    case INPUT_DESCRIPTION:
    case VIEWING_DESCRIPTION:
        end_description(r, element);
        break;
    case SOP:
        end_sop(r);
        break;
    case SAT:
        end_sat(r);
        break;
    case CORRECTION:
        end_correction(r);
        break;
    case DECISION:
        end_decision(r);
        break;
    default:
        break;
    }
}
