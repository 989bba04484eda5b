/* SPDX-License-Identifier: GPL-3.0-or-later
 * The way of a camera through a programme, as text and smoothed.
 *
 * As text each frame is its motion (signal/motion.h) and a semicolon: x and y in hundredths of a
 * pixel, then, where they aren't 0, angle and zoom in 100000ths, with commas; a cut is "c". */
#pragma once

#include "motion.h"

void path_print(GString *text, const struct motion *motion);
/* struct motion; NULL: not such a text. */
GArray *path_parse(const char *text);

/* What is to be done to frame i, so that the camera moves smoothly: a Gaussian over `sigma_frames`
 * of the way, by shots. struct motion, where content has to go. */
GArray *path_corrections(const GArray *motions, double sigma_frames);
/* How much a picture of this size (square pixels) must be enlarged so that nothing from outside of
 * it is seen after the correction, as a factor, at least 1. */
double path_needed(const struct motion *correction, double width, double height);
/* Corrections are made smaller, shot by shot, until none needs more than `most`. Returns the most
 * that is needed now. */
double path_limit(GArray *corrections, const GArray *motions, double width, double height,
                  double most);
/* The largest distance that a correction moves a corner of the picture by, pixels. */
double path_largest(const GArray *corrections, double width, double height);
