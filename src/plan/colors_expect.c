/* SPDX-License-Identifier: GPL-3.0-or-later
 * Deliveries of certain colours: those that a file can't have, as the plan knows already, refuse
 * it.
 */
#include "build.h"

#include "model/expect.h"

#include <string.h>

/* What the plan knows of a file that is written. */
static bool is_known(const struct fact *fact)
{
    static const char *const names[] = {"hdr", "color_primaries", "color_transfer", NULL};
    return g_strv_contains(names, fact->name);
}

static bool holds(const struct expectation *e, const struct facts *made)
{
    struct check *check = expectation_check(e, made, NULL);
    const bool pass = check->pass;
    check_destroy(check);
    return pass;
}

static void refuse(struct draft *draft, const struct expectation *e, const struct facts *keeps)
{
    const struct space *tags = draft->colors.tags;
    const bool hdr = strcmp(e->fact->name, "hdr") == 0;
    g_autofree char *message =
        keeps
            ? g_strdup_printf("expect.%s: %s, and the picture keeps its source's tags, %s and %s",
                              e->fact->name, e->text, keeps->color_primaries, keeps->color_transfer)
            : g_strdup_printf("expect.%s: %s, and the picture is written as %s (%s)", e->fact->name,
                              e->text, tags->name, tags->title);
    draft_refuse(draft, e->at,
                 !hdr ? "convert it with `- color: {to: …}` among the steps, or keep such inputs "
                        "out with a `when`"
                 : tags->kind == SPACE_HDR
                     ? "convert it with `- color: rec709` among the steps, or keep such inputs out "
                       "with `when: not hdr`"
                     : "convert it with `- color: pq` or `- color: hlg` among the steps, or keep "
                       "such inputs out with `when: hdr`",
                 message);
}

/* A copy has its source's own tags, and so has HDR that no step made. */
static bool keeps_tags(const struct draft *draft)
{
    return draft->written->copies_video ||
           (draft->colors.tags->kind == SPACE_HDR && draft->colors.how != COLORS_DECLARED);
}

/* Spaces stand for several tags: where it is unchanged, the source's own are written. */
static void check_expected(struct draft *draft, const struct facts *source,
                           const struct expectation *e)
{
    const struct space *tags = draft->colors.tags;
    const struct clip_tags own = clip_tags(source);
    const bool hdr = tags->kind == SPACE_HDR || (draft->written->copies_video && source->hdr);
    const struct facts made[] = {{.kind = KIND_VIDEO,
                                  .hdr = hdr,
                                  .color_primaries = (char *)tags->primaries_tag,
                                  .color_transfer = (char *)tags->transfer_tag},
                                 {.kind = KIND_VIDEO,
                                  .hdr = hdr,
                                  .color_primaries = (char *)own.primaries,
                                  .color_transfer = (char *)own.transfer}};
    const bool keeps = keeps_tags(draft);
    if (is_known(e->fact) && !holds(e, &made[1]) && (keeps || !holds(e, &made[0])))
        refuse(draft, e, keeps ? &made[1] : NULL);
}

void colors_expected(const struct facts *source, const struct pipeline_output *output,
                     struct draft *draft)
{
    const struct space *tags = draft->colors.tags;
    if (!source || source->kind != KIND_VIDEO || !tags || !space_has_tags(tags))
        return;
    for (guint i = 0; i < output->expectations->len; i++)
        check_expected(draft, source, output->expectations->pdata[i]);
}
