/* SPDX-License-Identifier: GPL-3.0-or-later
 * Primaries and white, and matrices between them. */
#include "primaries.h"

/* clang-format off */
#define D65 {0.3127, 0.3290}
#define ACES_WHITE {0.32168, 0.33767} /* AMPAS S-2014-004, TB-2014-004: about D60 */

const struct primaries /* ITU-R BT.709, BT.2020, BT.601; SMPTE RP 431-2, EG 432-1 */
    primaries_bt709  = {{0.640, 0.330}, {0.300, 0.600}, {0.150, 0.060}, D65, false},
    primaries_bt2020 = {{0.708, 0.292}, {0.170, 0.797}, {0.131, 0.046}, D65, false},
    primaries_525    = {{0.630, 0.340}, {0.310, 0.595}, {0.155, 0.070}, D65, false},
    primaries_625    = {{0.640, 0.330}, {0.290, 0.600}, {0.150, 0.060}, D65, false},
    primaries_p3_d65 = {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, D65, false},
    primaries_p3_dci = {{0.680, 0.320}, {0.265, 0.690}, {0.150, 0.060}, {0.314, 0.351}, false};

const struct primaries /* AMPAS ST 2065-1, S-2014-004 */
    primaries_ap0 = {{0.7347, 0.2653}, {0.0000, 1.0000}, {0.0001, -0.0770}, ACES_WHITE, false},
    primaries_ap1 = {{0.713, 0.293}, {0.165, 0.830}, {0.128, 0.044}, ACES_WHITE, false};

const struct primaries /* the makers' papers, as in transfer.h */
    primaries_sgamut3      = {{0.730, 0.280}, {0.140, 0.855}, {0.100, -0.050}, D65, true},
    primaries_sgamut3_cine = {{0.766, 0.275}, {0.225, 0.800}, {0.089, -0.087}, D65, true},
    primaries_awg3         = {{0.6840, 0.3130}, {0.2210, 0.8480}, {0.0861, -0.1020}, D65, true},
    primaries_awg4         = {{0.7347, 0.2653}, {0.1424, 0.8576}, {0.0991, -0.0308}, D65, true},
    primaries_vgamut       = {{0.730, 0.280}, {0.165, 0.840}, {0.100, -0.030}, D65, false},
    primaries_cgamut       = {{0.740, 0.270}, {0.170, 1.140}, {0.080, -0.100}, D65, true},
    primaries_rwg          = {{0.780308, 0.304253}, {0.121595, 1.493994}, {0.095612, -0.084589}, D65, false};

/* XYZ to the responses of the eye's cones: Lam 1985 (ICC.1 annex E), CIE 159:2004. */
static const struct m3 bradford = {{{ 0.8951,  0.2664, -0.1614},
                                    {-0.7502,  1.7135,  0.0367},
                                    { 0.0389, -0.0685,  1.0296}}},
                       cat02    = {{{ 0.7328,  0.4296, -0.1624},
                                    {-0.7036,  1.6975,  0.0061},
                                    { 0.0030,  0.0136,  0.9834}}};
/* clang-format on */

static struct m3 multiply(const struct m3 *a, const struct m3 *b)
{
    struct m3 out = {0};
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            for (int i = 0; i < 3; i++)
                out.at[row][column] += a->at[row][i] * b->at[i][column];
    return out;
}

static void transform(const struct m3 *m, const double in[3], double out[3])
{
    for (int row = 0; row < 3; row++)
        out[row] = m->at[row][0] * in[0] + m->at[row][1] * in[1] + m->at[row][2] * in[2];
}

static double cofactor(const struct m3 *m, int row, int column)
{
    const int a = (row + 1) % 3, b = (row + 2) % 3, c = (column + 1) % 3, d = (column + 2) % 3;
    return m->at[a][c] * m->at[b][d] - m->at[a][d] * m->at[b][c];
}

static struct m3 inverse(const struct m3 *m)
{
    struct m3 out;
    double determinant = 0;
    for (int i = 0; i < 3; i++)
        determinant += m->at[0][i] * cofactor(m, 0, i);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            out.at[row][column] = cofactor(m, column, row) / determinant;
    return out;
}

static void xyz_of(const double xy[2], double xyz[3])
{
    xyz[0] = xy[0] / xy[1];
    xyz[1] = 1;
    xyz[2] = (1 - xy[0] - xy[1]) / xy[1];
}

struct m3 primaries_to_xyz(const struct primaries *from)
{
    const double *const xy[3] = {from->red, from->green, from->blue};
    double white[3], amount[3];
    struct m3 out;
    for (int column = 0; column < 3; column++) {
        out.at[0][column] = xy[column][0];
        out.at[1][column] = xy[column][1];
        out.at[2][column] = 1 - xy[column][0] - xy[column][1];
    }
    const struct m3 back = inverse(&out);
    xyz_of(from->white, white);
    transform(&back, white, amount);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            out.at[row][column] *= amount[column];
    return out;
}

struct m3 primaries_from_xyz(const struct primaries *to)
{
    const struct m3 there = primaries_to_xyz(to);
    return inverse(&there);
}

/* XYZ seen under one white to XYZ seen under another. */
static struct m3 adaptation(const struct m3 *cones, const double from[2], const double to[2])
{
    double from_xyz[3], to_xyz[3], from_cones[3], to_cones[3];
    struct m3 scaled = *cones;
    xyz_of(from, from_xyz);
    xyz_of(to, to_xyz);
    transform(cones, from_xyz, from_cones);
    transform(cones, to_xyz, to_cones);
    for (int row = 0; row < 3; row++)
        for (int column = 0; column < 3; column++)
            scaled.at[row][column] *= to_cones[row] / from_cones[row];
    const struct m3 back = inverse(cones);
    return multiply(&back, &scaled);
}

struct m3 primaries_to_d50(const struct primaries *from)
{
    static const double d50[2] = {0.3457, 0.3585};
    const struct m3 there = primaries_to_xyz(from),
                    adapted = adaptation(&bradford, from->white, d50);
    return multiply(&adapted, &there);
}

struct m3 primaries_convert(const struct primaries *from, const struct primaries *to)
{
    const struct m3 *cones = from->cat02 || to->cat02 ? &cat02 : &bradford;
    const struct m3 there = primaries_to_xyz(from), back = primaries_from_xyz(to),
                    adapted = adaptation(cones, from->white, to->white);
    const struct m3 seen = multiply(&adapted, &there);
    return multiply(&back, &seen);
}
