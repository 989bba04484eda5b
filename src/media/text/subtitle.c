/* SPDX-License-Identifier: GPL-3.0-or-later
 * Text subtitles converted. */
#include "media/subtitle.h"

#include "../chain/private.h"
#include "media/captions.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* A cue is a few words; no encoder here writes more than this of one. */
enum { CUE_MOST = 1 << 16 };

struct subtitle {
    AVCodecContext *decoder, *encoder;
    AVCodecParameters *par;
    uint8_t *cue;
    int64_t refused;
    bool any;
    int64_t end; /* of the last packet, AV_NOPTS_VALUE none yet */
};

bool subtitle_is_text(enum AVCodecID codec)
{
    const AVCodecDescriptor *row = avcodec_descriptor_get(codec);
    return row && row->type == AVMEDIA_TYPE_SUBTITLE && !subtitle_is_captions(codec) &&
           (row->props & AV_CODEC_PROP_TEXT_SUB) && avcodec_find_decoder(codec);
}

bool subtitle_is_captions(enum AVCodecID codec)
{
    return codec == AV_CODEC_ID_EIA_608 && avcodec_find_decoder(codec);
}

bool subtitle_takes_off(enum AVCodecID codec, const AVPacket *packet)
{
    enum { LENGTH = 2, COMPOSITION = 0x16, HEADER = 3, OBJECTS = HEADER + 10 };
    const uint8_t *data = packet->data;
    if (codec == AV_CODEC_ID_MOV_TEXT)
        return packet->size < LENGTH || (!data[0] && !data[1]);
    if (codec == AV_CODEC_ID_EIA_608)
        return captions_is_null(packet);
    return codec == AV_CODEC_ID_HDMV_PGS_SUBTITLE && packet->size > OBJECTS &&
           data[0] == COMPOSITION && data[OBJECTS] == 0;
}

/* The header of the file it was (https://www.w3.org/TR/webvtt1/#file-structure) is the track's
 * CodecPrivate; its cues are as those of D_WEBVTT, text alone. */
static bool is_webvtt(const AVCodecParameters *par)
{
    static const char magic[] = "WEBVTT";
    const int length = sizeof magic - 1;
    return par->codec_type == AVMEDIA_TYPE_SUBTITLE && par->codec_id == AV_CODEC_ID_NONE &&
           par->extradata_size >= length && memcmp(par->extradata, magic, (size_t)length) == 0;
}

enum AVCodecID subtitle_codec(const AVCodecParameters *par)
{
    return is_webvtt(par) ? AV_CODEC_ID_WEBVTT : par->codec_id;
}

static bool open_decoder(struct subtitle *subtitle, const AVStream *from, struct failure *failure)
{
    const enum AVCodecID id = subtitle_codec(from->codecpar);
    const AVCodec *codec = avcodec_find_decoder(id);
    subtitle->decoder = codec ? avcodec_alloc_context3(codec) : NULL;
    if (!codec || !(subtitle_is_text(id) || subtitle_is_captions(id)))
        return fail(failure, FAIL_UNSUPPORTED, "these subtitles are no text that is read here");
    if (!subtitle->decoder || avcodec_parameters_to_context(subtitle->decoder, from->codecpar) < 0)
        return fail(failure, FAIL_MEMORY, "no memory for subtitles");
    subtitle->decoder->codec_id = id;
    subtitle->decoder->pkt_timebase = from->time_base;
    int error = avcodec_open2(subtitle->decoder, codec, NULL);
    return error >= 0 ||
           fail_av(failure, FAIL_INPUT_DAMAGED, error, "opening the decoder of the subtitles");
}

static bool open_encoder(struct subtitle *subtitle, enum AVCodecID to, struct failure *failure)
{
    const AVCodec *codec = avcodec_find_encoder(to);
    const AVCodecContext *decoder = subtitle->decoder;
    if (!codec)
        return fail(failure, FAIL_UNSUPPORTED, "there is no encoder for %s subtitles",
                    avcodec_get_name(to));
    AVCodecContext *encoder = subtitle->encoder = avcodec_alloc_context3(codec);
    subtitle->par = avcodec_parameters_alloc();
    subtitle->cue = av_malloc(CUE_MOST);
    if (!encoder || !subtitle->par || !subtitle->cue)
        return fail(failure, FAIL_MEMORY, "no memory for subtitles");
    encoder->time_base = (AVRational){1, 1000};
    if (decoder->subtitle_header) {
        encoder->subtitle_header =
            av_memdup(decoder->subtitle_header, (size_t)decoder->subtitle_header_size + 1);
        encoder->subtitle_header_size = decoder->subtitle_header_size;
    }
    int error = avcodec_open2(encoder, codec, NULL);
    if (error < 0)
        return fail_av(failure, FAIL_UNSUPPORTED, error, "opening the encoder of %s subtitles",
                       codec->name);
    return avcodec_parameters_from_context(subtitle->par, encoder) >= 0 ||
           fail(failure, FAIL_MEMORY, "no memory for subtitles");
}

