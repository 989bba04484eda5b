/* SPDX-License-Identifier: GPL-3.0-or-later
 * Profiles of codecs: the pixel format that each means, and the sizes and rates that those have
 * which exist at a few only. */
#include "private.h"

#include "../chain/private.h"

#include <math.h>
#include <stdlib.h>

/* clang-format off */
/* What a profile means for the pixel format; profiles that aren't here leave it open. */
static const struct profile_row profiles[] = {
    {"h264",   "baseline",   "yuv420p",     NULL, NULL, NULL},
    {"h264",   "main",       "yuv420p",     NULL, NULL, NULL},
    {"h264",   "high",       "yuv420p",     NULL, NULL, NULL},
    {"h264",   "high10",     "yuv420p10le", NULL, NULL, NULL},
    {"h264",   "high422",    "yuv422p10le", NULL, NULL, NULL},
    {"hevc",   "main",       "yuv420p",     NULL, NULL, NULL},
    {"hevc",   "main10",     "yuv420p10le", NULL, NULL, NULL},
    {"hevc",   "main422-10", "yuv422p10le", NULL, NULL, NULL},
    {"prores", "proxy",      "yuv422p10le", NULL, NULL, NULL},
    {"prores", "lt",         "yuv422p10le", NULL, NULL, NULL},
    {"prores", "standard",   "yuv422p10le", NULL, NULL, NULL},
    {"prores", "hq",         "yuv422p10le", NULL, NULL, NULL},
    {"prores", "4444",       "yuv444p10le", "yuva444p10le", NULL, NULL},
    {"prores", "4444xq",     "yuv444p10le", "yuva444p10le", NULL, NULL},
    {"dnxhd",  "dnxhr_lb",   "yuv422p",     NULL, NULL, NULL},
    {"dnxhd",  "dnxhr_sq",   "yuv422p",     NULL, NULL, NULL},
    {"dnxhd",  "dnxhr_hq",   "yuv422p",     NULL, NULL, NULL},
    {"dnxhd",  "dnxhr_hqx",  "yuv422p10le", NULL, NULL, NULL},
    {"dnxhd",  "dnxhr_444",  "yuv444p10le", NULL, NULL, NULL},
    {"h264",   "avc-intra-50",  "yuv420p10le", NULL, "avcintra-class", "50"},
    {"h264",   "avc-intra-100", "yuv422p10le", NULL, "avcintra-class", "100"},
    {"mpeg2video", "422",       "yuv422p",     NULL, NULL, NULL},
    {"mpeg2video", "main",      "yuv420p",     NULL, NULL, NULL},
};

/* DNxHD: SMPTE ST 2019-1, annex B, as far as libavcodec writes it: a frame of each row and rate has
 * so many bytes. AVC-Intra: SMPTE RP 2027. */
static const struct grid {
    const char *codec, *profile; /* profile NULL: none */
    int width, height;
    enum { WHOLE = 1, FIELDS = 2, TOP_FIRST = 4 } frames;
    int depth;         /* 0 any */
    const char *rates; /* Mbit/s; NULL: its own */
} grids[] = {
    {"dnxhd", NULL, 1920, 1080, WHOLE,  10, "175 185 365 440"},
    {"dnxhd", NULL, 1920, 1080, WHOLE,  8,  "36 45 75 90 115 120 145 175 185 220 240 290 365 440"},
    {"dnxhd", NULL, 1920, 1080, FIELDS, 10, "185 220"},
    {"dnxhd", NULL, 1920, 1080, FIELDS, 8,  "120 145 185 220"},
    {"dnxhd", NULL, 1440, 1080, FIELDS, 8,  "120 145 80 90 100 110"},
    {"dnxhd", NULL, 1440, 1080, WHOLE,  8,  "63 84 100 110"},
    {"dnxhd", NULL, 1280, 720,  WHOLE,  10, "90 180 220"},
    {"dnxhd", NULL, 1280, 720,  WHOLE,  8,  "60 75 90 110 120 145 180 220"},
    {"dnxhd", NULL, 960,  720,  WHOLE,  8,  "42 60 75 115"},
    {"h264", "avc-intra-100", 1920, 1080, WHOLE | TOP_FIRST,  0, NULL},
    {"h264", "avc-intra-100", 1280, 720,  WHOLE, 0, NULL},
    {"h264", "avc-intra-50",  1440, 1080, WHOLE | TOP_FIRST,  0, NULL},
    {"h264", "avc-intra-50",  960,  720,  WHOLE, 0, NULL},
};
/* clang-format on */

char *profile_name(const struct encode_video *encode, const char *codec, const char *pix_fmt)
{
    if (!encode->profile && !strcmp(codec, "dnxhd") && !(encode->bitrate > 0))
        return g_strdup(strstr(pix_fmt, "422p10") ? "dnxhr_hqx"
                        : strstr(pix_fmt, "10")   ? "dnxhr_444"
                                                  : "dnxhr_hq");
    return encode_profile(codec, encode->profile);
}

