/* SPDX-License-Identifier: GPL-3.0-or-later
 * Films that are to be joined as they are: in what they have to agree. */
#include "build.h"

#include <string.h>

static char *of_number(double value)
{
    return value > 0 ? g_strdup_printf("%.15g", value) : g_strdup("unknown");
}

static char *of_text(const char *text)
{
    return g_strdup(text ? text : "untagged");
}

static char *size_of(const struct facts *facts)
{
    return g_strdup_printf("%dx%d", facts->width, facts->height);
}

static char *sar_of(const struct facts *facts)
{
    return facts->sar.num ? rational_text(facts->sar) : g_strdup("1");
}

static char *fps_of(const struct facts *facts)
{
    if (facts->vfr || !facts->fps.num)
        return g_strdup(facts->vfr ? "variable" : "unknown");
    return rational_text(facts->fps);
}

static char *fields_of(const struct facts *facts)
{
    return facts->interlaced ? of_text(facts->field_order) : g_strdup("progressive");
}

static char *primaries_of(const struct facts *facts)
{
    return g_strdup(clip_tags(facts).primaries);
}

static char *transfer_of(const struct facts *facts)
{
    return g_strdup(clip_tags(facts).transfer);
}

static char *matrix_of(const struct facts *facts)
{
    return g_strdup(clip_tags(facts).matrix);
}

static char *range_of(const struct facts *facts)
{
    return g_strdup(clip_tags(facts).range);
}

static char *tracks_of(const struct facts *facts)
{
    return g_strdup_printf("%d", facts->audio_tracks);
}

static char *channels_of(const struct facts *facts)
{
    return facts->audio_tracks ? of_number(facts->channels) : g_strdup("none");
}

static char *rate_of(const struct facts *facts)
{
    return facts->audio_tracks ? of_number(facts->sample_rate) : g_strdup("none");
}

static const struct {
    const char *name;
    char *(*value)(const struct facts *facts);
} fields[] = {
    {"size", size_of},         {"shape of pixels", sar_of}, {"frame rate", fps_of},
    {"fields", fields_of},     {"primaries", primaries_of}, {"transfer", transfer_of},
    {"matrix", matrix_of},     {"range", range_of},         {"sound tracks", tracks_of},
    {"channels", channels_of}, {"sample rate", rate_of},
};

/* "size 1280x720 instead of 1920x1080, …"; NULL: they agree. */
static char *differences(const struct facts *first, const struct facts *other)
{
    GString *text = g_string_new(NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(fields); i++) {
        g_autofree char *one = fields[i].value(first), *two = fields[i].value(other);
        if (strcmp(one, two))
            g_string_append_printf(text, "%s%s %s instead of %s", text->len ? ", " : "",
                                   fields[i].name, two, one);
    }
    return g_string_free(text, text->len == 0);
}

void join_check_alike(struct builder *b, const struct pipeline_output *output,
                      const GArray *members)
{
    for (guint i = 1; i < members->len; i++) {
        const struct plan_input *first = input_at(b->plan, g_array_index(members, int, 0));
        const struct plan_input *other = input_at(b->plan, g_array_index(members, int, i));
        if (!first->facts || !other->facts)
            continue;
        g_autofree char *what = differences(first->facts, other->facts);
        g_autofree char *one = path_display(first->relative), *two = path_display(other->relative);
        if (what)
            diag_error(
                b->diag, output->at, "`join: {conform: first}` makes all of them like the first",
                "output %s: %s can't be joined to %s as it is: %s", output->name, two, one, what);
    }
}
