/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that follow one another in one render. The first is the render's own source: it gives rate,
 * size, format, colours and sound, and its shared steps are followed by what the outputs do to all.
 * Each of the others is read in turn, goes through its own shared steps, and is conformed to it.
 *
 * Pictures come at the first's constant rate, so that frames are counted: film k begins with frame
 * N1 + N2 + … of the whole. The sound of each film is cut, or filled with silence, to the sample
 * nearest to the end of its last picture, counted from the start of all: no drift collects. Text
 * subtitles go on in the first film's tracks (join_cues.c).
 *
 * All of it happens in the thread that reads. */
#pragma once

#include "render.h"
#include "steps/programme.h"

/* After the first's shared steps are built, before the branches are opened. `give` takes a message
 * to all branches. NULL with `failure`. */
struct joining *joining_create(struct render *first,
                               void (*give)(struct render *render, struct message *message),
                               struct failure *failure);
void joining_destroy(struct joining *joining); /* accepts NULL */

/* A message out of the shared steps of the first or another film. Takes it. */
void joining_take(struct joining *joining, const struct render *render, struct message *message);
/* After the first was read: ends it, and runs the others. False when one can't be read, or is
 * damaged; `failure` names it. */
bool joining_run(struct joining *joining, struct failure *failure);
/* A chapter for each film, with its name: as long as its frames, once all are `read` and before the
 * file is finished; in a file of fragments as long as its facts say, before it is started. */
bool joining_chapters(struct branch *branch, bool read);
/* What is to be said of the films behind the first: char *. */
const GPtrArray *joining_notes(const struct joining *joining);
/* Whether one of these isn't whole; NULL: none is joined. */
bool joining_damaged(const struct joining *joining);
/* What they lost, for the table of preservation: struct carried_row. For the branches, once they
 * are told to finish. */
const GPtrArray *joining_rows(const struct joining *joining);
const GPtrArray *joining_said(const struct joining *joining); /* struct joined_said, likewise */
/* Closed captions (captions_text) that films had and their frames still have, then; NULL none.
 * Those of a film whose rate is conformed are taken off. */
const char *joining_captions(const struct joining *joining);

/* join_cues.c. Which text subtitles of a film, which may be the first itself, go on in which of the
 * first film's: those of the same language, then those one of which says less of it ("por" and
 * "pt-BR"), then those in the same place, unless both say that they are of different languages.
 * Once both have their shared steps; NULL can't be. */
struct joined_cues;
struct joined_cues *joined_cues_create(const struct render *part, const struct render *first);
void joined_cues_destroy(struct joined_cues *cues); /* accepts NULL */
/* Why a subtitle track of the film doesn't go on; NULL: it does. Whether one goes on in the first
 * film's track `to`. */
const char *joined_cues_why_not(const struct joined_cues *cues, int stream);
bool joined_cues_reach(const struct joined_cues *cues, int to);
/* A cue of the film, which begins at `before_s` of the whole: cut at the film's ends as its facts
 * have them, in the form of the first film's track, which is returned, and at the time there that
 * the branches move to where it belongs. -1: nothing of it is left, or without memory. */
int joined_cues_take(const struct joined_cues *cues, int stream, AVPacket *packet, double before_s,
                     struct failure *failure);
int64_t joined_cues_refused(const struct joined_cues *cues); /* as subtitle_refused() */
bool stream_is_cues(const struct source_stream *stream);     /* subtitles */

/* join_lost.c. Adds a row and a note for each track of a film behind the first that the output has
 * no place for, and for transparency and a timecode that the first has none of, and a note for
 * silence. Its shared tracks are numbered, and none is left out yet. */
void join_losses(const struct render *part, const struct render *first,
                 const struct joined_cues *cues, GPtrArray *rows, GPtrArray *notes);
/* A row and a note of captions that a film, the first or another, had, and why they go. */
void join_loses_captions(const struct render *film, const char *captions, const char *why,
                         GPtrArray *rows, GPtrArray *notes);

/* join_said.c. What a film behind the first says of itself, kept for the outputs; and, once one is
 * written, a row and a note in its table of what it hasn't of that. */
struct joined_said;
struct joined_said *joined_said_create(const struct render *film);
void joined_said_destroy(struct joined_said *said);
void joined_said_tell(const struct joined_said *said, struct branch *branch);
