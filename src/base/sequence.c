/* SPDX-License-Identifier: GPL-3.0-or-later
 * Sequences: found by their names, and listed for those who read them. */
#include "base/sequence.h"

#include "base/names.h"
#include "base/unit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DIGITS_MAX = 9, SEALS = F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

bool sequence_rule_equal(const struct sequence_rule *one, const struct sequence_rule *other)
{
    return rational_equal(one->fps, other->fps) && one->hold == other->hold &&
           !(one->still_s < other->still_s) && !(one->still_s > other->still_s);
}

/* --- names --- */

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* The run of those characters that ends at the last dot of the name; its length. */
static size_t run_before_dot(const char *path, const char *of, const char **begin)
{
    const char *name = name_of(path), *dot = strrchr(name, '.');
    *begin = dot ? dot : name;
    while (*begin > name && strchr(of, (*begin)[-1]))
        --*begin;
    return dot ? (size_t)(dot - *begin) : 0;
}

unsigned sequence_width(const char *path)
{
    const char *begin;
    size_t width = run_before_dot(path, "#", &begin);
    return width >= 2 && width <= DIGITS_MAX ? (unsigned)width : 0;
}

/* -1: no number of at least so many digits. */
static int64_t number_of(const char *file, unsigned width, const char **begin, size_t *digits)
{
    *digits = run_before_dot(file, "0123456789", begin);
    bool fits = *digits == width || (*digits > width && **begin != '0');
    return fits && *digits <= DIGITS_MAX ? g_ascii_strtoll(*begin, NULL, 10) : -1;
}

char *sequence_path(const char *file, unsigned width)
{
    const char *begin;
    size_t digits;
    if (number_of(file, width, &begin, &digits) < 0)
        return NULL;
    g_autofree char *run = g_strnfill(width, '#');
    return g_strdup_printf("%.*s%s%s", (int)(begin - file), file, run, begin + digits);
}

size_t sequence_stem_length(const char *name)
{
    const char *begin;
    run_before_dot(name, "#", &begin);
    size_t length = (size_t)(begin - name);
    return length > 1 && strchr("._-", name[length - 1]) ? length - 1 : length;
}

/* --- what is there --- */

struct numbered {
    int64_t number;
    char *name;
};

static void numbered_clear(void *at)
{
    g_free(((struct numbered *)at)->name);
}

static int by_number(const void *a, const void *b)
{
    const struct numbered *one = a, *other = b;
    return one->number < other->number ? -1 : one->number > other->number;
}

static GArray *look_into(const char *folder, const char *pattern, unsigned width, GError **error)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, error);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(struct numbered));
    g_array_set_clear_func(found, numbered_clear);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        const char *begin;
        size_t digits;
        g_autofree char *path = sequence_path(name, width);
        if (g_strcmp0(path, pattern) != 0)
            continue;
        struct numbered one = {number_of(name, width, &begin, &digits), g_strdup(name)};
        g_array_append_val(found, one);
    }
    g_array_sort(found, by_number);
    return found;
}

static bool refuse(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);
static bool refuse(GError **error, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, text);
    return false;
}

char *sequence_absent_text(const struct sequence *sequence)
{
    return sequence->absent->len ? names_text_of(sequence->absent) : NULL;
}

static void add_gap(struct sequence *sequence, int64_t from, int64_t to)
{
    for (int64_t number = from; number < to; number++) {
        g_ptr_array_add(sequence->names, NULL);
        g_ptr_array_add(sequence->absent,
                        g_strdup_printf("%0*" PRId64, (int)sequence->width, number));
    }
}

static bool fill(struct sequence *sequence, GArray *found, GError **error)
{
    const struct numbered *all = (const struct numbered *)(void *)found->data;
    int64_t span = found->len ? all[found->len - 1].number - all[0].number + 1 : 0;
    if (!found->len)
        return refuse(error, "there are no such pictures");
    if (span > SEQUENCE_PICTURES_MAX || span > 2 * (int64_t)found->len)
        return refuse(error,
                      "of %" PRId64 " pictures, %0*" PRId64 " to %0*" PRId64
                      ", only %u are there: is one of another sequence among them?",
                      span, (int)sequence->width, all[0].number, (int)sequence->width,
                      all[found->len - 1].number, found->len);
    sequence->first = all[0].number;
    for (guint i = 0; i < found->len; i++) {
        if (i > 0)
            add_gap(sequence, all[i - 1].number + 1, all[i].number);
        g_ptr_array_add(sequence->names, g_strdup(all[i].name));
    }
    sequence->count = span;
    g_autofree char *absent = sequence_absent_text(sequence);
    return !absent || sequence->rule.hold ||
           refuse(error,
                  "picture %s of %0*" PRId64 " to %0*" PRId64
                  " is missing; with `on_gap: hold` the one before is shown for it",
                  absent, (int)sequence->width, all[0].number, (int)sequence->width,
                  all[found->len - 1].number);
}

static struct sequence *sequence_new(void)
{
    struct sequence *sequence = g_new0(struct sequence, 1);
    sequence->names = g_ptr_array_new_with_free_func(g_free);
    sequence->absent = g_ptr_array_new_with_free_func(g_free);
    return sequence;
}

