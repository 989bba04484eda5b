/* SPDX-License-Identifier: GPL-3.0-or-later
 * What sort of thing a file is, and which file names belong to it. */
#pragma once

#include <stdbool.h>

/* Bits, so that a step can have a face for several. A video file is KIND_VIDEO whether or not it
 * has sound; a sound file with cover art is KIND_AUDIO; an animated GIF or WebP is KIND_IMAGE. */
enum kind { KIND_NONE = 0, KIND_VIDEO = 1, KIND_AUDIO = 2, KIND_IMAGE = 4, KIND_ANY = 7 };

const char *kind_name(enum kind kind);      /* "video", "audio", "image" */
enum kind kind_from_name(const char *name); /* KIND_NONE when unknown */
/* Counts what was changed in how we make an output of the kind, beside its steps and the
 * libraries: which formats are chosen, what is tagged, how it is packed, how it is scaled. Part of
 * its identity, and of what is measured for it: one that an older build wrote is made again. */
unsigned kind_writing(enum kind kind);

/* A container or still format we write. One row says all that the front end must know. */
struct container {
    const char *name;       /* "mp4", as written in `encode: {container: …}` */
    const char *extensions; /* "mp4 m4v", first one is the default */
    enum kind kind;         /* of a file in it: KIND_VIDEO for mp4, even with sound only */
    const char *muxer;      /* libavformat's name; NULL where another library writes */
    const char *video;      /* codecs it takes, space-separated, first is the default; "" none */
    const char *audio;
    const char *help;
    bool one_track;      /* it holds one picture or one sound */
    const char *read_as; /* what a probe calls it (facts.container); NULL: it is no media file */
    int sample_rate;     /* Hz, the one of all sound in it; 0: any */
};

extern const struct container containers[];
extern const unsigned container_count;
const struct container *container_by_name(const char *name);
/* By extension, without the dot, case-insensitive; NULL when we don't write such files. */
const struct container *container_by_extension(const char *extension);
/* Whether a space-separated list, as these rows have, has the word; in capitals or not. */
bool list_has(const char *list, const char *word);
/* Whether an output in it is a folder of files (base/bundle.h): numbered pictures. */
bool container_is_folder(const struct container *container);
/* Whether an output in it is a folder of other outputs, cut into segments, and their playlists. */
bool container_is_package(const struct container *container);
/* Whether an output in it is a folder of a sheet of thumbnails and a track that names its parts. */
bool container_is_thumbnails(const struct container *container);
/* Of an animation's (no sound, and read back as a still), the format that stills are written in
 * there, with their frames; NULL of others. */
const char *container_still(const struct container *container);
/* Whether a codec, by its name in model/encode.h, may be written into the container. */
bool container_takes(const struct container *container, const char *codec);

/* A file of nothing but one track of subtitles. */
bool container_is_subtitles(const struct container *container);

/* The kind that a file name promises, for picking the inputs of a folder: "mov" is video, "nef"
 * is image, "txt" is KIND_NONE. Content decides later. */
enum kind kind_of_extension(const char *extension);
