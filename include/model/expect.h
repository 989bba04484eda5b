/* SPDX-License-Identifier: GPL-3.0-or-later
 * Expectations: what a finished file must be, checked on its facts after it was written.
 *
 *     expect: {loudness: -23 LUFS ±0.5, width: 1920, duration: source ±1f,
 *              black: none longer than 1s}
 *
 * Forms:  VALUE            equal (numbers within the fact's own tolerance)
 *         VALUE ±TOLERANCE  within it; also +/-; ±1f is in frames
 *         LOW to HIGH      between
 *         at most VALUE · at least VALUE  also <= and >=
 *         …, dual mono      of loudness: a mono file is read 3.01 LU higher
 *         …, or unmeasurable  silence, and what is too short to measure, will do
 *         …, or absent      of what is measured, and of sound: no such stream will do
 *         …, or unused     of silence and silent channels: in MXF, whose tracks are laid down
 *                          before there is something to put on them, any but the first may be
 *                          silent throughout, in all its channels
 *         A or B           texts and numbers; a list means the same; `none` is no text
 *         none · none longer than TIME · at most COUNT     (spans: black, freeze, silence …)
 *         [A, B] or "A, B"         of lists: all of them, in this order; "none or A" is either
 *         source [±TOLERANCE]             (as the source has it)
 *         any              whatever it is: beside a reference it isn't held to that either
 *
 * A fact that should be known and isn't fails, and so does what is measured of a stream that isn't
 * there, loudness without sound, unless the source has none either. `source` where no source is
 * known is not judged, which fails nothing. `none` of spans allows what the fact's own tolerance
 * is; a limit below the shortest that is told is refused. */
#pragma once

#include "base/diag.h"
#include "model/facts.h"

enum expect_form {
    EXPECT_EQUAL,
    EXPECT_AMONG,
    EXPECT_BETWEEN,
    EXPECT_AT_MOST,
    EXPECT_AT_LEAST,
    EXPECT_NONE,
    EXPECT_SOURCE,
    EXPECT_ANY
};

struct expectation {
    const struct fact *fact;
    enum expect_form form;
    char *text;               /* as written, for the report */
    char *value;              /* EXPECT_EQUAL of a text fact: "h264 or hevc", or a list */
    GArray *among;            /* EXPECT_AMONG: of double; high = tolerance; else NULL */
    double low, high;         /* EQUAL: low = the value, high = tolerance; BETWEEN: both; AT_LEAST:
                                 low; AT_MOST: high; NONE: high = longest allowed, s; SOURCE: high =
                                 tolerance */
    bool tolerance_in_frames; /* "±1f" */
    bool dual_mono, unmeasurable, absent, unused; /* as written behind the value */
    struct mark at;
};

struct check {
    char *name, *expected, *measured;
    bool pass;
    bool unjudged; /* there was nothing to hold it to; `pass` is true */
};
/* Its name in JSON, where it is so. */
#define CHECK_UNJUDGED "unjudged"
struct check *check_make(const char *name, const char *expected, const char *measured, bool pass);
struct check *check_copy(const struct check *check);
void check_destroy(struct check *check);

void expectation_destroy(struct expectation *e);
/* One entry of `expect:`. NULL after reporting. */
struct expectation *expectation_parse(const char *name, const struct node *value,
                                      struct diag *diag);
/* All of a map; GPtrArray of struct expectation, never NULL, errors reported. */
GPtrArray *expect_parse(const struct node *map, struct diag *diag);
struct node *expect_print(const GPtrArray *expectations);
/* True when any needs facts of some kind (KIND_VIDEO, KIND_AUDIO) that take such effort. */
bool expect_needs(const GPtrArray *expectations, enum kind kinds, enum fact_effort effort);
/* Checks one. `source` may be NULL. The measured text says "unknown" when the fact is. */
struct check *expectation_check(const struct expectation *e, const struct facts *facts,
                                const struct facts *source);
JsonNode *expect_schema(void);
