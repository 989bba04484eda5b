/* SPDX-License-Identifier: GPL-3.0-or-later
 * The source at one moment, for the report: what an output shows then is looked at when that is
 * verified. */
#include "media/frame.h"
#include "media/glance.h"
#include "render.h"

#include <math.h>

static const double ROUNDING_S = 0.001;

static const struct lane *pictured(const struct render *render, const struct branch *branch)
{
    const struct lane *lane = branch->failed ? NULL : branch_lane(branch, render->picture);
    return lane && lane->chain ? lane : NULL;
}

/* The one frame that a still is made of, or a third of the way. */
static bool choose(const struct lane *lane, double *look_s)
{
    struct time_line line;
    double from_s;
    if (chain_is_still(lane->chain)) {
        chain_span(lane->chain, &from_s, look_s);
        return isfinite(*look_s);
    }
    if (!chain_time_line(lane->chain, &line))
        return false;
    double length_s =
        isfinite(line.length_s) ? line.length_s : chain_video(lane->chain)->duration_s;
    *look_s = line.origin_s + (isfinite(length_s) ? line.pace * length_s / 3 : 0);
    return true;
}

void before_settle(struct render *render)
{
    for (guint i = 0; i < render->branches->len && !render->joining && !render->looks; i++) {
        const struct lane *lane = pictured(render, render->branches->pdata[i]);
        render->looks = lane && choose(lane, &render->look_s);
    }
}

void before_see(struct render *render, const struct message *message)
{
    if (!render->looks || render->before || message->kind != MESSAGE_FRAME ||
        message->stream != render->picture)
        return;
    double at_s = (double)message->frame->pts * av_q2d(message->frame->time_base);
    if (at_s < render->look_s - ROUNDING_S)
        return;
    render->before = frame_copy(message->frame);
    render->look_s = at_s;
}

/* Where it is in the output; NAN of a still. False: not there. */
static bool find(const struct render *render, const struct lane *lane, double *moment_s)
{
    struct time_line line;
    double at_s = render->look_s, from_s, end_s = at_s;
    *moment_s = NAN;
    if (!lane)
        return false;
    if (chain_is_still(lane->chain)) {
        chain_span(lane->chain, &from_s, &end_s);
        double frame_s = 1 / rational_value(nominal_rate(render));
        return fabs(end_s - at_s) < frame_s;
    }
    if (!chain_time_line(lane->chain, &line) || !time_line_cut(&line, &at_s, &end_s))
        return false;
    *moment_s = at_s;
    return true;
}

void before_give(const struct render *render)
{
    GBytes *picture =
        render->before
            ? glimpse_of_frame(render->before, source_stream(render->source, render->picture))
            : NULL;
    for (guint i = 0; picture && i < render->branches->len; i++) {
        struct branch *branch = render->branches->pdata[i];
        double moment_s;
        if (!find(render, pictured(render, branch), &moment_s))
            continue;
        branch->result->claim.moment_s = moment_s;
        glance_destroy(branch->result->glance);
        branch->result->glance = glance_create();
        branch->result->glance->before = g_bytes_ref(picture);
    }
    g_clear_pointer(&picture, g_bytes_unref);
}
