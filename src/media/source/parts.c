/* SPDX-License-Identifier: GPL-3.0-or-later
 * Whether the times of a transport stream begin anew, which is to be known before a place in it is
 * sought, and how long it then is: libavformat takes the last time there is for its end. */
#include "../bytes/ts_rates.h"
#include "../bytes/ts_tables.h"
#include "source.h"

#include <math.h>
#include <string.h>

/* ISO/IEC 13818-1, 2.4.3.2 to 2.4.3.5: the clock (PCR) of a programme, 33 bits of 90 kHz, comes
 * every tenth of a second. Not all writers keep to that; none lets a second go by. */
enum { NO_PID = TS_PIDS - 1, SYNC = 0x47, SIZE_MOST = 204, CHUNK = 1 << 20, JOINTS_MOST = 1 << 16 };
static const uint64_t clock_mask = ((uint64_t)1 << 33) - 1, step_most = 90000;
static const uint64_t back_least = (uint64_t)1 << 32; /* steps of more than half of it go back */

/* A clock is kept with 1 added; 0 none. */
struct clocks {
    size_t size;             /* of a packet */
    uint8_t counts[TS_PIDS]; /* of packets, 4 bits: likewise */
    uint64_t last[TS_PIDS];
    int64_t at[TS_PIDS]; /* the byte where the packet of that begins */
    uint64_t first;      /* of the first track that has one, */
    int leads;
    int64_t uncounted; /* where counters broke last, or it was said that they or a clock do */
    struct joint leap; /* of the clock of a track, until its next time; */
    int leaping;       /* -1 none */
    bool broken;
    GArray *joints;
    struct ts_tables *tables;
    struct ts_rates *rates;
};

/* Without parity or a time code, with that, with parity. */
static size_t packet_size(const uint8_t *data, size_t length)
{
    static const size_t sizes[] = {188, 192, SIZE_MOST};
    for (size_t at = 0; at < SIZE_MOST; at++)
        for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
            int good = 0;
            while (good < 8 && at + (size_t)good * sizes[s] < length &&
                   data[at + (size_t)good * sizes[s]] == SYNC)
                good++;
            if (good == 8)
                return sizes[s];
        }
    return sizes[0];
}

/* False: the packet tells none. */
static bool read_clock(const uint8_t *packet, int *pid, uint64_t *clock)
{
    if (!(packet[3] & 0x20) || packet[4] < 7 || !(packet[5] & 0x10))
        return false;
    *pid = ts_pid(packet);
    *clock = ((uint64_t)packet[6] << 25 | (uint64_t)packet[7] << 17 | (uint64_t)packet[8] << 9 |
              (uint64_t)packet[9] << 1 | packet[10] >> 7) +
             1;
    return true;
}

/* Another track's that begins well behind the first is another part's. */
static bool begins_late(const struct clocks *clocks)
{
    return clocks->first &&
           ((clocks->last[clocks->leads] - clocks->first) & clock_mask) > step_most;
}

/* discontinuity_indicator, 2.4.3.5 */
static bool is_said(const uint8_t *packet)
{
    return packet[3] & 0x20 && packet[4] > 0 && packet[5] & 0x80;
}

/* Counters break where packets are missing, or are those of another writer. */
static bool counts_on(struct clocks *clocks, const uint8_t *packet)
{
    const int pid = ts_pid(packet), now = packet[3] & 15;
    const bool payload = packet[3] & 0x10;
    const int last = clocks->counts[pid] - 1;
    if (!payload || pid == NO_PID)
        return true;
    clocks->counts[pid] = (uint8_t)(now + 1);
    return last < 0 || now == last || now == ((last + 1) & 15);
}

