/* SPDX-License-Identifier: GPL-3.0-or-later
 * The command line, parsed by its tables. */
#include "args.h"

#include "base/diag.h"
#include "base/digest.h"
#include "base/unit.h"
#include "model/trust.h"

#include <stdio.h>
#include <string.h>

#define AT(f) offsetof(struct args, f)

static const char *const exists_names[] = {"fail", "skip", "overwrite", "rename", NULL};
static const char *const low_disk_names[] = {"wait", "fail", "ignore", NULL};
static const char *const verify_names[] = {"full", "quick", "off", NULL};
static const char *const format_names[] = {"text", "json", "junit", "html", "csv", "github", NULL};
static const char *const progress_names[] = {"auto", "plain", "json", "none", NULL};

enum { RENDERS = CMD_RUN | CMD_PLAN | CMD_WATCH, RUNS = CMD_RUN | CMD_WATCH, ALL = (1 << 20) - 1 };

const struct option_row option_rows[] = {
    {"output", 'o', "DIR", "folder for the deliverables (default: ./out)", OPTION_TEXT, AT(out_dir),
     NULL, RENDERS},
    {"output", 'o', "DIR", "folder to make it in (default: ./rerendered)", OPTION_TEXT, AT(out_dir),
     NULL, CMD_RERENDER},
    {"output", 'o', "DIR", "folder for pictures of what differs: before, after, difference",
     OPTION_TEXT, AT(out_dir), NULL, CMD_CHECK},
    {"jobs", 'j', "N",
     "most tasks at once (default: as many as there are cores, and one more of brief ones)",
     OPTION_INT, AT(jobs), NULL, RENDERS | CMD_PROBE | CMD_CHECK | CMD_BLESS},
    {"set", 0, "NAME=VALUE", "value for one of the pipeline's vars; may be repeated", OPTION_LIST,
     AT(set), NULL, RENDERS | CMD_LINT | CMD_BLESS},
    {"only", 0, "JOB[/OUTPUT]", "only this job, or this output of it", OPTION_TEXT, AT(only), NULL,
     RENDERS | CMD_BLESS},
    {"on-exists", 0, "POLICY",
     "a file that is in the way and isn't ours: fail (default), skip, "
     "overwrite, rename",
     OPTION_CHOICE, AT(on_exists), exists_names, RENDERS},
    {"on-low-disk", 0, "POLICY",
     "outputs there may be no room for: wait (default: the run pauses until there is), fail "
     "(default of watch, which tries again later), ignore "
     "(begin them all the same)",
     OPTION_CHOICE, AT(on_low_disk), low_disk_names, RUNS},
    {"window", 0, "FROM-TO",
     "times of day between which tasks may start, as 20:00-08:00; 00:00-24:00 is always (default: "
     "the pipeline's)",
     OPTION_WINDOW, AT(window), NULL, RENDERS},
    {"fresh", 0, NULL, "render again what is up to date", OPTION_FLAG, AT(fresh), NULL,
     CMD_RUN | CMD_PLAN},
    {"provenance", 0, NULL,
     "beside each output made, write where it comes from: <output>.rushes.json", OPTION_FLAG,
     AT(provenance), NULL, RUNS},
    {"fail-fast", 0, NULL, "stop at the first failure, also of the plan", OPTION_FLAG,
     AT(fail_fast), NULL, CMD_RUN},
    {"retries", 0, "N", "further attempts of a failed task (default: by the kind of failure)",
     OPTION_INT, AT(retries), NULL, RUNS},
    {"timeout", 0, "S", "longest time for one attempt of a task, as 90s or 2h", OPTION_SECONDS,
     AT(timeout_s), NULL, RUNS | CMD_BLESS},
    {"require-sandbox", 0, NULL,
     "run nothing (exit 2) where a layer of the workers' sandbox is missing", OPTION_FLAG,
     AT(require_sandbox), NULL, RUNS | CMD_PROBE | CMD_CHECK | CMD_BLESS},
    {"poll", 0, "S", "longest time between two looks (default: 10s)", OPTION_SECONDS, AT(poll_s),
     NULL, CMD_WATCH},
    {"settle", 0, "S", "how long a file must be unchanged (default: 2s, on network shares 10s)",
     OPTION_SECONDS, AT(settle_s), NULL, CMD_WATCH},
    {"move", 0, NULL,
     "move delivered sources to FOLDER/done, others with a reason file to FOLDER/failed",
     OPTION_FLAG, AT(move), NULL, CMD_WATCH},
    {"verify", 0, "MODE", "of finished files: full (default: decode everything), quick, off",
     OPTION_CHOICE, AT(verify), verify_names, RENDERS},
    {"verify", 0, NULL, "only verify; write nothing", OPTION_FLAG, AT(verify_only), NULL, CMD_SEAL},
    {"hash", 0, "FORMATS",
     "checksums to record, a list of xxh128 (default), xxh3, xxh64, md5, sha1, c4; one that is "
     "recorded is compared in any case",
     OPTION_DIGESTS, AT(hash), NULL, CMD_SEAL},
    {"ignore", 0, "PATTERN",
     "leave out what matches, as in .gitignore, now and in every later seal; may be repeated",
     OPTION_LIST, AT(ignore), NULL, CMD_SEAL},
    {"junit", 0, "FILE", "write a JUnit report there, too", OPTION_TEXT, AT(junit), NULL,
     CMD_RUN | CMD_CHECK},
    {"json", 0, NULL, "results as JSON on standard output", OPTION_FLAG, AT(json), NULL,
     RENDERS | CMD_PROBE | CMD_CHECK | CMD_STATUS | CMD_LINT | CMD_SEAL},
    {"progress", 0, "MODE", "auto (default), plain, json, none; on standard error", OPTION_CHOICE,
     AT(progress), progress_names,
     RENDERS | CMD_PROBE | CMD_CHECK | CMD_BLESS | CMD_SEAL | CMD_RESUME | CMD_RERENDER},
    {"dry-run", 'n', NULL, "print the plan, as `rushes plan` does", OPTION_FLAG, AT(dry_run), NULL,
     CMD_RUN},
    {"dot", 0, NULL, "the task graph for Graphviz", OPTION_FLAG, AT(dot), NULL, CMD_PLAN},
    {"explain", 0, "PATH", "which line of which file set each value of this output", OPTION_TEXT,
     AT(explain), NULL, CMD_PLAN},
    {"measure", 0, NULL, "decode the whole file, too: loudness, peaks, black, freeze, silence",
     OPTION_FLAG, AT(measure), NULL, CMD_PROBE},
    {"trust", 0, "FORMATS",
     "stills to open though their readers aren't hardened: a list of exr,dpx,jxl,hdr,ppm,raw",
     OPTION_TRUST, AT(trust), NULL, CMD_PROBE | CMD_CHECK},
    {"preset", 0, "PRESET", "whose expectations the files are held to", OPTION_TEXT, AT(preset),
     NULL, CMD_CHECK},
    {"spec", 0, "FILE",
     "a YAML file of what the files must be (rushes schema spec); screening where nothing is named",
     OPTION_TEXT, AT(spec), NULL, CMD_CHECK},
    {"against", 0, "REFERENCE",
     "a media file or folder that they are compared with, or a folder of goldens (rushes bless)",
     OPTION_TEXT, AT(against), NULL, CMD_RUN | CMD_CHECK},
    {"golden", 0, "DIR", "the folder that keeps the goldens", OPTION_TEXT, AT(golden), NULL,
     CMD_BLESS},
    {"reason", 'm', "TEXT", "why what comes out is right, kept in the goldens", OPTION_TEXT,
     AT(reason), NULL, CMD_BLESS},
    {"format", 0, "FORMAT",
     "text (default), json, junit, html, csv, github (annotations; appends to $GITHUB_STEP_SUMMARY "
     "where that is set)",
     OPTION_CHOICE, AT(format), format_names, CMD_REPORT},
    {"run", 0, "RUN", "this run instead of the newest", OPTION_TEXT, AT(run), NULL,
     CMD_STATUS | CMD_REPORT},
    {"runs", 0, NULL, "list the runs, newest first", OPTION_FLAG, AT(runs), NULL, CMD_STATUS},
    {"names", 0, NULL, "only the names, a line each", OPTION_FLAG, AT(names), NULL,
     CMD_STEPS | CMD_PRESETS},
    {"engine", 0, "ENGINE", "where tasks run: local (default)", OPTION_TEXT, AT(engine), NULL,
     CMD_RUN},
    {"worker", 0, "FILE", "the rushes-worker to use (default: the one beside rushes)", OPTION_TEXT,
     AT(worker), NULL,
     RENDERS | CMD_PROBE | CMD_CHECK | CMD_BLESS | CMD_LINT | CMD_RESUME | CMD_RERENDER},
    {"help", 'h', NULL, "this text", OPTION_FLAG, AT(help), NULL, ALL},
};
const unsigned option_row_count = G_N_ELEMENTS(option_rows);

