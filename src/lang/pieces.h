/* SPDX-License-Identifier: GPL-3.0-or-later
 * Templates taken apart: shared by checking, filling in variables and expanding. */
#pragma once

#include "lang/template.h"

enum piece_kind { PIECE_TEXT, PIECE_DOLLAR, PIECE_NAME, PIECE_BAD };

/* A part of a template, by its bytes in the text. PIECE_DOLLAR is "$${", for a literal "${".
 * PIECE_BAD is a "${" that is never closed; it goes to the end. */
struct piece {
    enum piece_kind kind;
    size_t start, length;
    char *name;     /* PIECE_NAME */
    char **filters; /* PIECE_NAME: NULL-terminated, may be empty */
};

/* The piece at *offset, which moves behind it; false at the end. */
bool piece_next(const char *text, size_t *offset, struct piece *piece);
void piece_clear(struct piece *piece);

bool filter_known(const char *filter);
/* The value through the filters of a piece; caller frees. */
char *filters_apply(const struct piece *piece, const char *value);

extern const char template_filter_help[];

/* As template_check; `vars` (name → text, or NULL) are names that could have been meant. */
bool template_check_vars(const char *text, struct mark at, GHashTable *vars, struct diag *diag);
/* Every scalar of a tree. */
bool template_check_tree(const struct node *node, GHashTable *vars, struct diag *diag);

/* True for the names of template_names and of facts: what a variable can't be called. */
bool template_name_known(const char *name);
