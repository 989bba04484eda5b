/* SPDX-License-Identifier: GPL-3.0-or-later
 * `when`: a small, closed language of conditions over facts.
 *   or-expr: and-expr { "or" and-expr } · and-expr: not-expr { "and" not-expr }
 *   not-expr: "not" not-expr | "(" or-expr ")" | fact [ op value ]
 *   op: == != < <= > >= · value: number with unit, word, "text", true/false
 * A fact alone is true when it is known and not false or 0. Comparing an unknown fact is false.
 * Texts compare without regard to case; words need no quotes. At most 64 levels deep. */
#pragma once

#include "base/diag.h"
#include "model/facts.h"

#include <stdbool.h>

struct when;
/* NULL after reporting, the mark inside the text. */
struct when *when_parse(const char *text, struct mark at, struct diag *diag);
void when_destroy(struct when *when);
bool when_holds(const struct when *when, const struct facts *facts);
/* True when it asks for facts that only decoding gives (loudness …). */
bool when_needs_measuring(const struct when *when);
char *when_text(const struct when *when); /* canonical; parses back to the same */