/* Those that meet are one, as are all of a file that is made of them. */
static void add_joint(GArray *joints, int64_t from, int64_t to)
{
    struct joint *last = joints->len ? &g_array_index(joints, struct joint, joints->len - 1) : NULL;
    const struct joint joint = {from, to};
    if (last && (from <= last->to || joints->len == JOINTS_MOST))
        last->to = MAX(last->to, to);
    else
        g_array_append_val(joints, joint);
}

static void see_count(struct clocks *clocks, const uint8_t *packet, int64_t at)
{
    const bool on = counts_on(clocks, packet);
    clocks->broken |= !on;
    if (on && !is_said(packet))
        return;
    clocks->uncounted = at;
    if (clocks->leaping >= 0)
        add_joint(clocks->joints, clocks->leap.from, clocks->leap.to);
    clocks->leaping = -1;
}

static void see_step(struct clocks *clocks, int pid, uint64_t step, int64_t at)
{
    const int64_t from = clocks->at[pid];
    if (clocks->leaping == pid)
        clocks->leaping = -1;
    if (step <= step_most)
        return;
    clocks->broken = true;
    clocks->leap = (struct joint){from, at};
    if (step > back_least || clocks->uncounted > from)
        add_joint(clocks->joints, from, at);
    else
        clocks->leaping = pid;
}

static void see_clock(struct clocks *clocks, int pid, uint64_t clock, int64_t at)
{
    const uint64_t last = clocks->last[pid];
    if (last) {
        see_step(clocks, pid, (clock - last) & clock_mask, at);
    } else if (begins_late(clocks)) {
        clocks->broken = true;
        add_joint(clocks->joints, clocks->at[clocks->leads], at);
    }
    clocks->last[pid] = clock;
    clocks->at[pid] = at;
    if (clocks->first)
        return;
    clocks->first = clock;
    clocks->leads = pid;
}

static void see_packet(struct clocks *clocks, const uint8_t *packet, int64_t at)
{
    int pid;
    uint64_t clock;
    see_count(clocks, packet, at);
    ts_tables_see(clocks->tables, packet, at);
    ts_rates_see(clocks->rates, packet);
    if (read_clock(packet, &pid, &clock))
        see_clock(clocks, pid, clock, at);
}

/* Packets are found again behind damage, and where a file ends within one. How many bytes are done
 * with; the first is the file's `from`. */
static size_t see_packets(struct clocks *clocks, const uint8_t *data, size_t length, int64_t from)
{
    size_t at = 0;
    while (at + clocks->size < length) {
        const bool whole = data[at] == SYNC && data[at + clocks->size] == SYNC;
        if (whole)
            see_packet(clocks, data + at, from + (int64_t)at);
        at += whole ? clocks->size : 1;
    }
    return at;
}

static void see_all(struct clocks *clocks, AVIOContext *from)
{
    g_autofree uint8_t *data = g_malloc(CHUNK);
    size_t kept = 0;
    int64_t done = 0;
    for (int got; (got = avio_read(from, data + kept, CHUNK - (int)kept)) > 0;) {
        const size_t length = kept + (size_t)got;
        if (!clocks->size)
            clocks->size = packet_size(data, length);
        const size_t seen = see_packets(clocks, data, length, done);
        done += (int64_t)seen;
        kept = length - seen;
        memmove(data, data + seen, kept);
    }
}

static GArray *namings(const struct clocks *clocks)
{
    GArray *namings = g_array_ref(ts_tables_namings(clocks->tables));
    for (guint i = 0; i < namings->len; i++) {
        struct naming *naming = &g_array_index(namings, struct naming, i);
        naming->empty = !clocks->counts[naming->pid];
    }
    return namings;
}

