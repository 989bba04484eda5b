/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the parts of a comparison share. */
#pragma once

#include "../signal/components.h"
#include "media/comparison.h"
#include "media/source.h"
#include "model/expect.h"

#include "base/slices.h"

/* Two pictures; of what doesn't apply (chroma of R'G'B' and grey) NAN. */
struct pair {
    bool same; /* every sample */
    double psnr_db[3], ssim[3], ms_ssim;
    double max_difference, changed_share;
};
/* They match (signal/components.h). `reference` first. */
void pair_compare(const AVFrame *reference, const AVFrame *made, struct slices *slices,
                  struct pair *pair);
/* One of two films. */
struct reel {
    struct source *source;
    struct chain *chain;      /* to the form they are compared in; NULL: as decoded */
    AVFrame *decoded, *frame; /* the picture as it is in the file, and in that form */
    double time_s;
    int64_t count;
};
void reel_close(struct reel *reel);
/* The picture that is compared next: of the item, or the next of its source. */
bool reel_take(struct reel *reel, const struct source_item *item, struct failure *failure);
enum source_got reel_next(struct reel *reel, struct failure *failure);
/* Before their first pictures: both come out in one form, that of the reference where they are of
 * two. Without a picture decoded there is only its header to tell. */
bool reels_match(struct reel *reference, struct reel *made, struct failure *failure);

/* Both, and their difference, side by side, each 320 pixels wide at most. */
bool pair_draw(const AVFrame *reference, const AVFrame *made, int fd, struct failure *failure);

/* Of two pictures in one size, R, G and B from 0 to 255 in rows: they and so many times their
 * difference, around grey, side by side, as a PNG. */
struct drawn {
    int wide, high;
};
bool drawn_write(const double *before, const double *after, struct drawn size, int gain, int fd,
                 struct failure *failure);
uint8_t pixel_code(double value); /* the nearest from 0 to 255 */

/* A track of the file beside one of the reference, which is read along with it. A sample that is no
 * number, or infinite, counts as one of 180 dBFS, so that it is the worst there is, and known. */
struct hearing;
/* Takes the reference over, of which `stream` is used. NULL with `failure`. */
struct hearing *hearing_create(struct source *reference, int stream,
                               const struct source_stream *made, GPtrArray *unlike,
                               struct failure *failure);
void hearing_destroy(struct hearing *hearing); /* accepts NULL */
/* The file's next frame. */
bool hearing_take(struct hearing *hearing, AVFrame *frame, double time_s, struct failure *failure);
/* All is held from here on, what is the same, too: before the first frame. */
void hearing_from_here(struct hearing *hearing);
/* They were the same sample by sample at first, for which no filters are run, and then weren't:
 * both are to be heard again, all of it held. Known at the end. */
bool hearing_is_late(const struct hearing *hearing);
/* After the last. Of what is late nothing is told. */
bool hearing_end(struct hearing *hearing, struct alike *alike, GPtrArray *unlike,
                 struct failure *failure);

/* Of each channel of the reference and of the file `count` samples of the same times, and
 * residue_reach() more before and after. */
struct stretch {
    float *const *a, *const *b;
};

/* A channel in bands, to 12 kHz where there is as much: 300, 1000, 3000 and 6000 Hz are between
 * them, by Butterworth filters of 24 dB an octave. What is above isn't judged: codecs leave it out
 * (MP3 of 128 kbit/s from 16 kHz, AAC's encoders from 15). An LFE is one band to 120 Hz, which is
 * all that it is for, and that codecs keep (ATSC A/52: 3 to 120 Hz). */
enum { SOUND_BANDS = 5 };
struct bands;
struct bands *bands_create(int rate, enum AVChannel place); /* g_free() */
int bands_count(const struct bands *bands);
char *band_text(const struct bands *bands, int band); /* "3000 to 6000 Hz"; caller frees */
/* Two sounds of one channel, each of which follows what was split before. `rows`: of each `count`
 * values of each band. */
void bands_split(struct bands *const both[2], const float *const samples[2], int count,
                 double *const *const rows[2]);

/* Sums of products of two sounds. */
struct match {
    double of_a, of_b, together;
};

/* Where they go together best, of what is offered from the least lag outwards: another than the
 * next must be clearly better, by 0.01 or by a hundredth of what is missing to 1 being left, so
 * that of a periodic sound the least of equal lags is taken. Begins with the fit that is exceeded.
 */
struct lag {
    bool found;
    int samples;
    double fit; /* a correlation */
};
void lag_offer(struct lag *lag, int samples, double fit);

/* Two sounds of one rate and layout. Besides their difference at the same time it has, for each
 * channel, what they are in its bands while both last, when the file's is moved by that lag of 25
 * ms at most, to a sample, where they correlate best: looked for in quarters of a second, 24 at
 * most, until one is heard in both and half of it goes together. What is below -60 dBFS on average
 * is silence. */
