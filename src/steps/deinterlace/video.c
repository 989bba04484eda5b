/* SPDX-License-Identifier: GPL-3.0-or-later
 * `deinterlace`: moving picture. */
#include "deinterlace.h"
#include "steps/faces.h"

#include <math.h>

video_face deinterlace_video;

static const char *const parities[] = {"auto", "tff", "bff"};

static bool bwdif(struct chain *chain, const struct deinterlace *deinterlace,
                  struct failure *failure)
{
    bool automatic = deinterlace->order == 0, field = deinterlace->rate == RATE_FIELD;
    chain_note(chain, "deinterlaced (bwdif, one frame a %s)", field ? "field" : "frame");
    return chain_filter(chain, failure, "bwdif", "mode", field ? "send_field" : "send_frame",
                        "parity", parities[deinterlace->order], "deint",
                        automatic ? "interlaced" : "all", NULL);
}

static bool segmented(struct chain *chain, struct failure *failure)
{
    chain_note(chain, "fields taken as the halves of whole frames");
    return chain_filter(chain, failure, "setfield", "mode", "prog", NULL);
}

static bool unpulled(struct chain *chain, const struct deinterlace *deinterlace,
                     struct failure *failure)
{
    chain_note(chain, "pulldown removed (fields matched, bwdif, decimate): 4 frames out of 5");
    return (!deinterlace->order ||
            chain_filter(chain, failure, "setfield", "mode", parities[deinterlace->order], NULL)) &&
           chain_film(chain, failure);
}

/* Whole frames that are flagged to be shown for two fields or three. */
static bool unflagged(struct chain *chain, struct failure *failure)
{
    static const struct rational film = {24000, 1001};
    chain_note(chain, "repeated fields left out: 24000/1001 frames a second");
    return chain_filter(chain, failure, "fps", "fps", "24000/1001", "round", "near", NULL) &&
           rational_equal(chain_video(chain)->fps, film);
}

static bool film(struct chain *chain, const struct deinterlace *deinterlace,
                 struct failure *failure)
{
    static const double pulled_fps = 30 / 1.001, film_fps = 24 / 1.001;
    bool fields = deinterlace->order || chain_video(chain)->interlaced;
    double fps = rational_value(chain_video(chain)->fps);
    if (fields && fabs(fps - pulled_fps) < 0.01)
        return unpulled(chain, deinterlace, failure);
    if (!fields && fabs(fps - film_fps) < 0.01)
        return true;
    if (!fields && (!fps || fabs(fps - pulled_fps) < 0.01))
        return unflagged(chain, failure);
    return fail(failure, FAIL_CONFIG,
                "deinterlace: rate: film is for 2:3 pulldown at 29.97 frames a second, but this "
                "picture has %g: use rate: frame or rate: field",
                fps);
}

bool deinterlace_video(struct chain *chain, const void *params, const struct face_env *env,
                       struct failure *failure)
{
    const struct deinterlace *deinterlace = params;
    bool none = deinterlace->order == 0 && !chain_video(chain)->interlaced;
    bool kept = deinterlace->keep_height && chain_video(chain)->height == deinterlace->keep_height;
    if (kept || (none && deinterlace->rate != RATE_FILM))
        return true;
    if (!chain_plain(chain, failure))
        return false;
    switch ((enum deinterlace_rate)deinterlace->rate) {
    case RATE_FILM:
        return film(chain, deinterlace, failure);
    case RATE_SEGMENTED:
        return segmented(chain, failure);
    default:
        return bwdif(chain, deinterlace, failure);
    }
}
