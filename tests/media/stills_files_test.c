/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files of stills: damage, limits, settings, tags, full disks. */
#include "stills_support.h"

#include "media/probe.h"
#include "media/trust.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <unistd.h>

static void noise(int x, int y, double *out)
{
    guint32 v = ((guint32)x * 2654435761u) ^ ((guint32)y * 2246822519u);
    v ^= v >> 15;
    v *= 3266489917u;
    for (int b = 0; b < 4; b++)
        out[b] = (v >> (8 * b)) & 255;
}

static void smooth(int x, int y, double *out)
{
    out[0] = 3 * x;
    out[1] = 4 * y;
    out[2] = 2 * (x + y);
}

static void flat(int x, int y, double *out)
{
    noise(x, y, out);
    for (int b = 0; b < 3 && y >= 400; b++)
        out[b] = 0;
    if (y >= 400)
        out[3] = 128;
}

static void tells_damage(struct failure *failure, const char *word)
{
    g_assert_cmpint(failure->class, ==, FAIL_INPUT_DAMAGED);
    g_assert_nonnull(strstr(failure->message, word));
    failure_clear(failure);
}

/* A run and a check say the same. */
static void is_damaged(int fd, const char *word)
{
    struct failure failure = {0};
    g_auto(facts_ptr) facts = facts_create();
    g_assert_null(still_open(fd, &(struct still_opts){.threads = 1}, &failure));
    tells_damage(&failure, word);
    g_assert_false(media_read_still(fd, facts, &failure));
    tells_damage(&failure, word);
    close(fd);
}

static void is_sound(int fd)
{
    struct failure failure = {0};
    g_auto(facts_ptr) facts = facts_create();
    g_auto(still_ptr) still = stills_open(fd);
    g_assert_nonnull(still);
    vips_error("VipsJpeg", "%s", "premature end of JPEG image"); /* of the file before */
    g_assert_true(media_read_still(fd, facts, &failure));
    close(fd);
}

static void test_truncated_files_fail(void)
{
    static const char *const formats[] = {"jpeg", "png", "tiff", "webp", "avif", "heic"};
    static const int percents[] = {10, 50, 90};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    for (unsigned i = 0; i < G_N_ELEMENTS(formats) * 3; i++) {
        int fd = stills_file(VIPS_IMAGE(image), formats[i / 3]);
        off_t length = lseek(fd, 0, SEEK_END);
        g_assert_cmpint(ftruncate(fd, length * percents[i % 3] / 100), ==, 0);
        g_test_message("%s at %d %%", formats[i / 3], percents[i % 3]);
        is_damaged(fd, "");
    }
}

/* What a copy leaves that made room for all of it and broke off. */
static void test_files_that_end_in_zeros_fail(void)
{
    static const char *const formats[] = {"jpeg", "webp", "webp[lossless]", "avif", "heic"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        int fd = stills_file(VIPS_IMAGE(image), formats[i]);
        off_t length = lseek(fd, 0, SEEK_END);
        g_assert_cmpint(ftruncate(fd, length / 2), ==, 0);
        g_assert_cmpint(ftruncate(fd, length), ==, 0);
        g_test_message("%s", formats[i]);
        is_damaged(fd, "");
    }
}

/* Less its last `bytes`. */
static int without_end(VipsImage *image, const char *format, off_t bytes)
{
    int fd = stills_file(image, format);
    g_assert_cmpint(ftruncate(fd, lseek(fd, 0, SEEK_END) - bytes), ==, 0);
    g_test_message("%s without %d bytes", format, (int)bytes);
    return fd;
}

static void test_jpeg_without_its_end_mark_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, smooth));
    is_damaged(without_end(VIPS_IMAGE(image), "jpeg", 2), "end");
}

/* Its pixels are all there; what stands behind them, as late texts, isn't. IEND is 12 bytes. */
static void test_png_without_its_end_mark_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, smooth));
    is_damaged(without_end(VIPS_IMAGE(image), "png", 12), "IEND");
}

