/* SPDX-License-Identifier: GPL-3.0-or-later
 * Outputs that are folders of numbered pictures: "frames/${stem}/${stem}.####.dpx" is the folder
 * frames/${stem}, and what its files are called; of packages, "web/${stem}/master.m3u8",
 * and of thumbnails, "thumbs/${stem}/${stem}.vtt". */
#include "base/sequence.h"
#include "lang/template.h"
#include "load.h"

#include <string.h>

static const char *name_of(const char *to)
{
    const char *slash = strrchr(to, '/');
    return slash ? slash + 1 : to;
}

bool folder_is_numbered(const char *to)
{
    return to && strstr(name_of(to), "##");
}

/* Its run of # is the only one. */
static bool is_well_numbered(const char *name)
{
    const unsigned width = sequence_width(name);
    return width && strchr(name, '#') + width == strrchr(name, '.');
}

/* The codec that an extension stands for. */
static const char *codec_of(const char *extension)
{
    return g_ascii_strcasecmp(extension, "tif") == 0 ? "tiff" : extension;
}

static bool set_codec(struct pipeline_output *output, struct mark at, struct diag *diag)
{
    struct node *video = (struct node *)node_get(output->encode, "video");
    const struct node *said = video && video->kind == NODE_MAP ? node_get(video, "codec") : video;
    g_autofree char *codec = g_ascii_strdown(codec_of(output->extension), -1);
    if (!said || node_is_null(said)) {
        if (!video || video->kind != NODE_MAP)
            node_put(output->encode, "video", at, video = node_map(at));
        node_put(video, "codec", at, node_scalar(codec, at));
        return true;
    }
    if (!said->text || strcmp(said->text, codec) == 0)
        return true; /* of what is no text the tables tell */
    g_autofree char *hint =
        g_strdup_printf("codec: %s, or leave it out: the extension says it", codec);
    diag_error(diag, said->at, hint, "pictures that end in \".%s\" are not %s", output->extension,
               said->text);
    return false;
}

/* Into the folder and what is in it. */
static void split_path(struct pipeline_output *output)
{
    output->files = g_strdup(name_of(output->to));
    output->to[name_of(output->to) - output->to - 1] = '\0';
}

bool folder_load(struct pipeline_output *output, const struct node *to, struct diag *diag)
{
    static const char example[] = "for example frames/${stem}/${stem}.####.dpx";
    struct mark at = to ? to->at : output->at;
    if (!output->to || !is_well_numbered(name_of(output->to))) {
        diag_error(
            diag, at, example,
            "numbered pictures need a name with one run of 2 to 9 \"#\", directly before the "
            "extension");
        return false;
    }
    if (name_of(output->to) == output->to) {
        diag_error(diag, at, example, "numbered pictures need a folder of their own");
        return false;
    }
    split_path(output);
    return set_codec(output, at, diag);
}

bool thumbnails_load(struct pipeline_output *output, bool sheet, const struct node *to,
                     struct diag *diag)
{
    struct mark at = to ? to->at : output->at;
    if (!sheet) {
        diag_error(diag, at, "steps: [sprite: {every: 10s}]",
                   "a track of thumbnails is of a `sprite`, and the last step of \"%s\" is none",
                   output->name);
        return false;
    }
    if (!output->to || name_of(output->to) == output->to) {
        diag_error(diag, at, "for example thumbs/${stem}/${stem}.vtt",
                   "thumbnails and their track need a folder of their own");
        return false;
    }
    split_path(output);
    return true;
}

static bool refuse(const struct node *at, const struct pipeline_output *output, struct diag *diag,
                   const char *what)
{
    diag_error(diag, at ? at->at : output->at,
               "give those to the rungs: {from: [v1080, v540], to: \"web/${stem}/master.m3u8\"}",
               "\"%s\" is made of other outputs as they are, and has no %s of its own",
               output->name, what);
    return false;
}

static void copy_codec(struct pipeline_output *output, const char *part)
{
    struct node *map = node_map(output->at);
    node_put(map, "codec", output->at, node_scalar("copy", output->at));
    node_put(output->encode, part, output->at, map);
}

bool package_load(struct pipeline_output *output, const struct node *map, struct diag *diag)
{
    const struct node *to = node_get(map, "to"), *from = node_get(map, "from");
    const char *parts[] = {"video", "audio"};
    if (!output->to || name_of(output->to) == output->to || template_is(name_of(output->to))) {
        diag_error(diag, to ? to->at : output->at, "for example web/${stem}/master.m3u8",
                   "%s needs a folder of its own, and a plain name in it", output->container);
        return false;
    }
    if (!from || (from->kind == NODE_LIST && !node_length(from))) {
        diag_error(diag, from ? from->at : output->at,
                   "from: [v1080, v540], outputs of this job in H.264 and AAC",
                   "%s is made of other outputs, its rungs, and `from` names none",
                   output->container);
        return false;
    }
    if (output->steps->len)
        return refuse(node_get(map, "steps"), output, diag, "steps");
    if (node_get(output->encode, "subtitles"))
        return refuse(node_get(output->encode, "subtitles"), output, diag, "choice of subtitles");
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++) {
        if (node_get(output->encode, parts[i]))
            return refuse(node_get(output->encode, parts[i]), output, diag, parts[i]);
        copy_codec(output, parts[i]);
    }
    split_path(output);
    return true;
}

void package_check_expectations(const struct pipeline_output *output, struct diag *diag)
{
    const struct container *container = container_by_name(output->container);
    if (!container || !container_is_package(container))
        return;
    for (guint i = 0; i < output->expectations->len; i++) {
        const struct expectation *expectation = output->expectations->pdata[i];
        if (expectation->fact->measured)
            diag_error(diag, expectation->at,
                       "give it to the rung, whose picture and sound are the same",
                       "\"%s\" is a package, of which this isn't measured", output->name);
    }
}
