/* SPDX-License-Identifier: GPL-3.0-or-later
 * Moments of a source in its output, with names: cue points of a sound file, chapters of a film. */
#include "aiff_marks.h"
#include "flac_blocks.h"
#include "sndfile_private.h"

#include <math.h>
#include <stddef.h>

/* libsndfile reads no more. */
enum { CUES_MAX = 2500 };

static void clear(void *mark)
{
    g_free(((struct sound_mark *)mark)->name);
}

GArray *sound_marks_new(void)
{
    GArray *marks = g_array_new(FALSE, FALSE, sizeof(struct sound_mark));
    g_array_set_clear_func(marks, clear);
    return marks;
}

void sound_marks_add(GArray *marks, uint32_t sample, const char *name)
{
    const struct sound_mark mark = {sample, g_strdup(name)};
    g_array_append_val(marks, mark);
}

/* Before the first sample of an output or behind its last there is none. */
static void place(GArray *marks, double sample, int64_t frames, const char *name)
{
    if (sample >= 0 && sample < (double)frames && sample <= UINT32_MAX)
        sound_marks_add(marks, (uint32_t)sample, name);
}

bool sound_marks_cues(const GArray *marks, GBytes **cues, GBytes **labels)
{
    g_autoptr(GByteArray) points = g_byte_array_new(), names = g_byte_array_new();
    for (guint i = 0; i < marks->len; i++) {
        const struct sound_mark *mark = &g_array_index(marks, struct sound_mark, i);
        cue_add(points, names, mark->sample, mark->name);
    }
    if (!marks->len)
        return false;
    *cues = g_byte_array_free_to_bytes(g_steal_pointer(&points));
    *labels = g_byte_array_free_to_bytes(g_steal_pointer(&names));
    return true;
}

/* --- of a sound file --- */

static size_t cues_size(uint32_t count)
{
    return offsetof(SF_CUES, cue_points) + (size_t)count * sizeof(SF_CUE_POINT);
}

/* As many as there are, which may be more than SF_CUES has room for; NULL: none. */
static SF_CUES *read_cues(const struct sound_file *from)
{
    SNDFILE *file = sound_file_handle(from);
    uint32_t count = 0;
    if (sf_command(file, SFC_GET_CUE_COUNT, &count, sizeof count) != SF_TRUE || count == 0)
        return NULL;
    count = MIN(count, CUES_MAX);
    size_t size = MAX(cues_size(count), sizeof(SF_CUES));
    g_autofree SF_CUES *cues = g_malloc0(size);
    if (sf_command(file, SFC_GET_CUE, cues, (int)size) != SF_TRUE)
        return NULL;
    cues->cue_count = MIN(cues->cue_count, count);
    SF_CUE_POINT *points = cues->cue_points;
    for (uint32_t i = 0; i < cues->cue_count; i++)
        points[i].name[sizeof points[i].name - 1] = '\0';
    return g_steal_pointer(&cues);
}

/* libsndfile passes over those of an AIFF file that are many, and all of FLAC. */
static GArray *marks_of(int fd, int rate)
{
    g_autoptr(GArray) marks = aiff_marks_read(fd);
    return marks->len ? g_steal_pointer(&marks) : flac_marks_read(fd, rate);
}

/* Where they are in the source. */
static GArray *source_marks(const struct sound_file *from)
{
    GArray *marks = marks_of(sound_file_fd(from), sound_file_shape(from)->rate);
    g_autofree SF_CUES *cues = marks->len ? NULL : read_cues(from);
    const SF_CUE_POINT *point = cues ? cues->cue_points : NULL;
    for (uint32_t i = 0; cues && i < cues->cue_count; i++, point++)
        sound_marks_add(marks, point->sample_offset, point->name);
    return marks;
}

unsigned sound_markers_count(const struct sound_file *from)
{
    uint32_t count = 0;
    g_autoptr(GArray) marks = marks_of(sound_file_fd(from), sound_file_shape(from)->rate);
    const bool others =
        sf_command(sound_file_handle(from), SFC_GET_CUE_COUNT, &count, sizeof count) == SF_TRUE;
    return marks->len ? marks->len : others ? count : 0;
}

bool sound_markers(const struct sound_file *from, GBytes **cues, GBytes **labels)
{
    g_autoptr(GArray) marks = sound_file_chunks(from)->len ? sound_marks_new() : source_marks(from);
    return sound_marks_cues(marks, cues, labels);
}

GArray *sound_cue_marks(const struct sound_file *from, struct chain *chain, int64_t frames)
{
    const struct sound_part part = sound_part_of(from, chain);
    GArray *marks = sound_marks_new();
    g_autoptr(GArray) found = chain_is_retimed(chain) ? sound_marks_new() : source_marks(from);
    for (guint i = 0; i < found->len; i++) {
        const struct sound_mark *mark = &g_array_index(found, struct sound_mark, i);
        place(marks, rint((mark->sample - part.move.cut) * part.move.ratio), MIN(frames, part.own),
              mark->name);
    }
    if (marks->len < found->len)
        chain_note(chain, "dropped: %u cue points outside of the part", found->len - marks->len);
    return marks;
}

/* --- of a film --- */

static const char *title_of(const AVChapter *chapter)
{
    const AVDictionaryEntry *title = av_dict_get(chapter->metadata, "title", NULL, 0);
    return title ? title->value : "";
}

/* One that the programme has no part of is left out. */
static void add_chapter(GArray *marks, const AVChapter *chapter, const struct time_line *line,
                        const struct chain *chain, int64_t frames)
{
    double start_s = (double)chapter->start * av_q2d(chapter->time_base);
    double end_s = (double)chapter->end * av_q2d(chapter->time_base);
    end_s = fmin(end_s, chain_own_end(chain));
    if (time_line_cut(line, &start_s, &end_s) && end_s > start_s)
        place(marks, rint(start_s * chain_sound(chain)->rate), frames, title_of(chapter));
}

GArray *sound_chapter_marks(const AVFormatContext *film, const struct chain *chain, int64_t frames)
{
    GArray *marks = sound_marks_new();
    struct time_line line;
    const bool follow = chain_time_line(chain, &line);
    for (unsigned i = 0; follow && i < film->nb_chapters; i++)
        add_chapter(marks, film->chapters[i], &line, chain, frames);
    return marks;
}

GArray *sound_marks_before(const struct sound_file *from, const AVFormatContext *film)
{
    GArray *marks = from ? source_marks(from) : sound_marks_new();
    for (unsigned i = 0; !from && film && i < film->nb_chapters; i++)
        sound_marks_add(marks, 0, title_of(film->chapters[i]));
    return marks;
}