/* Of three frames: no trailer, in the midst of the last, and of the second. */
static void test_gif_that_is_cut_off_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 192, 3, false, noise));
    vips_image_set_int(VIPS_IMAGE(image), VIPS_META_PAGE_HEIGHT, 64);
    int whole = stills_file(VIPS_IMAGE(image), "gif");
    const off_t length = lseek(whole, 0, SEEK_END);
    is_sound(whole);
    is_damaged(without_end(VIPS_IMAGE(image), "gif", 1), "trailer");
    is_damaged(without_end(VIPS_IMAGE(image), "gif", length / 6), "");
    is_damaged(without_end(VIPS_IMAGE(image), "gif", length / 2), "");
}

/* libvips writes the pixels first, then the directory, then what is longer than an entry: XMP. */
static void test_tiff_that_is_cut_off_behind_its_pixels_fails(void)
{
    static const char xmp[] = "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>";
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 64, 3, false, noise));
    vips_image_set_blob_copy(VIPS_IMAGE(image), VIPS_META_XMP_NAME, xmp, sizeof xmp);
    is_sound(stills_file(VIPS_IMAGE(image), "tiff"));
    const int whole = stills_file(VIPS_IMAGE(image), "tiff");
    guint32 head[2];
    g_assert_cmpint(pread(whole, head, sizeof head, 0), ==, sizeof head);
    const off_t length = lseek(whole, 0, SEEK_END);
    const off_t behind = length - (off_t)GUINT32_FROM_LE(head[1]);
    close(whole);
    g_assert_cmpint(behind, >, 0);
    is_damaged(without_end(VIPS_IMAGE(image), "tiff", 1), "all there");
    is_damaged(without_end(VIPS_IMAGE(image), "tiff", behind / 2), "");
}

/* Each page has its directory behind its pixels: of three, the third's is cut. */
static void test_tiff_whose_last_page_is_cut_off_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 192, 3, false, noise));
    vips_image_set_int(VIPS_IMAGE(image), VIPS_META_PAGE_HEIGHT, 64);
    int whole = stills_file(VIPS_IMAGE(image), "tiff");
    const off_t length = lseek(whole, 0, SEEK_END);
    is_sound(whole);
    is_damaged(without_end(VIPS_IMAGE(image), "tiff", length / 6), "all there");
}

/* A number that a program copied where EXIF was (tag 34665) points anywhere: here, at pixels. It
 * takes the place of PlanarConfiguration, which is 1 where nothing says so. */
static void test_tiff_with_a_stale_pointer_is_no_damage(void)
{
    static const guint8 planar[] = {0x1c, 1, 3, 0, 1, 0, 0, 0, 1, 0};
    static const guint8 stale[] = {0x69, 0x87, 4, 0, 1, 0, 0, 0, 40, 0};
    /* Two entries, the second of a lesser tag, of more values than the file has. */
    static const guint8 pixels[] = {2, 0, 0, 0x90, 4, 0,   255, 255, 0, 0,   255, 255, 0,
                                    0, 0, 1, 4,    0, 255, 255, 0,   0, 255, 255, 0,   0};
    guint8 file[32768];
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 64, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "tiff");
    const gssize length = pread(fd, file, sizeof file, 0);
    const guint8 *found = memmem(file, (gsize)length, planar, sizeof planar);
    g_assert_nonnull(found);
    g_assert_cmpint(pwrite(fd, stale, sizeof stale, found - file), ==, sizeof stale);
    g_assert_cmpint(pwrite(fd, pixels, sizeof pixels, 40), ==, sizeof pixels);
    is_sound(fd);
}

enum { SECTOR = 512 };

/* A sector that couldn't be read, so far into the file. */
static int with_hole(VipsImage *image, const char *format, double part)
{
    static const guint8 hole[SECTOR];
    int fd = stills_file(image, format);
    const off_t at = (off_t)((double)lseek(fd, 0, SEEK_END) * part);
    g_assert_cmpint(pwrite(fd, hole, SECTOR, at), ==, SECTOR);
    g_test_message("%s", format);
    return fd;
}

/* In the midst of what no decoder checks. */
static void test_holes_of_zeros_in_coded_pictures_fail(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "heic"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++)
        is_damaged(with_hole(VIPS_IMAGE(image), formats[i], 0.5), "zeros");
}

/* Of few and short codes. */
static void veiled(int x, int y, double *out)
{
    noise(x, y, out);
    out[3] = (int)out[3] & (int)out[0] & (int)out[1];
}

