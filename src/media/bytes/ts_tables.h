/* SPDX-License-Identifier: GPL-3.0-or-later
 * The tables of a transport stream's programmes (PAT and PMT, ISO/IEC 13818-1, 2.4.4): tracks whose
 * type becomes another, which libavformat passes over, and those that are named late. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

struct ts_tables;
struct ts_tables *ts_tables_create(void);
void ts_tables_destroy(struct ts_tables *tables);
typedef struct ts_tables *ts_tables_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(ts_tables_ptr, ts_tables_destroy, NULL)

/* A packet of 188 bytes, and where in the file it begins. */
void ts_tables_see(struct ts_tables *tables, const uint8_t *packet, int64_t at);

/* From this byte on a track is of this type of table 2-34, and can't be what it was: the first time
 * of each. */
struct recoding {
    int pid;
    uint8_t type;
    int64_t at;
};
GArray *ts_tables_recodings(const struct ts_tables *tables); /* struct recoding; borrowed */

/* Of a track: the byte of the table of programmes (PAT) before the first table that names it. That
 * it has no packets is for the caller to set. */
struct naming {
    int pid;
    int64_t from;
    bool empty;
};
GArray *ts_tables_namings(const struct ts_tables *tables); /* struct naming; borrowed */

static inline int ts_pid(const uint8_t *packet)
{
    return (packet[1] & 0x1f) << 8 | packet[2];
}
enum { TS_PACKET = 188, TS_PIDS = 1 << 13 };
