/* SPDX-License-Identifier: GPL-3.0-or-later
 * Files that are either whole or not there, and paths that stay where they belong.
 * Errors are GError in the G_FILE_ERROR domain, with a message for people. */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* A regular file opened for reading, O_CLOEXEC and never blocking (a FIFO, socket, device or
 * directory is refused in words). -1 and *error on failure. */
int file_open_input(const char *path, GError **error);

/* All of it, whatever signals come. False and errno. */
bool file_write_all(int fd, const char *data, size_t length);
/* Puts `data` at `at`; what stands there and behind moves back. False and errno. */
bool file_insert(int fd, off_t at, const void *data, size_t length);

/* Writes a small file whole: without a name, or under a temporary one beside it; fsync; rename. */
bool file_write_atomic(const char *path, const char *data, gssize length, GError **error);

/* A hidden name beside `final`, short whatever the length of the final name:
 * "<dir>/.rushes-<token>.part". Caller frees. */
char *part_path(const char *final, const char *token);
/* Creates missing folders, then the part file (O_EXCL), open for reading and writing. -1 and
 * *error on failure. */
int part_create(const char *part, GError **error);

enum publish_mode { PUBLISH_NEW, PUBLISH_REPLACE };
/* fsync the part, rename it to `final`, fsync the folder. PUBLISH_NEW fails with EEXIST when
 * something has that name (no window between look and rename); the part is then still there. */
bool part_publish(const char *part, const char *final, enum publish_mode mode, GError **error);

/* Renames, making missing folders; never over something that has that name, never as a copy to
 * another file system. */
bool file_move(const char *from, const char *to, GError **error);

/* What identifies a file's state without reading it; a folder's is that of the files in it: their
 * size together, and the last change of any. */
struct file_stamp {
    int64_t size, mtime_ns, ctime_ns;
    uint64_t inode, device;
};
bool file_stamp_of(const char *path, struct file_stamp *out);
struct file_stamp file_stamp_from(const struct stat *st);
/* Whether the file changed so shortly before it was looked at (`now_us`, since the epoch) that it
 * may change again and keep its stamp: clocks of file systems tick every few ms, FAT's every 2 s.
 */
bool file_stamp_is_racy(const struct file_stamp *stamp, int64_t now_us);
bool file_stamp_equal(const struct file_stamp *a, const struct file_stamp *b);
/* One file, by device and inode, whatever was written into it between the two. */
bool file_stamp_is_of(const struct file_stamp *a, const struct file_stamp *b);
/* Whether two paths lead to one file or folder. */
bool file_is_same(const char *one, const char *other);
char *file_stamp_text(const struct file_stamp *s); /* "size:mtime:ctime:inode"; caller frees */

/* True when `relative` stays below the folder it is relative to: not absolute, no "..", no empty
 * part, no control characters; "./a" is inside, "." is not. Purely lexical. */
bool path_is_inside(const char *relative);
/* Whether such a path is in the folder that we keep our own files in, ".rushes". */
bool path_is_ours(const char *relative);
/* Whether a name ends in an extension (".cube"), in capitals or not. */
bool name_has_extension(const char *name, const char *extension);

/* Any file name as UTF-8 for messages, JSON and YAML: invalid bytes, control characters and those
 * that turn text around become "\xNN". Caller frees. */
char *path_display(const char *path);
/* Which path is shown so, when it isn't one that is as it is shown. Caller frees. */
char *path_of_display(const char *shown);
/* The order in which a person counts names: runs of digits by their value (part2 before part10), a
 * name before those that begin with it (a.wav before a-2.wav), all else byte by byte. 0 for equal
 * texts only. */
int path_compare_natural(const char *one, const char *other);
/* "web/a.mp4" and 2 are "web/a-2.mp4"; caller frees. */
char *path_numbered(const char *path, unsigned number);
/* Another program of ours: beside this one (where it was built, or installed with it), in the
 * libexec folder of the same installation, or in the one we were configured for. NULL and *error
 * (G_FILE_ERROR) when there is none that can be started. Caller frees. */
char *program_find(const char *name, GError **error);
int64_t disk_free_bytes(const char *path); /* of the nearest existing parent; -1 unknown */
int64_t disk_size_bytes(const char *path); /* likewise: free or not */
