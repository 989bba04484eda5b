/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the planner knows while it builds; shared by the files of this folder only.
 *
 * A job and one of its inputs make a `group` of drafts, one an output that has something for the
 * input. A group is drafted (route, resolve, identity, collide), then its stale drafts become tasks
 * (measure, tasks, cost); after an error the rest is drafted only, to find the other errors. */
#pragma once

#include "color/colors.h"
#include "lang/template.h"
#include "model/fields.h"
#include "plan/plan.h"

/* A file that a step reads. */
struct used_file {
    char *used_by; /* see model/task.h */
    char *path;
    const struct param *row;
    struct mark at; /* where it is named */
};

/* A step with its final values. Shared by all inputs for which they are the same. */
struct call {
    gatomicrefcount refs;
    const struct step *step;
    struct node *params;       /* canonical */
    char *token;               /* its part of the identity: "grade=0123456789abcdef" */
    GPtrArray *files;          /* struct used_file */
    const struct param *lacks; /* a file that isn't there, and needn't; or NULL */
    struct mark at;            /* where it was first written so */
    bool grouped;              /* it treats all inputs of the job alike; */
    char *leads;               /* pattern of the names of those that speak for them, NULL all */
};

/* How an output is written, with final values; likewise shared. */
struct written {
    enum kind kind;
    struct encode *encode;  /* owned by the plan */
    char *token, *software; /* its part of the identity, and what of the software makes it */
    const struct codec *video, *audio, *image; /* what is written; NULL: none, or copied */
    struct used_file *profile;                 /* of a still, when it is a file; or NULL */
    bool copies_video, copies_audio, has_video, has_audio;
};

struct draft {
    int output;             /* index into the job's outputs */
    int source;             /* draft of the group whose file it is made from; -1: the input */
    GArray *others;         /* int: of a package, drafts whose files it is made from as well */
    struct plan_output *to; /* NULL after an error */
    int planned;            /* its index in the plan's outputs; -1: only looked at, as a source */
    enum kind need;   /* faces that mean something: of its source, as far as they are written */
    GPtrArray *calls; /* struct call: job steps that fork off, then its own; NULL until
                         they are resolved */
    const struct written *written; /* NULL after an error */
    const struct codec *again; /* of a smart cut: what of the picture isn't copied is encoded in;
                                  or NULL */
    struct colors colors;      /* of its picture, as it is written */
    const char *pix_fmt;       /* likewise; NULL: not known */
    struct fields fields;      /* likewise */
    struct known_output known; /* what the ledger knows of its path */
};

struct group {
    int job, input;
    unsigned index; /* of the input in its job, from 1 */
    const struct plan_joined
        *joined;   /* of several inputs, of which `input` is the first; or NULL */
    GArray *roots; /* int: then the outputs with `each: job` that are of these */
    GPtrArray
        *shared; /* struct call: job steps that run once for all drafts, as far as one needs them */
    GArray *drafts;       /* struct draft */
    struct colors colors; /* that flow out of the shared steps */
    struct fields fields; /* likewise */
    GString *colors_said; /* how they came to be, a line a step */
};

static inline struct draft *draft_at(const struct group *group, guint draft)
{
    return &g_array_index(group->drafts, struct draft, draft);
}

static inline struct draft *draft_source(const struct group *group, const struct draft *draft)
{
    return draft->source < 0 ? NULL : draft_at(group, (guint)draft->source);
}

static inline const struct draft *draft_other(const struct group *group, const struct draft *draft,
                                              guint index)
{
    return draft_at(group, (guint)g_array_index(draft->others, int, index));
}

/* A place in a chain of sound where the whole programme is measured. */
struct point {
    char *key;
    struct node *known; /* NULL: `task` will tell */
    int task, output;   /* task -1: not planned, or measured by the renders themselves */
    bool blocks;        /* with gating blocks, for a group */
};

