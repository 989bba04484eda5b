/* SPDX-License-Identifier: GPL-3.0-or-later
 * XML from anywhere, as events with the names' prefixes passed over. GLib's parser knows no
 * entities but XML's five and reads nothing but the text; a document type is refused here, and
 * depth. */
#pragma once

#include <glib.h>
#include <stdbool.h>

struct xml_ears {
    /* Of an element, and of its end with all the text in it, without blanks around it but of those
     * that are `verbatim`. False when it is wrong; *error set. */
    bool (*start)(void *self, const char *name, const char **keys, const char **values,
                  GError **error);
    bool (*end)(void *self, const char *name, const char *text, GError **error);
    const char *const *verbatim; /* names of elements, NULL-terminated */
};

bool xml_hear(const char *text, gsize length, const struct xml_ears *ears, void *self,
              GError **error);
bool xml_wrong(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3); /* false */

/* Appends text as XML carries it. */
void xml_put(GString *out, const char *text);
/* An ISO 8601 time in UTC. */
void xml_put_time(GString *out, gint64 seconds);
