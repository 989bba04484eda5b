/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices. Lo/Ro is ITU-R BS.775-3, Annex 4, Table 2; a single surround goes to both sides
 * at -6 dB there. Four surrounds become two at -3 dB each. */
#include "media/matrix.h"

#include <stdbool.h>
#include <string.h>

/* The order of channels in libav's layouts. */
static const struct {
    const char *layout, *channels;
} layouts[] = {
    {"mono", "FC"},
    {"stereo", "FL FR"},
    {"downmix", "FL FR"},
    {"2.1", "FL FR LFE"},
    {"3.0", "FL FR FC"},
    {"3.0(back)", "FL FR BC"},
    {"3.1", "FL FR FC LFE"},
    {"4.0", "FL FR FC BC"},
    {"4.1", "FL FR FC LFE BC"},
    {"quad", "FL FR BL BR"},
    {"quad(side)", "FL FR SL SR"},
    {"5.0", "FL FR FC BL BR"},
    {"5.0(side)", "FL FR FC SL SR"},
    {"5.1", "FL FR FC LFE BL BR"},
    {"5.1(side)", "FL FR FC LFE SL SR"},
    {"6.0", "FL FR FC BC SL SR"},
    {"6.1", "FL FR FC LFE BC SL SR"},
    {"6.1(back)", "FL FR FC LFE BL BR BC"},
    {"7.0", "FL FR FC BL BR SL SR"},
    {"7.1", "FL FR FC LFE BL BR SL SR"},
};

static const double M3 = 0.70710678118654752; /* -3.01 dB */

struct factor {
    const char *to, *from;
    double factor;
};

static const struct factor to_stereo[] = {
    {"FL", "FL", 1},  {"FR", "FR", 1},  {"FL", "FC", M3}, {"FR", "FC", M3},
    {"FL", "BL", M3}, {"FR", "BR", M3}, {"FL", "SL", M3}, {"FR", "SR", M3},
    {"FL", "BC", .5}, {"FR", "BC", .5}, {"-", "LFE", 0},  {NULL, NULL, 0},
};

static const struct factor to_surround[] = {
    {"FL", "FL", 1},  {"FR", "FR", 1},  {"FC", "FC", 1}, {"LFE", "LFE", 1},
    {"BL", "BL", 1},  {"BR", "BR", 1},  {"BL", "SL", 1}, {"BR", "SR", 1},
    {"BL", "BC", M3}, {"BR", "BC", M3}, {NULL, NULL, 0},
};

static const struct factor from_mono[] = {{"FL", "FC", 1}, {"FR", "FC", 1}, {NULL, NULL, 0}};

static char **channels_of(const char *layout)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(layouts); i++)
        if (strcmp(layouts[i].layout, layout) == 0)
            return g_strsplit(layouts[i].channels, " ", -1);
    return strchr(layout, '+') ? g_strsplit(layout, "+", -1) : NULL;
}

static double factor_of(const struct factor *row, const char *to, const char *from)
{
    for (; row->to; row++)
        if (strcmp(row->to, to) == 0 && strcmp(row->from, from) == 0)
            return row->factor;
    return 0;
}

static bool placed(const struct factor *row, const char *from)
{
    for (; row->to; row++)
        if (strcmp(row->from, from) == 0)
            return true;
    return false;
}

/* Two pairs of surrounds share one: each at -3.01 dB. */
static double crowded(char **channels, const char *from)
{
    const char *const *list = (const char *const *)channels;
    bool both = g_strv_contains(list, "SL") && g_strv_contains(list, "BL");
    return both && strlen(from) == 2 && (from[0] == 'S' || from[0] == 'B') ? M3 : 1;
}

static double mix(const struct factor *rows, bool to_mono, bool fold, char **channels,
                  const char *to, const char *from)
{
    double factor = to_mono ? (factor_of(rows, "FL", from) + factor_of(rows, "FR", from)) / 2
                            : factor_of(rows, to, from);
    return fold ? factor * crowded(channels, from) : factor;
}

static void add_output(GString *pan, const struct factor *rows, bool to_mono, bool fold,
                       char **channels, const char *to, unsigned number)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    const char *sign = "";
    g_string_append_printf(pan, "|c%u=", number);
    for (unsigned i = 0; channels[i]; i++) {
        double factor = mix(rows, to_mono, fold, channels, to, channels[i]);
        if (factor == 0)
            continue;
        g_ascii_formatd(text, sizeof text, "%.9f", factor);
        g_string_append_printf(pan, "%s%s*c%u", sign, text, i);
        sign = "+";
    }
    if (!*sign)
        g_string_append(pan, "0*c0");
}

char *matrix_pan(const char *from, const char *to, char **stranger)
{
    g_auto(GStrv) inputs = channels_of(from);
    g_auto(GStrv) outputs = channels_of(to);
    bool surround = strcmp(to, "5.1") == 0, mono = strcmp(to, "mono") == 0;
    const struct factor *rows = surround                    ? to_surround
                                : strcmp(from, "mono") == 0 ? from_mono
                                                            : to_stereo;
    bool known = surround || mono || strcmp(to, "stereo") == 0;
    *stranger = NULL;
    if (!inputs || !known) {
        *stranger = g_strdup(inputs ? to : from);
        return NULL;
    }
    for (unsigned i = 0; inputs[i]; i++)
        if (!placed(rows, inputs[i])) {
            *stranger = g_strdup(inputs[i]);
            return NULL;
        }
    GString *pan = g_string_new(to);
    for (unsigned i = 0; outputs[i]; i++)
        add_output(pan, rows, mono, surround, inputs, outputs[i], i);
    return g_string_free(pan, FALSE);
}