bool source_look_through(struct io *io, int picture_pid, struct splice *splice)
{
    g_autofree struct clocks *clocks = g_new0(struct clocks, 1);
    g_auto(ts_tables_ptr) tables = ts_tables_create();
    g_autoptr(GArray) met = g_array_new(FALSE, FALSE, sizeof(struct joint));
    clocks->joints = met;
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    clocks->tables = tables;
    clocks->rates = rates;
    clocks->uncounted = clocks->leaping = -1;
    see_all(clocks, io_context(io));
    splice->joints = clocks->first ? g_steal_pointer(&met) : NULL;
    splice->recodings = g_array_ref(ts_tables_recodings(tables));
    splice->namings = namings(clocks);
    ts_rates_steps(rates, picture_pid, &splice->step_least, &splice->step_most);
    return clocks->broken || !clocks->first || splice->recodings->len;
}

static bool read_through(struct source *source, struct failure *failure)
{
    struct source_item item;
    return source_next(source, &item, failure) == SOURCE_END;
}

/* It won't be read through later, either. */
static void forget_length(AVFormatContext *format)
{
    format->duration = AV_NOPTS_VALUE;
    for (unsigned i = 0; i < format->nb_streams; i++)
        format->streams[i]->duration = AV_NOPTS_VALUE;
}

static void take_length(struct source *source, const struct source *whole)
{
    AVFormatContext *format = source->format;
    double longest_s = 0;
    for (int i = 0; i < MIN(source->count, whole->count); i++) {
        const struct track *track = &whole->tracks[i];
        AVStream *stream = format->streams[i];
        const double length_s = track->end_s - track->facts.start_s;
        if (isfinite(length_s))
            stream->duration = llround(length_s / av_q2d(stream->time_base));
        const enum AVMediaType type = source->tracks[i].facts.type;
        if (type == AVMEDIA_TYPE_VIDEO || type == AVMEDIA_TYPE_AUDIO)
            longest_s = fmax(longest_s, track->end_s);
    }
    format->duration = llround(longest_s * AV_TIME_BASE);
    format->duration_estimation_method = AVFMT_DURATION_FROM_PTS;
    format->bit_rate =
        longest_s > 0 ? llround(8 * (double)io_size(source->io) / longest_s) : format->bit_rate;
}

static GArray *ref(GArray *array)
{
    return array ? g_array_ref(array) : NULL;
}

/* Where a track is first met in a later part, libavformat has its time by that part's own clock; of
 * what it didn't look at, it says that it begins with the file. */
static bool is_untimed(const struct track *track, const struct track *read)
{
    return read->packets && (read->began || track->late);
}

static void take_starts(struct source *source, struct source *whole)
{
    const int64_t origin_us = source->origin_us;
    for (int i = 0; i < MIN(source->count, whole->count); i++) {
        struct source_stream *facts = &source->tracks[i].facts;
        facts->start_s += (double)origin_us / AV_TIME_BASE;
        if (facts->left_out || is_untimed(&source->tracks[i], &whole->tracks[i]))
            facts->start_s = NAN;
    }
    source_find_origin(source);
    const double moved_s = (double)(whole->origin_us - source->origin_us) / AV_TIME_BASE;
    for (int i = 0; i < MIN(source->count, whole->count); i++) {
        struct track *track = &whole->tracks[i];
        if (!is_untimed(&source->tracks[i], track))
            continue;
        track->facts.start_s = track->packet_s;
        source->tracks[i].facts.start_s = track->packet_s + moved_s;
    }
}

void source_settle(struct source *source, struct source *whole)
{
    struct failure met = {0};
    struct source_parts *parts = &source->parts;
    whole->splice.joints = ref(source->splice.joints);
    whole->splice.recodings = ref(source->splice.recodings);
    const bool through = read_through(whole, &met);
    parts->restarts = whole->health.restarts;
    parts->first_restart_s = whole->health.first_restart_s;
    if (met.class == FAIL_UNSUPPORTED)
        parts->unjoined = g_steal_pointer(&met.message);
    if (through) {
        source_leave_out(source, whole);
        take_starts(source, whole);
    } else {
        forget_length(source->format);
    }
    if (through && (parts->restarts || parts->left_out))
        take_length(source, whole);
    failure_clear(&met);
}
