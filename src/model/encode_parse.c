/* SPDX-License-Identifier: GPL-3.0-or-later
 * `encode` from a map: its parts by their tables, then what one row can't check alone. */
#include "model/encode.h"

#include "param_private.h"

#include <math.h>
#include <string.h>

/* A map and what is said of it. */
struct part {
    const struct node *node; /* may be NULL or a bare scalar */
    const char *where;
    struct diag *diag;
};

/* The mark of a row's value, else of the whole part. */
static struct mark mark_of(const struct part *part, const char *row)
{
    if (!part->node)
        return (struct mark){0};
    const struct node *value =
        part->node->kind == NODE_MAP ? node_get(part->node, row) : part->node;
    return value ? value->at : part->node->at;
}

static bool is_template(const char *text)
{
    return strstr(text, "${");
}

static char *codec_hint(const char *word, enum kind kind)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < codec_count; i++)
        if (codecs[i].kind & kind)
            g_ptr_array_add(names, (char *)codecs[i].name);
    if (kind != KIND_IMAGE) {
        g_ptr_array_add(names, (char *)"copy");
        g_ptr_array_add(names, (char *)"none");
    }
    g_ptr_array_add(names, NULL);
    return name_hint(word, (const char *const *)names->pdata);
}

static bool codec_known(const struct part *part, const char *row, const char *name, enum kind kind)
{
    if (!name || is_template(name))
        return true;
    if (kind != KIND_IMAGE && (!strcmp(name, "copy") || !strcmp(name, "none")))
        return true;
    const struct codec *codec = codec_find(name);
    if (codec && codec->kind & kind)
        return true;
    g_autofree char *hint = codec_hint(name, kind);
    diag_error(part->diag, mark_of(part, row), hint, "%s.%s: there is no %s codec \"%s\"",
               part->where, row, kind_name(kind), name);
    return false;
}

static bool crf_fits(const struct part *part, const struct encode_video *video)
{
    const struct codec *codec = codec_find(video->codec);
    if (isnan(video->crf) || !codec || video->encoder)
        return true;
    if (isnan(codec->crf_default)) {
        diag_error(part->diag, mark_of(part, "crf"), "leave it out; choose a profile or a bitrate",
                   "%s.crf: %s has no constant-quality scale", part->where, codec->name);
        return false;
    }
    if (video->crf >= codec->crf_min && video->crf <= codec->crf_max)
        return true;
    g_autofree char *hint = g_strdup_printf("allowed: %g to %g; usual: %g", codec->crf_min,
                                            codec->crf_max, codec->crf_default);
    diag_error(part->diag, mark_of(part, "crf"), hint, "%s.crf: %g is off the scale of %s",
               part->where, video->crf, codec->name);
    return false;
}

static bool exclusive(const struct part *part, bool both, const char *row, const char *other)
{
    if (!both)
        return true;
    diag_error(part->diag, mark_of(part, row), "keep one of them",
               "%s: %s and %s exclude each other", part->where, row, other);
    return false;
}

static bool video_fits(const struct part *part, const struct encode_video *video)
{
    bool ok = codec_known(part, "codec", video->codec, KIND_VIDEO);
    ok = crf_fits(part, video) && ok;
    ok = exclusive(part, video->gop && video->keyint.kind, "keyint", "gop") && ok;
    if (video->keyint.kind != POSITION_NONE && video->keyint.kind != POSITION_SECONDS) {
        diag_error(part->diag, mark_of(part, "keyint"), "write seconds (2s), or frames as gop",
                   "%s.keyint: is not a length of time", part->where);
        ok = false;
    }
    if (video->tag && !is_template(video->tag) && strlen(video->tag) != 4) {
        diag_error(part->diag, mark_of(part, "tag"), "for example hvc1, avc1, apch",
                   "%s.tag: \"%s\" is not four characters", part->where, video->tag);
        ok = false;
    }
    return ok;
}

