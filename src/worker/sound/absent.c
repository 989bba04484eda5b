/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the sound worker doesn't have: all that takes libavformat, libavcodec, libavfilter, libvips,
 * libxml2. The contracts are those of the headers, and the linker takes these in place of the real
 * ones. A task that calls one of them isn't for this worker, and ends. */
#include "media/captions.h"
#include "media/chain.h"
#include "media/meter.h"
#include "media/probe.h"
#include "media/round_trip.h"
#include "media/source.h"
#include "media/still_file.h"
#include "media/trust.h"
#include "worker/branch.h"
#include "worker/run.h"

#include "../../media/chain/private.h"
#include "../../media/probe/fields.h"
#include "../../media/sound/ixml.h"
#include "../../media/sound/sndfile_private.h"
#include "../snap.h"
#include "../video/render.h"

#include "model/wire.h"

#include <unistd.h>

static _Noreturn void elsewhere(void)
{
    _exit(WIRE_EXIT_ELSEWHERE);
}

void worker_verify(const struct job *job, struct result *result)
{
    elsewhere();
}

void worker_compare(const struct job *job, struct result *result)
{
    elsewhere();
}

void worker_fingerprint(const struct job *job, struct result *result)
{
    elsewhere();
}

void worker_package(const struct job *job, struct result *result)
{
    elsewhere();
}

void worker_look(const struct job *job, struct result *result)
{
    elsewhere();
}

enum keep stream_keep(const struct source *source, const struct source_stream *stream)
{
    elsewhere();
}

bool stream_of_file_is_remade(int fd, int stream)
{
    elsewhere();
}

void snap_trims(const struct job *job)
{
    elsewhere();
}

void worker_render_image(const struct job *job, struct result *result)
{
    elsewhere();
}

bool render_branches(const struct job *job, const bool *wanted, struct result *result)
{
    elsewhere();
}

/* What needs trust is a picture. */
void media_trust(unsigned trust)
{
}

void still_limit(unsigned megapixels)
{
}

bool media_trusts(const struct trust_row *format, struct failure *failure)
{
    elsewhere();
}

bool media_probe_still(int fd, struct facts *facts, struct failure *failure)
{
    elsewhere();
}

void media_probe_source(const struct source *source, struct facts *facts)
{
    elsewhere();
}

bool media_read_still(int fd, struct facts *facts, struct failure *failure)
{
    elsewhere();
}

int measure_threads(int threads)
{
    elsewhere();
}

bool measure_source(struct source *source, const struct measure_opts *opts, struct facts *facts,
                    struct source_health *health, struct failure *failure)
{
    elsewhere();
}

struct source *source_open(int fd, const struct source_opts *opts, struct failure *failure)
{
    elsewhere();
}

void sequence_tell(const struct source *source, struct facts *facts)
{
    elsewhere();
}

void probe_fields(struct source *source, struct facts *facts)
{
    elsewhere();
}

char *source_clock(struct source *source)
{
    elsewhere();
}

unsigned source_captions(struct source *source)
{
    elsewhere();
}

void source_close(struct source *source)
{
} /* none was opened */

AVFormatContext *source_format(const struct source *source)
{
    elsewhere();
}

const struct source_parts *source_parts(const struct source *source)
{
    elsewhere();
}

int source_picture(const struct source *source)
{
    elsewhere();
}

int source_sound(const struct source *source)
{
    elsewhere();
}

const struct source_stream *source_stream(const struct source *source, int index)
{
    elsewhere();
}

bool source_use(struct source *source, int stream, unsigned use, struct failure *failure)
{
    elsewhere();
}

enum source_got source_next(struct source *source, struct source_item *item,
                            struct failure *failure)
{
    elsewhere();
}

double source_progress(const struct source *source)
{
    elsewhere();
}

struct chain *chain_create_source(const struct source *source, int stream, int picture,
                                  double start_s, struct failure *failure)
{
    elsewhere();
}

bool chain_filter(struct chain *chain, struct failure *failure, const char *filter, ...)
{
    elsewhere();
}

bool origin_keep(AVFrame *frame, struct failure *failure)
{
    elsewhere();
}

struct round_trip *round_trip_create(struct chain *chain, const struct encode_audio *encode,
                                     const struct container *container, struct failure *failure)
{
    elsewhere();
}

bool round_trip_push(struct round_trip *trip, const AVFrame *frame, round_trip_take *take,
                     void *data, struct failure *failure)
{
    elsewhere();
}

void round_trip_destroy(struct round_trip *trip)
{
} /* none was created */

static void *absent_create(struct chain *chain, const struct sound_writer_setup *setup,
                           struct failure *failure)
{
    elsewhere();
}

const struct sound_backend sound_backend_av = {.create = absent_create};

GBytes *ixml_edited(GBytes *text, const struct ixml_facts *facts, bool *tracks)
{
    elsewhere();
}

bool ixml_time_reference(GBytes *text, struct ixml_stamp *stamp)
{
    elsewhere();
}