/* It is coded before the colours, and takes more than a third. */
static void test_hole_in_the_transparency_of_a_webp_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 4, false, veiled));
    is_damaged(with_hole(VIPS_IMAGE(image), "webp", 0.25), "zeros");
}

static void test_hole_in_a_later_frame_of_a_webp_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 480, 3, false, noise));
    vips_image_set_int(VIPS_IMAGE(image), VIPS_META_PAGE_HEIGHT, 240);
    is_damaged(with_hole(VIPS_IMAGE(image), "webp", 0.75), "zeros");
}

/* `bytes` of `new` in the place of `old` of them, `from` the end. */
static int jpeg_with(VipsImage *image, off_t from, gsize old, const guint8 *new, gsize bytes)
{
    int fd = stills_file(image, "jpeg");
    const off_t at = lseek(fd, 0, SEEK_END) - from;
    g_autofree guint8 *rest = g_malloc((gsize)from);
    const gsize left = (gsize)from - old;
    g_assert_cmpint(pread(fd, rest, left, at + (off_t)old), ==, (gssize)left);
    g_assert_cmpint(pwrite(fd, new, bytes, at), ==, (gssize)bytes);
    g_assert_cmpint(pwrite(fd, rest, left, at + (off_t)bytes), ==, (gssize)left);
    g_assert_cmpint(ftruncate(fd, at + (off_t)(bytes + left)), ==, 0);
    return fd;
}

/* libvips looks at libjpeg's warnings before it asks for rows, not behind the last of them. */
static void test_jpeg_that_lacks_the_end_of_its_last_rows_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    is_damaged(jpeg_with(VIPS_IMAGE(image), 202, 200, (const guint8 *)"", 0), "premature");
}

/* What is warned of first, bytes between segments, hides nothing. */
static void test_jpeg_cut_behind_a_harmless_warning_fails(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    guint8 head[6];
    int whole = stills_file(VIPS_IMAGE(image), "jpeg");
    const off_t length = lseek(whole, 0, SEEK_END);
    g_assert_cmpint(pread(whole, head, sizeof head, 0), ==, sizeof head);
    close(whole);
    const off_t rest = length - 4 - (head[4] << 8 | head[5]); /* less SOI and the first segment */
    is_sound(jpeg_with(VIPS_IMAGE(image), rest, 0, (const guint8 *)"ab", 2));
    int fd = jpeg_with(VIPS_IMAGE(image), rest, 0, (const guint8 *)"ab", 2);
    g_assert_cmpint(ftruncate(fd, length - 2000), ==, 0);
    g_assert_cmpint(pwrite(fd, "\xff\xd9", 2, length - 2000), ==, 2);
    is_damaged(fd, "premature");
}

/* Its pixels were read from less than all of its codes: the height in SOF0 (B.2.2) is halved. */
static void test_jpeg_with_codes_behind_its_last_pixel_fails(void)
{
    static const guint8 size[] = {8, 0, 240, 1, 64};
    guint8 head[1024];
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_assert_cmpint(pread(fd, head, sizeof head, 0), ==, sizeof head);
    const guint8 *found = memmem(head, sizeof head, size, sizeof size);
    g_assert_nonnull(found);
    g_assert_cmpint(pwrite(fd, &(guint8){120}, 1, found - head + 2), ==, 1);
    is_damaged(fd, "left over");
}

static void test_filling_before_the_end_mark_is_no_damage(void)
{
    static const guint8 zeros[600], mark[] = {0xff, 0xd7};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    for (unsigned i = 0; i < 2; i++) {
        int fd = i ? jpeg_with(VIPS_IMAGE(image), 2, 0, mark, sizeof mark)
                   : jpeg_with(VIPS_IMAGE(image), 2, 0, zeros, sizeof zeros);
        g_auto(still_ptr) still = stills_open(fd);
        g_assert_nonnull(still);
        close(fd);
    }
}

/* Phones pad their JPEGs; flat pictures are long runs of the same code. */
static void test_zeros_of_sound_files_are_no_damage(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "heic"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(1600, 1600, 3, false, flat));
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        int fd = stills_file(VIPS_IMAGE(image), formats[i]);
        if (i == 0)
            g_assert_cmpint(ftruncate(fd, lseek(fd, 0, SEEK_END) + 65536), ==, 0);
        is_sound(fd);
    }
}

