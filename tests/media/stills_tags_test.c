/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still says about itself, and what of it is in the file. */
#include "media/still.h"
#include "media/still_write.h"
#include "still/tags/exif.h"
#include "still/tiff_tags.h"
#include "stills_support.h"

#include <string.h>
#include <unistd.h>

static void smooth(int x, int y, double *out)
{
    out[0] = x * 4;
    out[1] = y * 4;
    out[2] = 128;
}

static VipsImage *with_tags(void)
{
    VipsImage *image = stills_make(32, 32, 3, false, smooth);
    vips_image_set_string(image, "exif-ifd0-Copyright", "Example Films (2026) (text)");
    vips_image_set_string(image, "exif-ifd0-Make", "Example");
    vips_image_set_string(image, "exif-ifd2-ISOSpeedRatings", "400");
    vips_image_set_string(image, "exif-ifd2-DateTimeOriginal", "2026:11:21 10:00:00");
    vips_image_set_string(image, "exif-ifd3-GPSLatitude", "52/1 30/1 0/1");
    return image;
}

static bool has(VipsImage *image, const char *prefix)
{
    g_auto(GStrv) fields = vips_image_get_fields(image);
    for (char **field = fields; *field; field++)
        if (g_str_has_prefix(*field, prefix))
            return true;
    return false;
}

/* Of PNG and TIFF readers look there first. */
static void check_xmp(VipsImage *out, unsigned metadata)
{
    const void *data = "";
    size_t length = 0;
    if (metadata == META_NONE) {
        g_assert_false(has(out, VIPS_META_XMP_NAME));
        return;
    }
    g_assert_cmpint(vips_image_get_blob(out, VIPS_META_XMP_NAME, &data, &length), ==, 0);
    g_assert_nonnull(g_strstr_len(data, (gssize)length, "A. Person"));
    g_assert_nonnull(g_strstr_len(data, (gssize)length, "Example Films (2026)"));
    g_assert_nonnull(g_strstr_len(data, (gssize)length, "2026-11-21T10:00:00"));
}

static void check_tags(VipsImage *out, unsigned metadata)
{
    const char *text = "";
    g_assert_true(has(out, "exif-ifd3-GPS") == (metadata == META_ARCHIVE));
    g_assert_true(has(out, "exif-ifd0-Make") == (metadata == META_ARCHIVE));
    g_assert_true(has(out, "exif-ifd0-Artist") == (metadata != META_NONE));
    g_assert_true(has(out, "exif-ifd2-DateTimeOriginal") == (metadata != META_NONE));
    if (metadata == META_NONE)
        return;
    vips_image_get_string(out, "exif-ifd0-Copyright", &text);
    g_assert_true(g_str_has_prefix(text, "Example Films (2026) ("));
}

static void test_web_keeps_rights_and_date_and_drops_places(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "png", "tiff"};
    g_autoptr(GObject) image = G_OBJECT(with_tags());
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    for (unsigned i = 0; i < G_N_ELEMENTS(formats) * 3; i++) {
        struct failure failure = {0};
        const struct encode_image encode = {.effort = -1, .metadata = 1u << i % 3};
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_tag(still, &failure, "artist", "A. Person"));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i / 3], &encode));
        g_test_message("%s, metadata %u", formats[i / 3], i % 3);
        (i / 3 < 3 ? check_tags : check_xmp)(VIPS_IMAGE(out), 1u << i % 3);
    }
    close(fd);
}

static void test_a_list_keeps_what_it_names(void)
{
    const struct encode_image encode = {.effort = -1, .metadata = META_COPYRIGHT | META_GPS};
    g_autoptr(GObject) image = G_OBJECT(with_tags());
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
    g_assert_true(has(VIPS_IMAGE(out), "exif-ifd3-GPSLatitude"));
    g_assert_true(has(VIPS_IMAGE(out), "exif-ifd0-Copyright"));
    g_assert_false(has(VIPS_IMAGE(out), "exif-ifd0-Make"));
    g_assert_false(has(VIPS_IMAGE(out), "exif-ifd2-DateTimeOriginal"));
    close(fd);
}

/* An EXIF (TIFF 6.0, 2) with a maker note that stands at a fixed place, and a thumbnail. */
enum { NOTE_AT = 200, THUMBNAIL_AT = 300, EXIF_BYTES = 340 };

static void put(guint8 *at, unsigned bytes, unsigned value, bool big)
{
    for (unsigned i = 0; i < bytes; i++)
        at[i] = (guint8)(value >> 8 * (big ? bytes - 1 - i : i));
}

static guint8 *entry(guint8 *at, unsigned tag, unsigned type, unsigned count, unsigned value,
                     bool big)
{
    put(at, 2, tag, big);
    put(at + 2, 2, type, big);
    put(at + 4, 4, count, big);
    put(at + 8, type == 3 ? 2 : 4, value, big);
    return at + 12;
}

