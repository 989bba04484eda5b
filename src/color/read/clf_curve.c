/* SPDX-License-Identifier: GPL-3.0-or-later
 * The operations of CLF that are formulas: Exponent and Log. */
#include "clf.h"
#include "half.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define LOG_LEAST 1.175494e-38 /* FLT_MIN, as the specification writes it */
#define NEARLY 1e-6            /* what keeps an exponent of 1 and an offset of 0 from dividing */
#define EXPONENT_LEAST 0.01
#define EXPONENT_MOST 100

static int channel_of(const char *name)
{
    const char *const found = name && strlen(name) == 1 ? strchr("RGB", *name) : NULL;
    return found ? (int)(found - strchr("RGB", 'R')) : -1;
}

static bool take_number(struct clf *clf, const struct xml *node, const struct clf_number *number,
                        double *out)
{
    const char *const text = xml_attribute(node, number->key);
    char *end = NULL;
    const double value = text ? g_ascii_strtod(text, &end) : 0;
    if (text && (end == text || *end || !isfinite(value) || fabs(value) > 1e9)) {
        xml_error(&clf->scan, node->tag, "a decimal number, such as 0.25 or 1e-3",
                  "%s can't be \"%s\"", number->key, text);
        return false;
    }
    if (!text && number->required)
        xml_error(&clf->scan, node->tag, NULL, "%s has no %s, which this style needs", node->name,
                  number->key);
    if (text)
        *out = value;
    return text || !number->required;
}

static bool is_known(const char *key, const struct clf_number *numbers)
{
    for (; numbers->key; numbers++)
        if (strcmp(key, numbers->key) == 0)
            return true;
    return strcmp(key, "channel") == 0;
}

static bool take_element(struct clf *clf, const struct xml *node, const struct clf_number *numbers,
                         double out[CLF_NUMBERS_MAX])
{
    for (guint i = 0; node->keys[i]; i++)
        if (!is_known(node->keys[i], numbers)) {
            xml_error(&clf->scan, node->tag, NULL, "this style has no %s", node->keys[i]);
            return false;
        }
    bool good = true;
    for (int i = 0; numbers[i].key; i++)
        good = take_number(clf, node, &numbers[i], &out[i]) && good;
    return good;
}

/* Into the channels it is for, which are marked; false, reported. */
static bool take_channels(struct clf *clf, const struct xml *node, const double *values,
                          double out[3][CLF_NUMBERS_MAX], bool seen[3])
{
    const char *const name = xml_attribute(node, "channel");
    const int only = channel_of(name);
    if (name && only < 0) {
        xml_error(&clf->scan, node->tag, "allowed: R, G, B", "channel can't be \"%s\"", name);
        return false;
    }
    for (int c = name ? only : 0; c <= (name ? only : 2); c++) {
        if (seen[c]) {
            xml_error(&clf->scan, node->tag, "once for all channels, or once for each",
                      "%s stands twice for a channel", node->name);
            return false;
        }
        seen[c] = true;
        memcpy(out[c], values, sizeof out[c]);
    }
    return true;
}

bool clf_parameters(struct clf *clf, const struct xml *node, const char *name,
                    const struct clf_number *numbers, double out[3][CLF_NUMBERS_MAX])
{
    bool seen[3] = {false};
    double defaults[CLF_NUMBERS_MAX];
    memcpy(defaults, out[0], sizeof defaults);
    for (guint i = 0; i < node->children->len; i++) {
        const struct xml *child = node->children->pdata[i];
        if (strcmp(child->name, name) != 0)
            continue;
        double values[CLF_NUMBERS_MAX];
        memcpy(values, defaults, sizeof values);
        if (!take_element(clf, child, numbers, values) ||
            !take_channels(clf, child, values, out, seen))
            return false;
    }
    return seen[0] || seen[1] || seen[2] || clf_need(clf, node, name);
}

static void add_functions(struct look *look, const struct look_function functions[3])
{
    look_add(look, &(struct look_stage){.kind = LOOK_FUNCTIONS,
                                        .functions = {functions[0], functions[1], functions[2]}});
}

static double mirrored_power(const double *p, double x)
{
    return copysign(pow(fabs(x), p[0]), x);
}

