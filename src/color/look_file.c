/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reader reads which file. */
#include "color/look_file.h"

#include "color/cube.h"

static const struct {
    const char *extension;
    struct look *(*read)(const char *text, gsize length, const char *name, struct diag *diag);
} formats[] = {
    {".cube", cube_read},
};

static int format_of(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (g_str_has_suffix(lower, formats[i].extension))
            return (int)i;
    return -1;
}

bool look_file_known(const char *name)
{
    return format_of(name) >= 0;
}

const char *look_file_extensions(void)
{
    return ".cube";
}

struct look *look_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    const int format = format_of(name);
    if (format >= 0)
        return formats[format].read(text, length, name, diag);
    const struct mark at = {.file = g_intern_string(name)};
    diag_error(diag, at, look_file_extensions(), "not called like a file that holds a look");
    return NULL;
}
