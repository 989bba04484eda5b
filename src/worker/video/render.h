/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside a render: one source, what is shared, and the branches.
 *
 *     reader ──inbox──▶ shared steps ──inbox──▶ branch: lanes (steps, encoder) ▶ writer
 *                                    └─inbox──▶ branch …
 *
 * With one thread, and tasks that wait for its core, there are no inboxes and everything is called
 * in turn. */
#pragma once

#include "../apply.h"
#include "../snap.h"
#include "media/adts.h"
#include "media/chain_run.h"
#include "media/encoder.h"
#include "media/seams.h"
#include "media/sndfile.h"
#include "media/sound_form.h"
#include "media/source.h"
#include "media/subtitle.h"
#include "media/writer.h"
#include "stream_words.h"
#include "worker/run.h"

#include <libavutil/pixdesc.h>

/* --- messages and queues: queue.c --- */

/* SILENCE is for the shared steps alone: a sound has nothing before `silent_s` of the programme. */
enum message_kind {
    MESSAGE_FRAME,
    MESSAGE_PACKET,
    MESSAGE_SILENCE,
    MESSAGE_STREAM_END,
    MESSAGE_FINISH
};

struct message {
    enum message_kind kind;
    int stream;
    AVFrame *frame;   /* owned */
    AVPacket *packet; /* owned */
    double silent_s;
};
struct message *message_frame(int stream, const AVFrame *frame);
struct message *message_packet(int stream, const AVPacket *packet);
struct message *message_of_item(const struct source_item *item, enum source_got got);
struct message *message_silence(int stream, double silent_s);
struct message *message_plain(enum message_kind kind, int stream);
struct message *message_copy(const struct message *message);
void message_destroy(struct message *message);

/* A bounded queue between two threads; pictures weigh more than sound. */
struct inbox;
struct inbox *inbox_create(void);
void inbox_destroy(struct inbox *inbox);
void inbox_put(struct inbox *inbox, struct message *message); /* waits for room; takes over */
struct message *inbox_take(struct inbox *inbox);              /* waits for one */

/* --- the source and what is shared: render.c, shared.c --- */

/* A stream of the source that somebody decodes. */
struct shared {
    int stream;
    struct chain *chain; /* NULL: nobody decodes it */
    bool ended;
    bool over;       /* the reader has told its end before that of the file */
    double silent_s; /* late.c: told so far */
    int track;       /* of films that are joined: which of the first's this one goes with */
};
struct joining;

/* Why, once an output was rendered, its smart cut turned out to be none, and its sound no copy: it
 * is rendered again without. NULL: they may be. Owned. */
struct anew {
    char *cut, *copy;
};

struct render {
    const struct job *job;
    struct result *result;
    struct source *source;
    unsigned part;           /* of films that are joined: which the source is */
    struct joining *joining; /* NULL: there is one */
    int picture;             /* stream, or -1 */
    double start_s;          /* of the programme, in the source */
    char timecode[16];       /* of its first frame, as its rate can count; "" none */
    GArray *shared;          /* struct shared: the picture first, then each sound track */
    GPtrArray *branches;     /* struct branch */
    struct hdr_static hdr;
    AVFrame *first;     /* picture */
    bool looks;         /* before.c: */
    double look_s;      /* of the source: the moment that is wanted, and then is met; */
    AVFrame *before;    /* the picture then, once it is met */
    GQueue primed;      /* struct message: what was read in search of it, */
    bool primed_ended;  /* up to the end; or the cues before what is read */
    double cues_from_s; /* subtitles before this are among them */
    bool assumed;       /* colour by policy */
    GHashTable *tags;   /* by shared steps */
    bool threaded;
    struct inbox *inbox; /* of the shared steps, NULL: run by the reader */
    GThread *thread;
    struct anew *anew;      /* of each output */
    bool again;             /* for the second time */
    struct failure verdict; /* why nothing of this source may be published */
    gint all_read;          /* atomic: what the source gives is with the branches */
};

/* before.c. With the branches open, chooses a moment; sees what is decoded, in order; and when all
 * is written, tells the outputs that show that moment (claim.moment_s, glance). */
