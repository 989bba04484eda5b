/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which picture and which sounds an output gets, and whether they are copied. */
#include "model/holds.h"
#include "render.h"

#include <math.h>

static bool is(const char *codec, const char *word)
{
    return codec && !strcmp(codec, word);
}

static char *first_of(const char *list)
{
    return g_strndup(list, strcspn(list, " "));
}

static bool is_picture(const struct branch *branch, int stream)
{
    return source_stream(branch->render->source, stream)->type == AVMEDIA_TYPE_VIDEO;
}

static const char *offered(const struct branch *branch, int stream)
{
    return is_picture(branch, stream) ? branch->container->video : branch->container->audio;
}

static const AVCodecParameters *par_of(const struct branch *branch, int stream)
{
    return source_stream(branch->render->source, stream)->av->codecpar;
}

enum touch { UNTOUCHED, ONLY_CUT, CHANGED, TOUCH_FAILED };

/* What the steps do to a stream: asked of a chain that is made only for the question. What they do
 * to tags is done to the output's, also where all of it is copied. */
static enum touch touch_of(struct branch *branch, int stream, struct failure *failure)
{
    struct render *render = branch->render;
    struct chain *trial = chain_branch(shared_of(render, stream)->chain, failure);
    bool built = trial && apply_to_stream(trial, render, stream, branch->output->steps,
                                          branch->tags, failure);
    enum touch touch = !built                   ? TOUCH_FAILED
                       : chain_is_empty(trial)  ? UNTOUCHED
                       : chain_only_cuts(trial) ? ONLY_CUT
                                                : CHANGED;
    chain_destroy(trial);
    return touch;
}

static bool is_untouched(struct branch *branch, int stream)
{
    struct failure ignored = {0};
    bool untouched = touch_of(branch, stream, &ignored) == UNTOUCHED;
    failure_clear(&ignored);
    return untouched;
}

/* Settings other than the codec ask for an encoder. */
static bool video_settings(const struct encode_video *encode)
{
    return encode->encoder || encode->pix_fmt || encode->profile || encode->preset ||
           encode->tune || encode->level || !isnan(encode->crf) || encode->bitrate > 0 ||
           encode->maxrate > 0 || encode->bufsize > 0 || encode->b_frames >= 0 || encode->tag ||
           encode->fields || encode->gop > 0 || encode->keyint.kind != POSITION_NONE ||
           (encode->options && encode->options->len);
}

static bool audio_settings(const struct encode_audio *encode)
{
    return encode->bitrate > 0 || encode->sample_rate || encode->channels ||
           encode->sample_format || (encode->options && encode->options->len);
}

/* Correcting the sound of an MPEG-2 programme makes no H.264 of it: what a file of the same family
 * held, the output holds, too, whether or not we write it ourselves. */
static bool same_family(const struct branch *branch)
{
    static const struct {
        const char *demuxer, *containers;
    } families[] = {{"matroska", "mkv webm mka weba"}, {"mxf", "mxf"}};
    const AVFormatContext *source = source_format(branch->render->source);
    const AVDictionaryEntry *brand = av_dict_get(source->metadata, "major_brand", NULL, 0);
    if (strstr(source->iformat->name, "mov"))
        return is(branch->container->name, !brand || is(brand->value, "qt  ") ? "mov" : "mp4");
    for (unsigned i = 0; i < G_N_ELEMENTS(families); i++)
        if (strstr(source->iformat->name, families[i].demuxer))
            return list_has(families[i].containers, branch->container->name);
    return false;
}

static bool container_takes_copy(const struct branch *branch, int stream)
{
    enum AVCodecID codec = par_of(branch, stream)->codec_id;
    const char *ignored;
    if (codec == AV_CODEC_ID_H264 && is(branch->container->name, "mxf") && !same_family(branch))
        return false; /* it has another form there, and few profiles */
    return list_has(offered(branch, stream), avcodec_get_name(codec)) ||
           (same_family(branch) && writer_takes(branch->container, codec, &ignored));
}

static bool is_edited(const struct branch *branch)
{
    const char *container = branch->container->name;
    return container_holds(container) & HOLDS_EDITS &&
           !encode_is_bare(branch->output->encode, container);
}

