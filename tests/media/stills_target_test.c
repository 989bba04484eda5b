/* SPDX-License-Identifier: GPL-3.0-or-later
 * Stills whose quality is found, and what quality decides by itself. */
#include "stills_support.h"

#include "../../src/media/still/ssim.h"

#include "media/probe.h"

#include <string.h>
#include <unistd.h>

static void scene(int x, int y, double *out)
{
    out[0] = 2 * x + 40 * ((x / 8 + y / 8) % 2);
    out[1] = 2 * y;
    out[2] = (x * y) % 251;
}

static void grey_100(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = 100;
}

static void grey_120(int x, int y, double *out)
{
    out[0] = out[1] = out[2] = 120;
}

static double ssim(stills_paint *a, stills_paint *b)
{
    g_autoptr(GObject) one = G_OBJECT(stills_make(48, 32, 3, false, a));
    g_autoptr(GObject) other = G_OBJECT(stills_make(48, 32, 3, false, b));
    double value = -1;
    g_assert_cmpint(image_ssim(VIPS_IMAGE(one), VIPS_IMAGE(other), &value), ==, 0);
    return value;
}

/* Wang et al. 2004, (6): of flat fields only the luminance term is left. */
static void test_ssim_is_that_of_its_authors(void)
{
    const double c1 = 2.55 * 2.55;
    g_assert_cmpfloat_with_epsilon(ssim(scene, scene), 1, 1e-9);
    g_assert_cmpfloat_with_epsilon(ssim(grey_100, grey_120),
                                   (2 * 100 * 120 + c1) / (100 * 100 + 120 * 120 + c1), 1e-6);
    /* The paper's formulae written out in Python, edges repeated. */
    g_assert_cmpfloat_with_epsilon(ssim(scene, grey_100), 0.355321458, 1e-5);
}

/* The size of the file, or -1 with `failure`; *notes is its last note. */
static off_t written(const char *format, const struct encode_image *encode, char **note,
                     struct failure *failure)
{
    struct claim claim = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(96, 64, 3, false, scene));
    int in = stills_file(VIPS_IMAGE(image), "png"), out = stills_blank();
    g_auto(still_ptr) still = stills_open(in);
    bool fine = still_write(still, format, encode, out, &claim, failure);
    off_t size = fine ? lseek(out, 0, SEEK_END) : -1;
    const GPtrArray *notes = still_notes(still);
    *note = notes->len ? g_strdup(notes->pdata[notes->len - 1]) : NULL;
    claim_clear(&claim);
    close(in);
    close(out);
    return size;
}

static void test_a_file_is_as_good_as_fits(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "jxl"};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        struct failure failure = {0};
        g_autofree char *note = NULL;
        struct encode_image plain = {.effort = 3}, aimed = {.effort = 3};
        plain.effort = aimed.effort = i == 0 ? -1 : 3;
        off_t large = written(formats[i], &plain, &note, &failure);
        aimed.max_bytes = (double)large * 0.7;
        g_clear_pointer(&note, g_free);
        off_t small = written(formats[i], &aimed, &note, &failure);
        g_assert_cmpstr(failure.message, ==, NULL);
        g_assert_cmpint(small, <=, (off_t)aimed.max_bytes);
        g_assert_cmpint(small, >, large / 3);
        g_assert_true(g_str_has_prefix(note, "quality "));
    }
}

static void test_a_file_is_as_small_as_is_alike(void)
{
    struct failure failure = {0};
    g_autofree char *note = NULL;
    g_autofree char *better = NULL;
    const struct encode_image low = {.effort = -1, .ssim = 0.9},
                              high = {.effort = -1, .ssim = 0.99};
    off_t small = written("jpeg", &low, &note, &failure);
    off_t large = written("jpeg", &high, &better, &failure);
    const char *figure = strstr(note, "SSIM ");
    g_assert_cmpfloat(g_ascii_strtod(figure + 5, NULL), >=, 0.9);
    g_assert_cmpfloat(g_ascii_strtod(figure + 5, NULL), <, 0.99);
    g_assert_cmpfloat(g_ascii_strtod(strstr(better, "SSIM ") + 5, NULL), >=, 0.99);
    g_assert_cmpint(small, <, large);
}

