/* SPDX-License-Identifier: GPL-3.0-or-later
 * A source: one file read in one pass. Packets are read in file order, streams that somebody
 * wants are decoded, and frames and packets come out one after the other:
 *
 *     struct source *source = source_open(fd, &(struct source_opts){.threads = 2}, &failure);
 *     source_use(source, source_picture(source), SOURCE_DECODE, &failure);
 *     source_use(source, source_sound(source), SOURCE_PACKETS, &failure);
 *     while ((got = source_next(source, &item, &failure)) == SOURCE_FRAME || got == SOURCE_PACKET)
 *         … av_frame_ref(mine, item.frame), hand it on …
 *     source_close(source);
 *
 * Times: pts (and dts of packets) are in the stream's time base and shifted so that the earliest
 * picture or sound of the file is at 0; offsets between streams stay. Edit lists and priming are
 * applied by the demuxer and decoder. A frame always has pts, pkt_duration and time_base set; a
 * variable rate whose container tells no durations: that of the step before, 0 for the first.
 * Frames are as stored: neither turned nor converted.
 *
 * Damage does not stop reading: broken packets and frames are counted, and source_damaged() says
 * in the end whether the file was whole. An own judgement, because libav reports most truncated
 * files as fine. One thread at a time; the decoder of the picture uses `threads` of its own. */
#pragma once

#include "base/rational.h"
#include "media/chain.h"
#include "model/failure.h"

#include <glib.h>
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <math.h>

struct source;

/* Times of a transport stream that begin anew, as where one is put behind another: what follows
 * goes on where the part before ended, */
enum source_restarts {
    RESTARTS_PASS,
    RESTARTS_JOINED,  /* also behind a source_seek(), which then reads from the file's start, and
                         in all lengths; */
    RESTARTS_REFUSED, /* or source_next() fails there, FAIL_UNSUPPORTED with where and what to do.
                         For both source_open() reads the file's clock, and where that begins anew
                         all of its packets, unless it is `unspliced`. */
};
/* The sound of two parts that are spliced overlaps by more, seconds; less is a matter of rounding.
 */
static const double SPLICE_OVERLAP_S = 0.04;

struct source_opts {
    enum source_restarts restarts;
    bool unspliced;         /* a probe found that no times begin anew: nothing is read before, and
                               where they leap, nothing was recorded or received */
    struct rational varies; /* a probe found that the rate of the picture does: its nominal one;
                               0 it doesn't, or that isn't known */
    double heard_s;         /* a probe found that sound without a picture is heard so long; 0: where
                               its container doesn't say, all of its packets are read before */
    bool patient;           /* what a stream is may be shown minutes behind its beginning */
    int threads;            /* of the picture's decoder; 0 = 1 */
    const GArray *pieces; /* struct io_piece: of the file these are read as one; NULL: all of it */
    /* Told how far in the file it is while all of it is read before, twice over where there may be
     * several parts; may be NULL. */
    void (*reading)(void *data, double fraction);
    void *data;
};

/* Opens the file, or the sequence whose list (base/sequence.h) is, behind fd (borrowed, must
 * outlive the source) by its content. Only containers on our list are read: no playlists, nothing
 * that names other files. Nothing is decoded until source_use. NULL and `failure`: FAIL_UNSUPPORTED
 * for what isn't media or is in a format we refuse, FAIL_INPUT_DAMAGED for what is, but can't be
 * opened (empty, no moov). */
struct source *source_open(int fd, const struct source_opts *opts, struct failure *failure);
void source_close(struct source *source); /* accepts NULL */
typedef struct source *source_ptr;        /* for `g_auto(source_ptr) source = source_open(…);` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(source_ptr, source_close, NULL)

/* Pixels at the edges of a picture, as it is stored, that aren't to be shown. */
struct source_crop {
    int left, right, top, bottom;
};

/* What is said of a picture's colours (ITU-T H.273); unspecified: nothing. */
struct source_colors {
    enum AVColorPrimaries primaries;
    enum AVColorTransferCharacteristic transfer;
    enum AVColorSpace matrix;
    enum AVColorRange range;
    enum AVChromaLocation siting;
};

