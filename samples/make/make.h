/* SPDX-License-Identifier: GPL-3.0-or-later
 * The samples, made by computing them: nothing is downloaded and nothing belongs to anybody.
 * Every function writes one file or ends the program with a sentence. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The scene: what stands at (x, y), 0 to 1 each, of a picture of this aspect, at `seconds`.
 * Display-referred RGB, 0 to 1. */
void scene_rgb(double x, double y, double aspect, double seconds, double rgb[3]);
/* A voice that says nothing: syllables of a harmonic tone with pauses; full scale = 1. */
double voice(double seconds, double pitch_hz);

struct clip {
    const char *path, *muxer, *video_encoder, *audio_encoder, *timecode;
    int width, height, rate_num, rate_den, frames;
    int sar_num, sar_den, rotate; /* degrees clockwise that a player turns it */
    bool interlaced;              /* top field first */
};
void make_clip(const struct clip *clip);

/* 48 kHz, 24 bits; `channels` copies of the voice, each a little different; bext with a time
 * reference when `broadcast`. */
void make_sound(const char *path, int format, int channels, double seconds, double level,
                bool broadcast);

/* A photograph of the scene: EXIF orientation, an ICC profile by libvips' name ("srgb" "p3"). */
void make_photo(const char *path, int width, int height, int orientation, const char *profile);
void make_scan(const char *path, int width, int height);                    /* 16-bit TIFF */
void make_watermark(const char *path, int width, int height);               /* PNG with alpha */
void make_look(const char *path, double red, double blue, double contrast); /* 17-point .cube */

void stop(const char *what, const char *why) __attribute__((noreturn));
