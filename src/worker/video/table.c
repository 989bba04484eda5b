/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of preservation of one output: what became of each stream and of each piece of metadata
 * of its source. */
#include "../audio/tags.h"
#include "../still_alpha.h"
#include "base/names.h"
#include "base/timecode.h"
#include "join.h"
#include "media/captions.h"
#include "media/readback.h"
#include "media/tag_groups.h"
#include "model/holds.h"

#include <math.h>

void branch_row(struct branch *branch, const struct carried_row *row)
{
    g_ptr_array_add(branch->table, carried_copy(row));
    if (row->fate == FATE_DROPPED)
        branch_note(branch, "dropped: %s%s%s", row->what,
                    g_str_has_prefix(row->why, "which ") ? ", " : ": ", row->why);
}

void branch_drop(struct branch *branch, int stream, const char *format, ...)
{
    g_autofree char *words = stream_words(branch->render->source, stream);
    va_list args;
    va_start(args, format);
    char *why = g_strdup_vprintf(format, args);
    va_end(args);
    branch_note(branch, "dropped: %s: %s", words, why);
    g_hash_table_insert(branch->reasons, GINT_TO_POINTER(stream), why);
}

/* --- streams --- */

/* Its channels in a track each: "pcm_s24le, 48000 Hz, 6 tracks of one channel". */
static char *value_of_tracks(const struct branch *branch, const struct lane *lane)
{
    const AVCodecParameters *par = writer_stream(branch->writer, lane->track)->codecpar;
    int tracks = 0;
    for (guint i = 0; i < branch->lanes->len; i++) {
        const struct lane *one = &g_array_index(branch->lanes, struct lane, i);
        tracks += one->stream == lane->stream && !one->silent;
    }
    return g_strdup_printf("%s, %d Hz, %d track%s of one channel", avcodec_get_name(par->codec_id),
                           par->sample_rate, tracks, tracks == 1 ? "" : "s");
}

static char *value_of_still(const struct branch *branch)
{
    const struct claim *claim = &branch->result->claim;
    return g_strdup_printf("%s, %dx%d", branch_form(branch), claim->width, claim->height);
}

static char *value_after(const struct branch *branch, const struct lane *lane)
{
    if (lane->track < 0)
        return lane->mode == LANE_STILL ? value_of_still(branch) : g_strdup(branch_form(branch));
    const AVStream *stream = writer_stream(branch->writer, lane->track);
    bool apart = stream->codecpar->codec_type == AVMEDIA_TYPE_AUDIO &&
                 branch->output->encode->audio.mono_tracks;
    return apart ? value_of_tracks(branch, lane) : stream_value(stream);
}

static enum carried_fate fate_of(const struct lane *lane)
{
    return lane->mode == LANE_COPY       ? FATE_COPIED
           : lane->mode == LANE_SUBTITLE ? FATE_CONVERTED
                                         : FATE_ENCODED;
}

/* Cues that a lane leaves out since they aren't text in UTF-8; NULL none. */
char *lane_refused(const struct lane *lane)
{
    return lane->subtitle ? subtitle_refusal(lane->subtitle) : NULL;
}

const char *lane_empty(const struct lane *lane)
{
    if (!lane->met)
        return "there is nothing in it";
    return lane->subtitle && subtitle_is_blank(lane->subtitle)
               ? "none of its captions was shown"
               : "none of it falls into the programme";
}

const char *lane_unloaded(const struct lane *lane)
{
    return lane->early ? "what of its captions is loaded before the programme begins is left out"
                       : NULL;
}

const char *lane_over(const struct lane *lane)
{
    return lane->encoder && !encoder_count(lane->encoder) ? "it ends before the programme begins"
                                                          : NULL;
}