/* One stream of the container; fixed after source_open. */
struct source_stream {
    int index; /* in the container, and in every call below */
    const AVStream *av;
    enum AVMediaType type;   /* a cover picture is AVMEDIA_TYPE_ATTACHMENT here */
    struct rational fps;     /* of a picture; 0/1 unknown */
    bool variable;           /* the rate of a picture isn't constant: `fps` is the nominal one */
    double start_s;          /* on the shifted time line; NAN unknown */
    double duration_s;       /* as the container declares it; NAN when it doesn't */
    double measured_s;       /* by its packets, where the container tells none of its own, or with
                                what isn't heard; NAN: nobody looked */
    int rotation;            /* degrees clockwise to turn for display: 0 90 180 270 */
    bool flipped;            /* mirror left to right before turning */
    struct source_crop crop; /* of a picture, as Matroska, MOV and MP4 say; nobody applies it */
    struct source_colors container, coded; /* what the container, and the coded pictures, say of
                                              colours; `av` and frames have the latter's words, and
                                              the container's where the pictures have none */
    enum AVFieldOrder single; /* of HEVC whose pictures are fields: AV_FIELD_TT or AV_FIELD_BB, by
                                 which is first; of all others AV_FIELD_UNKNOWN */
    unsigned active_format;   /* the code that the first picture has; 0 none */
    int64_t counted;          /* packets, as the statistics of a Matroska tell; -1 they don't */
    int64_t priming, padding; /* samples the container tells to skip at the start and the end */
    int hidden, tail; /* packets that an edit list doesn't show, before its start and at its end */
    bool pieced;      /* it doesn't show others in between, either */
    const char *untimed;  /* what has its pictures in another order than they are shown in, and
                             doesn't say when they are ("AVI"); NULL none */
    const char *left_out; /* why what is picture or sound isn't taken so, its type being none;
                             NULL it is */
};

/* Its type, also of one that is left out. */
static inline enum AVMediaType source_stream_type(const struct source_stream *stream)
{
    return stream->left_out ? stream->av->codecpar->codec_type : stream->type;
}

/* Its length, as well as it is known. */
static inline double source_stream_length(const struct source_stream *stream)
{
    return isnan(stream->measured_s) ? stream->duration_s : stream->measured_s;
}

int source_streams(const struct source *source); /* how many */
const struct source_stream *source_stream(const struct source *source, int index);
/* The stream a person means by "the picture", "the sound": -1 when there is none. The picture is
 * the first video stream that is no cover and no thumbnail, one marked default before others;
 * the sound is the first track marked default, else the first; what can't be decoded comes last. */
int source_picture(const struct source *source);
int source_sound(const struct source *source);
/* By which one is chosen among the tracks of a type: the first of the highest. */
int source_rank(const AVStream *stream);
/* For metadata, chapters and names. Borrowed; don't read from it. */
AVFormatContext *source_format(const struct source *source);
bool source_decoded(const struct source *source, int stream); /* a frame of it came so far */
double source_duration(const struct source *source);          /* of the longest picture or sound,
                                                                 seconds; NAN unknown */

struct source_colors colors_of_frame(const AVFrame *frame);
/* Whether none contradicts the other: what one leaves unsaid doesn't, nor do the numbers of one and
 * the same curve (1, 6, 14 and 15) and matrix (5 and 6), nor the two of BT.470's curves (4 and 5),
 * for which MXF has one label. Where chroma lies isn't compared. */
bool colors_agree(const struct source_colors *a, const struct source_colors *b);
/* Container and pictures of a stream do. Motion JPEG has no word for colours: what its decoder
 * tells is what JFIF is always in. */
bool colors_contradict(const struct source_stream *stream);
/* "1-1-1", primaries, transfer and matrix by their numbers; NULL: none is said. Caller frees. */
char *colors_numbers(const struct source_colors *colors);

/* Whether its frames are of whole pictures, of which something can be made: `single` ones are
 * refused, FAIL_UNSUPPORTED, and only copied. */
bool source_has_whole_pictures(const struct source_stream *stream, struct failure *failure);

/* What flows out of a stream, for building chains on it. Untagged colour is filled in by size
 * (720 lines or 1280 columns and more: bt709, else bt601's 525 or 625; RGB: gbr, full range);
 * `assumed` (may be NULL) is then true. Strings are static. */
void source_video_shape(const struct source *source, int stream, struct video_shape *shape,
                        bool *assumed);
void source_sound_shape(const struct source *source, int stream, struct sound_shape *shape);

/* Of a transport stream whose clock was read for it. What can't be joined is in words, "2.000 s:
 * the picture goes on in another track …", NULL none. */
struct source_parts {
    int64_t restarts; /* how often its times begin anew */
    double first_restart_s;
    char *unjoined;
    char *left_out; /* "3.011 s: 0.40 s of picture and sound in other tracks …", so short that they
                       are none of the source's; likewise */
};
/* Borrowed. */
const struct source_parts *source_parts(const struct source *source);

enum { /* bits of `use` */
       SOURCE_SKIP = 0,
       SOURCE_DECODE = 1,  /* frames are wanted */
       SOURCE_PACKETS = 2, /* packets are wanted (stream copy); both may be */
};
/* Says what is wanted of a stream; all begin as SOURCE_SKIP. May be changed while reading: a
 * consumer that has enough sets SKIP. False with FAIL_UNSUPPORTED when there is no decoder. */