static GBytes *made_exif(bool big)
{
    guint8 *exif = g_malloc0(EXIF_BYTES), *at = exif + 8;
    memcpy(exif, big ? "MM\0*" : "II*", 4);
    put(exif + 4, 4, 8, big);
    put(at, 2, 3, big);
    at = entry(at + 2, 0x112, 3, 1, 6, big);
    at = entry(at, 0x8298, 2, 22, 150, big);
    at = entry(at, 0x8769, 4, 1, 100, big);
    put(at, 4, 250, big); /* the 1st IFD */
    memcpy(exif + 150, "Photographer\0Editor\0", 21);
    put(exif + 100, 2, 2, big);
    at = entry(exif + 102, 0x927c, 7, 16, NOTE_AT, big);
    entry(at, 0xa002, 4, 1, 9999, big);
    memcpy(exif + NOTE_AT, "MAKER of cameras", 16);
    put(exif + 250, 2, 2, big);
    at = entry(exif + 252, 0x201, 4, 1, THUMBNAIL_AT, big);
    entry(at, 0x202, 4, 1, 40, big);
    memset(exif + THUMBNAIL_AT, 0xee, 40);
    return g_bytes_new_take(exif, EXIF_BYTES);
}

static void append(GByteArray *file, const char *begins, const void *data, gsize size,
                   guint8 marker)
{
    gsize all = 2 + strlen(begins) + (strcmp(begins, "Exif") == 0 ? 2 : 1) + size;
    const guint8 head[] = {0xff, marker, (guint8)(all >> 8), (guint8)all};
    g_byte_array_append(file, head, 4);
    g_byte_array_append(file, (const guint8 *)begins, (guint)strlen(begins) + 1);
    if (strcmp(begins, "Exif") == 0)
        g_byte_array_append(file, (const guint8 *)"", 1);
    g_byte_array_append(file, data, (guint)size);
}

/* A JPEG with these segments; NULL: without. */
static int jpeg_of(GBytes *exif, const char *xmp, const char *other, const void *data, gsize length,
                   guint8 marker)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, smooth));
    void *bare = NULL;
    size_t size = 0;
    g_assert_cmpint(vips_jpegsave_buffer(VIPS_IMAGE(image), &bare, &size, "strip", TRUE, NULL), ==,
                    0);
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, bare, 2);
    if (exif)
        append(file, "Exif", g_bytes_get_data(exif, NULL), g_bytes_get_size(exif), 0xe1);
    if (xmp)
        append(file, "http://ns.adobe.com/xap/1.0/", xmp, strlen(xmp), 0xe1);
    if (other)
        append(file, other, data, length, marker);
    g_byte_array_append(file, (guint8 *)bare + 2, (guint)size - 2);
    int fd = stills_blank();
    g_assert_cmpint(write(fd, file->data, file->len), ==, file->len);
    g_free(bare);
    return fd;
}

static int jpeg_with(GBytes *exif, const char *xmp, const char *other, guint8 marker)
{
    return jpeg_of(exif, xmp, other, "data", 4, marker);
}

static GBytes *blob_of(VipsImage *image, const char *name)
{
    const void *data;
    size_t size;
    g_assert_cmpint(vips_image_get_blob(image, name, &data, &size), ==, 0);
    return g_bytes_new(data, size);
}

/* From the TIFF header on. */
static const guint8 *tiff_of(GBytes *exif)
{
    const guint8 *data = g_bytes_get_data(exif, NULL);
    return memcmp(data, "Exif", 4) == 0 ? data + 6 : data;
}

static char *notes_of(const struct still *still)
{
    const GPtrArray *notes = still_notes(still);
    g_autoptr(GString) all = g_string_new(NULL);
    for (guint i = 0; i < notes->len; i++)
        g_string_append_printf(all, "%s\n", (char *)notes->pdata[i]);
    return g_string_free(g_steal_pointer(&all), FALSE);
}

static const struct encode_image archive = {.effort = -1, .metadata = META_ARCHIVE};

/* Notes of many makers point to places in the file's EXIF (exiftool.org/makernote_types.html). */
static void test_archive_keeps_the_maker_note_where_it_stood(void)
{
    static const char *const formats[] = {"jpeg", "png", "webp", "avif"};
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(formats); i++) {
        g_autoptr(GBytes) exif = made_exif(i % 2);
        int fd = jpeg_with(exif, NULL, NULL, 0);
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i / 2], &archive));
        g_autoptr(GBytes) back = blob_of(VIPS_IMAGE(out), VIPS_META_EXIF_NAME);
        const guint8 *data = tiff_of(back);
        g_test_message("%s", formats[i / 2]);
        g_assert_cmpmem(data + NOTE_AT, 16, "MAKER of cameras", 16);
        g_assert_cmpint(vips_image_get_orientation(VIPS_IMAGE(out)), ==, 1);
        g_assert_null(memchr(data, 0xee, g_bytes_get_size(back) - 6));
        close(fd);
    }
}

static const char *why_of(const struct still *still, const char *what)
{
    const GPtrArray *rows = still_carried(still);
    for (guint i = 0; i < rows->len; i++)
        if (g_strcmp0(((const struct carried_row *)rows->pdata[i])->what, what) == 0)
            return ((const struct carried_row *)rows->pdata[i])->why;
    return NULL;
}

static void test_why_a_maker_note_and_a_thumbnail_go_is_said_of_each(void)
{
    const struct encode_image web = {.effort = -1};
    g_autoptr(GBytes) exif = made_exif(false);
    int fd = jpeg_with(exif, NULL, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &web));
    g_assert_nonnull(out);
    g_assert_cmpstr(why_of(still, "maker note"), ==, "it can't be read once it is moved");
    g_assert_cmpstr(why_of(still, "thumbnail"), ==, "it shows the picture as it was");
    close(fd);
}

