/* SPDX-License-Identifier: GPL-3.0-or-later
 * What files say of themselves that libvips passes over. */
#include "media/probe.h"
#include "media/still.h"
#include "still/tags/exif.h"
#include "stills_support.h"

#include <libavutil/crc.h>
#include <string.h>
#include <unistd.h>

static const struct encode_image web = {.effort = -1},
                                 archive = {.effort = -1, .metadata = META_ARCHIVE};

static double level; /* of a grey picture */

static void grey(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = level;
}

static void red(int x, int y, double *out)
{
    out[0] = 255;
    out[1] = out[2] = 0;
}

static GByteArray *file_of(int fd)
{
    GByteArray *file = g_byte_array_new();
    g_byte_array_set_size(file, (guint)lseek(fd, 0, SEEK_END));
    g_assert_cmpint(pread(fd, file->data, file->len, 0), ==, file->len);
    return file;
}

static int behind(GByteArray *file)
{
    int fd = stills_blank();
    g_assert_cmpint(pwrite(fd, file->data, file->len, 0), ==, file->len);
    g_byte_array_unref(file);
    return fd;
}

static int bare(stills_paint *paint, const char *format)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, paint));
    return stills_file(VIPS_IMAGE(image), format);
}

/* A chunk put `from_end` bytes before the end, or `at`. */
static void insert(GByteArray *file, guint at, const char *type, const void *data, guint size)
{
    g_autoptr(GByteArray) chunk = g_byte_array_new();
    guint32 length = GUINT32_TO_BE(size);
    g_byte_array_append(chunk, (const guint8 *)&length, 4);
    g_byte_array_append(chunk, (const guint8 *)type, 4);
    g_byte_array_append(chunk, data, size);
    guint32 sum = av_crc(av_crc_get_table(AV_CRC_32_IEEE_LE), ~0u, chunk->data + 4, size + 4) ^ ~0u;
    sum = GUINT32_TO_BE(sum);
    g_byte_array_append(chunk, (const guint8 *)&sum, 4);
    g_autofree guint8 *rest = g_memdup2(file->data + at, file->len - at);
    guint left = file->len - at;
    g_byte_array_set_size(file, at);
    g_byte_array_append(file, chunk->data, chunk->len);
    g_byte_array_append(file, rest, left);
}

enum { BEHIND_HEADER = 33, END = 12 };

static GByteArray *png(stills_paint *paint)
{
    int fd = bare(paint, "png");
    GByteArray *file = file_of(fd);
    close(fd);
    return file;
}

static void append_chunk(GByteArray *file, const char *type, const void *data, guint size)
{
    insert(file, file->len - END, type, data, size);
}

static void put_text(GByteArray *file, const char *keyword, const char *text)
{
    g_autofree char *data = g_strdup_printf("%s\n%s", keyword, text);
    data[strlen(keyword)] = '\0';
    append_chunk(file, "tEXt", data, (guint)(strlen(keyword) + 1 + strlen(text)));
}