void before_settle(struct render *render);
void before_see(struct render *render, const struct message *message);
void before_give(const struct render *render);

/* settle.c. With the branches open: tells the source what they want, and goes to where the first of
 * them begins, when that is worth a seek. Cues that began before are read up to there. */
bool render_settle(struct render *render, struct failure *failure);
void render_drop_primed(struct render *render);

/* choose.c: sets the picture, where the programme starts, and the streams that are shared. */
bool render_choose(struct render *render, const bool *wanted, struct failure *failure);

/* For films that are joined: of one source what is done before branches are opened, the reading of
 * it to its end through its shared steps, and the end of what belongs to it. `wanted` has one bool
 * an output, NULL = all; *damage (to be freed) is a sentence about damage that was allowed. */
bool render_prepare(struct render *render, const bool *wanted, struct failure *failure);
bool render_read(struct render *render, char **damage, struct failure *failure);
void render_clear_source(struct render *render);
bool anybody_left(const struct render *render); /* some branch takes more */
/* What a variable rate is nearest to; television's where nothing tells. */
struct rational nominal_rate(const struct render *render);
struct rational promised_rate(const struct render *render); /* {0, 1}: it varies */

/* over.c. For the reader, with the moment of the picture at hand: a sound that MOV or MP4 declares
 * ended well before it, which is then `over`; -1 none. Whoever waits for sound to go with pictures
 * would hold them in memory until the end of the file. */
int next_over(struct render *render, double time_s);
/* Nothing comes of a stream that is over: FAIL_INPUT_DAMAGED when it does. */
bool over_holds(const struct render *render, int stream, struct failure *failure);

/* late.c. For the reader, with the moment of the picture at hand: a sound whose container says that
 * it begins later, and the moment of the programme, behind what was told before, up to which there
 * is nothing of it; -1 none. What is written then has both by the same time. */
int next_late(struct render *render, double time_s, double *silent_s);

const char *source_timecode(const struct render *render); /* "" when it has none */
const char *source_reel(const struct render *render);     /* NULL when it has none */
struct shared *shared_of(const struct render *render, int stream);
/* Makes the shared chains and runs the faces of the task's steps on them. */
bool shared_build(struct render *render, struct failure *failure);
/* The end of all shared chains: what they still hold goes on. */
void shared_end(struct render *render);
/* To all branches; takes the message. */
void shared_give(struct render *render, struct message *message);
/* Through the shared chain and on to all branches; takes the message. */
void shared_take(struct render *render, struct message *message);

/* As apply_steps(), for a chain of one stream of the source: steps that are about sound alone pass
 * over all sound tracks but the chosen one. */
bool apply_to_stream(struct chain *chain, const struct render *render, int stream,
                     const GPtrArray *steps, GHashTable *tags, struct failure *failure);
/* A sound track beside the one that a person means by "the sound" (source_sound): what is measured
 * and corrected is that one. */
bool is_aside(const struct render *render, int stream);

/* --- one output: branch.c, streams.c, lane.c, packet.c, unfit.c, unheld.c, cut.c, carry.c, table.c
 * --- */

enum lane_mode { LANE_ENCODE, LANE_COPY, LANE_SUBTITLE, LANE_STILL, LANE_SOUND_FILE };