/* PNG Third Edition, 11.3.3.4: at most one. */
static void test_a_png_has_one_exif(void)
{
    for (unsigned metadata = META_WEB; metadata <= META_ARCHIVE; metadata <<= 1) {
        const struct encode_image encode = {.effort = -1, .metadata = metadata};
        struct failure failure = {0};
        struct claim claim = {0};
        g_autoptr(GBytes) exif = made_exif(true);
        int fd = jpeg_with(exif, NULL, NULL, 0), out = stills_blank();
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_write(still, "png", &encode, out, &claim, &failure));
        char file[65536];
        ssize_t size = pread(out, file, sizeof file, 0);
        const char *first = memmem(file, (size_t)size, "eXIf", 4);
        g_assert_nonnull(first);
        g_assert_null(memmem(first + 4, (size_t)(file + size - first) - 4, "eXIf", 4));
        g_assert_cmpmem(file + size - 8, 4, "IEND", 4);
        claim_clear(&claim);
        close(out);
        close(fd);
    }
}

static void test_a_title_is_in_every_format(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "png"};
    const struct encode_image web = {.effort = -1};
    g_autoptr(GBytes) exif = made_exif(true);
    int fd = jpeg_with(exif, NULL, NULL, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_tag(still, &failure, "title", "My title"));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i], &web));
        g_autoptr(GBytes) back = blob_of(VIPS_IMAGE(out), VIPS_META_EXIF_NAME);
        g_autofree char *title = exif_text(back, EXIF_DOCUMENT_NAME);
        g_test_message("%s", formats[i]);
        g_assert_cmpstr(title, ==, "My title");
    }
    close(fd);
}

/* IPTC-IIM 4.2, 1.5: the version, 2:00, and a caption, 2:120. */
static const char iim[] = {0x1c, 2, 0, 0, 2, 0, 4, 0x1c, 2, 120, 0, 3, 'd', 'u', 'o', 0};

static bool has_bytes(int fd, const char *bytes, size_t length)
{
    char file[65536];
    ssize_t size = pread(fd, file, sizeof file, 0);
    return memmem(file, (size_t)size, bytes, length) != NULL;
}

/* exiftool calls it bad, otherwise. */
static void test_iptc_is_whole_in_jpeg_and_in_tiff(void)
{
    static const char resource[] = "8BIM\4\4\0\0\0\0\0\20";
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, smooth));
    char four_times[4 * sizeof iim] = {0}; /* a quarter is written */
    memcpy(four_times, iim, sizeof iim);
    vips_image_set_blob_copy(VIPS_IMAGE(image), VIPS_META_IPTC_NAME, four_times, sizeof four_times);
    struct failure failure = {0};
    struct claim claim = {0};
    int raw = stills_file(VIPS_IMAGE(image), "tiff"), jpeg = stills_blank(), tiff = stills_blank();
    g_auto(still_ptr) first = stills_open(raw), second = stills_open(raw);
    g_assert_true(still_write(first, "jpeg", &archive, jpeg, &claim, &failure));
    g_assert_true(has_bytes(jpeg, "Photoshop 3.0", 14) && has_bytes(jpeg, iim, sizeof iim));
    g_assert_true(has_bytes(jpeg, resource, sizeof resource - 1));
    g_assert_true(still_write(second, "tiff", &archive, tiff, &claim, &failure));
    g_assert_true(has_bytes(tiff, resource, sizeof resource - 1));
    g_assert_true(has_bytes(tiff, iim, sizeof iim) && !has_bytes(tiff, "Photoshop 3.0", 13));
    claim_clear(&claim);
    close(raw);
    close(jpeg);
    close(tiff);
}

static void test_a_set_tag_moves_nothing_else(void)
{
    struct failure failure = {0};
    g_autoptr(GBytes) exif = made_exif(true);
    int fd = jpeg_with(exif, NULL, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_tag(still, &failure, "artist", "A. Person (Example)"));
    g_assert_true(still_tag(still, &failure, "copyright", NULL));
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &archive));
    g_autoptr(GBytes) back = blob_of(VIPS_IMAGE(out), VIPS_META_EXIF_NAME);
    g_autofree char *artist = exif_text(back, EXIF_ARTIST),
                    *rights = exif_text(back, EXIF_COPYRIGHT);
    g_assert_cmpmem(tiff_of(back) + NOTE_AT, 16, "MAKER of cameras", 16);
    g_assert_cmpstr(artist, ==, "A. Person (Example)");
    g_assert_null(rights);
    close(fd);
}

/* Exif 2.32, 4.6.4. */
static void test_copyrights_of_photographer_and_editor_are_both_kept(void)
{
    const struct encode_image web = {.effort = -1};
    g_autoptr(GBytes) exif = made_exif(false);
    int fd = jpeg_with(exif, NULL, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &web));
    g_autoptr(GBytes) back = blob_of(VIPS_IMAGE(out), VIPS_META_EXIF_NAME);
    g_autofree char *rights = exif_text(back, EXIF_COPYRIGHT);
    g_assert_cmpstr(rights, ==, "Photographer; Editor");
    close(fd);
}

#define XMP(body)                                                                                \
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "                                            \
    "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" " \
    "xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "                                             \
    "xmlns:exif=\"http://ns.adobe.com/exif/1.0/\" "                                              \
    "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" "                                              \
    "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\">" body "</rdf:Description></rdf:RDF></x:xmpmeta>"

