/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sections are put together from their packets, and counted where their checksum is right. */
#include "ts_tables.h"

#include <libavutil/crc.h>

enum { PAT = 0, PMT = 2, HEAD = 3, CRC = 4, SECTION_MOST = 1024, PRIVATE = 6, USER = 0x80 };

/* A track: by the last table that names it. */
struct named {
    int by;       /* the PID of that, */
    int64_t at;   /* and where it ends */
    uint8_t type; /* 0 unknown */
    bool recoded;
};

struct ts_tables {
    bool holds[TS_PIDS]; /* a table of a programme; */
    GByteArray *sections[TS_PIDS];
    struct named tracks[TS_PIDS];
    GArray *recodings, *namings;
    int64_t programmes_at; /* where the last table of programmes began */
};

struct ts_tables *ts_tables_create(void)
{
    struct ts_tables *tables = g_new0(struct ts_tables, 1);
    tables->holds[0] = true;
    tables->recodings = g_array_new(FALSE, FALSE, sizeof(struct recoding));
    tables->namings = g_array_new(FALSE, FALSE, sizeof(struct naming));
    return tables;
}

void ts_tables_destroy(struct ts_tables *tables)
{
    if (!tables)
        return;
    for (int i = 0; i < TS_PIDS; i++)
        if (tables->sections[i])
            g_byte_array_unref(tables->sections[i]);
    g_array_unref(tables->recodings);
    g_array_unref(tables->namings);
    g_free(tables);
}

GArray *ts_tables_recodings(const struct ts_tables *tables)
{
    return tables->recodings;
}

GArray *ts_tables_namings(const struct ts_tables *tables)
{
    return tables->namings;
}

static int number(const uint8_t *data, int bits)
{
    return (data[0] << 8 | data[1]) & ((1 << bits) - 1);
}

/* The parts of MPEG-1 and MPEG-2 have one decoder; what private data are, other words tell, and
 * they may be what a user's type names. */
static bool may_be_same(uint8_t before, uint8_t now)
{
    static const uint8_t families[] = {[1] = 2, [2] = 2, [3] = 4, [4] = 4};
    const uint8_t low = MIN(before, now), high = MAX(before, now);
    return low == high || (high <= 4 && families[low] == families[high]) ||
           (low == PRIVATE && high >= USER);
}

/* Some tables name a track twice, and a programme's may differ from another's. */
static void see_type(struct ts_tables *tables, int pid, const struct named *now)
{
    struct named *track = &tables->tracks[pid];
    const struct named before = *track;
    const struct naming naming = {pid, tables->programmes_at, false};
    const struct recoding recoding = {pid, now->type, now->at};
    const bool same = before.by == now->by, twice = same && before.at == now->at;
    const bool other = same && before.type && !may_be_same(before.type, now->type);
    if (!before.by)
        g_array_append_val(tables->namings, naming);
    *track = *now;
    track->recoded = before.recoded || (other && !twice);
    if (twice)
        track->type = 0;
    if (track->recoded && !before.recoded)
        g_array_append_val(tables->recodings, recoding);
}

static void read_programmes(struct ts_tables *tables, const uint8_t *data, size_t length)
{
    for (size_t p = 8; p + 4 <= length; p += 4)
        if (number(data + p, 16))
            tables->holds[number(data + p + 2, 13)] = true;
}

static void read_tracks(struct ts_tables *tables, int by, const uint8_t *data, size_t length,
                        int64_t at)
{
    if (length < 12)
        return;
    for (size_t p = 12 + (size_t)number(data + 10, 12); p + 5 <= length;
         p += 5 + (size_t)number(data + p + 3, 12))
        see_type(tables, number(data + p + 1, 13), &(struct named){by, at, data[p], false});
}

/* Whole, and valid from now on. */
static void read_section(struct ts_tables *tables, int pid, const uint8_t *data, size_t length,
                         int64_t at)
{
    if (length < HEAD + CRC || av_crc(av_crc_get_table(AV_CRC_32_IEEE), ~0u, data, length) ||
        !(data[5] & 1))
        return;
    if (pid == 0 && data[0] == PAT)
        read_programmes(tables, data, length - CRC);
    else if (pid && data[0] == PMT)
        read_tracks(tables, pid, data, length - CRC, at);
}

static void take(struct ts_tables *tables, int pid, const uint8_t *data, size_t length, int64_t at)
{
    GByteArray *section = tables->sections[pid];
    g_byte_array_append(section, data, (guint)length);
    if (section->len < HEAD)
        return;
    const size_t all = HEAD + (size_t)number(section->data + 1, 12);
    if (section->len < all && section->len < SECTION_MOST)
        return;
    if (section->len >= all)
        read_section(tables, pid, section->data, all, at);
    g_byte_array_set_size(section, 0);
}

/* Of what begins in a packet the first alone: others are repeated. */
static void begin(struct ts_tables *tables, int pid, const uint8_t *data, size_t length, int64_t at)
{
    const size_t from = 1 + (size_t)data[0];
    if (!tables->sections[pid])
        tables->sections[pid] = g_byte_array_new();
    if (from >= length)
        return;
    if (tables->sections[pid]->len)
        take(tables, pid, data + 1, from - 1, at);
    g_byte_array_set_size(tables->sections[pid], 0);
    take(tables, pid, data + from, length - from, at);
}

void ts_tables_see(struct ts_tables *tables, const uint8_t *packet, int64_t at)
{
    const int pid = ts_pid(packet);
    const size_t from = packet[3] & 0x20 ? 5 + (size_t)packet[4] : 4;
    if (!tables->holds[pid] || !(packet[3] & 0x10) || from >= TS_PACKET)
        return;
    if (packet[1] & 0x40 && pid == 0)
        tables->programmes_at = at;
    if (packet[1] & 0x40)
        begin(tables, pid, packet + from, TS_PACKET - from, at);
    else if (tables->sections[pid] && tables->sections[pid]->len)
        take(tables, pid, packet + from, TS_PACKET - from, at);
}
