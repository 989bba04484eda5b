/* SPDX-License-Identifier: GPL-3.0-or-later
 * The fields that flow: a picture that is interlaced is so from its source up to a step that makes
 * whole frames of it. What would mix its fields, or can't hold them, refuses the source's outputs.
 */
#include "build.h"

#include "base/frame_rate.h"
#include "model/expect.h"

#include <math.h>
#include <string.h>

/* Steps of a group, or of one of its drafts. */
struct pass {
    struct builder *b;
    struct group *group; /* of these two, one is NULL */
    struct draft *draft;
    const struct plan_input *input;
    const char *who;
};

static void pass_on(const struct pass *pass, const struct step *step, const struct diag *diag)
{
    const GPtrArray *findings = diag_findings(diag);
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *f = findings->pdata[i];
        if (f->severity != DIAG_ERROR)
            note_colors(pass->b, pass->who, pass->input, f->message);
        else if (pass->draft)
            draft_refuse(pass->draft, f->at, f->hint, f->message);
        else
            group_refuse(pass->group, step->faces & KIND_VIDEO, f);
    }
}

void fields_through(const struct call *call, struct fields *flows, struct diag *diag)
{
    const struct step *step = call->step;
    if (!step->fields)
        return;
    void *params = params_new(&step->params);
    params_parse(&step->params, call->params, step->name, false, params, diag);
    step->fields(params, flows, call->at, diag);
    params_free(&step->params, params);
}

static void through(const struct pass *pass, const struct call *call, struct fields *flows)
{
    if (!flows->interlaced && !call->step->sets_rate)
        return;
    g_auto(diag_ptr) diag = diag_create();
    fields_through(call, flows, diag);
    pass_on(pass, call->step, diag);
}

static void through_all(const struct pass *pass, const GPtrArray *calls, struct fields *flows)
{
    for (guint i = 0; i < calls->len; i++)
        through(pass, calls->pdata[i], flows);
}

void fields_of_group(struct builder *b, struct group *group)
{
    const struct facts *facts = group_facts(b->plan, group);
    if (!facts || facts->kind != KIND_VIDEO)
        return;
    group->fields = (struct fields){.interlaced = facts->interlaced,
                                    .width = facts->width,
                                    .height = facts->height,
                                    .sar = facts->sar,
                                    .fps = facts->fps};
    const struct pass pass = {.b = b,
                              .group = group,
                              .input = input_at(b->plan, group->input),
                              .who = job_at(b->plan, group->job)->name};
    through_all(&pass, group->shared, &group->fields);
}

/* Where it is said how the picture is stored, else where the output is. */
static struct mark mark_of(const struct pipeline_output *output)
{
    const struct node *video = node_get(output->encode, "video");
    return video ? video->at : output->at;
}

/* Rates are known of one film. A variable one is encoded as its nominal rate, but for what a step
 * makes of fields whose times vary. */
static bool is_rate_known(const struct facts *facts, const struct group *group)
{
    return facts && facts->kind == KIND_VIDEO && !(facts->vfr && facts->interlaced) &&
           !group->joined;
}

static bool is_mxf(const struct pipeline_output *output)
{
    return g_str_has_prefix(output->container, "mxf");
}

/* Elsewhere a variable rate stays one. */
static bool is_conformed(const struct draft *draft, const struct pipeline_output *output)
{
    return codec_is_steady(draft->written->video) || is_mxf(output);
}

static void check_rate(struct draft *draft, const struct pipeline_output *output)
{
    const struct encode_video *video = &draft->written->encode->video;
    const struct rational fps = draft->fields.fps;
    const char *rates = encode_rates(video, draft->fields.interlaced);
    if (!rates || fps.num <= 0 || encode_has_rate(rates, fps))
        return;
    g_autofree char *message =
        g_strdup_printf("%s: there is none of %.6g frames a second%s", video->profile,
                        rational_value(fps), draft->fields.interlaced ? " in fields" : "");
    g_autofree char *hint = g_strdup_printf("it has %s: put `- fps: 25` or another of them among "
                                            "the steps, or keep such inputs out with "
                                            "`when: fps == 25`",
                                            rates);
    draft_refuse(draft, mark_of(output), hint, message);
}

/* MXF is written at television's rates alone. */
static struct rational written_rate(const struct pipeline_output *output, struct rational fps)
{
    return is_mxf(output) ? frame_rate_television(rational_value(fps)) : fps;
}

/* How far one rate is from being a multiple of another. */
static double unevenness(double rate, double other)
{
    const double times = fmax(rate / other, other / rate);
    return fabs(times - rint(times));
}

/* Of the rates that are expected, the one that drops or repeats pictures the most evenly. */
static double nearest_rate(const struct expectation *e, double fps)
{
    double nearest = e->among ? g_array_index(e->among, double, 0) : e->low;
    for (guint i = 1; e->among && i < e->among->len; i++) {
        const double rate = g_array_index(e->among, double, i);
        nearest = unevenness(rate, fps) < unevenness(nearest, fps) ? rate : nearest;
    }
    return nearest;
}