/* Nor in fragments, whose index has no place for what comes later. */
static bool hides_pictures(const struct branch *branch)
{
    return is_edited(branch) && branch->output->encode->fragment.kind == POSITION_NONE;
}

/* A copy shows all packets but those before or behind an edit list. */
static bool would_show_hidden(const struct branch *branch, int stream)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    bool video = from->type == AVMEDIA_TYPE_VIDEO;
    return from->pieced || (video && from->hidden && !hides_pictures(branch));
}

static void note_tail(struct branch *branch, int stream)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    if (from->type == AVMEDIA_TYPE_VIDEO && from->tail && !hides_pictures(branch))
        branch_note(branch, "%d more pictures at the end, which the source's edit list hides",
                    from->tail);
}

static bool edits_fit(struct branch *branch, int stream)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    bool video = from->type == AVMEDIA_TYPE_VIDEO;
    if (would_show_hidden(branch, stream)) {
        branch_note(branch, "%s encoded: copied, it would show what the source's edit list hides",
                    video ? "picture" : "sound");
        return false;
    }
    note_tail(branch, stream);
    return true;
}

/* A copy shows the picture as it is stored where the container doesn't say how to turn it. */
static bool would_lie(const struct branch *branch, int stream)
{
    return source_stream(branch->render->source, stream)->rotation &&
           !(container_holds(branch->container->name) & HOLDS_TURN);
}

static bool lies_well(struct branch *branch, int stream)
{
    if (!would_lie(branch, stream))
        return true;
    branch_note(branch, "picture encoded: %s doesn't say how a copied one is turned",
                branch->container->name);
    return false;
}

/* Full range that the pictures themselves don't say, which players without a word for it take as
 * limited. MOV says that of DNxHD in a box of Avid's. */
static bool would_be_limited(const struct branch *branch, int stream)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    const AVPixFmtDescriptor *format = av_pix_fmt_desc_get(from->av->codecpar->format);
    return from->container.range == AVCOL_RANGE_JPEG &&
           from->coded.range == AVCOL_RANGE_UNSPECIFIED && format &&
           !(format->flags & AV_PIX_FMT_FLAG_RGB) &&
           from->av->codecpar->codec_id != AV_CODEC_ID_DNXHD &&
           !(container_holds(branch->container->name) & HOLDS_RANGE);
}

static bool keeps_its_range(struct branch *branch, int stream)
{
    if (!would_be_limited(branch, stream))
        return true;
    branch_note(branch,
                "picture encoded: only its container says that it has full range, and %s doesn't",
                branch->container->name);
    return false;
}

/* MXF has one rate, by which a copy's pictures would come. */
static bool would_shift(const struct branch *branch, int stream)
{
    const struct source_stream *from = source_stream(branch->render->source, stream);
    return from->type == AVMEDIA_TYPE_VIDEO && from->variable && is(branch->container->name, "mxf");
}

/* Why a copy's pictures would come at other times; NULL: they wouldn't. Caller frees. */
static char *jumbled(const struct branch *branch, int stream)
{
    const char *from = source_stream(branch->render->source, stream)->untimed;
    return from && is_picture(branch, stream)
               ? g_strdup_printf("%s doesn't say when pictures are shown that are stored in "
                                 "another order (B pictures)",
                                 from)
               : NULL;
}

static bool keeps_its_times(struct branch *branch, int stream)
{
    g_autofree char *why = jumbled(branch, stream);
    if (would_shift(branch, stream))
        branch_note(branch,
                    "picture encoded: its frame rate is variable, and that of MXF is constant");
    else if (why)
        branch_note(branch, "picture encoded: %s", why);
    else
        return true;
    return false;
}

/* The rate that all sound in the container has, where this one is of another; else 0. */
static int other_rate(const struct branch *branch, int stream)
{
    const int rate_hz = branch->container->sample_rate;
    return !is_picture(branch, stream) && par_of(branch, stream)->sample_rate != rate_hz ? rate_hz
                                                                                         : 0;
}

static bool keeps_its_rate(struct branch *branch, int stream)
{
    const int rate_hz = other_rate(branch, stream);
    if (rate_hz)
        branch_note(branch, "sound encoded: %s holds that of %d Hz alone", branch->container->name,
                    rate_hz);
    return !rate_hz;
}

