/* SPDX-License-Identifier: GPL-3.0-or-later
 * What is passed over, and what there is to say of colours: one sentence an output and sort of
 * input, with a count. */
#include "build.h"

#include "base/file.h"

#include <string.h>

enum { NAMED = 3 }; /* inputs that a note names */

struct note {
    char *who;
    const char *one, *many;    /* the sort of input */
    const struct step *step;   /* that is passed over; NULL: the input is */
    const struct param *lacks; /* the step isn't passed over: it does without this file */
    const char *why;
    char *message;  /* instead of all these; or NULL */
    GString *names; /* of the first inputs */
    unsigned count;
};

void note_free(void *data)
{
    struct note *note = data;
    g_free(note->who);
    g_free(note->message);
    g_string_free(note->names, TRUE);
    g_free(note);
}

static void count_input(struct note *note, const struct plan_input *input)
{
    if (note->count++ >= NAMED)
        return;
    g_autofree char *name = path_display(input->relative);
    g_string_append_printf(note->names, "%s%s", note->names->len ? ", " : "", name);
}

static void add(struct builder *b, const char *who, const struct plan_input *input,
                const struct step *step, const struct param *lacks, const char *why,
                const char *message)
{
    const char *one = route_noun(input, 1);
    for (guint i = 0; i < b->notes->len; i++) {
        struct note *note = b->notes->pdata[i];
        if (note->one == one && note->step == step && note->lacks == lacks && note->why == why &&
            g_strcmp0(note->message, message) == 0 && strcmp(note->who, who) == 0) {
            count_input(note, input);
            return;
        }
    }
    struct note *note = g_new(struct note, 1);
    *note = (struct note){.who = g_strdup(who),
                          .one = one,
                          .many = route_noun(input, 2),
                          .step = step,
                          .lacks = lacks,
                          .why = why,
                          .message = g_strdup(message),
                          .names = g_string_new(NULL)};
    count_input(note, input);
    g_ptr_array_add(b->notes, note);
}

void note_output(struct builder *b, const char *who, const struct plan_input *input,
                 const char *why)
{
    add(b, who, input, NULL, NULL, why, NULL);
}

static const char *faces_text(enum kind faces)
{
    switch ((int)faces) {
    case KIND_VIDEO:
        return "it works on moving picture";
    case KIND_AUDIO:
        return "it works on sound";
    case KIND_IMAGE:
        return "it works on stills";
    case KIND_VIDEO | KIND_IMAGE:
        return "it works on picture";
    case KIND_VIDEO | KIND_AUDIO:
        return "it works on moving picture and sound";
    default:
        return "it works on sound and stills";
    }
}

void note_step(struct builder *b, const char *who, const struct plan_input *input,
               const struct step *step)
{
    add(b, who, input, step, NULL, faces_text(step->faces), NULL);
}

void note_lack(struct builder *b, const char *who, const struct plan_input *input,
               const struct call *call)
{
    add(b, who, input, call->step, call->lacks, "there is no such file", NULL);
}

void note_colors(struct builder *b, const char *who, const struct plan_input *input,
                 const char *message)
{
    add(b, who, input, NULL, NULL, NULL, message);
}

void note_none_in_file(struct builder *b, const char *who, const struct plan_input *input,
                       const struct call *call, const struct param *row)
{
    add(b, who, input, call->step, row, "no entry of its file applies", NULL);
}

/* Which inputs do without a file is what can be seen in no output before it is rendered. */
static char *lack_text(const struct note *note)
{
    const char *noun = note->count == 1 ? note->one : note->many;
    g_autofree char *more =
        note->count > NAMED ? g_strdup_printf(" and %u more", note->count - NAMED) : g_strdup("");
    return g_strdup_printf("%s: %s has no %s for %u %s (%s%s): %s", note->who, note->step->name,
                           note->lacks->name, note->count, noun, note->names->str, more, note->why);
}

static char *note_text(const struct note *note)
{
    const char *noun = note->count == 1 ? note->one : note->many;
    if (note->message)
        return g_strdup_printf("%s: %s (%u %s)", note->who, note->message, note->count, noun);
    if (note->lacks)
        return lack_text(note);
    if (note->step)
        return g_strdup_printf("%s: %s is passed over for %u %s: %s", note->who, note->step->name,
                               note->count, noun, note->why);
    return g_strdup_printf("%s: %u %s %s passed over: %s", note->who, note->count, noun,
                           note->count == 1 ? "is" : "are", note->why);
}

void notes_finish(struct builder *b)
{
    for (guint i = 0; i < b->notes->len; i++)
        g_ptr_array_add(b->plan->notes, note_text(b->notes->pdata[i]));
}
