/* SPDX-License-Identifier: GPL-3.0-or-later
 * `metadata`: what is written about a file. */
#include "metadata.h"

static const struct metadata defaults = {.strip = false};

static const struct param rows[] = {
    {"title", "the title", P_TEXT(struct metadata, title)},
    {"artist", "the artist", P_TEXT(struct metadata, artist)},
    {"copyright", "the copyright", P_TEXT(struct metadata, copyright)},
    {"description", "the description", P_TEXT(struct metadata, description)},
    {"comment", "the comment", P_TEXT(struct metadata, comment)},
    {"strip", "remove what the source says before setting these", P_BOOL(struct metadata, strip)},
    {"tags", "any other tags the container takes: {key: value}", P_DICT(struct metadata, tags)},
};

const struct step metadata_step = {
    .name = "metadata",
    .summary = "set or remove tags",
    .help =
        "Dates, timecode and colour tags are not tags in this sense: they are always carried. "
        "A tag that\n"
        "the container can't hold is named in the report. In a WAV file, description and date,\n"
        "and originator and originator_reference of `tags`, are those of its Broadcast Wave\n"
        "chunk.",
    .example = "metadata: {title: \"${stem}\", copyright: \"Example Films\"}",
    .faces = KIND_ANY,
    .params = {rows, G_N_ELEMENTS(rows), sizeof(struct metadata), &defaults, NULL},
    .version = 1,
};
