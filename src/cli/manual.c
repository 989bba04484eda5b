/* SPDX-License-Identifier: GPL-3.0-or-later
 * The commands that print what is in tables: steps, presets, schema, man, completion. */
#include "lang/manual.h"

#include "commands.h"
#include "exit.h"
#include "language.h"
#include "print.h"
#include "steps/list.h"

#include <stdio.h>
#include <string.h>

static int unknown(const char *what, const char *name, GPtrArray *names)
{
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(name, (const char *const *)names->pdata);
    fprintf(stderr, "rushes: there is no %s \"%s\"; %s\n", what, name, hint);
    return EXIT_USAGE;
}

/* Parts of the language beside its steps. */
static const struct {
    const char *name;
    char *(*print)(void);
} parts[] = {{"encode", manual_encode},
             {"facts", manual_facts},
             {"templates", manual_templates},
             {"hooks", manual_hooks},
             {"keep", manual_keep}};

static char *manual_part(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(parts[i].name, name) == 0)
            return parts[i].print();
    const struct step *step = step_find(name);
    return step ? manual_step(step) : NULL;
}

int command_steps(struct args *args)
{
    struct language language;
    language_init(&language, args, false);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < steps_count; i++)
        g_ptr_array_add(names, (void *)steps_all[i]->name);
    int code = EXIT_DONE;
    if (args->names)
        for (unsigned i = 0; i < names->len; i++)
            puts(names->pdata[i]);
    else if (!args->words->len)
        code = print_text(manual_steps(&language.options));
    else {
        for (unsigned i = 0; i < G_N_ELEMENTS(parts); i++)
            g_ptr_array_add(names, (void *)parts[i].name);
        char *text = manual_part(args->words->pdata[0]);
        code = text ? print_text(text) : unknown("step", args->words->pdata[0], names);
    }
    language_finish(&language);
    return code;
}

int command_presets(struct args *args)
{
    struct language language;
    language_init(&language, args, false);
    GPtrArray *presets = preset_list(&language.options);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < presets->len; i++)
        g_ptr_array_add(names, ((struct preset_info *)presets->pdata[i])->name);
    int code = EXIT_DONE;
    if (args->names)
        for (unsigned i = 0; i < names->len; i++)
            puts(names->pdata[i]);
    else if (!args->words->len)
        code = print_text(manual_presets(&language.options));
    else {
        char *text = manual_preset(&language.options, args->words->pdata[0]);
        code = text ? print_text(text) : unknown("preset", args->words->pdata[0], names);
    }
    g_ptr_array_unref(presets);
    language_finish(&language);
    return code;
}

int command_schema(struct args *args)
{
    static const char *const files[] = {"pipeline", "spec", NULL};
    const char *file = args->words->len ? args->words->pdata[0] : files[0];
    struct language language;
    if (!g_strv_contains(files, file)) {
        g_autofree char *hint = name_hint(file, files);
        fprintf(stderr, "rushes: there is no schema of \"%s\"; %s\n", file, hint);
        return EXIT_USAGE;
    }
    if (g_str_equal(file, "spec"))
        return print_text(schema_spec_text());
    language_init(&language, args, false);
    int code = print_text(schema_text(&language.options));
    language_finish(&language);
    return code;
}

int command_man(struct args *args)
{
    return print_text(man_text());
}

int command_completion(struct args *args)
{
    char *text = completion_text(args->words->pdata[0]);
    if (text)
        return print_text(text);
    fprintf(stderr, "rushes: no completion for \"%s\"; allowed: bash, zsh, fish\n",
            (const char *)args->words->pdata[0]);
    return EXIT_USAGE;
}
