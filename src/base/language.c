/* SPDX-License-Identifier: GPL-3.0-or-later
 * Languages, their codes and tags. */
#include "base/language.h"

#include <glib.h>
#include <stdbool.h>
#include <string.h>

/* clang-format off */
/* The two letters of ISO 639-1, and the bibliographic codes of 639-2 that differ. */
static const struct {
    const char code[4], terminological[4];
} rows[] = {
    {"aa", "aar"}, {"ab", "abk"}, {"ae", "ave"}, {"af", "afr"}, {"ak", "aka"}, {"am", "amh"},
    {"an", "arg"}, {"ar", "ara"}, {"as", "asm"}, {"av", "ava"}, {"ay", "aym"}, {"az", "aze"},
    {"ba", "bak"}, {"be", "bel"}, {"bg", "bul"}, {"bi", "bis"}, {"bm", "bam"}, {"bn", "ben"},
    {"bo", "bod"}, {"br", "bre"}, {"bs", "bos"}, {"ca", "cat"}, {"ce", "che"}, {"ch", "cha"},
    {"co", "cos"}, {"cr", "cre"}, {"cs", "ces"}, {"cu", "chu"}, {"cv", "chv"}, {"cy", "cym"},
    {"da", "dan"}, {"de", "deu"}, {"dv", "div"}, {"dz", "dzo"}, {"ee", "ewe"}, {"el", "ell"},
    {"en", "eng"}, {"eo", "epo"}, {"es", "spa"}, {"et", "est"}, {"eu", "eus"}, {"fa", "fas"},
    {"ff", "ful"}, {"fi", "fin"}, {"fj", "fij"}, {"fo", "fao"}, {"fr", "fra"}, {"fy", "fry"},
    {"ga", "gle"}, {"gd", "gla"}, {"gl", "glg"}, {"gn", "grn"}, {"gu", "guj"}, {"gv", "glv"},
    {"ha", "hau"}, {"he", "heb"}, {"hi", "hin"}, {"ho", "hmo"}, {"hr", "hrv"}, {"ht", "hat"},
    {"hu", "hun"}, {"hy", "hye"}, {"hz", "her"}, {"ia", "ina"}, {"id", "ind"}, {"ie", "ile"},
    {"ig", "ibo"}, {"ii", "iii"}, {"ik", "ipk"}, {"io", "ido"}, {"is", "isl"}, {"it", "ita"},
    {"iu", "iku"}, {"ja", "jpn"}, {"jv", "jav"}, {"ka", "kat"}, {"kg", "kon"}, {"ki", "kik"},
    {"kj", "kua"}, {"kk", "kaz"}, {"kl", "kal"}, {"km", "khm"}, {"kn", "kan"}, {"ko", "kor"},
    {"kr", "kau"}, {"ks", "kas"}, {"ku", "kur"}, {"kv", "kom"}, {"kw", "cor"}, {"ky", "kir"},
    {"la", "lat"}, {"lb", "ltz"}, {"lg", "lug"}, {"li", "lim"}, {"ln", "lin"}, {"lo", "lao"},
    {"lt", "lit"}, {"lu", "lub"}, {"lv", "lav"}, {"mg", "mlg"}, {"mh", "mah"}, {"mi", "mri"},
    {"mk", "mkd"}, {"ml", "mal"}, {"mn", "mon"}, {"mr", "mar"}, {"ms", "msa"}, {"mt", "mlt"},
    {"my", "mya"}, {"na", "nau"}, {"nb", "nob"}, {"nd", "nde"}, {"ne", "nep"}, {"ng", "ndo"},
    {"nl", "nld"}, {"nn", "nno"}, {"no", "nor"}, {"nr", "nbl"}, {"nv", "nav"}, {"ny", "nya"},
    {"oc", "oci"}, {"oj", "oji"}, {"om", "orm"}, {"or", "ori"}, {"os", "oss"}, {"pa", "pan"},
    {"pi", "pli"}, {"pl", "pol"}, {"ps", "pus"}, {"pt", "por"}, {"qu", "que"}, {"rm", "roh"},
    {"rn", "run"}, {"ro", "ron"}, {"ru", "rus"}, {"rw", "kin"}, {"sa", "san"}, {"sc", "srd"},
    {"sd", "snd"}, {"se", "sme"}, {"sg", "sag"}, {"si", "sin"}, {"sk", "slk"}, {"sl", "slv"},
    {"sm", "smo"}, {"sn", "sna"}, {"so", "som"}, {"sq", "sqi"}, {"sr", "srp"}, {"ss", "ssw"},
    {"st", "sot"}, {"su", "sun"}, {"sv", "swe"}, {"sw", "swa"}, {"ta", "tam"}, {"te", "tel"},
    {"tg", "tgk"}, {"th", "tha"}, {"ti", "tir"}, {"tk", "tuk"}, {"tl", "tgl"}, {"tn", "tsn"},
    {"to", "ton"}, {"tr", "tur"}, {"ts", "tso"}, {"tt", "tat"}, {"tw", "twi"}, {"ty", "tah"},
    {"ug", "uig"}, {"uk", "ukr"}, {"ur", "urd"}, {"uz", "uzb"}, {"ve", "ven"}, {"vi", "vie"},
    {"vo", "vol"}, {"wa", "wln"}, {"wo", "wol"}, {"xh", "xho"}, {"yi", "yid"}, {"yo", "yor"},
    {"za", "zha"}, {"zh", "zho"}, {"zu", "zul"}, {"alb", "sqi"}, {"arm", "hye"}, {"baq", "eus"},
    {"bur", "mya"}, {"chi", "zho"}, {"cze", "ces"}, {"dut", "nld"}, {"fre", "fra"}, {"geo", "kat"},
    {"ger", "deu"}, {"gre", "ell"}, {"ice", "isl"}, {"mac", "mkd"}, {"mao", "mri"}, {"may", "msa"},
    {"per", "fas"}, {"rum", "ron"}, {"slo", "slk"}, {"tib", "bod"}, {"wel", "cym"},
};
/* clang-format on */