/* Its first packet is too far behind. */
static bool is_formless(const struct branch *branch, int stream)
{
    if (!lane_wants_form(branch, stream))
        return false;
    const AVPacket *packet = source_peek(branch->render->source, stream);
    return !packet || sound_form_of(par_of(branch, stream), packet).codec == AV_CODEC_ID_NONE;
}

/* Without edit lists sound that begins later than its picture would begin with it. Encoded, there
 * is silence before it. */
static bool would_be_early(const struct branch *branch, int stream)
{
    static const double slack_s = 0.001;
    const struct source_stream *from = source_stream(branch->render->source, stream);
    return from->type == AVMEDIA_TYPE_AUDIO && from->start_s - branch->render->start_s > slack_s &&
           encode_is_bare(branch->output->encode, branch->container->name);
}

/* Why sound can't be copied as it is; NULL: it can. */
static const char *misplaced(const struct branch *branch, int stream)
{
    return is_formless(branch, stream)
               ? "it begins far behind the picture, and fragments tell its form before"
           : would_be_early(branch, stream)
               ? "it begins after the picture, which a file without edit lists can't say"
               : NULL;
}

static bool keeps_its_start(struct branch *branch, int stream)
{
    const char *why = misplaced(branch, stream);
    if (why)
        branch_note(branch, "sound encoded: %s", why);
    return !why;
}

/* Of recordings that follow one another in one stream each may be of another form, which a file
 * says of a whole track. */
static const char *varied(const struct branch *branch, int stream)
{
    const char *met = branch->render->anew[branch->index].copy;
    return is_picture(branch, stream) ? NULL
           : met                      ? met
           : source_parts(branch->render->source)->restarts
               ? "it is of several recordings, each of which may have another rate and other "
                 "channels"
               : NULL;
}

static bool is_of_one_form(struct branch *branch, int stream)
{
    const char *why = varied(branch, stream);
    if (why)
        branch_note(branch, "sound encoded: %s", why);
    return !why;
}

/* Another sound track is encoded only where it isn't yet what was asked for. */
static bool fits_settings(const struct branch *branch, int stream)
{
    const struct encode_audio *encode = &branch->output->encode->audio;
    const AVCodecParameters *par = par_of(branch, stream);
    return (!encode->codec || is(encode->codec, avcodec_get_name(par->codec_id))) &&
           (!encode->sample_rate || encode->sample_rate == par->sample_rate) &&
           (!encode->channels || encode->channels == par->ch_layout.nb_channels);
}

static bool can_be_read_back(struct branch *branch, int stream)
{
    const char *why = unheld(branch, stream);
    if (why)
        branch_note(branch, "%s encoded: %s", is_picture(branch, stream) ? "picture" : "sound",
                    why);
    return !why;
}

static bool can_copy(struct branch *branch, int stream)
{
    const struct encode *encode = branch->output->encode;
    bool fits;
    if (is_picture(branch, stream))
        fits = !encode->video.codec && !video_settings(&encode->video);
    else if (is_aside(branch->render, stream))
        fits = fits_settings(branch, stream);
    else
        fits = !encode->audio.codec && !audio_settings(&encode->audio);
    return fits && container_takes_copy(branch, stream) && is_untouched(branch, stream) &&
           edits_fit(branch, stream) && lies_well(branch, stream) &&
           keeps_its_range(branch, stream) && keeps_its_times(branch, stream) &&
           keeps_its_rate(branch, stream) && keeps_its_start(branch, stream) &&
           is_of_one_form(branch, stream) && can_be_read_back(branch, stream);
}

static bool copy(struct branch *branch, int stream)
{
    if (is_aside(branch->render, stream)) {
        g_autofree char *words = stream_words(branch->render->source, stream);
        branch_note(branch, "%s copied unchanged", words);
    } else {
        branch_note(branch, "%s copied unchanged",
                    is_picture(branch, stream) ? "picture" : "sound");
    }
    return lane_open_copy(branch, stream);
}

/* Nobody asked for it: what turns out to be none is encoded. */
static bool copy_if_it_fits(struct branch *branch, int stream)
{
    if (!copy(branch, stream))
        return false;
    branch_lane(branch, stream)->yields = true;
    return true;
}

