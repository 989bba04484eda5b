/* SPDX-License-Identifier: GPL-3.0-or-later
 * Codes of languages: ISO 639. Of the two sets of three letters (639-2), the terminological one is
 * what MOV and MP4 hold; Matroska and broadcast use the bibliographic one, which differs for twenty
 * languages; 639-1 has two letters. */
#pragma once

/* The terminological code, "deu" for "ger" and "de"; "de-CH" is read up to its hyphen. NULL for
 * "und", which says nothing, and for what is no code. Static. */
const char *language_code(const char *code);
/* Of what language_code() gave, the tag of RFC 5646, which takes the shortest code (2.2.1): "de"
 * for "deu", "gsw". NULL for NULL. Static. */
const char *language_tag(const char *code);
