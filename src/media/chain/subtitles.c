/* SPDX-License-Identifier: GPL-3.0-or-later
 * Subtitles drawn by libass into the picture, in the colours and the depth that flow. */
#include "../text/subtitle_file.h"
#include "media/frame.h"
#include "media/glyphs.h"
#include "media/readback.h"
#include "media/subtitle.h"
#include "private.h"

#include <ass/ass.h>
#include <fontconfig/fontconfig.h>
#include <math.h>

struct subtitle_stage {
    struct stage stage;
    struct slot slot;
    ASS_Library *library;
    ASS_Renderer *renderer;
    ASS_Track *track;
    struct video_shape shape;
    struct glyphs *heard; /* borrowed; NULL: nobody listens */
};

/* --- fonts --- */

/* The file that the system has for a style of the font; libass reads it from memory, since a task
 * may open nothing by name but what is known before it starts. */
static void add_system_font(ASS_Library *library, const char *style)
{
    g_autofree char *name = g_strdup_printf(PICTURE_FONT ":style=%s", style);
    FcPattern *asked = FcNameParse((const FcChar8 *)name);
    FcResult result;
    FcConfigSubstitute(NULL, asked, FcMatchPattern);
    FcDefaultSubstitute(asked);
    FcPattern *found = FcFontMatch(NULL, asked, &result);
    FcChar8 *path = NULL;
    g_autofree char *data = NULL;
    gsize size = 0;
    if (found && FcPatternGetString(found, FC_FILE, 0, &path) == FcResultMatch &&
        g_file_get_contents((const char *)path, &data, &size, NULL) && size < INT_MAX)
        ass_add_font(library, PICTURE_FONT, data, (int)size);
    FcPatternDestroy(asked);
    if (found)
        FcPatternDestroy(found);
}

static bool is_font(const AVStream *stream)
{
    static const char *const types[] = {"font", "truetype", "opentype"};
    const AVDictionaryEntry *type = av_dict_get(stream->metadata, "mimetype", NULL, 0);
    for (unsigned i = 0; type && i < G_N_ELEMENTS(types); i++)
        if (strstr(type->value, types[i]))
            return stream->codecpar->extradata_size > 0;
    return false;
}

static void add_fonts(ASS_Library *library, const AVFormatContext *format)
{
    for (unsigned i = 0; i < format->nb_streams; i++) {
        const AVStream *stream = format->streams[i];
        const AVDictionaryEntry *name = av_dict_get(stream->metadata, "filename", NULL, 0);
        if (is_font(stream))
            ass_add_font(library, name ? name->value : "font",
                         (const char *)stream->codecpar->extradata,
                         stream->codecpar->extradata_size);
    }
    add_system_font(library, "Book");
    add_system_font(library, "Bold");
}

/* By its PostScript name: "DejaVuSans-Oblique", but not "DejaVuSansMono". */
static bool is_own(const char *name)
{
    static const char own[] = "DejaVuSans";
    return g_str_has_prefix(name, own) && (!name[strlen(own)] || name[strlen(own)] == '-');
}

/* What libass 0.17 says of fonts, known by the words it has for it. Fonts in memory have no path.
 */
static void listen(int level, const char *format, va_list args, void *data)
{
    static const char lacks[] = "fontselect: failed to find any fallback with glyph 0x%X",
                      takes[] = "fontselect: (%s, %d, %d) -> %s, %d, %s";
    struct glyphs *heard = ((const struct subtitle_stage *)data)->heard;
    if (!heard)
        return;
    if (g_str_has_prefix(format, lacks)) {
        glyphs_add_missing(heard, va_arg(args, unsigned));
    } else if (strcmp(format, takes) == 0) {
        (void)va_arg(args, const char *), (void)va_arg(args, int), (void)va_arg(args, int);
        const char *path = va_arg(args, const char *);
        (void)va_arg(args, int);
        const char *name = va_arg(args, const char *);
        if (g_path_is_absolute(path) && !is_own(name))
            glyphs_add_font(heard, name);
    }
}

