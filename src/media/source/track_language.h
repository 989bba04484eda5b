/* SPDX-License-Identifier: GPL-3.0-or-later
 * Languages of tracks that say more than three letters. */
#pragma once

#include <libavformat/avformat.h>

/* Of a file whose header was read: what Matroska's LanguageBCP47 (RFC 9559, 5.1.4.1.20) and the
 * `elng` box of MOV and MP4 (ISO/IEC 14496-12, 8.4.6) say, which goes before the three letters, is
 * the `language` of its streams, as language_full() has it. */
void track_languages(int fd, AVFormatContext *format);