bool encode_profile_is_file(const char *profile)
{
    g_autofree char *lower = g_ascii_strdown(profile, -1);
    return g_str_has_suffix(lower, ".icc") || g_str_has_suffix(lower, ".icm");
}

static bool profile_fits(const struct part *part, const char *profile)
{
    static const char *const names[] = {"srgb", "display-p3", "adobe-rgb", "grey", "keep", NULL};
    if (!profile || is_template(profile) || g_strv_contains(names, profile) ||
        encode_profile_is_file(profile))
        return true;
    g_autofree char *hint = name_hint(profile, names);
    diag_error(part->diag, mark_of(part, "profile"), hint,
               "%s.profile: \"%s\" is no profile, nor a file of one (.icc, .icm)", part->where,
               profile);
    return false;
}

static bool metadata_fits(const struct part *part, unsigned metadata)
{
    unsigned policy = metadata & (META_WEB | META_ARCHIVE | META_NONE);
    if (!policy || metadata == META_WEB || metadata == META_ARCHIVE || metadata == META_NONE)
        return true;
    diag_error(part->diag, mark_of(part, "metadata"),
               "web is [title, description, artist, copyright, date]: name those and what else is "
               "to be kept",
               "%s.metadata: web, archive and none stand alone", part->where);
    return false;
}

static bool image_fits(const struct part *part, const struct encode_image *image)
{
    int depth = image->bit_depth;
    bool ok = codec_known(part, "format", image->format, KIND_IMAGE);
    ok = profile_fits(part, image->profile) && ok;
    ok = metadata_fits(part, image->metadata) && ok;
    if (depth == 0 || depth == 8 || depth == 12 || depth == 16)
        return ok;
    diag_error(part->diag, mark_of(part, "bit_depth"),
               "allowed: 8, 12 (AVIF; 10 is more than libheif 1.15 can), 16",
               "%s.bit_depth: %d bits are not written by any format", part->where, depth);
    return false;
}

static char *container_hint(const char *word)
{
    g_autofree const char **names = g_new0(const char *, container_count + 1);
    for (unsigned i = 0; i < container_count; i++)
        names[i] = containers[i].name;
    return name_hint(word, names);
}

static bool rate_fits(const struct part *part, const struct container *container, int rate_hz)
{
    if (!rate_hz || !container->sample_rate || rate_hz == container->sample_rate)
        return true;
    const struct part audio = {node_get(part->node, "audio"), "encode.audio", part->diag};
    g_autofree char *hint = g_strdup_printf(
        "leave \"sample_rate\" out: sound is resampled to %d Hz", container->sample_rate);
    diag_error(part->diag, mark_of(&audio, "sample_rate"), hint,
               "%s.sample_rate: %s holds sound of %d Hz alone", audio.where, container->name,
               container->sample_rate);
    return false;
}

/* Whether the container takes what is asked of its sound, and the codecs that are named beside it.
 */
static bool container_fits(const struct part *part, const struct encode *encode)
{
    const char *name = encode->container;
    if (!name || is_template(name))
        return true;
    const struct container *container = container_by_name(name);
    if (!container) {
        g_autofree char *hint = container_hint(name);
        diag_error(part->diag, mark_of(part, "container"), hint,
                   "%s.container: there is no container \"%s\"", part->where, name);
        return false;
    }
    const char *named[] = {encode->video.codec, encode->audio.codec};
    const char *takes[] = {container->video, container->audio};
    bool ok = rate_fits(part, container, encode->audio.sample_rate);
    for (int i = 0; i < 2; i++) {
        if (!codec_find(named[i]) || !*takes[i] || container_takes(container, named[i]))
            continue;
        g_autofree char *hint = g_strdup_printf("allowed: %s", takes[i]);
        diag_error(part->diag, mark_of(part, "container"), hint, "%s: %s doesn't take %s",
                   part->where, name, named[i]);
        ok = false;
    }
    return ok;
}