static void refuse_rate(struct draft *draft, const struct expectation *e)
{
    const struct rational fps = draft->fields.fps;
    const double wanted = nearest_rate(e, rational_value(fps));
    g_autofree char *message = g_strdup_printf(
        "expect.fps: %s, and the picture has %.6g frames a second", e->text, rational_value(fps));
    g_autofree char *hint =
        g_strdup_printf("put `- fps: %g` among the steps, or keep such inputs out with `when: fps "
                        "== %g`",
                        wanted, wanted);
    draft_refuse(draft, e->at, hint, message);
}

/* A delivery of certain rates; one that is held to a limit is judged when it is there. */
static void check_expected_rate(struct draft *draft, const struct pipeline_output *output)
{
    const struct facts made = {.kind = KIND_VIDEO, .fps = written_rate(output, draft->fields.fps)};
    for (guint i = 0; made.fps.num > 0 && i < output->expectations->len; i++) {
        const struct expectation *e = output->expectations->pdata[i];
        bool certain = e->form == EXPECT_EQUAL || e->form == EXPECT_AMONG;
        if (!certain || strcmp(e->fact->name, "fps") != 0)
            continue;
        struct check *check = expectation_check(e, &made, NULL);
        if (!check->pass)
            refuse_rate(draft, e);
        check_destroy(check);
    }
}

static void write_out(struct draft *draft, const struct pipeline_output *output)
{
    const struct encode_video *video = &draft->written->encode->video;
    const bool whole = video->fields == FIELDS_PROGRESSIVE;
    if (!draft->written->video)
        return;
    if (video->fields > FIELDS_PROGRESSIVE)
        draft->fields.interlaced = true;
    if (!draft->fields.interlaced || (encode_holds_fields(draft->written->video, video) && !whole))
        return;
    g_autofree char *message = g_strdup_printf("the picture is interlaced, %s",
                                               whole ? "but `fields: progressive` is asked"
                                                     : "which its codec doesn't hold");
    g_autofree char *which =
        g_strdup_printf("%s%s: %s", video->profile ? video->profile : "",
                        video->profile ? "" : draft->written->video->name, message);
    draft_refuse(
        draft, mark_of(output),
        "put `- deinterlace` among the steps, or choose a codec that holds fields: "
        "h264, mpeg2video, prores, dnxhd with a `bitrate` (DNxHR holds none), ffv1, rawvideo",
        which);
}

/* A source is turned upright before its first step, so that none can make whole frames of it. */
static void turn_upright(const struct builder *b, const struct group *group, struct draft *draft,
                         const struct pipeline_output *output)
{
    const struct facts *facts = group_facts(b->plan, group);
    const struct encode *encode = draft->written ? draft->written->encode : NULL;
    bool copied = encode && g_strcmp0(encode->video.codec, "copy") == 0;
    bool none = encode && g_strcmp0(encode->video.codec, "none") == 0;
    if (!facts || facts->kind != KIND_VIDEO || !facts->interlaced || facts->rotation % 180 == 0 ||
        copied || none)
        return;
    g_autofree char *message =
        g_strdup_printf("the picture is interlaced, and its file says to turn it by %d degrees, "
                        "which would tear its fields apart",
                        facts->rotation);
    draft_refuse(draft, mark_of(output),
                 "deinterlace it first with a program that doesn't turn it, or copy the picture "
                 "as it is: `encode: {video: {codec: copy}}`",
                 message);
}

/* Its pictures come one by one at its rate. */
static void check_copied_rate(struct draft *draft, const struct pipeline_output *output,
                              const struct facts *facts)
{
    if (!draft->written->copies_video || !is_mxf(output) || !facts || !facts->vfr)
        return;
    const char *taken = container_by_name(output->container)->video;
    g_autofree char *hint =
        g_strdup_printf("name a codec (%s), which makes it constant, or another container", taken);
    draft_refuse(draft, mark_of(output), hint,
                 "copied, the pictures would come at other times, since their rate is variable and "
                 "that of MXF is constant");
}

void fields_of_draft(struct builder *b, const struct group *group, struct draft *draft)
{
    const struct pipeline_job *job = job_at(b->plan, group->job);
    const struct pipeline_output *output = job->outputs->pdata[draft->output];
    const struct draft *source = draft_source(group, draft);
    draft->fields = source ? source->fields : group->fields;
    if (!(draft->need & KIND_VIDEO))
        return;
    if (!source)
        turn_upright(b, group, draft, output);
    g_autofree char *who = g_strdup_printf("%s/%s", job->name, output->name);
    const struct pass pass = {
        .b = b, .draft = draft, .input = input_at(b->plan, group->input), .who = who};
    through_all(&pass, draft->calls, &draft->fields);
    if (!draft->written || output->kind != KIND_VIDEO)
        return;
    write_out(draft, output);
    const struct facts *facts = group_facts(b->plan, group);
    if (!source)
        check_copied_rate(draft, output, facts);
    if (!draft->written->video || source || !is_rate_known(facts, group))
        return;
    check_rate(draft, output);
    if (!facts->vfr || is_conformed(draft, output))
        check_expected_rate(draft, output);
}
