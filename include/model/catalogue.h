/* SPDX-License-Identifier: GPL-3.0-or-later
 * The front end's view of media/catalogue.h: what the worker said the libraries can do. */
#pragma once

#include <json-glib/json-glib.h>
#include <stdbool.h>

struct catalogue;
/* From the worker's JSON. NULL and *error when it isn't a catalogue. */
struct catalogue *catalogue_from_text(const char *text, gssize length, GError **error);
void catalogue_destroy(struct catalogue *catalogue);
typedef struct catalogue *catalogue_ptr; /* for `g_auto(catalogue_ptr)` */
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(catalogue_ptr, catalogue_destroy, NULL)
const char *catalogue_build(const struct catalogue *catalogue);
bool catalogue_has_encoder(const struct catalogue *catalogue, const char *encoder);
/* NULL-terminated names of an encoder's options, for "did you mean"; caller frees the array only.
 * NULL for an unknown encoder. */
const char **catalogue_encoder_options(const struct catalogue *catalogue, const char *encoder);
/* Checks name and value; NULL when fine, else a sentence saying what is allowed. Caller frees. */
char *catalogue_check_option(const struct catalogue *catalogue, const char *encoder,
                             const char *name, const char *value);
/* NULL-terminated pixel or sample formats an encoder takes; caller frees the array only. */
const char **catalogue_encoder_formats(const struct catalogue *catalogue, const char *encoder);