static void test_what_no_quality_meets_is_said_with_figures(void)
{
    static const struct {
        struct encode_image encode;
        const char *cap, *way_out;
    } impossible[] = {
        {{.effort = -1, .max_bytes = 100},
         "up to 85 gives",
         "raise max_bytes, or resize to fewer pixels"},
        {{.effort = -1, .ssim = 0.999, .quality = 20},
         "up to 20, the most that the quality of its preset or pipeline allows, gives",
         "raise quality, or lower ssim"},
        {{.effort = -1, .ssim = 0.98, .max_bytes = 900},
         "up to 100 gives",
         "raise max_bytes, lower ssim, or resize to fewer pixels"},
        {{.effort = -1, .ssim = 1, .quality = 100}, "up to 100", ": lower ssim"},
    };
    for (unsigned i = 0; i < G_N_ELEMENTS(impossible); i++) {
        struct failure failure = {0};
        g_autofree char *note = NULL;
        g_assert_cmpint(written("jpeg", &impossible[i].encode, &note, &failure), ==, -1);
        g_assert_cmpint(failure.class, ==, FAIL_CONFIG);
        g_test_message("%s", failure.message);
        g_assert_nonnull(strstr(failure.message, "the nearest is quality "));
        g_assert_nonnull(strstr(failure.message, impossible[i].cap));
        g_assert_true(g_str_has_suffix(failure.message, impossible[i].way_out));
        failure_clear(&failure);
    }
}

static char *chroma(int quality)
{
    const struct encode_image encode = {.effort = -1, .quality = quality};
    g_autoptr(GObject) image = G_OBJECT(stills_make(96, 64, 3, false, scene));
    int in = stills_file(VIPS_IMAGE(image), "png");
    g_auto(still_ptr) still = stills_open(in);
    g_autoptr(GObject) out = G_OBJECT(stills_written(still, "jpeg", &encode));
    const char *text = "";
    g_assert_cmpint(vips_image_get_string(VIPS_IMAGE(out), "jpeg-chroma-subsample", &text), ==, 0);
    close(in);
    return g_strdup(text);
}

static void test_jpeg_has_whole_chroma_from_quality_90(void)
{
    g_autofree char *below = chroma(89);
    g_autofree char *from = chroma(90);
    g_assert_cmpstr(below, ==, "4:2:0");
    g_assert_cmpstr(from, ==, "4:4:4");
}

/* AV1 Codec ISO Media File Format Binding, 2.3.3: in the third byte of av1C chroma_subsampling_x
 * and _y are its bits 3 and 2. */
static int avif_subsampling(int subsampling)
{
    const struct encode_image encode = {.effort = 0, .subsampling = subsampling};
    struct failure failure = {0};
    struct claim claim = {0};
    g_autoptr(GObject) image = G_OBJECT(stills_make(96, 64, 3, false, scene));
    int in = stills_file(VIPS_IMAGE(image), "png"), out = stills_blank();
    g_auto(still_ptr) still = stills_open(in);
    g_assert_true(still_write(still, "avif", &encode, out, &claim, &failure));
    guint8 file[4096];
    const ssize_t size = pread(out, file, sizeof file, 0);
    const guint8 *box = memmem(file, (size_t)size, "av1C", 4);
    g_assert_nonnull(box);
    claim_clear(&claim);
    close(in);
    close(out);
    return box[4 + 2] >> 2 & 3;
}

static void test_avif_has_whole_chroma_unless_asked(void)
{
    enum { AUTO, HALF };
    g_assert_cmpint(avif_subsampling(AUTO), ==, 0);
    g_assert_cmpint(avif_subsampling(HALF), ==, 3);
}

static GBytes *bytes_with(const char *format, int threads)
{
    struct failure failure = {0};
    struct claim claim = {0};
    const struct encode_image encode = {.effort = strcmp(format, "jpeg") ? 3 : -1};
    g_autoptr(GObject) image = G_OBJECT(stills_make(127, 700, 3, false, scene));
    int in = stills_file(VIPS_IMAGE(image), "png"), out = stills_blank();
    g_auto(still_ptr) still = still_open(in, &(struct still_opts){.threads = threads}, &failure);
    g_assert_true(still_write(still, format, &encode, out, &claim, &failure));
    gsize length = (gsize)lseek(out, 0, SEEK_END);
    guint8 *data = g_malloc(length);
    g_assert_cmpint(pread(out, data, length, 0), ==, (gssize)length);
    claim_clear(&claim);
    close(in);
    close(out);
    return g_bytes_new_take(data, length);
}

