/* SPDX-License-Identifier: GPL-3.0-or-later
 * The colours that flow: from the facts of the source through its steps to what is written. A step
 * that doesn't fit what another made is an error; one that doesn't fit what the source has, refuses
 * the source's outputs. What else there is to say becomes a note. */
#include "build.h"

#include "base/hash.h"
#include "model/holds.h"
#include "model/pixel_format.h"

#include <string.h>

enum { PICTURE = KIND_VIDEO | KIND_IMAGE };

/* Of one group's shared steps, or of one draft's. */
struct pass {
    struct builder *b;
    struct group *group; /* of these two, one is NULL */
    struct draft *draft;
    const struct pipeline_output *output; /* of the draft */
    const struct plan_input *input;
    const char *who;
    enum kind need;
    struct colors *flows;
    int home;      /* the depth that is decoded, to which floats go back */
    GString *said; /* a line a step */
};

/* --- the source --- */

static const char *known_tag(const char *tag)
{
    return space_tag_says(tag) ? tag : NULL;
}

static bool is_rgb(const char *pix_fmt)
{
    return strstr(pix_fmt, "rgb") || strstr(pix_fmt, "bgr") || strstr(pix_fmt, "gbr");
}

static const struct space *space_untagged(const struct facts *facts)
{
    const bool lies = facts->rotation % 180 != 0;
    return space_assumed(facts->color_primaries, facts->color_transfer, facts->color_matrix,
                         lies ? facts->height : facts->width, lies ? facts->width : facts->height);
}

struct clip_tags clip_tags(const struct facts *facts)
{
    const struct space *like = space_untagged(facts);
    const char *pix_fmt = facts->pix_fmt ? facts->pix_fmt : "";
    const char *primaries = known_tag(facts->color_primaries);
    const char *transfer = known_tag(facts->color_transfer);
    const char *matrix = known_tag(facts->color_matrix), *range = known_tag(facts->color_range);
    bool full = is_rgb(pix_fmt) || g_str_has_prefix(pix_fmt, "yuvj");
    return (struct clip_tags){
        .primaries = primaries ? primaries : like->primaries_tag,
        .transfer = transfer ? transfer : like->transfer_tag,
        .matrix = is_rgb(pix_fmt) ? "gbr"
                  : matrix        ? matrix
                                  : like->matrix_tag,
        .range = full    ? "pc"
                 : range ? range
                         : "tv",
    };
}

/* Floats are linear light, of which primaries nothing says for sure. */
static struct colors colors_of_clip(const struct facts *facts)
{
    const struct clip_tags tags = clip_tags(facts);
    const char *primaries = known_tag(facts->color_primaries);
    const char *transfer = known_tag(facts->color_transfer);
    const bool is_float = facts->bit_depth == COLORS_FLOAT;
    struct colors colors = {
        .space = space_of_tags(tags.primaries, tags.transfer),
        .how = (primaries || transfer) && !is_float ? COLORS_TAGGED : COLORS_ASSUMED,
        .full_range = strcmp(tags.range, "pc") == 0,
        .depth = facts->bit_depth,
    };
    colors.tags = colors.space;
    return colors;
}

/* HDR is read as sRGB; codes of colours without a profile are read as one. */
static struct colors colors_of_still(const struct facts *facts)
{
    const bool is_float = facts->bit_depth == COLORS_FLOAT;
    struct colors colors = {
        .space = space_of_still(facts->icc_space ? space_find(facts->icc_space) : NULL,
                                facts->icc || facts->icc_space, is_float),
        .how = facts->hdr                                           ? COLORS_READ
               : facts->icc || (!is_float && facts->color_transfer) ? COLORS_TAGGED
                                                                    : COLORS_ASSUMED,
        .full_range = true,
        .still = true,
        .depth = facts->bit_depth,
    };
    colors.tags = colors.space;
    return colors;
}

static struct mark pipeline_mark(const struct builder *b)
{
    return (struct mark){.file = g_intern_string(b->plan->pipeline->file)};
}

static void say(struct pass *pass, const char *what)
{
    const struct colors *flows = pass->flows;
    g_autofree char *text = colors_text(flows, pipeline_mark(pass->b));
    g_string_append_printf(pass->said, "%s: %s, %s range", what, text,
                           flows->full_range ? "full" : "limited");
    if (flows->depth == COLORS_FLOAT)
        g_string_append(pass->said, ", float");
    else if (flows->depth)
        g_string_append_printf(pass->said, ", %d bits", flows->depth);
    g_string_append_c(pass->said, '\n');
}