struct builder {
    struct plan *plan;
    const struct plan_params *params;
    const struct plan_world *world;
    struct diag *diag;
    unsigned errors_before;
    GPtrArray *groups;         /* struct group: those that wait until all are drafted */
    GHashTable *calls;         /* struct step_use → struct cached_call */
    GHashTable *files;         /* name, pipeline and root → struct found_file */
    GHashTable *flowed;        /* a call and what comes to it → struct flowed */
    GHashTable *contents;      /* step, parameter and path → struct looked_into */
    GHashTable *written;       /* struct pipeline_output → struct written */
    GHashTable *stills;        /* the same, of those whose kind is another for stills */
    GPtrArray *own_written;    /* struct written: those of one input only */
    GHashTable *said;          /* messages that were reported */
    GPtrArray *notes;          /* struct note */
    GPtrArray *only_looked_at; /* struct plan_output: sources that --only leaves out */
    GHashTable *paths;         /* output path, borrowed → struct plan_output */
    GHashTable *folded;        /* the same, without regard to case and to how accents are coded */
    GHashTable *sources;       /* absolute paths of inputs */
    GHashTable *points;        /* key → struct point */
    GHashTable *measures;      /* level and source file → task + 1 */
    GHashTable *gathers;       /* job, output and step → task + 1; 0: there is none */
    GHashTable *promised; /* step, codec and what is said → GPtrArray of struct expectation */
    GHashTable *digests;  /* the same → text: of the members of the group */
    bool gathers_job;     /* a step of the job at hand groups its inputs */
    GHashTable *learned;  /* cost key → struct learned */
    GHashTable *made;     /* arriving: identity and folder → struct plan_output */
};

static inline const struct pipeline_job *job_at(const struct plan *plan, int job)
{
    return plan->pipeline->jobs->pdata[job];
}

static inline const struct pipeline_output *output_at(const struct plan *plan, int job, int output)
{
    return job_at(plan, job)->outputs->pdata[output];
}

/* Of several files, cut as they are: by a task of its own. */
static inline bool draft_is_package(const struct plan *plan, const struct group *group,
                                    const struct draft *draft)
{
    const struct pipeline_output *output = output_at(plan, group->job, draft->output);
    return container_is_package(container_by_name(output->container));
}

/* The name of the output that another is made from, or NULL. */
static inline const char *plan_source_name(const struct plan *plan,
                                           const struct plan_output *planned)
{
    int from = output_at(plan, planned->job, planned->output)->from;
    return from < 0 ? NULL : output_at(plan, planned->job, from)->name;
}

static inline const struct plan_input *input_at(const struct plan *plan, int input)
{
    return plan->inputs->pdata[input];
}

/* What is known of the file, or files as one, that a group is made from; NULL: probing failed. */
static inline const struct facts *group_facts(const struct plan *plan, const struct group *group)
{
    return group->joined ? group->joined->facts : input_at(plan, group->input)->facts;
}

/* Texts of outputs live as long as the plan, and equal ones are one; text_taken frees `text`. */
char *text_shared(struct plan *plan, const char *text);
char *text_taken(struct plan *plan, char *text);

/* build.c */
struct group *group_create(int job, int input, unsigned index);
/* How large a still of a job may be; for still_facts_fit(). */
unsigned job_megapixels(const struct builder *b, int job);
/* Whether a job reads an input: false with the reason when that couldn't be probed, or is too large
 * a still. */
bool job_reads(const struct builder *b, int job, int input, struct failure *failure);

/* route.c */
bool route_only_check(struct builder *b);
bool route_selected(const struct builder *b, int job, int output);
/* Is it selected, or, at one or more removes, the source of one that is? */
bool route_wanted(const struct builder *b, int job, int output);
/* By name, for every job at once: taken[job] is set. */
void route_names(const struct builder *b, const struct plan_input *input, bool *taken);
/* Faces that mean something for this input and output; KIND_NONE: not routed. */
enum kind route_need(const struct plan_input *input, const struct pipeline_job *job,
                     const struct pipeline_output *output);
/* Whether a job's `when` takes an input; one that isn't taken is noted. */
bool route_takes(struct builder *b, const struct pipeline_job *job, const struct plan_input *input);
/* Why an output isn't made of an input that was probed, or NULL. */
const char *route_why_not(const struct plan_input *input, const struct pipeline_job *job,
                          const struct pipeline_output *output);
