/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is to be said of the files of a grade, by the planner and by the faces. Refusals are
 * sentences without a full stop, the caller's to free; NULL: there is none. */
#pragma once

#include "color/cdl_file.h"
#include "grade.h"
#include "model/facts.h"

bool grade_lut_is_image(const char *name); /* by its name: a HaldCLUT */

/* Of a file's name. Errors of readers quote lines: only of a file that is meant to be read. */
char *grade_lut_name_refusal(const char *name);
char *grade_cdl_name_refusal(const char *name);

/* Of a LUT that says which ends of it are of video range. */
char *grade_lut_range_refusal(const struct grade_params *params, const char *name, bool video_in,
                              bool video_out);

/* `source` NULL: nothing is known of it. Borrows from both. */
struct cdl_query grade_cdl_query(const struct grade_params *params, const struct facts *source);

/* Before anything runs (model/step_files.h). */
extern const struct step_files grade_files;
