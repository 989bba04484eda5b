/* SPDX-License-Identifier: GPL-3.0-or-later
 * What metadata says: timecode, reel, date, title, camera. */
#pragma once

#include "media/source.h"
#include "model/facts.h"

/* The value of the first of the keys that is there, as valid UTF-8; NULL. Caller frees. */
char *tag_text(const AVDictionary *tags, const char *key);
void read_tags(const struct source *source, struct facts *facts);