/* Whether an input has sound, or hasn't been read. */
bool route_is_heard(const struct plan_input *input);
const char *route_noun(const struct plan_input *input, unsigned count);
enum kind route_made(enum kind output, enum kind need); /* what is in a file made so */
/* What an output with these needs is: one of stills alone is a still. */
static inline enum kind route_kind(const struct pipeline_output *output, enum kind need)
{
    return need == KIND_IMAGE ? KIND_IMAGE : output->kind;
}

/* notes.c: said once per text and sort of input, with a count. */
void note_output(struct builder *b, const char *who, const struct plan_input *input,
                 const char *why);
void note_step(struct builder *b, const char *who, const struct plan_input *input,
               const struct step *step);
void note_lack(struct builder *b, const char *who, const struct plan_input *input,
               const struct call *call);
void note_colors(struct builder *b, const char *who, const struct plan_input *input,
                 const char *message);
/* It has such a file, with nothing in it for this input. */
void note_none_in_file(struct builder *b, const char *who, const struct plan_input *input,
                       const struct call *call, const struct param *row);
void notes_finish(struct builder *b);
void note_free(void *note);

/* resolve.c */
struct call *call_ref(struct call *call);
void call_unref(void *call);
/* Its values, which were checked when it was made, as its step takes them; by params_free(). */
void *call_params(const struct call *call);
void cached_call_free(void *cached);
void found_file_free(void *found);
void written_free(void *written);
/* NULL after reporting. New reference. */
struct call *resolve_call(struct builder *b, const struct step_use *use,
                          const struct template_env *env, const struct plan_input *input);
/* A step that isn't in the pipeline, with its principal value; as resolve_call. */
struct call *resolve_implied(struct builder *b, const struct step *step, const char *value,
                             struct mark at, const struct plan_input *input);
const struct written *resolve_written(struct builder *b, const struct pipeline_output *output,
                                      const struct template_env *env,
                                      const struct plan_input *input, enum kind kind);
/* An error about one input, reported once for all inputs with the same one. */
void resolve_error(struct builder *b, struct mark at, const struct plan_input *input,
                   const char *hint, const char *message);
/* Of one source that can't become what is asked at `at`: this output won't be made, and all others
 * are. `hint` may be NULL. */
void draft_refuse(struct draft *draft, struct mark at, const char *hint, const char *message);
/* Likewise of all outputs that are made from the source and for which a shared step with these
 * `faces` means something. */
void group_refuse(struct group *group, enum kind faces, const struct finding *why);
bool node_has(const struct node *node, const char *what); /* in any scalar */

/* libav's names of a clip's colours, by its facts; what they leave open is what it is taken for:
 * limited range, and for the rest what space_assumed() says. */
struct clip_tags {
    const char *primaries, *transfer, *matrix, *range;
};
struct clip_tags clip_tags(const struct facts *facts);

/* What of the software makes a draft, its smart cut as well. Caller frees. */
char *resolve_software(const struct builder *b, const struct draft *draft);

/* smart.c: the codec of the source's picture, where a draft copies that but for what a smart trim
 * encodes again; NULL: it doesn't, or that codec has no encoder. */
const struct codec *smart_codec(const struct builder *b, const struct group *group,
                                const struct draft *draft);

/* colors.c: once the steps are resolved, and before they are identified: their parameters may be
 * set by what comes to them. Those shared by drafts with the faces `need`; then those of a draft,
 * after its source. */
void colors_of_group(struct builder *b, struct group *group, enum kind need);
void colors_of_draft(struct builder *b, const struct group *group, struct draft *draft);
void flowed_free(void *flowed);
/* colors_expect.c: once a draft's are known, what its output is expected to have of them. */
void colors_expected(const struct facts *source, const struct pipeline_output *output,
                     struct draft *draft);

/* fields.c: likewise, for the order and the rows of an interlaced picture. */
/* What a step makes of them, a size too; what it objects to, in `diag`. */
void fields_through(const struct call *call, struct fields *flows, struct diag *diag);
void fields_of_group(struct builder *b, struct group *group);
void fields_of_draft(struct builder *b, const struct group *group, struct draft *draft);

