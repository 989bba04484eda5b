/* SPDX-License-Identifier: GPL-3.0-or-later
 * `text`: moving picture. */
#include "../programme.h"
#include "text.h"

#include <math.h>

video_face text_video;

/* The counters in the order of the parameter's words. */
static const struct {
    enum text_counter counter;
    const char *words;
} runnings[] = {
    {TEXT_STILL, ""},
    {TEXT_TIMECODE, ", with timecode"},
    {TEXT_FRAMES, ", with frame numbers"},
    {TEXT_TIME, ", with the time"},
};

/* What timecode counts from; NULL when it can't. */
static const char *timecode_start(struct chain *chain, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    if (!shape->fps.num) {
        fail(failure, FAIL_CONFIG,
             "text.running: timecode needs a constant frame rate: put fps before text");
        return NULL;
    }
    if (shape->timecode[0])
        return shape->timecode;
    chain_note(chain, "the source has no timecode: the burnt-in one counts from 00:00:00:00");
    return "00:00:00:00";
}

bool text_video(struct chain *chain, const void *params, const struct face_env *env,
                struct failure *failure)
{
    const struct text *text = params;
    const struct video_shape *shape = chain_video(chain);
    struct programme programme = programme_before(env);
    struct text_look look = {
        .text = text->text,
        .counter = runnings[text->running].counter,
        .size = MAX(extent_pixels(text->size, shape->height, 0), 6),
        .color = text->color,
        .box = text->box,
        .laid = {.margin = extent_pixels(text->margin, shape->height, 0)},
    };
    place_shares((enum place)text->place, &look.laid.across, &look.laid.down);
    if (!programme_resolve(&programme, &text->from, NAN, "text.from", &look.laid.from_s, failure) ||
        !programme_resolve(&programme, &text->to, NAN, "text.to", &look.laid.to_s, failure))
        return false;
    chain_note(chain, "wrote \"%s\"%s", text->text ? text->text : "",
               runnings[text->running].words);
    if (look.counter == TEXT_TIMECODE && !(look.timecode = timecode_start(chain, failure)))
        return false;
    return chain_text(chain, failure, &look);
}
