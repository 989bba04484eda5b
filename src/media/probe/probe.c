/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which half of the libraries a file belongs to. */
#include "media/probe.h"

#include "../bytes/sniff.h"
#include "base/sequence.h"
#include "fields.h"
#include "media/captions.h"
#include "media/source.h"
#include "media/trust.h"
#include "movie.h"
#include "wave.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool media_probe_sequence(int fd, struct facts *facts, struct failure *failure)
{
    g_auto(source_ptr) source = source_open(fd, NULL, failure);
    if (!source)
        return false;
    sequence_tell(source, facts);
    media_probe_source(source, facts);
    return true;
}

/* Of a transport stream. */
static void probe_parts(const struct source *source, struct facts *facts)
{
    const struct source_parts *parts = source_parts(source);
    facts->restarts = (int)MIN(parts->restarts, INT_MAX);
    facts->first_restart_s = parts->first_restart_s;
    facts->unjoined = g_strdup(parts->unjoined);
    facts->left_out = g_strdup(parts->left_out);
}

bool media_probe(int fd, const struct probe_told *told, struct facts *facts,
                 struct failure *failure)
{
    g_autofree guint8 *data = g_malloc(SNIFF_HEAD_BYTES);
    ssize_t length = pread(fd, data, SNIFF_HEAD_BYTES, 0);
    struct stat st;
    if (length < 0 || fstat(fd, &st) < 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file can't be read: %s", g_strerror(errno));
    if (sequence_is_list(fd))
        return media_probe_sequence(fd, facts, failure);
    if (length == 0)
        return fail(failure, FAIL_INPUT_DAMAGED, "the file is empty");
    facts->size_bytes = st.st_size;
    const struct trust_row *guarded = sniff_guarded(data, (gsize)length);
    if (guarded)
        return media_trusts(guarded, failure) && media_probe_still(fd, facts, failure);
    const char *what = sniff_not_media(data, (gsize)length);
    if (what)
        return fail(failure, FAIL_UNSUPPORTED,
                    "not a sound, picture or video file we can read (%s)", what);
    if (sniff_still(data, (gsize)length))
        return media_probe_still(fd, facts, failure);
    if (media_probe_wave(fd, st.st_size, facts))
        return true;
    const struct source_opts how = {.restarts = RESTARTS_JOINED,
                                    .reading = told ? told->reading : NULL,
                                    .data = told ? told->data : NULL};
    g_auto(source_ptr) source = source_open(fd, &how, failure);
    if (!source)
        return false;
    media_probe_source(source, facts);
    probe_parts(source, facts);
    if (!facts->timecode)
        facts->timecode = source_clock(source);
    facts->captions = g_strdup(captions_text(source_captions(source)));
    if (source_picture(source) >= 0)
        probe_fields(source, facts);
    if (strstr(source_format(source)->iformat->name, "mov"))
        probe_movie(fd, facts);
    return true;
}
