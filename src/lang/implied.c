/* SPDX-License-Identifier: GPL-3.0-or-later
 * What an output's own `encode` makes of a file, as expectations: for files that somebody else may
 * have made, since a render is held to its settings anyhow. */
#include "lang/pipeline.h"
#include "lang/template.h"
#include "model/encode.h"

#include <string.h>

static void imply(struct node *expect, const char *fact, const char *value)
{
    const struct fact *row = fact_find(fact);
    if (node_get(expect, row->name) || (row->alias && node_get(expect, row->alias)))
        return;
    node_put(expect, fact, (struct mark){0}, node_scalar(value, (struct mark){0}));
}

/* NULL: there is none, or which isn't known before the source is. */
static const char *codec_of(const char *name, const char *taken)
{
    if (!name)
        return *taken && !strchr(taken, ' ') ? taken : NULL;
    return strcmp(name, "none") && strcmp(name, "copy") && !template_is(name) ? name : NULL;
}

/* What a codec's stream is called when it is read. */
static const char *read_as(const char *codec)
{
    return strcmp(codec, "webp_anim") == 0 ? "webp" : codec;
}

static void imply_codecs(struct node *expect, const struct pipeline_output *output,
                         const struct container *container, const struct encode *encode)
{
    const bool sound = output->kind == KIND_AUDIO;
    const char *codec = sound ? codec_of(encode->audio.codec, container->audio)
                              : codec_of(encode->video.codec, container->video);
    if (codec)
        imply(expect, "codec", read_as(codec));
    const char *beside = sound ? NULL : codec_of(encode->audio.codec, container->audio);
    if (!beside)
        return;
    g_autofree char *allowed = g_strconcat(beside, ", or absent", NULL);
    imply(expect, "audio_codec", allowed);
}

GPtrArray *output_expectations(const struct pipeline_output *output)
{
    const struct container *container = container_by_name(output->container);
    g_auto(diag_ptr) ignored = diag_create();
    g_auto(encode_ptr) encode = encode_create();
    g_auto(node_ptr) expect = expect_print(output->expectations);
    if (container && container->read_as && encode_parse(output->encode, true, encode, ignored)) {
        /* What is an animation alone is read as a still. */
        if (!container_still(container))
            imply(expect, "kind", kind_name(output->kind));
        imply(expect, "container", container->read_as);
        imply_codecs(expect, output, container, encode);
    }
    return expect_parse(expect, ignored);
}