/* p: exponent, offset, break of the linear side, slope, mirrored. */
static double curve_forward(const double *p, double x)
{
    const double m = p[4] != 0 ? fabs(x) : x;
    const double y = m >= p[2] ? pow((m + p[1]) / (1 + p[1]), p[0]) : m * p[3];
    return p[4] != 0 ? copysign(y, x) : y;
}

static double curve_back(const double *p, double y)
{
    const double m = p[4] != 0 ? fabs(y) : y;
    const double x = m >= p[2] * p[3] ? (1 + p[1]) * pow(m, 1 / p[0]) - p[1] : m / p[3];
    return p[4] != 0 ? copysign(x, y) : x;
}

static struct look_function curve(double exponent, double offset, bool back, bool mirrored)
{
    const double g = fmax(exponent, 1 + NEARLY), k = fmax(offset, NEARLY);
    const double at = k / (g - 1), slope = pow(k * g / ((g - 1) * (1 + k)), g) / at;
    const double corner = back ? at * slope : at;
    return (struct look_function){.at = back ? curve_back : curve_forward,
                                  .p = {g, k, at, slope, mirrored},
                                  .corner = {corner, mirrored ? -corner : 0}};
}

/* What is steeper at 0 than any cubic is taken at every half float. */
static bool is_steep(const struct look_function *f, bool back)
{
    return back && f->corner[0] < 0x1p-14;
}

static void add_curves(struct clf *clf, double p[3][CLF_NUMBERS_MAX], bool back, bool mirrored)
{
    struct look_function functions[3];
    bool steep = false;
    for (int c = 0; c < 3; c++) {
        functions[c] = curve(p[c][0], p[c][1], back, mirrored);
        steep = steep || is_steep(&functions[c], back);
    }
    if (steep)
        look_add_by_halves(clf->look, functions);
    else
        add_functions(clf->look, functions);
}

static void add_mirrored(struct clf *clf, double p[3][CLF_NUMBERS_MAX])
{
    struct look_function functions[3];
    bool steep = false;
    for (int c = 0; c < 3; c++) {
        functions[c] = (struct look_function){.at = mirrored_power, .p = {p[c][0]}};
        steep = steep || p[c][0] < 1;
    }
    if (steep)
        look_add_by_halves(clf->look, functions);
    else
        add_functions(clf->look, functions);
}

/* The power of a CDL, past which negative values go unchanged. */
static void add_power(struct clf *clf, double p[3][CLF_NUMBERS_MAX], bool clamps)
{
    struct cdl cdl = cdl_neutral();
    cdl.clamp = CDL_CLAMP_NONE;
    for (int c = 0; c < 3; c++)
        cdl.power[c] = p[c][0];
    if (clamps)
        look_add(clf->look, &(struct look_stage){.kind = LOOK_CLAMP, .clamp = {0, FLT_MAX}});
    look_add_cdl(clf->look, &cdl);
}

static bool check_exponents(struct clf *clf, const struct xml *node, double p[3][CLF_NUMBERS_MAX],
                            bool is_curve)
{
    const double least = is_curve ? 1 : EXPONENT_LEAST, most = is_curve ? 10 : EXPONENT_MOST;
    for (int c = 0; c < 3; c++)
        if (p[c][0] < least || p[c][0] > most || p[c][1] < 0 || p[c][1] > 0.9) {
            g_autofree char *hint = g_strdup_printf("exponent %g to %g%s", least, most,
                                                    is_curve ? ", offset 0 to 0.9" : "");
            xml_error(&clf->scan, node->tag, hint, "a number of the Exponent is out of its range");
            return false;
        }
    return true;
}

