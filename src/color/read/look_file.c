/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reader reads which file. */
#include "color/look_file.h"

#include "base/file.h"
#include "color/cube.h"
#include "color/look_formats.h"

enum { FILE_BYTES_MAX = 256 << 20 }; /* a cube of 129 points is 60 MB of text */

static const struct {
    const char *extension;
    struct look *(*read)(const char *text, gsize length, const char *name, struct diag *diag);
} formats[] = {
    {".cube", cube_read},   {".3dl", threedl_read}, {".spi1d", spi1d_read},
    {".spi3d", spi3d_read}, {".csp", csp_read},     {".clf", clf_read},
};

static int format_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (name_has_extension(name, formats[i].extension))
            return (int)i;
    return -1;
}

bool look_file_known(const char *name)
{
    return format_of(name) >= 0;
}

const char *look_file_extensions(void)
{
    g_autoptr(GString) all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(all, "%s%s", i ? ", " : "", formats[i].extension);
    return g_intern_string(all->str);
}

struct look *look_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    const int format = format_of(name);
    const struct mark at = {.file = g_intern_string(name)};
    if (format < 0)
        diag_error(diag, at, look_file_extensions(), "not called like a file that holds a look");
    else if (length > FILE_BYTES_MAX)
        diag_error(diag, at, "at most 256 MB", "the file is too large");
    else
        return formats[format].read(text, length, name, diag);
    return NULL;
}
