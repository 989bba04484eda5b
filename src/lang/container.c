/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which container an output has: what it says itself, else the extension of its path, else its
 * preset, else what is usual for its codec. */
#include "lang/template.h"
#include "load.h"

#include <string.h>

/* The extension of a path, or NULL: none, or one that isn't known before the input is. */
static const char *extension_of(const char *to)
{
    const char *slash = to ? strrchr(to, '/') : NULL, *name = slash ? slash + 1 : to;
    const char *dot = name ? strrchr(name, '.') : NULL;
    return dot && dot[1] && !strpbrk(dot, "${}|") ? dot + 1 : NULL;
}

static char *first_of(const char *list)
{
    return g_strndup(list, strcspn(list, " "));
}

static const char *codecs_of(const struct container *container, enum kind kind)
{
    return kind == KIND_AUDIO ? container->audio : container->video;
}

/* A container that takes a codec; one that has it first before others. */
static const struct container *usual_container(const char *name)
{
    const struct codec *codec = codec_find(name);
    for (unsigned pass = 0; codec && pass < 2; pass++) {
        for (unsigned i = 0; i < container_count; i++) {
            const struct container *c = &containers[i];
            g_autofree char *first = first_of(codecs_of(c, codec->kind));
            if (c->kind & codec->kind &&
                (pass ? container_takes(c, name) : strcmp(first, name) == 0))
                return c;
        }
    }
    return NULL;
}

static bool is_named(const char *codec)
{
    return codec && strcmp(codec, "none") != 0 && strcmp(codec, "copy") != 0;
}

static bool makes_still(const struct pipeline_output *output)
{
    for (guint i = 0; i < output->steps->len; i++)
        if (((struct step_use *)output->steps->pdata[i])->step->makes_still)
            return true;
    return false;
}

/* What its picture ends in is a sheet whose parts a track can name. */
static bool makes_thumbnails(const struct pipeline_output *output)
{
    const GPtrArray *steps = output->steps;
    return steps->len && ((struct step_use *)steps->pdata[steps->len - 1])->step->makes_thumbnails;
}

/* A setting of a part of `encode`, which may be written as just that setting. */
static const struct node *setting(const struct pipeline_output *output, const char *part,
                                  const char *key)
{
    const struct node *node = node_get(output->encode, part);
    const struct node *value = node && node->kind == NODE_MAP ? node_get(node, key) : node;
    return value && value->kind == NODE_SCALAR && !node_is_null(value) ? value : NULL;
}

static const char *setting_text(const struct pipeline_output *output, const char *part,
                                const char *key)
{
    const struct node *node = setting(output, part, key);
    return node ? node->text : NULL;
}

static const struct container *default_container(const struct pipeline_output *output,
                                                 enum kind inputs)
{
    const struct container *found = NULL;
    const char *video = setting_text(output, "video", "codec");
    const char *audio = setting_text(output, "audio", "codec");
    const char *image = setting_text(output, "image", "format");
    bool sound_only = g_strcmp0(video, "none") == 0 ||
                      (!node_get(output->encode, "video") && node_get(output->encode, "audio"));
    if (image)
        found = container_by_name(image);
    else if (is_named(video))
        found = usual_container(video);
    else if (sound_only && is_named(audio))
        found = usual_container(audio);
    else if (makes_still(output) || node_get(output->encode, "image"))
        found = container_by_name("jpeg");
    if (!found)
        found = container_by_name(inputs == KIND_IMAGE                 ? "jpeg"
                                  : inputs == KIND_AUDIO || sound_only ? "wav"
                                                                       : "mp4");
    return found;
}

static void report_extension(const char *extension, struct mark at, struct diag *diag)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < container_count; i++) {
        g_autofree char *first = first_of(containers[i].extensions);
        if (container_by_extension(first) == &containers[i])
            g_ptr_array_add(names, g_steal_pointer(&first));
    }
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(extension, (const char *const *)names->pdata);
    diag_error(diag, at, hint, "\".%s\" files are not written here", extension);
}

/* By the extension of `to`, which for subtitles may be that of a track as well; the preset's
 * container when it has that extension, too. */
static const struct container *path_container(const struct pipeline_output *output,
                                              const char *extension, const struct container *preset,
                                              struct mark at, struct diag *diag)
{
    if (preset && list_has(preset->extensions, extension))
        return preset;
    const struct container *found = container_by_extension(extension);
    if (!found)
        report_extension(extension, at, diag);
    else if (container_is_subtitles(found) && makes_thumbnails(output))
        return container_by_name("thumbnails");
    return found;
}

static const struct container *numbered_container(const char *extension, struct mark at,
                                                  struct diag *diag)
{
    const struct container *sequence = container_by_name("sequence");
    if (extension && list_has(sequence->extensions, extension))
        return sequence;
    g_autofree char *hint = g_strdup_printf("allowed: %s", sequence->extensions);
    diag_error(diag, at, hint, "numbered pictures (\"##\") are not written as \".%s\"",
               extension ? extension : "");
    return NULL;
}