void clf_exponent(struct clf *clf, const struct xml *node)
{
    enum { BASIC, MIRROR, PASS, CURVE, CURVE_MIRROR };
    static const char *const styles[] = {"basicFwd",
                                         "basicRev",
                                         "basicMirrorFwd",
                                         "basicMirrorRev",
                                         "basicPassThruFwd",
                                         "basicPassThruRev",
                                         "monCurveFwd",
                                         "monCurveRev",
                                         "monCurveMirrorFwd",
                                         "monCurveMirrorRev",
                                         NULL};
    static const struct clf_number basic[] = {{"exponent", true}, {0}},
                                   with_offset[] = {{"exponent", true}, {"offset", true}, {0}};
    double p[3][CLF_NUMBERS_MAX] = {{1}, {1}, {1}};
    const int choice = clf_choice(clf, node, "style", styles, -2), style = choice / 2;
    const bool back = choice % 2, is_curve = style >= CURVE;
    if (choice == -2)
        xml_error(&clf->scan, node->tag, "such as style=\"basicFwd\"", "Exponent has no style");
    if (choice < 0 ||
        !clf_parameters(clf, node, "ExponentParams", is_curve ? with_offset : basic, p) ||
        !check_exponents(clf, node, p, is_curve))
        return;
    for (int c = 0; c < 3 && back && !is_curve; c++)
        p[c][0] = 1 / p[c][0];
    if (is_curve)
        add_curves(clf, p, back, style == CURVE_MIRROR);
    else if (style == MIRROR)
        add_mirrored(clf, p);
    else
        add_power(clf, p, style == BASIC);
}

enum { LOG_SLOPE, LOG_OFFSET, LIN_SLOPE, LIN_OFFSET, BASE, BREAK, LINEAR_SLOPE, LINEAR_OFFSET };

static double log_of(const double *p, double x)
{
    return log(fmax(x, LOG_LEAST));
}

static double log_to_lin(const double *p, double y)
{
    return (pow(p[BASE], (y - p[LOG_OFFSET]) / p[LOG_SLOPE]) - p[LIN_OFFSET]) / p[LIN_SLOPE];
}

static double lin_to_log(const double *p, double x)
{
    const double inner = fmax(p[LIN_SLOPE] * x + p[LIN_OFFSET], LOG_LEAST);
    return p[LOG_SLOPE] * log(inner) / log(p[BASE]) + p[LOG_OFFSET];
}

static double camera_lin_to_log(const double *p, double x)
{
    return x <= p[BREAK] ? p[LINEAR_SLOPE] * x + p[LINEAR_OFFSET] : lin_to_log(p, x);
}

static double camera_log_to_lin(const double *p, double y)
{
    const double at = p[LINEAR_SLOPE] * p[BREAK] + p[LINEAR_OFFSET];
    return y <= at ? (y - p[LINEAR_OFFSET]) / p[LINEAR_SLOPE] : log_to_lin(p, y);
}

static void add_scaled(struct clf *clf, double p[3][CLF_NUMBERS_MAX], int slope, int offset,
                       bool by_base)
{
    struct look_matrix matrix = {0};
    for (int c = 0; c < 3; c++) {
        matrix.factor[c][c] = p[c][slope] / (by_base ? log(p[c][BASE]) : 1);
        matrix.offset[c] = p[c][offset];
    }
    look_add_matrix(clf->look, &matrix);
}

/* A logarithm has no bottom: it is taken at every half float of what it is of. */
static void add_lin_to_log(struct clf *clf, double p[3][CLF_NUMBERS_MAX])
{
    const struct look_function logarithm = {.at = log_of};
    add_scaled(clf, p, LIN_SLOPE, LIN_OFFSET, false);
    look_add_by_halves(clf->look, (const struct look_function[]){logarithm, logarithm, logarithm});
    add_scaled(clf, p, LOG_SLOPE, LOG_OFFSET, true);
}

static void add_logs(struct clf *clf, double p[3][CLF_NUMBERS_MAX],
                     double (*at)(const double *p, double x), bool is_camera, bool to_lin)
{
    struct look_function functions[3];
    for (int c = 0; c < 3; c++) {
        functions[c] = (struct look_function){.at = at};
        memcpy(functions[c].p, p[c], sizeof p[c]);
        if (is_camera)
            functions[c].corner[0] =
                to_lin ? p[c][LINEAR_SLOPE] * p[c][BREAK] + p[c][LINEAR_OFFSET] : p[c][BREAK];
    }
    add_functions(clf->look, functions);
}

