/* SPDX-License-Identifier: GPL-3.0-or-later
 * Collects findings. */
#include "base/diag.h"

#include "base/file.h"
#include "diag.h"

#include <string.h>

enum { MAX_FINDINGS = 100 };

static void finding_free(gpointer data)
{
    struct finding *finding = data;
    g_free(finding->message);
    g_free(finding->hint);
    g_free(finding);
}

struct diag *diag_create(void)
{
    struct diag *diag = g_new0(struct diag, 1);
    diag->findings = g_ptr_array_new_with_free_func(finding_free);
    diag->sources =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_bytes_unref);
    return diag;
}

void diag_destroy(struct diag *diag)
{
    if (!diag)
        return;
    g_ptr_array_unref(diag->findings);
    g_hash_table_unref(diag->sources);
    g_free(diag);
}

void diag_add_source(struct diag *diag, const char *file, const char *text, gsize length)
{
    g_hash_table_replace(diag->sources, (gpointer)g_intern_string(file), g_bytes_new(text, length));
}

static bool is_known(const struct diag *diag, struct mark at, const char *message)
{
    for (guint i = 0; i < diag->findings->len; i++) {
        const struct finding *f = g_ptr_array_index(diag->findings, i);
        if (f->at.line == at.line && f->at.column == at.column &&
            g_strcmp0(f->at.file, at.file) == 0 && strcmp(f->message, message) == 0)
            return true;
    }
    return false;
}

static bool make_room(struct diag *diag, enum severity severity)
{
    if (diag->findings->len < MAX_FINDINGS)
        return true;
    diag->hidden++;
    for (guint i = diag->findings->len; severity == DIAG_ERROR && i-- > 0;) {
        const struct finding *f = g_ptr_array_index(diag->findings, i);
        if (f->severity != DIAG_ERROR) {
            g_ptr_array_remove_index(diag->findings, i);
            return true;
        }
    }
    return false;
}

void diag_report(struct diag *diag, enum severity severity, struct mark at, const char *hint,
                 const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *raw = g_strdup_vprintf(format, args);
    va_end(args);
    g_autofree char *message = path_display(raw);
    if (is_known(diag, at, message))
        return;
    diag->errors += severity == DIAG_ERROR;
    diag->warnings += severity == DIAG_WARNING;
    if (!make_room(diag, severity))
        return;
    struct finding *finding = g_new(struct finding, 1);
    *finding =
        (struct finding){severity, at, g_steal_pointer(&message), hint ? path_display(hint) : NULL};
    g_ptr_array_add(diag->findings, finding);
}

unsigned diag_errors(const struct diag *diag)
{
    return diag->errors;
}

unsigned diag_warnings(const struct diag *diag)
{
    return diag->warnings;
}

const GPtrArray *diag_findings(const struct diag *diag)
{
    return diag->findings;
}
