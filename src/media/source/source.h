/* SPDX-License-Identifier: GPL-3.0-or-later
 * The inside of a source, shared by the files that open it, read it and judge it. */
#pragma once

#include "media/io.h"
#include "media/source.h"

/* See mov_last_packet. */
struct mov_last {
    int64_t samples, lasts;
};

/* Decoders hold back 16 pictures at most (ITU-T H.264, A.3.1, MaxDpbFrames; H.265, A.4.2). */
enum { PICTURES_HELD_MOST = 16 };

struct track {
    struct source_stream facts;
    unsigned use;
    AVCodecContext *decoder;
    bool late; /* libavformat looked at none of its packets */
    bool drained;
    bool awaits_key; /* what comes before a key picture is passed over */
    bool emptied;    /* of what it held before the packet at hand, which is still to come */
    bool watched;    /* its decoder tells of damage in the log alone; */
    unsigned told;   /* errors that are counted already */
    int64_t packets; /* read since the beginning */
    int64_t shown;   /* of them: not before an edit list's start */
    int64_t samples; /* decoded */
    double end_s;    /* of the last packet or frame; NAN before */
    double packet_s, frame_s; /* of the first shown packet and frame; else NAN */
    double key_s;             /* of the first key picture, where that was awaited; NAN */
    int64_t delay;            /* see source/read.c; AV_NOPTS_VALUE unknown */
    int64_t next_pts;         /* expected of the next frame without one */
    int64_t last_pts;         /* of the frame before; AV_NOPTS_VALUE none */
    int format, width_or_rate, height_or_channels; /* of the frame before; -1 before */
    int64_t declared_packets;                      /* no more than there are; -1 unknown */
    bool may_be_fields; /* a packet of the file may be one field, not a picture; see fields.c */
    int64_t pairs;      /* so many packets of fields were joined to the one before, or left out */
    int64_t shown_next[1 + PICTURES_HELD_MOST]; /* pictures held back are shown then, sorted */
    int64_t skip;     /* samples at the start of the file that aren't heard; see source/sound.c */
    bool one_page;    /* Vorbis in Ogg that has a single page, of whose first packet */
    int64_t no_sound; /* libavformat tells so long a sound, -1 not known yet; see source/sound.c */
    struct packet_counter *counter; /* owned, of sound, else NULL */
    bool paged;                     /* Vorbis in Ogg: */
    bool miscounted;                /* sound whose times are wrong, and counted from the first; */
    int64_t due;      /* where its next packet begins, AV_NOPTS_VALUE unknown; see source/sound.c */
    uint32_t discard; /* samples, of the next packet; see source/sound.c */
    GArray *lengths;  /* owned, of timed text in fragments; NULL: see source/fragments.c */
    struct mov_last last;
    int64_t unheard;    /* so many that come first aren't heard; */
    int64_t sound_to;   /* nor what is behind this time; AV_NOPTS_VALUE unknown */
    int64_t sound_from; /* nor, at a splice, what is before it; likewise */
    guint part;         /* of a transport stream whose times began anew so often; */
    guint began;        /* that of its first packet; */
    int64_t moved;      /* so much is added to this part's times; */
    double run_s;       /* the latest end since the file began, or a seek; NAN none */
    int64_t part_end;   /* its latest end, and the last time of decoding, as the file has them; */
    int64_t last_dts;   /* AV_NOPTS_VALUE none; */
    int64_t last_pos;   /* and the byte where that packet begins, -1 unknown; */
    int64_t step;       /* from the packet before to the last one, of decoding */
    int64_t part_from;  /* the first time of decoding in this part, of so many packets */
    int64_t part_packets;
    int64_t wrapped;     /* so much is added to the times of 33 bits that are read; */
    int64_t demuxed_dts; /* the last of them, then; AV_NOPTS_VALUE none */
};

/* Packets by number, from 1, of all that were read; 0: nothing yet. */
struct splice {
    int64_t read;          /* so many */
    int64_t flagged_at;    /* the last that was flagged as damaged, */
    int64_t flagged;       /* and so many were around it; */
    double error_before_s; /* the first error's time before them */
    int waits;             /* for so many more packets of the picture: it alone was flagged */
    int64_t spliced_at;
    GArray *parts;                /* struct part: each behind the first */
    GArray *runs;                 /* struct run: of each stream */
    GArray *joints;               /* struct joint, in their order; NULL unknown: may be anywhere */
    GArray *recodings;            /* struct recoding, likewise; NULL unknown */
    GArray *namings;              /* struct naming, likewise; NULL unknown */
    double step_least, step_most; /* from one picture to the next; 0 unknown */
};

