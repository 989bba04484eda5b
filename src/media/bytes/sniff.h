/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a file is by its first bytes, for deciding what may open it and for saying what it is
 * when nothing may. */
#pragma once

#include "model/trust.h"

#include <glib.h>

/* How much of a file is looked at: the first directory of a TIFF may be behind a preview. */
enum { SNIFF_HEAD_BYTES = 65536 };

/* "text", "a PDF document", "a ZIP archive" …; NULL for what may be media. `data` is the first
 * SNIFF_HEAD_BYTES of the file. Static. */
const char *sniff_not_media(const guint8 *data, gsize length);
/* True for the first bytes of a still format that libvips reads for us. */
gboolean sniff_still(const guint8 *data, gsize length);
/* The format of a still that needs trust; NULL: it is none of them. Comes before the two above. */
const struct trust_row *sniff_guarded(const guint8 *data, gsize length);