static const char xmp[] = XMP(
    "<dc:rights><rdf:Alt><rdf:li xml:lang=\"x-default\">Old rights</rdf:li></rdf:Alt></dc:rights>"
    "<exif:GPSLatitude>52,30N</exif:GPSLatitude><tiff:Orientation>6</tiff:Orientation>"
    "<xmp:Rating>4</xmp:Rating>");

/* libvips 8.14 reads that of AVIF by another name. */
static bool xmp_says(GObject *out, const char *text)
{
    bool heif = vips_image_get_typeof(VIPS_IMAGE(out), "heif-mime-1") != 0;
    g_autoptr(GBytes) packet = blob_of(VIPS_IMAGE(out), heif ? "heif-mime-1" : VIPS_META_XMP_NAME);
    gsize size;
    const char *data = g_bytes_get_data(packet, &size);
    return g_strstr_len(data, (gssize)size, text);
}

static void test_a_set_tag_is_set_in_the_xmp_of_the_source_too(void)
{
    static const char *const formats[] = {"jpeg", "png", "webp", "tiff", "avif"};
    int fd = jpeg_with(NULL, xmp, NULL, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_true(still_tag(still, &failure, "copyright", "New rights"));
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i], &archive));
        g_test_message("%s", formats[i]);
        g_assert_true(xmp_says(out, "New rights") && !xmp_says(out, "Old rights"));
        g_assert_true(xmp_says(out, "Rating=\"4\"") && xmp_says(out, "52,30N"));
        g_assert_true(xmp_says(out, "tiff:Orientation=\"1\""));
    }
    close(fd);
}

static void test_xmp_of_an_avif_is_carried(void)
{
    int fd = jpeg_with(NULL, xmp, NULL, 0), middle = stills_blank();
    struct failure failure = {0};
    struct claim claim = {0};
    g_auto(still_ptr) first = stills_open(fd);
    g_assert_true(still_write(first, "avif", &archive, middle, &claim, &failure));
    g_auto(still_ptr) still = stills_open(middle);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &archive));
    g_assert_true(xmp_says(out, "Old rights"));
    claim_clear(&claim);
    close(middle);
    close(fd);
}

static void test_places_are_taken_out_of_the_xmp(void)
{
    const struct encode_image list = {.effort = -1, .metadata = META_XMP};
    int fd = jpeg_with(NULL, xmp, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &list));
    g_assert_true(xmp_says(out, "Rating=\"4\""));
    g_assert_false(xmp_says(out, "GPSLatitude"));
    close(fd);
}

/* XMP Specification Part 3, 1.1.3.1: it names the GUID of segments that aren't carried. */
static void test_no_xmp_says_that_there_is_more_of_it(void)
{
    static const unsigned metadata[] = {META_ARCHIVE, META_XMP};
    static const char extended[] =
        XMP("<n:HasExtendedXMP xmlns:n=\"http://ns.adobe.com/xmp/note/\">22CD9F</n:HasExtendedXMP>"
            "<xmp:Rating>4</xmp:Rating>");
    const int fd = jpeg_with(NULL, extended, NULL, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(metadata); i++) {
        const struct encode_image encode = {.effort = -1, .metadata = metadata[i]};
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
        g_assert_true(xmp_says(out, "Rating=\"4\"") && !xmp_says(out, "HasExtendedXMP"));
    }
    close(fd);
}

/* What says whose camera it was, and where, beside an address that the creator gives. */
static const char private_xmp[] =
    XMP("<a:SerialNumber xmlns:a=\"http://ns.adobe.com/exif/1.0/aux/\">S-1</a:SerialNumber>"
        "<e:LensSerialNumber xmlns:e=\"http://cipa.jp/exif/1.0/\">S-2</e:LensSerialNumber>"
        "<d:GpsLatitude xmlns:d=\"http://www.dji.com/drone-dji/1.0/\">+52.51</d:GpsLatitude>"
        "<s:Latitude xmlns:s=\"https://www.skydio.com/drone-skydio/1.0/\">52.53</s:Latitude>"
        "<g:lat xmlns:g=\"http://www.w3.org/2003/01/geo/wgs84_pos#\">52.55</g:lat>"
        "<m:CameraSerial xmlns:m=\"http://ns.example.com/maker/1.0/\">S-3</m:CameraSerial>"
        "<p:City xmlns:p=\"http://ns.adobe.com/photoshop/1.0/\">Smallville</p:City>"
        "<i:LocationShown xmlns:i=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"><rdf:Bag>"
        "<rdf:li rdf:parseType=\"Resource\"><i:City>Bigtown</i:City></rdf:li></rdf:Bag>"
        "</i:LocationShown><c:CreatorContactInfo "
        "xmlns:c=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\" rdf:parseType=\"Resource\">"
        "<c:CiAdrCity>Hometown</c:CiAdrCity></c:CreatorContactInfo><xmp:Rating>4</xmp:Rating>");

static const char *const private_words[] = {"S-1",   "S-2",        "S-3",     "+52.51", "52.53",
                                            "52.55", "Smallville", "Bigtown", NULL};

