/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colours that flow between steps, as far as they can be known before anything is decoded. The
 * planner follows them from a file's facts through the steps (struct step, `colors`) to what is
 * written.
 *
 * Cameras tag their log as Rec.709, or not at all, so tags of SDR are no proof: a step may say that
 * something else flows. What a step said, or tags of HDR and linear light, must hold. */
#pragma once

#include "base/mark.h"
#include "color/space.h"

enum colors_how {
    COLORS_ASSUMED,  /* nothing says it */
    COLORS_TAGGED,   /* tags or the profile do */
    COLORS_READ,     /* its reader converts to it, whatever its tags or values are */
    COLORS_DECLARED, /* a step does */
};

struct colors {
    const struct space *space; /* NULL: none that is known here */
    const struct space *tags;  /* what the tags or the profile mean; NULL: nothing known */
    enum colors_how how;
    const char *by; /* DECLARED: the name of the step, static, */
    struct mark at; /* and where it stands; */
    bool of_hdr;    /* it does so to HDR alone */
    bool full_range;
    bool still;
    int depth; /* bits a component, COLORS_FLOAT, or 0: not known */
};
enum { COLORS_FLOAT = 32 };

/* Whether a step may not say that something else flows. */
bool colors_are_certain(const struct colors *colors);
/* Whether code values mean something else than on an SDR display. */
bool colors_are_special(const struct colors *colors);

/* A step says what flows; the tags stay. */
void colors_declare(struct colors *colors, const struct space *space, const char *step,
                    struct mark at);
/* A step makes what flows into this; the tags follow. A still's floats become whole numbers, which
 * profiles are of. */
void colors_become(struct colors *colors, const struct space *space, const char *step,
                   struct mark at);

/* Of film that is tagged as HDR, a step or the output shows sRGB (steps/shown.h). */
void colors_show(struct colors *colors, const char *step, struct mark at);

/* "slog3 (by `color` on line 7)", "rec709 (tagged so)", "rec709 (assumed)"; the file is named where
 * it is another than that of `reader`. Caller frees. */
char *colors_text(const struct colors *colors, struct mark reader);