/* What can't be cut so is encoded in the codec that it has. */
static bool cut_smart(struct branch *branch, int stream)
{
    const char *codec = avcodec_get_name(par_of(branch, stream)->codec_id);
    return smart_open(branch, stream, list_has(offered(branch, stream), codec) ? codec : NULL);
}

static bool refuse_rate(struct branch *branch, int stream)
{
    g_autofree char *words = stream_words(branch->render->source, stream);
    return fail(&branch->result->failure, FAIL_CONFIG,
                "%s holds sound of %d Hz alone, and %s has %d Hz: name a codec (%s) instead of "
                "`copy`, which resamples it",
                branch->container->name, branch->container->sample_rate, words,
                par_of(branch, stream)->sample_rate, branch->container->audio);
}

static bool refuse_unheld(struct branch *branch, int stream, const char *why)
{
    g_autofree char *words = stream_words(branch->render->source, stream);
    g_autofree char *other = first_of(offered(branch, stream));
    return fail(&branch->result->failure, FAIL_UNSUPPORTED,
                "%s can't be copied into %s, since %s: name a codec instead of `copy`, such as %s",
                words, branch->container->name, why, other);
}

/* By name, so that what can't be is a failure. */
static bool copy_asked(struct branch *branch, int stream)
{
    if (would_lie(branch, stream))
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "copied, the picture would lie on its side or head, since %s has no place for "
                    "how it is turned: name a codec",
                    branch->container->name);
    if (would_be_limited(branch, stream)) {
        g_autofree char *able = holders(HOLDS_RANGE);
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "copied, the picture would be taken as of limited range, its blacks and whites "
                    "cut off, since only its "
                    "container says that it has full range, and %s has no place for that (these "
                    "have: %s): name a codec",
                    branch->container->name, able);
    }
    if (would_shift(branch, stream))
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "copied, the pictures would come at other times, since the frame rate is "
                    "variable and that of MXF is constant: name a codec");
    g_autofree char *jumble = jumbled(branch, stream);
    if (jumble)
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "the picture can't be copied: %s: name a codec instead of `copy`", jumble);
    const char *why = misplaced(branch, stream);
    if (why)
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "the sound can't be copied: %s: name a codec instead of `copy`", why);
    why = unheld(branch, stream);
    if (why)
        return refuse_unheld(branch, stream, why);
    if (other_rate(branch, stream))
        return refuse_rate(branch, stream);
    switch (touch_of(branch, stream, &branch->result->failure)) {
    case UNTOUCHED:
        if (would_show_hidden(branch, stream))
            return fail(&branch->result->failure, FAIL_CONFIG,
                        "copied, the %s would show what the source's edit list hides: name a codec",
                        is_picture(branch, stream) ? "picture" : "sound");
        note_tail(branch, stream);
        return lane_open_copy(branch, stream);
    case ONLY_CUT:
        return is_picture(branch, stream) && smart_is_asked(branch) ? cut_smart(branch, stream)
                                                                    : lane_open_cut(branch, stream);
    case TOUCH_FAILED:
        return false;
    default:
        return fail(&branch->result->failure, FAIL_CONFIG,
                    "`codec: copy` can't be combined with steps that change the %s, other than "
                    "`trim`: name a codec, or leave the step out",
                    is_picture(branch, stream) ? "picture" : "sound");
    }
}

static bool add_stream(struct branch *branch, int stream)
{
    const struct encode *encode = branch->output->encode;
    bool video = is_picture(branch, stream);
    const char *codec = video ? encode->video.codec : encode->audio.codec;
    if (!branch->container->muxer)
        return lane_open_sound_file(branch, stream);
    if (is(codec, "copy"))
        return copy_asked(branch, stream);
    if (can_copy(branch, stream))
        return copy_if_it_fits(branch, stream);
    g_autofree char *chosen = codec ? g_strdup(codec) : first_of(offered(branch, stream));
    return video ? lane_open_picture(branch, stream, chosen)
                 : lane_open_sound(branch, stream, chosen);
}

/* --- sound tracks --- */

static bool picture_is_copied(const struct branch *branch)
{
    const struct lane *lane = branch_lane(branch, branch->render->picture);
    return lane && lane->mode == LANE_COPY;
}

