/* SPDX-License-Identifier: GPL-3.0-or-later
 * Encoder settings, and the tables of containers, codecs and failures behind them. */
#include "model/encode.h"

#include "json_node.h"
#include "model/failure.h"

#include <math.h>
#include <string.h>

static struct encode *parsed(const char *json)
{
    g_auto(node_ptr) node = from_json(json);
    g_auto(diag_ptr) diag = diag_create();
    struct encode *encode = encode_create();
    encode_parse(node, false, encode, diag);
    g_autofree char *text = diag_text(diag, false);
    g_assert_cmpstr(text, ==, "");
    return encode;
}

static void settings_are_read_and_read_back(void)
{
    g_auto(encode_ptr) encode =
        parsed("{\"container\": \"mp4\", \"faststart\": false, \"video\": {\"codec\": \"h264\", "
               "\"crf\": 19, \"keyint\": \"2s\", \"maxrate\": \"20M\", \"options\": {\"aq-mode\": "
               "3}}, \"audio\": {\"codec\": \"aac\", \"bitrate\": \"320k\"}, \"image\": \"jpeg\"}");
    g_assert_cmpfloat(encode->video.crf, ==, 19);
    g_assert_cmpfloat(encode->audio.bitrate, ==, 320e3);
    g_assert_cmpstr(encode->image.format, ==, "jpeg");
    g_assert_true(encode->edit_lists && !encode->faststart);
    g_assert_true(isnan(encode->video.bitrate));
    g_auto(node_ptr) first = encode_print(encode);
    g_autofree char *text = node_canonical(first);
    g_auto(encode_ptr) again = parsed(text);
    g_auto(node_ptr) second = encode_print(again);
    g_autofree char *text_again = node_canonical(second);
    g_assert_cmpstr(text, ==, text_again);
}

static void refused(const char *json, const char *message)
{
    g_auto(node_ptr) node = from_json(json);
    g_auto(diag_ptr) diag = diag_create();
    g_auto(encode_ptr) encode = encode_create();
    g_assert_false(encode_parse(node, false, encode, diag));
    g_autofree char *text = diag_text(diag, false);
    if (!strstr(text, message))
        g_error("wanted \"%s\" in:\n%s", message, text);
}

static void settings_that_cannot_be_are_refused(void)
{
    refused("{\"video\": {\"codec\": \"h246\"}}", "did you mean \"h264\"");
    refused("{\"video\": {\"codec\": \"aac\"}}", "there is no video codec \"aac\"");
    refused("{\"video\": {\"codec\": \"h264\", \"crf\": 60}}", "0 to 51");
    refused("{\"video\": {\"codec\": \"prores\", \"crf\": 20}}", "no constant-quality scale");
    refused("{\"video\": {\"gop\": 50, \"keyint\": \"2s\"}}", "exclude each other");
    refused("{\"video\": {\"keyint\": \"25%\"}}", "not a length of time");
    refused("{\"video\": {\"tag\": \"hevc1\"}}", "four characters");
    refused("{\"vidoe\": {}}", "did you mean \"video\"");
    refused("{\"container\": \"mp5\"}", "did you mean \"mp4\"");
    refused("{\"container\": \"webm\", \"video\": \"h264\"}", "webm doesn't take h264");
    refused("{\"image\": {\"bit_depth\": 9}}",
            "8, 12 (AVIF; 10 is more than libheif 1.15 can), 16");
    refused("{\"image\": {\"bit_depth\": 10}}",
            "8, 12 (AVIF; 10 is more than libheif 1.15 can), 16");
    refused("[]", "takes a map");
}

/* A still that moves is read as one. */
static bool is_animation(const struct container *container)
{
    return !strcmp(container->name, "gif") || !strcmp(container->name, "webp_anim");
}

/* A folder, whose extension is of what is in it. */
static bool is_made_of_files(const struct container *container)
{
    return container_is_folder(container) || container_is_package(container);
}

/* It shares its extension with a more usual one, and is asked for by name, or by its step. */
static bool is_second(const struct container *container)
{
    return !strcmp(container->name, "mxf_opatom") || !strcmp(container->name, "webp_anim") ||
           container_is_thumbnails(container);
}

static void every_codec_of_a_container_exists(void)
{
    for (unsigned i = 0; i < container_count; i++) {
        const struct container *container = &containers[i];
        g_autofree char *all = g_strjoin(" ", container->video, container->audio, NULL);
        g_auto(GStrv) names = g_strsplit(all, " ", -1);
        for (unsigned n = 0; names[n]; n++) {
            if (!*names[n])
                continue;
            g_assert_nonnull(codec_find(names[n]));
            g_assert_true(container_takes(container, names[n]));
        }
        g_assert_true(container_by_name(container->name) == container);
        g_auto(GStrv) extensions = g_strsplit(container->extensions, " ", -1);
        for (unsigned n = 0; !is_made_of_files(container) && extensions[n]; n++) {
            const struct container *usual = container_by_extension(extensions[n]);
            bool read = !container_is_subtitles(container); /* which are no source by themselves */
            g_assert_true(usual == container || is_second(container));
            if (usual == container && !is_animation(container))
                g_assert_cmpint(kind_of_extension(extensions[n]), ==,
                                read ? container->kind : KIND_NONE);
        }
    }
}

static void names_promise_kinds(void)
{
    g_assert_cmpint(kind_of_extension("MOV"), ==, KIND_VIDEO);
    g_assert_cmpint(kind_of_extension("nef"), ==, KIND_IMAGE);
    g_assert_cmpint(kind_of_extension("bwf"), ==, KIND_AUDIO);
    g_assert_cmpint(kind_of_extension("txt"), ==, KIND_NONE);
    g_assert_cmpint(kind_of_extension(""), ==, KIND_NONE);
    g_assert_cmpint(kind_of_extension("mov mp4"), ==, KIND_NONE);
    g_assert_null(container_by_extension("nef"));
    g_assert_cmpint(kind_from_name(kind_name(KIND_IMAGE)), ==, KIND_IMAGE);
}

static void failures_have_names_both_ways(void)
{
    for (int class = FAIL_NONE; class <= FAIL_INTERNAL; class ++)
        g_assert_cmpint(failure_from_name(failure_name(class)), ==, class);
    g_assert_cmpint(failure_from_name("melted"), ==, FAIL_INTERNAL);
    struct failure failure = {0};
    g_assert_false(fail(&failure, FAIL_DISK, "disk %d", 1));
    g_assert_false(fail(&failure, FAIL_CRASH, "later"));
    g_assert_cmpint(failure.class, ==, FAIL_DISK);
    g_assert_cmpstr(failure.message, ==, "disk 1");
    failure_clear(&failure);
    g_assert_null(failure.message);
}

static void the_schema_has_the_parts(void)
{
    g_autoptr(JsonNode) schema = encode_schema();
    g_autofree char *text = json_to_string(schema, FALSE);
    g_assert_nonnull(strstr(text, "\"video\":{"));
    g_assert_nonnull(strstr(text, "\"maxrate\":{"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/encode/settings-are-read-and-read-back", settings_are_read_and_read_back);
    g_test_add_func("/encode/settings-that-cannot-be-are-refused",
                    settings_that_cannot_be_are_refused);
    g_test_add_func("/encode/every-codec-of-a-container-exists", every_codec_of_a_container_exists);
    g_test_add_func("/encode/the-schema-has-the-parts", the_schema_has_the_parts);
    g_test_add_func("/kind/names-promise-kinds", names_promise_kinds);
    g_test_add_func("/failure/names-both-ways", failures_have_names_both_ways);
    return g_test_run();
}
