/* SPDX-License-Identifier: GPL-3.0-or-later
 * Headers of VC-3. */
#include "vc3_header.h"

enum { HEADER = 640, AT_SCAN = 5, FIELDS = 2, AT_COLORS = 0x2c, COLORS_SHIFT = 1, COLORS = 6 };

static int colors_of(enum AVColorSpace matrix)
{
    enum { BT709, BT2020_NCL, BT2020_CL, ELSEWHERE };
    return matrix == AVCOL_SPC_BT709        ? BT709
           : matrix == AVCOL_SPC_BT2020_NCL ? BT2020_NCL
           : matrix == AVCOL_SPC_BT2020_CL  ? BT2020_CL
                                            : ELSEWHERE;
}

bool vc3_say_matrix(AVPacket *packet, enum AVColorSpace matrix)
{
    if (av_packet_make_writable(packet) < 0)
        return false;
    if (packet->size < 2 * HEADER)
        return true;
    const int headers = packet->data[AT_SCAN] & FIELDS ? 2 : 1;
    for (int i = 0; i < headers; i++) {
        uint8_t *at = packet->data + i * (packet->size / 2) + AT_COLORS;
        *at = (uint8_t)((*at & ~COLORS) | colors_of(matrix) << COLORS_SHIFT);
    }
    return true;
}
