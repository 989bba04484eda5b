/* SPDX-License-Identifier: GPL-3.0-or-later
 * What names say. */
#include "watch/span.h"

#include <string.h>

/* From the makers' naming rules: GoPro's "File Naming Convention", Canon's XF305 manual ("Clip
 * names and spanned clips"), Sony's XDCAM EX ("split clips"), RED's operation guides, DJI's
 * enterprise cameras. */
/* clang-format off */
const struct span_rule span_rules[] = {
    {"GoPro since HERO6, chapters",    "G([HXSG])\\d\\d(\\d{4})\\.[^.]+",            "GH010034.MP4 GH020034.MP4"},
    {"GoPro until HERO5, chapters",    "G(?:OPR|P\\d\\d)(\\d{4})\\.[^.]+",           "GOPR0034.MP4 GP010034.MP4"},
    {"Canon XF, spanned clips",        "([A-Z0-9]{2}\\d{4})\\d\\d\\.MXF",            "AA000101.MXF AA000102.MXF"},
    {"Sony XDCAM EX, split clips",     "([^.]+\\d{4})_\\d\\d\\.(?:MP4|MXF)",         "FISH0046_01.MP4 FISH0046_02.MP4"},
    {"RED, segments",                  "([A-Z]\\d{3}_[A-Z]\\d{3}_[^.]+)_\\d{3}\\.R3D", "A001_C001_0101AB_001.R3D"},
    {"DJI, several cameras at once",   "(DJI_\\d{14}_\\d{4})_[A-Z]\\.[^.]+",         "DJI_20260131120000_0001_W.MP4 …_T.MP4"},
};
/* clang-format on */
const unsigned span_rule_count = G_N_ELEMENTS(span_rules);

/* The folder that holds a card's clips with everything that describes them: P2 and Canon XF, AVCHD,
 * XDCAM EX, XDCAM and XAVC. */
static const char *const card_folders[] = {"CONTENTS", "AVCHD", "BPAV", "XDROOT", "M4ROOT"};

static bool is_card_folder(const char *part, gsize length)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(card_folders); i++)
        if (strlen(card_folders[i]) == length &&
            g_ascii_strncasecmp(part, card_folders[i], length) == 0)
            return true;
    return false;
}

/* "/in/card1/CONTENTS/VIDEO/0001AB.MXF" → "/in/card1/CONTENTS" */
static char *card_of(const char *path, gsize root)
{
    for (const char *slash = strchr(path + root, '/'); slash; slash = strchr(slash + 1, '/')) {
        const char *end = strchr(slash + 1, '/');
        if (end && is_card_folder(slash + 1, (gsize)(end - slash - 1)))
            return g_strndup(path, (gsize)(end - path));
    }
    return NULL;
}

static GRegex *regex_of(unsigned row)
{
    static GRegex *compiled[G_N_ELEMENTS(span_rules)];
    if (!compiled[row]) {
        g_autofree char *whole = g_strdup_printf("^%s$", span_rules[row].pattern);
        compiled[row] = g_regex_new(whole, G_REGEX_CASELESS | G_REGEX_RAW, 0, NULL);
    }
    return compiled[row];
}

static char *span_of(const char *folder, const char *name)
{
    for (unsigned row = 0; row < span_rule_count; row++) {
        g_autoptr(GMatchInfo) match = NULL;
        if (!g_regex_match(regex_of(row), name, 0, &match))
            continue;
        GString *key = g_string_new(NULL);
        g_string_printf(key, "%s/*%u", folder, row);
        for (int i = 1; i < g_match_info_get_match_count(match); i++) {
            g_autofree char *part = g_match_info_fetch(match, i);
            g_autofree char *upper = g_ascii_strup(part, -1);
            g_string_append_printf(key, "*%s", upper);
        }
        return g_string_free(key, FALSE);
    }
    return NULL;
}

char *span_group(const char *path, gsize root)
{
    char *card = card_of(path, root);
    if (card)
        return card;
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *name = g_path_get_basename(path);
    char *span = span_of(folder, name);
    return span ? span : g_strdup(path);
}

/* rsync: ".NAME.XXXXXX", six letters and digits. */
static char *of_rsync(const char *name)
{
    const char *dot = strrchr(name, '.');
    if (name[0] != '.' || !dot || dot == name || strlen(dot) != 7)
        return NULL;
    for (const char *c = dot + 1; *c; c++)
        if (!g_ascii_isalnum(*c))
            return NULL;
    return g_strndup(name + 1, (gsize)(dot - name - 1));
}

char *unfinished_name(const char *name)
{
    static const char *const suffixes[] = {".part", ".tmp", ".filepart", ".crdownload", ".partial"};
    for (unsigned i = 0; i < G_N_ELEMENTS(suffixes); i++) {
        gsize cut = strlen(name) - MIN(strlen(name), strlen(suffixes[i]));
        if (cut && g_ascii_strcasecmp(name + cut, suffixes[i]) == 0)
            return g_strndup(name, cut);
    }
    if (g_str_has_prefix(name, ".~") && name[2])
        return g_strdup(name + 2);
    return of_rsync(name);
}
