/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the readers of CDL files share: corrections, numbers, groups of numbers. */
#include "cdl_read.h"

#define NUMBER_MAX 1e6 /* as cdl_check has it */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct span span_trim(struct span span)
{
    while (span.start < span.end && is_blank(*span.start))
        span.start++;
    while (span.end > span.start && is_blank(span.end[-1]))
        span.end--;
    return span;
}

char *span_dup(struct span span)
{
    return span.end > span.start ? g_strndup(span.start, (gsize)(span.end - span.start)) : NULL;
}

struct cdl_correction *cdl_correction_create(const struct scan *s)
{
    struct cdl_correction *correction = g_new0(struct cdl_correction, 1);
    correction->cdl = cdl_neutral();
    correction->line = s->number;
    return correction;
}

void cdl_correction_destroy(void *data)
{
    struct cdl_correction *correction = data;
    char *const texts[] = {
        correction->id,    correction->clip, correction->reel,
        correction->start, correction->end,  correction->record,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    GRefString *const shared[] = {
        correction->description,
        correction->input_description,
        correction->viewing_description,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(shared); i++)
        if (shared[i])
            g_ref_string_release(shared[i]);
    g_free(correction);
}

void cdl_take(struct scan *s, struct cdl_file *file, struct cdl_correction *correction,
              struct span at)
{
    g_auto(diag_ptr) trial = diag_create();
    if (cdl_check(&correction->cdl, (struct mark){0}, trial)) {
        g_ptr_array_add(file->corrections, correction);
        return;
    }
    const struct scan before = *s;
    scan_place(s, at.start);
    cdl_check(&correction->cdl, scan_mark(s, at), s->diag);
    *s = before;
    s->told_source = true;
    s->errors++;
    cdl_correction_destroy(correction);
}

/* Three numbers with commas alone between them: "1.5,1,1". Of two, "1,5" may be one with a decimal
 * comma, and three with decimal commas have blanks. */
static bool is_by_commas(struct span text, int count)
{
    int commas = 0;
    for (const char *p = text.start; p < text.end; p++) {
        if (is_blank(*p))
            return false;
        commas += *p == ',';
    }
    return count > 2 && commas == count - 1;
}

/* The next number's text, without the comma or blanks that set it off from the one after it. */
static bool next_number(struct span *text, bool by_commas, struct span *word)
{
    *text = span_trim(*text);
    word->start = word->end = text->start;
    while (word->end < text->end && !is_blank(*word->end) && !(by_commas && *word->end == ','))
        word->end++;
    text->start = word->end + (by_commas && word->end < text->end);
    if (text->start < text->end && word->end - word->start > 1 && word->end[-1] == ',')
        word->end--;
    return word->end > word->start;
}

bool cdl_numbers(struct scan *s, struct span text, const char *what, int count, double *out)
{
    const struct span all = text;
    const bool by_commas = is_by_commas(span_trim(text), count);
    const unsigned errors = s->errors;
    struct span word;
    int found = 0;
    for (; next_number(&text, by_commas, &word); found++) {
        scan_place(s, word.start);
        if (found < count)
            scan_number(s, word, NUMBER_MAX, &out[found]);
    }
    if (s->errors == errors && found != count)
        scan_error(s, all, NULL, "%s takes %d number%s, not %d", what, count, count == 1 ? "" : "s",
                   found);
    return s->errors == errors;
}

/* The inside of "( … )" at the beginning of the text. */
static bool next_group(struct span *text, struct span *group)
{
    *text = span_trim(*text);
    if (text->start == text->end || *text->start != '(')
        return false;
    group->start = group->end = text->start + 1;
    while (group->end < text->end && *group->end != ')' && *group->end != '(')
        group->end++;
    if (group->end == text->end || *group->end != ')')
        return false;
    text->start = group->end + 1;
    return true;
}

bool cdl_sop(struct scan *s, struct span *text, struct cdl *cdl)
{
    const struct {
        const char *name;
        double *out;
    } groups[] = {{"slope", cdl->slope}, {"offset", cdl->offset}, {"power", cdl->power}};
    const struct span all = span_trim(*text);
    for (gsize i = 0; i < G_N_ELEMENTS(groups); i++) {
        struct span group;
        if (!next_group(text, &group)) {
            scan_error(s, all, "(slope x3)(offset x3)(power x3), such as (1 1 1)(0 0 0)(1 1 1)",
                       "there is no %s in brackets here", groups[i].name);
            return false;
        }
        if (!cdl_numbers(s, group, groups[i].name, 3, groups[i].out))
            return false;
    }
    return true;
}