/* Bytes of a transport stream between two times of its clock, of which the second is before the
 * first, or well behind it and packets are missing there or are another writer's. Where the clock
 * alone leaps, nothing was recorded. */
struct joint {
    int64_t from, to;
};

/* Of a stream: where in the file its first and its last packet begin, -1 none (the demuxer delivers
 * the last one at the file's end); how long it is by its times of decoding, without what they go
 * back; the last of these; when it begins; and whether the track of its type that is delivered has
 * packets between its own. */
struct run {
    int64_t first, last, length, dts;
    double at_s;
    bool beside;
};

/* One of a spliced transport stream: what is added to its times, in the 90 kHz of all tracks, and
 * the byte of the file where its picture begins, -1 unknown. */
struct part {
    int64_t moved, pos;
};

struct source {
    int fd;
    struct io *io;
    AVFormatContext *format;
    struct pictures *pictures; /* NULL: libavformat reads */
    struct track *tracks;
    GArray *said; /* struct source_colors: what the container says, a stream each; NULL nothing */
    int count, picture, sound, threads;
    int64_t origin_us; /* the container's time of our 0 */
    GQueue ahead;      /* AVPackets read before their time, in file order */
    int ahead_error;   /* met behind them, and not told yet; 0 none */
    GQueue waiting;    /* AVPackets read for the second field of one, and likewise */
    int waiting_error;
    AVPacket *packet;
    AVFrame *frame;
    bool has_packet; /* `packet` is delivered, but not yet decoded */
    int decoding;    /* the track whose decoder may hold frames, or -1 */
    bool ended, seeked;
    double sought_s; /* where, once it is */
    int read_errors; /* in a row */
    bool watched;    /* its demuxer tells of damage in the log alone; */
    unsigned told;   /* errors that are counted already */
    struct source_health health;
    enum source_restarts restarts;
    struct splice splice;
    struct source_parts parts;
};

/* A capture begins anywhere, and its picture with the next key picture. */
bool source_is_capture(const struct source *source);
/* Of such a one libavcodec's decoder of HEVC would make what comes before it, in grey. */
bool source_awaits_key(const struct source *source, const struct track *track);

/* The demuxers we open, as libavformat's comma list. */
extern const char source_formats[];

/* Sets a picture stream's rate and whether it is variable, as far as the container tells. */
void source_rate(AVFormatContext *format, struct source_stream *facts);
/* Of blocks that are said to last a tick, or of a single frame, libavformat tells that tick; where
 * the steps are ticks as well, it is the rate, else no length. */
bool source_lasts_ticks(const AVStream *stream);
void source_packet_free(void *packet);
/* Packets are read before their time, until so many wait, so many bytes came, or one behind which
 * the demuxer complains. */
void source_read_ahead(struct source *source, unsigned packets, int64_t most);
/* source/time.c. Sets `untimed` of each picture. */
void source_find_untimed(struct source *source);
/* mistaken.c. Sets codecs right that libavformat tells wrong; and as av_read_frame(), without
 * packets that are none, but the end of what came before. */
void source_find_codecs(struct source *source);
int source_read_packet(AVFormatContext *format, AVPacket *packet);
/* A rate for the picture if it has none yet, and whether one that its container leaves in
 * doubt is variable: from its first packets, which it reads ahead. */
void source_measure_rate(struct source *source);
/* The picture's rate changes where the steps of its pictures do: it is variable, and the highest of
 * them its nominal one. */
void source_vary(struct source *source);

/* Bytes that the container says it has behind the end of the file of `size` bytes: 0 when whole,
 * -1 when this container doesn't say. */
int64_t container_bytes_missing(int fd, int64_t size, const char *demuxer);
/* Whether the samples of a track of picture or sound of this MOV or MP4 are in another file. */
bool mov_data_elsewhere(int fd, int64_t size);

/* source/movie.c: the track `id` of a MOV or MP4, in its movie. */
struct box;
bool mov_track(int fd, const struct box *movie, int id, struct box *track);
/* Of the track `id` of a MOV or MP4, how many samples (packets) its table has, and
 * how long the last one is heard in the track's time scale; 0 or less where it isn't known. */