/* One stream of one output. */
struct lane {
    int stream;
    enum lane_mode mode;
    struct chain *chain;        /* all but COPY and SUBTITLE */
    struct encoder *encoder;    /* ENCODE */
    struct sound_writer *sound; /* SOUND_FILE: the whole output */
    struct subtitle *subtitle;  /* SUBTITLE: text that goes into another form */
    bool others;                /* of captions: there are more than go on; */
    bool early;                 /* and of copied ones what is loaded before the programme begins */
    AVPacket *waiting; /* a cue of no length that the programme begins with, maybe, or whose end
                          the next one is; owned */
    bool regular;      /* pictures are numbered, one a frame */
    double late_s;     /* sound that starts behind the picture, and is written so */
    int64_t last_pts, dropped;
    int64_t met, packets;         /* packets that came, and that were written */
    int64_t cut_cues, late_cues;  /* that reach beyond the programme's end, and that begin there */
    bool silent;                  /* a track of no channel */
    bool alpha;                   /* ENCODE, STILL: its steps left transparency */
    bool captions;                /* those of its frames are written */
    unsigned captioned;           /* CAPTIONS_…: what came with its frames */
    double end_s;                 /* of the last cue that was written, in the programme; of sound
                                     that is copied, in the source */
    bool cut;                     /* COPY: of the source only what is from, to: on its time line; */
    double from_s, to_s, slack_s; /* a time of the same moment may be off by slack; */
    double first_s;               /* when its first packet is, in the programme; */
    double zero_s;                /* where programme time 0 is; */
    struct seams *seams;          /* pictures that were encoded, owned; NULL none; */
    guint seam;                   /* so many of them are written */
    bool primed;                  /* sound that begins where the film does, and has its priming */
    bool yields;                  /* COPY: it is sound that may as well be encoded */
    struct sound_form form, other; /* COPY: of sound, of the first packet and the one before; */
    bool mixed;                    /* its channels change */
    bool left_early;               /* packets before the programme, for want of an edit list */
    struct adts *adts;             /* COPY: takes the headers of AAC off; NULL they stay */
    int track;                     /* of the writer */
    bool ended;
};

struct branch {
    struct render *render;
    int index;
    const struct task_output *output;
    struct output_result *result;
    const struct container *container;
    GArray *lanes; /* struct lane */
    struct writer *writer;
    GHashTable *tags;
    struct chain *clock; /* what the steps do to time, of an output that is copied or has neither
                            picture nor sound; NULL where a lane's chain tells */
    GPtrArray *table;    /* struct carried_row: told while opening */
    GHashTable *reasons; /* stream → char *: why it, or a part of it, isn't in the output */
    double length_s;     /* of its programme, as the steps are to leave it; NAN unknown */
    unsigned chapters;   /* that were written */
    char *chapters_lost; /* why none of them is; NULL */
    struct failure lost; /* by the shared steps */
    guint noted;         /* notes of the output that were there before it */
    char *damage;        /* of a source that was rendered all the same; set before the end */
    bool given_up;       /* it is rendered again */
    gint failed, enough; /* atomic */
    struct inbox *inbox;
    GThread *thread;
};

