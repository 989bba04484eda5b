/* SPDX-License-Identifier: GPL-3.0-or-later
 * Which reader reads which file of CDLs, and what a file of any of them is. */
#include "color/cdl_file.h"

#include "base/file.h"
#include "cdl_read.h"

#include <string.h>

enum { WORDS_MAX = 80 }; /* characters of a description that reports show */

static const struct {
    const char *extension;
    void (*read)(struct scan *s, struct cdl_file *file);
    bool by_clip;
} formats[] = {
    {".cc", cdl_xml_read, false}, {".ccc", cdl_xml_read, false}, {".cdl", cdl_xml_read, false},
    {".edl", cdl_edl_read, true}, {".ale", cdl_ale_read, true},
};

static int format_of(const char *name)
{
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
        if (name_has_extension(name, formats[i].extension))
            return (int)i;
    return -1;
}

bool cdl_file_known(const char *name)
{
    return format_of(name) >= 0;
}

const char *cdl_file_extensions(void)
{
    return ".cc .ccc .cdl .edl .ale";
}

static struct cdl_file *create(const char *name, const char *text, gsize length)
{
    struct cdl_file *file = g_new0(struct cdl_file, 1);
    g_autoptr(hash_state) hash = hash_create();
    hash_update(hash, text, length);
    hash_finish(hash, file->hash);
    file->name = path_display(name);
    file->corrections = g_ptr_array_new_with_free_func(cdl_correction_destroy);
    return file;
}

void cdl_file_destroy(struct cdl_file *file)
{
    if (!file)
        return;
    g_free(file->name);
    g_ptr_array_unref(file->corrections);
    g_free(file);
}

/* About the whole file. */
static void refuse(struct scan *s, const char *hint, const char *why)
{
    s->errors++;
    diag_error(s->diag, (struct mark){.file = s->file}, hint, "%s", why);
}

static bool is_readable(struct scan *s)
{
    const gsize length = (gsize)(s->text.end - s->text.start);
    if (length > CDL_FILE_MAX_BYTES)
        refuse(s, "files of CDLs are read up to 16 MiB", "the file is too large");
    else if (memchr(s->text.start, '\0', length))
        refuse(s, "files of CDLs are plain text in ASCII or UTF-8 (not UTF-16)",
               "this is not a text file");
    return s->errors == 0;
}

/* An edit list or a log is whole without; a file that is for CDLs isn't. */
static void tell_empty(struct scan *s, const struct cdl_file *file)
{
    if (file->by_clip)
        diag_warning(s->diag, (struct mark){.file = s->file}, "a grade finds no correction in it",
                     "the file holds no CDL");
    else
        refuse(s, NULL, "the file holds no CDL");
}

struct cdl_file *cdl_file_read(const char *text, gsize length, const char *name, struct diag *diag)
{
    const int format = format_of(name);
    struct scan scan;
    scan_init(&scan, text, length, name, diag);
    if (format < 0) {
        refuse(&scan, cdl_file_extensions(), "not called like a file that holds CDLs");
        return NULL;
    }
    g_auto(cdl_file_ptr) file = create(name, text, length);
    file->by_clip = formats[format].by_clip;
    if (is_readable(&scan))
        formats[format].read(&scan, file);
    if (scan.errors == 0 && file->corrections->len == 0)
        tell_empty(&scan, file);
    return scan.errors == 0 ? g_steal_pointer(&file) : NULL;
}

static void add_words(GString *to, const char *before, const char *text)
{
    if (!text)
        return;
    g_autofree char *shown = path_display(text);
    g_autofree char *cut = g_utf8_substring(shown, 0, MIN(g_utf8_strlen(shown, -1), WORDS_MAX));
    g_string_append_printf(to, "%s%s%s", to->len ? "; " : "", before, cut);
}

/* What people wrote about it: what it is, and what it is meant for. NULL: nothing. */
static char *words_of(const struct cdl_correction *correction)
{
    GString *words = g_string_new(NULL);
    add_words(words, "", correction->description);
    add_words(words, "input: ", correction->input_description);
    add_words(words, "viewing: ", correction->viewing_description);
    return g_string_free(words, words->len == 0);
}

struct look *cdl_file_look(const struct cdl_file *file, const struct cdl_correction *correction,
                           const char *how, enum cdl_clamp clamp)
{
    struct look *look = look_create(NULL, NULL, 0);
    struct cdl cdl = correction->cdl;
    cdl.clamp = clamp;
    look_add_cdl(look, &cdl);
    look->name = g_strdup(file->name);
    look->summary = g_strdup_printf("%s of", how);
    look->title = words_of(correction);
    g_strlcpy(look->hash, file->hash, sizeof look->hash);
    return look;
}