/* sound.c: likewise, for the channels and the rate of the sound. */
void sound_of_draft(const struct builder *b, const struct group *group, struct draft *draft);

/* sheets.c: likewise, for stills of its moments. */
void sheets_of_draft(const struct builder *b, const struct group *group, struct draft *draft);

/* moments.c: likewise, for those of its first step, which may be NULL. */
const struct call *draft_first(const struct group *group, const struct draft *draft);
void moments_of_draft(const struct builder *b, const struct group *group, struct draft *draft);

/* splices.c: likewise, for transport streams that aren't taken as they are. */
void splices_of_draft(const struct builder *b, const struct group *group, struct draft *draft);

/* files.c: what steps say of the files they name. Of the drafts of a group that are rendered, or of
 * all, since nothing is when there is an error. */
void files_of_group(struct builder *b, const struct group *group, bool all);
void looked_into_free(void *data);

/* join_alike.c: an error for each film that differs from the first. */
void join_check_alike(struct builder *b, const struct pipeline_output *output,
                      const GArray *members);

/* What names stand for; `output` NULL: in a step that all share. Without `index`, and on page 1. */
struct template_env env_of_input(const struct plan *plan, int job,
                                 const struct pipeline_output *output, int input);

/* collide.c: names of outputs. */
char *output_path(struct builder *b, const struct group *group,
                  const struct pipeline_output *output, const struct template_env *env);
/* Of a sheet, what another of its pages would be called; NULL: that can't be told. Caller frees. */
char *output_page_path(const struct plan *plan, const struct plan_output *planned, unsigned page);
void collide_add(struct builder *b, struct plan_output *planned);
/* Reports that an output would stand in the place of an input, or of a folder with one. */
void collide_with_source(struct builder *b, struct plan_output *planned);
guint folded_hash(const void *path); /* of a path, without regard to case */
gboolean folded_equal(const void *one, const void *other);
/* The names of the files of one that is a folder. */
void output_set_files(struct builder *b, struct plan_output *planned,
                      const struct pipeline_output *output, const struct template_env *env);
/* Reports outputs that would stand in the folder of another. */
void collide_folders(struct builder *b);
/* Takes `path`. */
void output_set_path(struct builder *b, struct plan_output *planned, char *path);

/* identity.c */
char *identity_input(const struct plan_input *input);
char *identity_group(const struct plan *plan, const struct group *group); /* caller frees */
void identity_draft(struct builder *b, const struct group *group, const struct draft *draft);
bool call_fits(const struct call *call, const struct draft *draft, enum kind kind);
/* Of a draft whose source, if it is another one, was decided. */
void stale_decide(struct builder *b, const struct group *group, struct draft *draft);
bool draft_has_work(const struct draft *draft);
bool draft_renders(const struct draft *draft);  /* a render makes it */
bool draft_finished(const struct draft *draft); /* a render made it: only verified */

/* twins.c: of a group whose drafts were decided. */
void twins_of_group(struct builder *b, const struct group *group);

/* What one render makes of a group, or made of it in a run that was killed: `shared` are its
 * leading steps, in the order of task->steps; drafts are in the order of task->outputs, their calls
 * in that of each output's steps. */
struct work {
    const struct group *group;
    const struct draft *source; /* whose file it reads; NULL: the input */
    GPtrArray *shared;          /* struct call */
    GArray *drafts;             /* struct draft, borrowing from the group's */
};

/* fork.c */
/* Which of a job's steps run once for all of its outputs: those before `all`; of the steps that are
 * of sound alone, those before `sound`. */
struct fork {
    guint all, sound;
};
struct fork fork_of(const struct pipeline_job *job);
bool forks_off(const struct fork *fork, const struct pipeline_job *job, guint step);

/* pages.c */
/* Says which further pages of sheets are there of an earlier run, when all outputs have their
 * names.
 */
void pages_left(struct builder *b);

/* join.c: outputs of several inputs. */
/* The groups of a job's outputs with `each: job`, not drafted yet; `taken[i]`: whether input i is
 * the job's. The array and the groups (struct group) are the caller's. */
