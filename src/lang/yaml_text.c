/* SPDX-License-Identifier: GPL-3.0-or-later
 * Checks of the text under the YAML, reading the file, marks. */
#include "yaml_text.h"

#include "base/file.h"
#include "lang/yaml.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Bytes of the line break at p (the breaks of YAML 1.1), 0 for none. The text ends in NUL. */
static size_t break_at(const char *p)
{
    if (*p == '\r' || *p == '\n')
        return p[0] == '\r' && p[1] == '\n' ? 2 : 1;
    if (strncmp(p, "\xc2\x85", 2) == 0)
        return 2;
    return strncmp(p, "\xe2\x80\xa8", 3) == 0 || strncmp(p, "\xe2\x80\xa9", 3) == 0 ? 3 : 0;
}

/* The place of a byte; the text before it is valid. */
static struct mark place_of(const char *file, const char *text, const char *where)
{
    struct mark at = {.file = file, .line = 1, .column = 1};
    for (const char *p = text; p < where;) {
        size_t length = break_at(p);
        at.column = length ? 1 : at.column + 1;
        at.line += length > 0;
        p += length ? length : (size_t)(g_utf8_next_char(p) - p);
    }
    at.end_column = at.column + 1;
    return at;
}

/* A "%" that starts a line, or NULL. libyaml is quadratic in directives, and we need none. */
static const char *find_directive(const char *text)
{
    for (const char *p = text; (p = strchr(p, '%')); p++) {
        if (p == text || p[-1] == '\n' || p[-1] == '\r' ||
            (p - text >= 2 && break_at(p - 2) == 2) || (p - text >= 3 && break_at(p - 3) == 3))
            return p;
    }
    return NULL;
}

char *yaml_text_check(const char *file, const char *text, gsize length, struct diag *diag)
{
    const char *end;
    struct mark nowhere = {.file = file};
    if (length > YAML_MAX_BYTES) {
        diag_error(diag, nowhere, NULL, "this file is larger than 1 MiB, so it is no pipeline");
        return NULL;
    }
    g_autofree char *copy = g_strndup(text, length); /* stops at a NUL, which isn't valid either */
    if (!g_utf8_validate(text, (gssize)length, &end)) {
        g_autofree char *valid = g_strndup(text, (gsize)(end - text));
        diag_error(diag, place_of(file, valid, valid + strlen(valid)), "save the file as UTF-8",
                   "%s", *end ? "this is not UTF-8" : "there is a NUL character here");
        return NULL;
    }
    const char *directive = find_directive(copy);
    if (directive) {
        diag_error(diag, place_of(file, copy, directive),
                   "remove the line, or put the text in quotes on one line",
                   "YAML directives are not used here");
        return NULL;
    }
    return g_steal_pointer(&copy);
}

static const char *line_start(struct yaml_source *source, size_t line)
{
    if (line < source->line) {
        source->line = 0;
        source->line_text = source->text;
    }
    while (source->line < line && *source->line_text) {
        size_t length = break_at(source->line_text);
        source->line += length > 0;
        source->line_text += MAX(length, 1);
    }
    return source->line_text;
}

static int line_characters(const char *line)
{
    int count = 0, last = 0;
    for (const char *p = line; *p && !break_at(p); p = g_utf8_next_char(p)) {
        count++;
        if (!g_ascii_isspace(*p))
            last = count;
    }
    return last;
}

struct mark yaml_mark(struct yaml_source *source, const yaml_mark_t *start, const yaml_mark_t *end)
{
    struct mark at = {.file = source->file,
                      .line = (int)start->line + 1,
                      .column = (int)start->column + 1,
                      .end_column = (int)end->column + 1};
    if (end->line != start->line)
        at.end_column = line_characters(line_start(source, start->line)) + 1;
    at.end_column = MAX(at.end_column, at.column + 1);
    return at;
}

const char *yaml_problem_hint(struct yaml_source *source, struct mark at, const char *problem)
{
    const char *start = line_start(source, (size_t)MAX(at.line - 1, 0)), *p = start;
    for (int column = 1; column < at.column && *p && !break_at(p); column++)
        p = g_utf8_next_char(p);
    if (*p == '\t')
        return "YAML is indented with spaces, not with tabs";
    if (*p == '{' && p > start && p[-1] == '$')
        return "between { and }, put a text with ${…} in quotes: \"${…}\"";
    if (*p && strchr("@`*&!|>%", *p) && strstr(problem, "cannot start any token"))
        return "put the text in quotes";
    if (strstr(problem, "expected ':'"))
        return "write \"key: value\", with a space after the colon";
    if (strstr(problem, "mapping values are not allowed"))
        return "check the indentation, or put a text with \": \" in it in quotes";
    if (strstr(problem, "expected <block end>") || strstr(problem, "expected '-' indicator"))
        return "check the indentation: this line doesn't line up with those above it";
    return NULL;
}

static char *read_all(int fd, gsize *length)
{
    g_autofree char *text = g_malloc(YAML_MAX_BYTES + 2);
    *length = 0;
    while (*length <= YAML_MAX_BYTES) {
        ssize_t n = read(fd, text + *length, YAML_MAX_BYTES + 1 - *length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return NULL;
        if (n == 0)
            break;
        *length += (gsize)n;
    }
    return g_steal_pointer(&text);
}

struct node *yaml_load(const char *path, struct diag *diag)
{
    g_autoptr(GError) error = NULL;
    struct mark at = {.file = g_intern_string(path)};
    int fd = file_open_input(path, &error);
    if (fd < 0) {
        diag_error(diag, at, NULL, "%s", error->message);
        return NULL;
    }
    gsize length;
    g_autofree char *text = read_all(fd, &length);
    int problem = errno;
    close(fd);
    if (!text) {
        diag_error(diag, at, NULL, "can't be read: %s", g_strerror(problem));
        return NULL;
    }
    return yaml_parse(path, text, length, diag);
}
