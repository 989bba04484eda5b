/* SPDX-License-Identifier: GPL-3.0-or-later
 * Paths looked at, not opened: where they lead, how they read, what they stand for. */
#include "base/file.h"

#include <errno.h>
#include <string.h>
#include <sys/statvfs.h>

static int64_t time_ns(struct timespec t)
{
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct file_stamp file_stamp_from(const struct stat *st)
{
    return (struct file_stamp){.size = st->st_size,
                               .mtime_ns = time_ns(st->st_mtim),
                               .ctime_ns = time_ns(st->st_ctim),
                               .inode = st->st_ino,
                               .device = st->st_dev};
}

/* Names, sizes and times of all that is in it: what is written into a file doesn't touch its
 * folder.
 */
static void add_contents(const char *folder, struct file_stamp *stamp)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    stamp->size = 0;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        struct stat st;
        if (*name == '.' || stat(path, &st) < 0)
            continue;
        const struct file_stamp one = file_stamp_from(&st);
        stamp->size += one.size;
        stamp->mtime_ns = MAX(stamp->mtime_ns, one.mtime_ns);
        stamp->ctime_ns = MAX(stamp->ctime_ns, one.ctime_ns);
    }
}

bool file_stamp_of(const char *path, struct file_stamp *out)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return false;
    *out = file_stamp_from(&st);
    if (S_ISDIR(st.st_mode))
        add_contents(path, out);
    return true;
}

bool file_stamp_is_racy(const struct file_stamp *stamp, int64_t now_us)
{
    const int64_t tick_us = 2 * G_USEC_PER_SEC;
    return MAX(stamp->mtime_ns, stamp->ctime_ns) / 1000 > now_us - tick_us;
}

bool file_stamp_is_of(const struct file_stamp *a, const struct file_stamp *b)
{
    return a->inode == b->inode && a->device == b->device;
}

bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b)
{
    return a->size == b->size && a->mtime_ns == b->mtime_ns && a->ctime_ns == b->ctime_ns &&
           file_stamp_is_of(a, b);
}

bool file_is_same(const char *one, const char *other)
{
    struct stat of_one, of_other;
    return stat(one, &of_one) == 0 && stat(other, &of_other) == 0 &&
           of_one.st_dev == of_other.st_dev && of_one.st_ino == of_other.st_ino;
}

char *file_stamp_text(const struct file_stamp *s)
{
    return g_strdup_printf("%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT ":%" G_GINT64_FORMAT
                           ":%" G_GUINT64_FORMAT,
                           s->size, s->mtime_ns, s->ctime_ns, s->inode);
}

bool path_is_inside(const char *relative)
{
    bool named = false; /* has a part that isn't "." */
    for (const char *p = relative;; p++) {
        size_t length = strcspn(p, "/");
        if (length == 0 || (length == 2 && memcmp(p, "..", 2) == 0))
            return false;
        named |= length != 1 || *p != '.';
        for (const char *end = p + length; p < end; p++)
            if (g_ascii_iscntrl(*p))
                return false;
        if (!*p)
            return named;
    }
}

bool path_is_ours(const char *relative)
{
    while (g_str_has_prefix(relative, "./"))
        relative += 2;
    return strcmp(relative, ".rushes") == 0 || g_str_has_prefix(relative, ".rushes/");
}

/* Those that make a line be read in another order than it is written (UAX 9, 2.1 to 2.4). */
static bool turns_around(gunichar c)
{
    return (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
}

/* Bytes of the UTF-8 character at p; 0 when it isn't one that can be shown. */
static int shown_bytes(const char *p)
{
    gunichar c = g_utf8_get_char_validated(p, -1);
    if (c == (gunichar)-1 || c == (gunichar)-2 || g_unichar_iscntrl(c) || turns_around(c))
        return 0;
    return g_utf8_skip[(unsigned char)*p];
}

static size_t strspn_printable(const char *text)
{
    size_t length = 0;
    while (text[length] >= ' ' && text[length] < 0x7f)
        length++;
    return length;
}

bool name_has_extension(const char *name, const char *extension)
{
    const gsize length = strlen(name), tail = strlen(extension);
    return length >= tail && g_ascii_strcasecmp(name + length - tail, extension) == 0;
}

char *path_display(const char *path)
{
    size_t plain = strspn_printable(path);
    if (!path[plain])
        return g_strdup(path);
    GString *out = g_string_new_len(path, (gssize)plain);
    path += plain;
    while (*path) {
        int bytes = shown_bytes(path);
        if (bytes)
            g_string_append_len(out, path, bytes);
        else
            g_string_append_printf(out, "\\x%02x", (unsigned char)*path);
        path += MAX(bytes, 1);
    }
    return g_string_free(out, FALSE);
}

char *path_of_display(const char *shown)
{
    GString *out = g_string_new(NULL);
    for (const char *p = shown; *p; p++) {
        int high = p[0] == '\\' && p[1] == 'x' ? g_ascii_xdigit_value(p[2]) : -1;
        int low = high >= 0 ? g_ascii_xdigit_value(p[3]) : -1;
        bool byte = low >= 0 && (high || low);
        g_string_append_c(out, byte ? (char)(high * 16 + low) : *p);
        p += byte ? 3 : 0;
    }
    return g_string_free(out, FALSE);
}

/* Of the nearest existing parent. */
static bool look_at_disk(const char *path, struct statvfs *fs)
{
    g_autofree char *at = g_strdup(path);
    while (statvfs(at, fs) < 0) {
        if (errno != ENOENT && errno != ENOTDIR)
            return false;
        g_autofree char *parent = g_path_get_dirname(at);
        if (strcmp(parent, at) == 0)
            return false;
        g_free(at);
        at = g_steal_pointer(&parent);
    }
    return true;
}

int64_t disk_free_bytes(const char *path)
{
    struct statvfs fs;
    return look_at_disk(path, &fs) ? (int64_t)fs.f_bavail * (int64_t)fs.f_frsize : -1;
}

int64_t disk_size_bytes(const char *path)
{
    struct statvfs fs;
    return look_at_disk(path, &fs) ? (int64_t)fs.f_blocks * (int64_t)fs.f_frsize : -1;
}

char *path_numbered(const char *path, unsigned number)
{
    const char *slash = strrchr(path, '/');
    const char *dot = strrchr(slash ? slash : path, '.');
    int stem = (int)(dot ? dot - path : (ptrdiff_t)strlen(path));
    return g_strdup_printf("%.*s-%u%s", stem, path, number, dot ? dot : "");
}

static int sign(int difference)
{
    return (difference > 0) - (difference < 0);
}

/* Compares the numbers that begin here, and moves on behind them. */
static int compare_numbers(const char **one, const char **other)
{
    const char *a = *one + strspn(*one, "0"), *b = *other + strspn(*other, "0");
    size_t digits = strspn(a, "0123456789"), others = strspn(b, "0123456789");
    *one = a + digits;
    *other = b + others;
    return digits != others ? (digits > others ? 1 : -1) : sign(memcmp(a, b, digits));
}

static int rank(char c)
{
    return c == '/' ? 1 : c == '.' ? 2 : (unsigned char)c + 2;
}

int path_compare_natural(const char *one, const char *other)
{
    const char *a = one, *b = other;
    int order = 0;
    while (!order && *a && *b) {
        if (g_ascii_isdigit(*a) && g_ascii_isdigit(*b))
            order = compare_numbers(&a, &b);
        else
            order = sign(rank(*a++) - rank(*b++));
    }
    if (!order)
        order = sign((*a != '\0') - (*b != '\0'));
    return order ? order : sign(strcmp(one, other));
}
