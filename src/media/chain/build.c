/* SPDX-License-Identifier: GPL-3.0-or-later
 * Building chains of pictures: from a stream, filter by filter. */
#include "color/space.h"
#include "private.h"

static bool add_simple(struct chain *chain, struct failure *failure, const char *filter)
{
    return graph_addf(chain, failure, filter, NULL);
}

static const char *full_chroma(const struct video_shape *shape)
{
    if (shape->alpha)
        return shape->depth > 10 ? "yuva444p16le" : shape->depth > 8 ? "yuva444p10le" : "yuva444p";
    return shape->depth > 12   ? "yuv444p16le"
           : shape->depth > 10 ? "yuv444p12le"
           : shape->depth > 8  ? "yuv444p10le"
                               : "yuv444p";
}

/* Chroma that is halved in one direction alone would be so in the other: it is made whole, turned,
 * and halved again. */
static bool transpose(struct chain *chain, struct failure *failure, const char *direction)
{
    const struct video_shape before = chain->video;
    const bool lopsided = before.chroma_w != before.chroma_h, stepped = chain->stepped;
    bool done = (!lopsided || (chain_unpack(chain, failure) &&
                               chain_format(chain, failure, full_chroma(&before)))) &&
                graph_addf(chain, failure, "transpose", "dir", direction, NULL);
    if (done && lopsided)
        done = chain_format(chain, failure, chain->home.pix_fmt);
    chain->stepped = stepped;
    return done;
}

/* Stored pixels turned the way they are meant to be seen. */
static bool turn(struct chain *chain, const struct chain_input *input, struct failure *failure)
{
    if (input->flipped && !add_simple(chain, failure, "hflip"))
        return false;
    if (input->rotation == 180)
        return add_simple(chain, failure, "hflip") && add_simple(chain, failure, "vflip");
    if (input->rotation == 90 || input->rotation == 270)
        return transpose(chain, failure, input->rotation == 90 ? "clock" : "cclock");
    return true;
}

/* 4:2:0 of wide gamut has its chroma at the top left, all other YUV at the left. */
static void set_home(struct chain *chain)
{
    const struct video_shape *shape = &chain->video;
    const struct space *like =
        space_assumed(shape->primaries, shape->transfer, NULL, shape->width, shape->height);
    chain->home.matrix = shape->rgb ? like->matrix_tag : shape->matrix;
    chain->home.range = shape->rgb ? "tv" : shape->range;
}

/* Tags that say nothing ("reserved") are as good as none. */
static void mend_tags(struct chain *chain)
{
    struct video_shape *shape = &chain->video;
    const struct space *like = space_assumed(shape->primaries, shape->transfer, shape->matrix,
                                             shape->width, shape->height);
    if (!shape->rgb && !space_tag_says(shape->matrix))
        shape->matrix = like->matrix_tag;
    if (!space_tag_says(shape->primaries))
        shape->primaries = like->primaries_tag;
    if (!space_tag_says(shape->transfer))
        shape->transfer = like->transfer_tag;
}

/* What floats of a source become where whole numbers are wanted. */
static const char *whole_numbers(const char *pix_fmt)
{
    return g_str_has_prefix(pix_fmt, "gbrpf")    ? "gbrp16le"
           : g_str_has_prefix(pix_fmt, "gbrapf") ? "gbrap16le"
           : g_str_has_prefix(pix_fmt, "grayf")  ? "gray16le"
                                                 : pix_fmt;
}

static bool plain_home(struct chain *chain, struct failure *failure)
{
    struct failure ignored = {0};
    struct chain *trial = chain_new(AVMEDIA_TYPE_VIDEO, 1);
    trial->video = chain->video;
    trial->time_base = chain->time_base;
    chain->home.pix_fmt = whole_numbers(chain->video.pix_fmt);
    trial->home = chain->home;
    if (chain_plain(trial, &ignored))
        chain->home.pix_fmt = trial->video.pix_fmt;
    failure_clear(&ignored);
    chain_destroy(trial);
    return true;
}

