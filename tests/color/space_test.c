/* SPDX-License-Identifier: GPL-3.0-or-later
 * Colour spaces against the numbers of others: the makers' 18 % codes, OpenColorIO's tests of its
 * built-in transforms (tests/cpu/transforms/BuiltinTransform_tests.cpp, BSD-3-Clause: numbers
 * only), BT.2100 and BT.2408. */
#include "color/space.h"

#include "color/convert.h"
#include "color/grade.h"
#include "primaries.h"
#include "transfer.h"

#include <math.h>
#include <string.h>

static const struct space *named(const char *name)
{
    const struct space *space = space_find(name);
    g_assert_nonnull(space);
    return space;
}

static void near(double value, double expected, double tolerance)
{
    if (!(fabs(value - expected) <= tolerance))
        g_error("%.9f is not %.9f", value, expected);
}

static void grey_has_its_makers_code(void)
{
    const struct {
        const char *space;
        double code; /* of 18 % */
    } rows[] = {{"slog3", 0.410557},    {"slog3-cine", 0.410557}, {"logc3", 0.391007},
                {"logc4", 0.278396},    {"vlog", 0.423311},       {"clog2", 0.398255},
                {"clog3", 0.343389},    {"log3g10", 0.333333},    {"acescct", 0.413588},
                {"apple-log", 0.488272}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        near(space_encode(named(rows[i].space), 0.18), rows[i].code, 1e-6);
}

static void black_has_its_makers_code(void)
{
    near(space_encode(named("slog3"), 0), 95 / 1023.0, 1e-9);
    near(space_encode(named("logc3"), 0), 0.092809, 1e-6);
    near(space_encode(named("logc4"), 0), 95 / 1023.0, 1e-9);
    near(space_encode(named("vlog"), 0), 128 / 1023.0, 2e-4); /* as rounded to a 10-bit code */
    near(space_encode(named("log3g10"), -0.01), 0, 1e-9);
}

static void convert_pixel(const struct space *from, const struct space *to,
                          const struct convert_options *options, float rgb[3])
{
    g_auto(look_ptr) look = color_convert(from, to, options);
    g_auto(grade_ptr) grade = grade_create();
    grade_add(grade, look);
    grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
}

static const struct convert_options plain = {0};

static void cameras_come_to_aces(void)
{
    const struct {
        const char *space;
        double aces[3]; /* of code values 0.5, 0.4, 0.3 */
    } rows[] = {
        {"slog3", {0.342259707137, 0.172043362337, 0.057188031769}},
        {"slog3-cine", {0.314942672433, 0.170408017753, 0.046854940520}},
        {"logc3", {0.401621427766, 0.236455447604, 0.064830001192}},
        {"logc4", {1.786878082249, 0.743018593362, 0.232840037656}},
        {"vlog", {0.306918773245, 0.148128050597, 0.046334439047}},
        {"clog2", {0.408435767126, 0.197486903378, 0.034204558318}},
        {"clog3", {0.496034919950, 0.301015360499, 0.083691829261}},
        {"log3g10", {0.887988237100, 0.416932247547, -0.025442210717}},
        {"apple-log", {0.153334766, 0.083515430, 0.032948254}},
        {"acescct", {0.386397222658, 0.158557251811, 0.043152537925}},
        {"acescg", {0.453158317919, 0.394926024520, 0.299297344519}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const struct space *from = named(rows[i].space), *to = named("aces2065-1");
        const double code[3] = {0.5, 0.4, 0.3};
        const struct m3 m = primaries_convert(from->primaries, to->primaries);
        float rgb[3] = {0.5f, 0.4f, 0.3f};
        convert_pixel(from, to, &plain, rgb);
        for (int row = 0; row < 3; row++) {
            double light = 0;
            for (int c = 0; c < 3; c++)
                light += m.at[row][c] * space_decode(from, code[c]);
            near(light, rows[i].aces[row], 1e-6);
            near(rgb[row], rows[i].aces[row], 2e-6);
        }
    }
}

/* From XYZ whose white is D65, 1 of which is `unit` as the curve counts light. */
static void show(const char *name, double unit, const double xyz[3], double code[3])
{
    const struct space *space = named(name);
    const struct m3 m = primaries_from_xyz(space->primaries);
    for (int row = 0; row < 3; row++) {
        double light = 0;
        for (int c = 0; c < 3; c++)
            light += m.at[row][c] * xyz[c];
        code[row] = space_encode(space, light * unit);
    }
}

static void displays_show_xyz(void)
{
    const struct {
        const char *space;
        double unit, codes[6], tolerance; /* of XYZ 0.5 0.4 0.3, and another */
    } rows[] = {
        {"rec709",
         1,
         {0.937245093108, 0.586817090358, 0.573498106368, -0.940082660458, 0.505174310421,
          1.118456082347},
         1e-6},
        {"rec2020",
         1,
         {0.830338272693, 0.620393283803, 0.583385370254, -0.696883299726, 0.432629991358,
          1.069355537167},
         1e-6},
        {"srgb",
         1,
         {0.933793573229, 0.564092030327, 0.550040502218, -0.936787206783, 0.477958897494,
          1.124971166876},
         1e-6},
    };
    const double xyz[2][3] = {{0.5, 0.4, 0.3}, {-0.05, 0.05, 1.25}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int sample = 0; sample < 2; sample++) {
            double code[3];
            show(rows[i].space, rows[i].unit, xyz[sample], code);
            for (int c = 0; c < 3; c++)
                near(code[c], rows[i].codes[3 * sample + c], rows[i].tolerance);
        }
}

static void wide_displays_show_xyz(void)
{
    const struct {
        const char *space;
        double unit, codes[6]; /* of XYZ 0.5 0.4 0.3, and another */
    } rows[] = {
        {"pq",
         100,
         {0.464008302136, 0.398157119110, 0.384828370950, -0.454744577, 0.562376201, 0.328883916}},
        {"p3-pq",
         100,
         {0.479939091128, 0.392091860770, 0.384886051856, -0.532302439, 0.572011411, 0.307887018}},
    };
    const double xyz[2][3] = {{0.5, 0.4, 0.3}, {-0.1, 1.01, 0.2}};
    double code[3];
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        for (int sample = 0; sample < 2; sample++) {
            show(rows[i].space, rows[i].unit, xyz[sample], code);
            for (int c = 0; c < 3; c++)
                near(code[c], rows[i].codes[3 * sample + c], 1e-5);
        }
    show("display-p3", 1, xyz[0], code);
    near(code[0], 0.882580907776, 1e-6);
    near(code[1], 0.581526360743, 1e-6);
    near(code[2], 0.560636705000, 1e-6);
}

/* CIE-XYZ-D65_to_REC.2100-HLG-1000nit: OOTF and all, 1 of XYZ being 100 cd/m2. */
static void hlg_shows_xyz(void)
{
    const struct m3 m = primaries_from_xyz(&primaries_bt2020);
    const double xyz[3] = {0.5, 0.4, 0.3}, code[3] = {0.5649694, 0.4038837, 0.3751478};
    float rgb[3] = {0};
    for (int row = 0; row < 3; row++)
        for (int c = 0; c < 3; c++)
            rgb[row] += (float)(m.at[row][c] * xyz[c] * 100 / REFERENCE_NIT);
    const struct convert_options clip = {.tone_map = TONE_CLIP};
    convert_pixel(named("linear-rec2020"), named("hlg"), &clip, rgb);
    for (int c = 0; c < 3; c++)
        near(rgb[c], code[c], 6e-5);
}

static void dci_white_is_adapted(void)
{
    /* CIE-XYZ-D65_to_G2.6-P3-DCI-BFD, by way of P3 with D65 */
    const struct m3 xyz = primaries_from_xyz(&primaries_p3_d65),
                    dci = primaries_convert(&primaries_p3_d65, &primaries_p3_dci);
    const double in[3] = {0.5, 0.4, 0.3}, out[3] = {0.908856342287, 0.627840575107, 0.608053675805};
    double p3[3] = {0};
    for (int row = 0; row < 3; row++)
        for (int c = 0; c < 3; c++)
            p3[row] += xyz.at[row][c] * in[c];
    for (int row = 0; row < 3; row++) {
        double light = 0;
        for (int c = 0; c < 3; c++)
            light += dci.at[row][c] * p3[c];
        near(space_encode(named("dci-p3"), light), out[row], 1e-6);
    }
}

static void pq_and_hlg_have_their_points(void)
{
    const struct space *pq = named("pq"), *hlg = named("hlg");
    const struct {
        double nit;
        int code; /* 10 bits, limited range: ITU-R BT.2408, table 1 and annexes */
    } rows[] = {{0.1, 119},  {1, 195},    {100, 509},  {203, 573},
                {1000, 723}, {4000, 855}, {10000, 940}};
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
        g_assert_cmpint(lrint(64 + 876 * space_encode(pq, rows[i].nit)), ==, rows[i].code);
    near(space_decode(pq, 0.5), 92.2457089941, 1e-6);
    near(space_decode(pq, 0.4), 32.4479178538, 1e-6);
    near(space_decode(hlg, 0.5), 0.25 / 3, 1e-9); /* OpenColorIO counts 1/3 as 1 */
    near(space_decode(hlg, 0.9) * 3, 1.745512772886, 1e-5);
    near(space_decode(hlg, -0.7) * 3, -0.618367240391, 1e-5);
    near(space_decode(named("acescct"), 0.3), 0.045310838527, 1e-9);
    near(space_decode(named("clog3"), 0.3), 0.122823721131, 1e-6);
}

static void curves_rise_and_return(void)
{
    for (unsigned i = 0; i < spaces_count; i++) {
        const struct space *space = &spaces[i];
        double before = -INFINITY;
        for (int n = -64; n <= 1152; n++) {
            const double code = n / 1024.0, light = space_decode(space, code);
            g_assert_true(isfinite(light) && light >= before);
            before = light;
            const bool kept = space->curve != &curve_apple_log || code > 0;
            if (kept && (space->curve != &curve_pq || fabs(code) <= 1))
                near(space_encode(space, light), code, 1e-6);
        }
    }
}

static void pq_returns_in_a_grade(void)
{
    float there[3][128], back[3][128];
    g_auto(look_ptr) decode = color_convert(named("pq"), named("linear-rec2020"), &plain);
    g_auto(look_ptr) encode = color_convert(named("linear-rec2020"), named("pq"), &plain);
    g_auto(grade_ptr) decoding = grade_create();
    g_auto(grade_ptr) encoding = grade_create();
    grade_add(decoding, decode);
    grade_add(encoding, encode);
    for (int n = 0; n < 128; n++)
        there[0][n] = there[1][n] = there[2][n] = (float)n / 127;
    grade_apply(decoding, there[0], there[1], there[2], 128);
    memcpy(back, there, sizeof back);
    grade_apply(encoding, back[0], back[1], back[2], 128);
    for (int n = 0; n < 128; n++) {
        const double code = (float)n / 127, nit = pq_decode(code);
        near(there[0][n] * REFERENCE_NIT, nit, 1e-6 * fmax(1, nit));
        near(back[0][n], code, 1e-5);
    }
}

static void compiled_curves_are_the_curves(void)
{
    for (unsigned i = 0; i < spaces_count; i++) {
        const struct space *space = &spaces[i];
        g_auto(look_ptr) look = look_create(NULL, NULL, 0);
        if (!space->curve->decode.at)
            continue;
        look_add_function(look, &space->curve->decode);
        look_add_function(look, &space->curve->encode);
        g_auto(grade_ptr) grade = grade_create();
        grade_add(grade, look);
        for (int n = 1; n <= 1000; n++) {
            const float code = (float)n / 1000;
            float rgb[3] = {code, code, code};
            grade_apply(grade, &rgb[0], &rgb[1], &rgb[2], 1);
            near(rgb[0], code, 2e-6);
        }
    }
}

static void every_space_is_found_by_name_and_tags(void)
{
    g_assert_cmpstr(space_choices[0], ==, "tagged");
    for (unsigned i = 0; i < spaces_count; i++) {
        g_assert_true(space_find(spaces[i].name) == &spaces[i]);
        g_assert_cmpstr(space_choices[i + 1], ==, spaces[i].name);
    }
    g_assert_null(space_choices[spaces_count + 1]);
    g_assert_cmpstr(space_choices_as_is[0], ==, "as-is");
    g_assert_cmpstr(space_choices_as_is[spaces_count], ==, space_choices[spaces_count]);
    g_assert_null(space_find("rec.709"));
    g_assert_true(space_of_tags("bt709", "smpte170m") == named("rec709"));
    g_assert_true(space_of_tags("bt2020", "smpte2084") == named("pq"));
    g_assert_true(space_of_tags("bt2020", "bt2020-12") == named("rec2020"));
    g_assert_true(space_of_tags("bt470bg", "bt470bg") == named("rec601-625"));
    g_assert_true(space_of_tags("smpte432", "iec61966-2-1") == named("display-p3"));
    g_assert_null(space_of_tags("film", "bt709"));
    g_assert_true(space_of_tags("smpte432", "smpte2084") == named("p3-pq"));
}

/* ITU-R BT.601 has 525 and 625 lines, of which 480 or 486 and 576 are picture; SMPTE ST 296
 * begins high definition at 720. */
static void what_says_nothing_is_assumed(void)
{
    g_assert_true(space_assumed(NULL, NULL, NULL, 1280, 534) == named("rec709"));
    g_assert_true(space_assumed("unknown", "reserved", NULL, 960, 720) == named("rec709"));
    g_assert_true(space_assumed(NULL, NULL, NULL, 720, 576) == named("rec601-625"));
    g_assert_true(space_assumed(NULL, NULL, NULL, 720, 486) == named("rec601-525"));
    g_assert_true(space_of_profile("sRGB IEC61966-2.1") == named("srgb"));
    g_assert_true(space_of_profile("Display P3") == named("display-p3"));
    g_assert_null(space_of_profile("DCI P3"));
    g_assert_null(space_of_profile("Adobe RGB (1998)"));
    g_assert_true(space_of_profile("sRGB IEC61966-2.1 (Linear RGB Profile)") ==
                  named("linear-rec709"));
    g_assert_true(space_of_profile("sRGB-elle-V2-g10.icc") == named("linear-rec709"));
    g_assert_true(space_of_profile("GIMP built-in Linear sRGB") == named("linear-rec709"));
    g_assert_true(space_of_profile("RGB_D65_202_Rel_Lin") == named("linear-rec2020"));
    g_assert_null(space_of_profile("Linear ProPhoto"));
    g_assert_true(space_of_still(NULL, false, true) == named("linear-rec709"));
    g_assert_true(space_of_still(NULL, false, false) == named("srgb"));
    g_assert_true(space_of_still(named("srgb"), true, true) == named("srgb"));
    g_assert_null(space_of_still(named("linear-rec709"), true, false));
    g_assert_null(space_of_still(NULL, true, true));
}

/* The colorants of "sRGB IEC61966-2.1" (Hewlett-Packard, 1998) and of ACEScg in
 * "ACEScg-elle-V2-g10": AP1 adapted from its white to D50. */
static void colorants_of_profiles_are_those_of_spaces(void)
{
    static const double srgb[3][3] = {
        {0.43607, 0.38515, 0.14307}, {0.22249, 0.71687, 0.06061}, {0.01392, 0.09708, 0.71410}};
    static const double ap1[3][3] = {
        {0.68988, 0.14977, 0.12456}, {0.28450, 0.67169, 0.04380}, {-0.00604, 0.00999, 0.82095}};
    g_assert_true(space_of_colorants(srgb, false) == named("srgb"));
    g_assert_true(space_of_colorants(srgb, true) == named("linear-rec709"));
    g_assert_true(space_of_colorants(ap1, true) == named("acescg"));
    g_assert_null(space_of_colorants(ap1, false));
}

/* ITU-R BT.2100, table 1: PQ and HLG have the primaries of BT.2020. */
static void hdr_and_wide_gamut_are_no_rec709(void)
{
    g_assert_true(space_assumed(NULL, "smpte2084", NULL, 720, 576) == named("pq"));
    g_assert_true(space_assumed("unknown", "arib-std-b67", "bt709", 1920, 1080) == named("hlg"));
    g_assert_true(space_assumed("bt2020", NULL, NULL, 1920, 1080) == named("rec2020"));
    g_assert_true(space_assumed(NULL, NULL, "bt2020nc", 1920, 1080) == named("rec2020"));
    g_assert_true(space_of_tags("unknown", "smpte2084") == named("pq"));
    g_assert_true(space_of_tags("film", "arib-std-b67") == named("hlg"));
    g_assert_true(space_of_tags("bt709", "smpte2084") == named("pq"));
}

static void only_displays_and_linear_light_have_tags(void)
{
    static const char *const without[] = {"slog3", "logc4", "apple-log", "acescct", "acescg"};
    static const char *const with[] = {"rec709", "pq", "hlg", "linear-rec2020", "dci-p3"};
    for (unsigned i = 0; i < sizeof with / sizeof *with; i++) {
        g_assert_true(space_has_tags(named(with[i])));
        g_assert_false(space_has_tags(named(without[i])));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/color/space/grey", grey_has_its_makers_code);
    g_test_add_func("/color/space/black", black_has_its_makers_code);
    g_test_add_func("/color/space/aces", cameras_come_to_aces);
    g_test_add_func("/color/space/displays", displays_show_xyz);
    g_test_add_func("/color/space/wide-displays", wide_displays_show_xyz);
    g_test_add_func("/color/space/hlg", hlg_shows_xyz);
    g_test_add_func("/color/space/dci", dci_white_is_adapted);
    g_test_add_func("/color/space/points", pq_and_hlg_have_their_points);
    g_test_add_func("/color/space/curves", curves_rise_and_return);
    g_test_add_func("/color/space/pq-grade", pq_returns_in_a_grade);
    g_test_add_func("/color/space/compiled", compiled_curves_are_the_curves);
    g_test_add_func("/color/space/names", every_space_is_found_by_name_and_tags);
    g_test_add_func("/color/space/assumed", what_says_nothing_is_assumed);
    g_test_add_func("/color/space/bt2100", hdr_and_wide_gamut_are_no_rec709);
    g_test_add_func("/color/space/colorants", colorants_of_profiles_are_those_of_spaces);
    g_test_add_func("/color/space/tagged", only_displays_and_linear_light_have_tags);
    return g_test_run();
}
