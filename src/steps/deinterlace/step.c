/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deinterlace`: full frames from fields. */
#include "deinterlace.h"

#include "model/fields.h"

#include <math.h>

static const char *const rates[] = {"frame", "field", "film", "segmented", NULL};
static const char *const orders[] = {"auto", "top", "bottom", NULL};

static const struct deinterlace defaults = {.rate = RATE_FRAME};

static const struct param rows[] = {
    {"rate",
     "one frame out of a pair of fields, one of each field (25i to 50p), the film's frames (29.97 "
     "to 23.976), or segmented: both fields are of one moment and stay together",
     P_CHOICE(struct deinterlace, rate, rates)},
    {"order", "which field comes first, when the file doesn't say or lies",
     P_CHOICE(struct deinterlace, order, orders)},
    {"keep_height",
     "pictures of this height stay interlaced, such as 1080 where 1080i is delivered; 0 none",
     P_INT(struct deinterlace, keep_height, UNIT_PIXELS), P_RANGE(0, 4320)},
};

/* Whole frames at the film's own rate are left as they are. */
static void take_film(struct fields *flows, bool whole, struct mark at, struct diag *diag)
{
    static const double pulled_fps = 30 / 1.001, film_fps = 24 / 1.001, same = 0.01;
    const double fps = flows->fps.num ? rational_value(flows->fps) : pulled_fps;
    if (whole && fabs(fps - film_fps) < same)
        return;
    if (fabs(fps - pulled_fps) < same)
        flows->fps = (struct rational){24000, 1001};
    else
        diag_error(diag, at, "use rate: frame or rate: field",
                   "deinterlace: rate: film is for 2:3 pulldown at 29.97 frames a second, but this "
                   "picture has %g",
                   fps);
}

static void fields(const void *params, struct fields *flows, struct mark at, struct diag *diag)
{
    const struct deinterlace *deinterlace = params;
    const bool whole = !flows->interlaced && !deinterlace->order;
    if (deinterlace->keep_height && flows->height == deinterlace->keep_height)
        return;
    flows->interlaced = false;
    if (deinterlace->rate == RATE_FIELD && !whole)
        flows->fps.num *= 2;
    else if (deinterlace->rate == RATE_FILM)
        take_film(flows, whole, at, diag);
}

const struct step deinterlace_step = {
    .name = "deinterlace",
    .summary = "turn fields into full frames",
    .help =
        "Motion-adaptive (bwdif). Progressive frames pass untouched when the order is auto.\n"
        "film undoes a 2:3 pulldown: fields that belong together are put together again,\n"
        "what is still combed is deinterlaced, and of five frames the one that is\n"
        "there twice is left out (decimate): 4 frames come out of 5. Where the frames are whole\n"
        "and only flagged to repeat fields (MPEG-2 from DVD), each is shown once. Cut-in video\n"
        "that isn't film loses every fifth frame.",
    .example = "deinterlace: {rate: field}",
    .faces = KIND_VIDEO,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct deinterlace), &defaults, "rate"},
    .fields = fields,
    .version = 1,
};
