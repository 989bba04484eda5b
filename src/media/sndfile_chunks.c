/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a sound file has beside its sound, where the output is another format. */
#include "base/names.h"
#include "little.h"
#include "sndfile_private.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

/* libsndfile reads no more. */
enum { CUES_MAX = 2500 };

struct sound_part sound_part_of(const struct sound_file *from, const struct chain *chain)
{
    double from_s, to_s;
    int was = sound_file_shape(from)->rate, is = chain_sound(chain)->rate;
    chain_span(chain, &from_s, &to_s);
    bool timed = was == is && !chain_is_retimed(chain);
    bool start = llround(chain_origin(chain) * was) == 0;
    double own_s = chain_own_end(chain) - chain_origin(chain);
    return (struct sound_part){
        .whole = timed && start && isnan(to_s) && own_s == INFINITY,
        .own = isfinite(own_s) ? llround(own_s * is) : INT64_MAX,
        .same_start = timed && start,
        .move = {.cut = chain_origin(chain) * was, .ratio = (double)is / was},
    };
}

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
    return g_steal_pointer(&cues);
}

bool sound_markers(const struct sound_file *from, GBytes **cues, GBytes **labels)
{
    g_autofree SF_CUES *found = sound_file_chunks(from)->len ? NULL : read_cues(from);
    g_autoptr(GByteArray) points = g_byte_array_new(), names = g_byte_array_new();
    SF_CUE_POINT *point = found ? found->cue_points : NULL;
    for (uint32_t i = 0; found && i < found->cue_count; i++, point++) {
        point->name[sizeof point->name - 1] = '\0';
        cue_add(points, names, point->sample_offset, point->name);
    }
    if (!points->len)
        return false;
    *cues = g_byte_array_free_to_bytes(g_steal_pointer(&points));
    *labels = g_byte_array_free_to_bytes(g_steal_pointer(&names));
    return true;
}

/* Those that are in the output, where they are there. */
static void move_cues(SF_CUES *cues, const struct cue_move *move, double length)
{
    SF_CUE_POINT *points = cues->cue_points;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < cues->cue_count; i++) {
        double at = rint((points[i].sample_offset - move->cut) * move->ratio);
        if (at < 0 || at >= length)
            continue;
        points[kept] = points[i];
        points[kept].position = points[kept].sample_offset = (uint32_t)at;
        kept++;
    }
    cues->cue_count = kept;
}

/* False where the format has no place for them. */
static bool write_cues(SNDFILE *to, const struct sound_writer_setup *setup,
                       const struct chain *chain, SF_CUES *cues)
{
    struct sound_part part = sound_part_of(setup->from, chain);
    double length = MIN(chain_sound(chain)->duration_s * chain_sound(chain)->rate, part.own);
    if (!sound_container_has_cues(setup->container) || chain_is_retimed(chain))
        return false;
    move_cues(cues, &part.move, length);
    return cues->cue_count == 0 ||
           sf_command(to, SFC_SET_CUE, cues, (int)cues_size(cues->cue_count)) == SF_TRUE;
}

static void cues_leave(SNDFILE *to, const struct sound_writer_setup *setup, struct chain *chain)
{
    g_autofree SF_CUES *cues = read_cues(setup->from);
    uint32_t count = cues ? cues->cue_count : 0;
    if (count == 0)
        return;
    if (!write_cues(to, setup, chain, cues))
        chain_note(chain, "dropped: %u cue points", count);
    else if (cues->cue_count < count)
        chain_note(chain, "dropped: %u cue points outside of the part", count - cues->cue_count);
}

/* Those that a file has and `told` hasn't. */
static char *chunk_names(const struct sound_file *file, const char *const *told)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    const GArray *chunks = sound_file_chunks(file);
    for (guint i = 0; i < chunks->len; i++) {
        const struct wave_chunk *chunk = &g_array_index(chunks, struct wave_chunk, i);
        if (!g_strv_contains(told, chunk->id))
            g_ptr_array_add(names, g_strchomp(g_strdup(chunk->id)));
    }
    return names->len ? names_text_of(names) : NULL;
}

unsigned sound_file_cues(const struct sound_file *file)
{
    enum { COUNT = 4, POINT = 24 };
    const struct wave_chunk *chunk = wave_chunks_find(sound_file_chunks(file), "cue ");
    g_autoptr(GBytes) data = chunk ? sound_file_load(file, chunk) : NULL;
    gsize length = data ? g_bytes_get_size(data) : 0;
    uint32_t count = 0;
    if (length >= COUNT)
        return (unsigned)MIN(little_get(g_bytes_get_data(data, NULL), COUNT),
                             (length - COUNT) / POINT);
    bool marked =
        sf_command(sound_file_handle(file), SFC_GET_CUE_COUNT, &count, sizeof count) == SF_TRUE;
    return marked ? count : 0;
}

char *sound_file_extras(const struct sound_file *file)
{
    static const char *const told[] = {"PEAK", NULL};
    unsigned cues = sound_file_cues(file);
    g_autofree char *names = chunk_names(file, told);
    if (names)
        return g_strdup_printf("the chunks %s", names);
    return cues ? g_strdup_printf("%u cue points", cues) : NULL;
}

void sound_chunks_leave(SNDFILE *to, const struct sound_writer_setup *setup, struct chain *chain)
{
    /* elsewhere, or made anew */
    static const char *const told[] = {"LIST", "cue ", "PEAK", NULL};
    g_autofree char *names = chunk_names(setup->from, told);
    cues_leave(to, setup, chain);
    if (names)
        chain_note(chain, "dropped: what a WAVE file has a place for (%s)", names);
}
