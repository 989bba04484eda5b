/* SPDX-License-Identifier: GPL-3.0-or-later
 * Tables of transport streams, put together by ISO/IEC 13818-1, 2.4.4.3 and 2.4.4.8. */
#include "bytes/ts_tables.h"

#include <libavutil/crc.h>
#include <string.h>

enum {
    PMT_PID = 0x1000,
    TRACK = 0x100,
    OTHER = 0x101,
    H264 = 0x1b,
    MPEG2 = 2,
    MPEG1 = 1,
    AC3 = 0x81,
    PRIVATE = 6
};

static GByteArray *section(uint8_t table, const uint8_t *body, size_t length)
{
    const size_t rest = 5 + length + 4;
    const uint8_t head[] = {table, (uint8_t)(0xb0 | rest >> 8), (uint8_t)rest, 0, 1, 0xc1, 0, 0};
    GByteArray *bytes = g_byte_array_new();
    g_byte_array_append(bytes, head, sizeof head);
    g_byte_array_append(bytes, body, (guint)length);
    const uint32_t crc = av_crc(av_crc_get_table(AV_CRC_32_IEEE), ~0u, bytes->data, bytes->len);
    g_byte_array_append(bytes, (const uint8_t *)&crc,
                        4); /* as libavutil keeps it, first byte first */
    return bytes;
}

/* In as many packets as it takes; takes the section. How many bytes of the file it is. */
static int64_t send(struct ts_tables *tables, int pid, GByteArray *bytes, int64_t at)
{
    size_t sent = 0;
    for (int i = 0; sent < bytes->len; i++, at += TS_PACKET) {
        uint8_t packet[TS_PACKET];
        const size_t from = i ? 4 : 5, some = MIN(bytes->len - sent, TS_PACKET - from);
        memset(packet, 0xff, sizeof packet);
        memcpy(packet,
               (uint8_t[]){0x47, (uint8_t)((i ? 0 : 0x40) | pid >> 8), (uint8_t)pid, 0x10, 0},
               from);
        memcpy(packet + from, bytes->data + sent, some);
        ts_tables_see(tables, packet, at);
        sent += some;
    }
    g_byte_array_unref(bytes);
    return at;
}

static struct ts_tables *programme(void)
{
    struct ts_tables *tables = ts_tables_create();
    const uint8_t body[] = {0, 1, 0xe0 | PMT_PID >> 8, PMT_PID & 255};
    send(tables, 0, section(0, body, sizeof body), 0);
    return tables;
}

struct row {
    int pid;
    uint8_t type;
};

static GByteArray *tracks(const struct row *rows, size_t count)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    g_byte_array_append(body, (const uint8_t[]){0xe1, 0, 0xf0, 0}, 4);
    for (size_t i = 0; i < count; i++) {
        const uint8_t row[] = {rows[i].type, (uint8_t)(0xe0 | rows[i].pid >> 8),
                               (uint8_t)rows[i].pid, 0xf0, 0};
        g_byte_array_append(body, row, sizeof row);
    }
    return section(2, body->data, body->len);
}

static guint recodings_of(uint8_t before, uint8_t now)
{
    g_auto(ts_tables_ptr) tables = programme();
    int64_t at = TS_PACKET;
    at = send(tables, PMT_PID, tracks(&(struct row){TRACK, before}, 1), at);
    send(tables, PMT_PID, tracks(&(struct row){TRACK, now}, 1), at);
    return ts_tables_recodings(tables)->len;
}

static void a_track_of_another_type_is_told_with_its_place(void)
{
    g_auto(ts_tables_ptr) tables = programme();
    int64_t at = TS_PACKET;
    at = send(tables, PMT_PID, tracks(&(struct row){TRACK, H264}, 1), at);
    const int64_t behind = at;
    at = send(tables, PMT_PID, tracks(&(struct row){TRACK, MPEG2}, 1), at);
    send(tables, PMT_PID, tracks(&(struct row){TRACK, H264}, 1), at);
    const GArray *recodings = ts_tables_recodings(tables);
    g_assert_cmpuint(recodings->len, ==, 1);
    const struct recoding *row = &g_array_index(recodings, struct recoding, 0);
    g_assert_cmpint(row->pid, ==, TRACK);
    g_assert_cmpint(row->type, ==, MPEG2);
    g_assert_cmpint(row->at, ==, behind);
}