struct subtitle *subtitle_open(const AVStream *from, enum AVCodecID to, struct failure *failure)
{
    struct subtitle *subtitle = g_new0(struct subtitle, 1);
    subtitle->end = AV_NOPTS_VALUE;
    if (open_decoder(subtitle, from, failure) &&
        (to == AV_CODEC_ID_NONE || open_encoder(subtitle, to, failure)))
        return subtitle;
    subtitle_close(subtitle);
    return NULL;
}

void subtitle_close(struct subtitle *subtitle)
{
    if (!subtitle)
        return;
    avcodec_free_context(&subtitle->decoder);
    avcodec_free_context(&subtitle->encoder);
    avcodec_parameters_free(&subtitle->par);
    av_free(subtitle->cue);
    g_free(subtitle);
}

const AVCodecParameters *subtitle_parameters(const struct subtitle *subtitle)
{
    return subtitle->par;
}

/* A cue that isn't one is left out; its text can't hurt what comes after it. libavcodec refuses
 * what isn't UTF-8. */
static bool decode(struct subtitle *subtitle, AVPacket *packet, AVSubtitle *out)
{
    int got = 0;
    bool taken = avcodec_decode_subtitle2(subtitle->decoder, out, &got, packet) >= 0;
    subtitle->refused += !taken;
    subtitle->any |= got && out->num_rects;
    return taken && got;
}

static bool gathers(const struct subtitle *subtitle)
{
    return subtitle_is_captions(subtitle->decoder->codec_id);
}

bool subtitle_is_blank(const struct subtitle *subtitle)
{
    return gathers(subtitle) && !subtitle->any;
}

int64_t subtitle_refused(const struct subtitle *subtitle)
{
    return subtitle->refused;
}

char *subtitle_refusal(const struct subtitle *subtitle)
{
    const int64_t refused = subtitle->refused;
    return refused ? g_strdup_printf("%" PRId64 " %s text in UTF-8: convert the file", refused,
                                     refused == 1 ? "cue that isn't" : "cues that aren't")
                   : NULL;
}

static bool replace(AVPacket *packet, const uint8_t *data, int size)
{
    int64_t pts = packet->pts, duration = packet->duration;
    av_packet_unref(packet);
    if (size > 0 && av_new_packet(packet, size) < 0)
        return false;
    if (size > 0)
        memcpy(packet->data, data, (size_t)size);
    packet->pts = packet->dts = pts;
    packet->duration = duration;
    return true;
}

/* The text of a dialogue line is behind eight commas. */
static const char *text_in(const char *line)
{
    enum { FIELDS = 8 };
    for (int i = 0; line && i < FIELDS; i++)
        line = strchr(line, ',') ? strchr(line, ',') + 1 : NULL;
    return line;
}

/* Behind the last "\\p1" to "\\p9" of an override's codes text draws shapes, until "\\p0". */
static bool draws_behind(const char *codes, const char *end, bool draws)
{
    for (const char *code = codes; code + 2 < end; code++)
        if (code[0] == '\\' && code[1] == 'p' && g_ascii_isdigit(code[2]))
            draws = code[2] != '0';
    return draws;
}

/* Takes out of a line of ASS what draws, which other forms would show as letters and numbers. False
 * when no words are left of it. */
static bool keep_words(AVSubtitleRect *rect)
{
    const char *text = text_in(rect->ass);
    if (!text || !strstr(text, "\\p"))
        return true;
    char *to = rect->ass + (text - rect->ass);
    bool draws = false, words = false;
    while (*text) {
        const char *end = *text == '{' ? strchr(text, '}') : NULL;
        const char *next = end ? end + 1 : text + 1;
        if (end)
            draws = draws_behind(text, end, draws);
        if (end || !draws) {
            memmove(to, text, (size_t)(next - text));
            to += next - text;
        }
        words |= !end && !draws && !g_ascii_isspace(*text);
        text = next;
    }
    *to = '\0';
    return words;
}

