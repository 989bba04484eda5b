/* SPDX-License-Identifier: GPL-3.0-or-later
 * What a still says beside its pixels, of which nothing comes along where those alone are taken. */
#include "../private.h"
#include "../tiff_known.h"
#include "../vips_start.h"
#include "media/still_file.h"
#include "said.h"
#include "tags.h"
#include "told.h"

void still_tell_unread(int fd, const struct still_said *said, GPtrArray *told)
{
    g_autofree char *unread = tiff_unread_tags(fd);
    if (said->maker_note)
        told_drop(told, KEEP_TAGS, "maker note", still_note_moved);
    told_drop(told, KEEP_TAGS, unread, carried_unread);
    still_tell_segments(fd, told);
}

static VipsImage *header_of(int fd, struct still_said *said)
{
    struct still_reading reading = {0};
    int error = 0;
    g_autoptr(VipsSource) source = still_source_watched(fd, &reading, &error);
    VipsImage *image = vips_image_new_from_source(source, "", "access", VIPS_ACCESS_SEQUENTIAL,
                                                  "memory", TRUE, NULL);
    if (image)
        still_hear_said(image, fd, said);
    vips_error_clear();
    return image;
}

GPtrArray *still_sayings_lost(int fd, const char *why)
{
    GPtrArray *told = carried_new();
    struct still_said said;
    g_autoptr(VipsImage) image = vips_start() ? header_of(fd, &said) : NULL;
    if (!image)
        return told;
    still_tell_all(image, why, told);
    still_tell_unread(fd, &said, told);
    return told;
}