static void test_bytes_are_the_same_on_any_number_of_threads(void)
{
    static const char *const formats[] = {"jpeg", "webp", "avif", "jxl"};
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autoptr(GBytes) one = bytes_with(formats[i], 1);
        g_autoptr(GBytes) four = bytes_with(formats[i], 4);
        g_test_message("%s", formats[i]);
        g_assert_true(g_bytes_equal(one, four));
    }
}

/* TIFF 6.0, section 15: tags 322 and 323. Of the pyramid every page is read by `verify`. */
static void test_a_pyramid_is_halves_of_it_in_tiles(void)
{
    static const char *const compressions[] = {"none", "jpeg", "zstd"};
    for (unsigned i = 0; i < G_N_ELEMENTS(compressions); i++) {
        struct failure failure = {0};
        struct claim claim = {0};
        const struct encode_image encode = {
            .effort = -1, .compression = (char *)compressions[i], .tile = 64, .pyramid = true};
        g_autoptr(GObject) image = G_OBJECT(stills_make(400, 300, 3, false, scene));
        int in = stills_file(VIPS_IMAGE(image), "png"), out = stills_blank();
        g_auto(still_ptr) still = stills_open(in);
        g_assert_true(still_write(still, "tiff", &encode, out, &claim, &failure));
        g_auto(facts_ptr) facts = facts_create();
        g_assert_true(media_read_still(out, facts, &failure));
        g_assert_true(media_probe_still(out, facts, &failure));
        g_assert_cmpint(facts->width, ==, 400);
        g_assert_cmpint(facts->pages, ==, 4); /* 400 x 300 to 50 x 37 */
        claim_clear(&claim);
        close(in);
        close(out);
    }
}

/* Of pages that are other pictures it is said that the first is taken. */
static void test_smaller_sizes_of_a_picture_are_not_said_to_be_its_pages(void)
{
    g_autoptr(GObject) image = G_OBJECT(stills_make(64, 48, 3, false, scene));
    g_autoptr(GObject) once = NULL, pages = NULL;
    VipsImage *twice[] = {VIPS_IMAGE(image), VIPS_IMAGE(image)};
    int levels = stills_blank(), files = stills_blank();
    g_assert_false(vips_arrayjoin(twice, (VipsImage **)&pages, 2, "across", 1, NULL));
    g_assert_false(vips_copy(VIPS_IMAGE(pages), (VipsImage **)&once, NULL));
    vips_image_set_int(VIPS_IMAGE(once), VIPS_META_PAGE_HEIGHT, 48);
    g_autoptr(GObject) to_levels = G_OBJECT(vips_target_new_to_descriptor(levels));
    g_autoptr(GObject) to_files = G_OBJECT(vips_target_new_to_descriptor(files));
    g_assert_false(vips_tiffsave_target(VIPS_IMAGE(image), VIPS_TARGET(to_levels), "tile", TRUE,
                                        "tile_width", 16, "tile_height", 16, "pyramid", TRUE,
                                        NULL));
    g_assert_false(vips_tiffsave_target(VIPS_IMAGE(once), VIPS_TARGET(to_files), NULL));
    g_auto(still_ptr) pyramid = stills_open(levels);
    g_auto(still_ptr) several = stills_open(files);
    g_assert_cmpuint(still_notes(several)->len, ==, 1);
    g_assert_cmpstr(still_notes(several)->pdata[0], ==, "dropped: all but the first of 2 pages");
    g_assert_cmpuint(still_notes(pyramid)->len, ==, 0);
    close(levels);
    close(files);
}

/* A grey page of one strip, black, at the file's end (TIFF 6.0, section 2). */
static void put_page(GByteArray *file, guint16 side, guint16 subfile_type, bool last)
{
    enum { ENTRIES = 9, ROOM = 2 + 12 * ENTRIES + 4 };
    const guint32 pixels = file->len + ROOM, bytes = (guint32)side * side;
    const struct {
        guint16 tag, type;
        guint32 value;
    } entries[ENTRIES] = {{254, 4, subfile_type},
                          {256, 4, side},
                          {257, 4, side},
                          {258, 3, 8},
                          {259, 3, 1},
                          {262, 3, 1},
                          {273, 4, pixels},
                          {278, 4, side},
                          {279, 4, bytes}};
    const guint16 count = GUINT16_TO_LE(ENTRIES);
    const guint32 one = GUINT32_TO_LE(1), next = GUINT32_TO_LE(last ? 0 : pixels + bytes);
    g_byte_array_append(file, (const guint8 *)&count, 2);
    for (unsigned i = 0; i < ENTRIES; i++) {
        const guint16 head[] = {GUINT16_TO_LE(entries[i].tag), GUINT16_TO_LE(entries[i].type)};
        const guint32 value = GUINT32_TO_LE(entries[i].value);
        g_byte_array_append(file, (const guint8 *)head, 4);
        g_byte_array_append(file, (const guint8 *)&one, 4);
        g_byte_array_append(file, (const guint8 *)&value, 4);
    }
    g_byte_array_append(file, (const guint8 *)&next, 4);
    g_byte_array_set_size(file, pixels + bytes);
    memset(file->data + pixels, 0, bytes);
}

