/* SPDX-License-Identifier: GPL-3.0-or-later
 * A finished sheet of thumbnails and its track, read back. */
#include "media/thumbnails.h"

#include "base/bundle.h"
#include "media/frame.h"
#include "media/probe.h"
#include "media/readback.h"

#include <math.h>

/* What is read: the sheet, and how far the track has come. */
struct reading {
    const struct bundle_file *sheet;
    int width, height;
    int cues;
    int64_t end_ms; /* of the last cue */
};

static bool is_track(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot && !g_ascii_strcasecmp(dot, ".vtt");
}

static const struct bundle_file *file_like(const struct bundle *bundle, bool track)
{
    for (guint i = 0; i < bundle->files->len; i++) {
        const struct bundle_file *file = &g_array_index(bundle->files, struct bundle_file, i);
        if (is_track(file->name) == track)
            return file;
    }
    return NULL;
}

static bool wrong(const struct reading *reading, struct failure *failure, const char *what)
{
    return fail(failure, FAIL_INTERNAL, "cue %d of the finished thumbnails %s", reading->cues + 1,
                what);
}

/* "A001.jpg#xywh=0,0,160,90" */
static bool see_part(const struct reading *reading, const char *text, struct failure *failure)
{
    int x, y, width, height, end = 0;
    const char *mark = strrchr(text, '#');
    g_autofree char *name = mark ? g_uri_unescape_segment(text, mark, NULL) : NULL;
    if (g_strcmp0(name, reading->sheet->name) != 0)
        return wrong(reading, failure, "names another picture");
    if (sscanf(mark, "#xywh=%d,%d,%d,%d%n", &x, &y, &width, &height, &end) != 4 || mark[end])
        return wrong(reading, failure, "names no part of the sheet");
    return (x >= 0 && y >= 0 && width > 0 && height > 0 && width <= reading->width - x &&
            height <= reading->height - y) ||
           wrong(reading, failure, "names a part that is outside the sheet");
}

static bool see_cue(struct reading *reading, const AVPacket *packet, struct failure *failure)
{
    g_autofree char *text = g_strndup((const char *)packet->data, (gsize)packet->size);
    if (packet->pts != reading->end_ms || packet->duration <= 0)
        return wrong(reading, failure, "doesn't begin where the one before ends");
    if (!see_part(reading, g_strchomp(text), failure))
        return false;
    reading->end_ms = packet->pts + packet->duration;
    reading->cues++;
    return true;
}

static bool read_track(int fd, const struct bundle_file *track, struct reading *reading,
                       struct failure *failure)
{
    g_auto(readback_ptr) made = readback_open_piece(fd, track->offset, track->length);
    AVPacket *packet = packet_new();
    bool fine = true;
    while (fine && made && readback_packet(made, 0, packet)) {
        fine = see_cue(reading, packet, failure);
        av_packet_unref(packet);
    }
    av_packet_free(&packet);
    return fine;
}

static bool is_as_claimed(const struct reading *reading, const struct claim *claim,
                          struct failure *failure)
{
    const double end_s = (double)reading->end_ms / 1000;
    if (reading->width != claim->width || reading->height != claim->height)
        return fail(failure, FAIL_INTERNAL,
                    "the finished sheet of thumbnails is %dx%d instead of %dx%d", reading->width,
                    reading->height, claim->width, claim->height);
    if (reading->cues != claim->cues)
        return fail(failure, FAIL_INTERNAL, "the finished track has %d cues instead of %d",
                    reading->cues, claim->cues);
    return llround(claim->cues_s * 1000) == reading->end_ms ||
           fail(failure, FAIL_INTERNAL, "the finished track ends at %.3f s instead of %.3f s",
                end_s, claim->cues_s);
}

bool thumbnails_verify(int fd, const struct claim *claim, struct facts *facts,
                       struct failure *failure)
{
    g_autoptr(GError) error = NULL;
    g_auto(bundle_ptr) bundle = bundle_open(fd, &error);
    if (!bundle)
        return fail(failure, FAIL_INTERNAL, "%s", error->message);
    const struct bundle_file *track = file_like(bundle, true);
    struct reading reading = {.sheet = file_like(bundle, false)};
    if (bundle->files->len != 2 || !track || !reading.sheet)
        return fail(failure, FAIL_INTERNAL, "a sheet of thumbnails and one track were to be made");
    g_autofree char *sheet = bundle_read(fd, reading.sheet);
    if (!sheet || !media_read_still_data(sheet, (size_t)reading.sheet->length, facts, failure))
        return fail(failure, FAIL_INTERNAL, "the finished sheet of thumbnails can't be read back");
    reading.width = facts->width;
    reading.height = facts->height;
    g_free(facts->container);
    facts->container = g_strdup(bundle->about);
    facts->size_bytes = track->length + reading.sheet->length;
    facts->duration_s = claim->cues_s;
    facts->measured = true;
    return read_track(fd, track, &reading, failure) && is_as_claimed(&reading, claim, failure);
}
