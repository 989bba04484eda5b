/* SPDX-License-Identifier: GPL-3.0-or-later
 * A finished file of subtitles, read again cue by cue. */
#include "media/readback.h"
#include "verify.h"

#include <math.h>
#include <sys/stat.h>

static const double ROUNDING_S = 0.002; /* both formats count in milliseconds */

/* SubRip without a cue is a file without a byte, which nobody recognises. */
static void fill_facts(const struct job *job, const struct readback *made, double end_s,
                       struct facts *facts)
{
    const AVFormatContext *format = readback_format(made);
    struct stat st;
    facts->kind = KIND_VIDEO;
    facts->container = g_strdup(format->iformat ? format->iformat->name : "srt");
    facts->duration_s = end_s;
    facts->subtitle_tracks = (int)format->nb_streams;
    if (fstat(job->fds[0], &st) == 0)
        facts->size_bytes = st.st_size;
}

bool verify_cues(const struct job *job, struct facts *facts, struct failure *failure)
{
    const struct claim *claim = &job->task->claim;
    g_auto(readback_ptr) made = readback_open(job->fds[0]);
    double end_s;
    if (!made)
        return fail(failure, FAIL_INTERNAL, "the finished subtitles can't be read back");
    int cues = readback_cues(made, &end_s);
    fill_facts(job, made, end_s, facts);
    if (cues != claim->cues)
        return fail(failure, FAIL_INTERNAL, "the finished file has %d cues instead of %d", cues,
                    claim->cues);
    return fabs(end_s - claim->cues_s) <= ROUNDING_S ||
           fail(failure, FAIL_INTERNAL,
                "the finished file's last cue ends at %.3f s instead of %.3f s", end_s,
                claim->cues_s);
}