/* Of what is flat libwebp writes zeros at its least effort, lossless and lossy, and in front of
 * the colours for the transparency. */
static void test_zeros_that_a_webp_is_made_of_are_no_damage(void)
{
    static const char *const formats[] = {"webp[lossless,effort=0]", "webp[effort=0,Q=95]"};
    static const guint8 zeros[256];
    for (unsigned i = 0; i < 2 * G_N_ELEMENTS(formats); i++) {
        g_autoptr(GObject) image = G_OBJECT(stills_make(800, 1600, 3 + i / 2, false, flat));
        int fd = stills_file(VIPS_IMAGE(image), formats[i % 2]);
        const gsize size = (gsize)lseek(fd, 0, SEEK_END);
        g_autofree guint8 *bytes = g_malloc(size);
        g_assert_cmpint(pread(fd, bytes, size, 0), ==, (gssize)size);
        g_assert_nonnull(memmem(bytes, size, zeros, sizeof zeros));
        is_sound(fd);
    }
}

/* Zeros that a decoder doesn't come to, in the chunk behind its codes: a file of it alone. */
static void test_filling_of_a_webp_is_no_damage(void)
{
    enum { FILLING = 512, HEADS = 20, TAGS = 4096 };
    static const guint8 zeros[FILLING];
    guint32 sizes[2]; /* of RIFF, of its chunk */
    guint8 head[TAGS];
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "webp"), filled = stills_blank();
    g_assert_cmpint(pread(fd, head, TAGS, 0), ==, TAGS);
    const guint8 *chunk = memmem(head, TAGS, "VP8 ", 4);
    g_assert_nonnull(chunk);
    memcpy(&sizes[1], chunk + 4, 4);
    const gsize codes = GUINT32_FROM_LE(sizes[1]);
    g_autofree guint8 *bytes = g_malloc(codes);
    g_assert_cmpint(pread(fd, bytes, codes, chunk + 8 - head), ==, (gssize)codes);
    sizes[0] = GUINT32_TO_LE((guint32)codes + FILLING + HEADS - 8);
    sizes[1] = GUINT32_TO_LE((guint32)codes + FILLING);
    const struct iovec parts[] = {{(char *)"RIFF", 4}, {&sizes[0], 4}, {(char *)"WEBPVP8 ", 8},
                                  {&sizes[1], 4},      {bytes, codes}, {(void *)zeros, FILLING}};
    g_assert_cmpint(writev(filled, parts, 6), ==, (gssize)(codes + FILLING + HEADS));
    is_sound(filled);
    close(fd);
}

static void test_damage_may_be_allowed(void)
{
    struct failure failure = {0};
    const struct still_opts opts = {.damaged_allow = true, .threads = 1};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "jpeg");
    g_assert_cmpint(ftruncate(fd, lseek(fd, 0, SEEK_END) / 2), ==, 0);
    g_auto(still_ptr) still = still_open(fd, &opts, &failure);
    g_assert_nonnull(still);
    g_assert_cmpint(still_shape(still).height, ==, 240);
    g_assert_true(g_str_has_prefix(still_notes(still)->pdata[0], "damaged source"));
    close(fd);
}

static void refused(const char *bytes, gsize length, enum failure_class class, const char *word)
{
    struct failure failure = {0};
    int fd = stills_blank();
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    g_assert_null(still_open(fd, &(struct still_opts){0}, &failure));
    g_assert_cmpint(failure.class, ==, class);
    g_assert_nonnull(strstr(failure.message, word));
    failure_clear(&failure);
    close(fd);
}

