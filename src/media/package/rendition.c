/* SPDX-License-Identifier: GPL-3.0-or-later
 * One rung, sound or track of text of a package. */
#include "base/language.h"
#include "media/source.h"
#include "private.h"

#include <math.h>

struct rendition *rendition_new(char *id, const struct source_stream *stream)
{
    struct rendition *rendition = g_new0(struct rendition, 1);
    const AVDictionaryEntry *language = av_dict_get(stream->av->metadata, "language", NULL, 0);
    rendition->id = id;
    rendition->language = language_full(language ? language->value : NULL);
    rendition->disposition = stream->av->disposition;
    rendition->par = avcodec_parameters_alloc();
    avcodec_parameters_copy(rendition->par, stream->av->codecpar);
    rendition->time_base = stream->av->time_base;
    rendition->fps = (AVRational){(int)stream->fps.num, (int)stream->fps.den};
    rendition->segments = g_array_new(FALSE, FALSE, sizeof(struct segment));
    return rendition;
}

void rendition_free(void *data)
{
    struct rendition *rendition = data;
    g_free(rendition->id);
    avcodec_parameters_free(&rendition->par);
    g_array_unref(rendition->segments);
    g_free(rendition);
}

char *rendition_numbered(const char *word, guint index)
{
    return index ? g_strdup_printf("%s-%u", word, index + 1) : g_strdup(word);
}

char *rendition_file(const struct rendition *rendition, guint number)
{
    const char *extension = rendition_is_text(rendition) ? "vtt" : "m4s";
    return g_strdup_printf("%s_%05u.%s", rendition->id, number, extension);
}

double rendition_half_frame(const struct rendition *rendition)
{
    return rendition->fps.num > 0 ? 0.5 * rendition->fps.den / rendition->fps.num : 0;
}

int64_t rendition_offset(const struct rendition *rendition)
{
    return MAX(0, -rendition->first);
}

double rendition_length(const struct rendition *rendition)
{
    const struct segment *last = rendition_segment(rendition, rendition->segments->len - 1);
    return rendition_seconds(rendition, last->start + last->duration - rendition_offset(rendition));
}

double rendition_seconds(const struct rendition *rendition, int64_t ticks)
{
    return (double)ticks * av_q2d(rendition->time_base);
}

double rendition_longest(const struct rendition *rendition)
{
    double most = 0;
    for (guint i = 0; i < rendition->segments->len; i++)
        most = fmax(most, rendition_seconds(rendition, rendition_segment(rendition, i)->duration));
    return most;
}

double rendition_total(const struct rendition *rendition)
{
    double seconds = 0;
    for (guint i = 0; i < rendition->segments->len; i++)
        seconds += rendition_seconds(rendition, rendition_segment(rendition, i)->duration);
    return seconds;
}

int64_t rendition_mean(const struct rendition *rendition)
{
    const double seconds = rendition_total(rendition);
    double bytes = 0;
    for (guint i = 0; i < rendition->segments->len; i++)
        bytes += (double)rendition_segment(rendition, i)->bytes;
    return seconds > 0 ? (int64_t)ceil(8 * bytes / seconds) : 0;
}

int64_t rendition_peak(const struct rendition *rendition)
{
    const double target = rendition_longest(rendition);
    int64_t peak = rendition_mean(rendition);
    for (guint from = 0; from < rendition->segments->len; from++) {
        double seconds = 0, bytes = 0;
        for (guint i = from; i < rendition->segments->len; i++) {
            seconds += rendition_seconds(rendition, rendition_segment(rendition, i)->duration);
            bytes += (double)rendition_segment(rendition, i)->bytes;
            if (seconds > 1.5 * target)
                break;
            if (seconds >= 0.5 * target)
                peak = MAX(peak, (int64_t)ceil(8 * bytes / seconds));
        }
    }
    return peak;
}

char *rendition_codec(const struct rendition *rendition)
{
    const AVCodecParameters *par = rendition->par;
    const uint8_t *extra = par->extradata;
    if (par->codec_id == AV_CODEC_ID_H264 && par->extradata_size >= 4 && extra[0] == 1)
        return g_strdup_printf("avc1.%02x%02x%02x", extra[1], extra[2], extra[3]);
    int object = par->profile >= 0 ? par->profile + 1 : 2; /* libavcodec counts from 0 */
    return par->codec_id == AV_CODEC_ID_AAC ? g_strdup_printf("mp4a.40.%d", object) : NULL;
}