static char *notes_of(const struct still *still)
{
    const GPtrArray *notes = still_notes(still);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(all, "%s\n", (char *)notes->pdata[i]);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

/* Orientation 6, a copyright, and below it a GPSLatitude of 52 1/2 degrees; big-endian (TIFF 6.0,
 * 2). */
static const guint8 exif[] = {'M',  'M',  0,   42,  0, 0, 0, 8,              /* */
                              0,    3,                                       /* entries */
                              0x01, 0x12, 0,   3,   0, 0, 0, 1, 0, 6, 0, 0,  /* */
                              0x82, 0x98, 0,   2,   0, 0, 0, 5, 0, 0, 0, 50, /* */
                              0x88, 0x25, 0,   4,   0, 0, 0, 1, 0, 0, 0, 56, /* */
                              0,    0,    0,   0,                            /* no further IFD */
                              'R',  'i',  'g', 'h', 0, 0,                    /* at 50 */
                              0,    1,                                       /* at 56 */
                              0,    2,    0,   5,   0, 0, 0, 3, 0, 0, 0, 74, /* */
                              0,    0,    0,   0,                            /* */
                              0,    0,    0,   52,  0, 0, 0, 1, 0, 0, 0, 30,
                              0,    0,    0,   1,   0, 0, 0, 0, 0, 0, 0, 1};

static struct facts *probed(int fd)
{
    struct failure failure = {0};
    struct facts *facts = facts_create();
    g_assert_true(media_probe_still(fd, facts, &failure));
    return facts;
}

static void is_turned(int fd)
{
    int width = 0, height = 0;
    struct failure failure = {0};
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_cmpint(still_shape(still).width, ==, 24);
    g_assert_true(still_size(fd, &width, &height, &failure));
    g_assert_cmpint(width, ==, 24);
    g_auto(facts_ptr) facts = probed(fd);
    g_assert_cmpint(facts->orientation, ==, 6);
}

static void test_a_png_is_turned_by_exif_behind_its_pixels(void)
{
    GByteArray *file = png(red);
    append_chunk(file, "eXIf", exif, sizeof exif);
    int fd = behind(file);
    is_turned(fd);
    close(fd);
}

/* As ImageMagick writes it. */
static void test_a_png_is_turned_by_exif_in_a_raw_profile(void)
{
    g_autoptr(GString) digits = g_string_new(NULL);
    g_string_printf(digits, "\nexif\n%8u\n", (unsigned)sizeof exif + 6);
    g_string_append(digits, "457869660000\n");
    for (unsigned i = 0; i < sizeof exif; i++)
        g_string_append_printf(digits, "%02x%s", exif[i], i % 36 == 35 ? "\n" : "");
    GByteArray *file = png(red);
    put_text(file, "Raw profile type exif", digits->str);
    int fd = behind(file);
    is_turned(fd);
    close(fd);
}

static void test_texts_of_a_png_become_tags_and_others_are_said_to_go(void)
{
    GByteArray *file = png(red);
    put_text(file, "Author", "\xc5ngstr\xf6m"); /* Latin-1 */
    put_text(file, "Copyright", "(c) Example");
    put_text(file, "Creation Time", "Sat, 28 Nov 2026 12:00:01 GMT");
    put_text(file, "Software", "Painter");
    int fd = behind(file);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &web));
    const void *data = NULL;
    size_t size = 0;
    g_assert_cmpint(vips_image_get_blob(VIPS_IMAGE(out), VIPS_META_EXIF_NAME, &data, &size), ==, 0);
    g_autoptr(GBytes) back = g_bytes_new(data, size);
    g_autofree char *artist = exif_text(back, EXIF_ARTIST),
                    *rights = exif_text(back, EXIF_COPYRIGHT),
                    *date = exif_text(back, EXIF_DATE_TIME_ORIGINAL), *notes = notes_of(still);
    g_assert_cmpstr(artist, ==, "Ångström");
    g_assert_cmpstr(rights, ==, "(c) Example");
    g_assert_cmpstr(date, ==, "2026:11:28 12:00:01");
    g_assert_nonnull(strstr(notes, "dropped: the text \"Software\"\n"));
    close(fd);
}

static void test_archive_keeps_texts_of_a_png_by_their_whole_keywords(void)
{
    GByteArray *file = png(red);
    put_text(file, "Creation Time", "some day");
    int fd = behind(file), out = stills_blank();
    struct failure failure = {0};
    struct claim claim = {0};
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_write(still, "png", &archive, out, &claim, &failure));
    g_autoptr(GByteArray) made = file_of(out);
    static const char kept[] = "iTXtCreation Time\0\0\0\0\0some day";
    g_assert_nonnull(memmem(made->data, made->len, kept, sizeof kept - 1));
    g_assert_cmpmem(made->data + made->len - 8, 4, "IEND", 4);
    claim_clear(&claim);
    close(out);
    close(fd);
}

static void test_an_animated_png_is_said_to_be_one(void)
{
    static const guint8 three[8] = {0, 0, 0, 3};
    GByteArray *file = png(red);
    insert(file, BEHIND_HEADER, "acTL", three, sizeof three);
    int fd = behind(file);
    g_auto(still_ptr) still = stills_open(fd);
    g_autofree char *notes = notes_of(still);
    g_assert_nonnull(strstr(notes, "dropped: all but the first of 3 frames\n"));
    g_auto(facts_ptr) facts = probed(fd);
    g_assert_cmpint(facts->pages, ==, 3);
    close(fd);
}

static double first_value(int fd, int band)
{
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "png", &web));
    return stills_value(VIPS_IMAGE(out), 5, 5, band);
}

/* IEC 61966-2-1: a fifth of the light is 0.4845 of sRGB, 123.5. */
static void test_the_gamma_of_a_png_is_heeded(void)
{
    static const guint8 linear[] = {0, 1, 0x86, 0xa0}; /* 100000 */
    level = 51;
    GByteArray *file = png(grey);
    insert(file, BEHIND_HEADER, "gAMA", linear, sizeof linear);
    int fd = behind(file);
    g_assert_cmpfloat_with_epsilon(first_value(fd, 0), 123.5, 1.5);
    close(fd);
}

