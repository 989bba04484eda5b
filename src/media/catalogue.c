/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the installed libraries can do, told from their own tables. */
#include "media/catalogue.h"

#include "encoder/private.h"
#include "model/encode.h"
#include "still/vips_start.h"

#include <dlfcn.h>
#include <ebur128.h>
#include <libavcodec/avcodec.h>
#include <libavfilter/avfilter.h>
#include <libavformat/avformat.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libswresample/swresample.h>
#include <link.h>
#include <math.h>
#include <sndfile.h>
#include <stdlib.h>
#include <string.h>
#include <vips/vips.h>

/* The libraries behind libav's encoders. Those that can be asked say their version by a function;
 * the others have it in the name of their file. */
static const struct {
    const char *encoder, *file, *function;
} encoder_libraries[] = {
    {"libx264", "libx264.so", NULL},
    {"libx265", "libx265.so", NULL},
    {"libsvtav1", "libSvtAv1Enc.so", "svt_av1_get_version"},
    {"libvpx-vp9", "libvpx.so", "vpx_codec_version_str"},
    {"libopus", "libopus.so", "opus_get_version_string"},
    {"libmp3lame", "libmp3lame.so", "get_lame_version"},
    {"libvorbis", "libvorbisenc.so", NULL},
};

struct loaded {
    const char *name; /* of the library's file, up to its version */
    char *version;
};

/* "164" of ".../libx264.so.164", links followed. */
static int look_at_library(struct dl_phdr_info *info, size_t size, void *data)
{
    struct loaded *loaded = data;
    g_autofree char *base = g_path_get_basename(info->dlpi_name);
    (void)size;
    if (!g_str_has_prefix(base, loaded->name))
        return 0;
    g_autofree char *real = realpath(info->dlpi_name, NULL);
    g_autofree char *file = g_path_get_basename(real ? real : info->dlpi_name);
    loaded->version = g_strdup(file + MIN(strlen(file), strlen(loaded->name) + 1));
    return 1;
}

static char *library_version(const char *file, const char *function)
{
    struct loaded loaded = {.name = file};
    const char *(*ask)(void) = NULL;
    if (function)
        *(void **)&ask = dlsym(RTLD_DEFAULT, function);
    if (ask)
        return g_strdup(ask());
    dl_iterate_phdr(look_at_library, &loaded);
    return loaded.version;
}

char *media_build(void)
{
    GString *build = g_string_new(NULL);
    g_string_printf(build, "FFmpeg %s, %s, libebur128 %d.%d.%d, libvips %s", av_version_info(),
                    sf_version_string(), EBUR128_VERSION_MAJOR, EBUR128_VERSION_MINOR,
                    EBUR128_VERSION_PATCH, vips_version_string());
    g_string_append_printf(build, ", prores_ks rate %d", PRORES_RATE_VERSION);
    for (size_t i = 0; i < G_N_ELEMENTS(encoder_libraries); i++) {
        g_autofree char *version =
            library_version(encoder_libraries[i].file, encoder_libraries[i].function);
        if (version)
            g_string_append_printf(build, ", %s %s", encoder_libraries[i].encoder,
                                   g_strdelimit(version, ",;", '.'));
    }
    return g_string_free(build, FALSE);
}

static const char *option_type(enum AVOptionType type)
{
    switch (type) {
    case AV_OPT_TYPE_BOOL:
        return "bool";
    case AV_OPT_TYPE_INT:
    case AV_OPT_TYPE_INT64:
    case AV_OPT_TYPE_UINT64:
        return "int";
    case AV_OPT_TYPE_FLOAT:
    case AV_OPT_TYPE_DOUBLE:
    case AV_OPT_TYPE_RATIONAL:
        return "float";
    case AV_OPT_TYPE_FLAGS:
        return "flags";
    case AV_OPT_TYPE_DICT:
        return "dict";
    default:
        return "string";
    }
}

static bool is_numeric(enum AVOptionType type)
{
    return g_str_equal(option_type(type), "int") || g_str_equal(option_type(type), "float");
}

/* An encoder or a muxer. */
struct owner {
    const char *name;
    const AVClass *own;
};

static JsonObject *describe_option(const struct owner *owner, const AVClass *class,
                                   const AVOption *option)
{
    g_auto(GStrv) choices = option_choices(owner->name, owner->own, class, option);
    JsonObject *row = json_object_new();
    json_object_set_string_member(row, "type", option_type(option->type));
    if (is_numeric(option->type)) {
        json_object_set_double_member(row, "min", option->min);
        json_object_set_double_member(row, "max", option->max);
    }
    if (option->help)
        json_object_set_string_member(row, "help", option->help);
    if (*choices) {
        JsonArray *names = json_array_new();
        for (char **name = choices; *name; name++)
            json_array_add_string_element(names, *name);
        json_object_set_array_member(row, "choices", names);
    }
    return row;
}

/* Adds the options of a class that have all of `flags`. */
static void add_options(JsonObject *to, const struct owner *owner, const AVClass *class, int flags)
{
    const AVOption *option = NULL;
    while (class && (option = av_opt_next(&class, option)))
        if (option->type != AV_OPT_TYPE_CONST && (option->flags & flags) == flags &&
            !(option->flags & AV_OPT_FLAG_DEPRECATED) && !json_object_has_member(to, option->name))
            json_object_set_object_member(to, option->name, describe_option(owner, class, option));
}

