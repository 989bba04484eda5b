/* SPDX-License-Identifier: GPL-3.0-or-later
 * Seams: a cut whose ends aren't where its picture can be cut (media/cut.h). From either end to the
 * nearest such moment inside, its pictures are decoded and encoded again; what is between these two
 * moments is copied packet by packet.
 *
 * H.264 of whole frames, by x264, in the source's profile, level, format and colours. The pictures
 * have parameter sets of their own, under a number that none of the source's has, and all of them
 * are in the track's one configuration record, which says what fits them all (ISO/IEC 14496-15,
 * 5.3.3.1.2): the track is `avc1`, and no packet changes what another one means. Sets become active
 * at an IDR picture (ITU-T H.264, 7.4.1.2.1): both seams begin with one, and so does what is copied
 * behind the first. Two IDR pictures in a row differ in idr_pic_id (7.4.3). They have no B
 * pictures, and are decoded as long before they are shown as what is copied is at the joint: at a
 * constant rate times of decoding are even across it. */
#pragma once

#include "media/source.h"

struct seams {
    double from_s, to_s;    /* what is asked for, and of it */
    double copied_from_s;   /* what is copied, on the source's shifted time line; the ends may */
    double copied_to_s;     /* be INFINITY */
    GPtrArray *packets;     /* AVPacket: those that were encoded, in order, in times of the source;
                               none where both ends can be cut */
    AVCodecParameters *par; /* of the track: the source's, with all parameter sets */
    int head, tail;         /* how many pictures were encoded before and behind what is copied, */
    double psnr_db;         /* and the least PSNR of their planes, once they were checked */
};

/* How much of the picture is encoded again at one end at most, and how large all of that may get,
 * which is held until it is written. */
enum { SEAMS_MOST_S = 30, SEAMS_BYTES = 128 << 20 };
struct seams_opts {
    int threads;
    bool strict; /* as struct encode_video */
};
/* Makes the pictures from `from_s` to `to_s` (NAN = the end) that can't be copied. False with a
 * sentence where they can't be joined to the rest, or are too many. The source is read to somewhere
 * else. */
bool seams_make(struct source *source, double from_s, double to_s, const struct seams_opts *opts,
                struct seams *seams, struct failure *failure);
void seams_clear(struct seams *seams);

/* What the PSNR of each plane has to be: nobody sees the difference, which the encoder's quality
 * keeps well, and no other picture is so near. */
enum { SEAMS_PSNR_DB = 45 };
/* Decodes the whole picture of a finished file beside its source's: as many pictures, at the same
 * times, without an error; those that were copied to the same samples, the others near to them.
 * False with a sentence. Both descriptors are borrowed; `progress` is told of each picture. */
struct seams_files {
    int source_fd, made_fd, threads;
    void (*progress)(void *data, int64_t pictures);
    void *data;
};
bool seams_check(struct seams *seams, const struct seams_files *files, struct failure *failure);
