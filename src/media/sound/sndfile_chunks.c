/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a sound file has beside its sound, where the output is another format. */
#include "../bytes/little.h"
#include "aiff_marks.h"
#include "base/names.h"
#include "sndfile_private.h"

#include <math.h>
#include <string.h>

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
    if (length >= COUNT)
        return (unsigned)MIN(little_get(g_bytes_get_data(data, NULL), COUNT),
                             (length - COUNT) / POINT);
    return sound_markers_count(file);
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

void sound_chunks_leave(const struct sound_writer_setup *setup, struct chain *chain)
{
    /* elsewhere, or made anew */
    static const char *const told[] = {"LIST", "cue ", "PEAK", NULL};
    g_autofree char *names = chunk_names(setup->from, told);
    const bool place = sound_container_cues(setup->container) && !chain_is_retimed(chain);
    const unsigned cues = place ? 0 : sound_file_cues(setup->from);
    if (cues)
        chain_note(chain, "dropped: %u cue points", cues);
    if (names)
        chain_note(chain, "dropped: what a WAVE file has a place for (%s)", names);
}