static const struct option_row *row_find(const struct command *command, const char *name,
                                         gsize length)
{
    for (unsigned i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if ((row->commands & command->bit) && strlen(row->name) == length &&
            memcmp(row->name, name, length) == 0)
            return row;
    }
    return NULL;
}

static const struct option_row *row_of_letter(const struct command *command, char letter)
{
    for (unsigned i = 0; i < option_row_count; i++)
        if ((option_rows[i].commands & command->bit) && option_rows[i].letter == letter)
            return &option_rows[i];
    return NULL;
}

static bool unknown_option(const struct command *command, const char *word)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < option_row_count; i++)
        if (option_rows[i].commands & command->bit)
            g_ptr_array_add(names, (void *)option_rows[i].name);
    g_ptr_array_add(names, NULL);
    g_autofree char *name = g_strdup(word + strspn(word, "-"));
    name[strcspn(name, "=")] = '\0';
    const char *nearest = nearest_name(name, (const char *const *)names->pdata);
    fprintf(stderr, "rushes: %s has no option \"%s\"", command->name, word);
    if (nearest)
        fprintf(stderr, "; did you mean --%s?", nearest);
    fprintf(stderr, "\nrushes %s --help lists them\n", command->name);
    return false;
}

static bool bad_value(const struct option_row *row, const char *value, const char *allowed)
{
    fprintf(stderr, "rushes: --%s %s: \"%s\" is not allowed; %s\n", row->name,
            row->value ? row->value : "", value, allowed);
    return false;
}

