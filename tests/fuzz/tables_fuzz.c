/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as the packets of a transport stream, for its tables and the rates of its pictures. */
#include "bytes/ts_rates.h"
#include "bytes/ts_tables.h"

#include <stddef.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_auto(ts_tables_ptr) tables = ts_tables_create();
    g_auto(ts_rates_ptr) rates = ts_rates_create();
    double least, most;
    for (size_t at = 0; at + TS_PACKET <= size; at += TS_PACKET) {
        ts_tables_see(tables, data + at, (int64_t)at);
        ts_rates_see(rates, data + at);
    }
    for (int pid = 0; pid < TS_PIDS; pid++)
        g_assert(!ts_rates_steps(rates, pid, &least, &most) || (least > 0 && least <= most));
    const GArray *namings = ts_tables_namings(tables);
    for (guint i = 0; i < namings->len; i++) {
        const struct naming *row = &g_array_index(namings, struct naming, i);
        g_assert(row->pid < TS_PIDS && row->from < (int64_t)size);
    }
    const GArray *recodings = ts_tables_recodings(tables);
    for (guint i = 0; i < recodings->len; i++) {
        const struct recoding *row = &g_array_index(recodings, struct recoding, i);
        g_assert(row->pid < TS_PIDS && row->at < (int64_t)size);
    }
    return 0;
}
