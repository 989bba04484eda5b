/* SPDX-License-Identifier: GPL-3.0-or-later
 * `preview`: moving picture. */
#include "media/compare.h"
#include "preview.h"
#include "sheet.h"
#include "steps/programme.h"

#include <math.h>
#include <string.h>

video_face preview_video;

struct preview {
    struct sheet *sheet;
    struct programme programme;
    struct rational fps;
    double at_s[PREVIEW_FRAMES_MAX];
};

static struct luma_weights weights_of(const char *matrix)
{
    struct luma_weights weights = SHEET_BT709;
    matrix_luma(matrix, &weights.kr, &weights.kb);
    return weights;
}

static struct sheet_side side_of(const char *caption, const struct video_shape *shape)
{
    const double sar = shape->sar.num > 0 ? rational_value(shape->sar) : 1;
    return (struct sheet_side){caption, sar * shape->width / shape->height,
                               weights_of(shape->matrix)};
}

static bool take(void *state, const struct compare_pair *pair, struct failure *failure)
{
    const struct preview *preview = state;
    g_autofree char *label =
        programme_label(&preview->programme, preview->fps, preview->at_s[pair->index]);
    return sheet_put_frame(preview->sheet, 0, pair->index, pair->before, label, failure) &&
           sheet_put_frame(preview->sheet, 1, pair->index, pair->after, NULL, failure);
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    sheet_draw(((struct preview *)state)->sheet, pixels, stride);
    return true;
}

static void preview_free(void *state)
{
    struct preview *preview = state;
    sheet_destroy(preview->sheet);
    g_free(preview);
}

/* "1920×1080 · 23.976 fps · 10 bit · bt709" */
static char *about(const struct video_shape *shape, const struct preview *preview)
{
    g_autoptr(GString) text = g_string_new(NULL);
    char rate[G_ASCII_DTOSTR_BUF_SIZE];
    g_string_printf(text, "%d×%d", shape->width, shape->height);
    if (preview->fps.num)
        g_string_append_printf(
            text, " · %s fps",
            g_ascii_formatd(rate, sizeof rate, "%.5g", rational_value(preview->fps)));
    g_string_append_printf(text, " · %d bit · %s", shape->depth, shape->transfer);
    return g_strdup(text->str);
}

static bool put_head(struct preview *preview, struct chain *chain, const struct face_env *env,
                     const struct video_shape *decoded, struct failure *failure)
{
    g_autofree char *story = chain_story(chain), *what = about(decoded, preview),
                    *title = sheet_title(env->task);
    const struct sheet_head head = {title, what, story};
    return sheet_put_head(preview->sheet, &head, failure);
}

static bool spread(struct preview *preview, int frames, struct failure *failure)
{
    const double length_s = programme_seen_s(&preview->programme);
    if (!isfinite(length_s))
        return fail(failure, FAIL_CONFIG,
                    "preview: the source doesn't say how long it is, so moments can't be spread "
                    "over it: say it with a step before, as trim: {length: 10s}");
    for (int i = 0; i < frames; i++)
        preview->at_s[i] = length_s * (i + 0.5) / frames;
    return true;
}

bool preview_video(struct chain *chain, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct preview_params *wanted = params;
    struct video_shape decoded, now;
    struct preview *preview = g_new0(struct preview, 1);
    preview->programme = programme_before(env);
    preview->fps = chain_video(chain)->fps.num ? chain_video(chain)->fps : preview->programme.fps;
    chain_stored_shape(chain, &now);
    const bool known = chain_decoded_shape(chain, &decoded, failure);
    if (known) {
        const struct sheet_side sides[SHEET_SIDES] = {side_of("before", &decoded),
                                                      side_of("after", &now)};
        preview->sheet = sheet_create(wanted->width, wanted->frames, sides, failure);
    }
    if (!preview->sheet || !spread(preview, wanted->frames, failure) ||
        !put_head(preview, chain, env, &decoded, failure)) {
        preview_free(preview);
        return false;
    }
    const struct compare_maker maker = {
        wanted->width, sheet_height(preview->sheet), preview, take, draw, preview_free};
    g_autofree char *boxes = sheet_boxes(preview->sheet);
    if (boxes)
        chain_note(chain, "preview: %s", boxes);
    chain_note(chain, NOTE_PREVIEW "%d moment%s before and after", wanted->frames,
               wanted->frames == 1 ? "" : "s");
    return chain_compare(chain, failure, preview->at_s, wanted->frames, &maker);
}
