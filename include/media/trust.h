/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which formats this process opens beyond those that are always read. A task is a process: it is
 * told once, before it opens anything, and stays so. */
#pragma once

#include "model/failure.h"
#include "model/trust.h"

/* `trust`: a mask of enum trust. */
void media_trust(unsigned trust);
/* FAIL_UNSUPPORTED with a sentence that says how to trust, where `format` isn't. */
bool media_trusts(const struct trust_row *format, struct failure *failure);