void mov_last_packet(int fd, int64_t size, int id, struct mov_last *last);
/* Counts what isn't shown among the packets of a sample table. */
void source_edits(struct source_stream *facts, int entries);

/* source/ends.c. Before the origin is found: the start of a picture that libavformat takes for that
 * of the file. */
void source_find_start(struct source *source);
/* Where containers tell no length of their own, or another one: sets `measured_s` of picture and
 * sound, of a file with a picture from its end, which is read, of one of sound alone from all of
 * its packets, unless it is told. */
void source_find_ends(struct source *source, const struct source_opts *opts);

/* source/count.c. Once all streams are described: what the container counts of them, and the bytes
 * of their packets that are missing. */
void source_count(struct source *source);

/* source/alpha.c. WebM has transparency of VP8 and VP9 beside their pictures (a BlockAdditional of
 * ID 1) and a word for it (AlphaMode), of which libavformat makes a tag: the format of a stream
 * that has both, in one of the first packets, is then one with alpha; a word alone is taken off.
 * The decoder for a stream, which gives it; NULL: there is none. */
void source_find_alpha(struct source *source);
/* source/colors.c. Of a file whose header was read: takes what it says of colours off the streams,
 * since libavformat puts what decoders leave unsaid over it. */
GArray *source_colors_take(AVFormatContext *format);
/* Of a stream whose decoder was heard: sets what is said of its colours, and the stream's own. */
void source_colors_give(const struct source *source, struct source_stream *facts);
/* Its pictures are of another curve than their header says, which then stands for others that don't
 * know it (alternative transfer characteristics: ITU-T H.265, D.2.38, and H.264). */
void source_colors_prefer(const struct source *source, struct source_stream *facts,
                          enum AVColorTransferCharacteristic transfer);
/* Before a decoder is opened, which would repeat the container's words as its own; and to each of
 * its pictures. */
void source_colors_hide(const struct source_stream *facts, AVCodecContext *decoder);
void source_colors_join(const struct source_stream *facts, AVFrame *frame);
/* A sentence where container and pictures contradict each other. */
void source_colors_remark(const struct source_stream *stream, GPtrArray *remarks);
/* source/beside.c. Once all streams are described, from the first packets of H.264, HEVC and
 * MPEG-2, which are peeked at: the curve that is preferred, `single` and `active_format`. */
void source_read_beside(struct source *source);
/* source/crop.c. Once all streams are described: `crop` of pictures. */
void source_crops(struct source *source);
const AVCodec *source_decoder(const AVCodecParameters *par);
/* Another one, opened, since what a decoder has guessed of times in one place stays with it. NULL:
 * there is none. */
AVCodecContext *source_decoder_beside(const AVCodecParameters *par);

/* Pages of an Ogg file that are damaged, or missing between others. Reads all of it. */
int64_t ogg_bad_pages(int fd);
/* Whether a stream, by its place among them, has one page beside those of its header. */
bool ogg_is_one_page(int fd, int stream);

/* source/fragments.c: what libavformat doesn't know of fragments. Before tracks are described, and
 * for each packet, as it is demuxed. */
void source_fragments_begin(struct source *source);
void source_fragments_demuxed(struct source *source, AVPacket *packet);

/* To a place in the file, for containers whose demuxer goes on from any. */
bool source_seek_byte(struct source *source, int64_t at);
/* source/fields.c. Once a track is described; and source_read_packet() with both fields of a
 * picture in one packet, which a seek forgets. */
void source_fields_begin(struct track *track);
int source_fields_read(struct source *source, AVPacket *packet);
/* Once the rate is measured: which field comes first, where libavformat doesn't tell. */
void source_find_fields(struct source *source);
void source_fields_forget(struct source *source);

/* source/sound.c: the first and the last sample that are heard. Once start_s is known; for each
 * packet, as it is demuxed, and for each packet of sound (false without memory); for each frame
 * that has its time, which is cut: false when nothing of it is left. */
void source_sound_begins(const struct source *source, struct track *track);
/* The length of bare samples that no header counts, which libavformat guesses of the whole file;
 * from the place of the first packet, which it reads ahead. */
void source_measure_sound(struct source *source);
bool source_sound_demuxed(struct source *source, AVPacket *packet);
bool source_sound_packet(struct source *source, struct track *track, AVPacket *packet);
bool source_sound_cut(struct track *track, AVFrame *frame);

