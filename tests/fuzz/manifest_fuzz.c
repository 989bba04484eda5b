/* SPDX-License-Identifier: GPL-3.0-or-later
 * ASC MHL manifests: what is read from anything is written and read back, and stands as a folder's
 * only generation. */
#include "seal/history.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void open_as_history(const char *text, gsize length)
{
    g_autofree char *folder = g_dir_make_tmp("manifest-XXXXXX", NULL);
    g_autofree char *below = g_build_filename(folder, SEAL_FOLDER, NULL);
    g_assert_cmpint(g_mkdir(below, 0700), ==, 0);
    struct digest_texts texts;
    struct digest_state *state = digest_begin(DIGEST_BIT(DIGEST_C4));
    digest_update(state, text, length);
    digest_end(state, &texts);
    g_autofree char *chain =
        g_strdup_printf("<ascmhldirectory><hashlist><path>1.mhl</path><c4>%s</c4></hashlist>"
                        "</ascmhldirectory>",
                        texts.of[DIGEST_C4]);
    g_autofree char *chain_path = g_build_filename(folder, SEAL_FOLDER, "ascmhl_chain.xml", NULL);
    g_autofree char *path = g_build_filename(folder, SEAL_FOLDER, "1.mhl", NULL);
    g_file_set_contents_full(chain_path, chain, -1, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
    g_file_set_contents_full(path, text, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL);
    history_destroy(history_open(folder, NULL, NULL));
    g_unlink(path);
    g_unlink(chain_path);
    g_rmdir(below);
    g_rmdir(folder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    open_as_history((const char *)data, size);
    g_auto(manifest_ptr) manifest = manifest_from_text((const char *)data, size, NULL);
    if (!manifest)
        return 0;
    g_autofree char *text = manifest_to_text(manifest);
    g_auto(manifest_ptr) again = manifest_from_text(text, strlen(text), NULL);
    g_assert_nonnull(again);
    g_assert_cmpuint(again->records->len, ==, manifest->records->len);
    return 0;
}