/* A film for exchange keeps its languages, and so does one of which only the sound is changed. */
static bool keeps_all(const struct branch *branch)
{
    if (branch->container->kind != KIND_VIDEO)
        return false;
    switch (branch->output->encode->audio.tracks) {
    case TRACKS_ALL:
        return true;
    case TRACKS_ONE:
        return false;
    default:
        return list_has("mov mkv mxf", branch->container->name) || picture_is_copied(branch);
    }
}

/* A track that no decoder here reads can only be copied. */
static bool add_undecoded(struct branch *branch, int stream)
{
    const struct chain *chain = branch_chain(branch);
    if ((!chain || chain_is_empty(chain)) && container_takes_copy(branch, stream))
        return copy(branch, stream);
    if (branch->clock && chain_only_cuts(branch->clock) && container_takes_copy(branch, stream))
        return lane_open_cut(branch, stream);
    branch_drop(branch, stream, "there is no decoder for it, and it can't be copied");
    return true;
}

static bool add_aside(struct branch *branch, int stream)
{
    if (keeps_all(branch))
        return shared_of(branch->render, stream) ? add_stream(branch, stream)
                                                 : add_undecoded(branch, stream);
    branch_drop(branch, stream, "the output keeps one");
    return true;
}

static void note_first(struct branch *branch, int stream)
{
    g_autofree char *words = stream_words(branch->render->source, stream);
    branch_note(branch, "%s comes first: %s has no mark for the one that is played", words,
                branch->container->name);
}

GArray *branch_sounds(struct branch *branch)
{
    const struct source *source = branch->render->source;
    const int chosen = source_sound(source);
    GArray *sounds = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < source_streams(source); i++)
        if (source_stream(source, i)->type == AVMEDIA_TYPE_AUDIO)
            g_array_append_val(sounds, i);
    if (sounds->len < 2 || container_holds(branch->container->name) & HOLDS_DEFAULT ||
        g_array_index(sounds, int, 0) == chosen)
        return sounds;
    for (guint n = 0; n < sounds->len; n++)
        if (g_array_index(sounds, int, n) == chosen)
            g_array_remove_index(sounds, n);
    g_array_prepend_val(sounds, chosen);
    if (keeps_all(branch) || branch->output->encode->audio.mono_tracks)
        note_first(branch, chosen);
    return sounds;
}

/* Of each channel a track: none of them is a copy. */
static bool add_mono(struct branch *branch)
{
    const char *codec = branch->output->encode->audio.codec;
    g_autofree char *chosen = codec ? g_strdup(codec) : first_of(branch->container->audio);
    if (!is(codec, "copy"))
        return branch_add_mono(branch, chosen);
    return fail(&branch->result->failure, FAIL_CONFIG,
                "`codec: copy` can't be combined with `mono_tracks`: name a codec");
}

static bool drop_sounds(struct branch *branch, const char *why)
{
    for (int i = 0; i < source_streams(branch->render->source); i++)
        if (source_stream(branch->render->source, i)->type == AVMEDIA_TYPE_AUDIO)
            branch_drop(branch, i, "%s", why);
    return true;
}

static bool add_sounds(struct branch *branch)
{
    struct render *render = branch->render;
    bool none = !branch->container->audio[0] || is(branch->output->encode->audio.codec, "none");
    if (none)
        return drop_sounds(branch, "the output has no sound");
    if (branch->output->encode->audio.mono_tracks)
        return add_mono(branch);
    g_autoptr(GArray) sounds = branch_sounds(branch);
    for (guint n = 0; n < sounds->len; n++) {
        const int stream = g_array_index(sounds, int, n);
        if (!(is_aside(render, stream) ? add_aside(branch, stream) : add_stream(branch, stream)))
            return false;
    }
    return true;
}

bool branch_add_streams(struct branch *branch)
{
    int picture = branch->render->picture;
    bool pictured = picture >= 0 && branch->container->video[0] &&
                    !is(branch->output->encode->video.codec, "none");
    if (!pictured && picture >= 0 && branch->container->kind == KIND_VIDEO)
        branch_drop(branch, picture, "the output has no picture");
    if (pictured && branch->container->one_track)
        return add_stream(branch, picture) && drop_sounds(branch, "the file holds one track");
    return (!pictured || add_stream(branch, picture)) && add_sounds(branch);
}
