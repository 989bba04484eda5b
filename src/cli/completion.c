/* SPDX-License-Identifier: GPL-3.0-or-later
 * Shell completion, made from the tables of the command line. */
#include "args.h"

#include <string.h>

static void put_quoted(GString *text, const char *plain)
{
    g_string_append_c(text, '\'');
    for (const char *c = plain; *c; c++) {
        if (*c == '\'' || *c == '\\')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *c);
    }
    g_string_append_c(text, '\'');
}

static void bash_options(GString *text, const struct command *command)
{
    g_string_append_printf(text, "    %s) words=\"", command->name);
    for (unsigned i = 0; i < option_row_count; i++)
        if (option_rows[i].commands & command->bit)
            g_string_append_printf(text, "--%s ", option_rows[i].name);
    g_string_append(text, "\" ;;\n");
}

static char *completion_bash(void)
{
    GString *text = g_string_new("_rushes() {\n  local cur=${COMP_WORDS[COMP_CWORD]} words=\n"
                                 "  if [ \"$COMP_CWORD\" = 1 ]; then words=\"");
    for (unsigned i = 0; i < command_count; i++)
        g_string_append_printf(text, "%s ", commands[i].name);
    g_string_append(text, "\"\n  elif [[ $cur == -* ]]; then case ${COMP_WORDS[1]} in\n");
    for (unsigned i = 0; i < command_count; i++)
        bash_options(text, &commands[i]);
    g_string_append(text,
                    "    esac\n  elif [ \"$COMP_CWORD\" = 2 ]; then case ${COMP_WORDS[1]} in\n"
                    "    steps) words=$(rushes steps --names 2>/dev/null) ;;\n"
                    "    run|plan|bless|presets) words=$(rushes presets --names 2>/dev/null) ;;\n"
                    "    esac\n  fi\n"
                    "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
                    "complete -o default -F _rushes rushes\n");
    return g_string_free(text, FALSE);
}

static char *completion_fish(void)
{
    GString *text = g_string_new(
        "complete -c rushes -n '__fish_seen_subcommand_from steps' -a '(rushes steps --names)'\n"
        "complete -c rushes -n '__fish_seen_subcommand_from run plan bless presets' "
        "-a '(rushes presets --names)'\n"
        "complete -c rushes -n __fish_use_subcommand -f\n");
    for (unsigned i = 0; i < command_count; i++) {
        g_string_append_printf(text, "complete -c rushes -n __fish_use_subcommand -a %s -d ",
                               commands[i].name);
        put_quoted(text, commands[i].summary);
        g_string_append_c(text, '\n');
        for (unsigned k = 0; k < option_row_count; k++) {
            if (!(option_rows[k].commands & commands[i].bit))
                continue;
            g_string_append_printf(
                text, "complete -c rushes -n '__fish_seen_subcommand_from %s' -l %s%s -d ",
                commands[i].name, option_rows[k].name, option_rows[k].value ? " -r" : "");
            put_quoted(text, option_rows[k].help);
            g_string_append_c(text, '\n');
        }
    }
    return g_string_free(text, FALSE);
}

/* 'a' 'b' with what would end a description for _describe and _arguments escaped. */
static void put_zsh(GString *text, const char *before, const char *plain, const char *after)
{
    g_autoptr(GString) word = g_string_new(plain);
    g_string_replace(word, ":", "\\:", 0);
    g_string_replace(word, "[", "(", 0);
    g_string_replace(word, "]", ")", 0);
    g_string_prepend(word, before);
    g_string_append(word, after);
    g_string_replace(word, "'", "'\\''", 0);
    g_string_append_printf(text, " '%s'", word->str);
}

static void zsh_command(GString *text, const struct command *command)
{
    g_string_append_printf(text, "    %s) _arguments", command->name);
    for (unsigned i = 0; i < option_row_count; i++) {
        const struct option_row *row = &option_rows[i];
        if (!(row->commands & command->bit))
            continue;
        g_autofree char *before = g_strdup_printf("--%s[", row->name);
        g_autofree char *after =
            row->value ? g_strdup_printf("]:%s:_files", row->value) : g_strdup("]");
        put_zsh(text, before, row->help, after);
    }
    g_string_append_printf(text, " '1:%s:{ _files; compadd -- $names }' '*:file:_files' ;;\n",
                           command->name);
}

static char *completion_zsh(void)
{
    GString *text = g_string_new("#compdef rushes\nlocal -a commands names\ncommands=(");
    for (unsigned i = 0; i < command_count; i++) {
        g_autofree char *before = g_strdup_printf("%s:", commands[i].name);
        put_zsh(text, before, commands[i].summary, "");
    }
    g_string_append(
        text,
        " )\nif (( CURRENT == 2 )); then _describe command commands; return; fi\n"
        "case $words[2] in\n"
        "    steps) names=(${(f)\"$(rushes steps --names 2>/dev/null)\"}) ;;\n"
        "    run|plan|bless|presets) names=(${(f)\"$(rushes presets --names 2>/dev/null)\"}) ;;\n"
        "esac\n"
        "shift words; (( CURRENT-- ))\ncase $words[1] in\n");
    for (unsigned i = 0; i < command_count; i++)
        zsh_command(text, &commands[i]);
    g_string_append(text, "esac\n");
    return g_string_free(text, FALSE);
}

char *completion_text(const char *shell)
{
    return strcmp(shell, "bash") == 0   ? completion_bash()
           : strcmp(shell, "zsh") == 0  ? completion_zsh()
           : strcmp(shell, "fish") == 0 ? completion_fish()
                                        : NULL;
}
