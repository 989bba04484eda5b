/* SPDX-License-Identifier: GPL-3.0-or-later
 * Languages. ISO 639 has codes of them alone: of the two sets of three letters (639-2), the
 * terminological one is what MOV and MP4 hold; Matroska and broadcast use the bibliographic one,
 * which differs for twenty languages; 639-1 has two letters. BCP 47 (RFC 5646) puts script, region
 * and more behind the code: "zh-Hant", "es-419". All that is returned is static. */
#pragma once

#include <stdbool.h>

/* The terminological code, "deu" for "ger", "de" and "de-CH". NULL for "und", which says nothing,
 * and for what is no code. */
const char *language_code(const char *text);
/* All that it says, in one form: the terminological code where that is all, else the tag as RFC
 * 5646 writes it (2.1.1), "zh-Hant" for "chi_HANT". What isn't well-formed behind the code is
 * passed over. NULL as above. */
const char *language_full(const char *text);
/* Of what one of these gave, the tag of RFC 5646, which takes the shortest code (2.2.1): "de" for
 * "deu", "gsw", "zh-Hant". NULL for NULL. */
const char *language_tag(const char *full);
/* Of a terminological code, "ger" for "deu". NULL for NULL. */
const char *language_bibliographic(const char *code);
/* Whether what `said` is of the language that is `asked` for, in any form: that one, or more of it
 * (RFC 4647, 3.3.1): "pt-BR" is "por", and "por" isn't "pt-BR". */
bool language_matches(const char *asked, const char *said);