static void test_xmp_says_neither_where_nor_whose_unless_it_is_asked_for(void)
{
    static const struct {
        unsigned metadata, kept; /* a bit each of `private_words` */
        const char *said;
    } rows[] = {
        {META_XMP, 0,
         "dropped: XMP's GPS, XMP's SerialNumber, XMP's LensSerialNumber, XMP's CameraSerial, "
         "XMP's City, "
         "XMP's LocationShown"},
        {META_XMP | META_GPS, 0xf8,
         "dropped: XMP's SerialNumber, XMP's LensSerialNumber, XMP's CameraSerial"},
        {META_ARCHIVE, 0xff, NULL},
    };
    const int fd = jpeg_with(NULL, private_xmp, NULL, 0);
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct encode_image encode = {.effort = -1, .metadata = rows[i].metadata};
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
        g_autofree char *notes = notes_of(still);
        const char *dropped = strstr(notes, "dropped: ");
        g_assert_true(xmp_says(out, "Rating=\"4\"") && xmp_says(out, "Hometown"));
        for (unsigned w = 0; private_words[w]; w++)
            g_assert_true(xmp_says(out, private_words[w]) == (rows[i].kept >> w & 1));
        g_assert_true(rows[i].said ? dropped && g_str_has_prefix(dropped, rows[i].said) : !dropped);
    }
    close(fd);
}

/* IPTC-IIM 4.2: a caption (2:120), a city (2:90) and a country (2:101), in four-byte wholes. */
static void test_iptc_says_no_place_unless_it_is_asked_for(void)
{
    static const char placed[] = "\x1c\2\x78\0\3duo\x1c\2\x5a\0\4Rome\x1c\2\x65\0\5Italy\0";
    static const struct {
        unsigned metadata;
        const char *said;
    } rows[] = {{META_IPTC, "dropped: IPTC's City, IPTC's Country\n"},
                {META_IPTC | META_GPS, NULL},
                {META_ARCHIVE, NULL}};
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, smooth));
    char four_times[4 * (sizeof placed - 1)] = {0}; /* a quarter is written */
    memcpy(four_times, placed, sizeof placed - 1);
    vips_image_set_blob_copy(VIPS_IMAGE(image), VIPS_META_IPTC_NAME, four_times, sizeof four_times);
    const int fd = stills_file(VIPS_IMAGE(image), "tiff");
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct encode_image encode = {.effort = -1, .metadata = rows[i].metadata};
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
        g_autoptr(GBytes) iptc = blob_of(VIPS_IMAGE(out), VIPS_META_IPTC_NAME);
        g_autofree char *notes = notes_of(still);
        const void *data = g_bytes_get_data(iptc, NULL);
        const gsize size = g_bytes_get_size(iptc);
        g_assert_nonnull(memmem(data, size, "duo", 3));
        g_assert_true((memmem(data, size, "Rome", 4) != NULL) == !rows[i].said);
        g_assert_true((memmem(data, size, "Italy", 5) != NULL) == !rows[i].said);
        g_assert_true(rows[i].said ? strstr(notes, rows[i].said) != NULL
                                   : !strstr(notes, "dropped: "));
    }
    close(fd);
}

/* IPTC-IIM 4.2, 1.5(c) (a length of 0x8004 is followed by four bytes of it), and Photoshop File
 * Formats Specification, Image Resources. */
static void test_iptc_is_kept_as_far_as_it_can_be_read_and_the_rest_is_said(void)
{
#define ROW(bytes) bytes, sizeof bytes - 1
#define CITY "\x1c\2\x5a\0\4Rome"
#define CAPTION "\x1c\2\x78\0\3duo"
    static const struct {
        const char *bytes;
        size_t size;
        bool caption;
        const char *said;
    } rows[] = {
        {ROW("8BIM\4\4\0\0\0\0\0\x15\x1c\2\x5a\x80\4\0\0\0\4Rome" CAPTION), true,
         "dropped: IPTC's City\n"},
        {ROW("8BIM\4\4\0\0\0\0\0\x14" CITY "\0\0\0" CAPTION), true, "dropped: IPTC's City\n"},
        {ROW("MeSa\x1b\x60\0\0\0\0\0\3abc\0"
             "8BIM\4\4\0\0\0\0\0\x10" CAPTION "\x1c\2\5\0\3abc"),
         true, "dropped: Photoshop data\n"},
        {ROW("8BIM\4\4\0\0\0\0\0\x0c" CAPTION "what"), true, "dropped: parts of IPTC (damaged)\n"},
        {ROW("8BIM\4\4\0\0\0\0\0\x50" CAPTION CITY), true,
         "dropped: parts of IPTC (damaged), IPTC's City\n"},
        {ROW("8BIM\4\4\0\0\0\0\0\x0a\x1c\2\x5a\x80\5\0\0\0\4R"), false,
         "dropped: IPTC (damaged)\n"},
        {ROW("the rest of a segment"), false, "dropped: IPTC (damaged)\n"},
    };
#undef CAPTION
#undef CITY
#undef ROW
    const struct encode_image list = {.effort = -1, .metadata = META_IPTC};
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const int fd = jpeg_of(NULL, NULL, "Photoshop 3.0", rows[i].bytes, rows[i].size, 0xed);
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &list));
        g_autofree char *notes = notes_of(still);
        const char *dropped = strstr(notes, "dropped: ");
        const void *data = "";
        size_t size = 0;
        g_test_message("%u: %s", i, notes);
        if (rows[i].caption)
            g_assert_cmpint(vips_image_get_blob(VIPS_IMAGE(out), VIPS_META_IPTC_NAME, &data, &size),
                            ==, 0);
        g_assert_true((memmem(data, size, "duo", 3) != NULL) == rows[i].caption);
        g_assert_null(memmem(data, size, "Rome", 4));
        g_assert_cmpstr(dropped, ==, rows[i].said);
        close(fd);
    }
}

