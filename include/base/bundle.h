/* SPDX-License-Identifier: GPL-3.0-or-later
 * An output that is a folder, as one file. A worker may make no files, so it writes a bundle into
 * its part file: the folder's files one after another, each from a multiple of BUNDLE_ALIGN (file
 * systems that share blocks then copy nothing), behind them a table of their names and a line about
 * them all. Verification reads the files where they are; publishing makes the folder of them.
 *
 *     "rushes bundle 1\n" … files … "ABOUT\n" "OFFSET LENGTH NAME\n" … 16 hexadecimal digits: where
 * the table begins
 *
 * A bundle was written by a process that had read hostile media: whoever reads one trusts nothing
 * that bundle_open() didn't check. */
#pragma once

#include "base/hash.h"

#include <gio/gio.h>
#include <stdbool.h>
#include <stdint.h>

enum { BUNDLE_ALIGN = 4096, BUNDLE_MAGIC = 16, BUNDLE_FILES_MAX = 10000000 };

/* --- writing --- */

struct bundle_writer;
/* On a part file, open for writing (borrowed). Never NULL. */
struct bundle_writer *bundle_create(int fd);
/* A file of the folder; a name that was there already is replaced. False and errno. */
bool bundle_add(struct bundle_writer *writer, const char *name, const void *data, size_t length);
int64_t bundle_bytes(const struct bundle_writer *writer); /* written so far */
/* Writes the table, and one line that says what readers should know of all files ("25/1" frames a
 * second); NULL: nothing. False and errno; nothing may be added any more. */
bool bundle_finish(struct bundle_writer *writer, const char *about);
void bundle_destroy(struct bundle_writer *writer); /* accepts NULL */

/* --- reading --- */

struct bundle_file {
    char *name; /* a plain file name: no slash, not hidden, no control characters */
    int64_t offset, length;
};
struct bundle {
    char *about;   /* "" when nothing was said */
    GArray *files; /* struct bundle_file, in the order of names as people count them */
};
/* Whether the file begins as one. */
bool bundle_is(int fd);
/* NULL and *error (G_FILE_ERROR) for what isn't a whole bundle with good names. */
struct bundle *bundle_open(int fd, GError **error);
void bundle_close(struct bundle *bundle);
typedef struct bundle *bundle_ptr;
G_DEFINE_AUTO_CLEANUP_FREE_FUNC(bundle_ptr, bundle_close, NULL)

/* A file's bytes; caller frees. NULL and errno. */
char *bundle_read(int fd, const struct bundle_file *file);

/* What a folder's files are, by names and contents: the same for a bundle and for the folder that
 * was made of it. Hidden files don't count. False when it can't be read. */
bool bundle_hash(int fd, char out[HASH_TEXT_SIZE]);
bool folder_hash(const char *folder, char out[HASH_TEXT_SIZE]);

/* --- the folder --- */

/* "<part>.d": where the folder is made before it gets its name. Caller frees. */
char *bundle_folder(const char *part);
/* Makes that folder of the bundle `part`, anew if there is one, all of it on the disk. Once `stop`
 * (or NULL) is cancelled it fails before its next file, with G_IO_ERROR_CANCELLED; no folder is
 * left. */
bool bundle_unpack(const char *part, const char *folder, GCancellable *stop, GError **error);
/* Removes a folder that bundle_unpack() made, and a folder of nothing but files; of a link to one,
 * the link. */
void bundle_remove_folder(const char *folder);
/* Removes a part file, a bundle or not, with all that was being made of it. */
void part_remove(const char *part);
/* Gives an unpacked folder its name beside it, and makes the new name last. `replace`: in the place
 * of a folder that holds nothing but files of the same names, whatever numbers they have before the
 * extension, of a link, or of one to stream from by another ("*_init.mp4", "*_00001.m4s",
 * "text*_00001.vtt", "*.m3u8", "*.mpd"), whatever its rungs are called; G_FILE_ERROR_EXIST in words
 * for any other. Without `replace` EEXIST as part_publish(). */
bool bundle_publish(const char *folder, const char *final, bool replace, GError **error);
