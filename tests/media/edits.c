/* SPDX-License-Identifier: GPL-3.0-or-later
 * How long the last packet of a MOV's track is heard: by its edit list, which may say anything. */
#include "source/source.h"

#include <sys/mman.h>
#include <unistd.h>

enum { SCALE = 48000, PACKETS = 10, LASTS = 1024, MEDIA = PACKETS * LASTS };

static void put(GByteArray *to, guint64 value, int bytes)
{
    for (int i = bytes - 1; i >= 0; i--)
        g_byte_array_append(to, (const guint8[]){(guint8)(value >> 8 * i)}, 1);
}

static void put_zeros(GByteArray *to, int bytes)
{
    for (int i = 0; i < bytes; i++)
        put(to, 0, 1);
}

/* Gives its place, which end_box() takes. */
static guint begin_box(GByteArray *to, const char *type)
{
    guint at = to->len;
    put(to, 0, 4);
    g_byte_array_append(to, (const guint8 *)type, 4);
    return at;
}

static void end_box(GByteArray *to, guint at)
{
    for (int i = 0; i < 4; i++)
        to->data[at + (guint)i] = (guint8)((to->len - at) >> 8 * (3 - i));
}

/* An mvhd or mdhd of version 1. */
static void header(GByteArray *to, const char *type, guint64 duration)
{
    guint at = begin_box(to, type);
    put(to, 1, 1);
    put_zeros(to, 19);
    put(to, SCALE, 4);
    put(to, duration, 8);
    end_box(to, at);
}

static void track_header(GByteArray *to)
{
    guint at = begin_box(to, "tkhd");
    put_zeros(to, 12);
    put(to, 1, 4); /* its number */
    end_box(to, at);
}

static void edit(GByteArray *to, guint64 lasts, guint64 start)
{
    guint list = begin_box(to, "edts"), at = begin_box(to, "elst");
    put(to, 1, 1);
    put(to, 0, 3);
    put(to, 1, 4);
    put(to, lasts, 8);
    put(to, start, 8);
    put(to, 1 << 16, 4);
    end_box(to, at);
    end_box(to, list);
}

static void media(GByteArray *to, guint64 duration)
{
    guint box = begin_box(to, "mdia");
    header(to, "mdhd", duration);
    guint information = begin_box(to, "minf"), table = begin_box(to, "stbl");
    guint times = begin_box(to, "stts");
    put(to, 0, 4);
    put(to, 1, 4);
    put(to, PACKETS, 4);
    put(to, LASTS, 4);
    end_box(to, times);
    end_box(to, table);
    end_box(to, information);
    end_box(to, box);
}

static struct mov_last last_of(guint64 duration, guint64 lasts, guint64 start)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    struct mov_last last;
    int fd = memfd_create("edits", 0);
    guint movie = begin_box(file, "moov");
    header(file, "mvhd", lasts);
    guint track = begin_box(file, "trak");
    track_header(file);
    edit(file, lasts, start);
    media(file, duration);
    end_box(file, track);
    end_box(file, movie);
    g_assert_cmpint(write(fd, file->data, file->len), ==, (gssize)file->len);
    mov_last_packet(fd, file->len, 1, &last);
    close(fd);
    return last;
}

static void the_edit_list_cuts_the_last_packet(void)
{
    struct mov_last last = last_of(MEDIA, MEDIA - 1000 - 24, 1000);
    g_assert_cmpint(last.samples, ==, PACKETS);
    g_assert_cmpint(last.lasts, ==, LASTS - 24);
}

/* No sum of it overflows, and it cuts nothing. */
static void times_that_nobody_means_cut_nothing(void)
{
    static const guint64 huge[] = {INT64_MAX, (guint64)INT64_MAX + 1, UINT64_MAX, INT64_MAX - 1000,
                                   INT64_MAX / 2};
    for (unsigned i = 0; i < G_N_ELEMENTS(huge); i++) {
        g_assert_cmpint(last_of(huge[i], 100, 0).lasts, ==, LASTS);
        g_assert_cmpint(last_of(MEDIA, huge[i], 0).lasts, ==, LASTS);
        g_assert_cmpint(last_of(MEDIA, 100, huge[i]).lasts, ==, LASTS);
        g_assert_cmpint(last_of(huge[i], huge[i], huge[i]).lasts, ==, LASTS);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/edits/the list cuts the last packet", the_edit_list_cuts_the_last_packet);
    g_test_add_func("/edits/times that nobody means cut nothing",
                    times_that_nobody_means_cut_nothing);
    return g_test_run();
}