static int64_t times_shown(const struct sequence_rule *rule)
{
    return MAX(1, llrint(rule->still_s * rational_value(rule->fps)));
}

static bool are_files(const struct sequence *sequence, GError **error)
{
    for (guint i = 0; i < sequence->names->len; i++) {
        g_autofree char *path = sequence_file(sequence, i);
        struct stat st;
        if (sequence->names->pdata[i] && stat(path, &st) == 0 && !S_ISREG(st.st_mode))
            return refuse(error, "\"%s\" among the pictures is %s, not a file",
                          (char *)sequence->names->pdata[i],
                          S_ISDIR(st.st_mode) ? "a folder" : "a pipe, a socket or a device");
    }
    return true;
}

static struct sequence *still_of(const char *path, const struct sequence_rule *rule)
{
    struct sequence *sequence = sequence_new();
    sequence->rule = *rule;
    sequence->folder = g_path_get_dirname(path);
    g_ptr_array_add(sequence->names, g_path_get_basename(path));
    sequence->count = times_shown(rule);
    return sequence;
}

struct sequence *sequence_find(const char *path, const struct sequence_rule *rule, GError **error)
{
    if (rule->still_s > 0)
        return still_of(path, rule);
    g_auto(sequence_ptr) sequence = sequence_new();
    sequence->rule = *rule;
    sequence->width = sequence_width(path);
    sequence->folder = g_path_get_dirname(path);
    g_autoptr(GError) first = NULL;
    g_autoptr(GArray) found = look_into(sequence->folder, name_of(path), sequence->width, &first);
    if (first) {
        g_propagate_error(error, g_steal_pointer(&first));
        return NULL;
    }
    return fill(sequence, found, error) && are_files(sequence, error) ? g_steal_pointer(&sequence)
                                                                      : NULL;
}

void sequence_free(struct sequence *sequence)
{
    if (!sequence)
        return;
    g_free(sequence->folder);
    g_ptr_array_unref(sequence->names);
    g_ptr_array_unref(sequence->absent);
    g_free(sequence);
}

char *sequence_file(const struct sequence *sequence, unsigned picture)
{
    picture = MIN(picture, sequence->names->len - 1);
    while (picture > 0 && !sequence->names->pdata[picture])
        picture--;
    return g_build_filename(sequence->folder, sequence->names->pdata[picture], NULL);
}

/* --- stamps --- */

static void hash_rule(hash_state *hash, const struct sequence_rule *rule)
{
    g_autofree char *fps = rational_text(rule->fps);
    hash_text(hash, fps);
    g_autofree char *still = number_text(rule->still_s);
    hash_text(hash, rule->hold ? "hold" : "fail");
    hash_text(hash, still);
}

static void add_stamp(hash_state *hash, const char *name, const struct file_stamp *one,
                      struct file_stamp *all)
{
    g_autofree char *text = file_stamp_text(one);
    hash_text(hash, name);
    hash_text(hash, text);
    all->size += one->size;
    all->mtime_ns = MAX(all->mtime_ns, one->mtime_ns);
    all->ctime_ns = MAX(all->ctime_ns, one->ctime_ns);
    all->device = one->device;
}

bool sequence_stamp(const struct sequence *sequence, struct file_stamp *out)
{
    enum { DIGITS = 15 }; /* of 16: it is kept as a signed number */
    g_autoptr(hash_state) hash = hash_create();
    char digest[HASH_TEXT_SIZE];
    *out = (struct file_stamp){0};
    hash_rule(hash, &sequence->rule);
    for (guint i = 0; i < sequence->names->len; i++) {
        struct file_stamp one;
        g_autofree char *path = sequence_file(sequence, i);
        if (!sequence->names->pdata[i])
            continue;
        if (!file_stamp_of(path, &one))
            return false;
        add_stamp(hash, sequence->names->pdata[i], &one, out);
    }
    hash_finish(hash, digest);
    digest[DIGITS] = '\0';
    out->inode = g_ascii_strtoull(digest, NULL, 16);
    return true;
}

bool sequence_stamp_of(const char *path, const struct sequence_rule *rule, struct file_stamp *out)
{
    if (!sequence_rule_is_set(rule))
        return file_stamp_of(path, out);
    g_auto(sequence_ptr) sequence = sequence_find(path, rule, NULL);
    return sequence && sequence_stamp(sequence, out);
}

/* --- the list: texts that end in zeros --- */

static const char magic[] = "rushes sequence 1";

static void put(GString *list, const char *text)
{
    g_string_append_len(list, text ? text : "", (gssize)strlen(text ? text : "") + 1);
}

static GString *list_of(const struct sequence *sequence)
{
    GString *list = g_string_new(NULL);
    g_autofree char *fps = rational_text(sequence->rule.fps);
    g_autofree char *first = g_strdup_printf("%" PRId64, sequence->first);
    g_autofree char *width = g_strdup_printf("%u", sequence->width);
    g_autofree char *still = number_text(sequence->rule.still_s);
    const char *head[] = {
        magic, fps, sequence->rule.hold ? "hold" : "", still, width, first, sequence->folder};
    for (unsigned i = 0; i < G_N_ELEMENTS(head); i++)
        put(list, head[i]);
    for (guint i = 0; i < sequence->names->len; i++)
        put(list, sequence->names->pdata[i]);
    return list;
}