/* Always gives a branch; one that couldn't be opened has failed. */
struct branch *branch_open(struct render *render, int index);
void branch_destroy(struct branch *branch);
void branch_note(struct branch *branch, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* From outside its thread: the branch ends with a copy of `failure`. */
void branch_lose(struct branch *branch, const struct failure *failure);
struct lane *branch_lane(const struct branch *branch, int stream);
/* Takes the message. In the branch's own thread when there are threads. */
void branch_take(struct branch *branch, struct message *message);

/* The source's streams of sound, as the output has them: in their order, but where its container
 * has no mark for the one that a person means by "the sound", that comes first. Of int; caller
 * frees. */
GArray *branch_sounds(struct branch *branch);
/* The picture and the sounds that the output gets, each copied where nothing touches it. */
bool branch_add_streams(struct branch *branch);
/* All channels of all sounds as `mono_tracks` tracks of one channel each; see encode.h. */
bool branch_add_mono(struct branch *branch, const char *codec);

bool lane_open_picture(struct branch *branch, int stream, const char *codec);
/* Why closed captions don't go through a chain, of pictures that came at a rate ({0, 1}: variable)
 * and at a pace: two bytes a frame bear no other. NULL: they do. Static. */
const char *captions_lost_by(const struct chain *chain, struct rational fps, double pace);
/* Why they don't go through to an encoded picture; those of films that are joined have been through
 * the shared chain. NULL: they do. Caller frees. */
char *lane_loses_captions(const struct branch *branch, const struct lane *lane);
bool lane_open_sound(struct branch *branch, int stream, const char *codec);
/* One channel of it, from 1; 0 is silence as long. *channels: how many it has after the steps. */
bool lane_open_channel(struct branch *branch, int stream, const char *codec, int channel,
                       int *channels);
bool lane_open_sound_file(struct branch *branch, int stream);
bool lane_open_still(struct branch *branch, int stream);
bool lane_open_copy(struct branch *branch, int stream);
/* AAC of which only packets say its form, which this output has in its beginning. */
bool lane_wants_form(const struct branch *branch, int stream);
/* A part of it: what the branch's clock keeps. */
bool lane_open_cut(struct branch *branch, int stream);
/* The same of a picture whose ends were encoded; takes the seams over. */
bool lane_open_seams(struct branch *branch, int stream, struct seams *seams);
/* Text subtitles into the first of `forms`. */
bool lane_open_subtitle(struct branch *branch, int stream, const char *forms);
bool lane_frame(struct branch *branch, struct lane *lane, const AVFrame *frame); /* NULL: drain */
bool lane_packet(struct branch *branch, struct lane *lane, AVPacket *packet);
/* unheld.c: why nobody could read a copy of the stream in the container, a sentence (static); NULL:
 * it can be read. */
const char *unheld(const struct branch *branch, int stream);
/* unfit.c: whether a packet of copied sound goes on as those before it, and AAC has the header that
 * says so. False: it doesn't, and the branch failed or is given up. */
bool sound_goes_on(struct branch *branch, struct lane *lane, const AVPacket *packet);
/* Once no more packets come: the cue that is seen from the programme's begin on, or until its end.
 */
bool lane_end_waiting(struct branch *branch, struct lane *lane);
/* Behind the last packet: the cue of captions that nothing took off. */
bool lane_end_captions(struct branch *branch, struct lane *lane);
void lane_close(struct lane *lane);
/* cut.c: from its clock on, a copied lane takes packets of a part only; what is noted of it. */
bool lane_cut(struct branch *branch, struct lane *lane);
bool cut_keeps_priming(const struct branch *branch); /* it begins where the film does */
bool cut_packet(struct branch *branch, struct lane *lane, AVPacket *packet);
bool cut_finish(struct branch *branch, struct lane *lane); /* no more packets come */
void note_cut(struct branch *branch, const struct lane *lane);
/* smart.c: whether a trim of the output is smart; a picture that is cut so, or else encoded as a
 * whole; and whether, once it is written, it is what it has to be. */
bool smart_is_asked(const struct branch *branch);
bool smart_open(struct branch *branch, int stream, const char *codec);
bool smart_check(struct branch *branch);
/* The clock, else the chain of the picture, else of the sound; NULL for copies only. */
const struct chain *branch_chain(const struct branch *branch);
/* From the source's time to its programme's; false: no other track can follow. */
bool branch_time_line(const struct branch *branch, struct time_line *line);
/* Opens the clock, of a stream's chain. */
bool branch_open_clock(struct branch *branch, int stream);

/* What comes over from the source besides picture and sound. */
bool carry_over(struct branch *branch);
/* To a still, of a film, nothing does. */
void carry_picture_alone(struct branch *branch);
/* None of them is in the output: why, as a sentence without a full stop; with a note. */
void branch_lose_chapters(struct branch *branch, unsigned count, const char *why);
/* What the output is: its container, or the format of a still. */
const char *branch_form(const struct branch *branch);
/* Whether the file that is written has a place for chapters. */
bool branch_holds_chapters(const struct branch *branch);

/* A row of the table of preservation; of what is dropped a note as well. */
void branch_row(struct branch *branch, const struct carried_row *row);
/* The stream isn't in the output: why, as a sentence without a full stop. */
void branch_drop(struct branch *branch, int stream, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* After the writer has finished: all of the table, into the result's claim. */
void branch_tabulate(struct branch *branch);
/* roles.c. A row for each track whose header says what it is for: whether that of `made`, the
 * output, says so as well. */
void branch_roles(struct branch *branch, const AVFormatContext *made, GPtrArray *rows);
/* "2 cues that aren't text in UTF-8 …": what a lane of text left out for that; NULL nothing. Caller
 * frees. */
char *lane_refused(const struct lane *lane);
/* Why captions that are copied may show less at the beginning; NULL: they don't. */
const char *lane_unloaded(const struct lane *lane);
/* Why nothing of what is carried over was written. */
const char *lane_empty(const struct lane *lane);
/* Why nothing came to be encoded: sound that ends before a trim begins, which MP4 and MOV then have
 * no track of. NULL: something did. At the end. */
const char *lane_over(const struct lane *lane);
