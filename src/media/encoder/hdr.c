/* SPDX-License-Identifier: GPL-3.0-or-later
 * HDR10's static metadata: SMPTE ST 2086 mastering display and CTA-861.3 light levels. */
#include "../chain/private.h"
#include "private.h"

#include <libavformat/avformat.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/mastering_display_metadata.h>
#include <math.h>

static void take_mastering(struct hdr_static *hdr, const AVMasteringDisplayMetadata *data)
{
    if (hdr->mastering || !data->has_primaries || !data->has_luminance)
        return;
    hdr->mastering = true;
    memcpy(hdr->primaries, data->display_primaries, sizeof(hdr->primaries));
    memcpy(hdr->white, data->white_point, sizeof(hdr->white));
    hdr->min_nit = data->min_luminance;
    hdr->max_nit = data->max_luminance;
}

static void take_light(struct hdr_static *hdr, const AVContentLightMetadata *data)
{
    if (hdr->light || (!data->MaxCLL && !data->MaxFALL))
        return;
    hdr->light = true;
    hdr->max_cll = data->MaxCLL;
    hdr->max_fall = data->MaxFALL;
}

/* The base layers of profile 5, and of 10 where it is said to be compatible with nothing, are in
 * Dolby's IPT. Old records don't tell compatibility: 0 alone means nothing. */
static void take_dolby(struct hdr_static *hdr, const AVDOVIDecoderConfigurationRecord *record)
{
    const int profile = record->dv_profile;
    hdr->dolby_vision = true;
    if (profile == 5 || (profile == 10 && !record->dv_bl_signal_compatibility_id))
        hdr->lone_profile = profile;
}

void hdr_from_frame(struct hdr_static *hdr, const AVFrame *frame)
{
    const AVFrameSideData *data =
        av_frame_get_side_data(frame, AV_FRAME_DATA_MASTERING_DISPLAY_METADATA);
    if (data)
        take_mastering(hdr, (const AVMasteringDisplayMetadata *)data->data);
    data = av_frame_get_side_data(frame, AV_FRAME_DATA_CONTENT_LIGHT_LEVEL);
    if (data)
        take_light(hdr, (const AVContentLightMetadata *)data->data);
    hdr->hdr10_plus |= av_frame_get_side_data(frame, AV_FRAME_DATA_DYNAMIC_HDR_PLUS) != NULL;
    hdr->dolby_vision |= av_frame_get_side_data(frame, AV_FRAME_DATA_DOVI_METADATA) != NULL;
}

void hdr_from_stream(struct hdr_static *hdr, const AVStream *stream)
{
    const void *data =
        av_stream_get_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA, NULL);
    if (data)
        take_mastering(hdr, data);
    data = av_stream_get_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL, NULL);
    if (data)
        take_light(hdr, data);
    data = av_stream_get_side_data(stream, AV_PKT_DATA_DOVI_CONF, NULL);
    if (data)
        take_dolby(hdr, data);
}

bool hdr_is_shown(const struct hdr_static *hdr, struct failure *failure)
{
    return !hdr->lone_profile ||
           fail(
               failure, FAIL_UNSUPPORTED,
               "the picture is Dolby Vision profile %d: without its metadata, which aren't applied "
               "here, its colours are no picture (IPT instead of Y'CbCr). Copy it (encode: "
               "{video: {codec: copy}}), or export it as HDR10 or as profile 8.1 or 8.4",
               hdr->lone_profile);
}

void hdr_tell(const struct hdr_static *hdr, struct video_shape *shape)
{
    shape->mastering_nit = hdr->mastering ? av_q2d(hdr->max_nit) : 0;
    shape->light_nit = hdr->light ? hdr->max_cll : 0;
}

struct hdr_static hdr_after(const struct hdr_static *hdr, const struct chain *chain)
{
    static const char *const high[] = {"smpte2084", "arib-std-b67", NULL};
    const bool same =
        !chain_is_respaced(chain) && g_strv_contains(high, chain_video(chain)->transfer);
    struct hdr_static kept = *hdr;
    kept.mastering = hdr->mastering && same;
    kept.light = hdr->light && same && !chain_is_graded(chain);
    return kept;
}