/* How many lines of a cue are left. */
static unsigned keep_all_words(const struct subtitle *subtitle, const AVSubtitle *cue)
{
    const enum AVCodecID to = subtitle->encoder->codec_id;
    unsigned kept = 0;
    for (unsigned i = 0; i < cue->num_rects; i++)
        kept += to == AV_CODEC_ID_ASS || keep_words(cue->rects[i]);
    return kept;
}

/* What WebVTT would take for a tag or for the name of a letter (W3C, WebVTT, 4.2.2), and
 * libavcodec's encoder writes as it is. False without memory. */
static bool escape(AVSubtitleRect *rect)
{
    const char *text = text_in(rect->ass);
    if (!text || !strpbrk(text, "&<>"))
        return true;
    g_autoptr(GString) line = g_string_new_len(rect->ass, text - rect->ass);
    for (; *text; text++) {
        const char *name = *text == '&' ? "&amp;" : *text == '<' ? "&lt;" : "&gt;";
        if (strchr("&<>", *text))
            g_string_append(line, name);
        else
            g_string_append_c(line, *text);
    }
    av_freep(&rect->ass);
    rect->ass = av_strdup(line->str);
    return rect->ass;
}

static bool escape_all(const struct subtitle *subtitle, AVSubtitle *words)
{
    bool fine = true;
    for (unsigned i = 0; subtitle->encoder->codec_id == AV_CODEC_ID_WEBVTT && i < words->num_rects;
         i++)
        fine = fine && escape(words->rects[i]);
    return fine;
}

static AVRational clock_of(const struct subtitle *subtitle)
{
    return subtitle->decoder->pkt_timebase;
}

/* They are in microseconds, and the length in milliseconds. */
static void take_times(const struct subtitle *subtitle, AVPacket *packet, const AVSubtitle *words)
{
    const AVRational tb = clock_of(subtitle);
    packet->pts = packet->dts = av_rescale_q(words->pts, AV_TIME_BASE_Q, tb);
    packet->duration = av_rescale_q(words->end_display_time, (AVRational){1, 1000}, tb);
}

/* What it takes off is a cue no longer. */
bool subtitle_end(struct subtitle *subtitle, double end_s, AVPacket *packet,
                  struct failure *failure)
{
    static const uint8_t erase_displayed[] = {0xfc, 0x94, 0x2c};
    if (!gathers(subtitle) || subtitle->end == AV_NOPTS_VALUE)
        return true;
    packet->pts = isnan(end_s) ? subtitle->end
                               : MAX(subtitle->end, llround(end_s / av_q2d(clock_of(subtitle))));
    return (replace(packet, erase_displayed, sizeof erase_displayed) ||
            fail(failure, FAIL_MEMORY, "no memory for a subtitle")) &&
           subtitle_convert(subtitle, packet, failure);
}

bool subtitle_convert(struct subtitle *subtitle, AVPacket *packet, struct failure *failure)
{
    AVSubtitle words = {0};
    bool fine = true;
    int size = 0;
    if (packet->pts != AV_NOPTS_VALUE)
        subtitle->end = packet->pts + packet->duration;
    if (decode(subtitle, packet, &words)) {
        fine = escape_all(subtitle, &words);
        if (gathers(subtitle))
            take_times(subtitle, packet, &words);
        words.pts = AV_NOPTS_VALUE;
        words.start_display_time = 0;
        words.end_display_time = 0;
        if (fine && keep_all_words(subtitle, &words))
            size = avcodec_encode_subtitle(subtitle->encoder, subtitle->cue, CUE_MOST, &words);
        avsubtitle_free(&words);
    }
    return (fine && replace(packet, subtitle->cue, MAX(size, 0))) ||
           fail(failure, FAIL_MEMORY, "no memory for a subtitle");
}

const char *subtitle_header(const struct subtitle *subtitle)
{
    return (const char *)subtitle->decoder->subtitle_header;
}

int subtitle_lines(struct subtitle *subtitle, AVPacket *packet, subtitle_take *take, void *data)
{
    AVSubtitle words = {0};
    int lines = 0;
    int64_t refused = subtitle->refused;
    if (!decode(subtitle, packet, &words))
        return subtitle->refused > refused ? -1 : 0;
    for (unsigned i = 0; i < words.num_rects; i++)
        if (words.rects[i]->ass) {
            take(data, words.rects[i]->ass);
            lines++;
        }
    avsubtitle_free(&words);
    return lines;
}