static void p3_like(int x, int y, double *out)
{
    out[0] = 200;
    out[1] = out[2] = 100;
}

/* CSS Color 4, 18: linear P3 (0.578, 0.127, 0.127) times the matrix of P3 to sRGB
 * (1.2249 -0.2247 0; -0.0420 1.0419 0; -0.0197 -0.0786 1.0979) is (0.679, 0.108, 0.118) of light:
 * 0.842, 0.364, 0.378 of code. */
static void is_p3(int fd, double slack)
{
    g_assert_cmpfloat_with_epsilon(first_value(fd, 0), 214.8, slack);
    g_assert_cmpfloat_with_epsilon(first_value(fd, 1), 92.8, slack);
    g_assert_cmpfloat_with_epsilon(first_value(fd, 2), 96.5, slack);
}

static void test_colour_codes_of_a_png_are_heeded(void)
{
    static const guint8 p3[] = {12, 13, 0, 1};
    GByteArray *file = png(p3_like);
    insert(file, BEHIND_HEADER, "cICP", p3, sizeof p3);
    int fd = behind(file);
    is_p3(fd, 1.5);
    close(fd);
}

/* An AVIF whose codes are rewritten (ISO/IEC 14496-12, 12.1.5). */
static int avif(stills_paint *paint, int primaries, int transfer)
{
    int fd = bare(paint, "avif");
    GByteArray *file = file_of(fd);
    guint8 *nclx = memmem(file->data, file->len, "colrnclx", 8);
    g_assert_nonnull(nclx);
    nclx[9] = (guint8)primaries;
    nclx[11] = (guint8)transfer;
    close(fd);
    return behind(file);
}

static void test_colour_codes_of_an_avif_are_heeded(void)
{
    int fd = avif(p3_like, 12, 13);
    is_p3(fd, 4);
    close(fd);
}

/* ITU-R BT.2408-7, table 1: a grey card of 26 cd/m2 where white is 203 is 38 % of PQ's and of HLG's
 * codes. 0.128 of white is 0.394 of sRGB's, 100. */
static void test_hdr_comes_to_srgb_with_the_light_that_it_means(void)
{
    static const struct {
        int transfer;
        const char *name;
    } rows[] = {{16, "pq"}, {18, "hlg"}};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        level = 97;
        int fd = avif(grey, 9, rows[i].transfer);
        g_assert_cmpfloat_with_epsilon(first_value(fd, 1), 100, 4);
        g_auto(facts_ptr) facts = probed(fd);
        g_assert_true(facts->hdr);
        g_assert_cmpstr(facts->hdr_format, ==, rows[i].name);
        close(fd);
    }
    int unnamed = avif(grey, 2, 16);
    g_assert_cmpfloat_with_epsilon(first_value(unnamed, 1), 100, 4);
    close(unnamed);
}

static void test_the_depth_of_an_avif_is_its_own(void)
{
    struct failure failure = {0};
    struct claim claim = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, true, grey));
    int deep = stills_file(VIPS_IMAGE(image), "png"), fd = stills_blank();
    g_auto(still_ptr) still = stills_open(deep);
    g_assert_true(still_write(still, "avif", &web, fd, &claim, &failure));
    g_auto(facts_ptr) facts = probed(fd);
    g_assert_cmpint(facts->bit_depth, ==, 12);
    claim_clear(&claim);
    close(deep);
    close(fd);
}

/* A JPEG with a segment of APP1. */
static int jpeg_with(const char *begins, guint zeros, const void *data, guint size)
{
    int fd = bare(red, "jpeg");
    g_autoptr(GByteArray) whole = file_of(fd);
    const guint length = 2 + (guint)strlen(begins) + zeros + size;
    const guint8 head[] = {0xff, 0xd8, 0xff, 0xe1, (guint8)(length >> 8), (guint8)length};
    GByteArray *file = g_byte_array_new();
    g_byte_array_append(file, head, sizeof head);
    g_byte_array_append(file, (const guint8 *)begins, (guint)strlen(begins));
    g_byte_array_append(file, (const guint8 *)"\0", zeros);
    g_byte_array_append(file, data, size);
    /* libvips begins with APP0 and an APP1 of its own, which is left out. */
    guint at = 2 + 2 + (guint)(whole->data[4] << 8 | whole->data[5]);
    if (whole->data[at + 1] == 0xe1)
        at += 2 + (guint)(whole->data[at + 2] << 8 | whole->data[at + 3]);
    g_byte_array_append(file, whole->data + at, whole->len - at);
    close(fd);
    return behind(file);
}