const struct profile_row *profile_find(const char *codec, const char *profile)
{
    for (unsigned i = 0; profile && i < G_N_ELEMENTS(profiles); i++)
        if (!strcmp(profiles[i].codec, codec) && !strcmp(profiles[i].profile, profile))
            return &profiles[i];
    return NULL;
}

void profile_add(GPtrArray *options, const char *codec, const char *profile)
{
    const struct profile_row *row = profile_find(codec, profile);
    if (row && row->option)
        option_add(options, row->option, "%s", row->value);
    else if (profile)
        option_add(options, "profile", "%s", profile);
}

static bool is_of(const struct grid *grid, const char *codec, const char *profile)
{
    return !strcmp(grid->codec, codec) && !g_strcmp0(grid->profile, profile);
}

static bool has_rate(const struct grid *grid, double bitrate)
{
    g_auto(GStrv) rates = g_strsplit(grid->rates ? grid->rates : "", " ", -1);
    bool has = !grid->rates;
    for (char **rate = rates; *rate; rate++)
        has = has || llround(bitrate / 1e6) == atoi(*rate);
    return has;
}

static char *grid_text(const char *codec, const char *profile)
{
    static const char *const frames[] = {[WHOLE] = " whole frames",
                                         [FIELDS] = " fields",
                                         [WHOLE | TOP_FIRST] =
                                             " whole frames or fields, top first"};
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(grids); i++) {
        const struct grid *grid = &grids[i];
        if (!is_of(grid, codec, profile))
            continue;
        g_string_append_printf(text, "%s%dx%d%s", text->len ? "; " : "", grid->width, grid->height,
                               frames[grid->frames]);
        if (grid->rates)
            g_string_append_printf(text, " of %d bits at %s Mbit/s", grid->depth, grid->rates);
    }
    return g_string_free(text, FALSE);
}

static bool has_its_rate(const struct encode_video *encode, const struct video_shape *shape,
                         struct failure *failure)
{
    const char *rates = encode_rates(encode, shape->interlaced);
    return !rates || shape->fps.num <= 0 || encode_has_rate(rates, shape->fps) ||
           fail(failure, FAIL_CONFIG,
                "%s: there is none of %.6g frames a second%s; it has %s. Put one of them with "
                "`fps` among the steps",
                encode->profile, rational_value(shape->fps), shape->interlaced ? " in fields" : "",
                rates);
}

/* prores_ks drops it without a word. */
static bool keeps_alpha(const struct encode_video *encode, const char *codec,
                        const AVPixFmtDescriptor *format, struct failure *failure)
{
    const struct profile_row *row = profile_find(codec, encode->profile);
    if (strcmp(codec, "prores") || !row || row->alpha || !(format->flags & AV_PIX_FMT_FLAG_ALPHA))
        return true;
    return fail(failure, FAIL_CONFIG,
                "%s %s has no transparency, which `pix_fmt: %s` asks for: take `profile: 4444` or "
                "`4444xq`, or leave `pix_fmt` out",
                codec, encode->profile, encode->pix_fmt);
}

bool profile_fits(const struct encode_video *encode, const struct video_shape *shape,
                  const char *codec, const char *pix_fmt, struct failure *failure)
{
    g_autofree char *profile = profile_name(encode, codec, pix_fmt);
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(av_get_pix_fmt(pix_fmt));
    unsigned frames = !shape->interlaced       ? WHOLE
                      : shape->top_field_first ? FIELDS | TOP_FIRST
                                               : FIELDS;
    bool limited = false, fits = false;
    if (!keeps_alpha(encode, codec, format, failure))
        return false;
    if (g_strcmp0(profile, "dnxhd") == 0)
        g_clear_pointer(&profile, g_free);
    for (unsigned i = 0; i < G_N_ELEMENTS(grids); i++) {
        const struct grid *grid = &grids[i];
        if (!is_of(grid, codec, profile))
            continue;
        limited = true;
        fits = fits ||
               (grid->width == shape->width && grid->height == shape->height &&
                grid->frames & frames && (!grid->depth || grid->depth == format->comp[0].depth) &&
                has_rate(grid, encode->bitrate));
    }
    if (!limited || fits)
        return has_its_rate(encode, shape, failure);
    g_autofree char *allowed = grid_text(codec, profile);
    return fail(failure, FAIL_CONFIG,
                "%s has no %dx%d %s of %d bits%s; it has %s. Resize, or take another profile%s",
                profile ? profile : codec, shape->width, shape->height,
                !shape->interlaced       ? "whole frames"
                : shape->top_field_first ? "fields, top first,"
                                         : "fields, bottom first,",
                format->comp[0].depth, profile ? "" : " at this bitrate", allowed,
                profile ? "" : ": dnxhr_hqx holds whole frames of any size");
}