/* Opened anew for reading only: nothing of a task's is for writing but its part files. */
static int sealed(int fd)
{
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    return fcntl(fd, F_ADD_SEALS, SEALS) == 0 ? open(path, O_RDONLY | O_CLOEXEC) : -1;
}

int sequence_list(const struct sequence *sequence, GError **error)
{
    GString *list = list_of(sequence);
    int fd = memfd_create("rushes-sequence", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    bool written = fd >= 0 && file_write_all(fd, list->str, list->len);
    int given = written ? sealed(fd) : -1, number = errno;
    if (fd >= 0)
        close(fd);
    g_string_free(list, TRUE);
    if (given < 0)
        g_set_error(error, G_FILE_ERROR, g_file_error_from_errno(number),
                    "the list of a sequence's pictures can't be made: %s", g_strerror(number));
    return given;
}

bool sequence_is_list(int fd)
{
    char head[sizeof magic];
    int seals = fcntl(fd, F_GET_SEALS);
    return seals >= 0 && (seals & SEALS) == SEALS &&
           pread(fd, head, sizeof head, 0) == sizeof head && memcmp(head, magic, sizeof head) == 0;
}

static char *read_all(int fd, size_t *length)
{
    struct stat st;
    if (fstat(fd, &st) < 0)
        return NULL;
    g_autofree char *text = g_malloc((gsize)st.st_size + 1);
    for (*length = 0; *length < (size_t)st.st_size;) {
        ssize_t got = pread(fd, text + *length, (size_t)st.st_size - *length, (off_t)*length);
        if (got <= 0)
            return NULL;
        *length += (size_t)got;
    }
    text[*length] = '\0';
    return g_steal_pointer(&text);
}

static const char *next(const char **at, const char *end)
{
    const char *text = *at;
    *at += MIN((size_t)(end - text), strlen(text) + 1);
    return text;
}

static void take_names(struct sequence *sequence, const char *at, const char *end)
{
    for (int64_t number = sequence->first; at < end; number++) {
        const char *name = next(&at, end);
        if (*name)
            g_ptr_array_add(sequence->names, g_strdup(name));
        else
            add_gap(sequence, number, number + 1);
    }
}

struct sequence *sequence_from_list(int fd)
{
    size_t length;
    g_autofree char *text = sequence_is_list(fd) ? read_all(fd, &length) : NULL;
    if (!text)
        return NULL;
    const char *at = text, *end = text + length;
    g_auto(sequence_ptr) sequence = sequence_new();
    next(&at, end);
    bool known = rational_parse(next(&at, end), &sequence->rule.fps);
    sequence->rule.hold = *next(&at, end) != '\0';
    known &= number_parse(next(&at, end), &sequence->rule.still_s);
    sequence->width = (unsigned)g_ascii_strtoull(next(&at, end), NULL, 10);
    sequence->first = g_ascii_strtoll(next(&at, end), NULL, 10);
    sequence->folder = g_strdup(next(&at, end));
    take_names(sequence, at, end);
    sequence->count =
        sequence->rule.still_s > 0 ? times_shown(&sequence->rule) : (int64_t)sequence->names->len;
    bool whole = known && sequence->names->len && sequence->names->pdata[0];
    return whole ? g_steal_pointer(&sequence) : NULL;
}

/* What a film takes from its numbers: first_frame, and the timecode. */
static void hash_numbering(hash_state *hash, const struct sequence *sequence)
{
    g_autofree char *first = g_strdup_printf("%0*" PRId64, (int)sequence->width, sequence->first);
    hash_text(hash, first);
}

static bool hash_picture(const struct sequence *sequence, guint picture, char out[HASH_TEXT_SIZE],
                         GError **error)
{
    g_autofree char *path = sequence_file(sequence, picture);
    int fd = file_open_input(path, error);
    if (fd < 0)
        return false;
    bool fine = hash_fd(fd, NULL, NULL, out);
    int number = errno;
    close(fd);
    return fine || refuse(error, "picture \"%s\" can't be read: %s",
                          (char *)sequence->names->pdata[picture], g_strerror(number));
}

bool sequence_hash(int fd, char out[HASH_TEXT_SIZE], GError **error)
{
    g_autoptr(hash_state) hash = hash_create();
    g_auto(sequence_ptr) sequence = sequence_from_list(fd);
    if (!sequence)
        return refuse(error, "the list of a sequence's pictures can't be read");
    hash_rule(hash, &sequence->rule);
    hash_numbering(hash, sequence);
    for (guint i = 0; i < sequence->names->len; i++) {
        const bool there = sequence->names->pdata[i];
        if (there && !hash_picture(sequence, i, out, error))
            return false;
        hash_text(hash, there ? out : NULL);
    }
    hash_finish(hash, out);
    return true;
}
