/* SPDX-License-Identifier: GPL-3.0-or-later
 * A sheet of thumbnails and its track, written. */
#include "media/thumbnails.h"

#include "base/bundle.h"

#include "../chain/private.h"

#include <errno.h>
#include <math.h>
#include <sys/stat.h>

void chain_set_thumbnails(struct chain *chain, const struct thumbnails *thumbnails)
{
    chain->thumbnails = g_new(struct thumbnails, 1);
    *chain->thumbnails = *thumbnails;
}

const struct thumbnails *chain_thumbnails(const struct chain *chain)
{
    return chain->thumbnails;
}

static void put_time(GString *text, int64_t ms)
{
    g_string_append_printf(text, "%02d:%02d:%02d.%03d", (int)(ms / 3600000), (int)(ms / 60000 % 60),
                           (int)(ms / 1000 % 60), (int)(ms % 1000));
}

static int64_t milliseconds(double s)
{
    return llround(s * 1000);
}

/* When thumbnail k is no longer shown: later than it began, however short the rest is. */
static int64_t end_ms(const struct thumbnails *of, int k)
{
    return k + 1 < of->count ? milliseconds((k + 1) * of->every_s)
                             : MAX(milliseconds(of->until_s), milliseconds(k * of->every_s) + 1);
}

/* Players resolve the name as a URL beside the track's. */
static char *track_of(const struct thumbnails *of, const char *picture)
{
    g_autofree char *url = g_uri_escape_string(picture, NULL, TRUE);
    GString *text = g_string_new("WEBVTT\n");
    for (int k = 0; k < of->count; k++) {
        g_string_append_c(text, '\n');
        put_time(text, milliseconds(k * of->every_s));
        g_string_append(text, " --> ");
        put_time(text, end_ms(of, k));
        g_string_append_printf(text, "\n%s#xywh=%d,%d,%d,%d\n", url, k % of->columns * of->width,
                               k / of->columns * of->height, of->width, of->height);
    }
    return g_string_free(text, FALSE);
}

/* "A001.jpg" beside "A001.vtt". Caller frees. */
static char *picture_name(const char *track, const char *format)
{
    const char *dot = strrchr(track, '.'), *extensions = container_by_name(format)->extensions;
    const int stem = dot ? (int)(dot - track) : (int)strlen(track);
    return g_strdup_printf("%.*s.%.*s", stem, track, (int)strcspn(extensions, " "), extensions);
}

bool thumbnails_bundle(int fd, const char *name, const char *format,
                       const struct thumbnails *thumbnails, struct claim *claim,
                       struct failure *failure)
{
    struct stat st;
    g_autofree char *picture = picture_name(name, format);
    g_autofree char *track = track_of(thumbnails, picture);
    if (fstat(fd, &st) != 0)
        return fail(failure, FAIL_DISK, "reading the thumbnails: %s", g_strerror(errno));
    const struct bundle_file whole = {.length = st.st_size};
    g_autofree char *data = bundle_read(fd, &whole);
    struct bundle_writer *writer = bundle_create(fd);
    const bool fine = data && bundle_add(writer, picture, data, (size_t)whole.length) &&
                      bundle_add(writer, name, track, strlen(track)) &&
                      bundle_finish(writer, "thumbnails");
    bundle_destroy(writer);
    claim->cues = thumbnails->count;
    claim->cues_s = (double)end_ms(thumbnails, thumbnails->count - 1) / 1000;
    return fine || fail(failure, FAIL_DISK, "writing the thumbnails: %s", g_strerror(errno));
}