static bool set_number(void *field, const struct option_row *row, const char *value)
{
    double number;
    if (!unit_parse(value, row->type == OPTION_SECONDS ? UNIT_SECONDS : UNIT_NONE, &number) ||
        number < 0 || number > 1e6 || (row->type == OPTION_INT && number != (int)number))
        return bad_value(row, value,
                         row->type == OPTION_INT ? "write a whole number, 0 or more"
                                                 : "write a time, as 90s or 2h");
    if (row->type == OPTION_INT)
        *(int *)field = (int)number;
    else
        *(double *)field = number;
    return true;
}

static bool set_trust(unsigned *trust, const struct option_row *row, const char *value)
{
    g_auto(GStrv) words = g_strsplit(value, ",", -1);
    for (char **word = words; *word; word++) {
        const struct trust_row *found = trust_find(*word);
        g_autofree char *hint = found ? NULL : name_hint(*word, trust_words());
        if (!found)
            return bad_value(row, *word, hint);
        *trust |= found->trust;
    }
    return true;
}

static bool set_digests(unsigned *formats, const struct option_row *row, const char *value)
{
    g_auto(GStrv) words = g_strsplit(value, ",", -1);
    for (char **word = words; *word; word++) {
        int format = digest_named(*word);
        g_autofree char *hint = format < 0 ? name_hint(*word, digest_names) : NULL;
        if (format < 0)
            return bad_value(row, *word, hint);
        *formats |= DIGEST_BIT(format);
    }
    return true;
}

