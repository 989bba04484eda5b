/* SPDX-License-Identifier: GPL-3.0-or-later
 * AAC as files have it, by libavcodec's filter. */
#include "media/adts.h"

#include "media/frame.h"

#include <glib.h>
#include <libavcodec/bsf.h>
#include <string.h>

struct adts {
    AVBSFContext *filter;
    AVCodecParameters *par;
};

static int filter(AVBSFContext *filter, AVPacket *packet)
{
    const int sent = av_bsf_send_packet(filter, packet);
    return sent < 0 ? sent : av_bsf_receive_packet(filter, packet);
}

static bool open_filter(struct adts *adts, const AVCodecParameters *par)
{
    return av_bsf_alloc(av_bsf_get_by_name("aac_adtstoasc"), &adts->filter) >= 0 &&
           avcodec_parameters_copy(adts->filter->par_in, par) >= 0 &&
           av_bsf_init(adts->filter) >= 0;
}

/* The first packet that comes through has it beside it. */
static bool take_configuration(AVCodecParameters *par, const AVPacket *packet)
{
    size_t size = 0;
    const uint8_t *data = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (!data)
        return false;
    par->extradata = av_mallocz(size + AV_INPUT_BUFFER_PADDING_SIZE);
    if (!par->extradata)
        return false;
    memcpy(par->extradata, data, size);
    par->extradata_size = (int)size;
    return true;
}

static bool unreadable(int error, struct failure *failure)
{
    return error == AVERROR(ENOMEM)
               ? fail(failure, FAIL_MEMORY, "out of memory")
               : fail(failure, FAIL_INPUT_DAMAGED,
                      "a packet of AAC has no header that can be read: encode the sound instead of "
                      "copying it");
}

static bool describe(struct adts *adts, const AVCodecParameters *par, const AVPacket *first,
                     struct failure *failure)
{
    adts->par = avcodec_parameters_alloc();
    if (!adts->par || avcodec_parameters_copy(adts->par, par) < 0 || !open_filter(adts, par))
        return unreadable(AVERROR(ENOMEM), failure);
    AVPacket *packet = packet_copy(first);
    const int error = filter(adts->filter, packet);
    const bool told = error >= 0 && take_configuration(adts->par, packet);
    av_packet_free(&packet);
    return told || unreadable(error, failure);
}

struct adts *adts_open(const AVCodecParameters *par, const AVPacket *first, struct failure *failure)
{
    struct adts *adts = g_new0(struct adts, 1);
    if (describe(adts, par, first, failure))
        return adts;
    adts_close(adts);
    return NULL;
}

void adts_close(struct adts *adts)
{
    if (!adts)
        return;
    av_bsf_free(&adts->filter);
    avcodec_parameters_free(&adts->par);
    g_free(adts);
}

const AVCodecParameters *adts_parameters(const struct adts *adts)
{
    return adts->par;
}

bool adts_take_off(struct adts *adts, AVPacket *packet, struct failure *failure)
{
    const int error = filter(adts->filter, packet);
    return error >= 0 || unreadable(error, failure);
}
