/* SPDX-License-Identifier: GPL-3.0-or-later
 * A golden: what a render looked and sounded like when somebody found it good, as a small text that
 * version control can keep. The worker writes what it decoded, the front end adds the rest and
 * compares; nobody needs the film for that.
 *
 *     rushes golden 1
 *     stamp <versions of rushes and its libraries, and the processor's class>
 *     reason <why it was blessed>
 *     fact <name> <value>                          of the header, sorted
 *     picture <width>x<height> <format>
 *     frame <number> <time, s> <XXH3-128> <cells>   the mean of R, G and B in 6 by 4 cells, hex
 *     sound <rate, Hz> <channels>                  of a track, as all that follows until the next
 *     begins <time, s>                             of its first sample
 *     second <number> <XXH3-128> <RMS, dBFS>
 *     end
 *
 * Hashes are of the decoded samples, of palettes of the colours, of floats of the floats. They mean
 * something within one stamp only: decoders, scalers and resamplers differ in the last bit from one
 * version or processor to another. Across stamps the cells and levels are held to a tolerance. */
#pragma once

#include "base/hash.h"
#include "model/facts.h"

enum { GOLDEN_COLUMNS = 6, GOLDEN_ROWS = 4, GOLDEN_CELLS = 3 * GOLDEN_COLUMNS * GOLDEN_ROWS };
/* Across stamps: what the mean of a cell, in 255ths of the way to white, and the RMS of a second
 * may be off. A cell of a thousand pixels that each round differently is off by less than 1. */
enum { GOLDEN_CELL_TOLERANCE = 2 };
#define GOLDEN_RMS_TOLERANCE_DB 0.1
/* A container that counts milliseconds puts a time into the one or the other. */
#define GOLDEN_TIME_TOLERANCE_S 0.0011
#define GOLDEN_SILENT_DBFS (-200) /* of digital silence; what is below -80 is as good */
#define GOLDEN_SUFFIX ".golden"

struct golden_frame {
    double time_s;
    char hash[HASH_TEXT_SIZE];
    uint8_t cells[GOLDEN_CELLS];
};
struct golden_second {
    char hash[HASH_TEXT_SIZE];
    double rms_dbfs;
};
struct golden_track {
    char *sound;
    double start_s;
    GArray *seconds; /* struct golden_second */
};
struct golden {
    char *stamp, *reason; /* NULL unknown */
    GPtrArray *facts;     /* char *: "name value" */
    char *picture;        /* NULL none */
    GArray *frames;       /* struct golden_frame */
    GPtrArray *tracks;    /* struct golden_track, of sound */
};
struct golden_track *golden_add_track(struct golden *golden, const char *sound);
/* The frames that its strip has: every so many-th. */
enum { GOLDEN_MOMENTS = 4 };
int64_t golden_stride(const struct golden *golden);
/* Which of these is nearest a frame, from 0, and how many there are. */
int golden_moment(const struct golden *golden, int64_t frame);
int golden_moments(const struct golden *golden);
struct golden *golden_create(void);
void golden_destroy(struct golden *golden);
typedef struct golden *golden_ptr; /* for `g_auto(golden_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(golden_ptr, golden_destroy, NULL)

char *golden_to_text(const struct golden *golden); /* caller frees */
/* NULL and *error, which names the line, for what isn't a golden. */
struct golden *golden_from_text(const char *text, gssize length, GError **error);

bool golden_same_stamp(const struct golden *a, const struct golden *b);
/* The first frame that isn't `old`'s: by its time, and its hash, or, `loose`, its cells. -1 none;
 * as many as the shorter has where one goes on. */
int64_t golden_first_frame(const struct golden *old, const struct golden *now, bool loose);
bool golden_frame_differs(const struct golden_frame *old, const struct golden_frame *now,
                          bool loose);
int64_t golden_first_second(const struct golden_track *old, const struct golden_track *now,
                            bool loose);
/* The most that a cell of one is off the other's. */
int golden_cells_off(const struct golden_frame *a, const struct golden_frame *b);
/* "frame 12 at 01:00:00:12", "frame 12 at 0.480 s"; of a still "the picture". `facts` are of the
 * file; caller frees, as what follows. */
char *golden_where(const struct facts *facts, int64_t frame, double time_s);
/* The same without the number: "01:00:00:12", "0.480 s". */
char *golden_time(const struct facts *facts, int64_t frame, double time_s);
/* How `now`, of which are the facts, differs from `old`, as checks: stamp, facts, picture, frames,
 * sound. */
GPtrArray *golden_check(const struct golden *old, const struct golden *now,
                        const struct facts *facts);
