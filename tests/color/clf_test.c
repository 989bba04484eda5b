/* SPDX-License-Identifier: GPL-3.0-or-later
 * CLF: its operations against numbers computed from the formulas of the specification (Academy
 * S-2014-006, version 3.0) in another program, and what is refused, by name and place. The metric
 * is that of the CLF implementation guide, whose tolerance is 0.002. */
#include "color/grade.h"
#include "color/look_formats.h"

#include "clf_text.h"

#include <locale.h>
#include <math.h>
#include <string.h>

#define TOLERANCE 1e-5
#define LETTERS /* 25 */                                                                           \
    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3" \
    "\xa9\xc3\xa9\xc3\xa9"                                                                         \
    "\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9"

static const struct {
    const char *what, *text;
    float in[3];
    double out[3];
} values[] = {
    {"matrix",
     LIST(OP("Matrix", "",
             "<Array dim=\"3 3\">1.45143931614567 -0.236510746893740 -0.214928569251925\n"
             "-0.0765537733960204 1.17622969983357 -0.0996759264375522\n"
             "0.00831614844569772 -0.00603244979102103 0.997716301365324</Array>")),
     {0.2f, 0.4f, 0.8f},
     {0.0237407091, 0.375440384, 0.797423291}},
    {"a matrix behind letters of two and four bytes, and behind a line",
     LIST("<Description>\xc3\xa9\xf0\x9f\x8e\xac</Description>\n<Description>\xc3\xa9"
          "\xf0\x9f\x8e\xac</Description>" OP("Matrix", "",
                                              "<Array dim='3 3'>2 0 0 0 2 0 0 0 2</Array>")),
     {0.2f, 0.4f, 0.8f},
     {0.4, 0.8, 1.6}},
    {"as many letters as would move into another table",
     LIST("<Description>" LETTERS LETTERS LETTERS LETTERS "</Description>" OP(
         "Matrix", "",
         "<Array dim='3 3'>2 0 0 0 2 0 0 0 2</Array>") "<Info>" OP("Matrix", "",
                                                                   "<Array dim='3 3'>9 0 0 "
                                                                   "0 9 0 0 0 9</Array>") "</"
                                                                                          "Info>"),
     {0.2f, 0.4f, 0.8f},
     {0.4, 0.8, 1.6}},
    {"a matrix behind a text that begins with an empty line",
     "\n" LIST("\n" OP("Matrix", "", "<Array dim='3 3'>\n2 0 0 0 2 0 0 0 2</Array>")),
     {0.2f, 0.4f, 0.8f},
     {0.4, 0.8, 1.6}},
    {"matrix with offsets, 10 bits",
     LIST("<Matrix inBitDepth='10i' outBitDepth='10i'><Array dim='3 4'>1.2 0 0 0.002 "
          "0 1.03 0.001 -0.005 0.004 -0.007 1.004 0</Array></Matrix>"),
     {0.2f, 0.4f, 0.8f},
     {0.240001955, 0.412795112, 0.8012}},
    {"matrix from 8 to 12 bits: half of 4095/255; the third of dim is passed over",
     LIST("<Matrix inBitDepth='8i' outBitDepth='12i'><Array dim='3 3 3'>"
          "8.02941176470588 0 0 0 8.02941176470588 0 0 0 8.02941176470588</Array></Matrix>"),
     {0.2f, 0.4f, 0.8f},
     {0.1, 0.2, 0.4}},
    {"LUT1D of one component, 12 bits: inverts (the specification's example 1)",
     LIST("<LUT1D inBitDepth='12i' outBitDepth='12i'><Array dim='4 1'>3 2 1 0</Array></LUT1D>"),
     {0, 0.5f, 1},
     {3 / 4095.0, 1.5 / 4095, 0}},
    {"LUT1D of three, float, ends kept",
     LIST(OP("LUT1D", "", "<Array dim='2 3'>0 .1 1 1 .3 <!-- a comment -->-1</Array>")),
     {-1, 0.5f, 0.25f},
     {0, 0.2, 0.5}},
    {"LUT3D: blue is fastest (the specification's example 2 is an identity)",
     LIST(OP("LUT3D", "interpolation='tetrahedral'", CUBE)),
     {0.2f, 0.4f, 0.8f},
     {0.2, 0.4, 0.8}},
    {"LUT3D: third number of a point is blue's",
     LIST(OP("LUT3D", "interpolation='tetrahedral'", BLUE)),
     {0.2f, 0.4f, 0.8f},
     {0, 0, 1.6}},
    {"range clamps by itself",
     LIST(RANGE("inBitDepth='10i' outBitDepth='10i'", "", LEGAL)),
     {-1, 0.5f, 2},
     {64 / 1023.0, 0.490713587, 940 / 1023.0}},
    {"range without clamp",
     LIST(RANGE("inBitDepth='10i' outBitDepth='10i'", " style='noClamp'", LEGAL)),
     {0, 0.5f, 2},
     {64 / 1023.0, 0.490713587, (2 * 876 + 64) / 1023.0}},
    {"range with a lower end",
     LIST(RANGE("inBitDepth='8i' outBitDepth='16i'", " style='Clamp'",
                "<minInValue>51</minInValue><minOutValue>13107</minOutValue>")),
     {-1, 0.5f, 2},
     {0.2, 0.5, 2}},
    {"range with an upper end",
     LIST(RANGE(FLOATS, "", "<maxInValue>.5</maxInValue><maxOutValue>.5</maxOutValue>")),
     {-1, 0.25f, 2},
     {-1, 0.25, 0.5}},
    {"CDL", LIST(CDL("Fwd")), {0.25f, 0.5f, 0.75f}, {0.42205615, 0.401466408, 0.0358195306}},
    {"CDL backwards", LIST(CDL("Rev")), {0.2f, 0.9f, 0.4f}, {0.163253581, 0.969610842, 1}},
    {"CDL without clamp",
     LIST(CDL("FwdNoClamp")),
     {1.25f, 1.5f, 1.75f},
     {1.753162, 1.33112972, -0.108180721}},
    {"CDL backwards without clamp",
     LIST(CDL("RevNoClamp")),
     {1.753162f, 1.331130f, -0.108181f},
     {1.25000003, 1.50000031, 1.74999684}},
    {"CDL without numbers clamps", LIST(OP("ASC_CDL", "", "")), {-1, 0.5f, 2}, {0, 0.5, 1}},
    {"CDL without numbers and clamp",
     LIST(OP("ASC_CDL", "style='FwdNoClamp'", "")),
     {-1, 0.5f, 2},
     {-1, 0.5, 2}},
    {"basicFwd",
     LIST(EXPONENT("basicFwd", "exponent='2.2'")),
     {0.5f, -0.1f, 1.5f},
     {0.217637641, 0, 2.44006149}},
    {"basicRev",
     LIST(EXPONENT("basicRev", "exponent='2.2'")),
     {0.5f, -0.1f, 1.5f},
     {0.729740053, 0, 1.20237927}},
    {"basicMirrorFwd",
     LIST(EXPONENT("basicMirrorFwd", "exponent='0.4'")),
     {0.5f, -0.1f, 2},
     {0.757858283, -0.398107171, 1.31950791}},
    {"basicMirrorRev",
     LIST(EXPONENT("basicMirrorRev", "exponent='0.4'")),
     {0.5f, -0.1f, 2},
     {0.176776695, -0.00316227766, 5.65685425}},
    {"basicPassThruFwd",
     LIST(EXPONENT("basicPassThruFwd", "exponent='2.2'")),
     {0.5f, -0.1f, 2},
     {0.217637641, -0.1, 4.59479342}},
    {"basicPassThruRev",
     LIST(EXPONENT("basicPassThruRev", "exponent='2.2'")),
     {0.5f, -0.1f, 2},
     {0.729740053, -0.1, 1.37035098}},
    {"monCurveFwd: sRGB",
     LIST(EXPONENT("monCurveFwd", "exponent='2.4' offset='0.055'")),
     {0.5f, 0.02f, -0.1f},
     {0.21404114, 0.00154760309, -0.00773801545}},
    {"monCurveRev: sRGB",
     LIST(EXPONENT("monCurveRev", "exponent='2.4' offset='0.055'")),
     {0.5f, 0.002f, -0.1f},
     {0.735356983, 0.0258464204, -1.29232102}},
    {"monCurveRev: Rec. 709 (example 11)",
     LIST(EXPONENT("monCurveRev", "exponent='2.2222222222222222' offset='0.099'")),
     {0.18f, 0.01f, 1.5f},
     {0.409007729, 0.0451378627, 1.21998167}},
    {"monCurveRev: L* (example 10)",
     LIST(EXPONENT("monCurveRev", "exponent='3.0' offset='0.16'")),
     {0.18f, 0.005f, 1},
     {0.494961076, 0.0451648148, 1}},
    {"monCurveMirrorFwd",
     LIST(EXPONENT("monCurveMirrorFwd", "exponent='2.4' offset='0.055'")),
     {0.5f, 0.02f, -0.5f},
     {0.21404114, 0.00154760309, -0.21404114}},
    {"monCurveMirrorRev",
     LIST(EXPONENT("monCurveMirrorRev", "exponent='2.4' offset='0.055'")),
     {0.5f, 0.002f, -0.5f},
     {0.735356983, 0.0258464204, -0.735356983}},
    {"monCurveFwd of nothing is an identity",
     LIST(EXPONENT("monCurveFwd", "exponent='1.0' offset='0.0'")),
     {0.5f, -0.1f, 2},
     {0.5, -0.1, 2}},
    {"exponent of one channel leaves the others",
     LIST(EXPONENT("basicFwd", "exponent='2.2' channel='R'")),
     {0.5f, 0.3f, 1.5f},
     {0.217637641, 0.3, 1.5}},
    {"log10", LIST(LOG("log10", "")), {0.18f, -1, 100}, {-0.744727495, -37.9297796, 2}},
    {"log2", LIST(LOG("log2", "")), {0.18f, 0, 64}, {-2.47393119, -126, 6}},
    {"antiLog10", LIST(LOG("antiLog10", "")), {0.5f, -2, 0}, {3.16227766, 0.01, 1}},
    {"antiLog2", LIST(LOG("antiLog2", "")), {0.5f, -3, 4}, {1.41421356, 0.125, 16}},
    {"linToLog: Cineon",
     LIST(LOG("linToLog", CINEON)),
     {0.18f, 0, 1},
     {0.457319613, 0.0928641251, 0.669599218}},
    {"logToLin: Cineon",
     LIST(LOG("logToLin", CINEON)),
     {0.5f, 0.1f, 0.9f},
     {0.256004664, 0.000629055563, 6.1604542}},
    {"cameraLinToLog: ACEScct",
     LIST(LOG("cameraLinToLog", ACESCCT)),
     {0.18f, 0.001f, -0.01f},
     {0.413588402, 0.0834457719, -0.0324968433}},
    {"cameraLogToLin: ACEScct",
     LIST(LOG("cameraLogToLin", ACESCCT)),
     {0.413588f, 0.1f, 0.05f},
     {0.17999912, 0.00257057445, -0.00217315157}},
    {"cameraLinToLog: D-Log",
     LIST(LOG("cameraLinToLog", DLOG)),
     {0.18f, 0.005f, 1},
     {0.398764556, 0.123027015, 0.584555}},
    {"cameraLogToLin: D-Log",
     LIST(LOG("cameraLogToLin", DLOG)),
     {0.4f, 0.1f, 0.6f},
     {0.182127801, 0.00117808879, 1.15024211}},
    {"two operations, one after the other",
     LIST(RANGE(FLOATS, "", IN("0", "1") OUT("0", "2"))
              RANGE(FLOATS, "", IN("0", "4") OUT("0", "1"))),
     {0.5f, 1, 3},
     {0.25, 0.5, 0.5}},
    {"a prefix, a declaration, SMPTE's version",
     "<?xml version='1.0' encoding='UTF-8'?>\r\n<!-- one -->\r\n<c:ProcessList xmlns:c='u' "
     "compCLFversion='ST2136-1:2024'>\r\n<c:Id>urn:uuid:1</c:Id><c:Info><c:Stuff a='1'/></c:Info>"
     "<c:LUT1D inBitDepth='16f' outBitDepth='16f'><c:Array dim='2 3'>0 0 0  1 1 .5</c:Array>"
     "</c:LUT1D></c:ProcessList>",
     {0.25f, 0.5f, 0.75f},
     {0.25, 0.5, 0.375}},
};

