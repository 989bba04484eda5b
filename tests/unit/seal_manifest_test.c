/* SPDX-License-Identifier: GPL-3.0-or-later
 * Manifests from elsewhere, good and hostile. */
#include "seal/manifest.h"

#include <string.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define LIST(inside) \
    HEAD "<hashlist version=\"2.0\" xmlns=\"urn:ASC:MHL:v2.0\">" inside "</hashlist>"
#define FILE_OF(path, hash) \
    LIST("<hashes><hash><path size=\"1\">" path "</path>" hash "</hash></hashes>")

static struct manifest *of(const char *text)
{
    return manifest_from_text(text, strlen(text), NULL);
}

static void is_refused(const char *text, const char *word)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(manifest_from_text(text, strlen(text), &error));
    g_assert_nonnull(strstr(error->message, word));
}

static const struct seal_hash *first_hash(const struct manifest *manifest)
{
    const struct seal_record *record = manifest->records->pdata[0];
    return &g_array_index(record->hashes, struct seal_hash, 0);
}

static void prefixes_of_names_are_passed_over(void)
{
    g_auto(manifest_ptr) manifest =
        of(HEAD "<m:hashlist version=\"2.0\" xmlns:m=\"urn:ASC:MHL:v2.0\"><m:hashes><m:hash>"
                "<m:path>a &amp; b</m:path><m:xxh64 action=\"failed\">ef46db3751d8e999</m:xxh64>"
                "</m:hash></m:hashes></m:hashlist>");
    g_assert_nonnull(manifest);
    g_assert_cmpstr(((struct seal_record *)manifest->records->pdata[0])->path, ==, "a & b");
    g_assert_cmpint(first_hash(manifest)->action, ==, SEAL_FAILED);
    g_assert_cmpstr(first_hash(manifest)->text, ==, "ef46db3751d8e999");
}

static void metadata_are_nobodys_hashes(void)
{
    g_auto(manifest_ptr) manifest =
        of(LIST("<hashes><hash><path>a</path><metadata><path>b</path><md5>x</md5></metadata></hash>"
                "</hashes>"));
    g_assert_nonnull(manifest);
    g_assert_cmpuint(manifest->records->len, ==, 1);
    g_assert_cmpstr(((struct seal_record *)manifest->records->pdata[0])->path, ==, "a");
}

static void what_is_written_reads_back(void)
{
    g_auto(manifest_ptr) made = manifest_create(1579166100);
    struct seal_record *record = manifest_add(made, g_strdup("a/<b> & \"c\".mov"), false);
    struct seal_hash hash = {.format = DIGEST_XXH3, .action = SEAL_VERIFIED};
    strcpy(hash.text, "2d06800538d394c2");
    record->size = 12;
    record->previous = g_strdup("old.mov");
    g_array_append_val(record->hashes, hash);
    g_autofree char *text = manifest_to_text(made);
    g_auto(manifest_ptr) again = of(text);
    g_assert_nonnull(again);
    const struct seal_record *read = again->records->pdata[0];
    g_assert_cmpstr(read->path, ==, record->path);
    g_assert_cmpstr(read->previous, ==, "old.mov");
    g_assert_cmpstr(first_hash(again)->text, ==, hash.text);
    g_assert_cmpint(first_hash(again)->action, ==, SEAL_VERIFIED);
    g_assert_cmpstr(again->created, ==, "2020-01-16T09:15:00+00:00");
}

/* Each name that may be written, and each pattern, is itself after reading. */
static void blanks_around_names_are_part_of_them(void)
{
    static const char *const names[] = {" a.mov", "a.mov ", " a/ b ", "\xc2\x85", "\xc2\xa0"};
    g_auto(manifest_ptr) made = manifest_create(0);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_true(manifest_can_name(names[i]));
        manifest_add(made, g_strdup(names[i]), false)->previous = g_strdup(names[i]);
        g_ptr_array_add(made->ignored, g_strdup(names[i]));
    }
    g_autofree char *text = manifest_to_text(made);
    g_auto(manifest_ptr) again = of(text);
    g_assert_nonnull(again);
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        const struct seal_record *read = again->records->pdata[i];
        g_assert_cmpstr(read->path, ==, names[i]);
        g_assert_cmpstr(read->previous, ==, names[i]);
        g_assert_cmpstr(again->ignored->pdata[i], ==, names[i]);
    }
}

static void what_could_not_be_read_back_is_not_written(void)
{
    g_autofree char *long_one = g_strnfill(5000, 'a');
    const char *const names[] = {"a\x7f", "a\nb", "\xff", "./a", "a/./b", "../a", "", long_one};
    for (unsigned i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_false(manifest_can_name(names[i]));
        g_auto(manifest_ptr) made = manifest_create(0);
        manifest_add(made, g_strdup(names[i]), false);
        g_autofree char *text = manifest_to_text(made);
        g_assert_null(of(text));
    }
    g_assert_false(manifest_can_ignore("a\x7f"));
}

static void a_document_type_is_refused(void)
{
    is_refused(HEAD "<!DOCTYPE hashlist [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>"
                    "<hashlist version=\"2.0\"/>",
               "DOCTYPE");
}

static void an_entity_is_refused(void)
{
    is_refused(FILE_OF("&a;", ""), "ntity");
}

static void a_path_that_leaves_the_folder_is_refused(void)
{
    is_refused(FILE_OF("../x", ""), "below the sealed folder");
    is_refused(FILE_OF("/etc/passwd", ""), "below the sealed folder");
}

static void what_is_no_checksum_is_refused(void)
{
    is_refused(FILE_OF("a", "<md5>12</md5>"), "no checksum");
    is_refused(FILE_OF("a", "<c4>c40000</c4>"), "no checksum");
}

static void elements_where_they_do_not_belong_are_refused(void)
{
    is_refused(LIST("<hash><hash></hash></hash>"), "inside of another");
    is_refused(LIST("<hash></hash>"), "without a path");
    is_refused(LIST("<references><hashlistreference><path>x</path><hash></hash>"
                    "</hashlistreference></references>"),
               "of a reference");
    is_refused(LIST("<hashlistreference><hashlistreference></hashlistreference>"
                    "</hashlistreference>"),
               "inside of another");
    is_refused("<html/>", "no MHL");
    is_refused("<hashlist version=\"1.1\"/>", "version 1.1");
    is_refused("", "empty");
}

static void depth_is_bounded(void)
{
    g_autoptr(GString) text = g_string_new("<hashlist version=\"2.0\">");
    for (int i = 0; i < 1000; i++)
        g_string_append(text, "<metadata>");
    is_refused(text->str, "inside of one another");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define TEST(name) g_test_add_func("/manifest/" #name, name)
    TEST(prefixes_of_names_are_passed_over);
    TEST(metadata_are_nobodys_hashes);
    TEST(what_is_written_reads_back);
    TEST(blanks_around_names_are_part_of_them);
    TEST(what_could_not_be_read_back_is_not_written);
    TEST(a_document_type_is_refused);
    TEST(an_entity_is_refused);
    TEST(a_path_that_leaves_the_folder_is_refused);
    TEST(what_is_no_checksum_is_refused);
    TEST(elements_where_they_do_not_belong_are_refused);
    TEST(depth_is_bounded);
    return g_test_run();
}