static void test_strangers_are_refused_in_words(void)
{
    refused("", 0, FAIL_INPUT_DAMAGED, "empty");
    refused("P6\n1 1\n255\nabc", 14, FAIL_UNSUPPORTED, "trust: [");
    refused("\x76\x2f\x31\x01\2\0\0\0\0", 9, FAIL_UNSUPPORTED, "trust: [");
    refused("just words\n", 11, FAIL_UNSUPPORTED, "text");
    refused("<svg xmlns=\"x\"/>", 16, FAIL_UNSUPPORTED, "SVG");
    refused("<?xml version=\"1.0\"?><svg/>", 27, FAIL_UNSUPPORTED, "XML");
    refused("%PDF-1.4\n\xe2\xe3\xcf\xd3\n", 15, FAIL_UNSUPPORTED, "PDF");
    refused("MATLAB 5.0 MAT-file, Platform: GLNXA64\0\1", 41, FAIL_UNSUPPORTED, "MATLAB");
    refused("push graphic-context\n", 21, FAIL_UNSUPPORTED, "text");
}

/* 60000 x 60000 in 57 bytes of PNG; the header is enough to refuse it. */
static void test_a_bomb_is_refused_by_its_header(void)
{
    static const char bomb[] = "\x89PNG\r\n\x1a\n\0\0\0\015IHDR"
                               "\0\0\352\140\0\0\352\140\010\002\0\0\0\017\260\342\025"
                               "\0\0\0\013IDAT"
                               "\170\234\143\140\140\000\000\000\003\000\001"
                               "\270\255\072\143";
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    refused(bomb, sizeof bomb - 1, FAIL_UNSUPPORTED, "limit");
    getrusage(RUSAGE_SELF, &after);
    const double used_s = (double)(after.ru_utime.tv_sec - before.ru_utime.tv_sec) +
                          (double)(after.ru_utime.tv_usec - before.ru_utime.tv_usec) / 1e6;
    g_assert_cmpfloat(used_s, <, 0.05);
    g_assert_cmpint(after.ru_maxrss - before.ru_maxrss, <, 20000);
}

static void test_settings_without_use_are_errors(void)
{
    static const struct {
        const char *format;
        struct encode_image encode;
    } rows[] = {
        {"png", {.effort = -1, .quality = 80}},
        {"tiff", {.effort = -1, .progressive = true}},
        {"jpeg", {.effort = 3}},
        {"jpeg", {.effort = -1, .bit_depth = 16}},
        {"jpeg", {.effort = -1, .lossless = true}},
        {"jpeg", {.effort = -1, .compression = (char *)"lzw"}},
        {"tiff", {.effort = -1, .bit_depth = 16, .compression = (char *)"jpeg"}},
        {"webp", {.effort = 9}},
        {"webp", {.effort = -1, .subsampling = 2}},
        {"bmp", {.effort = -1}},
    };
    g_autoptr(GObject) image = G_OBJECT(stills_make(8, 8, 3, false, smooth));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        struct failure failure = {0};
        struct claim claim = {0};
        g_auto(still_ptr) still = stills_open(fd);
        int out = stills_blank();
        g_assert_false(still_write(still, rows[i].format, &rows[i].encode, out, &claim, &failure));
        g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
        failure_clear(&failure);
        close(out);
    }
    close(fd);
}

static void test_every_format_is_written(void)
{
    static const struct {
        const char *format;
        bool deep;
        struct encode_image encode;
        double most; /* difference of a component */
    } rows[] = {
        {"jpeg", false, {.effort = -1, .quality = 100}, 4},
        {"jpeg", false, {.effort = -1, .progressive = true, .subsampling = 1}, 24},
        {"png", false, {.effort = -1, .progressive = true, .compression = (char *)"9"}, 0},
        {"webp", false, {.effort = 2, .lossless = true}, 0},
        {"avif", false, {.effort = 0, .quality = 100}, 6},
        {"avif", true, {.effort = 0, .quality = 100, .bit_depth = 12}, 6 * 257},
        {"jxl", false, {.effort = 3, .quality = 100}, 6},
        {"jxl", true, {.effort = 3, .lossless = true}, 0},
        {"tiff", false, {.effort = -1, .compression = (char *)"zstd"}, 0},
        {"tiff", true, {.effort = -1, .compression = (char *)"lzw"}, 0},
        {"tiff", false, {.effort = -1, .quality = 100, .compression = (char *)"jpeg"}, 4},
        {"tiff", true, {.effort = -1, .compression = (char *)"none", .metadata = META_NONE}, 0},
        {"tiff", true, {.effort = -1, .compression = (char *)"lzw", .metadata = META_ARCHIVE}, 0},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(GObject) image = G_OBJECT(stills_make(64, 48, 3, rows[i].deep, smooth));
        int fd = stills_file(VIPS_IMAGE(image), "png");
        g_auto(still_ptr) still = stills_open(fd);
        g_test_message("%u: %s", i, rows[i].format);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, rows[i].format, &rows[i].encode));
        g_assert_cmpfloat(stills_difference(VIPS_IMAGE(out), VIPS_IMAGE(image)), <=, rows[i].most);
        close(fd);
    }
}

