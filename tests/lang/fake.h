/* SPDX-License-Identifier: GPL-3.0-or-later
 * Steps made up for the tests of the language: one of each sort, none of which does anything. */
#pragma once

#include "lang/pipeline.h"

extern const struct step *const fake_steps[];
extern const unsigned fake_step_count;