/* Who writes it: libx265 into its bitstream, and these containers. */
static const struct holder {
    const char *name;
    bool mastering, light;
} holders[] = {
    {"libx265", true, true}, {"mp4", true, true},  {"mov", true, true},
    {"mkv", true, true},     {"webm", true, true}, {"mxf", true, false},
};

static struct holder held_by(const char *encoder, const char *container)
{
    struct holder held = {0};
    for (unsigned i = 0; i < G_N_ELEMENTS(holders); i++)
        if (!strcmp(holders[i].name, encoder) || !strcmp(holders[i].name, container)) {
            held.mastering |= holders[i].mastering;
            held.light |= holders[i].light;
        }
    return held;
}

GPtrArray *hdr_fates(const struct hdr_static *source, const struct hdr_static *kept,
                     const char *encoder, const char *container)
{
    static const char unwritten[] = "which neither encoder nor container writes";
    static const char never[] = "which no encoder here writes";
    const struct holder held = held_by(encoder, container);
    const struct {
        bool there, kept;
        const char *what, *why;
    } rows[] = {
        {source->mastering, kept->mastering && held.mastering, "HDR10's mastering display",
         kept->mastering ? unwritten : "which isn't true of this picture"},
        {source->light, kept->light && held.light, "MaxCLL and MaxFALL",
         kept->light ? unwritten : "which aren't true of this picture"},
        {source->hdr10_plus, false, "HDR10+ metadata", never},
        {source->dolby_vision, false, "Dolby Vision metadata", never},
    };
    GPtrArray *fates = carried_new();
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct carried_row row = {.keep = KEEP_HDR,
                                        .stream = -1,
                                        .what = (char *)rows[i].what,
                                        .fate = rows[i].kept ? FATE_KEPT : FATE_DROPPED,
                                        .why = rows[i].kept ? NULL : (char *)rows[i].why};
        if (rows[i].there)
            g_ptr_array_add(fates, carried_copy(&row));
    }
    return fates;
}

/* Chromaticities in 0.00002, luminances in 0.0001 cd/m2 (H.265 D.3.28). */
static long xy(AVRational value)
{
    return lround(av_q2d(value) * 50000);
}

static long nit(AVRational value)
{
    return lround(av_q2d(value) * 10000);
}

static char *mastering_text(const struct hdr_static *hdr)
{
    const AVRational(*p)[2] = hdr->primaries;
    return g_strdup_printf("G(%ld,%ld)B(%ld,%ld)R(%ld,%ld)WP(%ld,%ld)L(%ld,%ld)", xy(p[1][0]),
                           xy(p[1][1]), xy(p[2][0]), xy(p[2][1]), xy(p[0][0]), xy(p[0][1]),
                           xy(hdr->white[0]), xy(hdr->white[1]), nit(hdr->max_nit),
                           nit(hdr->min_nit));
}

void hdr_to_facts(const struct hdr_static *hdr, struct facts *facts)
{
    if (hdr->light) {
        facts->max_cll_nit = hdr->max_cll;
        facts->max_fall_nit = hdr->max_fall;
    }
    if (!hdr->mastering)
        return;
    g_free(facts->mastering_display);
    facts->mastering_display = mastering_text(hdr);
}

void hdr_to_x265(const struct hdr_static *hdr, GPtrArray *options)
{
    g_autofree char *mastering = hdr->mastering ? mastering_text(hdr) : NULL;
    if (mastering)
        option_join(options, "x265-params", "hdr10=1:repeat-headers=1:master-display=%s",
                    mastering);
    if (hdr->light)
        option_join(options, "x265-params", "max-cll=%u,%u", hdr->max_cll, hdr->max_fall);
    else if (hdr->mastering)
        option_join(options, "x265-params", "cll=0");
}