static int tiff_of(int fd)
{
    int tiff = stills_blank();
    struct failure failure = {0};
    struct claim claim = {0};
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_write(still, "tiff", &archive, tiff, &claim, &failure));
    claim_clear(&claim);
    return tiff;
}

static guint32 le(const guint8 *at, unsigned bytes)
{
    guint32 value = 0;
    for (unsigned i = 0; i < bytes; i++)
        value |= (guint32)at[i] << 8 * i;
    return value;
}

/* The entry of a tag in the IFD at `at`; the tags rise (TIFF 6.0, 2). */
static const guint8 *entry_of(const GByteArray *file, guint32 at, unsigned tag)
{
    const guint8 *found = NULL, *entry = file->data + at + 2;
    for (guint i = 0, last = 0; i < le(file->data + at, 2); i++, entry += 12) {
        g_assert_cmpuint(le(entry, 2), >, last);
        last = le(entry, 2);
        if (last == tag)
            found = entry;
    }
    g_assert_nonnull(found);
    return found;
}

static void test_a_tiff_has_exif_in_its_own_tags(void)
{
    int fd = jpeg_with("Exif", 2, exif, sizeof exif), tiff = tiff_of(fd);
    g_autoptr(GByteArray) file = file_of(tiff);
    const guint32 first = le(file->data + 4, 4);
    const guint8 *rights = entry_of(file, first, 0x8298), *gps = entry_of(file, first, 0x8825);
    g_assert_cmpstr((const char *)file->data + le(rights + 8, 4), ==, "Righ");
    const guint8 *latitude = entry_of(file, le(gps + 8, 4), 2);
    g_assert_cmpint(le(file->data + le(latitude + 8, 4), 4), ==, 52);
    g_assert_cmpint(entry_of(file, first, 0x100)[8], ==, 24);
    close(tiff);
    close(fd);
}

static void test_exif_of_a_tiff_is_carried_and_its_place_is_seen(void)
{
    int fd = jpeg_with("Exif", 2, exif, sizeof exif), tiff = tiff_of(fd);
    g_auto(still_ptr) still = stills_open(tiff);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &web));
    const void *data = NULL;
    size_t size = 0;
    g_assert_cmpint(vips_image_get_blob(VIPS_IMAGE(out), VIPS_META_EXIF_NAME, &data, &size), ==, 0);
    g_autoptr(GBytes) back = g_bytes_new(data, size);
    g_autofree char *rights = exif_text(back, EXIF_COPYRIGHT), *notes = notes_of(still);
    g_assert_cmpstr(rights, ==, "Righ");
    g_assert_nonnull(strstr(notes, "GPS"));
    g_auto(facts_ptr) facts = probed(tiff);
    g_assert_true(facts->gps);
    close(tiff);
    close(fd);
}

/* WebP Container Specification, Metadata: the chunk is the TIFF structure. */
static void test_exif_of_a_webp_begins_with_its_byte_order(void)
{
    int fd = jpeg_with("Exif", 2, exif, sizeof exif), out = stills_blank();
    struct failure failure = {0};
    struct claim claim = {0};
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_write(still, "webp", &archive, out, &claim, &failure));
    g_autoptr(GByteArray) file = file_of(out);
    const guint8 *chunk = memmem(file->data, file->len, "EXIF", 4);
    g_assert_nonnull(chunk);
    g_assert_cmpmem(chunk + 8, 4, "MM\0*", 4);
    claim_clear(&claim);
    close(out);
    close(fd);
}

#define XMP(body)                                                                                \
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "                                            \
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" " \
    "xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" " \
    "xmlns:ext=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\">" body                            \
    "</rdf:Description></rdf:RDF></x:xmpmeta>"

static const char shown[] =
    XMP("<tiff:Orientation>6</tiff:Orientation><ext:LocationShown><rdf:Bag><rdf:li "
        "rdf:parseType=\"Resource\"><exif:GPSLatitude>52,30N</exif:GPSLatitude></rdf:li></rdf:Bag>"
        "</ext:LocationShown>");

