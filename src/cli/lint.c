/* SPDX-License-Identifier: GPL-3.0-or-later
 * `rushes lint`: checks any file a pipeline can be or name. */
#include "color/cdl_file.h"
#include "color/look_file.h"
#include "commands.h"
#include "exit.h"
#include "lang/spec.h"
#include "lang/yaml.h"
#include "language.h"
#include "print.h"

#include <stdio.h>

/* A file of colour: a look, or CDLs. */
static void lint_color(const char *path, struct diag *diag)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    gsize length;
    struct mark at = {.file = g_intern_string(path)};
    if (!g_file_get_contents(path, &text, &length, &error)) {
        diag_error(diag, at, NULL, "%s", error->message);
        return;
    }
    if (look_file_known(path))
        look_destroy(look_read(text, length, path, diag));
    else
        cdl_file_destroy(cdl_file_read(text, length, path, diag));
}

static bool is_spec(const char *path)
{
    g_auto(diag_ptr) unsaid = diag_create();
    g_auto(node_ptr) tree = yaml_load(path, unsaid);
    return tree && spec_is(tree);
}

static void lint_file(const char *path, const struct language *language, struct diag *diag)
{
    if (look_file_known(path) || cdl_file_known(path))
        lint_color(path, diag);
    else if (g_file_test(path, G_FILE_TEST_IS_REGULAR) && is_spec(path))
        spec_destroy(spec_load(path, diag));
    else
        pipeline_destroy(pipeline_load(path, &language->options, diag));
}

static void put_text(JsonObject *json, const char *key, const char *text)
{
    if (text)
        json_object_set_string_member(json, key, text);
}

static void add_findings(JsonArray *array, const struct diag *diag)
{
    static const char *const severities[] = {"error", "warning", "note"};
    const GPtrArray *findings = diag_findings(diag);
    for (unsigned i = 0; i < findings->len; i++) {
        const struct finding *finding = findings->pdata[i];
        JsonObject *json = json_object_new();
        g_autofree char *file = finding->at.file ? path_display(finding->at.file) : NULL;
        put_text(json, "file", file);
        json_object_set_int_member(json, "line", finding->at.line);
        json_object_set_int_member(json, "column", finding->at.column);
        put_text(json, "severity", severities[finding->severity]);
        put_text(json, "message", finding->message);
        put_text(json, "hint", finding->hint);
        json_array_add_object_element(array, json);
    }
}

int command_lint(struct args *args)
{
    struct language language;
    if (!language_init(&language, args, true))
        return EXIT_USAGE;
    bool fine = true;
    g_autoptr(JsonArray) found = json_array_new();
    for (unsigned i = 0; i < args->words->len; i++) {
        g_auto(diag_ptr) diag = diag_create();
        const char *path = args->words->pdata[i];
        lint_file(path, &language, diag);
        bool good = say_findings(diag);
        add_findings(found, diag);
        if (good && !args->json)
            printf("%s: fine\n", path);
        fine = fine && good;
    }
    if (args->json)
        print_json(json_node_init_array(json_node_alloc(), found));
    language_finish(&language);
    return fine ? EXIT_DONE : EXIT_USAGE;
}
