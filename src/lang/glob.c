/* SPDX-License-Identifier: GPL-3.0-or-later
 * Globs as a set of states walked through the path once, so that no pattern takes more than
 * pattern × path steps. */
#include "lang/pipeline.h"
#include "text.h"

#include <string.h>

enum { MAX_PATTERN = 1024, MAX_NESTING = 8 };

enum op {
    OP_CHAR,    /* this character */
    OP_ANY,     /* one character but "/" */
    OP_CLASS,   /* one of [from, to) of the pattern */
    OP_STAR,    /* any number of characters but "/"; stays here */
    OP_DEEP,    /* any number of characters; stays here */
    OP_FOLDERS, /* nothing, or anything that ends in "/" */
    OP_SPLIT,   /* goes on at `from` and at `to` */
    OP_JUMP,    /* goes on at `from` */
    OP_END,
};

struct state {
    enum op op;
    gunichar c;
    guint from, to;
};

struct glob {
    gunichar *pattern;
    glong length;
    GArray *states;
};

/* Bytes that are no UTF-8 become characters of their own, since file names may have them. */
static gunichar *decode(const char *text, glong *length)
{
    g_autofree gunichar *out = g_new(gunichar, strlen(text) + 1);
    *length = 0;
    while (*text) {
        gunichar c = g_utf8_get_char_validated(text, -1);
        bool valid = c != (gunichar)-1 && c != (gunichar)-2;
        out[(*length)++] = valid ? c : 0xDC00u + (unsigned char)*text;
        text = valid ? g_utf8_next_char(text) : text + 1;
    }
    out[*length] = 0;
    return g_steal_pointer(&out);
}

static guint emit(struct glob *g, struct state state)
{
    g_array_append_val(g->states, state);
    return g->states->len - 1;
}

static struct state *state_at(const struct glob *g, guint index)
{
    return &g_array_index(g->states, struct state, index);
}

/* The index behind the "]" of a class that starts at i, or -1. */
static glong class_end(const struct glob *g, glong i)
{
    i += g->pattern[i + 1] == '!' || g->pattern[i + 1] == '^' ? 2 : 1;
    for (glong first = i; i < g->length; i++)
        if (g->pattern[i] == ']' && i > first)
            return i + 1;
    return -1;
}

static bool starts_part(const struct glob *g, glong i)
{
    return i == 0 || g->pattern[i - 1] == '/' || g->pattern[i - 1] == '{' ||
           g->pattern[i - 1] == ',';
}

static glong compile(struct glob *g, glong i, int nesting);

/* "{a,b}" from i: each alternative behind a split, each ended by a jump to the end. */
static glong compile_braces(struct glob *g, glong i, int nesting)
{
    g_autoptr(GArray) jumps = g_array_new(FALSE, FALSE, sizeof(guint));
    do {
        guint split = emit(g, (struct state){.op = OP_SPLIT});
        state_at(g, split)->from = split + 1;
        i = compile(g, i + 1, nesting + 1);
        guint jump = emit(g, (struct state){.op = OP_JUMP});
        g_array_append_val(jumps, jump);
        state_at(g, split)->to = g->states->len;
    } while (i < g->length && g->pattern[i] == ',');
    guint nowhere = emit(g, (struct state){.op = OP_JUMP});
    state_at(g, nowhere)->from = nowhere; /* the split of the last alternative ends here */
    for (guint k = 0; k < jumps->len; k++)
        state_at(g, g_array_index(jumps, guint, k))->from = g->states->len;
    return i + 1;
}

static glong compile_stars(struct glob *g, glong i)
{
    bool deep = g->pattern[i + 1] == '*';
    if (deep && starts_part(g, i) && g->pattern[i + 2] == '/') {
        emit(g, (struct state){.op = OP_FOLDERS});
        return i + 3;
    }
    emit(g, (struct state){.op = deep ? OP_DEEP : OP_STAR});
    return i + 1 + deep;
}

/* Compiles up to the end of the pattern or of an alternative; the index it stopped at. */
static glong compile(struct glob *g, glong i, int nesting)
{
    while (i < g->length) {
        gunichar c = g->pattern[i];
        if (nesting && (c == ',' || c == '}'))
            return i;
        if (c == '{' && nesting < MAX_NESTING) {
            i = compile_braces(g, i, nesting);
        } else if (c == '*') {
            i = compile_stars(g, i);
        } else if (c == '?') {
            emit(g, (struct state){.op = OP_ANY});
            i++;
        } else if (c == '[' && class_end(g, i) > 0) {
            glong end = class_end(g, i);
            emit(g, (struct state){.op = OP_CLASS, .from = (guint)i + 1, .to = (guint)end - 1});
            i = end;
        } else {
            i += c == '\\' && i + 1 < g->length;
            emit(g, (struct state){.op = OP_CHAR, .c = g->pattern[i++]});
        }
    }
    return i;
}

static bool in_class(const struct glob *g, const struct state *state, gunichar c)
{
    guint i = state->from;
    bool negated = g->pattern[i] == '!' || g->pattern[i] == '^';
    bool found = false;
    for (i += negated; i < state->to; i++) {
        gunichar low = g->pattern[i], high = low;
        if (i + 2 < state->to && g->pattern[i + 1] == '-') {
            high = g->pattern[i + 2];
            i += 2;
        }
        found |= low <= c && c <= high;
    }
    return found != negated;
}