static struct look *read_text(const char *text, struct diag *diag)
{
    return clf_read(text, strlen(text), "look.clf", diag);
}

static struct look *read_good(const char *what, const char *text)
{
    g_auto(diag_ptr) diag = diag_create();
    struct look *look = read_text(text, diag);
    g_autofree char *said = diag_text(diag, false);
    g_test_message("%s: %s", what, said);
    g_assert_nonnull(look);
    return look;
}

static void apply(const struct look *look, float *rgb, gsize count)
{
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    grade_apply(grade, rgb, rgb + count, rgb + 2 * count, count);
}

static double wrong(double actual, double aim)
{
    return fabs(actual - aim) / fmax(fabs(aim), 0.1);
}

static void operations_are_those_of_the_specification(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
        g_auto(look_ptr) look = read_good(values[i].what, values[i].text);
        float rgb[3];
        memcpy(rgb, values[i].in, sizeof rgb);
        apply(look, rgb, 1);
        for (int c = 0; c < 3; c++) {
            g_test_message("%.9g, aim %.9g", rgb[c], values[i].out[c]);
            g_assert_cmpfloat(wrong(rgb[c], values[i].out[c]), <, TOLERANCE);
        }
    }
}

/* binary16, IEEE 754 */
static double half_of(int bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    const double size =
        exponent ? ldexp(1 + fraction / 1024.0, exponent - 15) : ldexp(fraction / 1024.0, -14);
    return bits & 0x8000 ? -size : size;
}

