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

struct carried_row *stream_role_row(const struct source *source, int stream, int made,
                                    const char *container)
{
    const int before = source_stream(source, stream)->av->disposition & roles;
    const int lost = before & ~made;
    if (!before)
        return NULL;
    g_autofree char *words = stream_words(source, stream), *missing = text_of(lost);
    struct carried_row *row = g_new0(struct carried_row, 1);
    row->keep = KEEP_TAGS;
    row->stream = -1;
    row->what = g_strconcat("role of ", words, NULL);
    row->before = text_of(before);
    row->after = text_of(made & before);
    row->fate = lost ? FATE_DROPPED : FATE_KEPT;
    row->why = lost ? g_strdup_printf("%s has no mark for %s", container, missing) : NULL;
    return row;
}

static void compare(struct branch *branch, int stream, int made, GPtrArray *rows)
{
    struct carried_row *row =
        stream_role_row(branch->render->source, stream, made, branch->container->name);
    if (!row)
        return;
    if (row->fate == FATE_DROPPED)
        branch_note(branch, "dropped: %s: %s", row->what, row->why);
    g_ptr_array_add(rows, row);
}

void branch_roles(struct branch *branch, const AVFormatContext *made, GPtrArray *rows)
{
    for (int i = 0; i < source_streams(branch->render->source); i++) {
        const struct lane *lane = branch_lane(branch, i);
        if (lane && lane->track >= 0 && lane->track < (int)made->nb_streams && !lane_over(lane))
            compare(branch, i, made->streams[lane->track]->disposition, rows);
    }
}