static bool takes(const struct glob *g, const struct state *state, gunichar c)
{
    switch (state->op) {
    case OP_CHAR:
        return state->c == c;
    case OP_CLASS:
        return c != '/' && in_class(g, state, c);
    case OP_ANY:
    case OP_STAR:
        return c != '/';
    default:
        return state->op == OP_DEEP || state->op == OP_FOLDERS;
    }
}

static bool takes_folded(const struct glob *g, const struct state *state, gunichar c, bool fold)
{
    return takes(g, state, c) || (fold && (takes(g, state, g_unichar_tolower(c)) ||
                                           takes(g, state, g_unichar_toupper(c))));
}

/* Adds a state and everything that is reached from it without a character. Follows one way in the
 * loop, the other by recursion at splits only, each state once. */
static void enter(const struct glob *g, guint index, guint8 *in)
{
    while (index < g->states->len && !in[index]) {
        const struct state *state = state_at(g, index);
        in[index] = 1;
        if (state->op == OP_SPLIT)
            enter(g, state->to, in);
        if (state->op == OP_SPLIT || state->op == OP_JUMP)
            index = state->from;
        else if (state->op == OP_STAR || state->op == OP_DEEP || state->op == OP_FOLDERS)
            index++;
        else
            return;
    }
}

static void step(const struct glob *g, gunichar c, bool fold, const guint8 *in, guint8 *next)
{
    memset(next, 0, g->states->len);
    for (guint i = 0; i < g->states->len; i++) {
        const struct state *state = state_at(g, i);
        if (!in[i] || !takes_folded(g, state, c, fold))
            continue;
        if (state->op == OP_FOLDERS) {
            next[i] |= 2; /* inside a folder: not free to go on */
            if (c == '/')
                enter(g, i + 1, next);
        } else {
            enter(g, state->op == OP_STAR || state->op == OP_DEEP ? i : i + 1, next);
        }
    }
}

static bool run(const struct glob *g, const gunichar *path, glong length)
{
    g_autofree guint8 *in = g_malloc0(g->states->len), *next = g_malloc0(g->states->len);
    glong extension = length;
    for (glong i = length; i-- > 0 && path[i] != '/';)
        if (path[i] == '.') {
            extension = i;
            break;
        }
    enter(g, 0, in);
    for (glong i = 0; i < length; i++) {
        step(g, path[i], i > extension, in, next);
        guint8 *spare = in;
        in = next;
        next = spare;
    }
    return in[g->states->len - 1] != 0;
}

bool glob_match(const char *pattern, const char *path)
{
    struct glob g = {.states = g_array_new(FALSE, FALSE, sizeof(struct state))};
    glong length;
    g_autofree gunichar *characters = decode(path, &length);
    g.pattern = decode(pattern, &g.length);
    compile(&g, 0, 0);
    emit(&g, (struct state){.op = OP_END});
    bool matches = run(&g, characters, length);
    g_array_unref(g.states);
    g_free(g.pattern);
    return matches;
}

/* The first character that has no partner, or -1; *what says so. */
static glong find_unbalanced(const struct glob *g, const char **what)
{
    glong open[MAX_NESTING];
    int nesting = 0;
    for (glong i = 0; i < g->length; i++) {
        gunichar c = g->pattern[i];
        *what = c == '['   ? "\"[\" without \"]\""
                : c == '{' ? "braces nested too deep"
                           : "\"}\" without \"{\"";
        if (c == '\\')
            i++;
        else if (c == '[' && class_end(g, i) > 0)
            i = class_end(g, i) - 1;
        else if (c == '[' || (c == '{' && nesting == MAX_NESTING) || (c == '}' && !nesting))
            return i;
        else if (c == '{')
            open[nesting++] = i;
        else if (c == '}')
            nesting--;
    }
    *what = "\"{\" without \"}\"";
    return nesting ? open[nesting - 1] : -1;
}

static bool leaves_folder(const char *pattern)
{
    g_auto(GStrv) parts = g_strsplit(pattern, "/", -1);
    return *pattern == '/' || g_strv_contains((const char *const *)parts, "..");
}

bool glob_check(const char *pattern, struct mark at, struct diag *diag)
{
    static const char examples[] = "write it like \"**/*.{mov,mp4}\" or \"camera-?/[A-C]*.mxf\"";
    if (!*pattern || strlen(pattern) > MAX_PATTERN) {
        diag_error(diag, at, examples, *pattern ? "this pattern is too long" : "an empty pattern");
        return false;
    }
    if (leaves_folder(pattern)) {
        diag_error(diag, at, examples,
                   "\"%s\" leaves the input folder; patterns are relative to it", pattern);
        return false;
    }
    const char *what;
    struct glob g = {0};
    g.pattern = decode(pattern, &g.length);
    glong bad = find_unbalanced(&g, &what);
    g_free(g.pattern);
    if (bad < 0)
        return true;
    size_t byte = (size_t)(g_utf8_offset_to_pointer(pattern, bad) - pattern);
    diag_error(diag, mark_within(at, pattern, byte, 1), examples, "\"%s\" has %s", pattern, what);
    return false;
}
