/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is known about a media file: by probing its header, and, once measured, by decoding it.
 * One table (facts.c) names each fact, gives its unit and drives JSON, `when`, `${…}`, `expect`
 * and `rushes probe`. */
#pragma once

#include "base/node.h"
#include "base/rational.h"
#include "model/kind.h"

#include <stddef.h>

/* Raised when a probe reads the same file otherwise than before. */
enum { FACTS_VERSION = 18 };

/* One stream of a container, in container order. */
struct stream_facts {
    int index;
    char *kind;  /* "video" "audio" "subtitle" "data" "attachment" "cover" */
    char *codec; /* libavcodec's name, or "unknown" */
    char *language, *title;
    char *disposition;          /* "default forced", space-separated */
    char *left_out;             /* why it isn't taken as what it is; NULL it is */
    double start_s, duration_s; /* NAN unknown */
};

/* A span of time found by measuring. */
struct span {
    double start_s, end_s;
};

/* How alike a file is to another one: what only a look at both tells (media/comparison.h). */
struct alike {
    bool known;
    double psnr_db, psnr_u_db, psnr_v_db, psnr_low_db, psnr_worst_db;
    double ssim, ssim_u, ssim_v, ssim_low, ssim_worst;
    double ms_ssim, ms_ssim_low, ms_ssim_worst;
    int64_t worst_frame; /* from 0 */
    char *worst_timecode;
    char *frame_hashes;      /* "equal" or "different" */
    int64_t different_frame; /* the first; -1 none */
    double max_difference, changed_share;
    double delta_e, delta_e_max; /* CIEDE2000, of stills */
    double null_rms_dbfs, audio_offset_s, audio_correlation, audio_level_db;
    double audio_correlation_worst, audio_level_worst_db, audio_level_brief_db, audio_click_db;
    char *audio_correlation_at, *audio_level_at, *audio_brief_at, *audio_click_at; /* "1.2 s, FR" */
    double audio_level_band_db;
    char *audio_band_at; /* "3000 to 6000 Hz, FR" */
};

/* Strings are NULL, numbers 0 and measurements NAN when unknown. */
struct facts {
    enum kind kind;
    char *container; /* libavformat/libvips/libsndfile's short name: "mov", "wav", "jpeg" */
    double duration_s;
    int64_t size_bytes;
    char *hash; /* XXH3-128 of the content, or NULL */
    double bit_rate;

    /* Picture: moving or still; the size is as displayed (after rotation, before SAR). */
    int width, height, bit_depth,
        rotation; /* degrees clockwise to turn for display: 0 90 180 270 */
    bool flipped, alpha, hdr, vfr, interlaced;
    bool progressive; /* a still that is sent coarse, then fine: its reader holds all of it */
    struct rational fps, sar;
    int64_t frames; /* declared or counted */
    char *codec;    /* of the picture; of the sound in a sound file */
    char *profile, *level, *pix_fmt, *field_order;
    char *color_range, *color_matrix, *color_primaries, *color_transfer, *chroma_location;
    char *first_frame;                /* of a sequence: number of the first picture, "0086400" */
    char *hdr_format;                 /* "hdr10" "hlg" "dolby-vision" … */
    double max_cll_nit, max_fall_nit; /* CTA-861.3 */
    char *
        mastering_display; /* SMPTE ST 2086, as x265 writes it: "G(13250,34500)B(…)R(…)WP(…)L(…)" */
    char *container_colors; /* H.273's numbers of a MOV's or MP4's `colr`: "1-1-1" */
    /* Still */
    int bands, pages, orientation; /* EXIF 1-8, 0 none */
    char *icc;                     /* the profile's description */
    char *icc_space;               /* the space (color/space.h) that it is of */

    /* Sound: the first (default) track */
    char *audio_codec, *channel_layout, *sample_format;
    int channels, sample_rate, audio_bit_depth;
    int64_t samples;

