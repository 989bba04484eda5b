/* SPDX-License-Identifier: GPL-3.0-or-later
 * What of a finished file can be seen at a glance: a picture of it beside the same moment of its
 * source, and how loud and how large it is along its time. Made where it is decoded anyway,
 * small whatever the length, kept for pages that people look at. */
#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>
#include <stdbool.h>

enum {
    GLANCE_COLUMNS = 400,         /* of a curve, at most */
    GLANCE_PICTURE_BYTES = 11000, /* of one picture: with Base64, two are below 30 kB */
    GLANCE_SIDE = 320,            /* of one picture, the longer: pixels, at most */
    GLANCE_SILENT = -700,         /* of loudness: the absolute gate, or less */
};

/* Values at even distances along the file's time, int: value k is of the step_s that begin at
 * from_s + k * step_s. */
struct curve {
    double from_s, step_s;
    GArray *values; /* NULL: there is none */
};

struct glance {
    char *hash; /* of the file that it is of (facts.hash); NULL not known */
    double duration_s;
    double moment_s;        /* of the pictures, in the file; NAN of a still, or there are none */
    GBytes *before, *after; /* JPEG; NULL none */
    struct curve low, high; /* of all channels together, hundredths of full scale */
    struct curve loudness;  /* short-term (EBU Tech 3341: of the 3 s that end there), tenths of a
                               LUFS */
    struct curve bitrate;   /* of what was decoded, kbit/s */
    struct curve ssim;      /* to the golden file that it was compared with, thousandths */
};

struct glance *glance_create(void);
void glance_destroy(struct glance *glance); /* accepts NULL */
typedef struct glance *glance_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(glance_ptr, glance_destroy, NULL)
/* There is any; not of NULL. */
bool glance_has_pictures(const struct glance *glance);
bool glance_has_curves(const struct glance *glance);

void curve_add(struct curve *curve, int value);

/* What is more, larger or otherwise than it may be is left out on reading. */
JsonObject *glance_to_json(const struct glance *glance);
struct glance *glance_from_json(JsonObject *json);
char *glance_to_text(const struct glance *glance); /* on one line; caller frees */
struct glance *glance_from_text(const char *text); /* NULL: it isn't one */