static void set_lane(struct branch *branch, const struct lane *lane, struct carried_row *row)
{
    if (lane_over(lane)) {
        row->fate = FATE_DROPPED;
        row->why = g_strdup(lane_over(lane));
        return;
    }
    char *refused = lane_refused(lane);
    row->fate = fate_of(lane);
    row->after = value_after(branch, lane);
    if (lane->mode == LANE_ENCODE || lane->mode == LANE_STILL || lane->mode == LANE_SOUND_FILE ||
        lane->packets) {
        row->why = refused ? refused : g_strdup(lane_unloaded(lane));
        row->fate = row->why ? FATE_CHANGED : row->fate;
        return;
    }
    const bool blank = lane->subtitle && subtitle_is_blank(lane->subtitle);
    row->fate = lane->met && !refused && !blank ? FATE_CHANGED : FATE_DROPPED;
    row->why = refused ? refused : g_strdup(lane_empty(lane));
    g_clear_pointer(&row->after, g_free);
}

/* What stands for the timecode, or the chapters, is remade with them. */
static void set_remade(const struct branch *branch, struct carried_row *row)
{
    const char *timecode = branch->result->claim.timecode;
    bool chapters = row->keep == KEEP_CHAPTERS;
    bool there = chapters ? branch->chapters > 0 : timecode != NULL;
    row->fate = there ? FATE_CONVERTED : FATE_DROPPED;
    row->after = there ? g_strdup(chapters ? "chapters" : timecode) : NULL;
    row->why = g_strdup_printf("see %s", chapters ? "chapters" : "timecode");
}

static void add_stream(struct branch *branch, const struct source_stream *stream, GPtrArray *rows)
{
    const struct lane *lane = branch_lane(branch, stream->index);
    const char *why = g_hash_table_lookup(branch->reasons, GINT_TO_POINTER(stream->index));
    struct carried_row *row = g_new0(struct carried_row, 1);
    row->keep = stream_keep(branch->render->source, stream);
    row->stream = stream->index;
    row->what = stream_words(branch->render->source, stream->index);
    row->before = stream_value(stream->av);
    if (lane) {
        set_lane(branch, lane, row);
    } else if (why) {
        row->fate = FATE_DROPPED;
        row->why = g_strdup(why);
    } else if (row->keep == KEEP_TIMECODE || row->keep == KEEP_CHAPTERS) {
        set_remade(branch, row);
    } else if (stream->type == AVMEDIA_TYPE_ATTACHMENT) {
        row->fate = FATE_COPIED;
        row->after = g_strdup(row->before);
    } else {
        row->fate = FATE_DROPPED;
        row->why = g_strdup("the output has no track for it");
    }
    g_ptr_array_add(rows, row);
}

/* --- timecode and chapters --- */

/* Of sound without a picture beside it. */
static char *no_timecode_alone(const struct branch *branch)
{
    const struct render *render = branch->render;
    if (list_has("mov mp4", branch->container->name))
        return g_strdup_printf("%s output keeps one beside a picture alone",
                               branch->container->name);
    if (render->picture < 0)
        return g_strdup("the source has no picture whose frames it would count");
    return g_strdup(source_stream(render->source, render->picture)->variable
                        ? "its frames have no constant rate"
                        : "how much silence is cut off its start is known at the end alone");
}

static char *no_timecode(const struct branch *branch)
{
    const struct container *container = branch->container;
    if (!container || container->kind != KIND_VIDEO || container_is_folder(container) ||
        !(container_holds(container->name) & HOLDS_TIMECODE))
        return g_strdup_printf("%s output keeps none", branch_form(branch));
    return branch_lane(branch, branch->render->picture)
               ? g_strdup("its frames have no constant rate")
               : no_timecode_alone(branch);
}

static char *timecode_change(struct branch *branch, const char *before)
{
    if (strcmp(before, source_timecode(branch->render)) == 0)
        return g_strdup("it follows what the steps do to time");
    g_autofree char *rate =
        rational_text(source_stream(branch->render->source, branch->render->picture)->fps);
    branch_note(branch, "timecode %s: there are no drop frames at %s fps, so it was read as %s",
                before, rate, source_timecode(branch->render));
    return g_strdup_printf("there are no drop frames at %s fps", rate);
}

static bool is_noted(const struct branch *branch, const char *beginning)
{
    for (guint i = 0; i < branch->result->notes->len; i++)
        if (g_str_has_prefix(branch->result->notes->pdata[i], beginning))
            return true;
    return false;
}

