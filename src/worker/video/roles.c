/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a track is for, by its header's marks: audio description, a commentary, forced subtitles. */
#include "render.h"

static const int roles = AV_DISPOSITION_DUB | AV_DISPOSITION_ORIGINAL | AV_DISPOSITION_COMMENT |
                         AV_DISPOSITION_LYRICS | AV_DISPOSITION_KARAOKE | AV_DISPOSITION_FORCED |
                         AV_DISPOSITION_HEARING_IMPAIRED | AV_DISPOSITION_VISUAL_IMPAIRED |
                         AV_DISPOSITION_CLEAN_EFFECTS | AV_DISPOSITION_CAPTIONS |
                         AV_DISPOSITION_DESCRIPTIONS;

/* "visual_impaired, comment"; NULL none. */
static char *text_of(int disposition)
{
    GString *text = g_string_new(NULL);
    for (int bit = 0; bit < 31; bit++)
        if (roles & disposition & 1 << bit)
            g_string_append_printf(text, "%s%s", text->len ? ", " : "",
                                   av_disposition_to_string(1 << bit));
    return g_string_free(text, text->len == 0);
}

static void compare(struct branch *branch, const struct source_stream *stream, int made,
                    GPtrArray *rows)
{
    const int before = stream->av->disposition & roles, lost = before & ~made;
    g_autofree char *words = stream_words(branch->render->source, stream->index);
    g_autofree char *what = g_strconcat("role of ", words, NULL);
    g_autofree char *had = text_of(before), *has = text_of(made & before), *missing = text_of(lost);
    g_autofree char *why =
        lost ? g_strdup_printf("%s has no mark for %s", branch->container->name, missing) : NULL;
    const struct carried_row row = {.keep = KEEP_TAGS,
                                    .stream = -1,
                                    .what = what,
                                    .before = had,
                                    .after = has,
                                    .fate = lost ? FATE_DROPPED : FATE_KEPT,
                                    .why = why};
    g_ptr_array_add(rows, carried_copy(&row));
    if (lost)
        branch_note(branch, "dropped: %s (%s): %s", what, missing, why);
}

void branch_roles(struct branch *branch, const AVFormatContext *made, GPtrArray *rows)
{
    for (int i = 0; i < source_streams(branch->render->source); i++) {
        const struct source_stream *stream = source_stream(branch->render->source, i);
        const struct lane *lane = branch_lane(branch, i);
        if (lane && lane->track >= 0 && lane->track < (int)made->nb_streams && !lane_over(lane) &&
            stream->av->disposition & roles)
            compare(branch, stream, made->streams[lane->track]->disposition, rows);
    }
}