bool source_use(struct source *source, int stream, unsigned use, struct failure *failure);

/* Before the first source_next, or again later: go on at the last point from which everything at
 * or after `time_s` (on the shifted time line) can be decoded. Frames before time_s still come
 * out and are the caller's to drop. A file that can't seek starts over from the beginning. */
bool source_seek(struct source *source, double time_s, struct failure *failure);

enum source_got {
    SOURCE_FRAME,
    SOURCE_PACKET,
    SOURCE_END,    /* of the file, all decoders drained; again on every further call */
    SOURCE_FAILED, /* `failure` set: I/O error, no memory. Damage isn't one */
};
struct source_item {
    int stream;
    AVFrame *frame;   /* SOURCE_FRAME: valid until the next call; keep it by av_frame_ref */
    AVPacket *packet; /* SOURCE_PACKET: likewise, av_packet_ref */
    double time_s;    /* of its pts; NAN when a packet has none */
    bool corrupt;     /* decoded from damaged data, or concealed */
    bool changed;     /* size, format, rate or layout differ from this stream's frame before */
};
enum source_got source_next(struct source *source, struct source_item *item,
                            struct failure *failure);

/* What the list of a sequence tells beside its pictures: the number of the first, and their size.
 */
void sequence_tell(const struct source *source, struct facts *facts);
/* Sentences for the report: of a sequence which pictures are missing, and that the first one says
 * another rate than is asked for (OpenEXR, DPX); of a film that its container and its pictures
 * contradict each other's colours. Caller frees. */
GPtrArray *source_remarks(const struct source *source);
/* Rows of struct carried_row of what no output has: of a sequence or a still what its first picture
 * says beside its pixels and colours (reads that file), of Matroska what its chapters and tags
 * say beside those that are read. Caller frees. */
GPtrArray *source_lost(const struct source *source);

/* A packet of a stream that is still to come, with times as the file has them: the first, where it
 * stands near; NULL it doesn't, or that isn't read in packets. Borrowed, until the next source_next
 * or source_seek. */
const AVPacket *source_peek(struct source *source, int stream);
/* The timecode within the first pictures of H.264 and HEVC (picture timing and time code of their
 * SEI), as that of its picture's start; NULL: there is none, or nothing but zeros. Packets are read
 * ahead for it, and where it may be there one is decoded. Caller frees. */
char *source_clock(struct source *source);
/* Whether samples at the start of a sound aren't to be heard, as the container or the first packet
 * tells, which is peeked at. */
bool source_is_primed(struct source *source, int stream);

/* How far along the file's bytes reading is, 0 to 1. */
double source_progress(const struct source *source);

/* How whole the file was, as far as it was read. Unknown: NAN, -1. */
struct source_health {
    bool complete;         /* the end of the file was reached */
    const char *container; /* libav's short name; static */
    int64_t bytes_missing; /* the container's own sizes end so far behind the end of the file */
    double declared_s;     /* length of the longest used stream, when the container says */
    double read_s;         /* end of the last frame or packet that was read of it */
    double frame_s;   /* length of a frame of the picture: a last one may be left out; 0 unknown */
    double lost_s;    /* of the beginning of the picture, which can't be decoded; */
    double unseen_s;  /* likewise, of a capture (a transport stream): that is no damage */
    int short_stream; /* the first of which fewer packets were read, from start to end, than the
                         container counts; -1 none, or it isn't known: */
    int64_t counted_packets, read_packets;
    int64_t declared_samples; /* of the sound, when the format counts them (WAV, FLAC) */
    int64_t read_samples;     /* decoded; -1 after a seek */
    int64_t decode_errors;    /* packets a decoder refused */
    int64_t corrupt_frames;   /* frames that came out damaged or concealed */
    int64_t corrupt_packets;  /* packets the demuxer marked */
    double first_error_s;     /* where the first of these was */
    const char *picture;      /* of a sequence: the first that isn't whole, "a.0007.exr: 3 of its 48
                               * blocks …", as long as the source lives; NULL none */
    int64_t changes;          /* of size, format, rate or layout in the middle */
    double first_change_s;
    double picture_changes_s; /* the first of the picture; NAN: none */
    int64_t mended_times; /* of packets of a transport stream that were elsewhere than those beside,
                           * since it was last sought in; likewise the next three */
    int64_t restarts;     /* of its times; see enum source_restarts */
    double first_restart_s;
    double sound_twice_s; /* what both parts of a spliced transport stream have, and is cut */
};
void source_health(const struct source *source, struct source_health *health);
/* True when the file isn't whole, with a sentence to free: "ends after 6.01 s of 10.00 s (…)".
 * May be asked at any time; before the end it knows only what was met so far. */
bool source_damaged(const struct source_health *health, char **sentence);