static double at_half_raw(double x)
{
    return x < 0 ? 0.25 : sqrt(x);
}

static guint16 to_half(double x) /* of 0 to 65504, rounded to nearest */
{
    int best = 0;
    for (int step = 0x4000; step; step >>= 1)
        if (best + step <= 0x7bff && half_of(best + step) <= x)
            best += step;
    if (best < 0x7bff && half_of(best + 1) - x < x - half_of(best))
        best++;
    return (guint16)best;
}

/* All of a half domain: points that are no numbers are passed over, the rest come out, and what is
 * between two halves lies between their points. */
static void every_half_float_has_its_point(void)
{
    g_autoptr(GString) text = g_string_new(
        "<ProcessList id='h' compCLFversion='3.0'><LUT1D inBitDepth='16f' outBitDepth='16f' "
        "halfDomain='true' rawHalfs='true'><Array dim='65536 1'>\n");
    for (int bits = 0; bits < 65536; bits++)
        if ((bits & 0x7c00) == 0x7c00)
            g_string_append(text, "31744\n");
        else
            g_string_append_printf(text, "%d\n", to_half(at_half_raw(half_of(bits))));
    g_string_append(text, "</Array></LUT1D></ProcessList>");
    g_auto(look_ptr) look = read_good("halves", text->str);
    g_autofree float *rgb = g_new0(float, 3 * 65536);
    for (int bits = 0; bits < 65536; bits++)
        rgb[bits] = (bits & 0x7c00) == 0x7c00 ? 0 : (float)half_of(bits);
    rgb[65536] = 1 + 1 / 2048.0f; /* between the halves of 1 and 1 + 1/1024 */
    rgb[65537] = 3e-8f;           /* about halfway to the smallest half */
    rgb[65538] = 70000;
    apply(look, rgb, 65536);
    for (int bits = 0; bits < 65536; bits++)
        if ((bits & 0x7c00) != 0x7c00 && bits != 0x8000)
            g_assert_cmpfloat(wrong(rgb[bits], half_of(to_half(at_half_raw(half_of(bits))))), <,
                              TOLERANCE);
    const double between = (half_of(to_half(1)) + half_of(to_half(sqrt(1 + 1 / 1024.0)))) / 2;
    g_assert_cmpfloat(wrong(rgb[65536], between), <, TOLERANCE);
    g_assert_cmpfloat(rgb[65537], >, 0);
    g_assert_cmpfloat(rgb[65537], <, ldexp(1, -12));
    g_assert_cmpfloat(wrong(rgb[65538], half_of(to_half(sqrt(65504)))), <, TOLERANCE);
}

