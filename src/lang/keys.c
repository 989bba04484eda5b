/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of keys, and maps checked and merged by key. */
#include "keys.h"

#include <string.h>

/* clang-format off */
const struct key key_table[] = {
    {"rushes", KEY_VERSION, IN_FILE | IN_PRESET | IN_SPEC, "version of the language: 1"},
    {"name", KEY_TEXT, IN_FILE | IN_PRESET | IN_SPEC, "title, for reports"},
    {"description", KEY_TEXT, IN_FILE | IN_PRESET | IN_SPEC, "what it is for"},
    {"source", KEY_TEXT, IN_FILE | IN_PRESET | IN_SPEC, "where the numbers come from, with the date"},
    {"extends", KEY_PRESET, IN_SINGLE | IN_PRESET, "a preset this one is built upon"},
    {"vars", KEY_VARS, IN_FILE | IN_PRESET, "variables with their defaults; --set NAME=VALUE overrides"},
    {"checksums", KEY_CHECKSUMS, IN_FILE, "xxh128, md5 or sha1: keep CHECKSUMS.xxh128 (md5, sha1) in the output folder, for xxh128sum -c (md5sum, sha1sum); mhl: seal what is published, as rushes seal does"},
    {"reproducible", KEY_REPRODUCIBLE, IN_FILE, "normal (default), or strict: the same source makes the same bytes, on any number of cores"},
    {"provenance", KEY_PROVENANCE, IN_FILE, "sidecar: beside each output that is made <output>.rushes.json, which rushes rerender makes it again from; --provenance is the same"},
    {"window", KEY_WINDOW, IN_FILE, "20:00-08:00, local time: tasks start only then, and what runs ends; --window overrides"},
    {"hooks", KEY_HOOKS, IN_FILE, "what is called when a run is over, with its report"},
    {"jobs", KEY_JOBS, IN_FILE, "jobs by name"},
    {"inputs", KEY_INPUTS, IN_SHORT | IN_PRESET | IN_JOB, "which files below the folders of the command line"},
    {"when", KEY_WHEN, IN_SHORT | IN_PRESET | IN_JOB | IN_OUTPUT, "only for inputs that meet this condition"},
    {"damaged", KEY_DAMAGED, IN_SHORT | IN_JOB, "what becomes of damaged inputs: fail (default) or allow"},
    {"priority", KEY_PRIORITY, IN_SHORT | IN_JOB | IN_OUTPUT, "-10 to 10, or low, normal, high (-5, 0, 5): the higher is made first"},
    {"deliver_by", KEY_DEADLINE, IN_SHORT | IN_JOB | IN_OUTPUT, "08:00, the next time it is that, or 2026-03-01T08:00; local, or with a zone (Z, +01:00): the earlier is made first"},
    {"steps", KEY_STEPS, IN_SHORT | IN_PRESET | IN_JOB | IN_OUTPUT, "what is done, in this order"},
    {"outputs", KEY_OUTPUTS, IN_SHORT | IN_JOB, "outputs by name"},
    {"preset", KEY_PRESETS, IN_SINGLE | IN_OUTPUT, "a preset: its steps, encode and expect come first; of a list, each upon those before"},
    {"to", KEY_PATH, IN_SINGLE | IN_OUTPUT, "path below the output folder, a template"},
    {"from", KEY_NAMES, IN_OUTPUT, "another output of this job whose file is the source; only own steps are applied to it. Of HLS and DASH a list, the rungs, the best first"},
    {"each", KEY_EACH, IN_SINGLE | IN_OUTPUT, "input: one output of each input (default); job: one of all inputs of the job, joined: its sound, or films; or its stills on a contact_sheet"},
    {"join", KEY_JOIN, IN_SINGLE | IN_OUTPUT, "how `each: job` joins"},
    {"encode", KEY_ENCODE, IN_SINGLE | IN_PRESET | IN_OUTPUT, "container, codecs and their settings"},
    {"expect", KEY_EXPECT, IN_SINGLE | IN_PRESET | IN_OUTPUT | IN_SPEC, "what the finished file must be"},
    {"files", KEY_FILES, IN_SPEC, "patterns of files (\"web/**\", \"*.wav\") with what those must be besides"},
    {"keep", KEY_KEEP, IN_SINGLE | IN_PRESET | IN_OUTPUT, "what may not be lost, a word or a list of them (rushes steps keep): a file that lacks what its source has is out of spec"},
    {"end", KEY_HOOK, IN_HOOKS, "a command as a list of words, or an https:// address: called after every run"},
    {"failure", KEY_HOOK, IN_HOOKS, "likewise, called after a run that exits with anything but 0"},
    {"include", KEY_GLOBS, IN_INPUTS, "patterns of the files to take; none: every media file"},
    {"exclude", KEY_GLOBS, IN_INPUTS, "patterns of files to leave out"},
    {"order", KEY_ORDER, IN_JOIN, "name: the natural order of their paths (default); timecode: by where they begin"},
    {"conform", KEY_CONFORM, IN_JOIN, "films that differ from the first in size, shape of pixels, rate, fields, colours or sound: fail (default), or first, make them like it"},
    {"fps", KEY_RATE, IN_INPUTS, "frames a second of numbered pictures (renders/shot.####.exr), and of stills with a duration: 24, 23.976, 30000/1001"},
    {"duration", KEY_DURATION, IN_INPUTS, "5s: each still is a film of that length, at fps"},
    {"on_gap", KEY_ON_GAP, IN_INPUTS, "of a picture that is missing among numbered ones: fail (default), or hold, show the one before in its place"},
    {"on_change", KEY_ON_CHANGE, IN_INPUTS, "of a picture's size or format, or a sound's rate, in the middle of a file: fail (default), or conform, fit what follows to what came first"},
    {"trust", KEY_TRUST, IN_INPUTS, "stills that are opened only where this says so, a word or a list of exr, dpx, jxl, hdr, ppm, raw: their readers aren't hardened against unknown files"},
    {"max_megapixels", KEY_MEGAPIXELS, IN_INPUTS, "million pixels of a still, of all its frames together, above which it is refused on its header, or left out of a sheet of a job with `damaged: allow`: 1 to 1000000, 268 by default; 4 bytes a pixel, so that one of 16 bits may have half as many"},
};
/* clang-format on */
const unsigned key_count = G_N_ELEMENTS(key_table);