/* source/splice.c. Where one transport stream was put behind another, times may begin anew, packets
 * beside the place are flagged without a loss, since their counters break, and the sound of both
 * overlaps. For each packet that is read, with its times as the file has them: mends those
 * that are elsewhere than the track goes on, and sets what is added to them; false where that is
 * refused. Then, with the source's times: tells whether the picture
 * goes on as it does at a splice, and what of the sound is heard twice. */
bool source_splice(struct source *source, struct track *track, struct failure *failure);
void source_splice_meets(struct source *source, struct track *track);
/* Times of a packet, as it is demuxed, go on where their 33 bits begin at 0 again. */
void source_unwrap(struct source *source, AVPacket *packet);
/* A packet that was flagged as damaged. */
void source_flagged(struct source *source, const struct track *track, double time_s);
/* At the packet at hand there is a splice: flags beside it are none of damage. */
void source_spliced(struct source *source);
/* Before a place is sought: nothing is known of what comes. True where none can be, and all begins
 * from the file's first byte. */
bool source_splice_forget(struct source *source);
bool source_is_transport_stream(const struct source *source);

/* source/others.c. The track of this stream's type that is delivered; NULL none. */
const struct track *source_chosen(const struct source *source, int stream);
/* For each packet of any stream; and at the end. False: the picture or the sound went on in another
 * track, which isn't one beside it, or began in one that wasn't known, where that isn't let pass.
 */
void source_others_saw(struct source *source);
bool source_meets_others(const struct source *source, struct failure *failure);
/* `whole`, the same source again, was read through: tracks that only go on for so short that they
 * aren't missed are none of the source's, and source_parts() tells. */
void source_leave_out(struct source *source, const struct source *whole);

/* source/late.c. Where libavformat looks for the length of a transport stream, at its end, it meets
 * tracks that it knows nothing more of. True: there is one. */
bool source_has_late(const struct source *source);
/* Takes what there is to know of them from where they begin, by the tables of a look through; those
 * that never come are none. */
void source_know_late(struct source *source, const struct source_opts *opts);

/* source/open.c. Taken as one of picture or sound no longer; `why` is static. */
void source_drop_track(struct source *source, int stream, const char *why);
/* Whether it is picture or sound of which the form is known. */
bool source_is_media(const struct source_stream *facts);
/* From the starts of the tracks, which are the container's: where ours is, and them by it. */
void source_find_origin(struct source *source);
/* NULL and `failure`: a source without a look at more than its beginning and end. */
struct source *source_open_plain(int fd, const struct source_opts *opts, struct failure *failure);

/* source/parts.c. Where the times of a transport stream, of which `io` gives all, may begin anew,
 * its tracks go on in another codec, where they are named, and how far apart pictures are. True: it
 * may have several parts, or packets are missing. */
bool source_look_through(struct io *io, int picture_pid, struct splice *splice);
/* `whole`, the same source again, is read through: tells source_parts(), and what the container
 * tells of lengths and bit rate is set right. */
void source_settle(struct source *source, struct source *whole);

/* source/time.c. Its decoder says that it holds pictures back whether or not there are B pictures.
 */
bool source_is_vc1(const struct track *track);
/* Whether packets of this picture (AVI, bare MPEG-2) say when they are decoded, not when they are
 * shown. */
bool source_times_decoding(const struct source *source, const struct track *track);
/* Sets the time and the duration of a frame as it comes from the decoder. */
void source_time_frame(const struct source *source, struct track *track, AVFrame *frame);
/* Of a time stamp; NAN unknown. */
double track_seconds(const struct track *track, int64_t ts);
/* source/sequence.c: numbered pictures instead of libavformat. */
bool sequence_is(int fd); /* a bundle, or the list of a sequence */
bool sequence_open(struct source *source, struct failure *failure);
int sequence_read(struct source *source, AVPacket *packet); /* as av_read_frame() */
void sequence_seek(struct source *source, int64_t frame);
double sequence_progress(const struct source *source);
void sequence_close(struct source *source);

/* Where a block is damaged, the Matroska demuxer passes over its cluster and says so in the log. */
bool source_complains(const struct source *source);

/* The next packet of the file, by whichever demuxer: as av_read_frame(). */
int source_demux(struct source *source, AVPacket *packet);

/* What is taken off a track's times, so that the file begins at 0. */
int64_t source_shift(const struct source *source, const struct track *track);
/* Notes an error at a time (NAN unknown) in the health. */
void source_note_error(struct source *source, double time_s);