static JsonArray *pix_fmts(const AVCodec *encoder)
{
    JsonArray *names = json_array_new();
    for (const enum AVPixelFormat *f = encoder->pix_fmts; f && *f != AV_PIX_FMT_NONE; f++)
        if (!(av_pix_fmt_desc_get(*f)->flags & AV_PIX_FMT_FLAG_HWACCEL))
            json_array_add_string_element(names, av_get_pix_fmt_name(*f));
    return names;
}

static JsonArray *sample_fmts(const AVCodec *encoder)
{
    JsonArray *names = json_array_new();
    for (const enum AVSampleFormat *f = encoder->sample_fmts; f && *f != AV_SAMPLE_FMT_NONE; f++)
        json_array_add_string_element(names, av_get_sample_fmt_name(*f));
    return names;
}

static JsonArray *sample_rates(const AVCodec *encoder)
{
    JsonArray *rates = json_array_new();
    for (const int *rate = encoder->supported_samplerates; rate && *rate; rate++)
        json_array_add_int_element(rates, *rate);
    return rates;
}

static JsonObject *describe_encoder(const AVCodec *encoder)
{
    bool video = encoder->type == AVMEDIA_TYPE_VIDEO;
    int type = video ? AV_OPT_FLAG_VIDEO_PARAM : AV_OPT_FLAG_AUDIO_PARAM;
    JsonObject *row = json_object_new();
    JsonObject *options = json_object_new();
    json_object_set_string_member(row, "codec", avcodec_get_name(encoder->id));
    json_object_set_string_member(row, "type", video ? "video" : "audio");
    json_object_set_array_member(row, "pix_fmts", pix_fmts(encoder));
    json_object_set_array_member(row, "sample_fmts", sample_fmts(encoder));
    json_object_set_array_member(row, "sample_rates", sample_rates(encoder));
    const struct owner owner = {encoder->name, encoder->priv_class};
    add_options(options, &owner, owner.own, AV_OPT_FLAG_ENCODING_PARAM);
    add_options(options, &owner, avcodec_get_class(), AV_OPT_FLAG_ENCODING_PARAM | type);
    json_object_set_object_member(row, "options", options);
    return row;
}

static void add_encoder(JsonObject *to, const char *name)
{
    const AVCodec *encoder = name ? avcodec_find_encoder_by_name(name) : NULL;
    if (encoder && !json_object_has_member(to, name))
        json_object_set_object_member(to, name, describe_encoder(encoder));
}

/* Ours, and every other software encoder of the same codecs ("encoder: prores_aw"). */
static JsonObject *all_encoders(void)
{
    JsonObject *encoders = json_object_new();
    for (unsigned i = 0; i < codec_count; i++) {
        const AVCodec *ours =
            codecs[i].encoder ? avcodec_find_encoder_by_name(codecs[i].encoder) : NULL;
        void *walk = NULL;
        const AVCodec *other;
        add_encoder(encoders, codecs[i].encoder);
        while (ours && (other = av_codec_iterate(&walk)))
            if (av_codec_is_encoder(other) && other->id == ours->id &&
                !(other->capabilities & AV_CODEC_CAP_HARDWARE))
                add_encoder(encoders, other->name);
    }
    return encoders;
}

static JsonObject *all_muxers(void)
{
    JsonObject *muxers = json_object_new();
    for (unsigned i = 0; i < container_count; i++) {
        const char *name = containers[i].muxer;
        const AVOutputFormat *muxer = name ? av_guess_format(name, NULL, NULL) : NULL;
        if (!muxer || json_object_has_member(muxers, name))
            continue;
        JsonObject *row = json_object_new(), *options = json_object_new();
        const struct owner owner = {name, muxer->priv_class};
        add_options(options, &owner, owner.own, AV_OPT_FLAG_ENCODING_PARAM);
        json_object_set_object_member(row, "options", options);
        json_object_set_object_member(muxers, name, row);
    }
    return muxers;
}

static JsonObject *all_stills(void)
{
    static const struct {
        const char *format, *saver;
    } rows[] = {{"jpeg", "jpegsave_target"}, {"png", "pngsave_target"},
                {"webp", "webpsave_target"}, {"gif", "gifsave_target"},
                {"avif", "heifsave_target"}, {"tiff", "tiffsave_target"}};
    JsonObject *stills = json_object_new();
    bool ready = vips_start();
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++)
        json_object_set_boolean_member(stills, rows[i].format,
                                       ready && vips_type_find("VipsForeignSave", rows[i].saver));
    return stills;
}

JsonNode *media_catalogue(void)
{
    g_autofree char *build = media_build();
    JsonObject *object = json_object_new();
    json_object_set_string_member(object, "build", build);
    json_object_set_object_member(object, "encoders", all_encoders());
    json_object_set_object_member(object, "muxers", all_muxers());
    json_object_set_object_member(object, "image", all_stills());
    JsonNode *node = json_node_new(JSON_NODE_OBJECT);
    json_node_take_object(node, object);
    return node;
}