static void test_rights_that_only_xmp_has_are_kept(void)
{
    const struct encode_image web = {.effort = -1};
    int fd = jpeg_with(NULL, xmp, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &web));
    g_autoptr(GBytes) back = blob_of(VIPS_IMAGE(out), VIPS_META_EXIF_NAME);
    g_autofree char *rights = exif_text(back, EXIF_COPYRIGHT);
    g_assert_cmpstr(rights, ==, "Old rights");
    close(fd);
}

static void test_what_is_dropped_is_said_in_words(void)
{
    static const struct {
        const char *format;
        unsigned metadata;
        const char *said;
    } rows[] = {
        {"jpeg", META_WEB, "dropped: camera, other EXIF, GPS\n"},
        {"jpeg", META_COPYRIGHT, "dropped: date taken, camera, other EXIF, GPS\n"},
        {"jpeg", META_NONE, "dropped: copyright, date taken, camera, other EXIF, GPS\n"},
        {"png", META_CAMERA | META_GPS, "dropped: copyright, date taken, other EXIF\n"},
        {"tiff", META_CAMERA | META_DATE, "dropped: copyright, other EXIF, GPS\n"},
        {"jpeg", META_ARCHIVE, ""},
    };
    g_autoptr(GObject) image = G_OBJECT(with_tags());
    vips_image_set_string(VIPS_IMAGE(image), "exif-ifd2-OffsetTimeOriginal", "+02:00");
    vips_image_set_string(VIPS_IMAGE(image), "exif-ifd2-Contrast", "0");
    vips_image_remove(VIPS_IMAGE(image), "exif-ifd2-ISOSpeedRatings");
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct encode_image encode = {.effort = -1, .metadata = rows[i].metadata};
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, rows[i].format, &encode));
        g_assert_nonnull(out);
        g_autofree char *notes = notes_of(still);
        g_test_message("%u: %s", i, rows[i].format);
        g_assert_true(g_str_has_prefix(notes, "no colour profile: taken as sRGB\n"));
        g_assert_cmpstr(strchr(notes, '\n') + 1, ==, rows[i].said);
    }
    close(fd);
}

static void test_exif_that_cannot_be_kept_whole_is_said(void)
{
    static const guint8 outside[] = {'I', 'I', '*', 0, 0xf0, 0xff, 0, 0, 0, 0, 0, 0};
    g_autoptr(GBytes) exif = g_bytes_new_static(outside, sizeof outside);
    int fd = jpeg_with(exif, NULL, NULL, 0);
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &archive));
    g_autofree char *notes = notes_of(still);
    g_assert_nonnull(out);
    g_assert_nonnull(strstr(notes, "dropped: parts of EXIF (damaged, or more than 64 kB)"));
    close(fd);
}

static void test_a_tiff_has_the_zone_of_its_date(void)
{
    const struct encode_image web = {.effort = -1};
    g_autoptr(GObject) image = G_OBJECT(with_tags());
    vips_image_set_string(VIPS_IMAGE(image), "exif-ifd2-OffsetTimeOriginal", "+02:00");
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "tiff", &web));
    g_assert_true(xmp_says(out, "2026-11-21T10:00:00+02:00"));
    close(fd);
}

static void append_segment(GByteArray *file, const guint8 *data, gsize size)
{
    append(file, "Photoshop 3.0", data, size, 0xed);
}

/* Photoshop File Formats Specification, Image Resources: one of IPTC, of captions. */
static GBytes *long_resources(void)
{
    enum { CAPTIONS = 9000 };
    static const guint8 caption[] = {0x1c, 2, 120, 0, 3, 'd', 'u', 'o'};
    const guint32 size = GUINT32_TO_BE((guint32)(CAPTIONS * sizeof caption));
    GByteArray *out = g_byte_array_new();
    g_byte_array_append(out, (const guint8 *)"8BIM\4\4\0\0", 8);
    g_byte_array_append(out, (const guint8 *)&size, sizeof size);
    for (unsigned i = 0; i < CAPTIONS; i++)
        g_byte_array_append(out, caption, sizeof caption);
    return g_byte_array_free_to_bytes(out);
}

/* In two segments, of which the first ends within a caption. */
static int jpeg_of_two_segments(GBytes *resources)
{
    enum { FIRST = 60001 };
    const guint8 *data = g_bytes_get_data(resources, NULL);
    g_autofree char *bare = g_malloc(65536);
    int fd = jpeg_of(NULL, NULL, NULL, NULL, 0, 0);
    const ssize_t size = pread(fd, bare, 65536, 0);
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, (const guint8 *)bare, 2);
    append_segment(file, data, FIRST);
    append_segment(file, data + FIRST, g_bytes_get_size(resources) - FIRST);
    g_byte_array_append(file, (const guint8 *)bare + 2, (guint)size - 2);
    g_assert_cmpint(pwrite(fd, file->data, file->len, 0), ==, file->len);
    return fd;
}