static bool is_length(const struct part *part, const char *name, const struct position *length)
{
    if (length->kind == POSITION_NONE || (length->kind == POSITION_SECONDS && length->value > 0))
        return true;
    g_autofree char *hint = g_strdup_printf("write seconds, for example %s: 2s", name);
    diag_error(part->diag, mark_of(part, name), hint, "%s.%s: is not a length of time", part->where,
               name);
    return false;
}

static bool own_key(const struct part *part, const struct node *key, struct node *value,
                    struct node *rest)
{
    static const char *const names[] = {
        "video", "audio",       "image",     "container",    "faststart", "edit_lists", "fragment",
        "loop",  "first_frame", "subtitles", "reproducible", "segment",   NULL};
    if (param_find(&encode_params, key->text)) {
        node_put(rest, key->text, key->at, node_ref(value));
        return true;
    }
    g_autofree char *hint = name_hint(key->text, names);
    diag_error(part->diag, key->at, hint, "%s: there is no part \"%s\"", part->where, key->text);
    return false;
}

static bool part_parse(const struct part *part, const char *key, const struct node *value,
                       bool templates, struct encode *encode, bool *known)
{
    struct encode *e = encode;
    *known = true;
    if (!strcmp(key, "video")) {
        struct part own = {value, "encode.video", part->diag};
        return params_parse(&encode_video_params, value, own.where, templates, &e->video,
                            part->diag) &&
               video_fits(&own, &e->video);
    }
    if (!strcmp(key, "audio")) {
        struct part own = {value, "encode.audio", part->diag};
        return params_parse(&encode_audio_params, value, own.where, templates, &e->audio,
                            part->diag) &&
               exclusive(&own, e->audio.channels && e->audio.mono_tracks, "mono_tracks",
                         "channels") &&
               codec_known(&own, "codec", e->audio.codec, KIND_AUDIO);
    }
    if (!strcmp(key, "image")) {
        struct part own = {value, "encode.image", part->diag};
        return params_parse(&encode_image_params, value, own.where, templates, &e->image,
                            part->diag) &&
               image_fits(&own, &e->image);
    }
    *known = false;
    return true;
}

static bool parse(const struct part *part, bool templates, struct encode *encode)
{
    const struct node *node = part->node;
    if (!node || node->kind != NODE_MAP)
        return params_parse(&encode_params, node, part->where, templates, encode, part->diag) &&
               container_fits(part, encode);
    g_auto(node_ptr) rest = node_map(node->at);
    bool ok = true;
    for (guint i = 0; i < node_length(node); i++) {
        struct node *key = node->keys->pdata[i], *value = node_item(node, i);
        bool known;
        ok = part_parse(part, key->text, value, templates, encode, &known) && ok;
        if (!known)
            ok = own_key(part, key, value, rest) && ok;
    }
    ok = params_parse(&encode_params, rest, part->where, templates, encode, part->diag) && ok;
    ok = is_length(part, "fragment", &encode->fragment) && ok;
    ok = is_length(part, "segment", &encode->segment) && ok;
    return container_fits(part, encode) && ok;
}

bool encode_parse(const struct node *node, bool templates, struct encode *encode, struct diag *diag)
{
    const struct part part = {node, "encode", diag};
    bool fine = parse(&part, templates, encode);
    encode->video.strict = encode->audio.strict = encode->reproducible > 0;
    return fine;
}

JsonNode *encode_schema(void)
{
    static const struct {
        const char *name;
        const struct params *table;
    } parts[] = {{"video", &encode_video_params},
                 {"audio", &encode_audio_params},
                 {"image", &encode_image_params}};
    JsonNode *schema = params_schema(&encode_params);
    JsonArray *any = json_object_get_array_member(json_node_get_object(schema), "anyOf");
    JsonObject *map = json_array_get_object_element(any, 0);
    JsonObject *properties = json_object_get_object_member(map, "properties");
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        json_object_set_member(properties, parts[i].name, params_schema(parts[i].table));
    return schema;
}