static gint later(gconstpointer a, gconstpointer b)
{
    const gint64 first = *(const gint64 *)a, second = *(const gint64 *)b;
    return (first > second) - (first < second);
}

/* Each cue as it begins; signs that are set of many begin together. */
static void try_fonts(struct subtitle_stage *stage, ASS_DefaultFontProvider provider,
                      struct glyphs *heard)
{
    ass_set_fonts(stage->renderer, NULL, PICTURE_FONT, provider, NULL, 0);
    g_autoptr(GArray) begins = g_array_new(FALSE, FALSE, sizeof(gint64));
    for (int i = 0; i < stage->track->n_events; i++) {
        const gint64 begin_ms = stage->track->events[i].Start;
        g_array_append_val(begins, begin_ms);
    }
    g_array_sort(begins, later);
    stage->heard = heard;
    for (guint i = 0; i < begins->len; i++)
        if (!i || later(&g_array_index(begins, gint64, i - 1), &g_array_index(begins, gint64, i)))
            ass_render_frame(stage->renderer, stage->track, g_array_index(begins, gint64, i), NULL);
    stage->heard = NULL;
}

/* Those of the machine only where the others lack a character. */
static bool choose_fonts(struct subtitle_stage *stage, struct failure *failure)
{
    g_auto(glyphs_ptr) own = glyphs_create(), all = glyphs_create();
    try_fonts(stage, ASS_FONTPROVIDER_NONE, own);
    g_autofree char *lacking = glyphs_missing(own);
    if (!lacking)
        return true;
    try_fonts(stage, ASS_FONTPROVIDER_FONTCONFIG, all);
    g_autofree char *note = glyphs_note(all);
    if (note)
        chain_note(stage->stage.chain, "subtitles: %s", note);
    return glyphs_complete(all, "subtitles", failure);
}

/* --- words --- */

static unsigned abgr(struct rgba color)
{
    return (unsigned)(255 - color.a) << 24 | (unsigned)color.b << 16 | (unsigned)color.g << 8 |
           color.r;
}

/* A style for what has none of its own. Places are those of a numeric keypad. */
static char *own_header(const struct subtitle_look *look, const struct video_shape *shape)
{
    int across = look->across < 0.25 ? 0 : look->across > 0.75 ? 2 : 1;
    int row = look->down < 0.25 ? 7 : look->down > 0.75 ? 1 : 4;
    bool boxed = look->box.a > 0;
    return g_strdup_printf(
        "[Script Info]\nScriptType: v4.00+\nPlayResX: %d\nPlayResY: %d\nWrapStyle: 0\n"
        "ScaledBorderAndShadow: yes\n\n[V4+ Styles]\nFormat: Name, Fontname, Fontsize, "
        "PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, "
        "StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, "
        "MarginL, MarginR, MarginV, Encoding\n"
        "Style: Default," PICTURE_FONT
        ",%d,&H%08X,&H%08X,&H%08X,&H%08X,0,0,0,0,100,100,0,0,%d,%d,0,"
        "%d,%d,%d,%d,1\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
        "MarginV, Effect, Text\n",
        shape->width, shape->height, look->size, abgr(look->color), abgr(look->color),
        boxed ? abgr(look->box) : 0U, boxed ? abgr(look->box) : 0U, boxed ? 3 : 1,
        MAX(look->size / (boxed ? 6 : 16), 1), row + across, look->margin, look->margin,
        look->margin);
}

struct reading {
    ASS_Track *track;
    struct time_line line;
    double start_s, end_s; /* of the cue in hand, in the programme */
    int met, cues;         /* there, and in the programme */
};

static void take_line(void *data, const char *line)
{
    struct reading *reading = data;
    g_autofree char *copy = g_strdup(line);
    ass_process_chunk(reading->track, copy, (int)strlen(copy), llround(reading->start_s * 1000),
                      llround((reading->end_s - reading->start_s) * 1000));
    reading->cues++;
}

