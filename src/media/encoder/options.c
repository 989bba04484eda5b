/* SPDX-License-Identifier: GPL-3.0-or-later
 * Options of encoders: collected, then set one by one, so that each failure can be named. */
#include "../chain/private.h"
#include "base/diag.h"
#include "private.h"

#include <libavutil/opt.h>
#include <string.h>

void option_add(GPtrArray *options, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(options, g_strdup(key));
    g_ptr_array_add(options, g_strdup_vprintf(format, args));
    va_end(args);
}

bool option_is_among(const GPtrArray *options, const char *key)
{
    for (guint i = 0; i + 1 < options->len; i += 2)
        if (!strcmp(options->pdata[i], key))
            return true;
    return false;
}

void option_join(GPtrArray *options, const char *key, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *value = g_strdup_vprintf(format, args);
    va_end(args);
    for (guint i = 0; i + 1 < options->len; i += 2) {
        if (strcmp(options->pdata[i], key))
            continue;
        char *joined = g_strdup_printf("%s:%s", value, (char *)options->pdata[i + 1]);
        g_free(options->pdata[i + 1]);
        options->pdata[i + 1] = joined;
        return;
    }
    option_add(options, key, "%s", value);
}

static int wanted_flag(const AVCodec *codec)
{
    return AV_OPT_FLAG_ENCODING_PARAM |
           (codec->type == AVMEDIA_TYPE_VIDEO ? AV_OPT_FLAG_VIDEO_PARAM : AV_OPT_FLAG_AUDIO_PARAM);
}

static const AVOption *find(const void *class, const char *name, int flags)
{
    const AVOption *option = av_opt_find((void *)&class, name, NULL, 0, AV_OPT_SEARCH_FAKE_OBJ);
    return option && (option->flags & flags) == flags ? option : NULL;
}

bool encoder_has_option(const AVCodec *codec, const char *name)
{
    return codec->priv_class && find(codec->priv_class, name, AV_OPT_FLAG_ENCODING_PARAM);
}

static void add_names(GPtrArray *names, const AVClass *class, int flags)
{
    const AVOption *option = NULL;
    while (class && (option = av_opt_next(&class, option)))
        if (option->type != AV_OPT_TYPE_CONST && (option->flags & flags) == flags)
            g_ptr_array_add(names, (void *)option->name);
}

static bool unknown(const AVCodec *codec, const char *key, struct failure *failure)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    add_names(names, codec->priv_class, AV_OPT_FLAG_ENCODING_PARAM);
    add_names(names, avcodec_get_class(), wanted_flag(codec));
    g_ptr_array_add(names, NULL);
    const char *near = nearest_name(key, (const char *const *)names->pdata);
    return fail(failure, FAIL_CONFIG, "encoder %s has no option \"%s\"%s%s%s", codec->name, key,
                near ? ", did you mean \"" : "", near ? near : "", near ? "\"?" : "");
}

static bool has_range(const AVOption *option)
{
    const bool number = option->type == AV_OPT_TYPE_INT || option->type == AV_OPT_TYPE_INT64 ||
                        option->type == AV_OPT_TYPE_FLOAT || option->type == AV_OPT_TYPE_DOUBLE;
    return number && option->max < INT_MAX;
}

static char *allowed_text(const AVCodec *codec, const AVClass *class, const AVOption *option)
{
    g_auto(GStrv) choices = option_choices(codec->name, codec->priv_class, class, option);
    g_autofree char *names = g_strjoinv(", ", choices);
    g_autofree char *range =
        has_range(option) ? g_strdup_printf("%g to %g", option->min, option->max) : g_strdup("");
    return g_strdup_printf("%s%s%s", names, *names && *range ? ", or " : "", range);
}

static bool apply(AVCodecContext *context, const char *key, const char *value,
                  struct failure *failure)
{
    const AVCodec *codec = context->codec;
    const AVClass *generic = avcodec_get_class();
    bool private = encoder_has_option(codec, key);
    const AVOption *option = private ? find(codec->priv_class, key, AV_OPT_FLAG_ENCODING_PARAM)
                                     : find(generic, key, wanted_flag(codec));
    if (!option)
        return unknown(codec, key, failure);
    int error = av_opt_set(private ? context->priv_data : context, key, value, 0);
    if (error >= 0)
        return true;
    g_autofree char *allowed = allowed_text(codec, private ? codec->priv_class : generic, option);
    return fail_av(failure, FAIL_CONFIG, error, "encoder %s: %s can't be %s%s%s%s", codec->name,
                   key, value, *allowed ? " (allowed: " : "", allowed, *allowed ? ")" : "");
}

bool options_apply(AVCodecContext *context, const GPtrArray *options, struct failure *failure)
{
    for (guint i = 0; i + 1 < options->len; i += 2)
        if (!apply(context, options->pdata[i], options->pdata[i + 1], failure))
            return false;
    return true;
}