static void types_that_one_decoder_may_take_are_one(void)
{
    g_assert_cmpuint(recodings_of(H264, H264), ==, 0);
    g_assert_cmpuint(recodings_of(MPEG1, MPEG2), ==, 0);
    g_assert_cmpuint(recodings_of(3, 4), ==, 0);
    g_assert_cmpuint(recodings_of(PRIVATE, AC3), ==, 0);
    g_assert_cmpuint(recodings_of(2, 4), ==, 1);
    g_assert_cmpuint(recodings_of(4, PRIVATE), ==, 1);
}

/* As some broadcasters do, with AC-3 called MPEG-1 sound as well. */
static void a_track_that_a_table_names_twice_is_of_no_type(void)
{
    static const struct row rows[] = {{TRACK, 4}, {TRACK, PRIVATE}, {TRACK, PRIVATE}};
    g_auto(ts_tables_ptr) tables = programme();
    int64_t at = TS_PACKET;
    for (int i = 0; i < 3; i++)
        at = send(tables, PMT_PID, tracks(rows, G_N_ELEMENTS(rows)), at);
    g_assert_cmpuint(ts_tables_recodings(tables)->len, ==, 0);
}

/* 188 bytes hold 33 tracks. */
static void a_table_may_take_several_packets(void)
{
    struct row rows[60];
    g_auto(ts_tables_ptr) tables = programme();
    for (int i = 0; i < 60; i++)
        rows[i] = (struct row){TRACK + i, 4};
    const int64_t at = send(tables, PMT_PID, tracks(rows, 60), TS_PACKET);
    g_assert_cmpint(at, ==, 3 * TS_PACKET);
    rows[59].type = H264;
    send(tables, PMT_PID, tracks(rows, 60), at);
    const GArray *recodings = ts_tables_recodings(tables);
    g_assert_cmpuint(recodings->len, ==, 1);
    g_assert_cmpint(g_array_index(recodings, struct recoding, 0).pid, ==, TRACK + 59);
}

static void a_damaged_table_is_passed_over(void)
{
    g_auto(ts_tables_ptr) tables = programme();
    const int64_t at = send(tables, PMT_PID, tracks(&(struct row){OTHER, H264}, 1), TS_PACKET);
    GByteArray *damaged = tracks(&(struct row){OTHER, H264}, 1);
    damaged->data[12] ^= 0x10; /* the type */
    send(tables, PMT_PID, damaged, at);
    g_assert_cmpuint(ts_tables_recodings(tables)->len, ==, 0);
}

static void tables_that_name_a_track_are_read_from_the_programmes_before(void)
{
    static const struct row both[] = {{TRACK, H264}, {OTHER, 4}};
    const uint8_t body[] = {0, 1, 0xe0 | PMT_PID >> 8, PMT_PID & 255};
    g_auto(ts_tables_ptr) tables = programme();
    int64_t at = send(tables, PMT_PID, tracks(both, 1), TS_PACKET);
    const int64_t from = at;
    at = send(tables, 0, section(0, body, sizeof body), at);
    at = send(tables, PMT_PID, tracks(both, 2), at);
    at = send(tables, 0, section(0, body, sizeof body), at);
    send(tables, PMT_PID, tracks(both, 2), at);
    const GArray *namings = ts_tables_namings(tables);
    const struct naming *rows = (const struct naming *)(const void *)namings->data;
    g_assert_cmpuint(namings->len, ==, 2);
    g_assert_cmpint(rows[0].pid, ==, TRACK);
    g_assert_cmpint(rows[0].from, ==, 0);
    g_assert_cmpint(rows[1].pid, ==, OTHER);
    g_assert_cmpint(rows[1].from, ==, from);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tables/a track of another type is told with its place",
                    a_track_of_another_type_is_told_with_its_place);
    g_test_add_func("/tables/types that one decoder may take are one",
                    types_that_one_decoder_may_take_are_one);
    g_test_add_func("/tables/a track that a table names twice is of no type",
                    a_track_that_a_table_names_twice_is_of_no_type);
    g_test_add_func("/tables/a table may take several packets", a_table_may_take_several_packets);
    g_test_add_func("/tables/a damaged table is passed over", a_damaged_table_is_passed_over);
    g_test_add_func("/tables/tables that name a track are read from the programmes before",
                    tables_that_name_a_track_are_read_from_the_programmes_before);
    return g_test_run();
}
