/* SPDX-License-Identifier: GPL-3.0-or-later
 * The text under the YAML: what is refused before libyaml sees it, and its marks as ours. */
#pragma once

#include "base/diag.h"

#include <yaml.h>

/* A NUL-terminated copy of the text when it is UTF-8 of a sensible size without NUL characters
 * and directives; NULL after reporting. Caller frees. */
char *yaml_text_check(const char *file, const char *text, gsize length, struct diag *diag);

/* The text that marks are made in; remembers the last line that was looked for. */
struct yaml_source {
    const char *file, *text;
    const char *line_text; /* the text to begin with */
    size_t line;           /* from 0 */
};

/* [start, end) as a mark; what goes on over several lines is underlined to the end of its first. */
struct mark yaml_mark(struct yaml_source *source, const yaml_mark_t *start, const yaml_mark_t *end);

/* What to do about a problem libyaml reported at a place, or NULL. Static. */
const char *yaml_problem_hint(struct yaml_source *source, struct mark at, const char *problem);
