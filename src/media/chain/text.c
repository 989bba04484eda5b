/* SPDX-License-Identifier: GPL-3.0-or-later
 * Words on moving picture, set as on stills, in the colours and the depth that flow. */
#include "../text/text_mask.h"
#include "media/glyphs.h"
#include "private.h"

#include "base/timecode.h"

#include <inttypes.h>
#include <math.h>

struct text_stage {
    struct stage stage;
    struct slot slot;
    char *text, *shown; /* `shown` is what `mask` says */
    struct setting setting;
    VipsImage *mask;
    struct text_look look;
    struct timecode start;
    int64_t frames;
    struct solid letters, box;
    int bytes;
};

/* Where the plate stands; every edge falls between samples of chroma. */
struct spot {
    int x, y, width, height;
};

static char *counter_text(const struct text_stage *stage, double time_s)
{
    struct timecode now = stage->start;
    int64_t ms = llround(time_s * 1000);
    switch (stage->look.counter) {
    case TEXT_TIMECODE:
        now.frame += llround(time_s * rational_value(stage->look.fps));
        return timecode_text(now);
    case TEXT_FRAMES:
        return g_strdup_printf("%" PRId64, stage->frames);
    case TEXT_TIME:
        return g_strdup_printf("%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                               (int)(ms / 1000 % 60), (int)(ms % 1000));
    case TEXT_STILL:
        break;
    }
    return g_strdup("");
}

/* Sets the words anew when they have changed. */
static bool set_text(struct text_stage *stage, double time_s, struct failure *failure)
{
    g_autofree char *counter = counter_text(stage, time_s);
    g_autofree char *words =
        g_strconcat(stage->text, stage->text[0] && counter[0] ? "  " : "", counter, NULL);
    if (g_strcmp0(words, stage->shown) == 0)
        return true;
    g_clear_object(&stage->mask);
    g_free(stage->shown);
    stage->shown = g_steal_pointer(&words);
    stage->mask = text_mask(stage->shown, &stage->setting, failure);
    return stage->mask != NULL;
}

static struct spot spot_of(const struct text_stage *stage, const AVFrame *frame)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    const struct text_look *look = &stage->look;
    int step_x = 1 << row->log2_chroma_w, step_y = 1 << row->log2_chroma_h;
    int border = text_border(look->size);
    int width = (stage->mask->Xsize + 2 * border + step_x - 1) / step_x * step_x;
    int height = (stage->mask->Ysize + 2 * border + step_y - 1) / step_y * step_y;
    return (struct spot){
        laid_along(look->laid.across, frame->width, width, look->laid.margin, step_x),
        laid_along(look->laid.down, frame->height, height, look->laid.margin, step_y),
        width,
        height,
    };
}

/* How much of a sample is covered by letters, 0 to 1: the mean of its pixels. */
static double cover_at(const VipsImage *mask, int border, int x, int y, int width, int height)
{
    unsigned sum = 0;
    for (int j = y - border; j < y - border + height; j++)
        for (int i = x - border; i < x - border + width; i++)
            if (i >= 0 && j >= 0 && i < mask->Xsize && j < mask->Ysize)
                sum += *VIPS_IMAGE_ADDR(mask, i, j);
    return sum / (255. * width * height);
}

static unsigned over(unsigned value, double box, unsigned box_value, double letters,
                     unsigned letters_value)
{
    double plate = value + box * ((double)box_value - value);
    return (unsigned)lround(plate + letters * (letters_value - plate));
}

static void draw_plane(const struct text_stage *stage, struct spot at, struct plane plane,
                       int index, int step_x, int step_y)
{
    const struct text_look *look = &stage->look;
    int border = text_border(look->size);
    unsigned box = stage->box.plane[index], letters = stage->letters.plane[index];
    for (int y = MAX(at.y / step_y, 0); y < MIN((at.y + at.height) / step_y, plane.height); y++) {
        uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        for (int x = MAX(at.x / step_x, 0); x < MIN((at.x + at.width) / step_x, plane.width); x++) {
            double cover =
                cover_at(stage->mask, border, x * step_x - at.x, y * step_y - at.y, step_x, step_y);
            unsigned value = stage->bytes == 2 ? ((uint16_t *)line)[x] : line[x];
            value = over(value, look->box.a / 255., box, cover * look->color.a / 255., letters);
            if (stage->bytes == 2)
                ((uint16_t *)line)[x] = value;
            else
                line[x] = value;
        }
    }
}

static void draw(const struct text_stage *stage, AVFrame *frame)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    struct spot at = spot_of(stage, frame);
    int planes = av_pix_fmt_count_planes(frame->format);
    for (int i = 0; i < planes; i++) {
        bool chroma = (i == 1 || i == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
        draw_plane(stage, at, frame_plane(frame, i), i, 1 << (chroma ? row->log2_chroma_w : 0),
                   1 << (chroma ? row->log2_chroma_h : 0));
    }
}

static bool text_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct text_stage *stage = (struct text_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    double time_s = frame->pts * av_q2d(base->time_base);
    bool seen = laid_seen(&stage->look.laid, time_s);
    if (seen && !set_text(stage, time_s, failure))
        return false;
    stage->frames++;
    if (!seen)
        return true;
    if (av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    draw(stage, frame);
    return true;
}

static enum chain_got text_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct text_stage *)stage)->slot, out);
}

static void text_destroy(struct stage *base)
{
    struct text_stage *stage = (struct text_stage *)base;
    av_frame_free(&stage->slot.frame);
    g_clear_object(&stage->mask);
    g_free(stage->text);
    g_free(stage->shown);
}

static const struct stage_class text_class = {"text", text_put, text_get, NULL, text_destroy};

static struct rgba opaque(struct rgba color)
{
    return (struct rgba){color.r, color.g, color.b, 255};
}

bool chain_text(struct chain *chain, struct failure *failure, const struct text_look *look)
{
    struct timecode start = {0};
    if (look->counter == TEXT_TIMECODE && !timecode_parse(look->timecode, look->fps, &start))
        return fail(failure, FAIL_CONFIG, "%s isn't a timecode at %.3f frames a second",
                    look->timecode, rational_value(look->fps));
    g_autofree char *fonts = NULL;
    if (!glyphs_check_text(look->text ? look->text : "", "text", &fonts, failure) ||
        !chain_plain(chain, failure))
        return false;
    if (fonts)
        chain_note(chain, "text: %s", fonts);
    struct text_stage *stage = chain_add(chain, &text_class, sizeof(*stage), chain->time_base);
    stage->look = *look;
    stage->text = g_strdup(look->text ? look->text : "");
    stage->setting = text_setting(look, chain->video.width);
    stage->look.text = stage->look.timecode = NULL;
    stage->start = start;
    stage->bytes = chain->video.depth > 8 ? 2 : 1;
    stage->letters = solid_of(&chain->video, opaque(look->color));
    stage->box = solid_of(&chain->video, opaque(look->box));
    chain_light_changed(chain);
    if (!set_text(stage, 0, failure))
        return false;
    const int high = stage->mask->Ysize + 2 * text_border(look->size);
    if (high > chain->video.height)
        chain_note(chain, TEXT_TOO_HIGH, high, chain->video.height);
    return true;
}
