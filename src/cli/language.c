/* SPDX-License-Identifier: GPL-3.0-or-later
 * The language as this installation speaks it. */
#include "language.h"

#include "engine/engine.h"
#include "steps/list.h"

#include <stdio.h>
#include <unistd.h>

/* As far as libraries choose their code by it. */
static const char *cpu_class(void)
{
#ifdef __x86_64__
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f")  ? "avx512"
           : __builtin_cpu_supports("avx2")   ? "avx2"
           : __builtin_cpu_supports("sse4.2") ? "sse4"
                                              : "sse2";
#else
    return "generic";
#endif
}

static bool load_catalogue(struct language *language, const struct args *args)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *text = engine_catalogue_text(args->worker, &error);
    if (text)
        language->catalogue = catalogue_from_text(text, -1, &error);
    if (!language->catalogue) {
        fprintf(stderr, "rushes: %s%s\n", error->message,
                text ? ": that is no rushes-worker, or one of another version" : "");
        return false;
    }
    language->software = g_strdup_printf("rushes " RUSHES_VERSION ", %s, cpu %s",
                                         catalogue_build(language->catalogue), cpu_class());
    return true;
}

/* Whether what the command makes or looks at is compared with nothing. */
static bool is_alone(const struct args *args)
{
    return args->command && args->command->bit & (CMD_RUN | CMD_WATCH | CMD_CHECK) &&
           !args->against;
}

bool language_init(struct language *language, const struct args *args, bool encoders)
{
    *language = (struct language){.preset_dirs = preset_dirs_default()};
    if (encoders && !load_catalogue(language, args))
        return false;
    language->options = (struct pipeline_options){
        .steps = steps_all,
        .step_count = steps_count,
        .preset_dirs = (const char *const *)language->preset_dirs,
        .set = args->set->len ? (const char *const *)args->set->pdata : NULL,
        .catalogue = language->catalogue,
        .alone = is_alone(args),
    };
    return true;
}

void language_finish(struct language *language)
{
    catalogue_destroy(language->catalogue);
    g_free(language->software);
    g_strfreev(language->preset_dirs);
}

bool say_findings(const struct diag *diag)
{
    if (diag_errors(diag) || diag_warnings(diag)) {
        g_autofree char *text = diag_text(diag, has_color(STDERR_FILENO));
        fputs(text, stderr);
    }
    return diag_errors(diag) == 0;
}