/* --- through steps --- */

/* Colours that a step made of every source are wrong of them all. */
static bool are_of_all(const struct colors *colors)
{
    return colors->by && !colors->of_hdr;
}

static void object(const struct pass *pass, const struct step *step, const struct colors *before,
                   const struct finding *f)
{
    if (are_of_all(before))
        resolve_error(pass->b, f->at, pass->input, f->hint, f->message);
    else if (pass->draft)
        draft_refuse(pass->draft, f->at, f->hint, f->message);
    else
        group_refuse(pass->group, step->faces & PICTURE, f);
}

static void pass_on(const struct pass *pass, const struct step *step, const struct colors *before,
                    const struct diag *diag)
{
    const GPtrArray *findings = diag_findings(diag);
    for (guint i = 0; i < findings->len; i++) {
        const struct finding *f = findings->pdata[i];
        if (f->severity == DIAG_ERROR)
            object(pass, step, before, f);
        else
            note_colors(pass->b, pass->who, pass->input, f->message);
    }
}

/* The same call with parameters that were told by what comes to it. */
static struct call *told_call(const struct call *call, struct node *params)
{
    g_autoptr(hash_state) hash = hash_create();
    g_autofree char *canonical = node_canonical(params);
    struct call *told = g_new(struct call, 1);
    char digest[HASH_TEXT_SIZE];
    hash_text(hash, call->token);
    hash_text(hash, canonical);
    hash_finish(hash, digest);
    *told = *call;
    g_atomic_ref_count_init(&told->refs);
    told->params = node_ref(params);
    told->token = g_strdup_printf("%s=%.16s", call->step->name, digest);
    told->files = call->files ? g_ptr_array_ref(call->files) : NULL;
    told->leads = g_strdup(call->leads);
    return told;
}

/* What a step made of what came to it; the same for all inputs that come to it alike. */
struct flowed {
    struct call *call; /* that it was asked of: kept, so that its address stays its own */
    struct call *told; /* the same one, where its parameters are what they were */
    struct colors after;
    struct diag *diag;
};

void flowed_free(void *data)
{
    struct flowed *flowed = data;
    call_unref(flowed->call);
    call_unref(flowed->told);
    diag_destroy(flowed->diag);
    g_free(flowed);
}

static struct flowed *flowed_new(struct call *call, const struct colors *before)
{
    const struct params *table = &call->step->params;
    struct flowed *flowed = g_new0(struct flowed, 1);
    *flowed = (struct flowed){.call = call_ref(call), .after = *before, .diag = diag_create()};
    void *params = params_new(table);
    params_parse(table, call->params, call->step->name, false, params, flowed->diag);
    call->step->colors(params, &flowed->after, call->at, flowed->diag);
    g_auto(node_ptr) told = params_print(table, params);
    params_free(table, params);
    g_autofree char *asked = node_canonical(call->params), *now = node_canonical(told);
    flowed->told = strcmp(asked, now) == 0 ? call_ref(call) : told_call(call, told);
    return flowed;
}

static const struct flowed *flow_through(struct builder *b, struct call *call,
                                         const struct colors *before)
{
    g_autofree char *key = g_strdup_printf(
        "%p %p %p %p %d %d %d %d %d %s", (void *)call, (void *)before->space, (void *)before->tags,
        (void *)before->by, before->how, before->full_range, before->still, before->depth,
        before->at.line, before->at.file ? before->at.file : "");
    struct flowed *flowed = g_hash_table_lookup(b->flowed, key);
    if (!flowed) {
        flowed = flowed_new(call, before);
        g_hash_table_insert(b->flowed, g_steal_pointer(&key), flowed);
    }
    return flowed;
}

static bool is_same(const struct colors *one, const struct colors *other)
{
    return one->space == other->space && one->how == other->how && one->depth == other->depth;
}

static void through(struct pass *pass, GPtrArray *calls, guint at)
{
    struct call *call = calls->pdata[at];
    const struct colors before = *pass->flows;
    const struct step *step = call->step;
    if (step->colors) {
        const struct flowed *flowed = flow_through(pass->b, call, &before);
        *pass->flows = flowed->after;
        pass_on(pass, step, &before, flowed->diag);
        calls->pdata[at] = call_ref(flowed->told);
        call_unref(call);
    }
    if (step->draws && colors_are_special(pass->flows)) {
        g_autofree char *text = g_strdup_printf(
            "%s draws in the code values of %s, as if they were those of an SDR display",
            step->name, pass->flows->space->name);
        note_colors(pass->b, pass->who, pass->input, text);
    }
    if (is_same(&before, pass->flows))
        g_string_append_printf(pass->said, "%s: unchanged\n", step->name);
    else
        say(pass, step->name);
}

