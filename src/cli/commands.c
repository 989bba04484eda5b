/* SPDX-License-Identifier: GPL-3.0-or-later
 * The table of commands, in the order of --help. */
#include "commands.h"

#include <string.h>

const struct command commands[] = {
    {"run", CMD_RUN, "PIPELINE|PRESET INPUT… [-o DIR]", 2, -1,
     "render a folder's deliverables, checked",
     "Renders everything the pipeline (a file, or the name of a preset) asks for from the files "
     "and\n"
     "folders given, verifies it, and puts it below DIR. What is up to date already is left alone.",
     command_run},
    {"plan", CMD_PLAN, "PIPELINE|PRESET INPUT… [-o DIR]", 2, -1, "show what run would do, and why",
     "Everything run would do: outputs with the reason for each, what is passed over, predicted "
     "time\n"
     "and disk. Renders nothing and writes nothing.",
     command_plan},
    {"watch", CMD_WATCH, "PIPELINE|PRESET FOLDER… [-o DIR]", 2, -1,
     "render what arrives in a folder, until it is ended",
     "Looks at the folders and renders what has arrived, one run after another. A file is taken "
     "when it\n"
     "hasn't changed for a while and nobody writes to it, parts of one take together; when it "
     "changes\n"
     "later, again. Starting is like `rushes run`: what was delivered is up to date. Sources are "
     "never\n"
     "touched, unless --move says so; `done` and `failed` below a FOLDER are never looked into.",
     command_watch},
    {"lint", CMD_LINT, "FILE…", 1, -1, "check pipelines, presets, specs, LUTs and CDLs",
     "Checks pipelines, presets, specs, LUTs and CDLs (.cc .ccc .cdl .edl .ale), without inputs. "
     "Exit 0 or 2.",
     command_lint},
    {"schema", CMD_SCHEMA, "[pipeline|spec]", 0, 1,
     "print the JSON Schema of pipelines or specs, for editors",
     "Prints the JSON Schema (2020-12) of pipeline and preset files, or of specs, on standard "
     "output.",
     command_schema},
    {"probe", CMD_PROBE, "FILE…", 1, -1, "show the facts of files as rushes sees them",
     "Prints what is known of each file, and of the media files of a folder: by its header, or "
     "with\n"
     "--measure by decoding all of it.",
     command_probe},
    {"check", CMD_CHECK, "FILE… [--preset PRESET] [--spec FILE] [--against REFERENCE]", 1, -1,
     "hold finished files to expectations, or to references",
     "Decodes each file and checks it against the `expect:` of a preset, of a spec (a YAML file of "
     "one\n"
     "`expect:` map), or both. --against compares it with another file, frame by frame and sample "
     "by\n"
     "sample, or with its golden: PSNR, SSIM, MS-SSIM, hashes, null test, offset of the sound. "
     "Where the\n"
     "spec says nothing of those, psnr is at least 38 dB, ssim 0.98, of the worst frame 0.95, and "
     "the\n"
     "sound is no more than 20 ms away. Exit 0 in spec, 3 not.",
     command_check},
    {"bless", CMD_BLESS, "PIPELINE|PRESET INPUT… --golden DIR [-m REASON]", 2, -1,
     "keep what a pipeline makes as goldens, for check --against",
     "Renders twice into a folder of its own, refuses what isn't the same both times, and keeps of "
     "each\n"
     "output DIR/<its path>.golden: a small text for version control, with a hash and a few "
     "colours "
     "of\n"
     "each frame, a hash and the level of each second of sound, and a strip of pictures. Of those "
     "that\n"
     "were there it says what changes. Not where CI is set in the environment.",
     command_bless},
    {"steps", CMD_STEPS, "[NAME]", 0, 1, "the manual of steps",
     "Lists the steps, or prints the manual of one. `rushes steps encode`, `facts`, "
     "`templates`\n"
     "and `hooks` print those parts of the language.",
     command_steps},
    {"presets", CMD_PRESETS, "[NAME]", 0, 1, "the presets that can be found",
     "Lists the presets, or prints one with where its numbers come from.", command_presets},
    {"status", CMD_STATUS, "DIR", 1, 1, "how far a run is, or how the last one ended",
     "Reads the ledger of an output folder; works from another shell while a run goes on, and says "
     "when that should end (--json: expected_end).",
     command_status},
    {"resume", CMD_RESUME, "DIR", 1, 1, "go on with a run that was interrupted or killed",
     "Runs the last run's command line again, in the folder it was given in. What was published is "
     "up\n"
     "to date; the rest is rendered. If that was `rushes watch`, it watches on.",
     command_resume},
    {"pause", CMD_PAUSE, "DIR", 1, 1, "let a run end what it is doing and start nothing new",
     "From another shell: the tasks that run now end and are published, then the run waits for\n"
     "`rushes continue`. A run that was stopped while it was paused is not paused when it is "
     "resumed.",
     command_pause},
    {"continue", CMD_CONTINUE, "DIR", 1, 1, "let a paused run go on",
     "The opposite of `rushes pause`.", command_continue},
    {"report", CMD_REPORT, "DIR", 1, 1, "print the report of a run",
     "Prints the report of the newest run below DIR that ended, of the run folder given, or with\n"
     "--run of any that is over: that of one that was killed is put together from the ledger.",
     command_report},
    {"explain", CMD_EXPLAIN, "DIR OUTPUT", 2, 2, "what an output was made from, when, and how",
     "Tells what the ledger of DIR knows of an output (its path below DIR): the content it was "
     "made\n"
     "from, the settings and the software, each by its hash or version, the run that published "
     "it,\n"
     "and how it ended in every run.",
     command_explain},
    {"seal", CMD_SEAL, "DIR…", 1, -1, "record checksums of folders, and verify them",
     "Reads every file of each DIR, holds it against what DIR/ascmhl says of it, and records it in "
     "a new\n"
     "generation there (ASC MHL 2.0, as camera and backup tools read it). With --verify nothing "
     "is\n"
     "written. Exit 0 all is what it was sealed as, 3 something changed, is missing, or with "
     "--verify\n"
     "isn't sealed, 1 something can't be read, 4 nothing is there or sealed.",
     command_seal},
    {"rerender", CMD_RERENDER, "OUTPUT.rushes.json [-o DIR]", 1, 1,
     "make an output again, and compare it",
     "Makes an output again, in another folder, from what `--provenance` wrote beside it, and says "
     "whether\n"
     "it is the same, byte by byte. Exit 0 identical; 3 not, with what is different: sources, "
     "pipeline,\n"
     "presets, settings, software; else as `rushes run`.",
     command_rerender},
    {"man", CMD_MAN, "", 0, 0, "print the man page", "Prints this program's man page (roff).",
     command_man},
    {"completion", CMD_COMPLETION, "bash|zsh|fish", 1, 1, "print shell completion",
     "Prints a completion script. For bash: rushes completion bash >>~/.bashrc",
     command_completion},
};
const unsigned command_count = G_N_ELEMENTS(commands);

const struct command *command_find(const char *name)
{
    for (unsigned i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}