struct residue;
struct residue *residue_create(int rate, const AVChannelLayout *layout);
void residue_destroy(struct residue *residue); /* accepts NULL */
int residue_reach(int rate);                   /* 25 ms in samples */
/* Looks for the lag in a stretch that is taken later. Whether that is over: found, or given up. */
void residue_seek(struct residue *residue, const struct stretch *at, int64_t count);
bool residue_sought(const struct residue *residue);
/* `both`: of the times at hand, and those that come, in so many neither has ended yet. */
void residue_take(struct residue *residue, const struct stretch *at, int64_t count, int64_t both);
void residue_pass(struct residue *residue, int64_t count); /* silence in both */
/* Its RMS, the least correlation and the largest difference of level of a channel, and of a band of
 * one; the lag, where they correlate to 0.9, or no offset is known, or one that is less sure; and
 * the worst moments, with the names of channels in `layout`. What of the reference is above the
 * bands, and that codecs leave out or make noise of, counts as being in both: of levels a fifth of
 * it, which is what the filters let through of noise. In a band so do -70 dBFS, and 30 dB below the
 * loudest channel's whole. Of more than two channels the last band, from 6 kHz, isn't judged: AC-3,
 * E-AC-3 and AAC of 128 to 192 kbit/s leave 5.1 out from 7 kHz. */
void residue_tell(const struct residue *residue, double sure, const AVChannelLayout *layout,
                  struct alike *alike);

/* Where two sounds that are moved onto each other are least alike, in steps of 10 ms:
 *   correlation  of the samples of 50 ms, the mean of the bands to 3 kHz, in which codecs keep the
 *                wave: -1 is the other polarity. Each band counts as much, so that a bass which
 *                goes on doesn't hide what is missing above. Of an LFE, whose 50 ms are six
 *                periods at most, it is that of 0.2 s
 *   level        of the file's 0.2 s to the reference's, dB
 *   brief        likewise of 10 ms: what is muted, or bursts
 *   click        the largest sample of the difference in 10 ms, above the reference's largest in
 *                the 50 ms around, and above 40 times (32 dB) the RMS of the rest of the difference
 *                there; where there is no such rest, a copy but for those 10 ms, above -40 dBFS
 *                only, however loud the sound is; dB. -200: there is no difference, or nothing is
 *                around, in a sound below 20 ms
 * As much as is masked counts as being in both: -50 dBFS, and 20 dB below the loudest 10 ms within
 * 0.15 s, and of levels what of the reference is above the bands in those 0.3 s: a codec's noise
 * spreads before an attack, by 46 ms in AAC, from beyond the 0.2 s. In a band that is -60 dBFS, 20
 * dB below the band's loudest, and 30 below the whole's. At both ends what is there is judged; of
 * the last 10 ms that aren't whole nothing is. */
struct worst;
struct worst_moment {
    double value, at_s; /* on the file's time line */
    int channel;        /* -1: there is none but the best */
};
struct worst_moments {
    struct worst_moment correlation, level, brief, click;
};
struct worst *worst_create(int rate, const AVChannelLayout *layout);
void worst_destroy(struct worst *worst); /* accepts NULL */
/* Follows what was taken before; NULL: silence in both. */
void worst_take(struct worst *worst, const struct stretch *at, int64_t lag, int64_t count);
void worst_end(struct worst *worst, int64_t lag);
const struct worst_moments *worst_tell(const struct worst *worst);
/* All that was taken of a channel. */
struct worst_total {
    const struct bands *split;
    const struct match *bands; /* bands_count() */
    double above;              /* of the reference, what is above them */
    int64_t samples;
};
struct worst_total worst_total(const struct worst *worst, int channel);

/* A page of a still, packed, its values as they are stored; `depth` 8 or 16. */
struct still;
AVFrame *still_frame(const struct still *still, int page, int depth, struct failure *failure);
/* Stills, of which the headers' facts are known. */
bool compare_stills(const struct comparison *comparison, const struct facts *of_reference,
                    struct facts *facts, GPtrArray *unlike, struct failure *failure);
/* Of two pages as their profiles mean them: the mean CIEDE2000 of their pixels, and the largest.
 * False where that can't be told. */
bool still_delta_e(const struct still *reference, const struct still *made, int page, double *mean,
                   double *most);
/* False with `failure` when the source isn't whole. */
bool is_whole(const struct source *source, const char *which, struct failure *failure);
/* Puts `which` before what went wrong. Returns false. */
bool blame(struct failure *failure, const char *which);
#define OF_REFERENCE "the reference: "
/* A check that fails, by the name of a fact, for which an expectation may stand instead; NULL:
 * there is none. */
void say_unlike(GPtrArray *unlike, const char *fact, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* What the facts of two films or sounds say that isn't in their pictures and samples. */
void say_besides(const struct facts *reference, const struct facts *made, GPtrArray *unlike);
/* The meaning of their pictures' codes, and their shape. */
void say_meaning(const struct video_shape *reference, const struct video_shape *made,
                 GPtrArray *unlike);
