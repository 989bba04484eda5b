/* SPDX-License-Identifier: GPL-3.0-or-later
 * The names of captions. */
#include "media/captions.h"

#include <glib.h>

enum { WITHIN = CAPTIONS_608 | CAPTIONS_708 };

static const char *const texts[] = {NULL,
                                    "cea-608",
                                    "cea-708",
                                    "cea-608 and cea-708",
                                    "cea-608 track",
                                    "cea-608, cea-608 track",
                                    "cea-708, cea-608 track",
                                    "cea-608 and cea-708, cea-608 track"};

const char *captions_text(unsigned captions)
{
    return texts[captions & (WITHIN | CAPTIONS_TRACK)];
}

const char *captions_within(const char *text)
{
    for (unsigned i = 0; text && i < G_N_ELEMENTS(texts); i++)
        if (g_strcmp0(texts[i], text) == 0)
            return texts[i & WITHIN];
    return NULL;
}