/* Gives the number of the first cue that isn't text in UTF-8; 0: all are. */
static int read_cues(struct reading *reading, struct readback *from, int stream,
                     struct subtitle *words, double shift_s)
{
    AVPacket *packet = packet_new();
    int refused = 0;
    double tick_s = av_q2d(readback_format(from)->streams[stream]->time_base);
    while (!refused && readback_packet(from, stream, packet)) {
        reading->met++;
        reading->start_s = (double)packet->pts * tick_s + shift_s;
        reading->end_s = reading->start_s + (double)packet->duration * tick_s;
        if (time_line_cut(&reading->line, &reading->start_s, &reading->end_s) &&
            subtitle_lines(words, packet, take_line, reading) < 0)
            refused = reading->met;
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return refused;
}

static bool no_words(const struct subtitle_look *look, struct failure *failure)
{
    if (look->beside)
        return fail(failure, FAIL_CONFIG,
                    "subtitles: %s is no subtitle file that is read here (SubRip, WebVTT, ASS), "
                    "or there is no cue in it",
                    look->words);
    return fail(failure, FAIL_CONFIG, "subtitles: there is no text track%s%s in %s",
                look->track ? " " : "", look->track ? look->track : "", look->words);
}

static bool read_words(struct subtitle_stage *stage, const struct subtitle_look *look,
                       struct readback *from, struct failure *failure)
{
    struct chain *chain = stage->stage.chain;
    int number = readback_subtitles(from, look->track);
    if (number < 0)
        return no_words(look, failure);
    const AVStream *stream = readback_format(from)->streams[number];
    struct subtitle *words = subtitle_open(stream, AV_CODEC_ID_NONE, failure);
    struct reading reading = {.track = stage->track};
    if (!words)
        return false;
    if (!chain_time_line(chain, &reading.line)) {
        subtitle_close(words);
        return fail(
            failure, FAIL_CONFIG,
            "subtitles: they can't follow what the steps before do to time; put them first");
    }
    bool styled = stream->codecpar->codec_id == AV_CODEC_ID_ASS;
    g_autofree char *header =
        styled ? g_strdup(subtitle_header(words)) : own_header(look, &chain->video);
    ass_process_codec_private(stage->track, header, (int)strlen(header));
    int refused =
        read_cues(&reading, from, number, words, look->beside ? chain->origin->start_s : 0);
    subtitle_close(words);
    if (refused)
        return fail(failure, FAIL_CONFIG,
                    "subtitles: cue %d of %s isn't text in UTF-8: convert the file to UTF-8",
                    refused, look->words);
    if (look->beside && !reading.met)
        return no_words(look, failure);
    chain_note(chain, "burnt in %d subtitles of %s", reading.cues, look->words);
    return true;
}

/* --- drawing --- */

/* How much of the sample at x, y is covered, 0 to 255: the mean of its pixels. */
static unsigned cover_at(const ASS_Image *image, int x, int y, int width, int height)
{
    unsigned sum = 0;
    for (int j = MAX(y - image->dst_y, 0); j < MIN(y - image->dst_y + height, image->h); j++)
        for (int i = MAX(x - image->dst_x, 0); i < MIN(x - image->dst_x + width, image->w); i++)
            sum += image->bitmap[(ptrdiff_t)j * image->stride + i];
    return sum / (unsigned)(width * height);
}

static void draw_plane(const ASS_Image *image, struct plane plane, unsigned value, int bytes,
                       int step_x, int step_y)
{
    double opacity = (255 - (image->color & 255)) / (255. * 255);
    int right = MIN((image->dst_x + image->w + step_x - 1) / step_x, plane.width);
    int below = MIN((image->dst_y + image->h + step_y - 1) / step_y, plane.height);
    for (int y = MAX(image->dst_y / step_y, 0); y < below; y++) {
        uint8_t *line = plane.data + (ptrdiff_t)y * plane.stride;
        for (int x = MAX(image->dst_x / step_x, 0); x < right; x++) {
            double cover = opacity * cover_at(image, x * step_x, y * step_y, step_x, step_y);
            double before = bytes == 2 ? ((uint16_t *)line)[x] : line[x];
            unsigned after = (unsigned)lround(before + cover * (value - before));
            if (bytes == 2)
                ((uint16_t *)line)[x] = (uint16_t)after;
            else
                line[x] = (uint8_t)after;
        }
    }
}

static void draw(const struct subtitle_stage *stage, const ASS_Image *image, AVFrame *frame)
{
    const AVPixFmtDescriptor *row = av_pix_fmt_desc_get(frame->format);
    struct rgba color = {image->color >> 24, image->color >> 16 & 255, image->color >> 8 & 255,
                         255};
    const struct solid solid = solid_of(&stage->shape, color);
    for (int i = 0; i < av_pix_fmt_count_planes(frame->format); i++) {
        bool chroma = (i == 1 || i == 2) && !(row->flags & AV_PIX_FMT_FLAG_RGB);
        draw_plane(image, frame_plane(frame, i), solid.plane[i], stage->shape.depth > 8 ? 2 : 1,
                   1 << (chroma ? row->log2_chroma_w : 0), 1 << (chroma ? row->log2_chroma_h : 0));
    }
}

static bool subtitle_put(struct stage *base, AVFrame *frame, struct failure *failure)
{
    struct subtitle_stage *stage = (struct subtitle_stage *)base;
    stage->slot.frame = frame;
    stage->slot.ended = !frame;
    if (!frame)
        return true;
    long long now_ms = llround((double)frame->pts * av_q2d(base->time_base) * 1000);
    const ASS_Image *image = ass_render_frame(stage->renderer, stage->track, now_ms, NULL);
    if (image && av_frame_make_writable(frame) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for a frame");
    for (; image; image = image->next)
        draw(stage, image, frame);
    return true;
}

static enum chain_got subtitle_get(struct stage *stage, AVFrame *out, struct failure *failure)
{
    return slot_take(&((struct subtitle_stage *)stage)->slot, out);
}

static void subtitle_destroy(struct stage *base)
{
    struct subtitle_stage *stage = (struct subtitle_stage *)base;
    av_frame_free(&stage->slot.frame);
    if (stage->track)
        ass_free_track(stage->track);
    if (stage->renderer)
        ass_renderer_done(stage->renderer);
    if (stage->library)
        ass_library_done(stage->library);
}

static const struct stage_class subtitle_class = {"subtitles", subtitle_put, subtitle_get, NULL,
                                                  subtitle_destroy};

static bool open_library(struct subtitle_stage *stage, const AVFormatContext *format)
{
    stage->library = ass_library_init();
    if (!stage->library)
        return false;
    ass_set_message_cb(stage->library, listen, stage);
    ass_set_extract_fonts(stage->library, 0);
    add_fonts(stage->library, format);
    stage->renderer = ass_renderer_init(stage->library);
    stage->track = ass_new_track(stage->library);
    if (!stage->renderer || !stage->track)
        return false;
    ass_set_frame_size(stage->renderer, stage->shape.width, stage->shape.height);
    ass_set_storage_size(stage->renderer, stage->shape.width, stage->shape.height);
    return true;
}

bool chain_subtitles(struct chain *chain, struct failure *failure, int fd,
                     const struct subtitle_look *look)
{
    if (!chain_plain(chain, failure))
        return false;
    g_auto(readback_ptr) from =
        look->beside ? subtitle_file_open(fd, look->words, failure) : readback_open(fd);
    struct subtitle_stage *stage =
        chain_add(chain, &subtitle_class, sizeof(*stage), chain->time_base);
    stage->shape = chain->video;
    if (!from || !open_library(stage, readback_format(from)))
        return fail(failure, FAIL_MEMORY, "no memory for subtitles");
    if (!read_words(stage, look, from, failure) || !choose_fonts(stage, failure))
        return false;
    chain->stepped = true;
    chain_light_changed(chain);
    return true;
}
