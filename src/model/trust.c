/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of formats that need trust. */
#include "model/trust.h"

#include <glib.h>
#include <string.h>

const struct trust_row trust_rows[TRUST_COUNT] = {
    {TRUST_EXR, "exr", "OpenEXR"},
    {TRUST_DPX, "dpx", "DPX"},
    {TRUST_JXL, "jxl", "JPEG XL"},
    {TRUST_HDR, "hdr", "Radiance HDR"},
    {TRUST_PPM, "ppm", "PPM, PGM, PBM or PFM"},
    {TRUST_RAW, "raw", "camera raw"},
};

const struct trust_row *trust_find(const char *word)
{
    for (unsigned i = 0; word && i < TRUST_COUNT; i++)
        if (strcmp(trust_rows[i].word, word) == 0)
            return &trust_rows[i];
    return NULL;
}

const char *const *trust_words(void)
{
    static const char *words[TRUST_COUNT + 1];
    for (unsigned i = 0; i < TRUST_COUNT; i++)
        words[i] = trust_rows[i].word;
    return words;
}

char *trust_text(unsigned trust)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < TRUST_COUNT; i++)
        if (trust & trust_rows[i].trust)
            g_string_append_printf(text, "%s%s", text->len ? " " : "", trust_rows[i].word);
    return g_string_free(text, FALSE);
}

unsigned trust_from_text(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text ? text : "", " ,", -1);
    unsigned trust = 0;
    for (char **word = words; *word; word++) {
        const struct trust_row *row = trust_find(*word);
        trust |= row ? row->trust : 0;
    }
    return trust;
}
