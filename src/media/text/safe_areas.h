/* SPDX-License-Identifier: GPL-3.0-or-later
 * The outlines of the safe areas: of action 93 %, of titles 90 % of the picture's width and height
 * (SMPTE ST 2046-1:2009; EBU R 95: margins of 3.5 and 5 %). */
#pragma once

/* A side of an outline. */
struct safe_side {
    int x, y, width, height;
};
enum { SAFE_SIDES = 8 /* action, then titles: top, bottom, left, right */ };

/* The areas are rounded to whole even numbers of pixels, as the standards' tables are; outlines lie
 * inside of them. */
void safe_sides(int width, int height, struct safe_side sides[SAFE_SIDES]);