static void through_all(struct pass *pass, GPtrArray *calls)
{
    for (guint i = 0; i < calls->len; i++)
        if (((struct call *)calls->pdata[i])->step->faces & pass->need & PICTURE)
            through(pass, calls, i);
}

/* BT.2100 has one set of primaries: what says another, or none, is noted. */
static void note_primaries(const struct pass *pass, const struct facts *facts)
{
    const struct space *space = pass->flows->space;
    const char *primaries = known_tag(facts->color_primaries);
    if (facts->kind != KIND_VIDEO || !space || space->kind != SPACE_HDR ||
        g_strcmp0(primaries, space->primaries_tag) == 0)
        return;
    g_autofree char *text =
        g_strdup_printf("the transfer is %s, and the primaries are %s: taken as %s",
                        facts->color_transfer, primaries ? primaries : "not tagged", space->name);
    note_colors(pass->b, pass->who, pass->input, text);
}

void colors_of_group(struct builder *b, struct group *group, enum kind need)
{
    const struct facts *facts = group_facts(b->plan, group);
    if (!facts || !(facts->kind & PICTURE))
        return;
    group->colors = facts->kind == KIND_VIDEO ? colors_of_clip(facts) : colors_of_still(facts);
    struct pass pass = {.b = b,
                        .group = group,
                        .input = input_at(b->plan, group->input),
                        .who = job_at(b->plan, group->job)->name,
                        .need = need,
                        .flows = &group->colors,
                        .home = group->colors.depth,
                        .said = group->colors_said};
    say(&pass, "source");
    note_primaries(&pass, facts);
    through_all(&pass, group->shared);
}

/* --- what is written --- */

static int depth_of_format(const char *name)
{
    struct pixel_format format;
    return pixel_format_read(name, &format) ? format.depth : 0;
}

/* Of all formats of a codec; 0: they have more than one. */
static int only_depth(const struct codec *codec)
{
    g_auto(GStrv) names = g_strsplit(codec->pix_fmts, " ", -1);
    const int first = depth_of_format(names[0]);
    for (char **name = names; *name; name++)
        if (depth_of_format(*name) != first)
            return 0;
    return first;
}

/* What is nearest to a source of the format `from` in so many bits; a source that says nothing else
 * is 4:2:0. */
static const char *nearest_format(const struct written *written, const char *from, int depth)
{
    const struct codec *codec = written->video;
    struct pixel_format flows;
    if (!from || !pixel_format_read(from, &flows))
        flows = (struct pixel_format){.chroma_w = 1, .chroma_h = 1};
    flows.depth = depth;
    return pixel_format_nearest(codec->pix_fmts, &flows,
                                container_holds_alpha(written->encode->container, codec->name));
}

/* NULL: not known, such as which of a codec's formats a profile means. */
static const char *written_format(const struct written *written, const char *from, int depth)
{
    const struct encode_video *video = &written->encode->video;
    if (written->copies_video)
        return from;
    if (video->pix_fmt)
        return video->pix_fmt;
    return written->video && depth && !video->profile ? nearest_format(written, from, depth) : NULL;
}

/* 0: not known. */
static int written_depth(const struct written *written, const char *format, int depth)
{
    if (written->copies_video)
        return depth;
    return format                    ? depth_of_format(format)
           : written->video && depth ? only_depth(written->video)
                                     : 0;
}

/* OpenEXR's pictures are read as linear light; of unknown colours the worker sees whether they
 * are. */
static void want_light(const struct pass *pass, const struct codec *codec)
{
    const struct colors *flows = pass->flows;
    const struct pipeline_output *output = pass->output;
    if (codec_colors(codec) != CODEC_IS_LINEAR || !flows->space ||
        flows->space->kind == SPACE_LINEAR)
        return;
    g_autofree char *text = colors_text(flows, pipeline_mark(pass->b));
    g_autofree char *message =
        g_strdup_printf("%s holds linear light, and %s flows here", codec->name, text);
    const char *hint = "put a step before it, for example color: {to: linear-rec709}; of a "
                       "camera's log say which it is, as color: {from: slog3, to: acescg}";
    if (are_of_all(flows))
        resolve_error(pass->b, output->at, pass->input, hint, message);
    else
        draft_refuse(pass->draft, output->at, hint, message);
}