static void check_all_halves(const char *what, const char *text, double (*aim)(double x),
                             double most)
{
    g_auto(look_ptr) look = read_good(what, text);
    g_autofree float *rgb = g_new0(float, 3 * 65536);
    for (int bits = 0; bits < 65536; bits++)
        rgb[bits] = (bits & 0x7c00) == 0x7c00 ? 1 : (float)half_of(bits);
    apply(look, rgb, 65536);
    for (int bits = 0; bits < 65536; bits++) {
        const double x = (bits & 0x7c00) == 0x7c00 ? 1 : half_of(bits);
        if (fabs(x) <= most)
            g_assert_cmpfloat(wrong(rgb[bits], aim(x)), <, TOLERANCE);
    }
}

static double aim_log2(double x)
{
    return log2(fmax(x, 1.175494e-38));
}

static double aim_acescct(double x) /* S-2016-001 */
{
    return x <= 0.0078125 ? 10.5402377416545 * x + 0.0729055341958355 : (log2(x) + 9.72) / 17.52;
}

static double aim_acescct_back(double y)
{
    return y <= 0.155251141552511 ? (y - 0.0729055341958355) / 10.5402377416545
                                  : exp2(y * 17.52 - 9.72);
}

static double aim_mirrored(double x)
{
    return copysign(pow(fabs(x), 0.4), x);
}

