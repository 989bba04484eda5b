/* SPDX-License-Identifier: GPL-3.0-or-later
 * The iXML chunk (iXML 3.01): the numbers in it that repeat what is true of the file it is in. All
 * else stays. Read and written by libxml2, which is told to fetch nothing. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Samples since midnight at the start of the file. */
struct ixml_stamp {
    uint64_t samples;
    int rate; /* 0: that of the file */
};

struct ixml_facts {
    int rate, bits;
    bool moved;              /* the file starts elsewhere, or counts at another rate */
    uint64_t time_reference; /* if so: samples since midnight */
    struct ixml_stamp stamp; /* the same, at the rate that it counts at */
    double cut;              /* samples of the source before the new start, for sync points */
    double ratio;            /* samples of the output for one of the source */
    bool same_channels;      /* else the list of tracks is taken out */
    bool same_sound;         /* else the loudness that it may have is */
};

/* The same text when nothing in it is wrong, to the byte. NULL when it isn't iXML, or can't be
 * written. Its encoding stays, UTF-8 where it doesn't name one. *tracks: a list of tracks was taken
 * out. */
GBytes *ixml_edited(GBytes *text, const struct ixml_facts *facts, bool *tracks);
/* As it has it; false when it doesn't say. */
bool ixml_time_reference(GBytes *text, struct ixml_stamp *stamp);
