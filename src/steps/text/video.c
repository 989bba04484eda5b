/* SPDX-License-Identifier: GPL-3.0-or-later
 * `text`: moving picture. */
#include "media/chain_picture.h"
#include "steps/programme.h"
#include "text.h"

#include <math.h>

video_face text_video;

/* The counters in the order of the parameter's words. */
static const struct {
    enum text_counter counter;
    const char *words;
} runnings[] = {
    {TEXT_STILL, ""},
    {TEXT_TIMECODE, "timecode"},
    {TEXT_FRAMES, "frame numbers"},
    {TEXT_TIME, "the time"},
};

/* What timecode counts, and from where. */
static bool count_timecode(struct chain *chain, const struct programme *programme,
                           struct text_look *look, struct failure *failure)
{
    const struct video_shape *shape = chain_video(chain);
    look->fps = shape->fps.num ? shape->fps : programme->fps;
    if (!look->fps.num)
        return fail(failure, FAIL_CONFIG,
                    "text.running: the source has no frame rate that timecode could count: put fps "
                    "before text");
    g_autofree char *rate = rational_text(look->fps);
    if (!shape->fps.num)
        chain_note(chain, "the frame rate is variable: the burnt-in timecode counts at %s fps",
                   rate);
    look->timecode = shape->timecode[0] ? shape->timecode : "00:00:00:00";
    if (!shape->timecode[0])
        chain_note(chain, "the source has no timecode: the burnt-in one counts from %s",
                   look->timecode);
    return true;
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
    if (!programme_span(&programme, &text->from, &text->to, "text", &look.laid.from_s,
                        &look.laid.to_s, failure))
        return false;
    if (text->safe) {
        chain_note(chain, "drew the safe areas");
        if (!chain_safe_areas(chain, failure, text->color, &look.laid))
            return false;
    }
    const bool worded = text->text && *text->text;
    if (!worded && !text->running)
        return true;
    if (worded)
        chain_note(chain, "wrote \"%s\"%s%s", text->text, text->running ? ", with " : "",
                   runnings[text->running].words);
    else
        chain_note(chain, "wrote %s", runnings[text->running].words);
    if (look.counter == TEXT_TIMECODE && !count_timecode(chain, &programme, &look, failure))
        return false;
    return chain_text(chain, failure, &look);
}