static bool check_log(struct clf *clf, const struct xml *node, const double *p, bool is_camera)
{
    const double inner = p[LIN_SLOPE] * p[BREAK] + p[LIN_OFFSET];
    const bool good = p[BASE] > 0 && p[BASE] != 1 && p[LOG_SLOPE] != 0 && p[LIN_SLOPE] != 0;
    if (!good)
        xml_error(&clf->scan, node->tag, "base above 0 and not 1, slopes other than 0",
                  "the numbers of the Log give no curve");
    else if (is_camera && inner <= 0)
        xml_error(&clf->scan, node->tag, "linSideSlope x linSideBreak + linSideOffset above 0",
                  "linSideBreak lies where there is no logarithm");
    return good && (!is_camera || inner > 0);
}

/* Of the linear side, as the specification solves for it; NaN is a slope that wasn't given. */
static void solve_linear(double *p)
{
    const double inner = p[LIN_SLOPE] * p[BREAK] + p[LIN_OFFSET];
    if (isnan(p[LINEAR_SLOPE]))
        p[LINEAR_SLOPE] = p[LOG_SLOPE] * p[LIN_SLOPE] / (inner * log(p[BASE]));
    p[LINEAR_OFFSET] = lin_to_log(p, p[BREAK]) - p[LINEAR_SLOPE] * p[BREAK];
}

static bool take_log(struct clf *clf, const struct xml *node, bool is_camera,
                     double p[3][CLF_NUMBERS_MAX])
{
    static const struct clf_number plain[] = {{"logSideSlope", false}, {"logSideOffset", false},
                                              {"linSideSlope", false}, {"linSideOffset", false},
                                              {"base", false},         {0}},
                                   camera[] = {{"logSideSlope", false}, {"logSideOffset", false},
                                               {"linSideSlope", false}, {"linSideOffset", false},
                                               {"base", false},         {"linSideBreak", true},
                                               {"linearSlope", false},  {0}};
    if (!clf_parameters(clf, node, "LogParams", is_camera ? camera : plain, p))
        return false;
    for (int c = 0; c < 3; c++) {
        if (!check_log(clf, node, p[c], is_camera))
            return false;
        if (is_camera)
            solve_linear(p[c]);
        if (is_camera && p[c][LINEAR_SLOPE] == 0) {
            xml_error(&clf->scan, node->tag, "other than 0", "linearSlope can't be 0");
            return false;
        }
    }
    return true;
}

static void warn_of_parameters(struct clf *clf, const struct xml *node)
{
    const struct xml *params = xml_child(node, "LogParams");
    if (params)
        xml_warning(&clf->scan, params->tag, "of linToLog and logToLin they are taken",
                    "a Log of style %s has no parameters: these are ignored",
                    xml_attribute(node, "style"));
}

void clf_log(struct clf *clf, const struct xml *node)
{
    enum { LOG10, ANTI10, LOG2, ANTI2, LIN_LOG, LOG_LIN, CAMERA_LIN_LOG, CAMERA_LOG_LIN };
    static const char *const styles[] = {"log10",          "antiLog10",      "log2",
                                         "antiLog2",       "linToLog",       "logToLin",
                                         "cameraLinToLog", "cameraLogToLin", NULL};
    const int style = clf_choice(clf, node, "style", styles, -2);
    const double base = style == LOG10 || style == ANTI10 ? 10 : 2;
    double p[3][CLF_NUMBERS_MAX];
    for (int c = 0; c < 3; c++)
        memcpy(p[c], (const double[CLF_NUMBERS_MAX]){1, 0, 1, 0, base, 0, NAN, 0}, sizeof p[c]);
    if (style == -2)
        xml_error(&clf->scan, node->tag, "such as style=\"log10\"", "Log has no style");
    if (style >= 0 && style < LIN_LOG)
        warn_of_parameters(clf, node);
    if (style < 0 || (style >= LIN_LOG && !take_log(clf, node, style >= CAMERA_LIN_LOG, p)))
        return;
    if (style == CAMERA_LIN_LOG || style == CAMERA_LOG_LIN)
        add_logs(clf, p, style == CAMERA_LIN_LOG ? camera_lin_to_log : camera_log_to_lin, true,
                 style == CAMERA_LOG_LIN);
    else if (style == ANTI10 || style == ANTI2 || style == LOG_LIN)
        add_logs(clf, p, log_to_lin, false, true);
    else
        add_lin_to_log(clf, p);
}
