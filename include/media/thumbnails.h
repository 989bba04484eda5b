/* SPDX-License-Identifier: GPL-3.0-or-later
 * Thumbnails for the time line of a player: a sheet of pictures, and a WebVTT track (W3C, WebVTT 1:
 * metadata text tracks) whose cues name a part of the sheet each, as a media fragment (W3C, Media
 * Fragments URI 1.0, 4.2.2). The folder is a bundle (base/bundle.h):
 *
 *     A001.vtt    00:00:00.000 --> 00:00:10.000
 *                 A001.jpg#xywh=0,0,160,90
 *     A001.jpg */
#pragma once

#include "media/chain.h"
#include "model/task.h"

/* Thumbnail k, counted from the left and then from the top, is shown from k * every_s until the
 * next, the last until until_s. */
struct thumbnails {
    int count, columns;
    int width, height; /* of one, pixels */
    double every_s, until_s;
};

/* The picture that a chain ends in is such a sheet. NULL: not so. Borrowed. */
void chain_set_thumbnails(struct chain *chain, const struct thumbnails *thumbnails);
const struct thumbnails *chain_thumbnails(const struct chain *chain);

/* The file behind fd, a finished picture in `format` ("jpeg", "png", "webp"), becomes the bundle of
 * it and its track, which is called `name` ("A001.vtt"). `claim`, which is of the picture, gets
 * cues and cues_s. FAIL_DISK, FAIL_MEMORY. */
bool thumbnails_bundle(int fd, const char *name, const char *format,
                       const struct thumbnails *thumbnails, struct claim *claim,
                       struct failure *failure);

/* Reads a finished bundle back: decodes the sheet, and holds the track to name parts of it that lie
 * within it, one after another without gaps from the start to the claim's cues_s, as many as
 * claimed. `facts` gets those of the sheet, of container "thumbnails". */
bool thumbnails_verify(int fd, const struct claim *claim, struct facts *facts,
                       struct failure *failure);
