/* SPDX-License-Identifier: GPL-3.0-or-later
 * Inside a chain: a list of stages, each of which takes frames and gives frames. */
#pragma once

#include "media/chain_run.h"

#include <libavfilter/avfilter.h>
#include <libavutil/pixdesc.h>

struct stage;

/* `put` takes over a reference (NULL: the end of the stream). `get` answers MORE when it has
 * nothing to give yet. `done` (may be NULL) says that it will never need another frame. */
struct stage_class {
    const char *name;
    bool (*put)(struct stage *stage, AVFrame *frame, struct failure *failure);
    enum chain_got (*get)(struct stage *stage, AVFrame *out, struct failure *failure);
    bool (*done)(const struct stage *stage);
    void (*destroy)(struct stage *stage);
};

/* First member of every kind of stage. */
struct stage {
    const struct stage_class *class;
    struct chain *chain;
    AVRational time_base; /* of what comes out */
};

/* One frame in hand, for stages that give as they take. */
struct slot {
    AVFrame *frame;
    bool ended;
};
enum chain_got slot_take(struct slot *slot, AVFrame *out);
/* A picture of RGB24 to be drawn on, as the frame in hand. */
bool slot_canvas(struct slot *slot, int width, int height, struct failure *failure);

/* The colour of YUV in this chain: what RGB goes back to. */
struct home {
    const char *pix_fmt; /* planar, as the source was */
    const char *matrix, *range;
};

/* What a chain of pictures begins with; its branches share it. */
struct origin {
    struct video_shape shape; /* as decoded: not yet upright */
    AVRational time_base;
    int rotation;
    bool flipped;
    double start_s; /* of the picture on the source's time line */
    unsigned notes; /* made before the first step */
    bool wanted;    /* frames carry what they are made of (chain/compare.c) */
};
/* The frame carries a reference to itself as it is now, whatever is made of it. */
bool origin_keep(AVFrame *frame, struct failure *failure);

/* What is noted when the last frame has come out. */
struct ending {
    void (*note)(const void *state, struct chain *chain);
    const void *state;
};

struct chain {
    enum AVMediaType type;
    struct video_shape video; /* of sound: the rate and timecode of the picture beside it alone */
    struct sound_shape sound;
    enum AVSampleFormat sample_format;
    AVRational time_base;
    int threads;
    struct home home;
    GPtrArray *stages, *notes;
    GArray *endings; /* struct ending; emptied by the end */
    GQueue input;
    bool input_ended;
    bool stepped;  /* a face added something other than a trim */
    bool cut;      /* a face added a trim */
    bool graded;   /* colours are not the source's, or not all */
    bool respaced; /* and mean another colour space */
    bool retimed;  /* programme time doesn't run as source time */
    bool bent;     /* nor at one pace: no other track can follow */
    bool filtered; /* a stage that looks at several frames, or remembers, may come before */
    bool still;
    bool laid;         /* its transparency was laid on a colour by what draws of it */
    bool half_solid;   /* pixels of a palette's picture were */
    bool fits_changes; /* see chain_fit_changes */
    bool moved;        /* sound: may be heard where the source has none yet */
    bool limited;      /* sound: a limiter comes before */
    double offset_s;   /* source time of programme time 0 */
    double found_s;    /* and so much more, that a stage of this chain cut when it was there */
    const struct chain *trunk; /* that this branches off; NULL */
    double pace;               /* seconds of the source in one of the programme */
    double from_s, to_s;       /* of the source, used */
    double own_to_s;           /* of the source: behind it follows what isn't its own */
    double ahead_s;            /* sound: and so much more of it behind, which is moved to before */
    struct origin *origin;     /* picture; owned by the trunk */
    struct thumbnails *thumbnails; /* that its picture is a sheet of; or NULL */
};

struct chain *chain_new(enum AVMediaType type, int threads);
void *chain_add(struct chain *chain, const struct stage_class *class, size_t size,
                AVRational time_base);
