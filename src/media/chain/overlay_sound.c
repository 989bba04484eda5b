/* SPDX-License-Identifier: GPL-3.0-or-later
 * Another file's sound added to a chain's: read as it is needed, through a chain of its own that
 * brings it to the layout and rate that flow. */
#include "media/frame.h"
#include "media/sndfile.h"
#include "private.h"

#include <math.h>

/* One pass through the file. */
struct reading {
    struct sound_file *file; /* or, for what libsndfile doesn't read: */
    struct source *source;
    int stream;
    struct chain *chain;
    bool ended; /* nothing more goes in */
};

struct overlay {
    int fd;
    struct sound_over over;
    char *layout;
    int rate;
    int64_t from, to; /* samples of the programme in which it is heard; to INT64_MAX = the end */
    double factor, fade;
    double own_s; /* the file's length; NAN unknown, 0 not yet known */
    struct reading reading;
    AVFrame *frame; /* `used` samples of it are mixed */
    int used;
    int64_t given; /* samples of this pass */
    bool done;
};

static void reading_close(struct reading *reading)
{
    chain_destroy(reading->chain);
    sound_file_close(reading->file);
    source_close(reading->source);
    *reading = (struct reading){.stream = -1};
}

static struct chain *source_chain(struct reading *reading, int fd, double heard_s,
                                  struct failure *failure)
{
    const struct source_opts how = {.threads = 1, .heard_s = heard_s};
    reading->source = source_open(fd, &how, failure);
    if (!reading->source)
        return NULL;
    reading->stream = source_sound(reading->source);
    if (reading->stream < 0) {
        fail(failure, FAIL_CONFIG, "there is no sound in it");
        return NULL;
    }
    if (!source_use(reading->source, reading->stream, SOURCE_DECODE, failure))
        return NULL;
    double start_s = source_stream(reading->source, reading->stream)->start_s;
    return chain_create_source(reading->source, reading->stream, -1, start_s, failure);
}

static bool reading_open(struct overlay *overlay, struct failure *failure)
{
    struct reading *reading = &overlay->reading;
    reading->file = sound_file_open(overlay->fd);
    reading->chain = reading->file ? chain_create_file(reading->file, failure)
                                   : source_chain(reading, overlay->fd, overlay->own_s, failure);
    if (reading->chain)
        overlay->own_s = chain_sound(reading->chain)->duration_s;
    return reading->chain && chain_deliver_sound(reading->chain, failure, AV_SAMPLE_FMT_FLTP,
                                                 overlay->rate, overlay->layout);
}

static bool whole(const struct reading *reading, struct failure *failure)
{
    struct source_health health;
    g_autofree char *sentence = NULL;
    if (reading->file)
        sound_file_health(reading->file, &health);
    else
        source_health(reading->source, &health);
    return !source_damaged(&health, &sentence) ||
           fail(failure, FAIL_INPUT_DAMAGED, "the file to mix in is damaged: %s", sentence);
}

/* The next frame of the file's sound into its chain, or its end. */
static bool feed(struct reading *reading, struct failure *failure)
{
    struct source_item item;
    AVFrame *frame = frame_new();
    enum source_got got;
    if (reading->file) {
        got = sound_file_next(reading->file, frame, failure);
    } else {
        do
            got = source_next(reading->source, &item, failure);
        while (got == SOURCE_FRAME && item.stream != reading->stream);
    }
    bool fine = got != SOURCE_FAILED;
    reading->ended = got == SOURCE_END;
    if (got == SOURCE_FRAME)
        fine = chain_push(reading->chain, reading->file ? frame : item.frame, failure);
    else if (fine)
        fine = whole(reading, failure) && chain_push(reading->chain, NULL, failure);
    av_frame_free(&frame);
    return fine;
}

/* The file is through: from the start again, or nothing more. A file without a sample isn't
 * looped. */
static bool pass_ended(struct overlay *overlay, struct failure *failure)
{
    overlay->done = !overlay->over.loop || !overlay->given;
    overlay->given = 0;
    reading_close(&overlay->reading);
    return overlay->done || reading_open(overlay, failure);
}

/* Samples in hand; none when it is done. */
static bool refill(struct overlay *overlay, struct failure *failure)
{
    while (!overlay->done && overlay->used == overlay->frame->nb_samples) {
        av_frame_unref(overlay->frame);
        overlay->used = 0;
        enum chain_got got = chain_pull(overlay->reading.chain, overlay->frame, failure);
        overlay->given += overlay->frame->nb_samples;
        if (got == CHAIN_FAILED || (got == CHAIN_MORE && !feed(&overlay->reading, failure)) ||
            (got == CHAIN_END && !pass_ended(overlay, failure)))
            return false;
    }
    return true;
}

/* A quarter sine down to the end. */
static double level_at(const struct overlay *overlay, int64_t position)
{
    double left = (double)(overlay->to - position);
    return overlay->fade > 0 && left < overlay->fade
               ? overlay->factor * sin(G_PI_2 * left / overlay->fade)
               : overlay->factor;
}

static void add(const struct overlay *overlay, struct sound_rows *rows, int at, int count)
{
    for (int i = 0; i < count; i++) {
        double level = level_at(overlay, rows->position + at + i);
        for (int c = 0; c < rows->channels; c++) {
            const float *from = (const float *)overlay->frame->extended_data[c] + overlay->used;
            rows->channel[c][at + i] =
                (float)((double)rows->channel[c][at + i] + level * (double)from[i]);
        }
    }
}

static bool run(void *state, struct sound_rows *rows, struct failure *failure)
{
    struct overlay *overlay = state;
    int at = (int)CLAMP(overlay->from - rows->position, 0, rows->frames);
    int end = (int)CLAMP(overlay->to - rows->position, 0, rows->frames);
    while (at < end) {
        if (!refill(overlay, failure))
            return false;
        if (overlay->done)
            return true;
        int count = MIN(end - at, overlay->frame->nb_samples - overlay->used);
        add(overlay, rows, at, count);
        overlay->used += count;
        at += count;
    }
    return true;
}

static void overlay_free(void *state)
{
    struct overlay *overlay = state;
    reading_close(&overlay->reading);
    av_frame_free(&overlay->frame);
    g_free(overlay->layout);
    g_free(overlay);
}

/* It ends with the programme, or before, when it isn't long enough. */
static bool place_fade(struct overlay *overlay, struct failure *failure)
{
    const struct sound_over *over = &overlay->over;
    const double last_s = over->loop ? over->end_s : over->at_s + overlay->own_s;
    overlay->to = INT64_MAX;
    if (over->fade_s <= 0)
        return true;
    if (isnan(last_s))
        return fail(failure, FAIL_CONFIG, "where it ends isn't known, so its end can't fade");
    overlay->to = llround(fmin(over->end_s, last_s) * overlay->rate);
    overlay->fade = over->fade_s * overlay->rate;
    return true;
}

bool chain_overlay_sound(struct chain *chain, struct failure *failure, int fd,
                         const struct sound_over *over)
{
    struct overlay *overlay = g_new0(struct overlay, 1);
    chain->moved = true;
    overlay->fd = fd;
    overlay->over = *over;
    overlay->layout = g_strdup(chain->sound.layout);
    overlay->rate = chain->sound.rate;
    overlay->factor = pow(10, over->gain_db / 20);
    overlay->from = llround(over->at_s * overlay->rate);
    overlay->frame = frame_new();
    if (reading_open(overlay, failure) && place_fade(overlay, failure))
        return chain_sound_kernel(chain, failure, "mix", run, overlay, overlay_free);
    overlay_free(overlay);
    return false;
}
