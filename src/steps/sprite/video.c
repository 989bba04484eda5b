/* SPDX-License-Identifier: GPL-3.0-or-later
 * `sprite`: moving picture. */
#include "../drawing.h"
#include "media/chain_picture.h"
#include "media/thumbnails.h"
#include "sprite.h"
#include "steps/programme.h"
#include "steps/shown.h"
#include "tiles.h"

#include <math.h>

video_face sprite_video;

struct sheet {
    struct drawing drawing;
    struct tiles tiles;
};

static bool take(void *state, const struct moment *moment, struct failure *failure)
{
    const struct sheet *sheet = state;
    const struct tiles *tiles = &sheet->tiles;
    const struct box box = {moment->index % tiles->columns * tiles->width,
                            moment->index / tiles->columns * tiles->height, tiles->width,
                            tiles->height};
    drawing_frame(&sheet->drawing, box, moment->rows);
    return true;
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    drawing_copy(&((struct sheet *)state)->drawing, pixels, stride);
    return true;
}

static void sheet_free(void *state)
{
    struct sheet *sheet = state;
    drawing_finish(&sheet->drawing);
    g_free(sheet);
}

bool sprite_video(struct chain *chain, const void *params, const struct face_env *env,
                  struct failure *failure)
{
    const struct sprite *sprite = params;
    if (!shown_video(chain, failure))
        return false;
    const struct video_shape *shape = chain_video(chain);
    const double sar = shape->sar.num > 0 ? rational_value(shape->sar) : 1;
    const struct programme programme = programme_before(env);
    const double seen_s = programme_seen_s(&programme);
    if (!isfinite(seen_s))
        return fail(
            failure, FAIL_CONFIG,
            "sprite: the source doesn't say how long it is, so thumbnails can't be counted: "
            "say it with a step before, as trim: {length: 10s}");
    const struct tiles tiles = sprite_tiles(sprite, seen_s, sar * shape->width / shape->height);
    g_autofree char *problem = sprite_problem(sprite, &tiles);
    if (problem)
        return fail(failure, FAIL_CONFIG, "sprite: %s", problem);
    struct sheet *sheet = g_new0(struct sheet, 1);
    sheet->tiles = tiles;
    if (!drawing_init(&sheet->drawing, tiles.columns * tiles.width, tiles.rows * tiles.height,
                      failure)) {
        sheet_free(sheet);
        return false;
    }
    g_autofree double *at_s = g_new(double, tiles.count);
    for (int i = 0; i < tiles.count; i++)
        at_s[i] = i * sprite->every_s;
    const struct moments_maker maker = {
        .width = sheet->drawing.width,
        .height = sheet->drawing.height,
        .ground = {255, 255, 255, 255},
        .state = sheet,
        .take = take,
        .draw = draw,
        .free = sheet_free,
    };
    chain_set_thumbnails(chain, &(struct thumbnails){tiles.count, tiles.columns, tiles.width,
                                                     tiles.height, sprite->every_s, seen_s});
    chain_note(chain, "sprite of %d thumbnails of %dx%d in %d columns, one every %g s", tiles.count,
               tiles.width, tiles.height, tiles.columns, sprite->every_s);
    return chain_moments(chain, failure, at_s, tiles.count, &maker);
}