    char *captions; /* within the picture: "cea-608" … */
    char *timecode, *reel, *date, *title, *camera, *location;
    int audio_tracks, subtitle_tracks, chapters;
    char *languages, *subtitle_languages; /* lists, of the tracks in their order */
    bool gps;                             /* of a still: EXIF or XMP say where it was taken */
    int edit_lists, fragments;            /* of MOV and MP4 */
    bool faststart;                       /* its index comes before its media */
    GPtrArray *streams;                   /* struct stream_facts */

    /* Of a transport stream */
    int restarts; /* how often its times begin anew or leap, as where one is put behind another */
    double first_restart_s;
    char *unjoined; /* "2.000 s: the picture goes on in another track …"; NULL: it doesn't */
    char *left_out; /* "3.011 s: 0.40 s of picture and sound in other tracks …"; NULL: nothing is */

    /* Measured by decoding all of it */
    bool measured;
    int64_t decoded_frames, decoded_samples;
    int64_t decode_errors;
    double decoded_video_s, decoded_audio_s;
    double decoded_last_s, decoded_step_s; /* when the last picture begins behind the first, and
                                              behind the one before it; not told */
    int gop, b_frames; /* of the picture: pictures from key to key, B pictures in a row; at most */
    bool closed_gop;   /* nothing that is shown before a key picture needs it */
    char *decoded_fields; /* "progressive" "top" "bottom" "mixed": what the pictures say */
    double integrated_lufs, lra_lu, true_peak_dbtp, sample_peak_dbfs;
    double max_momentary_lufs, max_short_term_lufs;
    double rms_dbfs, noise_floor_dbfs;
    bool lra_stable;
    char *gated_blocks; /* gated_text() of model/gated.h, or NULL */
    char *seen; /* what a step's measuring half saw of the picture, in the step's own words; NULL */
    /* struct span; NULL when not measured */
    GArray *black, *freeze, *silence, *gaps, *sound_gaps;
    GArray *flashes, *red_flashes, *odd_frames, *out_of_range, *out_of_gamut;
    GArray *clipping, *out_of_phase, *dropouts;
    int black_head, black_tail, repeated_frames;  /* frames */
    int bar_top, bar_bottom, bar_left, bar_right; /* pixels, as stored */
    double out_of_range_percent, out_of_gamut_percent, combed_percent, blockiness;
    double max_bit_rate; /* of the picture's packets, in any second */
    double min_correlation, dc_offset_percent, clipped_percent, misordered_percent;
    double audio_start_s, audio_end_s;          /* against the picture; positive is later */
    char *silent_channels, *identical_channels; /* lists */
    bool tags_agree, blank;
    GPtrArray
        *tracks; /* struct facts: what the meters of sound, but for levels, found in each sound
                    track after the first; NULL: there is none, or nothing was measured */

    struct alike alike;
};

/* The name of gated_blocks in JSON, and in what a step is told. */
#define GATED_BLOCKS "gated_blocks"
/* That of `tracks`. */
#define FACTS_TRACKS "further_tracks"
/* And that of `seen`. */
#define FACTS_SEEN "seen"
/* And that of whether `alike` is known. */
#define FACTS_ALIKE "compared"

struct facts *facts_create(void);
void facts_destroy(struct facts *facts);
typedef struct facts *facts_ptr; /* for `g_auto(facts_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(facts_ptr, facts_destroy, NULL)
/* One more of `tracks`, which is taken. */
void facts_add_track(struct facts *facts, struct facts *track);
void stream_facts_destroy(struct stream_facts *stream);
/* Of a kind, and taken so. */
bool stream_facts_is(const struct stream_facts *stream, const char *kind);
/* A stream's name in reports: "sound track 2 (eng, aac)". `kind` is one of stream_facts; `number`
 * counts from 1 the streams whose kinds have the same words; `language` may be NULL. Caller frees.
 */
char *stream_name(const char *kind, int number, const char *language, const char *codec);
/* "sound track", "attachment" (a cover, too). */
const char *stream_kind_words(const char *kind);

/* FACT_COUNT is an int whose 0 is a value, not "unknown". FACT_LIST is a text of words joined by
 * ", ", of which "" is none, and NULL unknown. */