/* What all APP13 of a JPEG have behind "Photoshop 3.0", 0. */
static GBytes *joined(int fd)
{
    enum { MOST = 1 << 18, NAME = 14 };
    g_autofree guint8 *file = g_malloc(MOST);
    const gsize size = (gsize)pread(fd, file, MOST, 0);
    GByteArray *out = g_byte_array_new();
    for (gsize at = 2; at + 4 < size && file[at + 1] != 0xda;) {
        const gsize length = (gsize)file[at + 2] << 8 | file[at + 3];
        if (file[at + 1] == 0xed)
            g_byte_array_append(out, file + at + 4 + NAME, (guint)(length - 2 - NAME));
        at += 2 + length;
    }
    return g_byte_array_free_to_bytes(out);
}

/* Where one is full, it goes on in the next. */
static void test_iptc_of_two_segments_is_whole_in_jpeg_and_in_tiff(void)
{
    const struct encode_image list = {.effort = -1, .metadata = META_IPTC};
    const struct encode_image *const policies[] = {&archive, &list};
    g_autoptr(GBytes) resources = long_resources();
    const int fd = jpeg_of_two_segments(resources);
    for (unsigned i = 0; i < G_N_ELEMENTS(policies); i++) {
        struct failure failure = {0};
        struct claim claim = {0};
        int jpeg = stills_blank();
        g_auto(still_ptr) first = stills_open(fd), second = stills_open(fd);
        g_assert_true(still_write(first, "jpeg", policies[i], jpeg, &claim, &failure));
        g_autofree char *notes = notes_of(first);
        g_autoptr(GBytes) again = joined(jpeg);
        g_autoptr(GObject) tiff = G_OBJECT(stills_written(second, "tiff", policies[i]));
        g_autoptr(GBytes) of_tiff = blob_of(VIPS_IMAGE(tiff), VIPS_META_PHOTOSHOP_NAME);
        g_assert_null(strstr(notes, "IPTC"));
        g_assert_true(g_bytes_equal(again, resources) && g_bytes_equal(of_tiff, resources));
        claim_clear(&claim);
        close(jpeg);
    }
    close(fd);
}

/* As Photoshop writes them, and rushes. */
static void test_iptc_among_the_resources_of_a_tiff_is_that_of_a_jpeg(void)
{
    const struct encode_image list = {.effort = -1, .metadata = META_IPTC};
    g_autoptr(GBytes) resources = long_resources();
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, smooth));
    gsize size;
    const void *data = g_bytes_get_data(resources, &size);
    vips_image_set_blob_copy(VIPS_IMAGE(image), VIPS_META_PHOTOSHOP_NAME, data, size);
    struct failure failure = {0};
    struct claim claim = {0};
    int fd = stills_file(VIPS_IMAGE(image), "tiff"), jpeg = stills_blank();
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_write(still, "jpeg", &list, jpeg, &claim, &failure));
    g_autoptr(GBytes) back = joined(jpeg);
    g_assert_true(g_bytes_equal(back, resources));
    claim_clear(&claim);
    close(jpeg);
    close(fd);
}

static unsigned times_in(int fd, const char *words)
{
    const gsize size = (gsize)lseek(fd, 0, SEEK_END);
    g_autofree char *file = g_malloc(size);
    unsigned times = 0;
    g_assert_cmpint(pread(fd, file, size, 0), ==, (gssize)size);
    for (const char *at = file; (at = memmem(at, size - (gsize)(at - file), words, strlen(words)));
         at++)
        times++;
    return times;
}

static void test_the_levels_of_a_pyramid_say_no_tags_again(void)
{
    const struct encode_image pyramid = {
        .effort = -1, .metadata = META_ARCHIVE, .pyramid = true, .tile = 16};
    g_autoptr(GBytes) exif = made_exif(true);
    struct failure failure = {0};
    struct claim claim = {0};
    int fd = jpeg_of(exif, "<x:xmpmeta/>", "Photoshop 3.0",
                     "8BIM\4\4\0\0\0\0\0\x08\x1c\2\170\0\3duo", 20, 0xed);
    int tiff = stills_blank();
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_true(still_write(still, "tiff", &pyramid, tiff, &claim, &failure));
    g_autoptr(GObject) out = G_OBJECT(stills_read(tiff));
    g_assert_cmpint(vips_image_get_n_pages(VIPS_IMAGE(out)), ==, 2);
    g_assert_cmpuint(times_in(tiff, "<x:xmpmeta"), ==, 1);
    g_assert_cmpuint(times_in(tiff, "duo"), ==, 1);
    claim_clear(&claim);
    close(tiff);
    close(fd);
}

