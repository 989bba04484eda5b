/* SPDX-License-Identifier: GPL-3.0-or-later
 * Fields of pictures, where the container says nothing of them. */
#pragma once

#include "media/source.h"
#include "model/facts.h"

/* "progressive", or the field that is shown first: "top", "bottom". Static. */
const char *frame_fields(const AVFrame *frame);
/* Where the facts lack a field order and the codec's pictures have one, by decoding the first of
 * them. Reads from the source, which is of no use for other readers then. */
void probe_fields(struct source *source, struct facts *facts);