static VipsImage *as_float(VipsImage *image)
{
    VipsImage *real = NULL;
    g_assert_false(vips_colourspace(image, &real, VIPS_INTERPRETATION_scRGB, NULL));
    return real;
}

static bool says(const struct still *still, const char *note)
{
    return g_ptr_array_find_with_equal_func((GPtrArray *)still_notes(still), note, g_str_equal,
                                            NULL);
}

/* Not those in between: of the source, and of the file, which in AVIF are 12 for 16. */
static void test_the_report_gives_the_bits_of_the_source_and_of_the_file(void)
{
    static const struct {
        bool real;
        const char *format, *note;
        struct encode_image encode;
    } rows[] = {
        {false, "avif", "16 to 12 bits a component", {.effort = 9}},
        {false, "avif", "16 to 8 bits a component", {.effort = 9, .bit_depth = 8}},
        {false, "jpeg", "16 to 8 bits a component", {.effort = -1}},
        {true, "jpeg", "32 to 8 bits a component", {.effort = -1}},
        {true, "png", "32 to 16 bits a component", {.effort = -1}},
    };
    g_autoptr(GObject) deep = G_OBJECT(stills_make(64, 48, 3, true, smooth));
    g_autoptr(GObject) real = G_OBJECT(as_float(VIPS_IMAGE(deep)));
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++) {
        int fd = stills_file(VIPS_IMAGE(rows[i].real ? real : deep), "tiff");
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, rows[i].format, &rows[i].encode));
        g_assert_cmpint(VIPS_IMAGE(out)->Xsize, ==, 64);
        g_assert_true(says(still, rows[i].note));
        close(fd);
    }
}

static void test_a_gif_of_more_than_256_colours_says_so(void)
{
    stills_paint *const paints[] = {smooth, noise};
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GObject) image = G_OBJECT(stills_make(i ? 64 : 8, 8, 3, false, paints[i]));
        int fd = stills_file(VIPS_IMAGE(image), "png");
        g_auto(still_ptr) still = stills_open(fd);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, "gif", NULL));
        g_assert_nonnull(out);
        g_assert_true(
            says(still, "dropped: all but 256 colours of a frame, as many as GIF holds") == i);
        close(fd);
    }
}

static void test_what_is_srgb_already_is_not_said_to_be_converted(void)
{
    const struct encode_image srgb = {.effort = -1, .profile = (char *)"srgb"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 48, 3, false, smooth));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(fd);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &srgb));
    g_assert_true(says(still, "profile sRGB embedded (no profile: taken as sRGB)"));
    g_assert_true(vips_image_get_typeof(VIPS_IMAGE(out), VIPS_META_ICC_NAME));
    close(fd);
}