static GPtrArray *notes_of_pages(guint16 subfile_type)
{
    static const guint8 head[] = {'I', 'I', 42, 0, 8, 0, 0, 0};
    g_autoptr(GByteArray) file = g_byte_array_new();
    g_byte_array_append(file, head, sizeof head);
    put_page(file, 32, 0, false);
    put_page(file, 16, subfile_type, true);
    int fd = stills_blank();
    g_assert_cmpint(pwrite(fd, file->data, file->len, 0), ==, file->len);
    g_auto(still_ptr) still = stills_open(fd);
    GPtrArray *notes =
        g_ptr_array_copy((GPtrArray *)still_notes(still), (GCopyFunc)(void *)g_strdup, NULL);
    g_ptr_array_set_free_func(notes, g_free);
    close(fd);
    return notes;
}

/* TIFF 6.0, p. 36: bit 0 of NewSubfileType says so. */
static void test_a_page_of_half_the_size_is_another_picture_unless_it_is_marked(void)
{
    g_autoptr(GPtrArray) another = notes_of_pages(0);
    g_autoptr(GPtrArray) level = notes_of_pages(1);
    g_assert_true(g_ptr_array_find_with_equal_func(another, "dropped: all but the first of 2 pages",
                                                   g_str_equal, NULL));
    g_assert_false(g_ptr_array_find_with_equal_func(level, "dropped: all but the first of 2 pages",
                                                    g_str_equal, NULL));
}

/* 300 dots an inch are 11.811 a millimetre, libvips' unit. */
static void test_the_resolution_is_kept(void)
{
    static const char *const formats[] = {"png", "tiff", "jpeg"};
    g_autoptr(GObject) image = G_OBJECT(stills_make(32, 32, 3, false, scene));
    VIPS_IMAGE(image)->Xres = VIPS_IMAGE(image)->Yres = 300 / 25.4;
    for (unsigned i = 0; i < G_N_ELEMENTS(formats); i++) {
        int in = stills_file(VIPS_IMAGE(image), "tiff");
        g_auto(still_ptr) still = stills_open(in);
        g_autoptr(GObject) out = G_OBJECT(stills_written(still, formats[i], NULL));
        g_assert_cmpfloat_with_epsilon(VIPS_IMAGE(out)->Xres, 300 / 25.4, 0.01);
        close(in);
    }
}

int main(int argc, char **argv)
{
    struct failure failure = {0};
    g_test_init(&argc, &argv, NULL);
    g_assert_true(still_start(&failure));
    g_test_add_func("/stills/ssim-is-that-of-its-authors", test_ssim_is_that_of_its_authors);
    g_test_add_func("/stills/file-is-as-good-as-fits", test_a_file_is_as_good_as_fits);
    g_test_add_func("/stills/file-is-as-small-as-is-alike", test_a_file_is_as_small_as_is_alike);
    g_test_add_func("/stills/what-no-quality-meets-is-said",
                    test_what_no_quality_meets_is_said_with_figures);
    g_test_add_func("/stills/jpeg-has-whole-chroma-from-90",
                    test_jpeg_has_whole_chroma_from_quality_90);
    g_test_add_func("/stills/avif-chroma", test_avif_has_whole_chroma_unless_asked);
    g_test_add_func("/stills/same-bytes-on-any-threads",
                    test_bytes_are_the_same_on_any_number_of_threads);
    g_test_add_func("/stills/pyramid-is-halves-in-tiles", test_a_pyramid_is_halves_of_it_in_tiles);
    g_test_add_func("/stills/smaller-sizes-are-no-pages",
                    test_smaller_sizes_of_a_picture_are_not_said_to_be_its_pages);
    g_test_add_func("/stills/page-of-half-the-size",
                    test_a_page_of_half_the_size_is_another_picture_unless_it_is_marked);
    g_test_add_func("/stills/resolution-is-kept", test_the_resolution_is_kept);
    return g_test_run();
}
