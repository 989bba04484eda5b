/* SPDX-License-Identifier: GPL-3.0-or-later
 * The default sound of a source, read by libsndfile where it can, else by libav. One thread. */
#pragma once

#include "media/sndfile.h"
#include "worker/run.h"

struct sound_input {
    struct sound_file *file; /* one of these two */
    struct source *source;
    int stream; /* of the latter; -1: it has no sound, */
    struct chain
        *mute;       /* and silence in the form of this one, which has no stages, stands for it; */
    int64_t at, end; /* so many samples were given, of so many; NULL: nothing does */
};

/* What is noted of silence that stands for it. */
#define NOTE_MUTE "silence: it has no sound"

/* files[part] through libsndfile; NULL where that isn't exact, by what is known of it. */
struct sound_file *sound_input_file(const struct job *job, unsigned part);
/* Opens files[part], one of the task's sources. False and `failure` when it can't be read at all.
 */
bool sound_input_open(struct sound_input *input, const struct job *job, unsigned part,
                      struct failure *failure);
void sound_input_close(struct sound_input *input);
bool sound_input_has_sound(const struct sound_input *input);

/* The second of the source's time line at which its programme starts: that of the picture, where
 * there is one. */
double sound_input_start(const struct sound_input *input);
/* The start of its chain. */
struct chain *sound_input_chain(const struct sound_input *input, struct failure *failure);
/* Frames of the sound only. `frame` is unreferenced first. */
enum source_got sound_input_next(struct sound_input *input, AVFrame *frame,
                                 struct failure *failure);
const AVDictionary *sound_input_tags(const struct sound_input *input);
double sound_input_progress(const struct sound_input *input);
void sound_input_health(const struct sound_input *input, struct source_health *health);
