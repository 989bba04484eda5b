/* SPDX-License-Identifier: GPL-3.0-or-later
 * CLF files that are wrong: what is said, and where. */
#include "color/look_formats.h"

#include "clf_text.h"

#include <locale.h>
#include <string.h>

static struct look *read_text(const char *text, struct diag *diag)
{
    return clf_read(text, strlen(text), "look.clf", diag);
}

static const struct {
    const char *what, *text, *message;
    int line, column;
} refused[] = {
    {"nothing", "", "empty", 0, 0},
    {"a declaration alone", "<?xml version='1.0'?>\n", "no element", 0, 0},
    {"another format", "LUT_3D_SIZE 2\n0 0 0\n", "XML", 1, 1},
    {"another root", "<Look/>", "<Look> is not a CLF file", 1, 1},
    {"two roots", "<ProcessList/>\n<ProcessList/>", "a second <ProcessList>", 2, 14},
    {"an end missing", "<ProcessList>\n<Matrix>\n", "XML", 2, 9},
    {"a document type", "<!DOCTYPE x [<!ENTITY a 'b'>]>\n<ProcessList/>", "DOCTYPE", 1, 31},
    {"an entity", "<ProcessList id='x' compCLFversion='3.0'>&a;</ProcessList>", "XML", 1, 45},
    {"Latin-1", "<ProcessList name='\xe9'/>", "UTF-8", 1, 21},
    {"no operation", LIST(""), "no operation", 1, 1},
    {"version", "<ProcessList id='x' compCLFversion='3.2'>" OP("ASC_CDL", "", "") "</ProcessList>",
     "version \"3.2\"", 1, 1},
    {"version in words",
     "<ProcessList id='x' compCLFversion='three'>" OP("ASC_CDL", "", "") "</ProcessList>",
     "version \"three\"", 1, 1},
    {"unknown operation", LIST("\n <Gamma " FLOATS "/>"), "<Gamma> is no operation", 2, 2},
    {"no depth", LIST("\n<Matrix inBitDepth='32f'/>"), "Matrix has no outBitDepth", 2, 1},
    {"unknown depth", LIST("\n<Matrix inBitDepth='32f' outBitDepth='16d'/>"), "\"16d\"", 2, 1},
    {"depths that don't meet",
     LIST(OP("ASC_CDL", "", "") "\n<ASC_CDL inBitDepth='8i' outBitDepth='8i'/>"), "before it", 2,
     1},
    {"depths of one scale that don't meet",
     LIST(OP("ASC_CDL", "", "") "\n<ASC_CDL inBitDepth='16f' outBitDepth='16f'/>"), "before it", 2,
     1},
    {"no array", LIST("\n" OP("Matrix", "", "")), "Matrix has no Array", 2, 1},
    {"dim", LIST(OP("Matrix", "", "\n<Array dim='3 2'>1 0 0 1 0 0</Array>")), "\"3 2\"", 2, 1},
    {"dim of words", LIST(OP("Matrix", "", "\n<Array dim='three'>1</Array>")), "dim", 2, 1},
    {"dim of ten", LIST(OP("Matrix", "", "\n<Array dim='3 3 3 3 3'>1</Array>")), "dim", 2, 1},
    {"no number", LIST(OP("Matrix", "", "<Array dim='3 3'>\n1 0 0\n0 P 0\n0 0 1</Array>")), "\"P\"",
     3, 3},
    {"decimal comma", LIST(OP("Matrix", "", "<Array dim='3 3'>\n1,0 0 0\n0 1 0\n0 0 1</Array>")),
     "\"1,0\"", 2, 1},
    {"matrix too short", LIST(OP("Matrix", "", "\n<Array dim='3 3'>1 0 0</Array>")), "not 3", 2, 1},
    {"matrix too long", LIST(OP("Matrix", "", "\n<Array dim='3 3'>1 0 0 0 1 0 0 0 1 0</Array>")),
     "not 10", 2, 1},
    {"LUT1D too short", LIST(OP("LUT1D", "", "\n<Array dim='3 1'>1 0</Array>")), "2 of 3", 2, 1},
    {"LUT1D too long", LIST(OP("LUT1D", "", "<Array dim='2 1'>1 0\n 0</Array>")), "one more", 2, 2},
    {"LUT1D not a number", LIST(OP("LUT1D", "", "<Array dim='2 1'>1\nnan</Array>")), "\"nan\"", 2,
     1},
    {"LUT1D of 131072", LIST(OP("LUT1D", "", "\n<Array dim='131072 1'>1</Array>")), "131072", 2, 1},
    {"half domain too short",
     LIST(OP("LUT1D", "halfDomain='true'", "\n<Array dim='1024 1'>1</Array>")), "1024", 2, 1},
    {"half domain false",
     LIST("\n" OP("LUT1D", "halfDomain='false'", "<Array dim='2 1'>1 0</Array>")), "halfDomain", 2,
     1},
    {"raw halves false", LIST("\n" OP("LUT1D", "rawHalfs='0'", "<Array dim='2 1'>1 0</Array>")),
     "rawHalfs", 2, 1},
    {"raw halves", LIST(OP("LUT1D", "rawHalfs='true'", "<Array dim='2 1'>1\n0.5</Array>")),
     "\"0.5\"", 2, 1},
    {"box", LIST(OP("LUT3D", "", "\n<Array dim='2 2 3 3'>1 0</Array>")), "2 2 3 3", 2, 1},
    {"cube of 130", LIST(OP("LUT3D", "", "\n<Array dim='130 130 130 3'>1 0</Array>")), "130", 2, 1},
    {"interpolation", LIST("\n" OP("LUT3D", "interpolation='cubic'", CUBE)), "\"cubic\"", 2, 1},
    {"IndexMap", LIST(OP("LUT3D", "", "\n<IndexMap dim='2'>0 1</IndexMap>" CUBE)), "IndexMap", 2,
     1},
    {"range without values", LIST("\n" RANGE(FLOATS, "", "")), "no values", 2, 1},
    {"range with one", LIST("\n" RANGE(FLOATS, "", "<minInValue>0</minInValue>")), "together", 2,
     1},
    {"range with ends that differ",
     LIST("\n" RANGE("inBitDepth='8i' outBitDepth='10i'", "",
                     "<minInValue>16</minInValue><minOutValue>64</minOutValue>")),
     "one-sided", 2, 1},
    {"range backwards", LIST("\n" RANGE(FLOATS, "", IN("1", "0") OUT("0", "1"))), "backwards", 2,
     1},
    {"range of next to nothing", LIST("\n" RANGE(FLOATS, "", IN("0", "1e-320") OUT("0", "1"))),
     "empty", 2, 1},
    {"range less than a millionth", LIST("\n" RANGE(FLOATS, "", IN("0", "9e-7") OUT("0", "1"))),
     "empty", 2, 1},
    {"range of one end without clamp",
     LIST("\n" RANGE(FLOATS, "style='noClamp'",
                     "<minInValue>0</minInValue><minOutValue>0</minOutValue>")),
     "both ends", 2, 1},
    {"CDL style", LIST("\n" CDL("Sideways")), "\"Sideways\"", 2, 1},
    {"CDL without power",
     LIST(OP("ASC_CDL", "", "\n<SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset></SOPNode>")),
     "SOPNode has no Power", 2, 1},
    {"CDL power 0",
     LIST("\n" OP("ASC_CDL", "",
                  "<SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 0 1</Power>"
                  "</SOPNode>")),
     "power", 2, 0},
    {"CDL of two", LIST(OP("ASC_CDL", "", "<SatNode>\n<Saturation>1 1</Saturation></SatNode>")),
     "not 2", 2, 1},
    {"CDL that can't be undone",
     LIST("\n" OP("ASC_CDL", "style='Rev'", "<SatNode><Saturation>0</Saturation></SatNode>")),
     "reversed", 2, 1},
    {"CDL whose inverse is too large",
     LIST("\n" OP("ASC_CDL", "style='RevNoClamp'",
                  "<SOPNode><Slope>1e-300 1 1</Slope><Offset>0 0 0</Offset><Power>1 1 1</Power>"
                  "</SOPNode>")),
     "reversed", 2, 1},
    {"CDL whose inverse is too steep",
     LIST("\n" OP("ASC_CDL", "style='RevNoClamp'",
                  "<SOPNode><Slope>1 1 1</Slope><Offset>0 0 0</Offset><Power>1 1e-4 1</Power>"
                  "</SOPNode>")),
     "reversed", 2, 1},
    {"a tag in an attribute", LIST("<Id a='<'/>"), "can't be found", 1, 52},
    {"exponent style", LIST("\n" EXPONENT("gamma", "exponent='2'")), "\"gamma\"", 2, 1},
    {"no style", LIST("\n" OP("Exponent", "", "<ExponentParams exponent='2'/>")), "no style", 2, 1},
    {"exponent with an offset",
     LIST(OP("Exponent", "style='basicFwd'", "\n<ExponentParams exponent='2' offset='.1'/>")),
     "no offset", 2, 1},
    {"curve without offset",
     LIST(OP("Exponent", "style='monCurveFwd'", "\n<ExponentParams exponent='2'/>")),
     "ExponentParams has no offset", 2, 1},
    {"curve below 1", LIST("\n" EXPONENT("monCurveFwd", "exponent='.5' offset='.1'")), "range", 2,
     1},
    {"channel",
     LIST(OP("Exponent", "style='basicFwd'", "\n<ExponentParams exponent='2' channel='Y'/>")),
     "\"Y\"", 2, 1},
    {"channel twice",
     LIST(OP("Exponent", "style='basicFwd'",
             "<ExponentParams exponent='2'/>\n<ExponentParams exponent='2' "
             "channel='G'/>")),
     "twice", 2, 1},
    {"no parameters", LIST("\n" OP("Exponent", "style='basicFwd'", "")), "no ExponentParams", 2, 1},
    {"log style", LIST("\n" LOG("ln", "")), "\"ln\"", 2, 1},
    {"log without parameters", LIST("\n" LOG("linToLog", "")), "no LogParams", 2, 1},
    {"log with a break", LIST(LOG("linToLog", "\n<LogParams linSideBreak='0'/>")),
     "no linSideBreak", 2, 1},
    {"camera without a break", LIST(LOG("cameraLogToLin", "\n<LogParams base='10'/>")),
     "LogParams has no linSideBreak", 2, 1},
    {"base 1", LIST("\n" LOG("linToLog", "<LogParams base='1'/>")), "no curve", 2, 1},
    {"break below the logarithm",
     LIST("\n" LOG("cameraLinToLog", "<LogParams linSideBreak='-1'/>")), "no logarithm", 2, 1},
};