static void add_timecode(struct branch *branch, GPtrArray *rows)
{
    const struct facts *facts = branch->render->job->task->source;
    const char *before = facts ? facts->timecode : NULL, *after = branch->result->claim.timecode;
    if (!before)
        return;
    bool same = after && strcmp(before, after) == 0;
    g_autofree char *why = same    ? NULL
                           : after ? timecode_change(branch, before)
                                   : no_timecode(branch);
    const struct carried_row row = {.keep = KEEP_TIMECODE,
                                    .stream = -1,
                                    .what = (char *)"timecode",
                                    .before = (char *)before,
                                    .after = (char *)after,
                                    .fate = same    ? FATE_KEPT
                                            : after ? FATE_CHANGED
                                                    : FATE_DROPPED,
                                    .why = why};
    g_ptr_array_add(rows, carried_copy(&row));
    if (!after && !is_noted(branch, "dropped: timecode"))
        branch_note(branch, "dropped: timecode %s: %s", before, why);
}

static const char *chapters_change(const struct branch *branch, unsigned before)
{
    if (branch->chapters_lost)
        return branch->chapters_lost;
    if (branch->render->joining)
        return "films are the chapters of a joined output";
    return branch->chapters == before ? NULL : "the others are outside the programme";
}

static void add_chapters(struct branch *branch, GPtrArray *rows)
{
    unsigned before = source_format(branch->render->source)->nb_chapters;
    if (!before && branch->chapters_lost)
        before = task_sources(branch->render->job->task);
    if (!before)
        return;
    const char *why = chapters_change(branch, before);
    g_autofree char *count = g_strdup_printf("%u", before);
    g_autofree char *after = branch->chapters ? g_strdup_printf("%u", branch->chapters) : NULL;
    const struct carried_row row = {.keep = KEEP_CHAPTERS,
                                    .stream = -1,
                                    .what = (char *)"chapters",
                                    .before = count,
                                    .after = after,
                                    .fate = branch->chapters_lost ? FATE_DROPPED
                                            : why                 ? FATE_CHANGED
                                                                  : FATE_KEPT,
                                    .why = (char *)why};
    g_ptr_array_add(rows, carried_copy(&row));
}

static const char *captions_before(const struct branch *branch, const struct lane *lane)
{
    const struct render *render = branch->render;
    const struct facts *facts = render->job->task->source;
    const char *within = facts ? captions_within(facts->captions) : NULL;
    if (render->joining)
        return joining_captions(render->joining);
    return within || !lane ? within : captions_text(lane->captioned);
}

static void add_captions(struct branch *branch, GPtrArray *rows)
{
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    const char *before = captions_before(branch, lane);
    if (!before)
        return;
    bool there = lane && (lane->mode == LANE_COPY || lane->captions);
    g_autofree char *why = there                   ? NULL
                           : lane && lane->encoder ? lane_loses_captions(branch, lane)
                                                   : g_strdup("the output writes none");
    const struct carried_row row = {.keep = KEEP_CAPTIONS,
                                    .stream = -1,
                                    .what = (char *)"captions",
                                    .before = (char *)before,
                                    .after = (char *)(there ? before : NULL),
                                    .fate = there ? FATE_KEPT : FATE_DROPPED,
                                    .why = why};
    g_ptr_array_add(rows, carried_copy(&row));
    if (!there)
        branch_note(branch, "dropped: captions (%s): %s", before, why);
}

/* --- transparency --- */

static bool has_alpha(enum AVPixelFormat format)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(format);
    return row && row->flags & AV_PIX_FMT_FLAG_ALPHA;
}

/* An encoder takes pictures of a form without it as they are: colours that it hid are seen. */
static enum carried_fate fate_encoded(const AVCodecContext *encoder, const struct chain *chain,
                                      char **why)
{
    if (encoder->pix_fmt == AV_PIX_FMT_PAL8 && chain_half_solid(chain))
        *why = g_strdup("a pixel of a GIF is solid or not there: half solid ones are one of both");
    else if (!has_alpha(encoder->pix_fmt))
        *why = g_strdup_printf("%s in %s has none, and the colours under it are seen: put "
                               "`flatten` before it; ProRes 4444, FFV1, and VP9 in WebM have some",
                               avcodec_get_name(encoder->codec_id),
                               av_get_pix_fmt_name(encoder->pix_fmt));
    return *why ? FATE_DROPPED : FATE_KEPT;
}

