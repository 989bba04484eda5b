/* SPDX-License-Identifier: GPL-3.0-or-later
 * Encoder settings against the catalogue: what no encoder takes is an error before anything runs.
 */
#include "lang/template.h"
#include "load.h"
#include "model/holds.h"

#include <string.h>

/* One part of `encode`, with the encoder that will write it. */
struct part {
    const struct node *map;
    const char *encoder, *format, *format_key;
    const char *codec, *container; /* picture; codec NULL: the container's first */
    struct mark at;
};

/* The encoder of a codec; of the container's first one when none is named. */
static const char *encoder_of(const char *codec, const char *taken)
{
    g_autofree char *first = g_strndup(taken, strcspn(taken, " "));
    const struct codec *row = codec_find(codec ? codec : first);
    return row ? row->encoder : NULL;
}

static struct mark mark_of(const struct part *part, const char *key)
{
    const struct node *node = node_get(part->map, key);
    return node ? node->at : part->at;
}

static void check_format(const struct part *part, const struct catalogue *catalogue,
                         struct diag *diag)
{
    g_autofree const char **formats = catalogue_encoder_formats(catalogue, part->encoder);
    if (!part->format || !formats || !*formats || template_is(part->format) ||
        g_strv_contains(formats, part->format))
        return;
    g_autofree char *hint = name_hint(part->format, formats);
    diag_error(diag, mark_of(part, part->format_key), hint, "%s does not take %s \"%s\"",
               part->encoder, part->format_key, part->format);
}

/* "yuva420p", "gbrap", "rgba": names of formats tell it by a letter behind their colours. */
static bool has_alpha(const char *pix_fmt)
{
    return g_str_has_prefix(pix_fmt, "yuva") || g_str_has_prefix(pix_fmt, "gbra");
}

static void check_alpha(const struct part *part, struct diag *diag)
{
    if (!part->container || !part->format || !part->codec || !has_alpha(part->format) ||
        container_holds_alpha(part->container, part->codec))
        return;
    g_autofree char *able = holders(HOLDS_ALPHA);
    g_autofree char *hint = g_strdup_printf("containers with a place for it: %s", able);
    diag_error(diag, mark_of(part, part->format_key), hint,
               "a %s file has no place for the transparency of %s that \"%s\" asks for",
               part->container, part->codec, part->format);
}

static void check_option(const struct part *part, const struct node *key, const struct node *value,
                         const char *const *names, const struct catalogue *catalogue,
                         struct diag *diag)
{
    if (!g_strv_contains(names, key->text)) {
        g_autofree char *hint = name_hint(key->text, names);
        diag_error(diag, key->at, hint, "%s has no option \"%s\"", part->encoder, key->text);
        return;
    }
    if (value->kind != NODE_SCALAR || template_is(value->text))
        return;
    g_autofree char *problem =
        catalogue_check_option(catalogue, part->encoder, key->text, value->text);
    if (problem)
        diag_error(diag, value->at, NULL, "%s", problem);
}

static void check_options(const struct part *part, const struct catalogue *catalogue,
                          struct diag *diag)
{
    const struct node *options = node_get(part->map, "options");
    g_autofree const char **names = catalogue_encoder_options(catalogue, part->encoder);
    for (guint i = 0; names && options && options->kind == NODE_MAP && i < node_length(options);
         i++)
        check_option(part, options->keys->pdata[i], node_item(options, i), names, catalogue, diag);
}

/* Settings of the picture that are an option of its encoder, under the same name. */
static void check_setting(const struct part *part, const char *key, const char *value,
                          const struct catalogue *catalogue, struct diag *diag)
{
    g_autofree const char **names = catalogue_encoder_options(catalogue, part->encoder);
    if (!value || template_is(value) || !names || !g_strv_contains(names, key))
        return;
    g_autofree char *problem = catalogue_check_option(catalogue, part->encoder, key, value);
    if (problem)
        diag_error(diag, mark_of(part, key), NULL, "%s", problem);
}

static void check_settings(const struct part *part, const struct encode_video *video,
                           const struct catalogue *catalogue, struct diag *diag)
{
    const struct codec *codec =
        codec_chosen(part->codec, container_by_name(part->container)->video);
    const bool another = encode_rates(video, false); /* option says it: AVC-Intra */
    g_autofree char *profile =
        another || !codec ? NULL : encode_profile(codec->name, video->profile);
    check_setting(part, "preset", video->preset, catalogue, diag);
    check_setting(part, "tune", video->tune, catalogue, diag);
    check_setting(part, "profile", profile, catalogue, diag);
}

static void check_part(const struct part *part, const struct catalogue *catalogue,
                       struct diag *diag)
{
    if (!part->encoder || template_is(part->encoder))
        return;
    if (!catalogue_has_encoder(catalogue, part->encoder)) {
        diag_error(diag, mark_of(part, node_get(part->map, "encoder") ? "encoder" : "codec"),
                   "choose another codec, or install a libavcodec that has it",
                   "there is no encoder \"%s\" in this libavcodec", part->encoder);
        return;
    }
    check_format(part, catalogue, diag);
    check_alpha(part, diag);
    check_options(part, catalogue, diag);
}

void encoders_check(const struct pipeline_output *output, const struct encode *encode,
                    const struct catalogue *catalogue, struct diag *diag)
{
    const struct container *container = container_by_name(output->container);
    struct part video = {
        .map = node_get(output->encode, "video"),
        .encoder = encode->video.encoder ? encode->video.encoder
                                         : encoder_of(encode->video.codec, container->video),
        .format = encode->video.pix_fmt,
        .format_key = "pix_fmt",
        .codec = encode->video.codec,
        .container = output->container,
        .at = output->at,
    };
    struct part audio = {
        .map = node_get(output->encode, "audio"),
        .encoder = encoder_of(encode->audio.codec, container->audio),
        .format = encode->audio.sample_format,
        .format_key = "sample_format",
        .at = output->at,
    };
    if (video.map) {
        check_part(&video, catalogue, diag);
        check_settings(&video, &encode->video, catalogue, diag);
    }
    if (audio.map)
        check_part(&audio, catalogue, diag);
}
