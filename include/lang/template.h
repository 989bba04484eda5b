/* SPDX-License-Identifier: GPL-3.0-or-later
 * Templates: text with ${names} and |filters. The names are a table, too:
 *   stem name ext dir output job index page date width height fps timecode reel hash — and every
 * fact of the input by its name. Filters: lower, upper, slug (letters, digits, dashes), 0N (pad a
 * number to N digits), N (first N characters). "$${" is a literal "${".
 * All names are about the source: `ext` is its extension. Only as the very end of a path
 * ("….${ext}") it is the output's, since the extension of a file says what is in it. An empty
 * ${dir} takes the "/" behind it along. */
#pragma once

#include "base/diag.h"
#include "base/node.h"
#include "model/facts.h"

#include <stdbool.h>

/* What the names stand for, for one input of one output. Borrowed. */
struct template_env {
    const char *relative; /* path below the input root: "a/A001.mov" */
    const char *job, *output;
    const char *extension; /* of the output */
    unsigned index;        /* of the input in its job, from 1 */
    unsigned page;         /* of what gathers its job's stills, from 1 */
    const char *date;      /* YYYY-MM-DD of the run */
    const struct facts *facts;
};

/* Checks syntax and names; "did you mean" at the place. Text without "${" is fine. */
bool template_check(const char *text, struct mark at, struct diag *diag);
bool template_is(const char *text);                         /* has a "${" */
bool template_names_it(const char *text, const char *name); /* has a "${name}" */

/* The text with everything filled in, or NULL with *why (a sentence: which fact is unknown for
 * this input). `path` is true when the result names a file: values then may not bring in "/",
 * control characters or "..", except ${dir}. Caller frees. */
char *template_expand(const char *text, const struct template_env *env, bool path, char **why);

/* Replaces ${name} of `vars` (name → text) everywhere in a tree, in place; other names stay. False,
 * with the tree half filled, when it would grow beyond TEMPLATE_MAX_BYTES. */
enum { TEMPLATE_MAX_BYTES = 8 << 20 };
bool template_fill_vars(struct node *node, GHashTable *vars);

/* Every scalar of a tree expanded: a new tree with the marks kept. NULL with *why. */
struct node *template_expand_tree(const struct node *node, const struct template_env *env,
                                  char **why);

/* Rows of the manual: name and help. */
struct template_name {
    const char *name, *help;
};
extern const struct template_name template_names[];
extern const unsigned template_name_count;