static bool set_value(struct args *args, const struct option_row *row, const char *value)
{
    void *field = (char *)args + row->offset;
    switch (row->type) {
    case OPTION_FLAG:
        *(bool *)field = true;
        return true;
    case OPTION_TEXT:
        *(const char **)field = value;
        return true;
    case OPTION_LIST:
        g_ptr_array_add(*(GPtrArray **)field, (void *)value);
        return true;
    case OPTION_INT:
    case OPTION_SECONDS:
        return set_number(field, row, value);
    case OPTION_WINDOW:
        args->window_given = window_parse(value, field);
        return args->window_given ||
               bad_value(row, value, "write two different times of day, as 20:00-08:00");
    case OPTION_TRUST:
        return set_trust(field, row, value);
    case OPTION_DIGESTS:
        return set_digests(field, row, value);
    case OPTION_CHOICE:
        for (int i = 0; row->choices[i]; i++)
            if (strcmp(row->choices[i], value) == 0) {
                *(int *)field = i;
                return true;
            }
        g_autofree char *hint = name_hint(value, row->choices);
        return bad_value(row, value, hint);
    }
    return false;
}

/* One option at argv[*i]; takes the next word when it needs a value. */
static bool parse_option(struct args *args, int argc, char **argv, int *i)
{
    const char *word = argv[*i];
    const char *value = NULL;
    const struct option_row *row;
    if (word[1] == '-') {
        gsize length = strcspn(word + 2, "=");
        row = row_find(args->command, word + 2, length);
        value = word[2 + length] ? word + 3 + length : NULL;
    } else {
        row = row_of_letter(args->command, word[1]);
        value = word[2] ? word + 2 : NULL;
    }
    if (!row)
        return unknown_option(args->command, word);
    if (row->type == OPTION_FLAG && value)
        return bad_value(row, value, "it takes no value");
    if (row->type != OPTION_FLAG && !value) {
        if (*i + 1 >= argc) {
            fprintf(stderr, "rushes: --%s needs a value: %s\n", row->name, row->value);
            return false;
        }
        value = argv[++*i];
    }
    if (row->type == OPTION_TEXT && !*value)
        return bad_value(row, value, "it is empty: is a variable of the shell not set?");
    return set_value(args, row, value);
}

static bool find_command(struct args *args, int argc, char **argv)
{
    args->command = argc > 1 ? command_find(argv[1]) : NULL;
    if (args->command)
        return true;
    if (argc < 2) {
        fprintf(stderr, "rushes: no command given; rushes --help lists them\n");
        return false;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (unsigned i = 0; i < command_count; i++)
        g_ptr_array_add(names, (void *)commands[i].name);
    g_ptr_array_add(names, NULL);
    g_autofree char *hint = name_hint(argv[1], (const char *const *)names->pdata);
    fprintf(stderr, "rushes: \"%s\" is not a command; %s\n", argv[1], hint);
    return false;
}

bool args_parse(struct args *args, int argc, char **argv)
{
    *args = (struct args){.words = g_ptr_array_new(),
                          .set = g_ptr_array_new(),
                          .ignore = g_ptr_array_new(),
                          .argv = argv + 1,
                          .retries = -1,
                          .on_low_disk = -1};
    if (!find_command(args, argc, argv))
        return false;
    bool options = true;
    for (int i = 2; i < argc; i++) {
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && argv[i][0] == '-' && argv[i][1]) {
            if (!parse_option(args, argc, argv, &i))
                return false;
        } else if (*argv[i]) {
            g_ptr_array_add(args->words, argv[i]);
        } else {
            fprintf(stderr,
                    "rushes: an empty word (\"\") names nothing: is a variable of the shell "
                    "not set?\n");
            return false;
        }
    }
    int count = (int)args->words->len;
    if (args->help)
        return true;
    if (count < args->command->min_words ||
        (args->command->max_words >= 0 && count > args->command->max_words)) {
        fprintf(stderr, "usage: rushes %s %s\nrushes %s --help says more\n", args->command->name,
                args->command->words, args->command->name);
        return false;
    }
    g_ptr_array_add(args->set, NULL);
    g_ptr_array_add(args->ignore, NULL);
    return true;
}

void args_finish(struct args *args)
{
    g_ptr_array_unref(args->words);
    g_ptr_array_unref(args->set);
    g_ptr_array_unref(args->ignore);
}