/* Files of more than 4 GB are BigTIFF, whose entries are wider. */
static void test_a_big_tiff_has_its_tags(void)
{
    g_autoptr(GObject) tagged = G_OBJECT(with_tags());
    int source = stills_file(VIPS_IMAGE(tagged), "jpeg");
    g_autoptr(GObject) read = G_OBJECT(stills_read(source));
    g_autoptr(GBytes) exif = blob_of(VIPS_IMAGE(read), VIPS_META_EXIF_NAME);
    g_autoptr(GBytes) packet = g_bytes_new_static("<x:xmpmeta/>", 12), resources = long_resources();
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 24, 3, false, smooth));
    struct failure failure = {0};
    g_autofree void *file = NULL;
    size_t size;
    g_assert_cmpint(
        vips_tiffsave_buffer(VIPS_IMAGE(image), &file, &size, "bigtiff", TRUE, "strip", TRUE, NULL),
        ==, 0);
    int fd = stills_blank();
    g_assert_cmpint(write(fd, file, size), ==, (gssize)size);
    g_assert_true(tiff_add(fd, &(struct tiff_blocks){exif, packet, resources}, &failure));
    g_autoptr(GObject) out = G_OBJECT(stills_read(fd));
    g_autoptr(GBytes) xmp_back = blob_of(VIPS_IMAGE(out), VIPS_META_XMP_NAME);
    g_autoptr(GBytes) resources_back = blob_of(VIPS_IMAGE(out), VIPS_META_PHOTOSHOP_NAME);
    bool maker_note;
    g_autoptr(GBytes) exif_back = tiff_exif_read(fd, &maker_note);
    g_autofree char *rights = exif_text(exif_back, EXIF_COPYRIGHT);
    g_autofree char *date = exif_text(exif_back, EXIF_DATE_TIME_ORIGINAL);
    g_assert_cmpfloat(stills_difference(VIPS_IMAGE(image), VIPS_IMAGE(out)), ==, 0);
    g_assert_true(g_bytes_equal(packet, xmp_back) && g_bytes_equal(resources, resources_back));
    g_assert_cmpstr(rights, ==, "Example Films (2026)");
    g_assert_cmpstr(date, ==, "2026:11:21 10:00:00");
    close(source);
    close(fd);
}

static void test_segments_that_cannot_be_carried_are_said(void)
{
    static const struct {
        const char *begins, *said;
        guint8 marker;
    } rows[] = {
        {"FLIR", "dropped: FLIR's thermal data\n", 0xe1},
        {"MPF", "dropped: further pictures of the file (MPF: previews, or an HDR gain map)\n",
         0xe2},
        {"JP", "dropped: content credentials (JUMBF)\n", 0xeb},
        {"Ducky", "dropped: Photoshop's words for the web (Ducky)\n", 0xec},
        {"Photoshop 3.0", "", 0xed},
        {"Other", "", 0xec},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fd = jpeg_with(NULL, NULL, rows[i].begins, rows[i].marker);
        g_auto(still_ptr) still = stills_open(fd);
        g_autofree char *notes = notes_of(still);
        g_assert_cmpstr(notes, ==, rows[i].said);
        close(fd);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_CRITICAL | G_LOG_FATAL_MASK);
    g_test_add_func("/stills/tags/web", test_web_keeps_rights_and_date_and_drops_places);
    g_test_add_func("/stills/tags/list", test_a_list_keeps_what_it_names);
    g_test_add_func("/stills/tags/maker_note", test_archive_keeps_the_maker_note_where_it_stood);
    g_test_add_func("/stills/tags/why-each-goes",
                    test_why_a_maker_note_and_a_thumbnail_go_is_said_of_each);
    g_test_add_func("/stills/tags/one_of_png", test_a_png_has_one_exif);
    g_test_add_func("/stills/tags/iptc", test_iptc_is_whole_in_jpeg_and_in_tiff);
    g_test_add_func("/stills/tags/title", test_a_title_is_in_every_format);
    g_test_add_func("/stills/tags/set", test_a_set_tag_moves_nothing_else);
    g_test_add_func("/stills/tags/copyrights",
                    test_copyrights_of_photographer_and_editor_are_both_kept);
    g_test_add_func("/stills/tags/set_in_xmp", test_a_set_tag_is_set_in_the_xmp_of_the_source_too);
    g_test_add_func("/stills/tags/xmp_of_avif", test_xmp_of_an_avif_is_carried);
    g_test_add_func("/stills/tags/places_of_xmp", test_places_are_taken_out_of_the_xmp);
    g_test_add_func("/stills/tags/private_of_xmp",
                    test_xmp_says_neither_where_nor_whose_unless_it_is_asked_for);
    g_test_add_func("/stills/tags/extended_xmp", test_no_xmp_says_that_there_is_more_of_it);
    g_test_add_func("/stills/tags/places_of_iptc", test_iptc_says_no_place_unless_it_is_asked_for);
    g_test_add_func("/stills/tags/unread_iptc",
                    test_iptc_is_kept_as_far_as_it_can_be_read_and_the_rest_is_said);
    g_test_add_func("/stills/tags/rights_of_xmp", test_rights_that_only_xmp_has_are_kept);
    g_test_add_func("/stills/tags/dropped", test_what_is_dropped_is_said_in_words);
    g_test_add_func("/stills/tags/damaged", test_exif_that_cannot_be_kept_whole_is_said);
    g_test_add_func("/stills/tags/zone", test_a_tiff_has_the_zone_of_its_date);
    g_test_add_func("/stills/tags/two_segments",
                    test_iptc_of_two_segments_is_whole_in_jpeg_and_in_tiff);
    g_test_add_func("/stills/tags/resources_of_tiff",
                    test_iptc_among_the_resources_of_a_tiff_is_that_of_a_jpeg);
    g_test_add_func("/stills/tags/pyramid", test_the_levels_of_a_pyramid_say_no_tags_again);
    g_test_add_func("/stills/tags/big_tiff", test_a_big_tiff_has_its_tags);
    g_test_add_func("/stills/tags/segments", test_segments_that_cannot_be_carried_are_said);
    return g_test_run();
}