static double aim_srgb(double y) /* the unrounded constants that CLF solves for */
{
    const double at = 0.055 / 1.4, slope = pow(0.055 * 2.4 / (1.4 * 1.055), 2.4) / at;
    return y >= at * slope ? 1.055 * pow(y, 1 / 2.4) - 0.055 : y / slope;
}

/* The image of the implementation guide holds all of them; an anti-logarithm ends at 1e9. */
static void formulas_hold_for_every_half_float(void)
{
    check_all_halves("log2", LIST(LOG("log2", "")), aim_log2, 65504);
    check_all_halves("ACEScct", LIST(LOG("cameraLinToLog", ACESCCT)), aim_acescct, 65504);
    check_all_halves("from ACEScct", LIST(LOG("cameraLogToLin", ACESCCT)), aim_acescct_back, 2);
    check_all_halves("mirrored", LIST(EXPONENT("basicMirrorFwd", "exponent='0.4'")), aim_mirrored,
                     65504);
    check_all_halves("sRGB", LIST(EXPONENT("monCurveRev", "exponent='2.4' offset='0.055'")),
                     aim_srgb, 65504);
}

static void keeps_what_the_file_says(void)
{
    g_auto(look_ptr) look =
        read_good("title", "<ProcessList id='x' compCLFversion='3'><Description>Day\n  for &amp; "
                           "night</Description><Description>more</Description>"
                           "<InputDescriptor>LogC3</InputDescriptor><OutputDescriptor>Rec.709"
                           "</OutputDescriptor>" OP("LUT3D", "", CUBE) "</ProcessList>");
    g_assert_cmpstr(look->title, ==, "Day for & night: LogC3 to Rec.709");
    g_assert_cmpuint(strlen(look->hash), ==, HASH_TEXT_SIZE - 1);
}

static void warns_of_what_is_done_otherwise(void)
{
    static const struct {
        const char *text;
        unsigned warnings;
    } cases[] = {
        {LIST(OP("LUT3D", "interpolation='tetrahedral'", CUBE)), 0},
        {LIST(OP("LUT3D", "interpolation='trilinear'", CUBE)), 1},
        {LIST(OP("LUT3D", "", CUBE)), 1},
        {LIST(LOG("log10", "<LogParams base='2' logSideSlope='5'/>")), 1},
        {LIST(LOG("antiLog2", "<LogParams base='2'/>")), 1},
        {LIST(LOG("linToLog", "<LogParams base='10'/>")), 0},
        {LIST(OP("ASC_CDL", "bypass='true'", "")), 1},
        {LIST(OP("ASC_CDL", "", "<DynamicParameter/>")), 1},
        {"<ProcessList>" OP("ASC_CDL", "", "") "</ProcessList>", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(diag_ptr) diag = diag_create();
        g_auto(look_ptr) look = read_text(cases[i].text, diag);
        g_assert_nonnull(look);
        g_assert_cmpuint(diag_warnings(diag), ==, cases[i].warnings);
    }
}

static void reads_the_same_in_a_locale_with_commas(void)
{
    if (!setlocale(LC_ALL, "de_DE.UTF-8")) {
        g_test_skip("no de_DE.UTF-8 on this machine");
        return;
    }
    operations_are_those_of_the_specification();
    setlocale(LC_ALL, "C");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/clf/operations", operations_are_those_of_the_specification);
    g_test_add_func("/color/clf/half_domain", every_half_float_has_its_point);
    g_test_add_func("/color/clf/all_halves", formulas_hold_for_every_half_float);
    g_test_add_func("/color/clf/content", keeps_what_the_file_says);
    g_test_add_func("/color/clf/warned", warns_of_what_is_done_otherwise);
    g_test_add_func("/color/clf/locale", reads_the_same_in_a_locale_with_commas);
    return g_test_run();
}