static enum carried_fate fate_copied(const struct branch *branch, const struct lane *lane,
                                     char **why)
{
    const AVCodecParameters *par =
        source_stream(branch->render->source, lane->stream)->av->codecpar;
    const char *codec = avcodec_get_name(par->codec_id);
    if (container_holds_alpha(branch->container->name, codec))
        return FATE_KEPT;
    g_autofree char *able = holders(HOLDS_ALPHA);
    *why = g_strdup_printf("%s has no place for that of %s (these have: %s)",
                           branch->container->name, codec, able);
    return FATE_DROPPED;
}

static enum carried_fate fate_of_alpha(const struct branch *branch, const struct lane *lane,
                                       char **why)
{
    if (lane->mode == LANE_COPY)
        return fate_copied(branch, lane, why);
    if (!lane->alpha) {
        *why = g_strdup(chain_laid(lane->chain) ? "what is drawn of moments has none: it was laid "
                                                  "on a colour"
                                                : "the steps leave none");
        return chain_laid(lane->chain) ? FATE_DROPPED : FATE_CHANGED;
    }
    const struct encode_image *still = &branch->output->encode->image;
    return lane->encoder ? fate_encoded(encoder_context(lane->encoder), lane->chain, why)
                         : still_alpha_fate(still->format, still, true, why);
}

/* How it is stored; NULL: not at all. */
static const char *alpha_stored(const struct lane *lane, enum carried_fate fate, const char *before)
{
    const AVCodecContext *encoder = lane->encoder ? encoder_context(lane->encoder) : NULL;
    if (lane->alpha && encoder && encoder->pix_fmt == AV_PIX_FMT_PAL8)
        return "one bit";
    if (fate != FATE_KEPT)
        return NULL;
    return encoder ? av_get_pix_fmt_name(encoder->pix_fmt) : before;
}

static void add_alpha(struct branch *branch)
{
    const struct facts *facts = branch->render->job->task->source;
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    if (!lane || !facts || !facts->alpha)
        return;
    g_autofree char *why = NULL;
    const enum carried_fate fate = fate_of_alpha(branch, lane, &why);
    const struct carried_row row = {.keep = KEEP_ALPHA,
                                    .stream = branch->render->picture,
                                    .what = (char *)"transparency",
                                    .before = facts->pix_fmt,
                                    .after = (char *)alpha_stored(lane, fate, facts->pix_fmt),
                                    .fate = fate,
                                    .why = why};
    branch_row(branch, &row);
}

/* --- the container's crop --- */

static bool has_crop(const GPtrArray *steps)
{
    for (guint i = 0; steps && i < steps->len; i++)
        if (list_has("crop autocrop", ((const struct step_call *)steps->pdata[i])->name))
            return true;
    return false;
}

/* Whoever crops the picture has looked at it. */
static bool is_cropped(const struct branch *branch)
{
    return has_crop(branch->render->job->task->steps) || has_crop(branch->output->steps);
}

static void add_crop(struct branch *branch, GPtrArray *rows)
{
    const int picture = branch->render->picture;
    struct carried_row *row = branch_lane(branch, picture)
                                  ? stream_crop_row(source_stream(branch->render->source, picture))
                                  : NULL;
    if (!row)
        return;
    g_ptr_array_add(rows, row);
    if (is_cropped(branch)) {
        g_free(row->why);
        row->why = g_strdup("a step crops it");
        row->fate = FATE_CHANGED;
    } else {
        branch_note(branch, "dropped: %s: %s", row->what, row->why);
    }
}

/* --- the active format --- */

