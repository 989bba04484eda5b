/* SPDX-License-Identifier: GPL-3.0-or-later
 * Transparent moving picture laid on a colour. */
#include "media/chain_picture.h"

#include "picture.h"

struct flatten {
    struct solid ground;
    int bytes;
    unsigned white;
};

static void lay_plane(const struct flatten *f, const struct plane *plane, const struct plane *alpha,
                      unsigned ground)
{
    for (int y = 0; y < plane->height; y++) {
        uint8_t *line = plane->data + (ptrdiff_t)y * plane->stride;
        for (int x = 0; x < plane->width; x++) {
            const uint64_t solid = plane_solidity(plane, alpha, f->bytes, x, y);
            const uint64_t sum = sample_at(line, f->bytes, x) * solid + ground * (f->white - solid);
            put_sample(line, f->bytes, x, (unsigned)((sum + f->white / 2) / f->white));
        }
    }
}

static AVFrame *flatten_run(void *state, AVFrame *frame, double time_s, struct failure *failure)
{
    const struct flatten *f = state;
    if (!frame_own(frame, failure)) {
        av_frame_free(&frame);
        return NULL;
    }
    const struct plane alpha = frame_plane(frame, 3);
    for (int i = 0; i < frame_colors(frame); i++) {
        const struct plane plane = frame_plane(frame, i);
        lay_plane(f, &plane, &alpha, f->ground.plane[i]);
    }
    return frame;
}

bool chain_flatten(struct chain *chain, struct failure *failure, struct rgba color)
{
    static const struct picture_work work = {"flatten", flatten_run, g_free};
    struct flatten *f = g_new0(struct flatten, 1);
    if (!chain_picture(chain, failure, &work, f))
        return false;
    f->ground = solid_of(&chain->video, color);
    f->bytes = chain->video.depth > 8 ? 2 : 1;
    f->white = (1U << chain->video.depth) - 1;
    chain_light_changed(chain);
    /* "yuva420p", "gbrap10le": the letter for alpha is the fourth. */
    g_autoptr(GString) opaque = g_string_new(chain->video.pix_fmt);
    g_string_erase(opaque, 3, 1);
    return chain_format(chain, failure, opaque->str);
}
