/* SPDX-License-Identifier: GPL-3.0-or-later
 * ascmhl_chain.xml: the names of the manifests and the c4 of each (schema
 * urn:ASC:MHL:DIRECTORY:v2.0). */
#pragma once

#include "seal/history.h"

/* Fills names and checksums. */
bool chain_read(struct history *history, const char *text, gsize length, GError **error);
char *chain_text(const struct history *history);