static bool is_letters(const char *code, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalpha(code[i]))
            return false;
    return true;
}

/* The code of `length` letters that stands for this terminological one; else that itself. */
static const char *other_code(const char *code, size_t length)
{
    for (unsigned i = 0; code && i < G_N_ELEMENTS(rows); i++)
        if (strlen(rows[i].code) == length && strcmp(rows[i].terminological, code) == 0)
            return rows[i].code;
    return code;
}

const char *language_tag(const char *full)
{
    return other_code(full, 2);
}

const char *language_bibliographic(const char *code)
{
    return other_code(code, 3);
}

const char *language_code(const char *text)
{
    size_t length = text ? strcspn(text, "-_") : 0;
    if ((length != 2 && length != 3) || !is_letters(text, length) ||
        g_ascii_strncasecmp(text, "und", length) == 0)
        return NULL;
    for (unsigned i = 0; i < G_N_ELEMENTS(rows); i++)
        if (strlen(rows[i].code) == length && !g_ascii_strncasecmp(rows[i].code, text, length))
            return rows[i].terminological;
    g_autofree char *lower = g_ascii_strdown(text, (gssize)length);
    return length == 3 ? g_intern_string(lower) : NULL;
}

static bool is_subtag(const char *part)
{
    enum { LONGEST = 8 };
    size_t length = strlen(part), good = 0;
    while (g_ascii_isalnum(part[good]))
        good++;
    return length > 0 && length <= LONGEST && good == length;
}

/* Regions have two letters, scripts four; behind a part of one, which begins an extension, all are
 * small. */
static void write_subtag(GString *tag, char *part, bool extension)
{
    const size_t length = strlen(part);
    for (size_t i = 0; i < length; i++) {
        const bool capital = !extension && (length == 2 || (length == 4 && i == 0));
        part[i] = capital ? g_ascii_toupper(part[i]) : g_ascii_tolower(part[i]);
    }
    g_string_append_printf(tag, "-%s", part);
}

const char *language_full(const char *text)
{
    enum { LONGEST = 100 };
    const char *code = language_code(text);
    if (!code || !strpbrk(text, "-_") || strlen(text) > LONGEST)
        return code;
    g_auto(GStrv) parts = g_strsplit_set(text, "-_", -1);
    g_autoptr(GString) tag = g_string_new(language_tag(code));
    bool extension = false;
    for (unsigned i = 1; parts[i]; i++) {
        if (!is_subtag(parts[i]))
            return code;
        write_subtag(tag, parts[i], extension);
        extension |= strlen(parts[i]) == 1;
    }
    return g_intern_string(tag->str);
}

bool language_matches(const char *asked, const char *said)
{
    const char *range = language_tag(language_full(asked));
    const char *tag = language_tag(language_full(said));
    const size_t length = range ? strlen(range) : 0;
    return range && tag && strncmp(range, tag, length) == 0 &&
           (tag[length] == '\0' || tag[length] == '-');
}
