/* SPDX-License-Identifier: GPL-3.0-or-later
 * A look: what a file or a person asks to be done to colours, as stages in order, before anything
 * is decided about how it is computed (color/grade.h compiles it). Readers of files make looks
 * (color/look_file.h), and so do colour spaces (color/space.h) and the parameters of steps.
 *
 * A look is filled once and read-only afterwards, so any number of threads may use it. Values are
 * RGB, 0 to 1 from black to white of whatever the pipeline says flows; nothing is clamped unless a
 * stage says so. */
#pragma once

#include "base/hash.h"
#include "color/cdl.h"

enum {
    LOOK_CURVES_MAX = 65536, /* points of a curve */
    LOOK_CUBE_MAX = 129,     /* points along an edge of a cube */
};

/* From the least to the most of a range that a file says. */
#define LOOK_RANGE_LEAST 1e-6

/* The input range per channel, R, G, B; min < max, by LOOK_RANGE_LEAST. Values outside are taken as
 * its ends, but by straight curves. */
struct look_domain {
    float min[3], max[3];
};

/* Curves: `size` points of R, G, B, evenly spaced over the domain, interpolated linearly;
 * `straight` ones go on beyond it as they arrive there. A cube: size^3 points, red runs fastest,
 * interpolated tetrahedrally. */
struct look_table {
    unsigned size;
    struct look_domain domain;
    float (*points)[3]; /* owned by the look */
    bool straight;      /* of curves */
};

/* out = matrix * in + offset */
struct look_matrix {
    double factor[3][3], offset[3];
};

/* A curve as a function: finite and continuous for every finite x, and smooth but where it turns a
 * corner, of which there may be two; 0 is none. `p` are its numbers. */
struct look_function {
    double (*at)(const double *p, double x);
    double p[10];
    double corner[2];
};

/* One function of how bright a pixel is: out = in * at(measure) / measure, with
 * measure = weights . in, or the largest of R, G, B where the weights are all 0. Where the measure
 * isn't above 0, the factor is that next to 0. */
struct look_tone {
    struct look_function function;
    double weights[3];
};

enum look_kind {
    LOOK_CDL,
    LOOK_CURVES,
    LOOK_CUBE,
    LOOK_MATRIX,
    LOOK_CLAMP,
    LOOK_FUNCTIONS,
    LOOK_TONE,
};

struct look_stage {
    enum look_kind kind;
    union {
        struct cdl cdl;
        struct look_table table; /* LOOK_CURVES, LOOK_CUBE */
        struct look_matrix matrix;
        struct {
            double low, high;
        } clamp;                           /* every channel; NaN becomes low */
        struct look_function functions[3]; /* of R, G, B */
        struct look_tone tone;
    };
};

struct look {
    char *name;                /* of the file, for reports, UTF-8; NULL: from no file */
    char *title;               /* UTF-8 without control characters, or NULL */
    char hash[HASH_TEXT_SIZE]; /* of the file, byte for byte; "" from no file */
    char *summary; /* what it is, for reports: "slog3 to rec709"; NULL: its stages say */
    /* The file says that it wants, or gives, legal-range code values (Resolve's
     * LUT_IN_VIDEO_RANGE and LUT_OUT_VIDEO_RANGE). Nothing is converted by itself: the caller
     * asks the user for a range when one of these is set. */
    bool video_in, video_out;
    GArray *stages; /* struct look_stage */
};

/* Of a file's text, or of nothing (NULL, 0: no name, no hash). */
struct look *look_create(const char *name, const void *text, gsize length);
void look_destroy(struct look *look); /* NULL is fine */
typedef struct look *look_ptr;        /* g_auto(look_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(look_ptr, look_destroy, NULL)

/* Appends a stage; the table's points are taken over. */
void look_add(struct look *look, const struct look_stage *stage);
void look_add_cdl(struct look *look, const struct cdl *cdl);
void look_add_matrix(struct look *look, const struct look_matrix *matrix);
/* The same function for R, G and B. */
void look_add_function(struct look *look, const struct look_function *function);

/* A table stage of so many points, all to be filled by the caller, over 0 to 1. It lives in the
 * look: valid until the next stage is added. */
struct look_table *look_add_table(struct look *look, enum look_kind kind, unsigned size);
/* The number of points of a table stage. */
gsize look_points(const struct look_stage *stage);

/* True when the stage gives every value back as it came: a neutral CDL whatever its clamp, a
 * table that covers at least 0 to 1 and whose points stand in their places to 1e-6 (files carry
 * six decimals), a unit matrix. Clamps and functions are always taken as doing something. */
bool look_stage_is_identity(const struct look_stage *stage);
/* True of all stages. */
bool look_is_identity(const struct look *look);

/* One phrase for the report: the CDL's numbers and clamp; the file's title, tables and hash. Caller
 * frees. */
char *look_describe(const struct look *look);
