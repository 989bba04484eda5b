/* SPDX-License-Identifier: GPL-3.0-or-later
 * The files that hold CDLs, and which of a file's corrections is a clip's.
 *
 * .cc .ccc .cdl  XML of ASC CDL 1.2: ColorCorrection, ColorCorrectionCollection or
 *                ColorDecisionList, whatever the extension; in any namespace or none
 * .edl           CMX3600: "* ASC_SOP (s s s)(o o o)(p p p)" and "* ASC_SAT n" below an event
 * .ale           Avid Log Exchange: the columns ASC_SOP and ASC_SAT, or CDL
 *
 * Readers are strict, the same in every locale, and report with line and column. What is common to
 * all: a byte order mark is skipped; numbers are finite decimals with a point, with blanks, or
 * commas and blanks, or where there are three commas alone between them; what a correction doesn't
 * say is neutral; numbers that cdl_check refuses refuse the file, as does a file that is larger
 * than CDL_FILE_MAX_BYTES or isn't text. Without any correction XML is refused; of edit lists and
 * logs, which are whole without, it is warned. Readers stop after the tenth error.
 *
 * XML: SOPNode or ASC_SOP has Slope, Offset and Power, three numbers each; SatNode, SATNode or
 * ASC_SAT has Saturation; names in any case. Elements that aren't known are passed over with a
 * warning. Refused: a known element in a wrong place, an id that two corrections have, a document
 * type, entities but XML's own five, anything deeper than 32 elements, encodings but UTF-8.
 *
 * EDL: the comments belong to the event before them; in a transition, to the clip that was named
 * last (FROM CLIP NAME: the outgoing one). A colon after the word and blanks anywhere between the
 * groups are allowed. Other comments and words of the format are passed over; a line that begins
 * with a number and is no event is refused, and an event whose fourth word is no transition: C, D,
 * W and a number, K, KB, KO. So a reel with blanks is refused.
 *
 * ALE: fields are separated by tabs. CDL holds the three groups and the saturation in a fourth, or
 * bare; where a row has ASC_SOP, its CDL isn't looked at. Name, Tape (or Reel), Start, End,
 * Description. A row may have fewer fields than there are columns, never more. */
#pragma once

#include "base/hash.h"
#include "base/rational.h"
#include "color/look.h"

enum { CDL_FILE_MAX_BYTES = 16 << 20, CDL_DESCRIPTION_MAX = 4096 };

/* One correction. Texts are as the file has them, NULL where it says nothing. */
struct cdl_correction {
    char *id;
    char *clip, *reel;
    char *start, *end; /* source timecode of the first frame and of the one after the last */
    char *record;      /* timecode of its first frame in the edit */
    /* Of XML several are joined by "; ", up to CDL_DESCRIPTION_MAX bytes, and those of a list are
     * shared by its corrections. */
    GRefString *description, *input_description, *viewing_description;
    int line;       /* where it stands */
    struct cdl cdl; /* clamp: CDL_CLAMP_ASC */
};

struct cdl_file {
    char *name; /* for reports, UTF-8 */
    char hash[HASH_TEXT_SIZE];
    bool by_clip;           /* an EDL or ALE: each correction is of a clip, an only one too */
    bool alone;             /* XML whose outermost element is the correction */
    GPtrArray *corrections; /* struct cdl_correction, in the file's order */
};

/* True when a file of this name (by its extension, in any case) is one that cdl_file_read reads. */
bool cdl_file_known(const char *name);
/* The extensions, for messages and manual: ".cc .ccc .cdl .edl .ale". */
const char *cdl_file_extensions(void);

/* Reads `length` bytes of `text` (no NUL needed at the end). `name` is the file for messages and
 * reports, and its extension chooses the reader. NULL after reporting to diag. */
struct cdl_file *cdl_file_read(const char *text, gsize length, const char *name, struct diag *diag);
void cdl_file_destroy(struct cdl_file *file); /* NULL is fine */
typedef struct cdl_file *cdl_file_ptr;        /* g_auto(cdl_file_ptr) */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(cdl_file_ptr, cdl_file_destroy, NULL)

enum cdl_by {
    CDL_BY_AUTO,     /* `id` where there is one: an id, or in a file without ids a position. Else
                        the only correction of an XML file, where it is the outermost element or
                        has no id and no MediaRef; by id; by clip; by reel and timecode: what is
                        found first */
    CDL_BY_ID,       /* `id`, else the clip's name without its extension, or with it */
    CDL_BY_POSITION, /* `id`: a number from 0 */
    CDL_BY_CLIP,     /* the clip's name, with its extension or without; case counts */
    CDL_BY_REEL,     /* the reel */
    CDL_BY_TIMECODE, /* a source span with a frame of the clip in it, counted as the clip's own
                        timecode is, drop-frame or not: FCM is about the record side */
};

/* What is known of the clip that looks for its correction: NULL and 0 what isn't. */
struct cdl_query {
    enum cdl_by by;
    const char *id;
    const char *clip;            /* its file name */
    const char *reel, *timecode; /* of its first frame */
    struct rational fps;
    int64_t frames;
};

enum cdl_found { CDL_FOUND, CDL_MISSING, CDL_AMBIGUOUS };

/* The clip's correction. Where several are of the clip, those whose source span has frames of it
 * count; if their numbers differ still, it is ambiguous. *text is how it was found ("clip
 * \"A001\""), or a sentence without a full stop that says what was looked for and what there is;
 * caller frees. */
enum cdl_found cdl_file_find(const struct cdl_file *file, const struct cdl_query *query,
                             const struct cdl_correction **out, char **text);

/* The correction as a look: named and hashed as the file, its summary `how` it was found, its title
 * the beginnings of its descriptions. */
struct look *cdl_file_look(const struct cdl_file *file, const struct cdl_correction *correction,
                           const char *how, enum cdl_clamp clamp);
