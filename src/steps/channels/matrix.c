/* SPDX-License-Identifier: GPL-3.0-or-later
 * Mixing matrices. Lo/Ro is ITU-R BS.775-3, Annex 4, Table 2; a single surround goes to both sides
 * at -6 dB there. Four surrounds become two at -3 dB each. */
#include "matrix.h"

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

static const struct factor {
    const char *to, *from;
    double factor;
} stereo[] =
    {
        {"FL", "FL", 1},  {"FR", "FR", 1},  {"FL", "FC", M3},   {"FR", "FC", M3},
        {"FL", "BL", M3}, {"FR", "BR", M3}, {"FL", "SL", M3},   {"FR", "SR", M3},
        {"FL", "BC", .5}, {"FR", "BC", .5}, {NULL, "LFE", .0},
},
  surround[] = {
      {"FL", "FL", 1}, {"FR", "FR", 1},  {"FC", "FC", 1},  {"LFE", "LFE", 1}, {"BL", "BL", 1},
      {"BR", "BR", 1}, {"BL", "SL", 1},  {"BR", "SR", 1},  {"BL", "BC", M3},  {"BR", "BC", M3},
};
