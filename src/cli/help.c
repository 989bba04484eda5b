/* SPDX-License-Identifier: GPL-3.0-or-later
 * --help and the man page, made from the tables of the command line. */
#include "args.h"

#include <string.h>

static void append_option(GString *text, const struct option_row *row)
{
    g_autofree char *left = g_strdup_printf(
        "  %c%c%s --%s%s%s", row->letter ? '-' : ' ', row->letter ? row->letter : ' ',
        row->letter ? "," : " ", row->name, row->value ? " " : "", row->value ? row->value : "");
    g_string_append_printf(text, "%-28s  %s\n", left, row->help);
}

static char *help_of_program(void)
{
    GString *text = g_string_new(
        "rushes develops the takes of a shoot overnight: it reads a pipeline, applies its steps "
        "to\n"
        "folders of footage, sound and stills, and has checked deliverables ready in the "
        "morning.\n\n"
        "usage: rushes COMMAND …\n       rushes run h264-web-1080p footage/ -o web/\n\n");
    for (unsigned i = 0; i < command_count; i++)
        g_string_append_printf(text, "  %-11s %s\n", commands[i].name, commands[i].summary);
    g_string_append(text,
                    "\nrushes COMMAND --help says more. rushes --version names the libraries.\n"
                    "Exit: 0 done, 1 an output failed, 2 usage or pipeline error, 3 out of spec, "
                    "4 no input,\n5 disk, 130 interrupted (rushes resume DIR continues).\n");
    return g_string_free(text, FALSE);
}

char *help_text(const struct command *command)
{
    if (!command)
        return help_of_program();
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "usage: rushes %s%s%s\n\n%s\n\n", command->name,
                           *command->words ? " " : "", command->words, command->help);
    for (unsigned i = 0; i < option_row_count; i++)
        if (option_rows[i].commands & command->bit)
            append_option(text, &option_rows[i]);
    return g_string_free(text, FALSE);
}

static void man_escaped(GString *text, const char *plain)
{
    for (const char *c = plain; *c; c++) {
        if (*c == '\\' || *c == '-')
            g_string_append_c(text, '\\');
        else if (*c == '.' && (c == plain || c[-1] == '\n'))
            g_string_append(text, "\\&");
        g_string_append_c(text, *c);
    }
}

static void man_command(GString *text, const struct command *command)
{
    g_string_append_printf(text, ".SS rushes %s ", command->name);
    man_escaped(text, command->words);
    g_string_append(text, "\n.nf\n");
    man_escaped(text, command->help);
    g_string_append(text, "\n.fi\n");
    for (unsigned i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!(row->commands & command->bit) || strcmp(row->name, "help") == 0)
            continue;
        g_string_append(text, ".TP\n.B ");
        if (row->letter)
            g_string_append_printf(text, "\\-%c, ", row->letter);
        g_string_append(text, "\\-\\-");
        man_escaped(text, row->name);
        if (row->value)
            g_string_append_printf(text, " \\fI%s\\fR", row->value);
        g_string_append_c(text, '\n');
        man_escaped(text, row->help);
        g_string_append_c(text, '\n');
    }
}

char *man_text(void)
{
    GString *text =
        g_string_new(".TH RUSHES 1 \"\" \"rushes " RUSHES_VERSION "\" \"User Commands\"\n"
                     ".SH NAME\nrushes \\- post\\-production's night work\n"
                     ".SH SYNOPSIS\n.B rushes\n.I COMMAND\n…\n.SH COMMANDS\n");
    for (unsigned i = 0; i < command_count; i++)
        man_command(text, &commands[i]);
    g_string_append(
        text, ".SH EXIT STATUS\n.TP\n.B 0\nall done and in spec; up to date counts as done\n"
              ".TP\n.B 1\nat least one output failed\n.TP\n.B 2\nusage or pipeline error, or a "
              "sandbox that isn't whole though "
              "it is required: nothing ran\n"
              ".TP\n.B 3\nrendered, but a check failed\n.TP\n.B 4\nno input matched\n"
              ".TP\n.B 5\noutput not writable, or not enough disk\n"
              ".TP\n.B 130, 143\ninterrupted; rushes resume continues\n"
              ".SH EXAMPLES\n.TP\n.B rushes run h264\\-web\\-1080p footage/ \\-o web/\n"
              "a preset is a pipeline\n"
              ".TP\n.B rushes plan pipelines/overnight.yaml samples/ \\-o out/\n"
              "what would be made, and why\n"
              ".TP\n.B rushes check *.mp4 \\-\\-preset youtube\\-1080p\nanybody's files\n"
              ".SH FILES\n.TP\n.I DIR/.rushes/\nledger, run folders, logs and reports of an output "
              "folder\n"
              ".TP\n.I $XDG_CONFIG_HOME/rushes/presets\nyour own presets\n"
              ".SH SEE ALSO\n.BR ffprobe (1),\nthe manual that\n.B rushes steps\nand\n"
              ".B rushes presets\nprint\n");
    return g_string_free(text, FALSE);
}
