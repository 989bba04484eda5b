/* SPDX-License-Identifier: GPL-3.0-or-later
 * Any bytes as a PNG: what its chunks say is text and within bounds, and is there again when it is
 * put into a file. */
#include "on_file.h"
#include "still/png_chunks.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const guint8 frame[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0,    0,
                                   0,    0,   'I', 'E', 'N',  'D',  0xae, 0x42, 0x60, 0x82};
    struct png_said said, again;
    if (png_read(on_file(data, size), &said)) {
        int fd = on_file(frame, sizeof frame);
        g_assert(said.frames >= 0);
        g_assert(png_add_texts(fd, said.texts) && png_read(fd, &again));
        g_assert_cmpuint(again.texts->len, ==, said.texts->len);
        for (guint i = 0; i < said.texts->len; i++) {
            const struct png_text *a = said.texts->pdata[i], *b = again.texts->pdata[i];
            g_assert(g_utf8_validate(a->text, -1, NULL) && strcmp(a->text, b->text) == 0);
        }
        png_said_clear(&again);
    }
    png_said_clear(&said);
    return 0;
}
