/* SPDX-License-Identifier: GPL-3.0-or-later
 * TASK_VERIFY: a finished part file is opened again as if it were anybody's, decoded, and held to
 * what its render claimed and what the pipeline expects. */
#include "verify.h"

#include "base/bundle.h"

#include "media/glance.h"
#include "media/meter.h"
#include "media/package.h"
#include "media/probe.h"
#include "media/thumbnails.h"
#include "model/expect.h"
#include "worker/run.h"

#include <inttypes.h>
#include <math.h>

static const double QUICK_S = 1; /* of each end */

static void tell(void *data, double fraction, int64_t frames)
{
    const struct job *job = data;
    speak_progress(job->speaker,
                   &(struct progress){.fraction = fraction, .frames = frames, .stage = "verify"});
}

static bool not_readable(struct failure *failure)
{
    g_autofree char *why = g_strdup(failure->message);
    enum failure_class class = failure->class;
    if (class == FAIL_MEMORY)
        return false;
    failure_clear(failure);
    return fail(failure, FAIL_INTERNAL, "the finished file can't be read back: %s", why);
}

static bool check_health(const struct job *job, const struct source_health *health,
                         struct failure *failure)
{
    g_autofree char *sentence = NULL;
    if (!isnan(health->picture_changes_s))
        return fail(failure, FAIL_UNSUPPORTED,
                    "%.3f s: the picture that was copied changes its size or format, which a file "
                    "says of a whole track: encode it, with `inputs: {on_change: conform}`",
                    health->picture_changes_s);
    if (!source_damaged(health, &sentence))
        return true;
    const struct claim *claim = &job->task->claim;
    const char *allow = job->task->damaged_allow ? "" : ", with `damaged: allow` if need be";
    if (claim->copied > 0)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "what was copied unchanged isn't whole (%s), and the source no better: encode "
                    "it instead of copying%s",
                    sentence, allow);
    return fail(failure, FAIL_INTERNAL, "the finished file is damaged: %s", sentence);
}

static bool verify_still(const struct job *job, struct result *result)
{
    struct facts *facts = result->facts;
    struct failure *failure = &result->failure;
    if (!media_read_still(job->fds[0], facts, failure))
        return not_readable(failure);
    result->glance = glance_create();
    result->glance->after = glimpse_of_still(job->fds[0]);
    facts->measured = true;
    return claim_check_still(&job->task->claim, facts, failure);
}

static bool decode_until(struct source *source, double end_s, struct failure *failure)
{
    struct source_item item;
    enum source_got got;
    while ((got = source_next(source, &item, failure)) == SOURCE_FRAME && item.time_s < end_s)
        ;
    return got != SOURCE_FAILED;
}

static bool verify_quick(const struct job *job, struct source *source, struct failure *failure)
{
    const int used[] = {source_picture(source), source_sound(source)};
    for (int i = 0; i < 2; i++)
        if (used[i] >= 0 && !source_use(source, used[i], SOURCE_DECODE, failure))
            return not_readable(failure);
    double duration = source_duration(source);
    struct source_health health;
    bool good = decode_until(source, QUICK_S, failure);
    if (good && duration > 2 * QUICK_S)
        good = source_seek(source, duration - QUICK_S, failure);
    if (!good || !decode_until(source, INFINITY, failure))
        return not_readable(failure);
    source_health(source, &health);
    return check_health(job, &health, failure);
}

/* Which meters the expectations need. */
struct meters {
    bool sound, picture;
};

/* Damage that was allowed is in a copy as well; a picture that was encoded beside copied sound has
 * all its frames. */
static bool check_content(const struct job *job, const struct source *source,
                          const struct facts *facts, struct failure *failure)
{
    const struct claim *claim = &job->task->claim;
    const int64_t lost = claim->frames - facts->decoded_frames;
    const int media = MAX(claim->video_streams, 0) + MAX(claim->audio_streams, 0);
    if (job->task->damaged_allow && claim->copied > 0 && claim->copied == media &&
        claim->frames > 0 && lost > 0)
        return fail(failure, FAIL_INPUT_DAMAGED,
                    "%" PRId64 " of the %" PRId64 " pictures that were copied unchanged can't be "
                    "decoded: encode it instead of copying",
                    lost, claim->frames);
    return claim_check_content(claim, source, facts, failure);
}

static bool verify_full(const struct job *job, struct source *source, struct result *result,
                        const struct meters *meters)
{
    struct facts *facts = result->facts;
    struct failure *failure = &result->failure;
    struct glance_meter *glance = glance_meter_create(source, job->task->claim.moment_s);
    struct measure_opts opts = {.threads = job->task->threads,
                                .loudness = meters->sound,
                                .picture = meters->picture,
                                .glance = glance,
                                .progress = tell,
                                .data = (void *)job};
    struct source_health health;
    bool measured = measure_source(source, &opts, facts, &health, failure);
    if (measured)
        result->glance = glance_meter_read(glance);
    glance_meter_destroy(glance);
    if (!measured)
        return not_readable(failure);
    if (facts->decoded_frames)
        facts->frames = facts->decoded_frames;
    return check_health(job, &health, failure) && check_content(job, source, facts, failure);
}

/* A quick look that has to know the whole sound decodes that alone. */
static bool measure_sound(const struct job *job, struct facts *facts, struct failure *failure)
{
    const struct measure_opts opts = {
        .threads = 1, .loudness = true, .sound_only = true, .progress = tell, .data = (void *)job};
    struct source_opts how = {.threads = 1};
    struct source_health health;
    g_auto(source_ptr) source = source_open(job->fds[0], &how, failure);
    return (source && measure_source(source, &opts, facts, &health, failure)) ||
           not_readable(failure);
}