static void set_origin(struct chain *chain, const struct chain_input *input)
{
    chain->origin = g_new(struct origin, 1);
    *chain->origin = (struct origin){.shape = chain->video,
                                     .time_base = input->time_base,
                                     .rotation = input->rotation,
                                     .flipped = input->flipped,
                                     .start_s = input->start_s};
}

struct chain *chain_create_video(const struct chain_input *input, struct failure *failure)
{
    const struct video_shape *shape = input->video;
    if (!shape->pix_fmt || shape->width <= 0 || shape->height <= 0) {
        fail(failure, FAIL_INPUT_DAMAGED, "the picture has no size or no pixel format");
        return NULL;
    }
    struct chain *chain = chain_new(AVMEDIA_TYPE_VIDEO, input->threads);
    chain->video = *shape;
    chain->time_base = input->time_base;
    chain->offset_s = chain->from_s = input->start_s;
    if (g_str_has_prefix(shape->pix_fmt, "yuvj")) {
        g_autofree char *name = g_strdup_printf("yuv%s", shape->pix_fmt + 4);
        chain->video.pix_fmt = g_intern_string(name);
        chain->video.range = "pc";
    }
    mend_tags(chain);
    set_home(chain);
    set_origin(chain, input);
    if (!plain_home(chain, failure) || !chain_add_start(chain, input, failure) ||
        !turn(chain, input, failure)) {
        chain_destroy(chain);
        return NULL;
    }
    if (input->assumed)
        chain_note(chain,
                   "colour is not tagged in full: taken as %s primaries, %s transfer, matrix %s, "
                   "%s range",
                   chain->video.primaries, chain->video.transfer, chain->video.matrix,
                   zscale_range(chain->video.range));
    if (input->rotation || input->flipped)
        chain_note(chain, "turned upright: %d degrees%s", input->rotation,
                   input->flipped ? ", mirrored" : "");
    chain->origin->notes = chain->notes->len;
    return chain;
}

/* The plain form of the filter `fps`, which has a stage of its own. */
static bool only_rate(const GPtrArray *options, struct rational *fps)
{
    bool found = false;
    for (guint i = 0; i + 1 < options->len; i += 2) {
        const char *key = options->pdata[i], *value = options->pdata[i + 1];
        if (!strcmp(key, "fps") || !strcmp(key, "r"))
            found = rational_parse(value, fps);
        else if (strcmp(key, "round") || strcmp(value, "near"))
            return false;
    }
    return found;
}

bool chain_filter(struct chain *chain, struct failure *failure, const char *filter, ...)
{
    g_autoptr(GPtrArray) options = g_ptr_array_new_with_free_func(g_free);
    struct rational fps;
    va_list args;
    va_start(args, filter);
    for (const char *text = va_arg(args, const char *); text; text = va_arg(args, const char *))
        g_ptr_array_add(options, g_strdup(text));
    va_end(args);
    chain->stepped = true;
    if (!strcmp(filter, "fps") && only_rate(options, &fps))
        return chain_constant_rate(chain, failure, fps);
    if (!strcmp(filter, "transpose") && options->len == 2)
        return transpose(chain, failure, options->pdata[1]);
    if (!strcmp(filter, "zscale") && (!chain_unpack(chain, failure) || !chain_even(chain, failure)))
        return false;
    if (chain->type == AVMEDIA_TYPE_VIDEO)
        return graph_add(chain, failure, filter, options);
    return chain_sound_float(chain, failure) && graph_add(chain, failure, filter, options);
}

bool chain_frame_size(struct chain *chain, struct failure *failure, int samples)
{
    if (samples <= 0)
        return true;
    g_autofree char *text = g_strdup_printf("%d", samples);
    return graph_addf(chain, failure, "asetnsamples", "n", text, "p", "0", NULL);
}
