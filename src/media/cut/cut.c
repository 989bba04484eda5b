/* SPDX-License-Identifier: GPL-3.0-or-later
 * The moments at which a picture can be cut, found among its packets. */
#include "media/cut.h"

#include "base/unit.h"
#include "cut_key.h"

#include <math.h>

/* How far before a moment the first search begins; each further one is so many times as far. */
static const double BACK_S = 2, FARTHER = 4;
/* So long behind a moment no picture is shown any more that was decoded before it. */
static const double REORDER_S = 1;

double cut_slack_s(const struct source *source)
{
    static const double unknown_s = 0.001;
    struct rational fps = source_stream(source, source_picture(source))->fps;
    return fps.num > 0 ? 0.5 / rational_value(fps) : unknown_s;
}

bool cut_can_begin(const AVCodecParameters *par, const AVPacket *packet)
{
    if (par->codec_type == AVMEDIA_TYPE_VIDEO)
        return cut_key_is_safe(par, packet);
    return packet->flags & AV_PKT_FLAG_KEY;
}

char *cut_words(const struct cut_moments *found, double zero_s)
{
    const double before_s = seconds_shown(found->before_s - zero_s);
    const double after_s = seconds_shown(found->after_s - zero_s);
    if (isnan(before_s) || isnan(after_s))
        return g_strdup_printf("the nearest is %.3f s", isnan(before_s) ? after_s : before_s);
    return g_strdup_printf("the nearest are %.3f s and %.3f s", before_s, after_s);
}

static enum source_got next_picture(struct source *source, struct source_item *item,
                                    struct failure *failure)
{
    enum source_got got;
    while ((got = source_next(source, item, failure)) == SOURCE_PACKET)
        if (item->stream == source_picture(source) && !isnan(item->time_s))
            break;
    return got;
}

static bool is_hidden(const struct source_item *item)
{
    return item->packet->flags & AV_PKT_FLAG_DISCARD;
}

/* Looks from where the source stands. */
typedef bool looking(struct source *source, double at_s, struct cut_moments *found,
                     struct failure *failure);

static bool look_for_begin(struct source *source, double at_s, struct cut_moments *found,
                           struct failure *failure)
{
    const AVCodecParameters *par = source_stream(source, source_picture(source))->av->codecpar;
    const double slack_s = cut_slack_s(source);
    struct source_item item;
    enum source_got got = SOURCE_PACKET;
    while (isnan(found->after_s) && !(fabs(found->before_s - at_s) <= slack_s) &&
           (got = next_picture(source, &item, failure)) == SOURCE_PACKET) {
        if (is_hidden(&item) || !cut_key_is_safe(par, item.packet))
            continue;
        if (item.time_s <= at_s + slack_s)
            found->before_s = item.time_s;
        else
            found->after_s = item.time_s;
    }
    return got != SOURCE_FAILED;
}

struct shown {
    double begins_s;
    bool end; /* of the stream: no picture */
};

/* Not all containers tell. */
static double lasts_s(const struct source *source, const AVPacket *packet)
{
    AVRational tb = source_stream(source, source_picture(source))->av->time_base;
    return packet->duration > 0 ? (double)packet->duration * av_q2d(tb) : 2 * cut_slack_s(source);
}

/* The pictures around a moment in the order of decoding, and the stream's end, if that was met. */
static GArray *pictures_until(struct source *source, double until_s, struct failure *failure)
{
    AVRational tb = source_stream(source, source_picture(source))->av->time_base;
    GArray *list = g_array_new(FALSE, FALSE, sizeof(struct shown));
    struct source_item item;
    double last_s = -INFINITY;
    enum source_got got;
    while ((got = next_picture(source, &item, failure)) == SOURCE_PACKET) {
        const AVPacket *packet = item.packet;
        const struct shown shown = {item.time_s, false};
        bool timed = packet->dts != AV_NOPTS_VALUE;
        last_s = fmax(last_s, item.time_s + lasts_s(source, packet));
        g_array_append_val(list, shown);
        if ((timed ? (double)packet->dts * av_q2d(tb) : shown.begins_s) > until_s)
            break;
    }
    if (got == SOURCE_END) {
        const struct shown end = {last_s, true};
        g_array_append_val(list, end);
    }
    return list;
}

static bool look_for_end(struct source *source, double at_s, struct cut_moments *found,
                         struct failure *failure)
{
    const double slack_s = cut_slack_s(source);
    g_autoptr(GArray) list = pictures_until(source, at_s + slack_s + REORDER_S, failure);
    const struct shown *shown = (const struct shown *)list->data;
    g_autofree double *rest_s = g_new(double, list->len + 1); /* when the earliest of the rest is */
    rest_s[list->len] = INFINITY;
    for (guint i = list->len; i-- > 0;)
        rest_s[i] = fmin(rest_s[i + 1], shown[i].begins_s);
    double latest_s = -INFINITY;
    for (guint i = 0; i < list->len && isnan(found->after_s); i++) {
        if (i && latest_s < rest_s[i]) {
            if (rest_s[i] <= at_s + slack_s)
                found->before_s = shown[i].end ? at_s : rest_s[i];
            else
                found->after_s = rest_s[i];
        }
        latest_s = fmax(latest_s, shown[i].begins_s);
    }
    return failure->class == FAIL_NONE;
}

/* From farther and farther before the moment, until there is one before it. */
static bool search(struct source *source, double at_s, looking *look, struct cut_moments *found,
                   struct failure *failure)
{
    const AVCodecParameters *par = source_stream(source, source_picture(source))->av->codecpar;
    *found = (struct cut_moments){NAN, NAN};
    if (!cut_key_is_known(par))
        return fail(failure, FAIL_CONFIG,
                    "%s can't be cut without encoding it: name a codec for the picture",
                    avcodec_get_name(par->codec_id));
    if (!source_use(source, source_picture(source), SOURCE_PACKETS, failure))
        return false;
    for (double back_s = BACK_S;; back_s *= FARTHER) {
        *found = (struct cut_moments){NAN, NAN};
        if (!source_seek(source, at_s - back_s, failure) || !look(source, at_s, found, failure))
            return false;
        if (!isnan(found->before_s) || at_s - back_s <= 0)
            break;
    }
    return !isnan(found->before_s) || !isnan(found->after_s) ||
           fail(failure, FAIL_CONFIG,
                "trim: without encoding, this picture can't be cut: none of its key pictures "
                "stands alone, or the file doesn't tell when they are shown: name a codec");
}

bool cut_begins(struct source *source, double at_s, struct cut_moments *found,
                struct failure *failure)
{
    return search(source, at_s, look_for_begin, found, failure);
}

bool cut_ends(struct source *source, double at_s, struct cut_moments *found,
              struct failure *failure)
{
    return search(source, at_s, look_for_end, found, failure);
}