bool fail_av(struct failure *failure, enum failure_class class, int error, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* chain/graph.c */
bool graph_add(struct chain *chain, struct failure *failure, const char *filter,
               GPtrArray *options);
bool graph_addf(struct chain *chain, struct failure *failure, const char *filter, ...)
    __attribute__((sentinel));

/* chain/reorder.c: sound in another sample format that keeps every value: of as many bits or more,
 * or the same in another order; a float takes 24 of them, rounded. Nothing to do when it is. */
bool chain_reorder(struct chain *chain, struct failure *failure, enum AVSampleFormat to);
/* Planar float, which our own code and most filters take. */
bool chain_sound_float(struct chain *chain, struct failure *failure);

/* chain/sound.c: a frame of silence, NULL without memory. */
AVFrame *sound_silence(const AVChannelLayout *layout, enum AVSampleFormat format, int rate,
                       int64_t samples);

/* chain/delay.c: samples of silence put before, of sound taken off the start and off the end, and
 * of silence put behind: as many less as there were too few to take off. */
struct sound_shift {
    int64_t head, skip, drop, tail;
};
bool chain_shift(struct chain *chain, struct failure *failure, const struct sound_shift *todo);

/* chain/mix.c: as chain_mix, also where only the layout's name changes. */
bool chain_mix_to(struct chain *chain, struct failure *failure, const struct sound_mix *mix);

/* chain/quantise.c: to S16 or S32, planar or not, of which `bits` are used; from S32, FLT or DBL.
 */
void chain_quantise(struct chain *chain, enum AVSampleFormat to, int bits);

/* chain/clip.c: planar float, not beyond full scale; what was is counted and noted at the end. */
bool chain_clip(struct chain *chain, struct failure *failure);

/* chain/format.c: a packed format becomes the planar one with the same samples. */
bool chain_unpack(struct chain *chain, struct failure *failure);
/* A picture of odd size, or of 4:4:0 in more than 8 bits, gets a colour sample for every pixel,
 * which zscale needs. */
bool chain_even(struct chain *chain, struct failure *failure);

/* chain/palette.c: from BGRA to a palette a picture. */
bool chain_palette(struct chain *chain, struct failure *failure);

/* Bits that there are in what flows: where that is float of ours, those of what it was made of. */
int chain_depth(const struct chain *chain, const struct video_shape *shape);

/* What a stage says of a frame that isn't as the ones before it, or as it was told. */
#define PICTURE_CHANGES "the picture changes its size or format in the middle, at %.3f s"
#define FRAME_IS_ANOTHER "the first frame is not what the container says of its size or format"

/* chain/color.c: float RGB becomes samples of another format, within the grade where one is open;
 * and so does interlaced YUV whose rows of chroma become more or fewer, which is done in each field
 * by itself, and what goes into subsampled chroma of an odd size. False for what else flows, and
 * for a format that the colour engine doesn't write. */
bool chain_color_convert(struct chain *chain, const char *pix_fmt, const char *range,
                         const char *matrix);

/* chain/canvas.c */
/* A colour as the samples of each plane. */
struct solid {
    unsigned plane[4];
};
struct solid solid_of(const struct video_shape *shape, struct rgba color);
/* A plane of a frame; `width` in samples. */
struct plane {
    uint8_t *data;
    int stride, width, height;
};
struct plane frame_plane(const AVFrame *frame, int index);
bool laid_seen(const struct laid *laid, double time_s);
/* Where `inner` pixels begin in `outer`, on a multiple of `step`; may be negative. */
int laid_along(double where, int outer, int inner, int margin, int step);

/* chain/start.c: frames that aren't as the first was are refused with the moment, or fitted to it.
 */
bool chain_add_start(struct chain *chain, const struct chain_input *input, struct failure *failure);

/* chain/time.c */
void chain_move_timecode(struct chain *chain, double seconds);
bool rate_fits(struct rational fps, struct failure *failure); /* FAIL_CONFIG: libav can't */
void chain_rate_timecode(struct chain *chain, struct rational from, struct rational to);

/* chain/shape.c */
/* From here on there is other light in the picture than the source's. */
void chain_light_changed(struct chain *chain);
void shape_set_format(struct video_shape *shape, enum AVPixelFormat format);
void shape_after_graph(struct chain *chain, const AVFilterContext *filter);
void shape_tag(const struct video_shape *shape, AVFrame *frame);
/* The picture filters' own names for full and limited range. */
const char *zscale_range(const char *range);
