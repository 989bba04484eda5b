/* SPDX-License-Identifier: GPL-3.0-or-later
 * Runs and seals: inputs are held against the seal of a folder they are in, outputs are sealed. */
#pragma once

#include "session.h"

/* Of every input that lies in a sealed folder (of an input of numbered pictures every picture) the
 * content is compared with what the nearest seal that knows it says. One that differs gets its
 * failure, input_damaged; a seal that isn't what it was fails all it knows. What is compared in
 * another format than xxh128 is read here, once: the ledger remembers it. EXIT_DONE, or the exit
 * code of an interruption. */
int sealed_check(struct session *session);

/* `checksums: mhl`: what is published and not sealed yet becomes a generation of the output
 * folder's seal, without being read again. An MHL has no way to say that a file was changed on
 * purpose: when one that is sealed was rendered anew, the seal is moved into the run's folder, and
 * another begins, with what the old one says of all other files. */
bool sealed_write(const struct session *session, GError **error);