const char *const *key_choices(enum key_type type)
{
    static const char *const damaged[] = {"fail", "allow", NULL};
    static const char *const checksums[] = {"xxh128", "md5", "sha1", "mhl", NULL};
    static const char *const on_change[] = {"fail", "conform", NULL};
    static const char *const on_gap[] = {"fail", "hold", NULL};
    static const char *const order[] = {"name", "timecode", NULL};
    static const char *const conform[] = {"fail", "first", NULL};
    static const char *const each[] = {"input", "job", NULL};
    static const char *const provenance[] = {"sidecar", NULL};
    static const char *const reproducible[] = {"normal", "strict", NULL};
    return type == KEY_DAMAGED        ? damaged
           : type == KEY_CHECKSUMS    ? checksums
           : type == KEY_ON_CHANGE    ? on_change
           : type == KEY_ON_GAP       ? on_gap
           : type == KEY_EACH         ? each
           : type == KEY_ORDER        ? order
           : type == KEY_CONFORM      ? conform
           : type == KEY_PROVENANCE   ? provenance
           : type == KEY_REPRODUCIBLE ? reproducible
                                      : NULL;
}

static const struct key *find_key(const char *name, unsigned places)
{
    for (unsigned i = 0; i < key_count; i++)
        if ((key_table[i].places & places) && strcmp(key_table[i].name, name) == 0)
            return &key_table[i];
    return NULL;
}

static void report_unknown(const struct node *key, unsigned places, const char *what,
                           struct diag *diag)
{
    const char *names[G_N_ELEMENTS(key_table) + 1] = {NULL};
    for (unsigned i = 0, n = 0; i < key_count; i++)
        if (key_table[i].places & places)
            names[n++] = key_table[i].name;
    g_autofree char *hint = name_hint(key->text, names);
    if (find_key(key->text, ~0u))
        diag_error(diag, key->at, hint, "\"%s\" can't stand in %s", key->text, what);
    else
        diag_error(diag, key->at, hint, "%s has no key \"%s\"", what, key->text);
}

static const char *wrong_shape(enum key_type type, const struct node *value)
{
    if (type >= KEY_VARS)
        return value->kind == NODE_MAP ? NULL : "a map, \"key: value\"";
    if (type == KEY_STEPS)
        return value->kind == NODE_LIST ? NULL : "a list: start each step with \"- \"";
    bool lists = type == KEY_GLOBS || type == KEY_NAMES || type == KEY_HOOK ||
                 type == KEY_PRESETS || type == KEY_KEEP || type == KEY_TRUST;
    if (lists && value->kind == NODE_LIST)
        return NULL;
    return value->kind == NODE_SCALAR ? NULL : "one text";
}

static bool choice_check(const struct key *row, const struct node *value, struct diag *diag)
{
    const char *const *choices = key_choices(row->type);
    if (!choices || g_strv_contains(choices, value->text))
        return true;
    g_autofree char *hint = name_hint(value->text, choices);
    diag_error(diag, value->at, hint, "\"%s\" is not a value of %s", value->text, row->name);
    return false;
}

static bool entry_check(const struct node *map, guint i, unsigned places, const char *what,
                        struct diag *diag)
{
    const struct node *key = g_ptr_array_index(map->keys, i), *value = node_item(map, i);
    const struct key *row = find_key(key->text, places);
    if (!row) {
        report_unknown(key, places, what, diag);
        return false;
    }
    if (node_is_null(value))
        return false;
    const char *wanted = wrong_shape(row->type, value);
    if (wanted)
        diag_error(diag, value->kind == NODE_SCALAR ? value->at : key->at, row->help,
                   "\"%s\" must be %s", key->text, wanted);
    return !wanted && choice_check(row, value, diag);
}

bool keys_check(struct node *map, unsigned places, const char *what, struct diag *diag)
{
    if (map->kind != NODE_MAP) {
        diag_error(diag, map->at, "write \"key: value\" lines", "%s must be a map", what);
        return false;
    }
    for (guint i = 0; i < node_length(map);) {
        if (entry_check(map, i, places, what, diag)) {
            i++;
        } else {
            g_ptr_array_remove_index(map->keys, i);
            g_ptr_array_remove_index(map->items, i);
        }
    }
    return true;
}

struct node *nodes_merge(const struct node *base, const struct node *over)
{
    if (!over)
        return node_copy(base);
    if (!base || base->kind != NODE_MAP || over->kind != NODE_MAP)
        return node_copy(over);
    struct node *merged = node_map(over->at);
    for (guint i = 0; i < node_length(base); i++) {
        const struct node *key = g_ptr_array_index(base->keys, i);
        const struct node *above = node_get(over, key->text);
        if (!above || !node_is_null(above))
            node_put(merged, key->text, above ? node_key(over, key->text)->at : key->at,
                     nodes_merge(node_item(base, i), above));
    }
    for (guint i = 0; i < node_length(over); i++) {
        const struct node *key = g_ptr_array_index(over->keys, i);
        if (!node_get(base, key->text) && !node_is_null(node_item(over, i)))
            node_put(merged, key->text, key->at, node_copy(node_item(over, i)));
    }
    return merged;
}
