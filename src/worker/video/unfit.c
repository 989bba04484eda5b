/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sound that is being copied, and turns out to be none that can be: it is encoded, unless somebody
 * asked for the copy. */
#include "model/holds.h"
#include "render.h"

#include <math.h>
#include <string.h>

/* Takes `why`, a sentence without a full stop. */
static bool give_up(struct branch *branch, const struct lane *lane, enum failure_class class,
                    char *why)
{
    struct anew *anew = &branch->render->anew[branch->index];
    const char *held = branch->container->audio;
    branch->given_up = lane->yields;
    if (lane->yields && !anew->copy)
        anew->copy = g_steal_pointer(&why);
    if (!lane->yields)
        fail(&branch->result->failure, class,
             "%s: encode it, `encode: {audio: {codec: %.*s}}` for example", why,
             (int)strcspn(held, " "), held);
    g_free(why);
    return false;
}

static double at_s(const struct branch *branch, double source_s)
{
    return source_s - branch->render->start_s;
}

/* What a sentence about that moment begins with; NAN: nothing. Caller frees. */
static char *at_text(const struct branch *branch, double source_s)
{
    return isnan(source_s) ? g_strdup("") : g_strdup_printf("%.3f s: ", at_s(branch, source_s));
}

/* Where transport streams are spliced, sound that is encoded is cut. */
static bool is_behind(struct branch *branch, struct lane *lane, double from_s, double lasts_s)
{
    const double before_s = lane->end_s;
    const char *container = source_format(branch->render->source)->iformat->name;
    if (lane->cut || isnan(from_s) || strcmp(container, "mpegts") != 0)
        return true;
    lane->end_s = fmax(lane->packets ? before_s : from_s, from_s + lasts_s);
    return !lane->packets || before_s - from_s <= SPLICE_OVERLAP_S ||
           give_up(branch, lane, FAIL_UNSUPPORTED,
                   g_strdup_printf("%.3f s: the sound goes back by %.3f s, as where one transport "
                                   "stream is put behind another; copied sound can't be cut there",
                                   at_s(branch, before_s), before_s - from_s));
}

static bool turns_out(struct branch *branch, struct lane *lane, const struct sound_form *form,
                      double from_s)
{
    g_autofree char *was = sound_form_words(&lane->form), *is = sound_form_words(form);
    g_autofree char *at = at_text(branch, from_s);
    if (!sound_form_fits(form, &lane->form))
        return give_up(branch, lane, FAIL_CONFIG,
                       g_strdup_printf("%sthe sound goes on as %s, and was %s, of which a "
                                       "file says one for a whole track; copied sound can't change "
                                       "there",
                                       at, is, was));
    if (!lane->mixed)
        branch_note(branch, "%sthe sound goes on as %s, and was %s: copied so", at, is, was);
    lane->mixed = true;
    return true;
}

/* AAC that isn't described as a whole has a header before each packet, which no file keeps. */
static bool needs_header(const AVCodecParameters *par)
{
    return par->codec_id == AV_CODEC_ID_AAC && par->extradata_size == 0;
}

static bool refuse_bare(struct branch *branch, const struct lane *lane, double from_s)
{
    g_autofree char *at = at_text(branch, from_s);
    return give_up(branch, lane, FAIL_INPUT_DAMAGED,
                   g_strdup_printf("%sa packet of AAC has no header that can be read", at));
}

/* One packet may be damaged: two that are alike are of another form. */
static bool is_alike(struct branch *branch, struct lane *lane, const AVPacket *packet,
                     double from_s)
{
    const AVStream *stream = source_stream(branch->render->source, lane->stream)->av;
    const struct sound_form form = sound_form_of(stream->codecpar, packet);
    const struct sound_form before = lane->other;
    if (form.codec == AV_CODEC_ID_NONE)
        return !needs_header(stream->codecpar) || refuse_bare(branch, lane, from_s);
    if (lane->form.codec == AV_CODEC_ID_NONE)
        lane->form = form;
    lane->other = form;
    return sound_form_is(&form, &lane->form) || !sound_form_is(&form, &before) ||
           turns_out(branch, lane, &form, from_s);
}

/* What has no times of packets is heard by its samples. */
static bool keeps_time(struct branch *branch, const struct lane *lane, double from_s)
{
    const double apart_s = writer_apart(branch->writer, lane->track);
    if (apart_s == 0 || container_holds(branch->container->name) & (HOLDS_LATE | HOLDS_EDITS))
        return true;
    g_autofree char *at = at_text(branch, from_s);
    return give_up(branch, lane, FAIL_UNSUPPORTED,
                   g_strdup_printf("%sthe times of the sound run apart from its samples, by %.3f s "
                                   "up to here, and a %s file keeps no times: copied, it would be "
                                   "out of sync",
                                   at, fabs(apart_s), branch->container->name));
}

bool sound_goes_on(struct branch *branch, struct lane *lane, const AVPacket *packet)
{
    const double tick_s =
        av_q2d(source_stream(branch->render->source, lane->stream)->av->time_base);
    const double from_s = packet->pts == AV_NOPTS_VALUE ? NAN : (double)packet->pts * tick_s;
    return keeps_time(branch, lane, from_s) && is_alike(branch, lane, packet, from_s) &&
           is_behind(branch, lane, from_s, fmax((double)packet->duration, 0) * tick_s);
}
