/* SPDX-License-Identifier: GPL-3.0-or-later
 * Writing sound-only files through libav: an encoder and a muxer of one track. */
#include "media/encoder.h"
#include "media/frame.h"
#include "media/writer.h"
#include "sndfile_private.h"

struct av_writing {
    struct encoder *encoder;
    struct writer *writer;
    AVPacket *packet;
    int track;
};

static void av_writing_destroy(void *state)
{
    struct av_writing *w = state;
    writer_destroy(w->writer);
    encoder_close(w->encoder);
    av_packet_free(&w->packet);
    g_free(w);
}

static bool open_encoder(struct av_writing *w, struct chain *chain,
                         const struct sound_writer_setup *setup, const char *codec,
                         struct failure *failure)
{
    const bool bare = encode_is_bare(setup->encode, setup->container->name);
    w->encoder = encoder_open_chain_sound(chain, &setup->encode->audio, codec, setup->container,
                                          bare, failure);
    return w->encoder != NULL;
}

static bool open_writer(struct av_writing *w, const struct sound_writer_setup *setup,
                        struct failure *failure)
{
    const struct writer_track track = {.metadata = (AVDictionary *)setup->track,
                                       .disposition = AV_DISPOSITION_DEFAULT};
    w->writer = writer_create(setup->encode, setup->container, NULL, setup->fd, failure);
    if (!w->writer)
        return false;
    w->track = writer_add_encoded(w->writer, w->encoder, &track, failure);
    writer_tags(w->writer, setup->tags);
    return w->track >= 0 && writer_start(w->writer, failure);
}

static void *av_writing_create(struct chain *chain, const struct sound_writer_setup *setup,
                               struct failure *failure)
{
    struct av_writing *w = g_new0(struct av_writing, 1);
    g_autofree char *codec = sound_codec(setup);
    w->packet = packet_new();
    if (!open_encoder(w, chain, setup, codec, failure) || !open_writer(w, setup, failure)) {
        av_writing_destroy(w);
        return NULL;
    }
    if (setup->from)
        sound_chunks_leave(setup, chain);
    return w;
}

static bool av_writing_push(void *state, const AVFrame *frame, struct failure *failure)
{
    struct av_writing *w = state;
    int got = 1;
    if (!encoder_push(w->encoder, frame, failure))
        return false;
    while ((got = encoder_pull(w->encoder, w->packet, failure)) > 0)
        if (!writer_write(w->writer, w->track, w->packet, encoder_context(w->encoder)->time_base,
                          failure))
            return false;
    return got == 0;
}

static bool av_writing_finish(void *state, struct claim *claim, struct failure *failure)
{
    struct av_writing *w = state;
    if (!av_writing_push(w, NULL, failure) || !writer_finish(w->writer, claim, failure))
        return false;
    claim->samples = encoder_count(w->encoder);
    claim->audio_s = encoder_seconds(w->encoder);
    return true;
}

const struct sound_backend sound_backend_av = {av_writing_create, av_writing_push,
                                               av_writing_finish, av_writing_destroy};