static bool verify_source(const struct job *job, struct result *result)
{
    struct facts *facts = result->facts;
    struct failure *failure = &result->failure;
    const struct task *task = job->task;
    struct source_opts how = {.threads = measure_threads(task->threads)};
    g_auto(source_ptr) source = source_open(job->fds[0], &how, failure);
    if (!source)
        return not_readable(failure);
    const struct meters meters = {expect_needs(task->expect, KIND_AUDIO, FACT_METERED),
                                  expect_needs(task->expect, KIND_VIDEO, FACT_METERED)};
    const bool decode = expect_needs(task->expect, KIND_VIDEO, FACT_DECODED);
    const bool hear = expect_needs(task->expect, KIND_AUDIO, FACT_DECODED);
    if (!claim_check_header(&task->claim, source, facts, failure))
        return false;
    if (task->verify == VERIFY_FULL || decode)
        return verify_full(job, source, result, &meters);
    return verify_quick(job, source, failure) && (!hear || measure_sound(job, facts, failure));
}

/* What the steps were to leave of a source: its streams are as much shorter as all of it. Of a
 * damaged one there was what could be decoded. */
static struct facts *facts_left(const struct facts *source, const struct claim *claim)
{
    struct facts *left = facts_copy(source);
    const double programme_s = claim->programme_s;
    if (claim->damaged) {
        left->duration_s = NAN;
        left->frames = -1;
        return left;
    }
    if (!(programme_s > 0))
        return left;
    for (guint i = 0; i < left->streams->len; i++)
        ((struct stream_facts *)left->streams->pdata[i])->duration_s -=
            source->duration_s - programme_s;
    left->duration_s = programme_s;
    return left;
}

/* `duration: source` is about what the steps were to leave of it, as far as that is known. */
static void check_expectations(const struct task *task, struct result *result)
{
    if (!task->expect || !task->expect->len)
        return;
    g_auto(facts_ptr) left = task->source ? facts_left(task->source, &task->claim) : NULL;
    for (guint i = 0; i < task->expect->len; i++)
        g_ptr_array_add(result->checks,
                        expectation_check(g_ptr_array_index(task->expect, i), result->facts, left));
}

/* What a render didn't tell of, the facts of both files may. */
static void add_known(const struct task *task, const struct facts *made, GPtrArray *rows)
{
    static const struct {
        enum keep keep;
        const char *fact;
    } known[] = {{KEEP_DATES, "date"},
                 {KEEP_REEL, "reel"},
                 {KEEP_LOCATION, "location"},
                 {KEEP_TAGS, "title"}};
    for (unsigned i = 0; task->source && i < G_N_ELEMENTS(known); i++) {
        const struct fact *fact = fact_find(known[i].fact);
        g_autofree char *before = fact_text(fact, task->source), *after = fact_text(fact, made);
        const struct carried_row row = {.keep = known[i].keep,
                                        .stream = -1,
                                        .what = (char *)known[i].fact,
                                        .before = before,
                                        .after = after,
                                        .fate = after ? FATE_KEPT : FATE_DROPPED};
        if (before && !carried_tells(rows, known[i].keep))
            g_ptr_array_add(rows, carried_copy(&row));
    }
}

/* `keep:` is about what the render did with all that the source has. */
static void check_kept(const struct task *task, struct result *result)
{
    g_autoptr(GPtrArray) rows =
        task->claim.carried ? carried_copy_all(task->claim.carried) : carried_new();
    add_known(task, result->facts, rows);
    for (int i = 0; i < KEEP_COUNT; i++) {
        if (!(task->keep & 1U << i))
            continue;
        struct check *check = g_new0(struct check, 1);
        check->name = g_strdup_printf("keep %s", keep_words[i].word);
        check->pass = carried_check(rows, (enum keep)i, &check->expected, &check->measured);
        g_ptr_array_add(result->checks, check);
    }
}

static bool hash_content(const struct job *job, char out[HASH_TEXT_SIZE])
{
    const struct probe_told told = job_told(job);
    return bundle_is(job->fds[0]) ? bundle_hash(job->fds[0], out)
                                  : hash_fd(job->fds[0], told.reading, told.data, out);
}

static void verify_package(const struct job *job, struct result *result)
{
    char hash[HASH_TEXT_SIZE];
    if (!package_verify(job->fds[0], &job->task->claim, result->facts, &result->failure))
        return;
    if (job->task->hash && bundle_hash(job->fds[0], hash))
        result->facts->hash = g_strdup(hash);
    check_expectations(job->task, result);
    check_kept(job->task, result);
}

static bool verify_media(const struct job *job, struct result *result)
{
    struct facts *facts = result->facts;
    struct failure *failure = &result->failure;
    const struct probe_told told = job_told(job);
    if (!media_probe(job->fds[0], &told, facts, failure))
        return not_readable(failure);
    return facts->kind == KIND_IMAGE ? verify_still(job, result) : verify_source(job, result);
}

void worker_verify(const struct job *job, struct result *result)
{
    if (!result->facts)
        result->facts = facts_create();
    struct facts *facts = result->facts;
    struct failure *failure = &result->failure;
    bool cues = job->task->claim.cues >= 0;
    if (task_makes_package(job->task)) {
        verify_package(job, result);
        return;
    }
    bool folder = bundle_is(job->fds[0]), good;
    if (cues)
        good = folder ? thumbnails_verify(job->fds[0], &job->task->claim, facts, failure)
                      : verify_cues(job, facts, failure);
    else
        good = verify_media(job, result);
    char hash[HASH_TEXT_SIZE];
    if (good && job->task->hash && hash_content(job, hash))
        facts->hash = g_strdup(hash);
    if (result->glance)
        result->glance->hash = g_strdup(facts->hash);
    if (!good)
        return;
    check_expectations(job->task, result);
    check_kept(job->task, result);
}