/* A limit on the size of files stands for a full disk. */
static void test_a_full_disk_is_said(void)
{
    static const char *const formats[] = {"jpeg", "png", "webp", "tiff"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(320, 240, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    struct rlimit before;
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    const struct rlimit small = {.rlim_cur = 4096, .rlim_max = before.rlim_max};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        struct claim claim = {0};
        const struct encode_image encode = {.effort = -1};
        int out = stills_blank();
        g_auto(still_ptr) still = stills_open(fd);
        setrlimit(RLIMIT_FSIZE, &small);
        bool fine = still_write(still, formats[i], &encode, out, &claim, &failure);
        setrlimit(RLIMIT_FSIZE, &before);
        g_assert_false(fine);
        g_assert_cmpint(failure.class, ==, FAIL_DISK);
        failure_clear(&failure);
        claim_clear(&claim);
        close(out);
    }
    close(fd);
}

static void count_heard(void *data, double fraction)
{
    g_assert_true(fraction >= 0 && fraction <= 1);
    ++*(int *)data;
}

static void test_opening_is_heard_while_it_decodes(void)
{
    int times = 0;
    struct failure failure = {0};
    const struct still_listener listener = {count_heard, &times};
    const struct still_opts opts = {.threads = 1, .listener = &listener};
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 60000, 3, false, noise));
    int fd = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = still_open(fd, &opts, &failure);
    g_assert_nonnull(still);
    g_assert_cmpint(times, >, 0);
    close(fd);
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR); /* libvips warns of damage, and shall */
    g_assert_true(still_start(&failure));
    media_trust(TRUST_JXL); /* to read it back */
    /* First: what was held before would hide what this takes. */
    g_test_add_func("/stills/files/colours", test_a_gif_of_more_than_256_colours_says_so);
    g_test_add_func("/stills/bomb-is-refused-by-its-header", test_a_bomb_is_refused_by_its_header);
    g_test_add_func("/stills/truncated-files-fail", test_truncated_files_fail);
    g_test_add_func("/stills/files-that-end-in-zeros-fail", test_files_that_end_in_zeros_fail);
    g_test_add_func("/stills/jpeg-without-its-end-mark-fails",
                    test_jpeg_without_its_end_mark_fails);
    g_test_add_func("/stills/png-without-its-end-mark-fails", test_png_without_its_end_mark_fails);
    g_test_add_func("/stills/gif-that-is-cut-off-fails", test_gif_that_is_cut_off_fails);
    g_test_add_func("/stills/tiff-that-is-cut-off-behind-its-pixels-fails",
                    test_tiff_that_is_cut_off_behind_its_pixels_fails);
    g_test_add_func("/stills/tiff-whose-last-page-is-cut-off-fails",
                    test_tiff_whose_last_page_is_cut_off_fails);
    g_test_add_func("/stills/tiff-with-a-stale-pointer-is-no-damage",
                    test_tiff_with_a_stale_pointer_is_no_damage);
    g_test_add_func("/stills/jpeg-cut-behind-a-harmless-warning-fails",
                    test_jpeg_cut_behind_a_harmless_warning_fails);
    g_test_add_func("/stills/holes-of-zeros-in-coded-pictures-fail",
                    test_holes_of_zeros_in_coded_pictures_fail);
    g_test_add_func("/stills/hole_in_alpha", test_hole_in_the_transparency_of_a_webp_fails);
    g_test_add_func("/stills/hole_in_frame", test_hole_in_a_later_frame_of_a_webp_fails);
    g_test_add_func("/stills/zeros_of_webp", test_zeros_that_a_webp_is_made_of_are_no_damage);
    g_test_add_func("/stills/filling_of_webp", test_filling_of_a_webp_is_no_damage);
    g_test_add_func("/stills/jpeg-that-lacks-the-end-of-its-last-rows-fails",
                    test_jpeg_that_lacks_the_end_of_its_last_rows_fails);
    g_test_add_func("/stills/jpeg-with-codes-behind-its-last-pixel-fails",
                    test_jpeg_with_codes_behind_its_last_pixel_fails);
    g_test_add_func("/stills/filling-before-the-end-mark-is-no-damage",
                    test_filling_before_the_end_mark_is_no_damage);
    g_test_add_func("/stills/zeros-of-sound-files-are-no-damage",
                    test_zeros_of_sound_files_are_no_damage);
    g_test_add_func("/stills/damage-may-be-allowed", test_damage_may_be_allowed);
    g_test_add_func("/stills/strangers-are-refused-in-words", test_strangers_are_refused_in_words);
    g_test_add_func("/stills/settings-without-use-are-errors",
                    test_settings_without_use_are_errors);
    g_test_add_func("/stills/every-format-is-written", test_every_format_is_written);
    g_test_add_func("/stills/full-disk-is-said", test_a_full_disk_is_said);
    g_test_add_func("/stills/bits-of-the-source-and-of-the-file",
                    test_the_report_gives_the_bits_of_the_source_and_of_the_file);
    g_test_add_func("/stills/srgb-is-not-converted",
                    test_what_is_srgb_already_is_not_said_to_be_converted);
    g_test_add_func("/stills/files/heard", test_opening_is_heard_while_it_decodes);
    return g_test_run();
}
