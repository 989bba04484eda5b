/* SPDX-License-Identifier: GPL-3.0-or-later
 * `overlay`: a picture on top. */
#include "overlay.h"

static const char *const ends[] = {"hold", "loop", "stop", NULL};

static const struct overlay defaults = {
    .place = PLACE_BOTTOM_RIGHT, .margin = {3, true, true}, .opacity = 100};

static const struct param rows[] = {
    {"image",
     "the picture: PNG, JPEG, WebP or TIFF, looked up beside the pipeline, then with the input",
     P_FILE(struct overlay, image)},
    {"video",
     "instead of a picture: a video, looked up likewise; its sound isn't taken (`mix` does)",
     P_FILE(struct overlay, video)},
    {"at_end", "when the video ends sooner: its last frame stays, it begins again, or it is gone",
     P_CHOICE(struct overlay, at_end, ends)},
    {"place", "where it stands", P_CHOICE(struct overlay, place, place_names)},
    {"margin", "distance from the edges; percent of the picture's height",
     P_EXTENT(struct overlay, margin)},
    {"width", "of the overlay; percent of the picture's", P_SIDE(struct overlay, width)},
    {"opacity", "how solid it is", P_NUMBER(struct overlay, opacity, UNIT_PERCENT),
     P_RANGE(0, 100)},
    {"from", "first moment it is seen", P_POSITION(struct overlay, from)},
    {"to", "first moment it is gone", P_POSITION(struct overlay, to)},
};

static bool check(const void *params, struct mark at, struct diag *diag)
{
    const struct overlay *overlay = params;
    if (overlay->opacity > 0 && overlay->opacity < 1)
        diag_warning(diag, at, "for half of it write opacity: 50%",
                     "overlay: opacity is a percentage: %g%% is hardly seen", overlay->opacity);
    if (!overlay->image != !overlay->video)
        return step_span_check("overlay", &overlay->from, &overlay->to, at, diag);
    diag_error(diag, at, "for example overlay: {image: logo.png}, or overlay: {video: logo.mov}",
               "overlay: give either image or video");
    return false;
}

const struct step overlay_step = {
    .name = "overlay",
    .summary = "put a logo, a watermark or another video on the picture",
    .help =
        "Its transparency is kept. Times are for moving picture; on a still it is always seen. A "
        "video\n"
        "begins at `from`, keeps its own pace whatever the two frame rates are, and is brought to "
        "the\n"
        "matrix, range and depth of what is below, in its true shape; an interlaced one is "
        "refused.\n"
        "It can't be laid on a still.",
    .example = "overlay: {image: logo.png, width: 12%, opacity: 60%}",
    .faces = KIND_VIDEO | KIND_IMAGE,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct overlay), &defaults, "image"},
    .draws = true,
    .version = 2,
    .check = check,
};