enum fact_type {
    FACT_TEXT,
    FACT_LIST,
    FACT_INT,
    FACT_COUNT,
    FACT_INT64,
    FACT_NUMBER,
    FACT_BOOL,
    FACT_RATIONAL,
    FACT_KIND,
    FACT_SPANS
};

/* What it takes to know a fact. Meters look at every pixel or sample. */
enum fact_effort { FACT_PROBED, FACT_DECODED, FACT_METERED };

struct fact {
    const char *name;  /* JSON key, with its unit: "integrated_lufs" */
    const char *alias; /* name in `when`, `${…}` and `expect` where it differs: "loudness" */
    const char *unit;  /* "s", "LUFS", "" */
    enum fact_type type;
    size_t offset;
    double least_s;            /* of spans: shorter ones aren't told */
    enum fact_effort measured; /* true of what is only known after decoding */
    enum kind kinds;
    bool sound;       /* of the sound: nothing to know where there is none */
    double tolerance; /* in `unit`: what an expectation of just a value, or `none`, allows */
    const char *help;
};
extern const struct fact fact_table[];
extern const unsigned fact_count;
/* Whether it is one of `alike`: of two files, so not for `when` and `${…}`, and for
 * `expect` only beside a reference. */
static inline bool fact_is_beside(const struct fact *fact)
{
    return fact->offset >= offsetof(struct facts, alike) &&
           fact->offset < offsetof(struct facts, alike) + sizeof(struct alike);
}
/* By name or alias; NULL when there is no such fact. */
const struct fact *fact_find(const char *name);

/* The value as text for templates and conditions ("1920", "25", "true", "30000/1001"); NULL when
 * unknown. Caller frees. */
char *fact_text(const struct fact *fact, const struct facts *facts);
/* Of a FACT_LIST: whether the words of `text` are those of `asked`, in their order, capital or not;
 * of languages, those that language_matches() has: "por, deu" for "pt-BR, ger". */
bool fact_list_is(const struct fact *fact, const char *asked, const char *text);
/* For people: "-23.02 LUFS", what was measured rounded, what was counted not. Likewise. */
char *fact_said(const struct fact *fact, const struct facts *facts);
/* As a number, for comparisons; false when unknown or not a number. */
bool fact_number(const struct fact *fact, const struct facts *facts, double *out);

/* JSON, both ways: what travels in task and result files, `probe --json`, and the report.
 * Unknown facts are left out; measured ones that could not be measured (silence) are null.
 * Numbers are never NaN or infinite. A ratio is a number ("fps": 29.97…) with its exact text beside
 * it when it isn't whole ("fps_ratio": "30000/1001"). Spans are lists of [start, end] in seconds.
 * facts_from_json takes any object: what has the wrong type is unknown. */
JsonObject *facts_to_json(const struct facts *facts);
struct facts *facts_from_json(JsonObject *json);
/* Of a field order ("tt", "bt" …) the field that is shown first, "top" or "bottom"; "progressive";
 * NULL unknown. Static. */
const char *field_order_first(const char *order);
/* Of a sound file: whether it is in a codec that libsndfile reads sample by sample: PCM of any
 * form, A-law, u-law, FLAC. What is in a file that only says so (DTS, or IEC 61937, in a WAVE file
 * of 16-bit PCM) is not. */
/* How long the picture of a film is; NAN unknown, or none. */
double facts_picture_s(const struct facts *facts);
bool facts_sound_is_plain(const struct facts *facts);
struct facts *facts_copy(const struct facts *facts); /* what JSON holds of them, which is all */
/* Only how alike it is. */
void facts_copy_alike(const struct facts *from, struct facts *to);

/* Exactly these facts as lines of text, for the ledger: quick to read back. A line that can't be
 * understood is passed over. Caller frees. */
char *facts_to_lines(const struct facts *facts);
struct facts *facts_from_lines(const char *text);

/* What a step is told of the whole programme, by name: only what was measured, and of how many
 * channels. New reference. */
struct node *facts_measured(const struct facts *facts);