/* `format`: that is written, or NULL. */
static void note_coarse(const struct pass *pass, const struct written *written, const char *format)
{
    const struct colors *flows = pass->flows;
    if (!colors_are_special(flows) || flows->depth != 8)
        return;
    const char *finer = nearest_format(written, format, 10);
    const int depth = finer ? depth_of_format(finer) : 0;
    g_autofree char *more =
        depth > 8 ? g_strdup_printf("pix_fmt: %s has %d", finer, depth)
                  : g_strdup_printf("%s has no more, hevc and prores have", written->video->name);
    g_autofree char *coarse =
        g_strdup_printf("8 bits are coarse for %s: %s", flows->space->name, more);
    note_colors(pass->b, pass->who, pass->input, coarse);
}

static void note_tags(const struct pass *pass, const struct codec *codec)
{
    const struct colors *flows = pass->flows;
    g_autofree char *text = NULL;
    if (!flows->space)
        return;
    if (codec_colors(codec) == CODEC_HAS_NO_TAGS && colors_are_special(flows))
        text = g_strdup_printf("%s is written without tags: %s has none, and is shown as sRGB",
                               flows->space->name, codec->name);
    else if (flows->space == flows->tags)
        return;
    else if (flows->tags)
        text = g_strdup_printf("%s is written with the tags of %s", flows->space->name,
                               flows->tags->name);
    else
        text = g_strdup_printf("%s is written without tags of primaries and transfer: it has none",
                               flows->space->name);
    note_colors(pass->b, pass->who, pass->input, text);
}

/* All lossy codecs are written in limited range (src/media/encoder_picture.c), but Motion JPEG. */
static bool written_full(const struct written *written, bool flows)
{
    const char *format = written->encode->video.pix_fmt;
    if (!written->video)
        return flows;
    if (!format)
        format = written->video->pix_fmts;
    if (g_str_has_prefix(format, "yuvj") || is_rgb(format))
        return true;
    return flows && !written->video->lossy;
}

static void write_out(struct pass *pass, const struct written *written, const char *from)
{
    struct draft *draft = pass->draft;
    if (!written->copies_video && codec_colors(written->video) == CODEC_IS_SRGB)
        colors_show(pass->flows, written->video->name, pass->output->at);
    const int depth = pass->flows->depth == COLORS_FLOAT ? pass->home : pass->flows->depth;
    draft->pix_fmt = written_format(written, from, depth);
    pass->flows->depth = written_depth(written, draft->pix_fmt, depth);
    pass->flows->full_range = written_full(written, pass->flows->full_range);
    say(pass, written->copies_video ? "copied" : "written");
    if (written->copies_video || !written->video || (draft->to && draft->to->blocked))
        return;
    want_light(pass, written->video);
    note_coarse(pass, written, draft->pix_fmt);
    note_tags(pass, written->video);
}

void colors_of_draft(struct builder *b, const struct group *group, struct draft *draft)
{
    const struct pipeline_job *job = job_at(b->plan, group->job);
    const struct pipeline_output *output = job->outputs->pdata[draft->output];
    const struct draft *source = draft_source(group, draft);
    const struct facts *facts = group_facts(b->plan, group);
    draft->colors = source ? source->colors : group->colors;
    if (!(draft->need & PICTURE))
        return;
    g_autoptr(GString) said = g_string_new(source ? "" : group->colors_said->str);
    g_autofree char *who = g_strdup_printf("%s/%s", job->name, output->name);
    struct pass pass = {.b = b,
                        .draft = draft,
                        .output = output,
                        .input = input_at(b->plan, group->input),
                        .who = who,
                        .need = draft->need,
                        .flows = &draft->colors,
                        .home = source  ? source->colors.depth
                                : facts ? facts->bit_depth
                                        : 0,
                        .said = said};
    if (source)
        say(&pass, "source");
    through_all(&pass, draft->calls);
    if (draft->written && route_kind(output, draft->need) == KIND_VIDEO)
        write_out(&pass, draft->written, source ? source->pix_fmt : facts ? facts->pix_fmt : NULL);
    if (draft->written && output->kind == KIND_VIDEO && draft->written->has_video && !group->joined)
        colors_expected(facts, output, draft);
    if (draft->to)
        draft->to->colors = text_shared(b->plan, said->str);
}