static void test_a_picture_is_turned_by_xmp_alone(void)
{
    int fd = jpeg_with("http://ns.adobe.com/xap/1.0/", 1, shown, sizeof shown - 1);
    is_turned(fd);
    close(fd);
}

static void has_place(int fd)
{
    g_auto(facts_ptr) facts = probed(fd);
    g_assert_true(facts->gps);
}

/* drone-dji, W3C Basic Geo and IPTC Core. */
static void test_a_place_is_seen_in_any_schema_of_xmp(void)
{
    static const struct {
        const char *xmp;
        bool gps;
    } rows[] = {
        {XMP("<d:GpsLatitude xmlns:d=\"http://www.dji.com/drone-dji/1.0/\">+52</d:GpsLatitude>"),
         true},
        {XMP("<g:long xmlns:g=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">13.4</g:long>"), true},
        {XMP("<p:City xmlns:p=\"http://ns.adobe.com/photoshop/1.0/\">Rome</p:City>"), false},
        {XMP("<c:CiAdrCity xmlns:c=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\">Rome"
             "</c:CiAdrCity><tiff:Make>Example</tiff:Make>"),
         false},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fd =
            jpeg_with("http://ns.adobe.com/xap/1.0/", 1, rows[i].xmp, (guint)strlen(rows[i].xmp));
        g_auto(facts_ptr) facts = probed(fd);
        g_assert_true(facts->gps == rows[i].gps);
        close(fd);
    }
}

static void test_the_place_of_what_is_shown_is_seen(void)
{
    int fd = jpeg_with("http://ns.adobe.com/xap/1.0/", 1, shown, sizeof shown - 1);
    has_place(fd);
    close(fd);
}

/* XMP Specification Part 3, 1.1.2. */
static void test_the_place_in_xmp_of_a_gif_is_seen(void)
{
    static const guint8 begin[] = {0x21, 0xff, 11};
    int fd = bare(red, "gif");
    GByteArray *file = file_of(fd);
    g_byte_array_set_size(file, file->len - 1);
    g_byte_array_append(file, begin, sizeof begin);
    g_byte_array_append(file, (const guint8 *)"XMP DataXMP", 11);
    g_byte_array_append(file, (const guint8 *)shown, sizeof shown - 1);
    for (int byte = 256; byte >= 0; byte--)
        g_byte_array_append(file, &(guint8){byte == 256 ? 1 : (guint8)byte}, 1);
    g_byte_array_append(file, (const guint8 *)"\0;", 2);
    close(fd);
    fd = behind(file);
    has_place(fd);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK); /* libvips warns of nclx */
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/said/exif_behind", test_a_png_is_turned_by_exif_behind_its_pixels);
    g_test_add_func("/stills/said/raw_profile", test_a_png_is_turned_by_exif_in_a_raw_profile);
    g_test_add_func("/stills/said/texts",
                    test_texts_of_a_png_become_tags_and_others_are_said_to_go);
    g_test_add_func("/stills/said/keywords",
                    test_archive_keeps_texts_of_a_png_by_their_whole_keywords);
    g_test_add_func("/stills/said/frames", test_an_animated_png_is_said_to_be_one);
    g_test_add_func("/stills/said/gamma", test_the_gamma_of_a_png_is_heeded);
    g_test_add_func("/stills/said/codes_of_png", test_colour_codes_of_a_png_are_heeded);
    g_test_add_func("/stills/said/codes_of_avif", test_colour_codes_of_an_avif_are_heeded);
    g_test_add_func("/stills/said/hdr", test_hdr_comes_to_srgb_with_the_light_that_it_means);
    g_test_add_func("/stills/said/depth", test_the_depth_of_an_avif_is_its_own);
    g_test_add_func("/stills/said/exif_in_tiff", test_a_tiff_has_exif_in_its_own_tags);
    g_test_add_func("/stills/said/exif_of_tiff",
                    test_exif_of_a_tiff_is_carried_and_its_place_is_seen);
    g_test_add_func("/stills/said/exif_of_webp", test_exif_of_a_webp_begins_with_its_byte_order);
    g_test_add_func("/stills/said/turned_by_xmp", test_a_picture_is_turned_by_xmp_alone);
    g_test_add_func("/stills/said/place_schemas", test_a_place_is_seen_in_any_schema_of_xmp);
    g_test_add_func("/stills/said/place_shown", test_the_place_of_what_is_shown_is_seen);
    g_test_add_func("/stills/said/xmp_of_gif", test_the_place_in_xmp_of_a_gif_is_seen);
    return g_test_run();
}