static void refuses_with_the_place(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(look_ptr) look = read_text(refused[i].text, diag);
        g_autofree char *text = diag_text(diag, false);
        g_test_message("%s: %s", refused[i].what, text);
        g_assert_null(look);
        const GPtrArray *findings = diag_findings(diag);
        const struct finding *first = NULL;
        for (guint k = 0; k < findings->len && !first; k++)
            if (((struct finding *)findings->pdata[k])->severity == DIAG_ERROR)
                first = findings->pdata[k];
        g_assert_nonnull(first);
        g_assert_true(strstr(text, refused[i].message));
        g_assert_cmpstr(first->at.file, ==, "look.clf");
        g_assert_cmpint(first->at.line, ==, refused[i].line);
        g_assert_cmpint(first->at.column, ==, refused[i].column);
    }
}

static void deep_and_many_elements_are_refused(void)
{
    g_autoptr(GString) deep = g_string_new(NULL), many = g_string_new("<ProcessList>");
    g_autoptr(GString) wide = g_string_new("<ProcessList"), long_list = g_string_new(NULL);
    for (int i = 0; i < 100000; i++) {
        g_string_append(deep, "<a>");
        g_string_append(many, "<a/>");
        g_string_append_printf(wide, " a%d='1'", i);
        g_string_append(long_list, OP("ASC_CDL", "", ""));
    }
    g_string_append(many, "</ProcessList>");
    g_string_append(wide, "/>");
    g_string_truncate(long_list, 101 * strlen(OP("ASC_CDL", "", "")));
    g_string_prepend(long_list, "<ProcessList id='x' compCLFversion='3'>");
    g_string_append(long_list, "</ProcessList>");
    g_auto(diag_ptr) diag = diag_create();
    g_assert_null(read_text(deep->str, diag));
    g_assert_null(read_text(many->str, diag));
    g_assert_null(read_text(wide->str, diag));
    g_assert_null(read_text(long_list->str, diag));
    g_assert_cmpuint(diag_errors(diag), ==, 4);
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    refuses_with_the_place();
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/clf/refused", refuses_with_the_place);
    g_test_add_func("/color/clf/limits", deep_and_many_elements_are_refused);
    g_test_add_func("/color/clf/refused/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
