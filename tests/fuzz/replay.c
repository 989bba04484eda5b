/* SPDX-License-Identifier: GPL-3.0-or-later
 * A fuzz target's main without libFuzzer: runs it once on every file of the folders it is given. */
#include <glib.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int replay_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    int count = 0;
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        g_autofree char *text = NULL;
        gsize length;
        if (!g_file_get_contents(path, &text, &length, NULL))
            continue;
        LLVMFuzzerTestOneInput((const uint8_t *)text, length);
        count++;
    }
    g_print("%s: %d files\n", folder, count);
    return count;
}

int main(int argc, char **argv)
{
    int count = 0;
    for (int i = 1; i < argc; i++)
        count += replay_folder(argv[i]);
    return count == 0;
}
