/* SPDX-License-Identifier: GPL-3.0-or-later
 * A transport stream that goes on in other tracks, as where one was put behind another. */
#include "source.h"

#include <math.h>

/* What goes on for less isn't missed, but told. */
static const double LOST_S = 0.5;

const struct track *source_chosen(const struct source *source, int stream)
{
    const int tracks[] = {source->picture, source->sound};
    for (int i = 0; i < 2; i++)
        if (tracks[i] >= 0 && source->tracks[tracks[i]].facts.type ==
                                  source->format->streams[stream]->codecpar->codec_type)
            return &source->tracks[tracks[i]];
    return NULL;
}

static struct run *run_of(const struct source *source, int stream)
{
    static const struct run none = {-1, -1, 0, AV_NOPTS_VALUE, 0, false};
    GArray *runs = source->splice.runs;
    while (runs->len <= (guint)stream)
        g_array_append_val(runs, none);
    return &g_array_index(runs, struct run, (guint)stream);
}

static bool is_picture(const struct source *source, int stream)
{
    return source->format->streams[stream]->codecpar->codec_type == AVMEDIA_TYPE_VIDEO;
}

/* Met only as the file is read, where the programme has none of its type. */
static bool is_unknown(const struct source *source, int stream)
{
    const enum AVMediaType type = source->format->streams[stream]->codecpar->codec_type;
    return stream >= source->count && (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO) &&
           !source_chosen(source, stream);
}

static double reached_s(const struct source *source)
{
    const int leads = source->picture >= 0 ? source->picture : source->sound;
    const double run_s = leads < 0 ? NAN : source->tracks[leads].run_s;
    return isnan(run_s) ? 0 : run_s;
}

void source_others_saw(struct source *source)
{
    const AVPacket *packet = source->packet;
    const int stream = packet->stream_index;
    const struct track *track = source_chosen(source, stream);
    if (!track && !is_unknown(source, stream))
        return;
    const int64_t last = track ? run_of(source, track->facts.index)->last : -1;
    struct run *run = run_of(source, stream);
    if (run->first < 0) {
        run->first = packet->pos;
        run->at_s = track && !isnan(track->run_s) ? track->run_s : reached_s(source);
    }
    run->beside |= last > run->first && last < packet->pos;
    run->last = MAX(run->last, packet->pos);
    if (run->dts != AV_NOPTS_VALUE && packet->dts != AV_NOPTS_VALUE && packet->dts > run->dts)
        run->length += packet->dts - run->dts;
    run->dts = packet->dts;
}

static bool is_other(const struct source *source, int stream)
{
    const struct run *run = run_of(source, stream);
    const struct track *track = source_chosen(source, stream);
    if (run->first < 0 || run->beside)
        return false;
    return track ? track->facts.index != stream && track->packets : is_unknown(source, stream);
}

/* Behind the chosen one, or between two of its packets. The chosen sound is behind the picture. */
static double at_s(const struct source *source, int stream)
{
    const struct run *run = run_of(source, stream);
    const struct track *track = stream == source->sound && source->picture >= 0
                                    ? &source->tracks[source->picture]
                                    : source_chosen(source, stream);
    const bool behind = track && run->first > run_of(source, track->facts.index)->last;
    return behind && !isnan(track->run_s) ? track->run_s : run->at_s;
}

static double length_s(const struct source *source, int stream)
{
    return (double)run_of(source, stream)->length *
           av_q2d(source->format->streams[stream]->time_base);
}

static bool refuse(const struct source *source, int stream, struct failure *failure)
{
    const char *what = is_picture(source, stream) ? "picture" : "sound";
    if (is_unknown(source, stream))
        return fail(failure, FAIL_UNSUPPORTED,
                    "%.3f s: %s begins in a track that neither the beginning nor the end of the "
                    "file has, as where transport streams are put one behind another: split the "
                    "file there, or give all the same tracks first",
                    at_s(source, stream), what);
    return fail(failure, FAIL_UNSUPPORTED,
                "%.3f s: the %s goes on in another track, as where one transport stream is put "
                "behind another that has other tracks (PIDs): split the file there, or give both "
                "the same tracks first",
                at_s(source, stream), what);
}

bool source_meets_others(const struct source *source, struct failure *failure)
{
    if (!source_is_transport_stream(source) || source->restarts == RESTARTS_PASS)
        return true;
    for (int i = 0; i < (int)source->splice.runs->len; i++)
        if (is_other(source, i) && length_s(source, i) >= LOST_S)
            return refuse(source, i, failure);
    return true;
}

/* The chosen sound is another's where it begins behind the picture, as another's picture does. */
static bool is_others_sound(const struct source *source, int stream)
{
    if (stream != source->sound || source->picture < 0)
        return false;
    const int64_t last = run_of(source, source->picture)->last;
    for (int i = 0; i < (int)source->splice.runs->len; i++)
        if (is_picture(source, i) && is_other(source, i) && run_of(source, i)->first > last)
            return run_of(source, stream)->first > last;
    return false;
}

/* What is left out, as it is met. */
struct rest {
    double at_s, length_s;
    bool picture, sound;
    GString *pids;
};

static void add(struct rest *rest, const struct source *source, int stream)
{
    rest->at_s = fmin(rest->at_s, at_s(source, stream));
    rest->length_s = fmax(rest->length_s, length_s(source, stream));
    rest->picture |= is_picture(source, stream);
    rest->sound |= !is_picture(source, stream);
    g_string_append_printf(rest->pids, "%s0x%x", rest->pids->len ? ", " : "",
                           (unsigned)source->format->streams[stream]->id);
}

static char *words(const struct rest *rest)
{
    const bool both = rest->picture && rest->sound;
    return g_strdup_printf("%.3f s: %.2f s of %s in other tracks (PIDs %s), as where another "
                           "transport stream is put behind",
                           rest->at_s, rest->length_s,
                           both            ? "picture and sound"
                           : rest->picture ? "picture"
                                           : "sound",
                           rest->pids->str);
}

void source_leave_out(struct source *source, const struct source *whole)
{
    g_autoptr(GString) pids = g_string_new(NULL);
    struct rest rest = {.at_s = INFINITY, .pids = pids};
    for (int i = 0; i < (int)whole->splice.runs->len; i++) {
        if (!is_other(whole, i) && !is_others_sound(whole, i))
            continue;
        add(&rest, whole, i);
        if (i < source->count)
            source_drop_track(source, i, "it is of another transport stream that is put behind");
    }
    if (pids->len)
        source->parts.left_out = words(&rest);
}
