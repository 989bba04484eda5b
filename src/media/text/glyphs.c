/* SPDX-License-Identifier: GPL-3.0-or-later
 * Characters that fonts have and lack. */
#include "media/glyphs.h"

#include "media/chain.h"

#include <pango/pangocairo.h>

struct glyphs {
    GArray *missing;  /* gunichar */
    GPtrArray *fonts; /* char * */
};

struct glyphs *glyphs_create(void)
{
    struct glyphs *glyphs = g_new0(struct glyphs, 1);
    glyphs->missing = g_array_new(FALSE, FALSE, sizeof(gunichar));
    glyphs->fonts = g_ptr_array_new_with_free_func(g_free);
    return glyphs;
}

void glyphs_destroy(struct glyphs *glyphs)
{
    if (!glyphs)
        return;
    g_array_unref(glyphs->missing);
    g_ptr_array_unref(glyphs->fonts);
    g_free(glyphs);
}

static bool is_seen(gunichar character)
{
    switch (g_unichar_type(character)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_FORMAT:
    case G_UNICODE_SPACE_SEPARATOR:
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return false;
    default:
        return true;
    }
}

void glyphs_add_missing(struct glyphs *glyphs, gunichar character)
{
    bool known = !is_seen(character);
    for (guint i = 0; i < glyphs->missing->len; i++)
        known = known || g_array_index(glyphs->missing, gunichar, i) == character;
    if (!known)
        g_array_append_val(glyphs->missing, character);
}

void glyphs_add_font(struct glyphs *glyphs, const char *name)
{
    if (!g_ptr_array_find_with_equal_func(glyphs->fonts, name, g_str_equal, NULL))
        g_ptr_array_add(glyphs->fonts, g_strdup(name));
}

static void add_run(struct glyphs *glyphs, const PangoGlyphItem *run)
{
    PangoFontDescription *font = pango_font_describe(run->item->analysis.font);
    const char *family = pango_font_description_get_family(font);
    bool drawn = false;
    for (int i = 0; i < run->glyphs->num_glyphs; i++) {
        const PangoGlyph glyph = run->glyphs->glyphs[i].glyph;
        if (glyph == PANGO_GLYPH_EMPTY)
            continue;
        if (glyph & PANGO_GLYPH_UNKNOWN_FLAG)
            glyphs_add_missing(glyphs, glyph & ~PANGO_GLYPH_UNKNOWN_FLAG);
        else
            drawn = true;
    }
    if (drawn && g_strcmp0(family, PICTURE_FONT) != 0)
        glyphs_add_font(glyphs, family);
    pango_font_description_free(font);
}

void glyphs_add_text(struct glyphs *glyphs, const char *text)
{
    PangoFontDescription *font = pango_font_description_from_string(PICTURE_FONT " 16");
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    PangoContext *context = pango_font_map_create_context(pango_cairo_font_map_get_default());
    PangoLayout *layout = pango_layout_new(context);
    pango_layout_set_font_description(layout, font);
    pango_layout_set_text(layout, valid, -1);
    for (GSList *line = pango_layout_get_lines_readonly(layout); line; line = line->next)
        for (GSList *run = ((PangoLayoutLine *)line->data)->runs; run; run = run->next)
            add_run(glyphs, run->data);
    g_object_unref(layout);
    g_object_unref(context);
    pango_font_description_free(font);
}

char *glyphs_missing(const struct glyphs *glyphs)
{
    enum { NAMED = 16 };
    const guint count = glyphs->missing->len;
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < MIN(count, NAMED); i++) {
        const gunichar character = g_array_index(glyphs->missing, gunichar, i);
        char letter[8] = "";
        letter[g_unichar_to_utf8(character, letter)] = '\0';
        g_string_append(text, i ? ", " : "");
        if (g_unichar_isprint(character))
            g_string_append_printf(text, "%s (U+%04X)", letter, character);
        else
            g_string_append_printf(text, "U+%04X", character);
    }
    if (count > NAMED)
        g_string_append_printf(text, " and %u more", count - NAMED);
    return count ? g_strdup(text->str) : NULL;
}

bool glyphs_complete(const struct glyphs *glyphs, const char *step, struct failure *failure)
{
    g_autofree char *missing = glyphs_missing(glyphs);
    return !missing ||
           fail(failure, FAIL_CONFIG,
                "%s: no font of this machine has %s; fonts in colours can't be used: install "
                "one that has, for example of Debian's fonts-noto-cjk, fonts-noto-core or "
                "fonts-symbola",
                step, missing);
}

char *glyphs_note(const struct glyphs *glyphs)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < glyphs->fonts->len; i++)
        g_string_append_printf(text, "%s%s", i ? ", " : "", (char *)glyphs->fonts->pdata[i]);
    return text->len ? g_strdup_printf(PICTURE_FONT " lacks some of the characters: they are of "
                                                    "this machine's %s",
                                       text->str)
                     : NULL;
}

bool glyphs_check_text(const char *text, const char *step, char **note, struct failure *failure)
{
    g_auto(glyphs_ptr) glyphs = glyphs_create();
    glyphs_add_text(glyphs, text);
    *note = glyphs_note(glyphs);
    return glyphs_complete(glyphs, step, failure);
}
