/* SPDX-License-Identifier: GPL-3.0-or-later
 * When an output of sound starts. */
#include "base/timecode.h"
#include "ixml.h"
#include "wave_carry.h"

#include <math.h>

static const double DAY_S = 86400;

static GBytes *load(const struct sound_file *from, const char *id)
{
    const struct wave_chunk *chunk = from ? wave_chunks_find(sound_file_chunks(from), id) : NULL;
    return chunk ? sound_file_load(from, chunk) : NULL;
}

static bool of_bext(struct wave_clock *clock, const struct sound_file *from)
{
    struct bext bext;
    g_autoptr(GBytes) data = load(from, "bext");
    if (!data || !bext_parse(&bext, data))
        return false;
    *clock = (struct wave_clock){.of = CLOCK_BEXT,
                                 .samples = bext.time_reference,
                                 .rate = sound_file_shape(from)->rate,
                                 .day_s = DAY_S};
    bext_clear(&bext);
    return true;
}

static bool of_ixml(struct wave_clock *clock, const struct sound_file *from)
{
    struct ixml_stamp stamp;
    g_autoptr(GBytes) data = load(from, "iXML");
    if (!data || !ixml_time_reference(data, &stamp))
        return false;
    *clock = (struct wave_clock){.of = CLOCK_IXML,
                                 .samples = stamp.samples,
                                 .rate = stamp.rate ? stamp.rate : sound_file_shape(from)->rate,
                                 .day_s = DAY_S};
    return true;
}

/* A timecode counts frames; they last what the exact rate says (SMPTE ST 12-1: 01:00:00:00 at
 * 24000/1001 is 3603.6 s). */
static bool of_timecode(struct wave_clock *clock, const struct sound_writer_setup *setup, int rate)
{
    struct timecode code;
    struct rational fps = setup->fps;
    if (!fps.num || !timecode_parse(setup->timecode, fps, &code) || !code.rate)
        return false;
    *clock =
        (struct wave_clock){.of = CLOCK_TIMECODE,
                            .samples = (uint64_t)av_rescale(code.frame * fps.den, rate, fps.num),
                            .rate = rate,
                            .at_s = setup->timecode_s,
                            .day_s = (double)timecode_day(code) / rational_value(fps)};
    return true;
}

void wave_clock_read(struct wave_clock *clock, const struct sound_writer_setup *setup,
                     struct chain *chain)
{
    *clock = (struct wave_clock){.of = CLOCK_NONE};
    if (of_bext(clock, setup->from) || of_ixml(clock, setup->from) || !setup->timecode ||
        setup->encode->audio.bext == BEXT_NEVER) /* told elsewhere */
        return;
    if (!of_timecode(clock, setup, chain_sound(chain)->rate))
        chain_note(chain, "dropped: timecode %s: it can't be counted at the rate of the frames",
                   setup->timecode);
}

uint64_t wave_clock_at(const struct wave_clock *clock, const struct chain *chain, int rate)
{
    double moved_s = chain_origin(chain) - clock->at_s;
    if (clock->of == CLOCK_NONE || (clock->rate == rate && moved_s == 0))
        return clock->samples;
    uint64_t was = (uint64_t)clock->rate, is = (uint64_t)rate;
    double rest = (double)(clock->samples % was) * rate / clock->rate + moved_s * rate;
    int64_t at = (int64_t)(clock->samples / was * is) + llround(rest);
    const int64_t day = llround(clock->day_s * rate);
    const bool within = (double)clock->samples < clock->day_s * clock->rate;
    return (uint64_t)MAX(at < 0 ? at + day : within && at >= day ? at - day : at, 0);
}
