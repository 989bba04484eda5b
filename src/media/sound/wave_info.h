/* SPDX-License-Identifier: GPL-3.0-or-later
 * The texts of a WAVE file: its chunk LIST of type INFO (Multimedia Programming Interface 1.0). */
#pragma once

#include <glib.h>
#include <libavutil/dict.h>
#include <stdbool.h>

/* Our tags out of a LIST; nothing from one of another type. Tags that are there stay. */
void wave_info_read(GBytes *list, AVDictionary **tags);
bool wave_info_holds(const char *key);
/* The source's list (NULL: none) with the texts that our tags stand for as they are in `tags`; the
 * others stay. NULL when nothing is left. */
GBytes *wave_info_edited(GBytes *list, const AVDictionary *tags);