GPtrArray *join_groups(struct builder *b, int job, const bool *taken);
/* Whether an output is of this group: of one input, or of those that its root joins. */
bool join_belongs(const struct builder *b, const struct group *group, int output);
/* The first member of a group of several that isn't read; NULL: all are. */
const struct plan_unread *join_unread(const struct builder *b, const struct group *group);
/* Reports a step that treats the inputs of a job alike where they are one. */
void join_check_call(struct builder *b, const struct group *group, const struct step_use *use,
                     const struct call *call);
/* "a.wav", or "a.wav and 2 more"; `joined` may be NULL. Caller frees. */
char *join_names(const struct plan *plan, int input, const struct plan_joined *joined);
void joined_free(void *joined);

/* gather.c: groups of inputs. */
bool gather_in_job(const struct pipeline_job *job);
/* Once all drafts of a job are resolved: their identity is also of their groups. Reports what can't
 * be grouped. */
void gather_identify(struct builder *b, int job);
/* Who is a member of a draft's group, who leads it, and how each comes to it; NULL where `draft` is
 * of none, or where that isn't known yet. */
const char *gather_digest(const struct builder *b, const struct group *group,
                          const struct draft *draft);
/* The task whose output 0 tells `call`, a grouped one of `draft`, about its group; -1 after an
 * error. */
int gather_task(struct builder *b, const struct work *work, const struct draft *draft,
                const struct call *call);

/* measure.c: the place before `until` in a draft's chain of sound; NULL: it isn't in it. `blocks`:
 * with its gating blocks. */
struct point *measure_before(struct builder *b, const struct work *work, const struct draft *draft,
                             const struct call *until);
/* Its measurement goes to a step of a task: at once, or fed when its task has ended. */
void measure_supply(struct builder *b, const struct point *point, int to, int to_output,
                    int to_step);
/* measure.c: sets `measured` or adds feeds for the steps of a render, adds the measure tasks. */
void measure_steps(struct builder *b, const struct work *work, int render);
void measure_finish(struct builder *b);
void point_free(void *point);

/* promise.c: what the pipeline says of an output (`said`), and what its steps promise of the facts
 * about which it says nothing. New reference. */
GPtrArray *promise_expectations(struct builder *b, const struct draft *draft, GPtrArray *said);

/* tasks.c */
int tasks_add(struct builder *b, struct task *task);
void tasks_need(struct plan_task *planned, int id);
void tasks_need_source(struct plan_task *planned, const struct work *work);
void tasks_add_call(struct task *task, GPtrArray *to, const struct call *call);
void tasks_add_source(struct builder *b, struct task *task, const struct work *work);
void tasks_of_group(struct builder *b, const struct group *group);
const char *work_source_name(const struct builder *b, const struct work *work); /* relative */
char *work_source_names(const struct builder *b, const struct work *work); /* for people; freed */
const char *work_source_path(const struct builder *b, const struct work *work); /* absolute */
enum kind work_source_kind(const struct builder *b, const struct work *work);
/* The formats of its source that need trust and have it, a mask of enum trust. */
unsigned work_trust(const struct builder *b, const struct work *work);
void plan_task_free(void *planned);

/* urgency.c */
void urgency_of_tasks(
    struct plan *plan);                  /* from their outputs, also through those that need them */
void urgency_foresee(struct builder *b); /* warns of deadlines that can't be met */

/* larger.c: warns of stills that steps make larger than is made. */
void larger_warn(struct builder *b, const struct work *work);

/* cost.c: seconds, memory and cost keys of tasks, sizes of outputs. */
void cost_render(struct builder *b, const struct work *work, struct plan_task *planned);
void cost_verify(struct builder *b, const struct work *work, const struct draft *draft,
                 struct plan_task *planned);
void cost_gather(struct builder *b, struct plan_task *planned);
/* Once its meters are counted; till then guess_s is the duration of its source. */
void cost_measure(struct builder *b, struct plan_task *planned);
double cost_duration_s(const struct builder *b, const struct work *work); /* of its source */
