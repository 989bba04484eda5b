/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes lint`: checks any file a pipeline can be or name. */
#include "color/cube.h"
#include "commands.h"
#include "exit.h"
#include "language.h"

#include <stdio.h>

static void lint_cube(const char *path, struct diag *diag)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;
    struct mark at = {.file = g_intern_string(path)};
    if (!g_file_get_contents(path, &text, &length, &error)) {
        diag_error(diag, at, NULL, "%s", error->message);
        return;
    }
    lut_destroy(cube_read(text, length, path, diag));
}

static void lint_file(const char *path, const struct language *language, struct diag *diag)
{
    if (g_str_has_suffix(path, ".cube") || g_str_has_suffix(path, ".CUBE"))
        lint_cube(path, diag);
    else
        pipeline_destroy(pipeline_load(path, &language->options, diag));
}

int command_lint(struct args *args)
{
    struct language language;
    if (!language_init(&language, args, true))
        return EXIT_USAGE;
    bool fine = true;
    for (unsigned i = 0; i < args->words->len; i++) {
        g_auto(diag_ptr) diag = diag_create();
        const char *path = args->words->pdata[i];
        lint_file(path, &language, diag);
        bool good = say_findings(diag);
        if (good)
            printf("%s: fine\n", path);
        fine = fine && good;
    }
    language_finish(&language);
    return fine ? EXIT_DONE : EXIT_USAGE;
}