static bool contradicts(const struct container *container, const char *extension, struct mark at,
                        struct diag *diag)
{
    if (!extension || list_has(container->extensions, extension))
        return false;
    g_autofree char *hint = g_strdup_printf("extensions of %s: %s; or leave the container out",
                                            container->name, container->extensions);
    diag_error(diag, at, hint, "the path ends in \".%s\", but the container is %s", extension,
               container->name);
    return true;
}

/* A preset of stills whose path is that of a film or of sound. */
static bool is_no_still(const struct container *preset, const struct container *found,
                        const char *extension, struct mark at, struct diag *diag)
{
    if (!preset || preset->kind != KIND_IMAGE || found->kind == KIND_IMAGE ||
        container_still(found))
        return false;
    g_autofree char *hint = g_strdup_printf("extensions of %s: %s; or take a preset of %s",
                                            preset->name, preset->extensions, found->name);
    diag_error(diag, at, hint, "the path ends in \".%s\", but the preset makes stills (%s)",
               extension, preset->name);
    return true;
}

static void warn_bare(const struct pipeline_output *output, const struct node *to,
                      struct diag *diag)
{
    const char *slash = to ? strrchr(to->text, '/') : NULL;
    if (!to || strchr(slash ? slash : to->text, '.'))
        return;
    g_autofree char *hint = g_strdup_printf("write \"%s.%s\"", to->text, output->extension);
    diag_warning(diag, to->at, hint, "this path has no extension");
}

/* An animation is a still where a step or a setting says so; of stills it is anyhow. */
static enum kind kind_in(const struct pipeline_output *output, const struct container *container)
{
    const bool no_picture = g_strcmp0(setting_text(output, "video", "codec"), "none") == 0;
    if (container_still(container) && (makes_still(output) || setting(output, "image", "format")))
        return KIND_IMAGE;
    return container->kind == KIND_VIDEO && no_picture ? KIND_AUDIO : container->kind;
}

/* Takes the container, which `at` decided. */
static void keep(struct pipeline_output *output, const struct container *container,
                 const char *extension, struct mark at)
{
    output->container = g_strdup(container->name);
    output->extension = extension ? g_strdup(extension) : first_of(container->extensions);
    output->kind = kind_in(output, container);
    node_put(output->encode, "container", at, node_scalar(container->name, at));
}

bool container_resolve(struct pipeline_output *output, const struct node *own, enum kind inputs,
                       struct diag *diag)
{
    const struct node *to = node_get(own, "to");
    const struct node *name = node_get(output->encode, "container");
    const char *extension = extension_of(output->to);
    const struct container *named = name && name->text ? container_by_name(name->text) : NULL;
    const struct container *found = named;
    bool own_name = node_get(node_get(own, "encode"), "container");
    if (name && !named)
        return false; /* reported with the other settings */
    if (own_name && contradicts(named, extension, to ? to->at : output->at, diag))
        return false;
    if (folder_is_numbered(output->to))
        found = numbered_container(extension, to->at, diag);
    else if (!own_name && extension)
        found = path_container(output, extension, named, to->at, diag);
    else if (!named)
        found = default_container(output, inputs);
    if (!found || (extension && !folder_is_numbered(output->to) &&
                   is_no_still(named, found, extension, to ? to->at : output->at, diag)))
        return false;
    keep(output, found, extension, found == named ? name->at : to ? to->at : output->at);
    warn_bare(output, to, diag);
    if (container_is_package(found))
        return package_load(output, own, diag);
    if (container_is_thumbnails(found))
        return thumbnails_load(output, makes_thumbnails(output), to, diag);
    return !container_is_folder(found) || folder_load(output, to, diag);
}

/* `taken` is empty for what the container has no place for; codecs of a kind that it has are
 * checked with the other settings. */
static void check_setting(const struct pipeline_output *output, const char *part, const char *key,
                          const char *taken, struct diag *diag)
{
    const struct node *node = setting(output, part, key);
    if (!node || !is_named(node->text) || template_is(node->text) || list_has(taken, node->text))
        return;
    g_autofree char *hint = *taken ? g_strdup_printf("allowed: %s", taken)
                                   : g_strdup_printf("leave \"%s\" out, or choose another "
                                                     "container or extension",
                                                     part);
    diag_error(diag, node->at, hint, "%s doesn't take %s", output->container, node->text);
}

void container_check(const struct pipeline_output *output, struct diag *diag)
{
    const struct container *container = container_by_name(output->container);
    const char *still = container_still(container);
    bool image = container->kind == KIND_IMAGE;
    if (image || !*container->video)
        check_setting(output, "video", "codec", "", diag);
    if (!*container->audio)
        check_setting(output, "audio", "codec", "", diag);
    check_setting(output, "image", "format", still ? still : image ? container->video : "", diag);
}