static void add_active_format(struct branch *branch, GPtrArray *rows)
{
    const int picture = branch->render->picture;
    const struct lane *lane = branch_lane(branch, picture);
    struct carried_row *row =
        lane ? stream_active_format_row(source_stream(branch->render->source, picture)) : NULL;
    if (!row)
        return;
    g_ptr_array_add(rows, row);
    if (lane->mode == LANE_COPY) {
        g_clear_pointer(&row->why, g_free);
        row->fate = FATE_KEPT;
        row->after = g_strdup(row->before);
    } else {
        branch_note(branch, "dropped: %s (%s): %s", row->what, row->before, row->why);
    }
}

/* --- the table --- */

static void add_copies(const GPtrArray *from, GPtrArray *rows)
{
    for (guint i = 0; i < from->len; i++)
        g_ptr_array_add(rows, carried_copy(from->pdata[i]));
}

/* "GPS, XMP": what goes for the same reason as the row at *at, which moves behind them. */
static char *lost_together(const GPtrArray *lost, guint *at)
{
    const char *why = ((const struct carried_row *)lost->pdata[*at])->why;
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    const struct carried_row *row;
    for (; *at < lost->len && !strcmp((row = lost->pdata[*at])->why, why); ++*at)
        g_ptr_array_add(names, row->what);
    return names_text_of(names);
}

static void add_lost(struct branch *branch, GPtrArray *rows)
{
    g_autoptr(GPtrArray) lost = source_lost(branch->render->source);
    tags_meant(lost, branch->tags);
    for (guint i = 0; i < lost->len;) {
        const struct carried_row *row = lost->pdata[i];
        g_autofree char *names = lost_together(lost, &i);
        if (row->fate == FATE_DROPPED)
            branch_note(branch, "dropped: %s: %s", names, row->why);
    }
    add_copies(lost, rows);
}

/* Of a film's words a still has those alone that steps gave it. */
static void add_words(const struct branch *branch, GPtrArray *rows)
{
    const AVFormatContext *source = source_format(branch->render->source);
    AVFormatContext words = {0};
    words.metadata = tags_edited(NULL, branch->tags);
    tags_compare(source, &words, branch_form(branch), branch->tags, rows);
    tags_compare_parts(source, &words, branch_form(branch), rows);
    tags_meant(rows, branch->tags);
    languages_compare(source, &words, rows);
    av_dict_free(&words.metadata);
}

static void add_header(struct branch *branch, GPtrArray *rows)
{
    const AVFormatContext *source = source_format(branch->render->source);
    g_auto(readback_ptr) made = readback_open(branch->render->job->fds[branch->output->file]);
    if (!made)
        return;
    tags_compare(source, readback_format(made), branch_form(branch), branch->tags, rows);
    tags_compare_parts(source, readback_format(made), branch_form(branch), rows);
    tags_meant(rows, branch->tags);
    languages_compare(source, readback_format(made), rows);
    branch_roles(branch, readback_format(made), rows);
}

static void note_header(struct branch *branch, const GPtrArray *rows, guint from)
{
    for (guint i = from; i < rows->len; i++) {
        const struct carried_row *row = rows->pdata[i];
        if (row->fate == FATE_DROPPED && (row->keep == KEEP_DATES || row->keep == KEEP_LOCATION))
            branch_note(branch, "dropped: %s %s: %s", row->what, row->before, row->why);
    }
}

static void add_joined(struct branch *branch, GPtrArray *rows)
{
    const GPtrArray *said = joining_said(branch->render->joining);
    add_copies(joining_rows(branch->render->joining), rows);
    for (guint i = 0; i < said->len; i++)
        joined_said_tell(said->pdata[i], branch);
}

void branch_tabulate(struct branch *branch)
{
    GPtrArray *rows = carried_new();
    for (int i = 0; i < source_streams(branch->render->source); i++)
        add_stream(branch, source_stream(branch->render->source, i), rows);
    add_timecode(branch, rows);
    add_chapters(branch, rows);
    add_captions(branch, rows);
    add_crop(branch, rows);
    add_active_format(branch, rows);
    add_alpha(branch);
    if (branch->render->joining)
        add_joined(branch, rows);
    add_copies(branch->table, rows);
    add_lost(branch, rows);
    const guint from = rows->len;
    if (branch->container)
        add_header(branch, rows);
    else
        add_words(branch, rows);
    note_header(branch, rows, from);
    branch->result->claim.carried = rows;
}
