/* SPDX-License-Identifier: GPL-3.0-or-later
 * `preview`: stills. */
#include "media/compare.h"
#include "media/still_file.h"
#include "preview.h"
#include "sheet.h"
#include "steps/faces.h"

image_face preview_image;

static bool take(void *state, const struct compare_pair *pair, struct failure *failure)
{
    return sheet_put_frame(state, 0, 0, pair->before, NULL, failure) &&
           sheet_put_frame(state, 1, 0, pair->after, NULL, failure);
}

static bool draw(void *state, uint8_t *pixels, size_t stride, struct failure *failure)
{
    sheet_draw(state, pixels, stride);
    return true;
}

static void release(void *state)
{
    sheet_destroy(state);
}

static struct sheet_side side_of(const char *caption, const struct still *still)
{
    const struct still_shape shape = still_shape(still);
    return (struct sheet_side){caption, (double)shape.width / shape.height, SHEET_BT709};
}

static bool put_head(struct sheet *sheet, const struct still *still, const struct still *before,
                     const struct face_env *env, struct failure *failure)
{
    const struct still_shape shape = still_shape(before);
    g_autoptr(GString) story = g_string_new(NULL);
    const GPtrArray *notes = still_notes(still);
    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(story, "%s%s", i ? "; " : "", (const char *)notes->pdata[i]);
    g_autofree char *title = sheet_title(env->task),
                    *about =
                        g_strdup_printf("%d×%d · %d bit", shape.width, shape.height, shape.depth);
    const struct sheet_head head = {title, about, story->str};
    return sheet_put_head(sheet, &head, failure);
}

bool preview_image(struct still *still, const void *params, const struct face_env *env,
                   struct failure *failure)
{
    const struct preview_params *wanted = params;
    const struct still_opts opts = {.damaged_allow = env->task->damaged_allow,
                                    .threads = env->task->threads};
    g_auto(still_ptr) before = still_open(env->fds[0], &opts, failure);
    if (!before)
        return false;
    const struct sheet_side sides[SHEET_SIDES] = {side_of("before", before),
                                                  side_of("after", still)};
    struct sheet *sheet = sheet_create(wanted->width, 1, sides, failure);
    if (!sheet)
        return false;
    if (!put_head(sheet, still, before, env, failure)) {
        sheet_destroy(sheet);
        return false;
    }
    const struct compare_maker maker = {wanted->width, sheet_height(sheet), sheet, take, draw,
                                        release};
    g_autofree char *boxes = sheet_boxes(sheet);
    if (boxes)
        still_note(still, "preview: %s", boxes);
    still_note(still, NOTE_PREVIEW "the still before and after");
    return still_compare(still, failure, before, &maker);
}
